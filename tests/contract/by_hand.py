"""Changes that somebody makes to a site by plain requests, as browsers and other people's scripts send them.

None of this is what writes sites here, but for requests that only the client object model takes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from spmigrate.tenant import csom, site_script
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.hubs import hub_addresses

_NO_HUB = "00000000-0000-0000-0000-000000000000"
_VERBOSE = {"Accept": "application/json;odata=verbose", "Content-Type": "application/json;odata=verbose"}
_MERGE = {"X-HTTP-Method": "MERGE", "If-Match": "*"}


@dataclass(frozen=True)
class Hand:
    """Somebody who changes one site, by requests."""

    tenant: Tenant
    address: str

    def ask(self, path: str) -> Any:
        return self.tenant.rest("GET", f"{self.address}/_api/{path}")

    def post(self, path: str, body: object = None) -> Any:
        return self.tenant.rest("POST", f"{self.address}/_api/{path}", body)

    def set(self, path: str, **properties: object) -> None:
        self.tenant.rest("MERGE", f"{self.address}/_api/{path}", properties)

    def typed(self, path: str, kind: str, **properties: object) -> None:
        body = {"__metadata": {"type": kind}, **properties}
        headers = {**_VERBOSE, **_MERGE}
        self.tenant.rest("POST", f"{self.address}/_api/{path}", json.dumps(body).encode(), headers=headers)

    def drop(self, path: str) -> None:
        self.tenant.rest("DELETE", f"{self.address}/_api/{path}", headers={"If-Match": "*"})

    def admin(self, **properties: object) -> None:
        url = f"{self.tenant.settings.admin}/_api/SPO.Tenant/sites('{self.site_id}')"
        self.tenant.rest("MERGE", url, properties)

    def library(self, path: str) -> str:
        return f"web/GetList('{self.address}/{path}')"

    def view(self, path: str, title: str) -> str:
        return f"{self.library(path)}/views/getbytitle('{title}')"

    def content_type(self, name: str, of: str = "web") -> str:
        found = self.ask(f"{of}/contenttypes?$select=Name,StringId")["value"]
        (number,) = [each["StringId"] for each in found if each["Name"] == name]
        return f"{of}/contenttypes('{number}')"

    def node(self, menu: str, title: str) -> int:
        nodes = self.ask(f"web/navigation/{menu}?$select=Id,Title,Children&$expand=Children")["value"]
        every = [*nodes, *(child for node in nodes for child in node["Children"])]
        return int(next(node["Id"] for node in every if node["Title"] == title))

    def principal(self, title: str) -> int:
        return int(self.ask(f"web/sitegroups/getbyname('{title}')?$select=Id")["Id"])

    def level(self, holder: str, title: str, before: str, after: str) -> None:
        """Give a group another level."""
        ids = {each["Name"]: each["Id"] for each in self.ask("web/roledefinitions?$select=Id,Name")["value"]}
        call = f"principalid={self.principal(title)},roledefid="
        self.post(f"{holder}/roleassignments/addroleassignment({call}{ids[after]})")
        self.post(f"{holder}/roleassignments/removeroleassignment({call}{ids[before]})")

    def leave(self, group: str, word: str) -> None:
        """Take the one whose login holds a word out of a group."""
        users = self.ask(f"{group}/users?$select=Id,LoginName,Title")["value"]
        (user,) = [each["Id"] for each in users if word in f"{each['LoginName']} {each['Title']}"]
        self.post(f"{group}/users/removebyid({user})")

    def run(self, request: bytes) -> None:
        csom.run(self.tenant, f"{self.tenant.settings.sharepoint}{self.address}", request)

    @property
    def ids(self) -> csom.WebIds:
        return csom.WebIds(self.site_id, self.ask("web?$select=Id")["Id"])

    @property
    def site_id(self) -> str:
        return str(self.ask("site?$select=Id")["Id"])

    @property
    def group(self) -> str:
        return str(self.ask("site?$select=GroupId")["GroupId"])


Change = Callable[[Hand], object]


def sets(path: str, **properties: object) -> Change:
    return lambda hand: hand.set(path, **properties)


def of_list(path: str, **properties: object) -> Change:
    return lambda hand: hand.set(hand.library(path), **properties)


def of_view(title: str, **properties: object) -> Change:
    return lambda hand: hand.set(hand.view("CasePapers", title), **properties)


def of_column(name: str, kind: str = "SP.Field", **properties: object) -> Change:
    return lambda hand: hand.typed(f"web/fields/getbyinternalnameortitle('{name}')", kind, **properties)


def of_chrome(**properties: object) -> Change:
    return lambda hand: hand.post("web/SetChromeOptions", properties)


def of_hub(**properties: csom.Setting) -> Change:
    return lambda hand: csom.run(hand.tenant, hand.tenant.settings.admin, csom.set_hub(hand.site_id, properties))


def of_admin(**properties: object) -> Change:
    return lambda hand: hand.admin(**properties)


def of_graph(path: str, method: str = "PATCH", **properties: object) -> Change:
    return lambda hand: hand.tenant.graph(method, f"/v1.0/{path.format(group=hand.group)}", properties or None)


def of_channel(method: str, name: str, **properties: object) -> Change:
    def change(hand: Hand) -> None:
        path = f"/v1.0/teams/{hand.group}/channels"
        (channel,) = [each["id"] for each in hand.tenant.graph_pages(path) if each["displayName"] == name]
        hand.tenant.graph(method, f"{path}/{channel}", properties or None)

    return change


def zone(hand: Hand) -> None:
    action = {"verb": "setRegionalSettings", "timeZone": 13, "locale": 2057, "hourFormat": "24"}
    site_script.run(hand.tenant, f"{hand.tenant.settings.sharepoint}{hand.address}", action)


def query(text: str) -> Change:
    """Another query for the view; the rest of it as it was."""
    return of_view("To review", ViewQuery=text)


def flags(content_type: str, column: str, flag: str, value: bool) -> Change:
    def change(hand: Hand) -> None:
        number = hand.content_type(content_type).split("'")[1]
        field = hand.ask(f"web/fields/getbyinternalnameortitle('{column}')?$select=Id")["Id"]
        hand.run(csom.flag_columns(hand.ids, number, {str(field): {flag: value}}))

    return change


def trims(path: str, mode: int, days: int) -> Change:
    """Let a library keep versions by another rule: 0 by number, 1 for days, 2 as SharePoint chooses."""

    def change(hand: Hand) -> None:
        number = hand.ask(f"{hand.library(path)}?$select=Id")["Id"]
        hand.run(csom.limit_versions(hand.ids, number, mode=mode, days=days))

    return change


def first_content_type(hand: Hand) -> None:
    library = hand.library("CasePapers")
    number = hand.content_type("Council document", library).split("'")[-2]
    order = [{"__metadata": {"type": "SP.ContentTypeId"}, "StringValue": number}]
    results = {"__metadata": {"type": "Collection(SP.ContentTypeId)"}, "results": order}
    hand.typed(f"{library}/RootFolder", "SP.Folder", UniqueContentTypeOrder=results)


def other_terms(hand: Hand) -> None:
    sets = {
        each["localizedNames"][0]["name"]: each["id"]
        for group in hand.tenant.graph_pages("/v1.0/sites/root/termStore/groups")
        for each in hand.tenant.graph_pages(f"/v1.0/sites/root/termStore/groups/{group['id']}/sets")
    }
    field = hand.ask("web/fields/getbyinternalnameortitle('CouncilDepartment')?$select=Id,SspId")
    hand.run(csom.bind_term_set(hand.ids, field["Id"], store_id=field["SspId"], set_id=sets["Location"]))


def other_theme(hand: Hand) -> None:
    themes = hand.ask("ThemeManager/GetTenantThemingOptions")["themePreviews"]
    theme = next(each["themeJson"] for each in themes if each["name"] == "Council grey")
    hand.post("ThemeManager/ApplyTheme", {"name": "Council grey", "themeJson": theme})


def _page(hand: Hand) -> int:
    (number,) = [
        each["Id"] for each in hand.ask(f"{hand.library('SitePages')}/items?$select=Id,FileLeafRef")["value"]
        if each["FileLeafRef"] == "About-us.aspx"
    ]  # fmt: skip
    return int(number)


def for_everybody(hand: Hand) -> None:
    hand.set(f"{hand.library('SitePages')}/items({_page(hand)})", OData__ModernAudienceTargetUserFieldId=[])


def of_node(menu: str, title: str, **properties: object) -> Change:
    return lambda hand: hand.set(f"web/navigation/GetNodeById({hand.node(menu, title)})", **properties)


def page(**properties: object) -> Change:
    def change(hand: Hand) -> None:
        number = _page(hand)
        for call, body in (("CheckoutPage", None), ("SavePage", properties), ("Publish", None)):
            hand.post(f"sitepages/pages({number})/{call}", body)

    return change


def move_first(hand: Hand) -> None:
    last = hand.node("topnavigationbar", "Start")
    hand.post("web/navigation/topnavigationbar/MoveAfter", {"nodeId": last, "previousNodeId": 0})


def other_footer(hand: Hand) -> None:
    state = hand.ask("navigation/MenuState?menuNodeKey='13b7c916-4fea-4bb2-8994-5cf274aeb530'")
    for holder in state["Nodes"]:
        for link in holder["Nodes"]:
            link["SimpleUrl"] = "https://elsewhere.example"
    hand.post("navigation/SaveMenuState", {"menuState": state})


def other_parent(hand: Hand) -> None:
    url = f"{hand.tenant.settings.admin}/_api/HubSites/GetById('{hand.site_id}')"
    hand.tenant.rest("PATCH", url, {"ParentHubSiteId": _NO_HUB}, headers={"If-Match": "*"})


def other_hub(hand: Hand) -> None:
    top = hand.address.replace("/t-", "/d-") + "1"
    (number,) = [hub for hub, address in hub_addresses(hand.tenant).items() if address == top]
    hand.post(f"site/JoinHubSite('{number}')")


def one_joiner_less(hand: Hand) -> None:
    found = csom.read_hub(hand.tenant, hand.site_id)["Permissions"]
    name = next(each["PrincipalName"] for each in found if "engineer" in each["PrincipalName"].lower())
    url = f"{hand.tenant.settings.sharepoint}{hand.address}"
    csom.run(hand.tenant, hand.tenant.settings.admin, csom.set_joiners(url, revoke=[name]))


def other_site_label(hand: Hand) -> None:
    labels = hand.tenant.graph_pages("/beta/security/informationProtection/sensitivityLabels")
    hand.admin(SensitivityLabel=next(each["id"] for each in labels if each["name"] == "OFFICIAL-SENSITIVE"))


def other_library_label(hand: Hand) -> None:
    hand.post("SP.CompliancePolicy.SPPolicyStoreProxy.SetListComplianceTag", {
        "listUrl": f"{hand.tenant.settings.sharepoint}{hand.address}/CasePapers", "complianceTagValue": "Keep 3 years",
        "blockDelete": False, "blockEdit": False, "syncToItems": False,
    })  # fmt: skip


def no_administrators(hand: Hand) -> None:
    url = f"{hand.tenant.settings.admin}/_api/SPOInternalUseOnly.Tenant/SetSiteSecondaryAdministrators"
    body = {"siteId": hand.site_id, "secondaryAdministratorLoginNames": []}
    hand.tenant.rest("POST", url, {"secondaryAdministratorsFieldsData": body})


def no_member_of_group(hand: Hand) -> None:
    members = hand.tenant.graph_pages(f"/v1.0/groups/{hand.group}/members")
    (user,) = [each["id"] for each in members if each["userPrincipalName"].startswith("engineer@")]
    hand.tenant.graph("DELETE", f"/v1.0/groups/{hand.group}/members/{user}/$ref")
