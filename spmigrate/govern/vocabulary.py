"""Every fact that a rule may ask about: name, kind, meaning, subject, source and the permission it needs.

This table is the only place where facts are declared. Rules are checked against it when they are loaded, collectors
are tested against it, and the README of governance_rules lists it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal, get_args


class Subject(StrEnum):
    """What a rule can be about."""

    TENANT = "tenant"
    SITE = "site"
    LIBRARY = "library"
    GUEST = "guest"
    PARTNER = "partner"
    WAIVER = "waiver"


class Kind(StrEnum):
    """The type of a fact: decides which comparisons make sense."""

    YES_NO = "yes or no"
    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    LEVEL = "level"
    DAY = "day"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class FactType:
    """A declared fact. `words` are the values of a word, or of a level from least to most permissive."""

    subject: Subject
    name: str
    kind: Kind
    meaning: str
    source: str
    permission: str
    words: tuple[str, ...] = ()


SHARING_LEVELS = ("only people in the council", "existing guests", "new and existing guests", "anyone")
"""From least to most permissive. SharePoint's numbers for them are 0, 3, 1, 2: never compare the numbers."""

Marking = Literal[
    "OFFICIAL",
    "OFFICIAL-SENSITIVE",
    "OFFICIAL-SENSITIVE COMMERCIAL",
    "OFFICIAL-SENSITIVE LEGAL",
    "OFFICIAL-SENSITIVE PERSONAL",
]
SiteKind = Literal["directorate", "function", "team", "partnership", "programme", "other"]

MARKINGS: tuple[str, ...] = get_args(Marking)
SITE_KINDS: tuple[str, ...] = get_args(SiteKind)
LINK_KINDS = ("not set", "specific people", "people in the council", "anyone")
INVITERS = ("nobody", "administrators and guest inviters", "members", "everyone")
GUEST_RIGHTS = ("most restricted", "limited", "same as members", "unrecognised")
ACCESS = ("blocked", "limited", "open")
LOCKS = ("unlocked", "no additions", "read only", "no access")
PARTNER_STATES = ("proposed", "assessing", "pilot", "live", "suspended", "ended")
CATEGORIES = ("pilot", "standard", "complex", "not permitted")
ASSESSMENT_STATES = ("not needed", "draft", "submitted", "approved", "rejected")

_SITES = "SharePoint Sites.FullControl.All"
_POLICY = "Graph Policy.Read.All"
_USERS = "Graph User.Read.All"
_SIGN_INS = "Graph AuditLog.Read.All with Entra ID P1"
_NONE = "none: a register in governance_rules"


def _tenant(name: str, kind: Kind, meaning: str, source: str, words: tuple[str, ...] = ()) -> FactType:
    permission = _POLICY if source.startswith("policies/") else _SITES
    return FactType(Subject.TENANT, name, kind, meaning, source, permission, words)


def _site(name: str, kind: Kind, meaning: str, source: str, words: tuple[str, ...] = ()) -> FactType:
    permission = _NONE if source.endswith(".yaml") else _SITES
    if "Graph users" in source:
        permission = f"{_SITES}, {_USERS}"
    return FactType(Subject.SITE, name, kind, meaning, source, permission, words)


def _guest(
    name: str, kind: Kind, meaning: str, source: str, words: tuple[str, ...] = (), permission: str = _USERS
) -> FactType:
    return FactType(Subject.GUEST, name, kind, meaning, source, permission, words)


def _partner(
    name: str, kind: Kind, meaning: str, source: str = "partners.yaml", words: tuple[str, ...] = ()
) -> FactType:
    permission = {"partners.yaml": _NONE, "Graph users": _USERS}.get(source, _POLICY)
    if source.startswith("Graph users"):
        permission = _USERS
    return FactType(Subject.PARTNER, name, kind, meaning, source, permission, words)


