"""Site scripts and site designs of the tenant: registering them, who may use them, and running them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import folder_tree, lists, script_extraction
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, action, as_guid, function
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID, texts
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.site_scripts import UTILITY, ScriptCalls, parse_script, run_action
from spmigrate.rehearsal.storage import Entity

# Source: "SharePoint site template and site script overview": scripts and designs of a tenant.
MAX_SCRIPTS = MAX_DESIGNS = 100
_SPACE = "Microsoft.SharePoint.Utilities.WebTemplateExtensions"
_SCRIPT, _DESIGN, _RUN = "sitescript", "sitedesign", "sitedesignrun"
_DESIGN_DEFAULTS: dict[str, Any] = {
    "Description": "", "DesignPackageId": ZERO_GUID, "DesignType": 0, "IsDefault": False, "IsOutOfBoxTemplate": False,
    "IsTenantAdminOnly": False, "ListColor": 0, "ListIcon": 0, "PreviewImageAltText": "", "PreviewImageUrl": "",
    "RequiresGroupConnected": False, "RequiresTeamsConnected": False, "SiteScriptIds": [],
    "SupportedWebTemplates": [], "TemplateFeatures": [], "ThumbnailUrl": "", "Title": "", "Version": 1,
    "WebTemplate": "64",
}  # fmt: skip
_TEMPLATES = frozenset({"64", "68", "1", "69"})


class DesignCalls(ScriptCalls):
    """The rest of ``SiteScriptUtility``: what the tenant keeps."""

    @action(f"{UTILITY}.CreateSiteScript", Level.CONTROL)
    def create_script(self, call: Call) -> Complex:
        """Register a script; its JSON is the body."""
        if len(self.scope.store.every(_SCRIPT)) >= MAX_SCRIPTS:
            raise bad_argument(f"A tenant can't have more than {MAX_SCRIPTS} site scripts.")
        title, description = call.text("Title", 0), call.text("Description", 1, default="")
        content = call.text("Content", default="") or json.dumps(dict(call.body))
        parse_script(content)
        props = {"Title": title, "Description": description, "Content": content, "Version": 1}
        return _script(self.scope.store.insert(_SCRIPT, "", at=self.scope.now, props=props))

    @function(f"{UTILITY}.GetSiteScripts")
    def scripts(self, _call: Call) -> Bag:
        """Every script."""
        every = tuple(_script(row) for row in self.scope.store.every(_SCRIPT))
        return Bag(f"Collection({_SPACE}.SiteScriptMetadata)", every)

    @function(f"{UTILITY}.GetSiteScriptMetadata")
    def script(self, call: Call) -> Complex:
        """A script with its JSON."""
        return _script(self._row(_SCRIPT, call.value("id", 0)), content=True)

    @action(f"{UTILITY}.UpdateSiteScript", Level.CONTROL)
    def update_script(self, call: Call) -> Complex:
        """Change a script."""
        given = call.record("updateInfo")
        row = self._row(_SCRIPT, given.get("Id"))
        patch = {name: given[name] for name in ("Title", "Description", "Content", "Version") if given.get(name)}
        if "Content" in patch:
            parse_script(str(patch["Content"]))
        return _script(self.scope.store.update(row, patch, at=self.scope.now), content=True)

    @action(f"{UTILITY}.DeleteSiteScript", Level.CONTROL)
    def delete_script(self, call: Call) -> None:
        """Forget a script."""
        self.scope.store.delete(self._row(_SCRIPT, call.value("id", 0)))

    @function(f"{UTILITY}.GetSiteScriptFromList")
    def script_from_list(self, call: Call) -> str:
        """The script that would make a list as it is, as JSON text."""
        url = call.text("listUrl", 0)
        there = folder_tree.scope_at(self.scope, url)
        found = folder_tree.find_list(there, folder_tree.absolute(there, url, there.web_path))
        if found is None:
            raise bad_argument("The list does not exist.\r\nParameter name: listUrl")
        return script_extraction.as_text([script_extraction.of_list(lists.List(there, found[0]))])

    @function(f"{UTILITY}.GetSiteScriptFromWeb")
    def script_from_web(self, call: Call) -> Complex:
        """The script that would make a web as it is, and what of it a script can't hold."""
        there = folder_tree.scope_at(self.scope, call.text("webUrl", 0))
        text, warnings = script_extraction.of_web(there, call.record("info"))
        return Complex(f"{_SPACE}.SiteScriptSerializationResult",
                       {"JSON": text, "Warnings": Bag("Collection(Edm.String)", tuple(warnings))})  # fmt: skip

    @action(f"{UTILITY}.CreateSiteDesign", Level.CONTROL)
    def create_design(self, call: Call) -> Complex:
        """Register a design: scripts that are run on sites of a template."""
        if len(self.scope.store.every(_DESIGN)) >= MAX_DESIGNS:
            raise bad_argument(f"A tenant can't have more than {MAX_DESIGNS} site designs.")
        props = self._design_props(call.record("info"))
        if not props.get("Title"):
            raise bad_argument("Value cannot be null.\r\nParameter name: Title")
        row = self.scope.store.insert(_DESIGN, "", at=self.scope.now, props={**_DESIGN_DEFAULTS, **props})
        return _design(self.scope, row)

    @function(f"{UTILITY}.GetSiteDesigns")
    def designs(self, _call: Call) -> Bag:
        """Every design."""
        every = tuple(_design(self.scope, row) for row in self.scope.store.every(_DESIGN))
        return Bag(f"Collection({_SPACE}.SiteDesignMetadata)", every)

    @function(f"{UTILITY}.GetSiteDesignMetadata")
    def design(self, call: Call) -> Complex:
        """A design."""
        return _design(self.scope, self._row(_DESIGN, call.value("id", 0)))

    @action(f"{UTILITY}.UpdateSiteDesign", Level.CONTROL)
    def update_design(self, call: Call) -> Complex:
        """Change a design."""
        given = call.record("updateInfo")
        row = self._row(_DESIGN, given.get("Id"))
        return _design(self.scope, self.scope.store.update(row, self._design_props(given), at=self.scope.now))

    @action(f"{UTILITY}.DeleteSiteDesign", Level.CONTROL)
    def delete_design(self, call: Call) -> None:
        """Forget a design."""
        self.scope.store.delete(self._row(_DESIGN, call.value("id", 0)))

    @function(f"{UTILITY}.GetSiteDesignRights")
    def rights(self, call: Call) -> Bag:
        """Who may use a design; nobody named means everybody."""
        row = self._row(_DESIGN, call.value("id", 0))
        every = tuple(
            Complex(f"{_SPACE}.SiteDesignPrincipal", {"DisplayName": each, "PrincipalName": each, "Rights": "1"})
            for each in row.props.get("_Principals", [])
        )
        return Bag(f"Collection({_SPACE}.SiteDesignPrincipal)", every)

    @action(f"{UTILITY}.GrantSiteDesignRights", Level.CONTROL)
    def grant(self, call: Call) -> None:
        """Let people use a design."""
        self._change_rights(call, add=True)

    @action(f"{UTILITY}.RevokeSiteDesignRights", Level.CONTROL)
    def revoke(self, call: Call) -> None:
        """Let people no longer use a design."""
        self._change_rights(call, add=False)

    def _change_rights(self, call: Call, *, add: bool) -> None:
        row = self._row(_DESIGN, call.value("id", 0))
        names = [self._login(name) for name in call.texts("principalNames", 1)]
        others = [each for each in row.props.get("_Principals", []) if each not in names]
        self.scope.store.update(row, {"_Principals": [*others, *(names if add else [])]}, at=self.scope.now)

    def _login(self, name: str) -> str:
        found = self.scope.tenant.directory.user_by_login(name)
        if found is not None:
            return f"i:0#.f|membership|{found.name}"
        group = next((each for each in self.scope.tenant.directory.groups() if each.name == name), None)
        if group is None:
            raise bad_argument(f"The specified user {name} could not be found.\r\nParameter name: principalNames")
        return f"c:0o.c|federateddirectoryclaimprovider|{group.guid}"

    @action(f"{UTILITY}.ApplySiteDesign")
    def apply(self, call: Call) -> Bag:
        """Run a design on a web; answers how each action went."""
        there = folder_tree.scope_at(self.scope, call.text("webUrl", 1))
        row = self._row(_DESIGN, call.value("siteDesignId", 0))
        results = self._run(there, row)[1]
        return Bag(f"Collection({_SPACE}.SiteScriptActionResult)", tuple(result for *_, result in results))

    @action(f"{UTILITY}.AddSiteDesignTask")
    def add_task(self, call: Call) -> Complex:
        """Run a design on a web in the background; here it is run at once."""
        return self._task(folder_tree.scope_at(self.scope, call.text("webUrl", 0)), call.value("siteDesignId", 1))

    @action(f"{UTILITY}.AddSiteDesignTaskToCurrentWeb")
    def add_task_here(self, call: Call) -> Complex:
        """The same on this web."""
        return self._task(self.scope, call.value("siteDesignId", 0))

    def _task(self, there: Scope, design: object) -> Complex:
        run, _ = self._run(there, self._row(_DESIGN, design))
        values = {
            "ID": run.guid, "LogonName": self.scope.claims.login, "SiteDesignID": run.props["SiteDesignID"],
            "SiteID": there.site.guid, "WebID": there.web.guid,
        }  # fmt: skip
        return Complex(f"{_SPACE}.SiteDesignTask", values)

    @function(f"{UTILITY}.GetSiteDesignTask")
    def task(self, _call: Call) -> None:
        """A design that waits to be run; none does, for they are run at once."""

    @function(f"{UTILITY}.GetSiteDesignTasks")
    def tasks(self, _call: Call) -> Bag:
        """The designs that wait to be run on this web: none."""
        return Bag(f"Collection({_SPACE}.SiteDesignTask)", ())

    @action(f"{UTILITY}.RemoveSiteDesignTask")
    def remove_task(self, _call: Call) -> None:
        """Forget a design that waits to be run; nothing is said when there is none."""

    def _web_at(self, call: Call) -> Scope:
        """The web that is named, or the one that the call was sent to."""
        url = call.text("webUrl", 0, default="")
        return folder_tree.scope_at(self.scope, url) if url else self.scope

    @function(f"{UTILITY}.GetSiteDesignRun")
    def runs(self, call: Call) -> Bag:
        """When designs were run on a web."""
        there = self._web_at(call)
        wanted = as_guid(call.value("siteDesignId", 1, default=None) or "")
        found = [
            Complex(f"{_SPACE}.SiteDesignRun", {"ID": row.guid, **_shown(row.props)})
            for row in there.store.children(there.web.id, _RUN)
            if wanted in (None, row.props["SiteDesignID"])
        ]
        return Bag(f"Collection({_SPACE}.SiteDesignRun)", tuple(found))

    @function(f"{UTILITY}.GetSiteDesignRunStatus")
    def run_status(self, call: Call) -> Bag:
        """How each action of a run went."""
        there = self._web_at(call)
        row = there.store.get(_RUN, str(call.value("runId", 1)), parent=there.web.id)
        if row is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: runId")
        name = f"{_SPACE}.SiteScriptActionStatus"
        return Bag(f"Collection({name})", tuple(Complex(name, each) for each in row.props["_Actions"]))

    def _run(self, there: Scope, design: Entity) -> tuple[Entity, list[tuple[Entity, int, Complex]]]:
        results: list[tuple[Entity, int, Complex]] = []
        for identity in design.props.get("SiteScriptIds") or []:
            script = self._row(_SCRIPT, identity)
            for place, each in enumerate(parse_script(str(script.props["Content"]))):
                results.append((script, place, run_action(there, each)))
        props = {
            "SiteDesignID": design.guid, "SiteDesignTitle": design.props["Title"],
            "SiteDesignVersion": design.props["Version"], "SiteID": there.site.guid, "StartTime": there.now,
            "WebID": there.web.guid, "_Actions": [_status(there, *each) for each in results],
        }  # fmt: skip
        return there.store.insert(_RUN, "", at=there.now, parent=there.web.id, props=props), results

    def _design_props(self, given: Mapping[str, Any]) -> dict[str, Any]:
        props = {name: value for name, value in given.items() if name in _DESIGN_DEFAULTS and value is not None}
        if "WebTemplate" in props and str(props["WebTemplate"]) not in _TEMPLATES:
            raise bad_argument("The web template is not valid.\r\nParameter name: WebTemplate")
        # Whether the scripts are there shows when the design is run: the client's own suite names one that is not.
        for identity in texts(props.get("SiteScriptIds"), "SiteScriptIds"):
            if as_guid(identity) is None:
                raise bad_argument("Value does not fall within the expected range.\r\nParameter name: SiteScriptIds")
        return props

    def _row(self, kind: str, identity: object) -> Entity:
        guid = as_guid(identity or "")
        row = self.scope.store.get(kind, guid) if guid else None
        if row is None:
            what = "script" if kind == _SCRIPT else "design"
            raise ODataError(404, "-2147024894, System.IO.FileNotFoundException", f"The site {what} does not exist.")
        return row


