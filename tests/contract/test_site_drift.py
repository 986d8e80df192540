"""Whatever somebody changes on an applied site, attribute by attribute, is found and named with who owns it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from spmigrate.provision.drift import Drift, drifts
from spmigrate.provision.ownership import OWNERSHIP, Ownership, compared
from spmigrate.provision.provisioning import plan_sites
from spmigrate.provision.resolve import DesiredSite
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.permission_levels import mask_of
from tests.contract.by_hand import (
    Change,
    Hand,
    first_content_type,
    flags,
    for_everybody,
    move_first,
    no_administrators,
    no_member_of_group,
    of_admin,
    of_channel,
    of_chrome,
    of_column,
    of_graph,
    of_hub,
    of_list,
    of_node,
    of_view,
    one_joiner_less,
    other_footer,
    other_hub,
    other_library_label,
    other_parent,
    other_site_label,
    other_terms,
    other_theme,
    page,
    query,
    sets,
    trims,
    zone,
)
from tests.contract.full_sites import KINDS, SEED, add_themes, write_full_sites
from tests.contract.site_samples import apply_all
from tests.rehearsal_fixtures import RunningTenant

OWNED, SEEDED = Ownership.OWNED, Ownership.SEEDED
Row = tuple[str, Kind, str, str, Change, Ownership]
"""Site, kind, key, attribute (empty: the part is missing), how somebody changes it, and who owns it."""

_DATE = "<Geq><FieldRef Name='CouncilReviewDate'/><Value Type='DateTime'><Today/></Value></Geq>"
_GROUPED = "<GroupBy Collapse='TRUE' GroupLimit='30'><FieldRef Name='CouncilStatus'/></GroupBy>"
_SORTED = "<OrderBy><FieldRef Name='{}' Ascending='{}'/></OrderBy>"
_ACCESS = "web/AssociatedMemberGroup"
_PAPERS = "CasePapers"
_FEATURE = "b50e3104-6812-424f-a011-cc90e6327318"
_FIELD = "fields/getbyinternalnameortitle('{}')"

ROWS: list[Row] = [
    ("t", Kind.SITE, "", "title", sets("web", Title="Ours"), OWNED),
    ("t", Kind.SITE, "", "description", sets("web", Description="Ours"), SEEDED),
    ("t", Kind.REGION, "", "week starts", sets("web/RegionalSettings", FirstDayOfWeek=0), OWNED),
    ("t", Kind.REGION, "", "24-hour clock", sets("web/RegionalSettings", Time24=False), OWNED),
    ("d2", Kind.REGION, "", "dates and numbers", sets("web/RegionalSettings", LocaleId=1033), OWNED),
    ("g", Kind.REGION, "", "time zone", zone, OWNED),
    ("g", Kind.GROUP, "", "privacy", of_graph("groups/{group}", visibility="Public"), OWNED),
    ("t", Kind.FEATURE, "document id service", "",
     lambda hand: hand.post(f"site/features/remove(featureId=guid'{_FEATURE}',force=true)"), OWNED),
    ("t", Kind.PERMISSION_LEVEL, "file and read", "description",
     sets("web/roledefinitions/getbyname('File and read')", Description="x"), OWNED),
    ("t", Kind.PERMISSION_LEVEL, "file and read", "allows",
     sets("web/roledefinitions/getbyname('File and read')", BasePermissions=mask_of(["Open", "View Items"])), OWNED),
    ("t", Kind.SITE_GROUP, "filing", "description",
     sets("web/sitegroups/getbyname('Filing')", Description="Theirs"), OWNED),
    ("t", Kind.SITE_GROUP, "filing", "level", lambda hand: hand.level("web", "Filing", "File and read", "Read"), OWNED),
    *(("t", Kind.PERSON, f"{role}/{who}", "", lambda hand, path=path, word=word: hand.leave(path, word), OWNED)
      for role, who, path, word in (
          ("Owners", "service.desk@contoso.onmicrosoft.com", "web/AssociatedOwnerGroup", "service.desk"),
          ("Members", "engineer@contoso.onmicrosoft.com", "web/AssociatedMemberGroup", "engineer"),
          ("Visitors", "group:all staff", "web/AssociatedVisitorGroup", "All staff"),
          ("Filing", "records.manager@contoso.onmicrosoft.com", "web/sitegroups/getbyname('Filing')", "records"),
      )),
    ("d2", Kind.PERSON, "Administrators/service.desk@contoso.onmicrosoft.com", "", no_administrators, OWNED),
    ("g", Kind.PERSON, "Members/engineer@contoso.onmicrosoft.com", "", no_member_of_group, OWNED),
    ("t", Kind.ACCESS, "", "members can share", sets("web", MembersCanShare=True), OWNED),
    ("t", Kind.ACCESS, "", "members can invite", sets(_ACCESS, AllowMembersEditMembership=True), OWNED),
    ("t", Kind.ACCESS, "", "requests go to",
     lambda hand: hand.post("web/SetUseAccessRequestDefaultAndUpdate", {"useAccessRequestDefault": False}), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "title", of_column("CouncilReference", Title="Ref"), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "description", of_column("CouncilReference", Description="x"), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "required", of_column("CouncilReference", Required=True), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "unique", of_column("CouncilReference", EnforceUniqueValues=False), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "indexed", of_column("CouncilReference", Indexed=False), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "default", of_column("CouncilReference", DefaultValue="x"), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "formatting", of_column("CouncilReference", CustomFormatter="{}"), OWNED),
    ("t", Kind.COLUMN, "CouncilReference", "group", of_column("CouncilReference", Group="Theirs"), SEEDED),
    ("t", Kind.COLUMN, "CouncilStatus", "choices",
     of_column("CouncilStatus", "SP.FieldChoice",
               Choices={"__metadata": {"type": "Collection(Edm.String)"}, "results": ["Open", "Lost"]}), OWNED),
    ("t", Kind.COLUMN, "CouncilDepartment", "term set", other_terms, OWNED),
    ("t", Kind.CONTENT_TYPE, "council document", "description",
     lambda hand: hand.typed(hand.content_type("Council document"), "SP.ContentType", Description="x"), OWNED),
    ("t", Kind.CONTENT_TYPE, "council document", "document template",
     lambda hand: hand.typed(hand.content_type("Council document"), "SP.ContentType", DocumentTemplate=""), OWNED),
    ("t", Kind.CONTENT_TYPE, "council document", "group",
     lambda hand: hand.typed(hand.content_type("Council document"), "SP.ContentType", Group="Theirs"), SEEDED),
    ("t", Kind.CONTENT_TYPE, "council document", "required columns",
     flags("Council document", "CouncilStatus", "Required", False), OWNED),
    ("t", Kind.CONTENT_TYPE, "case file", "hidden columns",
     flags("Case file", "CouncilReviewDate", "Hidden", False), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "title", of_list(_PAPERS, Title="Papers"), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "description", of_list(_PAPERS, Description="x"), SEEDED),
    ("t", Kind.LIBRARY, "casepapers", "versions kept", of_list(_PAPERS, MajorVersionLimit=500), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "draft versions kept", of_list(_PAPERS, MajorWithMinorVersionsLimit=9), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "drafts seen by", of_list(_PAPERS, DraftVersionVisibility=0), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "approval", of_list(_PAPERS, EnableModeration=True), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "check-out", of_list(_PAPERS, ForceCheckout=True), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "folders", of_list(_PAPERS, EnableFolderCreation=False), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "searchable", of_list(_PAPERS, NoCrawl=True), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "default content type", first_content_type, OWNED),
    ("t", Kind.LIBRARY, "casepapers", "columns",
     lambda hand: hand.drop(f"{hand.library(_PAPERS)}/{_FIELD.format('CouncilDecision')}"), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "retention label", other_library_label, OWNED),
    ("t", Kind.LIBRARY, "casepapers", "sensitivity label",
     of_list(_PAPERS, DefaultSensitivityLabelForLibrary=""), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "automatic versions", trims(_PAPERS, 2, 0), OWNED),
    ("t", Kind.LIBRARY, "plans", "versions expire after", trims("Plans", 1, 30), OWNED),
    ("t", Kind.LIBRARY, "plans", "columns shown",
     lambda hand: hand.post(f"{hand.library('Plans')}/DefaultView/ViewFields/RemoveViewField('CouncilStatus')"), OWNED),
    ("t", Kind.LIBRARY, "plans", "content types",
     lambda hand: hand.drop(hand.content_type("Council document", hand.library("Plans"))), OWNED),
    ("t", Kind.LIST, "lists/decisions", "title", of_list("Lists/Decisions", Title="Rulings"), OWNED),
    ("t", Kind.LIST, "lists/decisions", "description", of_list("Lists/Decisions", Description="x"), SEEDED),
    ("t", Kind.LIST, "lists/decisions", "versions kept", of_list("Lists/Decisions", EnableVersioning=False), OWNED),
    ("t", Kind.LIST, "lists/decisions", "approval", of_list("Lists/Decisions", EnableModeration=True), OWNED),
    ("t", Kind.LIST, "lists/decisions", "folders", of_list("Lists/Decisions", EnableFolderCreation=True), OWNED),
    ("t", Kind.LIST, "lists/decisions", "searchable", of_list("Lists/Decisions", NoCrawl=False), OWNED),
    ("t", Kind.LIST, "lists/decisions", "columns shown",
     lambda hand: hand.post(f"{hand.library('Lists/Decisions')}/DefaultView/ViewFields/RemoveAllViewFields"), OWNED),
    ("t", Kind.LIST, "lists/decisions", "columns",
     lambda hand: hand.drop(f"{hand.library('Lists/Decisions')}/{_FIELD.format('CouncilReviewDate')}"), OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "columns shown",
     lambda hand: hand.post(f"{hand.view(_PAPERS, 'To review')}/ViewFields/RemoveViewField('CouncilReviewDate')"),
     OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "filter",
     query(_GROUPED + _SORTED.format("CouncilReviewDate", "FALSE") + f"<Where>{_DATE}</Where>"), OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "descending",
     query(_GROUPED + _SORTED.format("CouncilReviewDate", "TRUE") + f"<Where>{_DATE}</Where>"), OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "sort by",
     query(_GROUPED + _SORTED.format("Modified", "TRUE") + f"<Where>{_DATE}</Where>"), OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "group by",
     query(_SORTED.format("Modified", "TRUE") + f"<Where>{_DATE}</Where>"), OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "rows", of_view("To review", RowLimit=10), OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "formatting", of_view("To review", CustomFormatter="{}"), OWNED),
    ("t", Kind.VIEW, "casepapers/to review", "is default", of_view("All Documents", DefaultView=True), OWNED),
    ("t", Kind.DEFAULT_VALUE, "casepapers/CouncilStatus", "value",
     lambda hand: hand.set(f"{hand.library(_PAPERS)}/{_FIELD.format('CouncilStatus')}", DefaultValue="Open"), OWNED),
    ("t", Kind.FOLDER, "casepapers/2026/minutes", "",
     lambda hand: hand.post(
         f"web/GetFolderByServerRelativePath(DecodedUrl='{hand.address}/{_PAPERS}/2026/Minutes')/recycle()"), OWNED),
    ("t", Kind.FILE, "plans/forms to fill/crest.png", "",
     lambda hand: hand.post(
         f"web/GetFileByServerRelativePath(DecodedUrl='{hand.address}/Plans/Forms to fill/crest.png')/recycle()"),
     SEEDED),
    ("t", Kind.ACCESS_RIGHT, "casepapers/Filing", "level",
     lambda hand: hand.level(hand.library(_PAPERS), "Filing", "File and read", "Full Control"), OWNED),
    ("t", Kind.LIBRARY, "casepapers", "own permissions",
     lambda hand: hand.post(f"{hand.library(_PAPERS)}/resetroleinheritance()"), OWNED),
    ("t", Kind.LINK, "quick launch/help/rota", "address",
     lambda hand: hand.set(f"web/navigation/GetNodeById({hand.node('quicklaunch', 'Rota')})", Url="/sites/x"), OWNED),
    ("t", Kind.LINK, "quick launch//case papers", "",
     lambda hand: hand.drop(f"web/navigation/GetNodeById({hand.node('quicklaunch', 'Case papers')})"), OWNED),
    ("d2", Kind.LINK, "hub navigation//start", "place", move_first, OWNED),
    ("d2", Kind.LINK, "footer//help", "address", other_footer, OWNED),
    ("t", Kind.HUB_MEMBERSHIP, "", "hub", other_hub, OWNED),
    ("t", Kind.SHARING, "", "external sharing", of_admin(SharingCapability=2), OWNED),
    ("t", Kind.SHARING, "", "default link", of_admin(DefaultSharingLinkType=2), OWNED),
    ("t", Kind.SHARING, "", "default link permission", of_admin(DefaultLinkPermission=2), OWNED),
    ("t", Kind.SHARING, "", "links to people expire after",
     of_admin(ExternalUserExpirationInDays=400), OWNED),
    ("t", Kind.SHARING, "", "anyone links expire after", of_admin(AnonymousLinkExpirationInDays=7), OWNED),
    ("t", Kind.STORAGE, "", "limit", of_admin(StorageMaximumLevel=90 * 1024), OWNED),
    ("t", Kind.STORAGE, "", "warning", of_admin(StorageWarningLevel=20 * 1024), OWNED),
    ("d2", Kind.PAGE, "about-us.aspx", "title", page(Title="Who we are"), OWNED),
    ("d2", Kind.PAGE, "about-us.aspx", "content", page(CanvasContent1="[]"), OWNED),
    ("d2", Kind.PAGE, "about-us.aspx", "for", for_everybody, OWNED),
    ("d2", Kind.PAGE, "about-us.aspx", "is home page",
     sets("web/RootFolder", WelcomePage="SitePages/Home.aspx"), OWNED),
    ("d2", Kind.LOOK, "", "theme", other_theme, OWNED),
    ("d2", Kind.LOOK, "", "logo",
     lambda hand: hand.post("siteiconmanager/setsitelogo", {"relativeLogoUrl": "", "type": 0, "aspect": 1}), OWNED),
    ("d2", Kind.LOOK, "", "header", of_chrome(headerLayout=4), OWNED),
    ("d2", Kind.LOOK, "", "header emphasis", of_chrome(headerEmphasis=3), OWNED),
    ("d2", Kind.LOOK, "", "footer", of_chrome(footerEnabled=False), OWNED),
    ("d2", Kind.LOOK, "", "mega menu", of_chrome(megaMenuEnabled=False), OWNED),
    ("d2", Kind.LOOK, "", "quick launch shown", sets("web", QuickLaunchEnabled=True), OWNED),
    ("d2", Kind.LOOK, "", "comments on pages", sets("web", CommentsOnSitePagesDisabled=False), OWNED),
    ("d2", Kind.LINK, "hub navigation//rota", "for", of_node("topnavigationbar", "Rota", AudienceIds=[]), OWNED),
    ("d2", Kind.SHARING, "", "restrict access to", of_admin(RestrictedAccessControl=False), OWNED),
    ("d2", Kind.SHARING, "", "unmanaged devices", of_admin(ConditionalAccessPolicy=0), OWNED),
    ("d2", Kind.REGION, "", "other languages", sets("web", IsMultilingual=False), OWNED),
    ("d2", Kind.HUB, "", "title", of_hub(Title="Ours"), OWNED),
    ("d2", Kind.HUB, "", "description", of_hub(Description="Ours"), OWNED),
    ("d2", Kind.HUB, "", "logo", of_hub(LogoUrl="/sites/x/crest.png"), OWNED),
    ("d2", Kind.HUB, "", "approval", of_hub(RequiresJoinApproval=True), OWNED),
    ("d2", Kind.HUB, "", "who may join", one_joiner_less, OWNED),
    ("d2", Kind.HUB, "", "parent", other_parent, OWNED),
    ("d2", Kind.LABEL, "", "label", other_site_label, OWNED),
    ("g", Kind.TEAM, "", "name", of_graph("teams/{group}", displayName="Ours"), OWNED),
    ("g", Kind.CHANNEL, "board", "description", of_channel("PATCH", "Board", description="Ours"), SEEDED),
    ("g", Kind.CHANNEL, "inner", "", of_channel("DELETE", "Inner"), OWNED),
    ("t", Kind.LOCK, "", "state", of_admin(LockState="NoAdditions"), OWNED),
]  # fmt: skip

_CANNOT = {
    (Kind.SITE, "owner"): "who SharePoint was told when the site was made",
    (Kind.COLUMN, "looks up"): "SharePoint keeps what a lookup column looks up",
    (Kind.COLUMN, "shows"): "SharePoint keeps what a lookup column shows",
    (Kind.CONTENT_TYPE, "columns"): "tested where copies of content types are: test_sites_stopped",
    (Kind.SITE_GROUP, "title"): "a group is known by its title: another one is a missing group",
    (Kind.VIEW, "title"): "a view is known by its title: another one is a missing view",
}
"""What needs no row, and why."""


@dataclass(frozen=True)
class Watched:
    """Sites that were applied, by the letter of their address, and what was found on each when last looked at."""

    tenant: Tenant
    ledger: Ledger
    sites: Mapping[str, DesiredSite]
    found: dict[str, set[tuple[str, str, Ownership]]]

    def look(self, word: str) -> set[tuple[str, str, Ownership]]:
        """What is new: the part, the attribute, who owns it."""
        site = self.sites[word]
        plan = plan_sites(self.tenant, [site], watch=lambda _: None, ledger=self.ledger, check=False).plan
        now = {(each.subject, named(each), each.owner) for each in drifts(plan) if each.counts or each.owner is SEEDED}
        before, self.found[word] = self.found.get(word, set()), now
        return now - before


@pytest.fixture(scope="module")
def watched(
    shared_tenant: Tenant, rehearsal_server: RunningTenant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """The sites as their templates say."""
    folder = tmp_path_factory.mktemp("drift")
    rehearsal_server.seed(SEED)
    add_themes(shared_tenant)
    desired = write_full_sites(folder / "sites", "drifts")
    with Ledger(folder / "ledger.db") as ledger:
        steps = apply_all(shared_tenant, ledger, desired)
        assert [(step.change.subject, step.trouble) for step in steps if step.trouble] == []
        words = {site.address.removeprefix("/sites/").replace("-drifts", ""): site for site in desired}
        yield Watched(shared_tenant, ledger, words, {})


def named(drift: Drift) -> str:
    word, _, rest = drift.text.partition(" is ")
    return (word if rest else "") if drift.owner is SEEDED else drift.attribute


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]} {row[2]} {row[3]}".rstrip())
def test_what_somebody_changed_is_found_and_named(watched: Watched, row: Row) -> None:
    word, kind, key, attribute, change, owner = row
    site = watched.sites[word]
    change(Hand(watched.tenant, site.address))
    assert (site.contents.parts[kind, key].subject, attribute, owner) in watched.look(word)


def test_every_attribute_that_can_change_has_a_row(watched: Watched) -> None:
    tested = {(kind, attribute) for _, kind, _, attribute, _, _ in ROWS}
    said = {
        (part.kind, name)
        for site in watched.sites.values()
        for part in site.contents.parts.values()
        for name in compared(part)
        if OWNERSHIP.get((part.kind, name)) is not Ownership.FIXED
    }
    assert said - tested - _CANNOT.keys() == set()
    assert {kind for kind, _ in said | tested} == KINDS
