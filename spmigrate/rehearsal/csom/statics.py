"""Types of the client object model by their ids: what a request may begin a path with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spmigrate.rehearsal.csom import records
from spmigrate.rehearsal.csom.taxonomy import TaxonomySession
from spmigrate.rehearsal.csom.term_labels import LabelMatch
from spmigrate.rehearsal.sharepoint.model import Resource, link
from spmigrate.rehearsal.sharepoint.office365_tenant import Office365Tenant
from spmigrate.rehearsal.sharepoint.root import Root
from spmigrate.rehearsal.sharepoint.service_principal import WebAppServicePrincipal
from spmigrate.rehearsal.sharepoint.site import Site
from spmigrate.rehearsal.sharepoint.webs import Web

_CONTEXT = "3747adcd-a3c3-41b9-bfab-4a64dd2f1e0a"
_TENANT = "268004ae-ef6b-4e9b-8425-127220d84719"
_OFFICE365 = "e45fd516-a408-4ca4-b6dc-268e2f1f0f83"
_PRINCIPAL = "104e8f06-1e00-4675-99c6-1b9b504ed8d8"
_TAXONOMY = "981cbc68-9edc-4f8d-872f-71146fcbb84f"
_RECORDS = "ea8e1356-5910-4e69-bc05-d0c30ed657fc"
_LABEL_MATCH = "61a1d689-2744-4ea3-a88b-c95bee9803aa"

TYPE_NAMES: Mapping[str, str] = {
    _CONTEXT: "SP.RequestContext",
    _TENANT: "Microsoft.Online.SharePoint.TenantAdministration.Tenant",
    _OFFICE365: "Microsoft.Online.SharePoint.TenantManagement.Office365Tenant",
    _PRINCIPAL: "Microsoft.Online.SharePoint.TenantAdministration.Internal.SPOWebAppServicePrincipal",
    _TAXONOMY: "SP.Taxonomy.TaxonomySession",
    _LABEL_MATCH: "SP.Taxonomy.LabelMatchInformation",
    _RECORDS: "SP.RecordsRepository.Records",
    "cf560d69-0fdb-4489-a216-b6b47adf8ef8": "SP.UserProfiles.PeopleManager",
    "80173281-fffd-47b6-9a49-312e06ff8428": "SP.Search.Query.KeywordQuery",
    "8d2ac302-db2f-46fe-9015-872b35f15098": "SP.Search.Query.SearchExecutor",
    "16f43e7e-bf35-475d-b677-9dc61e549339": "SP.Utilities.Utility",
}


class RequestContext(Resource):
    """``SP.RequestContext.Current``: the web and the site that a request is sent to."""

    type = "SP.RequestContext"

    def __init__(self, root: Root) -> None:
        super().__init__(root.scope)
        self.root = root

    @property
    def path(self) -> str:
        return "RequestContext"

    @link("Web")
    def web(self) -> Web:
        """The web."""
        return self.root.web()

    @link("Site")
    def site(self) -> Site:
        """The site collection."""
        return self.root.site()


CONSTRUCTORS: Mapping[str, Callable[[Root], object]] = {
    _TENANT: lambda root: root.tenant(),
    _OFFICE365: lambda root: Office365Tenant(root.tenant().scope),
    _PRINCIPAL: lambda root: WebAppServicePrincipal(root.tenant().scope),
    _LABEL_MATCH: lambda root: LabelMatch(root.scope),
}
STATIC_PROPERTIES: Mapping[tuple[str, str], Callable[[Root], object]] = {(_CONTEXT, "Current"): RequestContext}
STATIC_METHODS: Mapping[tuple[str, str], Callable[[Root, list[object]], object]] = {
    (_TAXONOMY, "GetTaxonomySession"): lambda root, _arguments: TaxonomySession(root.scope),
    (_RECORDS, "IsRecord"): lambda _root, arguments: records.is_record(*arguments),
    (_RECORDS, "DeclareItemAsRecord"): lambda _root, arguments: records.declare(*arguments),
    (_RECORDS, "DeclareItemAsRecordWithDeclarationDate"): lambda _root, arguments: records.declare(*arguments),
    (_RECORDS, "UndeclareItemAsRecord"): lambda _root, arguments: records.take_back(*arguments),
}
