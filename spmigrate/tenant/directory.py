"""The directory: accounts of staff and guests, sponsors, and sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spmigrate.tenant.session import Tenant

_KINDS = {"Guest": True, "Member": False}


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. `upn` is in lower case; `created` is a day as ISO text."""

    id: str
    upn: str
    mail: str
    guest: bool
    enabled: bool
    created: str | None
    invitation: str | None

    @property
    def external(self) -> bool:
        """Whether the person signs in with an account of another organisation."""
        return self.guest or "#ext#" in self.upn

    @property
    def domain(self) -> str | None:
        """The domain of the address; from the `#EXT#` name, split at its last underscore, when there is no mail."""
        if self.mail:
            return self.mail.rpartition("@")[2].lower()
        name, marker, _ = self.upn.partition("#ext#")
        return name.rpartition("_")[2] if marker and "_" in name else None


def list_accounts(tenant: Tenant) -> list[Account]:
    """Every account, guests included. Needs Graph `User.Read.All`."""
    select = "id,userPrincipalName,mail,userType,accountEnabled,createdDateTime,externalUserState"
    return [read_account(user) for user in tenant.graph_pages(f"/v1.0/users?$select={select}&$top=999")]


def list_sponsors(tenant: Tenant) -> dict[str, tuple[str, ...]]:
    """The ids of each person's sponsors, by the person's id; somebody without an answer is left out.

    Everybody is asked for, because people from outside may be members. Needs Graph `User.Read.All`.
    """
    # $expand cuts a relation at 20; a guest with more sponsors than that has enough of them.
    people = tenant.graph_pages("/v1.0/users?$select=id&$expand=sponsors($select=id)&$top=999")
    return {each["id"]: tuple(sponsor["id"] for sponsor in each["sponsors"]) for each in people if "sponsors" in each}


def list_sign_ins(tenant: Tenant) -> dict[str, str | None]:
    """The day of each person's last sign-in, by the person's id; None when there was none.

    Needs Graph `AuditLog.Read.All` and Entra ID P1 in the tenant; Graph gives at most 500 a page then.
    """
    people = tenant.graph_pages("/v1.0/users?$select=id,signInActivity&$top=500")
    return {each["id"]: _last(each.get("signInActivity") or {}) for each in people}


def read_account(user: dict[str, Any]) -> Account:
    """A user of Graph's as an account. Raises LookupError and ValueError when what decides is left out."""
    return Account(
        id=str(user["id"]),
        upn=str(user["userPrincipalName"]).lower(),
        mail=str(user.get("mail") or ""),
        guest=_guest(user),
        enabled=_told(user, "accountEnabled"),
        created=_day(user.get("createdDateTime")),
        invitation=user.get("externalUserState"),
    )


def _guest(user: dict[str, Any]) -> bool:
    """Whether the account is a guest's. Raises ValueError when the answer does not say: then nobody can be passed."""
    kind = user.get("userType")
    if kind not in _KINDS:
        raise ValueError(f"userType is {kind!r}")
    return _KINDS[kind]


def _told(user: dict[str, Any], name: str) -> bool:
    """A yes or no that the answer must have: Graph leaves out what the app may not see. Raises ValueError."""
    if not isinstance(user.get(name), bool):
        raise ValueError(f"no {name}")
    return bool(user[name])


def _last(activity: dict[str, Any]) -> str | None:
    """The later of the interactive and the other sign-ins."""
    names = ("lastSignInDateTime", "lastNonInteractiveSignInDateTime")
    return max((day for day in (_day(activity.get(name)) for name in names) if day), default=None)


def _day(moment: str | None) -> str | None:
    return datetime.fromisoformat(moment).date().isoformat() if moment else None
