"""Moving sites to another hub: a change of an answer in their files, since areas and directorates come and go."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml_edit
from spmigrate.formats.whole import writing
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import PLACEHOLDER, SiteFile
from spmigrate.tenant.contents import name_key


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A site's file with the new answer. `old` is the hub that it named before, empty for none."""

    address: str
    path: Path
    old: str
    text: str


def rewrite(catalogue: Catalogue, addresses: Sequence[str], *, hub: str = "", area: str = "") -> list[Rewritten]:
    """The files of these sites with their hub answered anew, and the successor area, where that is given.

    Raises InputError with every site whose template does not ask for its hub; nothing is written.
    """
    files = {written.words.address: written for written in catalogue.sites}
    problems: list[Problem] = []
    found: list[Rewritten] = []
    for address in addresses:
        written = files[address]
        answer = _question(catalogue, written)
        if hub and answer is None:
            hint = "change what 'hub: member of' says in the template, or ask there for the hub"
            problems.append(Problem(written.source.where(("template",)), "its template does not ask for a hub", hint))
        elif hub == address:
            problems.append(Problem(written.source.where(("address",)), "a site cannot be its own hub"))
        else:
            found.append(_rewritten(written, answer or "", hub=hub, area=area))
    if problems:
        raise InputError("these sites cannot be moved; nothing was changed", problems)
    return found


def save(files: Sequence[Rewritten]) -> None:
    """Write the files, each whole or not at all. Raises OSError."""
    for each in files:
        with writing(each.path) as partial:
            partial.write_bytes(each.text.encode())


def in_area(catalogue: Catalogue, area: str) -> list[str]:
    """The addresses of the sites that go to a successor area."""
    return [each.words.address for each in catalogue.sites if name_key(each.words.successor_area) == name_key(area)]


def _question(catalogue: Catalogue, written: Written[SiteFile]) -> str | None:
    """The name of the question whose answer is the site's hub."""
    template = catalogue.whole(written.words.template)
    asked = PLACEHOLDER.fullmatch(template.hub.member_of or "") if template else None
    return asked[1] if asked else None


def _rewritten(written: Written[SiteFile], question: str, *, hub: str, area: str) -> Rewritten:
    path = Path(written.source.name)
    text = path.read_bytes().decode()
    # The answer may be written in another case than the question.
    name = next((name for name in written.words.answers if name_key(name) == name_key(question)), question)
    old = written.words.answers.get(name, "")
    if hub:
        text = yaml_edit.set_text(text, str(path), ("answers", name), value=hub)
    if area:
        text = yaml_edit.set_text(text, str(path), ("successor area",), value=area)
    return Rewritten(written.words.address, path, old if isinstance(old, str) else "", text)
