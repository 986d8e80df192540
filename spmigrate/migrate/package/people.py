"""People of a package: each one once, by a number that the manifest uses.

Source: "XML manifest files", user identifiers: a user who comes twice fails the package, a login is a claim with the
user principal name, a SystemId a SID in base64 or a PUID.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spmigrate.migrate.package.xml import DECLARATION, attributes
from spmigrate.migrate.stamp import Principal, Stamp

_PERSON = "i:0#.f|membership|"
_GROUP = "c:0t.c|tenant|"
_PUID = re.compile(r"[0-9A-Fa-f]{16}")
_SID = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


@dataclass(slots=True)
class People:
    """Numbers of people, given in the order in which they are met."""

    _known: dict[str, tuple[int, Principal]] = field(default_factory=dict)

    @classmethod
    def of(cls, stamps: Iterable[Stamp]) -> "People":
        """Everybody whom stamps name."""
        people = cls()
        for stamp in stamps:
            for each in (stamp.author, stamp.editor, *(granted.principal for granted in stamp.grants or ())):
                if each is not None:
                    people.number(each)
        return people

    def number(self, principal: Principal) -> int:
        """The number of somebody, a new one for who was not met yet."""
        key = principal.login.casefold()
        if key not in self._known:
            self._known[key] = (len(self._known) + 1, principal)
        return self._known[key][0]

    def known(self, principal: Principal | None) -> str | None:
        """The number as an attribute; None for nobody."""
        return None if principal is None else str(self.number(principal))

    def document(self) -> str:
        """`UserGroup.xml`."""
        users = "".join(_user(number, each) for number, each in self._known.values())
        return (
            f'{DECLARATION}<UserGroupMap xmlns="urn:deployment-usergroupmap-schema">'
            f"<Users>{users}</Users><Groups /></UserGroupMap>"
        )


def claim(principal: Principal) -> str:
    """Somebody's login as the service knows it."""
    if "|" in principal.login:
        return principal.login
    return (_GROUP if principal.group else _PERSON) + principal.login


def _user(number: int, principal: Principal) -> str:
    system_id = principal.system_id
    if not (_PUID.fullmatch(system_id) or (_SID.fullmatch(system_id) and "-" not in system_id)):
        system_id = ""  # anything else, a GUID above all, fails the package as a whole
    given = attributes(
        Id=str(number), Name=principal.name or principal.login, Login=claim(principal), Email=principal.email,
        IsDomainGroup="true" if principal.group else "false", IsSiteAdmin="false", SystemId=system_id,
        IsDeleted="true" if principal.former else "false", Flags="0",
    )  # fmt: skip
    return f"<User{given} />"
