"""A site as a document for the people who will live in it: no tenant is asked, and nothing is an identifier. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from spmigrate.model import Branch, Document, Section, Table
from spmigrate.plan import describe
from spmigrate.plan.change import Plan
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import Answer, Parameter, SiteFile, Template
from spmigrate.provision.resolve import DesiredSite, desired_site
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import DOCUMENT_TEMPLATE, Kind, Part, Value, name_key

_CAN: Mapping[str, str] = {
    "Owners": "decide about everything in the site, and who has access",
    "Members": "read and change what is in the site",
    "Visitors": "read what is in the site",
    "Administrators": "see and decide about everything, whatever the groups say",
}
_ALWAYS = ("Name", "Modified", "Modified by")
_SAMPLE_ADDRESS = "/sites/sample"


def preview(catalogue: Catalogue, site: DesiredSite, *, questions: Iterable[Parameter] = ()) -> Document:
    """The site as it would be; `questions` are those of its template when the site is only a sample of it."""
    files = {copy: name.rpartition("/")[2] for name, copy in catalogue.copies.items()}
    words = {**Vocabulary(catalogue.organisation.words).words, **files}
    asked = tuple(questions)
    sections = [
        *([_questions(asked)] if asked else []),
        _map(site),
        _access(site),
        *_lists(site, words, Kind.LIBRARY),
        *_lists(site, words, Kind.LIST),
        *_appearance(site, words),
    ]
    title = site.title if not asked else f"{site.template}: a sample"
    return Document(title, tuple(_facts(catalogue, site)), tuple(sections))


def changes(title: str, plan: Plan, words: Mapping[str, str]) -> Document:
    """What one version of a template would change in a site made from another."""
    rows = tuple((change.action.word, describe.change_line(change, words)[2:]) for change in plan.changes)
    sentences = (describe.counts(plan),) if rows else ("Nothing would change.",)
    tables = (Table("What would change", ("What happens", "To what"), rows),) if rows else ()
    return Document(title, (), (Section("What would change", sentences, tables=tables),))


def sample(catalogue: Catalogue, template: Template) -> SiteFile:
    """A site file with an answer to every question of a template: the example, the default, or the first choice."""
    answers: dict[str, Answer] = {each.name: _sample(catalogue, each) for each in template.parameters}
    return SiteFile(address=_SAMPLE_ADDRESS, template=template.template, answers=answers)


def sample_site(catalogue: Catalogue, template: Template) -> DesiredSite:
    """The site of that file."""
    return desired_site(catalogue, sample(catalogue, template))


def _sample(catalogue: Catalogue, question: Parameter) -> Answer:
    text = question.example or (str(question.default) if isinstance(question.default, str) else "")
    if question.answer == "Yes or no":
        return question.default if isinstance(question.default, bool) else True
    if question.answer == "People":
        return tuple(each.strip() for each in text.split(",")) if text else (question.name.replace(" ", "."),)
    if question.answer == "Several choices":
        return question.choices
    if question.answer == "Choice":
        return text or question.choices[0]
    if question.answer == "Site":
        return text or next((each.words.address for each in catalogue.sites), _SAMPLE_ADDRESS)
    return text or {"Number": "1", "Date": "2030-03-31"}.get(question.answer, question.name.capitalize())


def _facts(catalogue: Catalogue, site: DesiredSite) -> Iterator[tuple[str, str]]:
    own = site.contents.get(Kind.SITE)
    yield "What it is for", str(own.attributes.get("description") or "not said") if own else ""
    yield "Template", f"{site.template}, version {site.version}"
    template = catalogue.by_name.get(site.template)
    if template is not None and template.decision is not None:
        decision = template.decision
        yield "Decided", f"{decision.id}, by {decision.forum} on {decision.date}"
    yield "Kind", f"{site.kind} site: {own.attributes.get('type')}" if own else site.kind
    if site.address != _SAMPLE_ADDRESS:
        yield "Address", site.address
    for name, value in (
        ("Unit", site.unit), ("Business class", site.business_class), ("Marking", site.marking),
        ("Cabinet portfolio", site.portfolio), ("Successor area", site.successor_area),
        ("Reviewed on", str(site.review_date or "")),
    ):  # fmt: skip
        if value:
            yield name, value
    yield "Organisation", catalogue.organisation.words.organisation


def _questions(asked: tuple[Parameter, ...]) -> Section:
    rows = tuple(
        (each.ask, each.answer, "" if each.optional else "yes", each.example or ", ".join(each.choices))
        for each in asked
    )
    table = Table(
        "Questions that are asked for each site", ("Question", "Answer", "Must be answered", "For example"), rows
    )
    return Section("What is asked", tables=(table,))


def _map(site: DesiredSite) -> Section:
    """Where the site stands, and what is in it."""
    hub = site.contents.get(Kind.HUB_MEMBERSHIP)
    inside = tuple(
        Branch(f"{part.kind.value.capitalize()}: {part.label}{_shown_first(part)}", _folders(site, part))
        for part in _of(site, Kind.LIBRARY, Kind.LIST, Kind.PAGE)
    )
    here = Branch(site.title or site.address, inside)
    own = site.contents.get(Kind.HUB)
    parent = str(own.attributes.get("parent") or "") if own else ""
    above = str(hub.attributes["hub"]) if hub else parent
    outline = (Branch(f"The hub {above}", (here,)),) if above else (here,)
    sentences = ("Other sites may join this one: it is a hub.",) if own else ()
    menus = tuple(Section(menu.capitalize(), outline=_menu(site, menu), level=3) for menu in _menus(site))
    links = tuple(branch for menu in menus for branch in (Branch(menu.title, menu.outline),))
    return Section("Where it stands, and what is in it", sentences, outline=(*outline, *links))


def _shown_first(page: Part) -> str:
    groups = _groups(page)
    return f", shown first to {groups}; everybody else can open it too" if groups else ""


def _folders(site: DesiredSite, library: Part) -> tuple[Branch, ...]:
    return tuple(
        Branch(str(part.attributes["path"]))
        for part in _of(site, Kind.FOLDER, Kind.FILE)
        if part.attributes["library"] == library.key
    )


def _menus(site: DesiredSite) -> list[str]:
    return list(dict.fromkeys(str(part.attributes["menu"]) for part in _of(site, Kind.LINK)))


def _menu(site: DesiredSite, menu: str, parent: str = "") -> tuple[Branch, ...]:
    return tuple(
        Branch(_link(part), _menu(site, menu, str(part.attributes["title"])))
        for part in _of(site, Kind.LINK)
        if (part.attributes["menu"], name_key(str(part.attributes["parent"]))) == (menu, name_key(parent))
    )


def _link(part: Part) -> str:
    address = str(part.attributes.get("address") or "")
    groups = _groups(part)
    seen = f", seen by {groups} alone" if groups else ""
    return f"{part.attributes['title']}{f', to {address}' if address else ''}{seen}"


def _groups(part: Part) -> str:
    return ", ".join(each.removeprefix("group:") for each in _texts(part.attributes.get("for")))


def _access(site: DesiredSite) -> Section:
    """Who sees what, and how far it may be shared."""
    people: dict[str, list[str]] = {}
    for part in _of(site, Kind.PERSON):
        people.setdefault(str(part.attributes["role"]), []).append(str(part.attributes["login"]).partition("@")[0])
    groups = {
        str(part.attributes["title"]): str(part.attributes.get("level") or "") for part in _of(site, Kind.SITE_GROUP)
    }
    roles = dict.fromkeys(["Owners", "Members", "Visitors", *people, *groups])
    rows = tuple(
        (role, ", ".join(people.get(role, ())) or "nobody yet", _CAN.get(role) or f"have {groups.get(role, 'Read')}")
        for role in roles
    )
    own = tuple(
        (part.label.rpartition(" in ")[2], part.label.rpartition(" in ")[0], str(part.attributes["level"]))
        for part in _of(site, Kind.ACCESS_RIGHT)
    )
    tables = [Table("Who is in the groups, and what they can do", ("Group", "People", "They can"), rows)]
    if own:
        tables.append(Table("Libraries with permissions of their own", ("Library or list", "Who", "May"), own))
    settings = [
        (name, value)
        for kind in (Kind.SHARING, Kind.ACCESS, Kind.GROUP, Kind.LABEL, Kind.STORAGE, Kind.LOCK)
        for name, value in _settings(site.contents.get(kind))
    ]
    sentences = ("Nobody else sees the site. There are no groups of everyone.",)
    return Section("Who sees what", sentences, facts=tuple(settings), tables=tuple(tables))


def _lists(site: DesiredSite, words: Mapping[str, str], kind: Kind) -> Iterator[Section]:
    """A section for each library or list."""
    for part in _of(site, kind):
        facts = (*_settings(part, words), *_new_documents(site, part, words))
        tables = [_columns(site, part, words)]
        views = tuple(
            (str(view.attributes["title"]), _said(view.attributes.get("columns shown"), words),
             _said(view.attributes.get("filter"), words), _said(view.attributes.get("sort by"), words))
            for view in _of(site, Kind.VIEW) if view.attributes["list"] == part.key
        )  # fmt: skip
        if views:
            tables.append(Table(f"Views of {part.label}", ("View", "Columns", "Shows", "Sorted by"), views))
        yield Section(f"{part.kind.value.capitalize()} “{part.label}”", facts=facts, tables=tuple(tables))


def _new_documents(site: DesiredSite, part: Part, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What new documents begin as, by their content type."""
    for name in _texts(part.attributes.get("content types")):
        kind = site.contents.get(Kind.CONTENT_TYPE, name_key(name))
        template = str(kind.attributes.get(DOCUMENT_TEMPLATE) or "") if kind else ""
        if template:
            yield f"A new {name} begins as", words.get(template, template)


