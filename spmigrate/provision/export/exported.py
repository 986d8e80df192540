"""A site as two files, and what a plan of these files would still say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from spmigrate.formats import yaml
from spmigrate.formats.yaml_text import dump
from spmigrate.plan.change import Plan
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.diff import compare
from spmigrate.provision.export import lists, menus, settings
from spmigrate.provision.export.words import Entry, Export, Left
from spmigrate.provision.language import MENUS, SiteFile, Template, Words
from spmigrate.provision.resolve import desired_site
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import Kind, SiteContents

W = TypeVar("W", bound=Words)


@dataclass(frozen=True, slots=True)
class Exported:
    """The texts of both files by their place below `site_templates/`, what has no place in them, and their plan."""

    files: Mapping[str, str]
    left: tuple[Left, ...]
    plan: Plan


def export(catalogue: Catalogue, contents: SiteContents, *, template: str, unit: str = "") -> Exported:
    """A template called `template` and a site file that say what the site holds, in the words of the vocabulary.

    Pure. What SharePoint makes by itself is left out; what the vocabulary has no word for is told.
    """
    work = Export(contents, Vocabulary(catalogue.organisation.words))
    leaf = contents.address.rpartition("/")[2]
    names = {"templates": f"templates/{leaf}.yaml", "sites": f"sites/{leaf}.yaml"}
    texts = {
        names["templates"]: dump(_template(work, template, leaf)),
        names["sites"]: dump({"address": contents.address, "template": template} | ({"unit": unit} if unit else {})),
    }
    written = _validated(texts, names["templates"], Template), _validated(texts, names["sites"], SiteFile)
    whole = Catalogue.of(
        catalogue.organisation, [written[0]], [written[1]], pages=catalogue.pages, assets=catalogue.assets
    )
    return Exported(texts, tuple(work.left), compare(desired_site(whole, written[1].words), contents))


def _validated(texts: Mapping[str, str], name: str, model: type[W]) -> Written[W]:
    source = yaml.Source(texts[name], name)
    return Written(yaml.validate(source, model), source)


def _template(work: Export, name: str, leaf: str) -> Entry:
    """The whole template, sections in the order of the language."""
    libraries, others = lists.libraries(work), lists.lists(work)
    bound = lists.bound_types([*libraries, *others])
    types = lists.content_types(work, bound)
    sections: Entry = {
        "site": settings.site(work),
        "sharing": settings.sharing(work),
        "permissions": settings.permissions(work),
        "features": settings.features(work),
        "site columns": lists.site_columns(work, {*bound, *types}),
        "content types": types,
        "libraries": libraries,
        "lists": others,
        **{menu: menus.menu(work, menu) for menu in MENUS},
        "look": settings.look(work),
        "hub": settings.hub(work),
        "team": settings.team(work),
    }
    for page in work.of(Kind.PAGE):
        if page.attributes["content"]:  # the page that SharePoint made, and nobody has edited, says nothing
            whom = ", for whom it is, too" if page.attributes.get("for") else ""
            work.leave(f"page {page.attributes['file']}", f"what is on it is its owners' and stays as it is{whom}")
    head = {"template": name, "version": 1, "purpose": f"Exported from {work.contents.address}.",
            "kind": _kind(work, leaf)}  # fmt: skip
    return head | {key: value for key, value in sections.items() if value}


def _kind(work: Export, leaf: str) -> str:
    """The kind of site that the first letter of the address stands for; a team's when it stands for none."""
    letters = work.vocabulary.organisation.naming.address_letters
    return next((kind.value for kind, letter in letters.items() if leaf.startswith(f"{letter}-")), "Team")