_TENANT_FACTS = (
    _tenant("sharing", Kind.LEVEL, "the widest sharing that any site may have", "SPO.Tenant SharingCapability",
            SHARING_LEVELS),
    _tenant("guests can reshare", Kind.YES_NO, "guests may share what they do not own",
            "SPO.Tenant PreventExternalUsersFromResharing"),
    _tenant("default link", Kind.WORD, "whom a new sharing link is for, unless its maker chooses",
            "SPO.Tenant DefaultSharingLinkType", LINK_KINDS),
    _tenant("anyone links expire after days", Kind.NUMBER, "life of a link for anyone; none when it has no end",
            "SPO.Tenant RequireAnonymousLinksExpireInDays"),
    _tenant("old sign-in allowed", Kind.YES_NO, "programs may sign in by protocols without multi-factor checks",
            "SPO.Tenant LegacyAuthProtocolsEnabled"),
    _tenant("who may invite guests", Kind.WORD, "the widest circle of people who may invite a guest",
            "policies/authorizationPolicy allowInvitesFrom", INVITERS),
    _tenant("directory rights of guests", Kind.WORD, "how much of the directory a guest may read",
            "policies/authorizationPolicy guestUserRoleId", GUEST_RIGHTS),
    _tenant("direct connect by default", Kind.WORD, "shared channels with organisations that have no settings of "
            "their own, the wider of inbound and outbound", "policies/crossTenantAccessPolicy/default", ACCESS),
    _tenant("trust given by default", Kind.LIST, "claims of any other tenant that are believed: mfa, compliant "
            "device, hybrid joined device", "policies/crossTenantAccessPolicy/default inboundTrust"),
)  # fmt: skip

_SITE_FACTS = (
    _site("title", Kind.TEXT, "the name that people see", "SPO.Tenant/sites Title"),
    _site("sharing", Kind.LEVEL, "whom this site lets in from outside", "SPO.Tenant/sites SharingCapability",
          SHARING_LEVELS),
    _site("lock", Kind.WORD, "whether content can be added, changed and read", "SPO.Tenant/sites LockState", LOCKS),
    _site("custom script allowed", Kind.YES_NO, "owners may run their own script on pages",
          "SPO.Tenant/sites DenyAddAndCustomizePages"),
    _site("working owners", Kind.NUMBER, "enabled people of the council in the owners group or owning its group",
          "web/associatedownergroup and Graph users"),
    _site("unfit owners", Kind.LIST, "guests, service accounts and migration accounts among the owners",
          "web/associatedownergroup and Graph users"),
    _site("everyone able to change", Kind.LIST, "claims that mean all staff or everyone, able to change content of the "
          "site; what single libraries, folders and files grant is not looked at",
          "web/roleassignments, web/sitegroups, web/siteusers"),
    _site("everyone able to read", Kind.LIST, "the same claims, able to read the site and not to change it",
          "web/roleassignments, web/sitegroups"),
    _site("on the register", Kind.YES_NO, "the register of sites has an entry for its address", "sites.yaml"),
    _site("kind", Kind.WORD, "what sort of site it is", "sites.yaml", SITE_KINDS),
    _site("marking", Kind.WORD, "the highest marking that it may hold", "sites.yaml", MARKINGS),
    _site("review by", Kind.DAY, "when its owner next confirms that it is needed", "sites.yaml"),
    _site("DPIA reference", Kind.TEXT, "the data protection impact assessment that covers it", "sites.yaml"),
)  # fmt: skip

_LIBRARY_FACTS = (
    FactType(Subject.LIBRARY, "versioning", Kind.YES_NO, "earlier versions of files are kept",
             "web/lists EnableVersioning", _SITES),
    FactType(Subject.LIBRARY, "versions kept", Kind.NUMBER, "how many major versions are kept at most",
             "web/lists MajorVersionLimit", _SITES),
)  # fmt: skip