def _status(scope: Scope, script: Entity, place: int, result: Complex) -> dict[str, Any]:
    values = result.values
    return {
        "ActionIndex": place, "ActionKey": f"{script.guid}-{place}", "ActionTitle": values["Title"],
        "LastModified": scope.now, "OrdinalIndex": place, "OutcomeCode": values["Outcome"],
        "OutcomeText": values["OutcomeText"], "SiteScriptID": script.guid, "SiteScriptIndex": 0,
        "SiteScriptTitle": script.props["Title"],
    }  # fmt: skip


def _shown(props: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in props.items() if not name.startswith("_")}


def _script(row: Entity, *, content: bool = False) -> Complex:
    props = row.props
    values = {
        "Content": props["Content"] if content else None, "ContentStream": None, "Description": props["Description"],
        "Id": row.guid, "IsSiteScriptPackage": False, "Title": props["Title"], "Version": props["Version"],
    }  # fmt: skip
    return Complex(f"{_SPACE}.SiteScriptMetadata", values)


def _design(scope: Scope, row: Entity) -> Complex:
    order = [each.id for each in scope.store.every(_DESIGN)].index(row.id)
    bags = {"SiteScriptIds": "Edm.Guid", "SupportedWebTemplates": "Edm.String", "TemplateFeatures": "Edm.String"}
    values: dict[str, Any] = {**_shown(row.props), "Id": row.guid, "Order": order}
    for name, kind in bags.items():
        values[name] = Bag(f"Collection({kind})", tuple(values.get(name) or ()))
    return Complex(f"{_SPACE}.SiteDesignMetadata", values)
