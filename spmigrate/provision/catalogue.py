"""Everything in a `site_templates/` folder, read and validated, with the place of every word for messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml
from spmigrate.provision.language import Organisation, SiteFile, Template, Words
from spmigrate.provision.merge import chain, inherited

W = TypeVar("W", bound=Words)
W_co = TypeVar("W_co", bound=Words, covariant=True)


@dataclass(frozen=True, slots=True)
class Written(Generic[W_co]):
    """A validated file, and where everything stands in it."""

    words: W_co
    source: yaml.Source

    def problem(self, place: yaml.Place, text: str, hint: str | None = None) -> Problem:
        """A problem at `file:line:column` of this place."""
        return Problem(self.source.where(place), text, hint)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The organisation's vocabulary, its templates and its sites."""

    organisation: Written[Organisation]
    templates: tuple[Written[Template], ...] = ()
    sites: tuple[Written[SiteFile], ...] = ()
    by_name: Mapping[str, Template] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        organisation: Written[Organisation],
        templates: Iterable[Written[Template]],
        sites: Iterable[Written[SiteFile]],
    ) -> "Catalogue":
        """A catalogue of these files; the first of two templates with one name holds."""
        kept = tuple(templates)
        by_name = {written.words.template: written.words for written in reversed(kept)}
        return cls(organisation, kept, tuple(sites), by_name)

    def whole(self, name: str) -> Template | None:
        """A template with everything that it inherits; None when there is no such template."""
        return inherited(chain(name, self.by_name))


def read(folder: Path) -> Catalogue:
    """The catalogue in `folder`. Raises InputError with the problems of all files together."""
    problems: list[Problem] = []
    organisation = _file(folder / "organisation.yaml", Organisation, problems)
    templates = [_file(path, Template, problems) for path in _files(folder / "templates", problems)]
    sites = [_file(path, SiteFile, problems) for path in _files(folder / "sites", problems)]
    if problems or organisation is None:
        raise InputError(f"{folder} cannot be used", problems)
    return Catalogue.of(organisation, (each for each in templates if each), (each for each in sites if each))


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
        source = yaml.source(path)
        return Written(yaml.validate(source, model), source)
    except InputError as error:
        problems.extend(error.problems)
        return None
