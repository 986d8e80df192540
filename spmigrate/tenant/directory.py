"""The directory: accounts of staff and guests, sponsors, and sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spmigrate.tenant.session import Tenant

_GUESTS = "$filter=userType eq 'Guest'"


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
    return [_account(user) for user in tenant.graph_pages(f"/v1.0/users?$select={select}&$top=999")]


def list_sponsors(tenant: Tenant) -> dict[str, tuple[str, ...]]:
    """The ids of each guest's sponsors, by the guest's id; a guest without an answer is left out.

    Needs Graph `User.Read.All`.
    """
    # $expand cuts a relation at 20; a guest with more sponsors than that has enough of them.
    guests = tenant.graph_pages(f"/v1.0/users?{_GUESTS}&$select=id&$expand=sponsors($select=id)&$top=999")
    return {
        guest["id"]: tuple(sponsor["id"] for sponsor in guest["sponsors"]) for guest in guests if "sponsors" in guest
    }


def list_sign_ins(tenant: Tenant) -> dict[str, str | None]:
    """The day of each guest's last sign-in, by the guest's id; None when there was none.

    Needs Graph `AuditLog.Read.All` and Entra ID P1 in the tenant; Graph gives at most 500 a page then.
    """
    guests = tenant.graph_pages(f"/v1.0/users?{_GUESTS}&$select=id,signInActivity&$top=500")
    return {guest["id"]: _last(guest.get("signInActivity") or {}) for guest in guests}


def _account(user: dict[str, Any]) -> Account:
    return Account(
        id=str(user["id"]),
        upn=str(user["userPrincipalName"]).lower(),
        mail=str(user.get("mail") or ""),
        guest=user.get("userType") == "Guest",
        enabled=_told(user, "accountEnabled"),
        created=_day(user.get("createdDateTime")),
        invitation=user.get("externalUserState"),
    )


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