def _columns(site: DesiredSite, part: Part, words: Mapping[str, str]) -> Table:
    """The columns of what is filed in a library, each with what it asks."""
    defaults = {
        str(each.attributes["column"]): str(each.attributes["value"])
        for each in _of(site, Kind.DEFAULT_VALUE)
        if each.attributes["list"] == part.key
    }
    rows = [(name, "always there", "", "", "") for name in _ALWAYS]
    for internal in dict.fromkeys([*_fields(site, part)]):
        column = site.contents.get(Kind.COLUMN, internal)
        if column is None:
            continue
        said = column.attributes
        rows.append((
            column.label, str(said["type"]), "yes" if said.get("required") else "", _said(said.get("choices"), words),
            defaults.get(internal, _said(said.get("default"), words)),
        ))  # fmt: skip
    return Table(f"Columns of {part.label}", ("Column", "Type", "Required", "Choices", "Begins with"), tuple(rows))


def _fields(site: DesiredSite, part: Part) -> Iterator[str]:
    for name in _texts(part.attributes.get("content types")):
        kind = site.contents.get(Kind.CONTENT_TYPE, name_key(name))
        yield from _texts(kind.attributes.get("columns")) if kind else ()
    yield from _texts(part.attributes.get("columns"))


def _appearance(site: DesiredSite, words: Mapping[str, str]) -> Iterator[Section]:
    facts = [*_settings(site.contents.get(Kind.LOOK), words), *_settings(site.contents.get(Kind.TEAM))]
    features = ", ".join(part.label for part in _of(site, Kind.FEATURE))
    channels = ", ".join(part.label for part in _of(site, Kind.CHANNEL))
    region = site.contents.get(Kind.REGION)
    languages = ", ".join(_texts(region.attributes.get("other languages"))) if region else ""
    told = (("Menus also in", languages), ("Features", features), ("Channels of the team", channels))
    facts += [(name, text) for name, text in told if text]
    if facts:
        yield Section("How it looks, and what is switched on", facts=tuple(facts))


def _of(site: DesiredSite, *kinds: Kind) -> list[Part]:
    return [part for part in site.contents.parts.values() if part.kind in kinds]


_TOLD_APART = frozenset({"title", "columns", "items"})


def _settings(part: Part | None, words: Mapping[str, str] = MappingProxyType({})) -> Iterator[tuple[str, str]]:
    for name, value in (part.attributes if part else {}).items():
        if value not in (None, "", ()) and name not in _TOLD_APART:
            yield name.capitalize(), _said(value, words)


def _said(value: Value, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(words.get(each, each) for each in value)
    text = "" if value is None else str(value)
    return " ".join(words.get(word, word) for word in text.split(" "))


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
