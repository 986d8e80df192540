"""Features of a site that people know by a name: switched on when a template says so, off only when it is told to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import Attributes, Kind, Part, name_key
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_KINDS = frozenset({Kind.FEATURE})
QUESTIONS = (
    Question("site features", Service.SITE, "site/features?$select=DefinitionId", kinds=_KINDS),
    Question("web features", Service.SITE, "web/features?$select=DefinitionId", kinds=_KINDS),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature: its id, and whether it belongs to the `site` collection or to its `web`."""

    id: str
    scope: str


DOCUMENT_SETS = "Document sets"

FEATURES: Mapping[str, Feature] = {
    "Content type publishing": Feature("73ef14b1-13a9-416b-a9b5-ececa2b0604c", "site"),
    "Document ID service": Feature("b50e3104-6812-424f-a011-cc90e6327318", "site"),
    DOCUMENT_SETS: Feature("3bae86a2-776d-499d-9db8-fa4cdc7884f8", "site"),
    "Following content": Feature("a7a2793e-67cd-4dc1-9fd0-43f61581207a", "web"),
    "Limited-access lockdown": Feature("7c637b23-06c4-472d-9a9a-7c175762c5c4", "site"),
    "Metadata navigation": Feature("7201d6a4-a5d3-49a1-8c19-19c4bac6e668", "web"),
    "Multilingual pages": Feature("24611c05-ee19-45da-955f-6602264abaf8", "web"),
    "Open documents in client applications": Feature("8a4b8de2-6fd8-41e9-923c-c7c3c00f8295", "site"),
    "Site notebook": Feature("f151bb39-7c3b-414f-bb36-6bf18872052f", "web"),
    "Site pages": Feature("b6917cb1-93a0-4b97-a84d-7cf49975d4ec", "web"),
}
"""The features that a template may name, as the settings of a site name them."""


def parts(answers: Answers) -> Iterator[Part]:
    """The features of the table that are on."""
    for name, feature in FEATURES.items():
        active = {str(each["DefinitionId"]).strip("{}").lower() for each in answers.values(f"{feature.scope} features")}
        if feature.id in active:
            yield Part(Kind.FEATURE, name_key(name), name, {"name": name})


def put(site: "SiteWriter", key: str, _after: Attributes) -> None:
    """Switch a feature on. Raises NotFound for a name that is not in the table, TenantError."""
    feature = _find(key)
    if not _is_on(site, feature):
        site.rest("POST", f"{feature.scope}/features/add(featureId=guid'{feature.id}',force=true)", repeatable=True)


def remove(site: "SiteWriter", key: str) -> None:
    """Switch a feature off. Raises NotFound for a name that is not in the table, TenantError."""
    feature = _find(key)
    if _is_on(site, feature):
        site.rest("POST", f"{feature.scope}/features/remove(featureId=guid'{feature.id}',force=true)")


def _is_on(site: "SiteWriter", feature: Feature) -> bool:
    found = site.rest("GET", f"{feature.scope}/features?$select=DefinitionId")["value"]
    return any(str(each["DefinitionId"]).strip("{}").lower() == feature.id for each in found)


def _find(key: str) -> Feature:
    for name, feature in FEATURES.items():
        if name_key(name) == key:
            return feature
    raise NotFound(f"no feature is called '{key}'", hint=f"one of: {', '.join(FEATURES)}")
