"""Everything in a `site_templates/` folder, read and validated, with the place of every word for messages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml
from spmigrate.provision.language import Organisation, PageSections, Sections, SiteFile, Template, Words
from spmigrate.provision.merge import chain, dropped, inherited

W = TypeVar("W", bound=Words)
W_co = TypeVar("W_co", bound=Words, covariant=True)

PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".gif")
"""What the name of a picture ends in."""

LARGEST_ASSET = 50_000_000
"""The most bytes of a picture or of a file that libraries begin with; all of them are read for every command."""

LARGEST_FILE = 1_000_000
"""The most bytes of a file; a template of this size would be the work of a program, and take minutes to read."""


@dataclass(frozen=True, slots=True)
class Written(Generic[W_co]):
    """A validated file, and where everything stands in it."""

    words: W_co
    source: yaml.Source

    def problem(self, place: yaml.Place, text: str, hint: str | None = None) -> Problem:
        """A problem at `file:line:column` of this place."""
        return Problem(self.source.where(place), text, hint)


@dataclass(frozen=True, slots=True, repr=False)
class Catalogue:
    """The organisation's vocabulary, its templates, its sites, and what is on their pages."""

    organisation: Written[Organisation]
    templates: tuple[Written[Template], ...] = ()
    sites: tuple[Written[SiteFile], ...] = ()
    by_name: Mapping[str, Template] = field(default_factory=dict)
    pages: Mapping[str, PageSections] = field(default_factory=dict)
    """What is on pages, by the name that templates give its file: `pages/home.yaml`."""
    assets: Mapping[str, bytes] = field(default_factory=dict)
    """The pictures and files of the folder, by name: `assets/crest.png`."""
    _wholes: Mapping[str, Template] = field(default_factory=dict)
    _gone: Mapping[str, tuple[Sections, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        organisation: Written[Organisation],
        templates: Iterable[Written[Template]],
        sites: Iterable[Written[SiteFile]],
        *,
        pages: Mapping[str, PageSections] | None = None,
        assets: Mapping[str, bytes] | None = None,
    ) -> "Catalogue":
        """A catalogue of these files; the first of two templates with one name holds."""
        kept = tuple(templates)
        by_name = {written.words.template: written.words for written in reversed(kept)}
        chains = {name: chain(name, by_name) for name in by_name}
        wholes = {name: whole for name, above in chains.items() if (whole := inherited(above)) is not None}
        gone = {name: tuple(dropped(above)) for name, above in chains.items()}
        return cls(organisation, kept, tuple(sites), by_name, pages or {}, assets or {}, wholes, gone)

    def __repr__(self) -> str:
        return f"Catalogue({len(self.templates)} templates, {len(self.sites)} sites)"

    @property
    def copies(self) -> dict[str, str]:
        """What each picture and each document template is called in a site."""
        templates = {each.document_template for each in self.organisation.words.content_types}
        found = {
            name: each for name, each in self.assets.items() if name.lower().endswith(PICTURES) or name in templates
        }
        if not found:
            return {}
        from spmigrate.tenant.site.copies import copy_name  # only now: it takes half a second, which few need

        return {name: copy_name(name, content) for name, content in found.items()}

    def whole(self, name: str) -> Template | None:
        """A template with everything that it inherits; None when there is no such template."""
        return self._wholes.get(name)

    def dropped(self, name: str) -> tuple[Sections, ...]:
        """What a template and those above it remove from those above them."""
        return self._gone.get(name, ())


def read(folder: Path) -> Catalogue:
    """The catalogue in `folder`. Raises InputError with the problems of all files together."""
    problems: list[Problem] = []
    organisation = _file(folder / "organisation.yaml", Organisation, problems)
    templates = [_file(path, Template, problems) for path in _files(folder / "templates", problems)]
    sites = [_file(path, SiteFile, problems) for path in _files(folder / "sites", problems)]
    pages = {path: _file(path, PageSections, problems) for path in _files(folder / "pages", problems)}
    assets = _assets(folder, problems)
    if problems or organisation is None:
        raise InputError(f"{folder} cannot be used", problems)
    return Catalogue.of(
        organisation, (each for each in templates if each), (each for each in sites if each),
        pages={f"pages/{path.name}": each.words for path, each in pages.items() if each}, assets=assets,
    )  # fmt: skip


def _assets(folder: Path, problems: list[Problem]) -> dict[str, bytes]:
    """The pictures and files of the folder, by name."""
    every = sorted(path for path in (folder / "assets").rglob("*") if path.is_file() and path.name[0] not in ".~")
    problems += [
        Problem(str(path), f"has {path.stat().st_size / 1e6:.0f} MB; {LARGEST_ASSET / 1e6:.0f} MB is the most")
        for path in every
        if path.stat().st_size > LARGEST_ASSET
    ]
    return {} if problems else {path.relative_to(folder).as_posix(): path.read_bytes() for path in every}


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    """The files of a folder; one that looks like one of them and would not be read is a problem."""
    kept = sorted(folder.glob("*.yaml"))
    problems += [
        Problem(str(path), "is not read", f"only the .yaml files of {folder} are: rename or move it")
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".yaml", ".yml") and path not in kept
    ]
    return kept


def _file(path: Path, model: type[W], problems: list[Problem]) -> Written[W] | None:
    try:
        source = yaml.source(path, largest=LARGEST_FILE)
        empty = [
            Problem(source.where(place), f"'{place[-1]}' has no value", "give it one, or leave the key out")
            for place in _empty(source.value, ())
        ]
        if empty:
            problems.extend(empty)
            return None
        return Written(yaml.validate(source, model), source)
    except InputError as error:
        problems.extend(error.problems)
        return None


def _empty(value: object, place: yaml.Place) -> Iterator[yaml.Place]:
    """Keys and entries that nothing stands at."""
    if value is None and place:
        yield place
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _empty(below, (*place, key))
    elif isinstance(value, list):
        for n, below in enumerate(value):
            yield from _empty(below, (*place, n))
