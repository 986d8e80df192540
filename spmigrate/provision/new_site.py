"""A new site as a champion asks for it: who may ask for what, one answer at a time, and the file that it becomes. Pure.

A site file is judged as the linter judges it, among all others; what is advice to a designer is a refusal here, because
a champion has nobody to weigh it with.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml, yaml_text
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import Champion, Parameter, SiteFile, Template, Unit
from spmigrate.provision.lint import errors
from spmigrate.provision.lint.design import design_problems, unlasting_words
from spmigrate.provision.lint.rules import Finding
from spmigrate.provision.lint.sites import answer_problems
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve import DesiredSite
from spmigrate.provision.resolve.access import login
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import Kind, name_key

Entry = dict[str, Any]

RULES: Mapping[str, str] = {
    "NEW-01": "Whoever asks for a site is a champion of organisation.yaml.",
    "NEW-02": "A champion makes sites in their own branch.",
    "NEW-03": "A champion uses the templates that are approved for them.",
    "NEW-04": "The address of a new site is free.",
}
"""What binds champions, beside the rules of `template lint`."""

REMEDIES: Mapping[str, str] = {
    "NEW-01": "Give an id of `champions` in organisation.yaml, or have the platform's owners add you there.",
    "NEW-02": "Choose a unit of your branch, or ask the champion of the unit's branch for the site.",
    "NEW-03": "Choose one of your templates, or have another added to your entry in `champions` of organisation.yaml.",
    "NEW-04": "Leave the address out, and a free one is drawn.",
}
"""What to do about each."""

_CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters and digits of an address, without those that look alike."""
_CODE_LENGTH = 5
_BLANK_ADDRESS = "/sites/new"


def champion_of(catalogue: Catalogue, role: str) -> Champion:
    """The champion with this role id. Raises InputError for anybody else."""
    champions = catalogue.organisation.words.champions
    found = next((each for each in champions if name_key(each.role) == name_key(role)), None)
    if found is None:
        hint = suggestion(role, (each.role for each in champions))
        raise InputError("the site cannot be asked for", [Finding(role, "is no champion", hint, "NEW-01")])
    return found


def templates_for(catalogue: Catalogue, champion: Champion | None) -> list[Template]:
    """The templates that make sites, as far as this champion may use them; without a champion all."""
    wholes = [whole for name in catalogue.by_name if (whole := catalogue.whole(name)) and whole.kind is not None]
    allowed = {name_key(name) for name in champion.templates} if champion else set()
    return [each for each in wholes if champion is None or name_key(each.template) in allowed]


def units_for(catalogue: Catalogue, champion: Champion | None) -> list[Unit]:
    """The units that a site of this champion may belong to: the branch and all below it."""
    units = {unit.code: unit for unit in catalogue.organisation.words.units}
    return [unit for unit in units.values() if champion is None or champion.branch in _codes(unit, units)]


def unit_path(catalogue: Catalogue, unit: Unit) -> str:
    """The unit as site files write it, from the top: `HWT/HWM`."""
    units = {each.code: each for each in catalogue.organisation.words.units}
    return "/".join(reversed(_codes(unit, units)))


def _codes(unit: Unit, units: Mapping[str, Unit]) -> list[str]:
    """The codes of a unit and of those above it."""
    found = [unit.code]
    while (above := units.get(unit.part_of or "")) is not None and above.code not in found:
        found.append(above.code)
        unit = above
    return found


