"""The wanted state of every site of a catalogue."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import Override, Sections, SiteFile, Template, terms_of
from spmigrate.provision.merge import merged
from spmigrate.provision.removal import parted
from spmigrate.provision.resolve.answers import answered
from spmigrate.provision.resolve.expansion import expanded
from spmigrate.provision.resolve.lists import library_address
from spmigrate.provision.resolve.navigation import exact_menus
from spmigrate.provision.resolve.parts import content_parts, site_parts
from spmigrate.provision.resolve.wanted import Wanted
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import DOCUMENT_TEMPLATE, Kind, Part, SiteContents, name_key
from spmigrate.tenant.site.page_sections import digest, read_sections, write_sections

Place = tuple[Kind, str]
Today = Callable[[], date]

_STAYING = frozenset({Kind.COLUMN, Kind.CONTENT_TYPE, Kind.PERMISSION_LEVEL, Kind.CHANNEL, Kind.FILE})
"""Kinds that a site need not have when they are removed, and that stay where they exist."""


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
    seeded: frozenset[Place] = frozenset()
    """Parts that the template leaves to the site's owners once they are made."""
    reasons: Mapping[tuple[Place, str], str] = field(default_factory=dict)
    """Why the site departs from its template, by part and attribute; the attribute of a removed part is empty."""
    exact_menus: frozenset[str] = frozenset()
    """Menus whose foreign links are taken away."""
    successor_area: str = ""
    marking: str = ""
    portfolio: str = ""
    review_date: date | None = None
    term_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The terms that the term sets of its columns have at least, by `Group/Set`; none for those that must exist."""
    themes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The colours of its theme, by the theme's name; none for one that the tenant must have."""
    materials: Mapping[str, bytes] = field(default_factory=dict)
    """What its parts stand for: what is on a page by its digest, a picture by what it is called in the site."""

    @property
    def is_hub(self) -> bool:
        """Whether other sites may join it."""
        return self.contents.get(Kind.HUB) is not None


@dataclass(frozen=True, slots=True)
class PlainTemplate:
    """A template for one site without questions or conditions, what was removed from it, and why it is an exception."""

    sections: Template
    gone: tuple[Sections, ...]
    steps: tuple[tuple[Sections, str], ...]
    """The sections before each exception that holds, with its reason."""


def resolve(catalogue: Catalogue, *, today: Today = date.today) -> list[DesiredSite]:
    """Every site of the catalogue, hubs first, then by address."""
    sites = [desired_site(catalogue, written.words, today=today) for written in catalogue.sites]
    return sorted(sites, key=lambda site: (not site.is_hub, site.address))


def desired_site(catalogue: Catalogue, file: SiteFile, *, today: Today = date.today) -> DesiredSite:
    """The wanted state of one site. Raises KeyError for a template that was not checked.

    Exceptions that have expired by `today` do not hold.
    """
    plain = plain_template(catalogue, file, today=today)
    vocabulary = Vocabulary(catalogue.organisation.words)
    wanted = _with_content(
        catalogue, plain.sections, site_parts(vocabulary, plain.sections, file.address, copies=catalogue.copies)
    )
    contents = SiteContents.of(file.address, (each.part for each in wanted))
    absent = _absent(vocabulary, plain, contents)
    template = plain.sections
    return DesiredSite(
        address=file.address,
        title=template.site.title or "",
        template=template.template,
        version=template.version,
        kind=template.kind.value if template.kind else "",
        unit=file.unit,
        business_class=file.business_class,
        contents=contents,
        absent=absent,
        seeded=frozenset(each.part.place for each in wanted if each.seeded),
        reasons=_reasons(catalogue, vocabulary, plain, contents),
        exact_menus=exact_menus(template),
        successor_area=file.successor_area,
        marking=file.marking,
        portfolio=file.portfolio,
        review_date=file.review_date,
        term_sets=_term_sets(vocabulary, contents),
        themes=_themes(vocabulary, contents),
        materials=_materials(catalogue, template),
    )


def plain_template(catalogue: Catalogue, file: SiteFile, *, today: Today = date.today) -> PlainTemplate:
    """The template of a site with its answers and exceptions in it. Raises KeyError for one that was not checked."""
    whole = catalogue.whole(file.template)
    if whole is None:
        raise KeyError(file.template)
    answers = answered(whole.parameters, file.answers)
    sections = expanded(whole, answers)
    gone = [expanded(each, answers) for each in catalogue.dropped(file.template)]
    steps: list[tuple[Sections, str]] = []
    for override in file.override:
        if not expired(override, today()):
            exception = expanded(override, answers)
            steps.append((sections, reason(override)))
            gone.append(parted(sections, exception.remove)[1])
            sections = merged(sections, exception)
    return PlainTemplate(sections, tuple(gone), tuple(steps))


