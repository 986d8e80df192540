"""From a template and a site's answers to the wanted state of the site. Pure; the files were checked before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spmigrate.provision import identity
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import PLACEHOLDER, ColumnType, Library, SiteColumn, SiteFile, Template
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import Kind, Part, SiteContents, Value, inside, library_key, name_key

GROUP = "Council"
"""The heading under which SharePoint lists our columns and content types."""

Answers = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DesiredSite:
    """A site as it should be: its parts, the parts that it should do without, and where all that comes from."""

    address: str
    title: str
    template: str
    version: int
    kind: str
    unit: str
    business_class: str
    contents: SiteContents
    absent: tuple[Part, ...] = ()
    seeded: frozenset[tuple[Kind, str]] = frozenset()
    """Parts that the template leaves to the site's owners once they are made."""
    reasons: Mapping[tuple[tuple[Kind, str], str], str] = field(default_factory=dict)
    """Why the site departs from its template, by part and attribute."""
    exact_menus: frozenset[str] = frozenset()
    """Menus whose foreign links are taken away."""
    successor_area: str = ""
    marking: str = ""

    @property
    def is_hub(self) -> bool:
        """Whether other sites may join it."""
        return self.contents.get(Kind.HUB) is not None


def resolve(catalogue: Catalogue) -> list[DesiredSite]:
    """Every site of the catalogue, hubs first, then by address."""
    sites = [desired_site(catalogue, written.words) for written in catalogue.sites]
    return sorted(sites, key=lambda site: (not site.is_hub, site.address))


def desired_site(catalogue: Catalogue, file: SiteFile) -> DesiredSite:
    """The wanted state of one site. Raises KeyError for a template that was not checked."""
    template = catalogue.whole(file.template)
    if template is None:
        raise KeyError(file.template)
    vocabulary = Vocabulary(catalogue.organisation.words)
    answers = {name_key(name): answer for name, answer in file.answers.items()}
    parts = [*_site(vocabulary, template, answers), *_contents(vocabulary, template, file.address, answers)]
    return DesiredSite(
        address=file.address,
        title=fill(template.site.title or "", answers),
        template=template.template,
        version=template.version,
        kind=template.kind.value if template.kind else "",
        unit=file.unit,
        business_class=file.business_class,
        contents=SiteContents.of(file.address, parts),
        absent=tuple(_absent(catalogue, file.template)),
    )


def fill(text: str, answers: Answers) -> str:
    """A text with its placeholders replaced by the answers; an unanswered question leaves nothing."""

    def answer(name: str) -> str:
        given = answers.get(name_key(name), "")
        return given if isinstance(given, str) else ", ".join(given)

    return PLACEHOLDER.sub(lambda match: answer(match[1]), text)


def people(entries: tuple[str, ...], answers: Answers) -> list[str]:
    """Role ids, with a placeholder replaced by every role of its answer; nobody twice."""
    found: dict[str, None] = {}
    for entry in entries:
        match = PLACEHOLDER.fullmatch(entry)
        given = answers.get(name_key(match[1]), ()) if match else entry
        found.update(dict.fromkeys((given,) if isinstance(given, str) else given))
    return [role for role in found if role]


def _site(vocabulary: Vocabulary, template: Template, answers: Answers) -> Iterator[Part]:
    organisation = vocabulary.organisation
    title = fill(template.site.title or "", answers)
    yield Part(Kind.SITE, "", title, {
        "type": template.site.type, "language": organisation.language,
        "owner": next((_login(vocabulary, person) for person in people(template.permissions.owners, answers)), ""),
        "title": title, "description": fill(template.site.description or "", answers),
    })  # fmt: skip
    yield Part(Kind.REGION, "", "", {
        "time zone": "London", "dates and numbers": organisation.region, "week starts": "Monday", "24-hour clock": True,
    })  # fmt: skip
    sharing = {
        name.replace("_", " "): value for name, value in template.sharing.model_dump().items() if value is not None
    }
    if sharing:
        yield Part(Kind.SHARING, "", "", sharing)
    for role, entries in (
        ("Owners", template.permissions.owners),
        ("Members", template.permissions.members),
        ("Visitors", template.permissions.visitors),
    ):
        for person in people(entries, answers):
            login = _login(vocabulary, person)
            key = inside(role, login.casefold())
            yield Part(Kind.PERSON, key, f"{person} in {role}", {"role": role, "login": login})
    if template.hub.is_a_hub:
        yield Part(Kind.HUB, "", "")
    hub = fill(template.hub.member_of or "", answers)
    if hub:
        yield Part(Kind.HUB_MEMBERSHIP, "", "", {"hub": hub})