_GUEST_FACTS = (
    _guest("enabled", Kind.YES_NO, "the guest's account can sign in", "Graph users accountEnabled"),
    _guest("domain", Kind.TEXT, "the domain of the guest's address", "Graph users mail, userPrincipalName"),
    _guest("invitation", Kind.WORD, "whether the invitation was taken up", "Graph users externalUserState",
           ("pending", "accepted")),
    _guest("invited on", Kind.DAY, "when the guest was invited", "Graph users createdDateTime"),
    _guest("last sign-in", Kind.DAY, "the last sign-in of any kind; the invitation when there was none",
           "Graph users signInActivity", permission=f"{_USERS}, {_SIGN_INS}"),
    _guest("working sponsors", Kind.NUMBER, "enabled people of the council who answer for the guest",
           "Graph users sponsors"),
    _guest("partner", Kind.TEXT, "the partner that the domain belongs to", "partners.yaml"),
    _guest("partner state", Kind.WORD, "where that partner stands; none when no partner has the domain",
           "partners.yaml", PARTNER_STATES),
    _guest("guests permitted", Kind.YES_NO, "the register permits guests of that partner", "partners.yaml"),
)  # fmt: skip

_CONFIGURED = "policies/crossTenantAccessPolicy/partners"
_PARTNER_FACTS = (
    _partner("name", Kind.TEXT, "the partner's name; its tenant id when it is not on the register"),
    _partner("on the register", Kind.YES_NO, "the register of partners has an entry for it"),
    _partner("state", Kind.WORD, "where the partnership stands", words=PARTNER_STATES),
    _partner("category", Kind.WORD, "how much assurance it needs", words=CATEGORIES),
    _partner("agreement expires", Kind.DAY, "the last day of the information sharing agreement"),
    _partner("review by", Kind.DAY, "when the partnership is next reviewed"),
    _partner("risk assessment", Kind.WORD, "where its risk assessment stands", words=ASSESSMENT_STATES),
    _partner("risk assessment expires", Kind.DAY, "the last day of the risk assessment"),
    _partner("owner in post", Kind.YES_NO, "who answers for it here is on the register of people and enabled",
             "Graph users of people.yaml"),
    _partner("direct connect inbound agreed", Kind.WORD, "how far the register permits the partner's people to use our "
             "shared channels", words=ACCESS),
    _partner("direct connect outbound agreed", Kind.WORD, "how far the register permits our people to use the "
             "partner's shared channels", words=ACCESS),
    _partner("needs settings", Kind.YES_NO, "the register asks for settings of its own in the tenant"),
    _partner("configured", Kind.YES_NO, "the tenant has settings for it", _CONFIGURED),
    _partner("direct connect inbound", Kind.WORD, "the partner's people in our shared channels, defaults resolved",
             _CONFIGURED, ACCESS),
    _partner("direct connect outbound", Kind.WORD, "our people in the partner's shared channels, defaults resolved",
             _CONFIGURED, ACCESS),
    _partner("trust beyond agreement", Kind.LIST, "claims of its tenant that are believed and not agreed", _CONFIGURED),
    _partner("trust missing", Kind.LIST, "agreed claims of its tenant that are not believed", _CONFIGURED),
    _partner("guests here", Kind.NUMBER, "guests of its domains in the tenant", "Graph users"),
)  # fmt: skip

_WAIVER_FACTS = (
    FactType(Subject.WAIVER, "rule", Kind.TEXT, "the rule that is waived", "waivers.yaml", _NONE),
    FactType(Subject.WAIVER, "owner", Kind.TEXT, "who asked for the waiver", "waivers.yaml", _NONE),
    FactType(Subject.WAIVER, "expires", Kind.DAY, "the last day of the waiver", "waivers.yaml", _NONE),
    FactType(Subject.WAIVER, "looked for", Kind.YES_NO, "this check looks at the kind of thing that its rule is about",
             "waivers.yaml", _NONE),
    FactType(Subject.WAIVER, "subjects not found", Kind.LIST, "the subjects that it names and that nothing is called",
             "waivers.yaml", _NONE),
)  # fmt: skip

FACTS = _TENANT_FACTS + _SITE_FACTS + _LIBRARY_FACTS + _GUEST_FACTS + _PARTNER_FACTS + _WAIVER_FACTS
"""Every declared fact, grouped by subject."""


@cache
def known_about(subject: Subject) -> dict[str, FactType]:
    """The facts of one kind of subject, by name."""
    return {fact.name: fact for fact in FACTS if fact.subject is subject}