def propose_address(catalogue: Catalogue, template: Template, choose: Callable[[Sequence[str]], str]) -> str:
    """An address that no site file has: the letter of the kind, and five letters and digits by chance."""
    letters = catalogue.organisation.words.naming.address_letters
    letter = letters.get(template.kind, "s") if template.kind else "s"
    taken = {name_key(each.words.address) for each in catalogue.sites}
    while True:
        code = "".join(choose(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        address = f"/sites/{letter}-{code}"
        if address not in taken and re.search(r"[0-9]", code) and re.search(r"[a-z]", code):
            return address


def read_answer(question: Parameter, text: str) -> str | tuple[str, ...]:
    """What was typed as an answer: entries of a list have commas between them."""
    if question.is_list:
        return tuple(each.strip() for each in text.split(",") if each.strip())
    return text.strip()


def wrong_answer(catalogue: Catalogue, template: Template, question: Parameter, answer: object) -> Problem | None:
    """What is wrong with one answer, told as soon as it is given; None when it will do."""
    entry: Entry = {"address": _BLANK_ADDRESS, "template": template.template, "answers": {question.name: answer}}
    try:
        written = site_file(entry)
    except InputError as error:
        return error.problems[0]
    wrong = next(answer_problems(catalogue, written, question, question.name), None)
    if wrong is None and template.site is not None and template.site.title == f"{{{question.name}}}":
        unlasting = unlasting_words(catalogue, str(answer))
        return next((Finding(question.name, text, hint, "DES-08") for text, hint in unlasting), None)
    return wrong


def logins_of(catalogue: Catalogue, question: Parameter, answer: object) -> list[str]:
    """The sign-in names of the people whom an answer names; none for a question that asks for something else."""
    if question.answer != "People":
        return []
    vocabulary = Vocabulary(catalogue.organisation.words)
    people = answer if isinstance(answer, list | tuple) else [answer]
    return [login(vocabulary, str(each)) for each in people]


def site_file(entry: Entry, *, name: str = "the new site") -> Written[SiteFile]:
    """A site file from its document. Raises InputError."""
    source = yaml.Source(yaml_text.dump(_plain(entry)), name)
    return Written(yaml.validate(source, SiteFile), source)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each not in ("", None, (), [])}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def joined(catalogue: Catalogue, written: Written[SiteFile]) -> Catalogue:
    """The catalogue with one more site file."""
    organisation, templates, sites = catalogue.organisation, catalogue.templates, (*catalogue.sites, written)
    return Catalogue.of(organisation, templates, sites, pages=catalogue.pages, assets=catalogue.assets)


def refusals(catalogue: Catalogue, written: Written[SiteFile], champion: Champion | None) -> Iterator[Problem]:
    """Why this site cannot be asked for: every rule that it breaks, each named."""
    yield from _bounds(catalogue, written, champion)
    whole = joined(catalogue, written)
    found = errors(whole) or list(design_problems(whole))
    yield from (problem for problem in found if problem.where.startswith(written.source.name))


def _bounds(catalogue: Catalogue, written: Written[SiteFile], champion: Champion | None) -> Iterator[Problem]:
    if champion is None:
        return
    file, where = written.words, written.source.where
    codes = {unit.code for unit in units_for(catalogue, champion)}
    names = {unit.name for unit in units_for(catalogue, champion)}
    last = file.unit.rpartition("/")[2]
    if last not in codes | names:
        text = f"'{file.unit or 'no unit'}' is not in the branch {champion.branch} of {champion.role}"
        yield Finding(where(("unit",)), text, suggestion(last, sorted(codes)), "NEW-02")
    if name_key(file.template) not in {name_key(name) for name in champion.templates}:
        text = f"'{file.template}' is not approved for {champion.role}"
        yield Finding(where(("template",)), text, suggestion(file.template, champion.templates), "NEW-03")


def in_words(catalogue: Catalogue, site: DesiredSite) -> Iterator[str]:
    """The site in plain sentences, for whoever asked for it."""
    own = site.contents.get(Kind.SITE)
    kind = str(own.attributes.get("type") if own else "Site")
    units = {unit.code: unit.name for unit in catalogue.organisation.words.units}
    unit = " of ".join(units.get(part, part) for part in reversed(site.unit.split("/")) if part)
    yield f"“{site.title}”: a {kind.lower().replace('microsoft', 'Microsoft')} at {site.address}" + (
        f", for {unit}." if unit else "."
    )
    for role, can in (("Owners", "decide about everything"), ("Members", "read and change"), ("Visitors", "read only")):
        people = [
            str(part.attributes["login"]).partition("@")[0]
            for part in site.contents.parts.values()
            if part.kind is Kind.PERSON and part.attributes["role"] == role
        ]
        yield f"{role}, who {can}: {', '.join(people) or 'nobody yet'}."
    libraries = [part.label for part in site.contents.parts.values() if part.kind in (Kind.LIBRARY, Kind.LIST)]
    yield f"It holds {', '.join(libraries)}."
    sharing = site.contents.get(Kind.SHARING)
    outside = sharing.attributes.get("external sharing") if sharing else "as the tenant says"
    yield f"Outside the organisation: {outside}."
    hub = site.contents.get(Kind.HUB_MEMBERSHIP)
    if hub:
        yield f"It joins the hub {hub.attributes['hub']}."
    yield "Nobody else sees it."


def register_entry(site: DesiredSite, *, review_by: str) -> str:
    """The entry of the register of sites for a new site, as YAML lines of its list."""
    owners = [
        str(part.attributes["login"]).partition("@")[0]
        for part in site.contents.parts.values()
        if part.kind is Kind.PERSON and part.attributes["role"] == "Owners"
    ]
    entry = {
        "address": site.address, "title": site.title, "kind": site.kind.lower(),
        "marking": site.marking or "OFFICIAL", "owners": owners, "review by": review_by,
    }  # fmt: skip
    lines = yaml_text.dump(entry).splitlines()
    return "\n".join([f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])]) + "\n"