def _login(vocabulary: Vocabulary, person: str) -> str:
    return f"{person}@{vocabulary.organisation.people_domain}"


def _contents(vocabulary: Vocabulary, template: Template, address: str, answers: Answers) -> Iterator[Part]:
    bound = [*template.content_types, *(each for library in template.libraries for each in library.content_types)]
    families = dict.fromkeys(name for each in bound for name in vocabulary.family(each))
    columns = {
        name_key(column.name): column
        for column in [
            *(vocabulary.columns[name_key(name)] for name in template.site_columns),
            *(column for name in families for column in vocabulary.columns_of(name)),
        ]
    }
    for column in columns.values():
        yield _column(column)
    for name in families:
        yield _content_type(vocabulary, name)
    for library in template.libraries:
        yield _library(vocabulary, library)
    addresses = {name_key(library.name): library_address(library) for library in template.libraries}
    for link in template.quick_launch.links:
        to = fill(link.to, answers)
        if not to:  # an optional question that nobody answered
            continue
        url = _target(to, address, addresses)
        yield Part(Kind.LINK, name_key(link.title), link.title, {"title": link.title, "address": url})


def _column(column: SiteColumn) -> Part:
    internal = identity.internal_name(column.name)
    choices = {"choices": column.choices} if column.type is ColumnType.CHOICE else {}
    return Part(Kind.COLUMN, internal, column.name, {
        "id": identity.column_id(internal), "type": column.type.value, "title": column.name,
        "description": column.description, "required": column.required, "group": GROUP, **choices,
    })  # fmt: skip


def _content_type(vocabulary: Vocabulary, name: str) -> Part:
    columns = tuple(identity.internal_name(column.name) for column in vocabulary.columns_of(name))
    written = vocabulary.content_types[name_key(name)]
    return Part(Kind.CONTENT_TYPE, name_key(name), name, {
        "id": vocabulary.content_type_id(name), "name": name, "parent": vocabulary.proper_name(written.based_on),
        "description": written.description, "group": GROUP, "columns": columns,
    })  # fmt: skip


def library_address(library: Library) -> str:
    """The last part of a library's address."""
    return library.address or identity.library_address(library.name)


def _library(vocabulary: Vocabulary, library: Library) -> Part:
    address = library_address(library)
    settings: dict[str, Value] = {"address": address, "title": library.name}
    if library.versions:
        settings["versions kept"] = library.versions.major
    if library.content_types:
        settings["content types"] = tuple(vocabulary.proper_name(name) for name in library.content_types)
    if library.columns_shown:
        settings["columns shown"] = tuple(vocabulary.field(column) for column in library.columns_shown)
    return Part(Kind.LIBRARY, library_key(address), library.name, settings)


def _target(to: str, site: str, addresses: Mapping[str, str]) -> str:
    if to == "home page":
        return site
    if to.startswith("library/"):
        return f"{site}/{addresses[name_key(to.removeprefix('library/'))]}"
    return to


def _absent(catalogue: Catalogue, name: str) -> Iterator[Part]:
    """What the chain removes and does not declare again."""
    above: list[str] = []
    wanted: str | None = name
    while wanted is not None and wanted in catalogue.by_name:
        above.append(wanted)
        wanted = catalogue.by_name[wanted].extends
    whole = catalogue.whole(name)
    if whole is None:
        return
    present = {name_key(library.name) for library in whole.libraries}
    links = {name_key(link.title) for link in whole.quick_launch.links}
    for each in above:
        template = catalogue.by_name[each]
        parent = catalogue.whole(template.extends or "")
        libraries = {name_key(library.name): library for library in parent.libraries} if parent else {}
        for gone in template.remove.libraries:
            library = libraries.get(name_key(gone))
            if library is not None and name_key(gone) not in present:
                yield Part(Kind.LIBRARY, library_key(library_address(library)), library.name)
        for title in template.remove.quick_launch:
            if name_key(title) not in links:
                yield Part(Kind.LINK, name_key(title), title)
