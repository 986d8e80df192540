"""The web parts that come with the service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope

# id|alias|title
_PARTS = """
490d7c76-1824-45b2-9de3-676421c997fa|ContentEmbedWebPart|Embed
e377ea37-9047-43b9-8cdb-a761be2f8e09|BingMapsWebPart|Bing maps
c4bd7b2f-7b6e-4599-8485-16504575f590|HeroWebPart|Hero
d1d91016-032f-456d-98a4-721247c305e8|ImageWebPart|Image
af8be689-990e-492a-81f7-ba3e4cd3ed9c|ImageGalleryWebPart|Image gallery
f6fdf4f8-4a24-437b-a127-32e66a5dd9b4|TwitterWebPart|Twitter
b7dd04e1-19ce-4b24-9132-b60a1c2b910d|DocumentEmbedWebPart|File viewer
f92bf067-bc19-489e-a556-7fe95f508720|ListWebPart|Document library
6410b3b6-d440-4663-8744-378976dc041e|LinkPreviewWebPart|Link
cf91cf5d-ac23-4a7a-9dbc-cd9ea2a4e859|NewsFeedWebPart|News feed
8c88f208-6c77-4bdb-86a0-0c47b4316588|NewsReelWebPart|News
58fcd18b-e1af-4b0a-b23b-422c2c52d5a2|PowerBIReportEmbedWebPart|Power BI
91a50c94-865f-4f5c-8b4e-e49659e69772|QuickChartWebPart|Quick chart
eb95c819-ab8f-4689-bd03-0c2d65d47b1f|SiteActivityWebPart|Site activity
275c0095-a77e-4f6d-a2a0-6a7626911518|VideoEmbedWebPart|Stream
31e9537e-f9dc-40a4-8834-0e3b7df418bc|YammerEmbedWebPart|Viva Engage
20745d7d-8581-4a6c-bf26-68279bc123fc|EventsWebPart|Events
6676088b-e28e-4a90-b9cb-d0d0303cd2eb|GroupCalendarWebPart|Group calendar
daf0b71c-6de8-4ef7-b511-faae7c388708|ContentRollupWebPart|Highlighted content
7f718435-ee4d-431c-bdbf-9c4ff326f46e|PeopleWebPart|People
c70391ea-0b10-4ee9-b2b4-006d3fcad0cd|QuickLinksWebPart|Quick links
71c19a43-d08c-4178-8218-4df8554c0b0e|CustomMessageRegionWebPart|Weather
2161a1c6-db61-4731-b97c-3cdb303f7cbb|DividerWebPart|Divider
b19b3b9e-8d13-4fec-a93c-401a091c0707|MicrosoftFormsWebPart|Microsoft Forms
8654b779-4886-46d4-8ffb-b5ed960ee986|SpacerWebPart|Spacer
243166f5-4dc3-4fe2-9df2-a7971b546a0a|ClientWebPart|Page properties
9d7e898c-f1bb-473a-9ace-8b415036578b|PowerAppsWebPart|Microsoft Power Apps
7b317bca-c919-4982-af2f-8399173e5a1e|CodeSnippetWebPart|Code snippet
cbe7b0a9-3504-44dd-a3a3-0e5cacd07788|PageTitleWebPart|Banner
893a257e-9c92-49bc-8a36-2f6bb058da34|MarkDownWebPart|Markdown
46698648-fcd5-41fc-9526-c7f7b2ace919|SitesWebPart|Sites
0f087d7f-520e-42b7-89c0-496aaf979d58|ButtonWebPart|Button
df8e44e7-edd5-46d5-90da-aca1539313b8|CallToActionWebPart|Call to action
544dd15b-cf3c-441b-96da-004d5a8cea1d|YouTubeEmbedWebPart|YouTube
"""


class WebPart(Resource):
    """A component that pages can hold."""

    type = "SP.Publishing.ClientSideWebPart"
    feed = "ClientSideWebParts"
    declared = table(
        group(INT, 1, "ComponentType ManifestType"), group(INT, 0, "Status"), group(TEXT, "", "Id Manifest Name")
    )

    def __init__(self, scope: Scope, line: str) -> None:
        super().__init__(scope)
        self.identity, self.alias, self.title = line.split("|")

    @property
    def path(self) -> str:
        return f"Web/GetClientSideWebParts('{self.identity}')"

    def stored(self) -> Mapping[str, Any]:
        return {
            "Id": self.identity,
            "Name": self.title,
            "Manifest": json.dumps(self._manifest(), separators=(",", ":")),
        }

    def _manifest(self) -> dict[str, Any]:
        title = {"default": self.title}
        entry = {
            "title": title,
            "description": title,
            "groupId": "cf066440-0614-43d6-98ae-0b31cf14c7c3",
            "properties": {},
        }
        return {
            "$schema": "https://developer.microsoft.com/json-schemas/spfx/client-side-web-part-manifest.schema.json",
            "id": self.identity, "alias": self.alias, "componentType": "WebPart", "version": "1.0.0",
            "manifestVersion": 2, "supportsThemeVariants": True, "preconfiguredEntries": [entry], "loaderConfig": {},
        }  # fmt: skip


def client_side_components(scope: Scope) -> Bag:
    """Every component that pages and extensions can use, as values."""
    kind = "Microsoft.SharePoint.ClientSideComponent.SPClientSideComponentQueryResult"
    rows = (
        Complex(kind, {"ComponentType": 1, "ManifestActivatedTime": "0001-01-01T00:00:00Z", "ManifestType": 1,
                       "Status": 0, **each.stored()})
        for each in WebParts(scope).all()
    )  # fmt: skip
    return Bag(f"Collection({kind})", tuple(rows))


class WebParts(Collection):
    """The components that pages can hold."""

    feed = "ClientSideWebParts"
    element = WebPart

    def all(self) -> list[WebPart]:
        return [WebPart(self.scope, line) for line in _PARTS.strip().splitlines()]


class ClassicPart(Resource):
    """A web part of a page from before modern pages; no page here has one."""

    type = "SP.WebParts.WebPartDefinition"
    feed = "WebPartDefinitions"
    declared = table(group(TEXT, "", "Id ZoneId"))


class ClassicParts(Collection):
    """The web parts of a page that are not its modern content: none."""

    feed = "WebPartDefinitions"
    element = ClassicPart

    def all(self) -> list[ClassicPart]:
        return []


class PartManager(Resource):
    """The web parts of a page in everybody's view (scope 1) or in one's own (scope 0)."""

    type = "SP.WebParts.LimitedWebPartManager"
    feed = "LimitedWebPartManagers"
    declared = table(group(BOOLEAN, False, "HasPersonalizedParts"), group(INT, 1, "Scope"))

    def __init__(self, scope: Scope, page: str, view: int) -> None:
        super().__init__(scope)
        self.page = page
        self.view = view

    @property
    def path(self) -> str:
        return f"{self.page}/GetLimitedWebPartManager(scope={self.view})"

    def stored(self) -> Mapping[str, Any]:
        return {"Scope": self.view}

    @link("WebParts")
    def parts(self) -> ClassicParts:
        """The parts of the page."""
        return ClassicParts(self.scope)


class PartHolder(Resource):
    """The part of a file that a page is."""

    @function("GetLimitedWebPartManager")
    def part_manager(self, call: Call) -> PartManager:
        """Its web parts; without a scope in everybody's view."""
        return PartManager(self.scope, self.path, 0 if call.number("scope", 0, default=1) == 0 else 1)