def expired(override: Override, today: date) -> bool:
    """Whether an exception holds no longer."""
    return override.until is not None and override.until < today


def reason(override: Override) -> str:
    """Why a site is an exception, and until when."""
    return f"{override.because} (until {override.until})" if override.until else override.because


def _term_sets(vocabulary: Vocabulary, contents: SiteContents) -> dict[str, tuple[str, ...]]:
    """The term sets of the site's columns whose terms the organisation writes out."""
    used = {name_key(str(part.attributes.get("term set") or "")) for part in contents.parts.values()}
    return {
        each.name: tuple(terms_of(each.terms))
        for each in vocabulary.organisation.term_sets
        if not isinstance(each, str) and name_key(each.name) in used
    }


def _themes(vocabulary: Vocabulary, contents: SiteContents) -> dict[str, Mapping[str, str]]:
    """The theme of the site, if the organisation gives its colours."""
    look = contents.get(Kind.LOOK)
    name = look.attributes.get("theme") if look else None
    return {each.name: each.palette for each in vocabulary.organisation.themes if each.palette and each.name == name}


def _materials(catalogue: Catalogue, sections: Sections) -> dict[str, bytes]:
    """What is on the pages of a site by digest, and its logo and document templates by what those are called there."""
    found = dict(page_content(catalogue, sections, page.sections_from) for page in sections.pages if page.sections_from)
    found |= {each.from_: catalogue.assets[each.from_] for each in sections.files if each.from_ in catalogue.assets}
    logo = sections.look.logo or sections.hub.logo
    if logo in catalogue.assets and logo is not None:
        found[catalogue.copies[logo]] = catalogue.assets[logo]
    for each in catalogue.organisation.words.content_types:
        if each.document_template in catalogue.assets and each.document_template is not None:
            found[catalogue.copies[each.document_template]] = catalogue.assets[each.document_template]
    return found


def page_content(catalogue: Catalogue, sections: Sections, file: str) -> tuple[str, bytes]:
    """The digest of what a file says is on a page, and that itself; both empty for a file that is not there."""
    written = catalogue.pages.get(file)
    if written is None:
        return "", b""
    addresses = {name_key(each.name): library_address(each) for each in sections.libraries}
    found = read_sections(written.model_dump_json(exclude_none=True).encode())
    placed = [
        tuple(
            tuple(replace(block, library=addresses.get(name_key(block.library), block.library)) for block in column)
            for column in section
        )
        for section in found
    ]
    return digest(placed), write_sections(placed)


def _with_content(catalogue: Catalogue, sections: Sections, wanted: Iterable[Wanted]) -> list[Wanted]:
    """The parts, with what their files stand for in a site in place of the files' names."""
    found: list[Wanted] = []
    copies = catalogue.copies
    for each in wanted:
        part, file = each.part, each.part.attributes.get("content")
        if part.kind is Kind.PAGE and file is not None:
            content = page_content(catalogue, sections, str(file))[0]
            part = replace(part, attributes={**part.attributes, "content": content})
        template = part.attributes.get(DOCUMENT_TEMPLATE)
        if template is not None:
            name = copies.get(str(template), str(template))
            part = replace(part, attributes={**part.attributes, DOCUMENT_TEMPLATE: name})
        found.append(Wanted(part, each.seeded))
    return found


def _absent(vocabulary: Vocabulary, plain: PlainTemplate, contents: SiteContents) -> tuple[Part, ...]:
    """What was removed and is not declared again; of a library that goes, the library alone."""
    found: dict[Place, Part] = {}
    for sections in plain.gone:
        for each in content_parts(vocabulary, sections, contents.address, within=plain.sections):
            part = each.part
            if part.kind not in _STAYING and part.place not in contents.parts:
                found.setdefault(part.place, Part(part.kind, part.key, part.label))
    return tuple(found.values())


def _reasons(
    catalogue: Catalogue, vocabulary: Vocabulary, plain: PlainTemplate, contents: SiteContents
) -> dict[tuple[Place, str], str]:
    """Which exception made each attribute what it is."""
    found: dict[tuple[Place, str], str] = {}
    after = contents.parts
    for sections, why in reversed(plain.steps):
        parts = site_parts(vocabulary, sections, contents.address, copies=catalogue.copies)
        wanted = _with_content(catalogue, sections, parts)
        before = SiteContents.of(contents.address, (each.part for each in wanted)).parts
        for place, name in _differences(before, after):
            found.setdefault((place, name), why)
        after = before
    return found


def _differences(before: Mapping[Place, Part], after: Mapping[Place, Part]) -> Iterator[tuple[Place, str]]:
    for place, part in after.items():
        old = before[place].attributes if place in before else {}
        yield from ((place, name) for name, value in part.attributes.items() if old.get(name) != value)
    yield from ((place, "") for place in before if place not in after)
