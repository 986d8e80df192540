"""`site new`: a champion's ten minutes. Plain questions, a plain answer, one small file, and its plan."""

import contextlib
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate.cli import sites, tenants, view
from spmigrate.cli.directory import Directory
from spmigrate.errors import ExitCode, InputError, Problem, SpmigrateError, TenantError, UsageProblem

if TYPE_CHECKING:
    from spmigrate.provision.catalogue import Catalogue, Written
    from spmigrate.provision.language import Champion, Parameter, SiteFile, Template
    from spmigrate.provision.resolve import DesiredSite

_UNTIL_REVIEW = timedelta(days=365)
_FIELDS = ("business class", "marking")
_UNSEEN = "whether {address} is free could not be checked: {why}"


@click.command()
@click.option(
    "--champion", metavar="ROLE", help="Who asks: a champion of organisation.yaml.", envvar="SPMIGRATE_CHAMPION"
)
@click.option(
    "--answers", type=click.Path(path_type=Path), metavar="FILE", help="Take all answers from this site file."
)
@click.option("--no-tenant", is_flag=True, help="Do not look whether the address is free, and do not plan.")
@sites.yes_option
@view.json_option
@view.pass_session
def new(
    session: view.Session, champion: str | None, answers: Path | None, no_tenant: bool, yes: bool, json_: bool
) -> ExitCode:
    """Ask for a site in plain words, write its file, and plan it. Nothing is made until the plan is applied.

    A champion chooses among the templates approved for them, for units of their own branch. Every answer is checked as
    it is given. With --answers, FILE is a site file whose address may be left out: no terminal is needed then.

    Exit codes: 0 the file is written, 1 refused or declined, 5 whether the address is free could not be checked.
    """
    from spmigrate.provision import new_site
    from spmigrate.provision.lint import review

    catalogue = review(session.place.site_templates).catalogue
    asking = _champion(catalogue, champion, interactive=answers is None)
    with _refusals_kept(session, champion):
        with Directory(session, ask=not no_tenant) as directory:
            entry = _from_file(answers) if answers else _ask(catalogue, asking, directory)
        template = _template(catalogue, entry)
        entry.setdefault("address", new_site.propose_address(catalogue, template, secrets.choice))
        written = new_site.site_file(entry, name=str(answers) if answers else "your answers")
        problems = list(new_site.refusals(catalogue, written, asking))
        state = None if no_tenant else _look(session, written.words.address, problems)
        if problems:
            hint = None if answers else _kept(entry)
            raise InputError("the site cannot be asked for; nothing was written", problems, hint=hint)
    return _write(session, catalogue, written, unseen=state, plan=not no_tenant, yes=yes, json_=json_)


def _kept(entry: dict[str, Any]) -> str:
    """Keep what was typed, so that nobody types it twice; returns what to do with it."""
    from spmigrate.provision.new_site import site_file

    path = Path("new-site-answers.yaml")
    path.write_text(text_of(site_file(entry)), "utf-8")
    return f"your answers are kept in {path}: correct it, then run this command again with --answers {path}"


def text_of(written: "Written[SiteFile]") -> str:
    """The site file as it is written."""
    from spmigrate.provision.language import text

    return text(written.words)


def _champion(catalogue: "Catalogue", role: str | None, *, interactive: bool) -> "Champion | None":
    """Who asks; nobody in particular where the organisation names no champions."""
    from spmigrate.provision import new_site

    champions = catalogue.organisation.words.champions
    if not champions:
        return None
    if role is None and interactive:
        role = _choose("Who are you?", [each.role for each in champions])
    if role is None:
        raise UsageProblem("who asks for the site is not said", hint="add --champion with your role id")
    return new_site.champion_of(catalogue, role)


def _from_file(path: Path) -> dict[str, Any]:
    from spmigrate.formats import yaml

    found = yaml.source(path).value
    if not isinstance(found, dict):
        raise InputError(f"{path} cannot be used", [Problem(str(path), "it holds no answers", "write a site file")])
    return found


def _template(catalogue: "Catalogue", entry: dict[str, Any]) -> "Template":
    from spmigrate.provision.nearest import suggestion

    name = str(entry.get("template") or "")
    template = catalogue.whole(name)
    if template is None or template.kind is None:
        known = [each for each in catalogue.by_name if (whole := catalogue.whole(each)) and whole.kind]
        problem = Problem("template", f"no template for sites is called '{name}'", suggestion(name, known))
        raise InputError("the site cannot be asked for; nothing was written", [problem])
    return template


def _ask(catalogue: "Catalogue", champion: "Champion | None", directory: Directory) -> dict[str, Any]:
    """Every question in turn, each answer checked before the next."""
    from spmigrate.provision import new_site

    allowed = {f"{each.template}: {each.purpose}": each for each in new_site.templates_for(catalogue, champion)}
    template = allowed[_choose("What sort of site?", list(allowed))]
    entry: dict[str, Any] = {"template": template.template}
    units = {f"{unit.name} ({unit.code})": unit for unit in new_site.units_for(catalogue, champion)}
    if units:
        entry["unit"] = new_site.unit_path(catalogue, units[_choose("Which unit does it belong to now?", list(units))])
    answers = {}
    for question in template.parameters:
        answer = _answer(catalogue, template, question, directory, near=str(entry.get("unit") or ""))
        if answer:
            answers[question.name] = answer
    entry["answers"] = answers
    for name in _FIELDS:
        choices = _column_choices(catalogue, name)
        if choices:
            entry[name] = _choose(f"{name.capitalize()}?", choices)
    return entry


def _column_choices(catalogue: "Catalogue", name: str) -> list[str]:
    """The choices of the site column that a field of a site file is checked against."""
    columns = catalogue.organisation.words.site_columns
    return next((list(each.choices) for each in columns if each.name.casefold() == name), [])


def _answer(
    catalogue: "Catalogue", template: "Template", question: "Parameter", directory: Directory, *, near: str
) -> Any:
    from spmigrate.provision import new_site

    if question.help:
        view.note(question.help)
    if question.choices_from or question.answer == "Choice":
        choices = _site_choices(catalogue, question, near=near) if question.choices_from else list(question.choices)
        if choices:
            return _choose(question.ask, choices).partition("  ")[0]
    extra = f" (for example: {question.example})" if question.example else ""
    extra += " (with commas between)" if question.is_list else ""
    default = _default(question)
    while True:
        text = click.prompt(question.ask + extra, default=default, show_default=bool(default), err=True)
        if not text.strip() and question.optional:
            return None
        answer = new_site.read_answer(question, text)
        wrong = new_site.wrong_answer(catalogue, template, question, answer) if answer else _MISSING
        wrong = wrong or _unknown(catalogue, question, answer, directory)
        if wrong is None:
            return answer
        view.note(f"  {wrong.text}" + (f" ({wrong.hint})" if wrong.hint else ""))


def _unknown(catalogue: "Catalogue", question: "Parameter", answer: Any, directory: Directory) -> Problem | None:
    """People who are not in the directory."""
    from spmigrate.provision.new_site import logins_of

    missing = directory.missing(logins_of(catalogue, question, answer))
    if not missing:
        return None
    text = f"nobody in the directory signs in as {', '.join(missing)}"
    return Problem(question.name, text, "correct the role; a new one is made in Microsoft Entra first")


_MISSING = Problem("", "this must be answered")


def _default(question: "Parameter") -> str | None:
    given = question.default
    if given is None:
        return "" if question.optional else None
    if isinstance(given, bool):
        return "yes" if given else "no"
    return ", ".join(given) if isinstance(given, tuple) else str(given)


def _site_choices(catalogue: "Catalogue", question: "Parameter", *, near: str) -> list[str]:
    """Sites of a kind, by address and title; those of the same branch first."""
    from spmigrate.provision.resolve import desired_site

    found = []
    for each in catalogue.sites:
        whole = catalogue.whole(each.words.template)
        if whole is not None and question.choices_from is not None and whole.kind is question.choices_from.kind:
            elsewhere = each.words.unit.split("/")[0] != near.split("/")[0]
            found.append((elsewhere, f"{each.words.address}  {desired_site(catalogue, each.words).title}"))
    return [shown for _, shown in sorted(found)]


def _choose(question: str, choices: Sequence[str]) -> str:
    """One of a numbered list, by its number or by its name."""
    view.note(question)
    for number, choice in enumerate(choices, 1):
        view.note(f"  {number}  {choice}")
    while True:
        given = str(click.prompt("Number", err=True)).strip()
        if given.isdecimal() and 1 <= int(given) <= len(choices):
            return choices[int(given) - 1]
        meant = [choice for choice in choices if given.casefold() in _names(choice)]
        if len(meant) == 1:
            return meant[0]
        view.note(f"  write a number from 1 to {len(choices)}")


def _names(choice: str) -> set[str]:
    """What people may write for a choice: all of it, what stands before a colon or two spaces, or in brackets."""
    whole = choice.casefold()
    code = whole.rpartition("(")[2].rstrip(")") if whole.endswith(")") else whole
    return {whole, whole.partition(":")[0], whole.partition("  ")[0], code, whole.partition(" (")[0]}


def _look(session: view.Session, address: str, problems: list[Problem]) -> str | None:
    """Whether the address is free: a problem when it is not, a reason when nobody could look."""
    from spmigrate.provision.lint.rules import Finding
    from spmigrate.tenant.site.addresses import AddressState, state_of

    try:
        with tenants.connect(session) as tenant:
            state = state_of(tenant, address)
    except (TenantError, SpmigrateError) as error:
        return error.message
    if state is not AddressState.FREE:
        problems.append(Finding(address, f"the address is {state.text}", state.hint, "NEW-04"))
    return None


@contextlib.contextmanager
def _refusals_kept(session: view.Session, champion: str | None) -> Iterator[None]:
    """A refusal is written to the journal with the rules that it names, for whoever answers for champions."""
    from spmigrate.store import sites as applied_sites

    try:
        yield
    except InputError as error:
        rules = sorted({str(getattr(each, "rule", "")) for each in error.problems} - {""})
        entry = applied_sites.Entry("site new", champion or "", 0, "add", ", ".join(rules) or "a site", {}, {})
        applied_sites.journal(session.ledger, entry, "failed", "; ".join(map(str, error.problems)))
        raise


def _write(
    session: view.Session,
    catalogue: "Catalogue",
    written: "Written[SiteFile]",
    *,
    unseen: str | None,
    plan: bool,
    yes: bool,
    json_: bool,
) -> ExitCode:
    from spmigrate.provision import new_site
    from spmigrate.provision.resolve import desired_site

    site = desired_site(new_site.joined(catalogue, written), written.words)
    address = site.address
    if not json_:
        for sentence in new_site.in_words(catalogue, site):
            view.line(sentence)
        if unseen:
            view.line(_UNSEEN.format(address=address, why=unseen))
    view.confirm("Write the file of this site?", yes=yes)
    folder = session.place.site_templates / "sites"
    path = folder / f"{_file_name(site.title) or address.rpartition('/')[2]}.yaml"
    if path.exists():
        path = folder / f"{address.rpartition('/')[2]}.yaml"
    path.write_text(text_of(written), "utf-8")
    unregistered = _register(session, site)
    registered = not unregistered
    clear = True
    if json_:
        view.document({"site": address, "file": str(path), "registered": registered, "address_checked": unseen is None})
    else:
        view.line(f"\n{path} is written" + (", and its entry in the register of sites." if registered else "."))
        if plan and unseen is None:
            clear = _plan(session, address)
        if clear:
            view.note(f"next: spmigrate template preview {address} shows it as a page; spmigrate site apply {address}")
        else:
            view.note(f"next: correct {path}, or whatever else stands in the way; then: spmigrate site plan {address}")
    if unregistered:
        view.note(f"not entered in the register of sites: {unregistered}")
        view.note(f"enter {address} in governance_rules/sites.yaml: a site that is not there is a finding (LIF-06)")
    return ExitCode.INCOMPLETE if unseen else ExitCode.DONE


def _file_name(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")


def _register(session: view.Session, site: "DesiredSite") -> str:
    """Add the site to the register of sites, if what comes of it can be used; returns why it was not, or nothing."""
    from spmigrate.govern import site_register
    from spmigrate.provision.new_site import register_entry
    from spmigrate.registers.people import read_people

    path = session.place.governance_rules / site_register.FILE
    review_by = (site.review_date or (datetime.now(UTC).date() + _UNTIL_REVIEW)).isoformat()
    try:
        people = read_people(path.parent).ids()
        before = path.read_text("utf-8")
        path.write_text(before.rstrip("\n") + "\n\n" + register_entry(site, review_by=review_by), "utf-8")
    except (OSError, InputError) as error:
        return _why(error)
    try:
        site_register.read_sites(path.parent, people=people)
    except InputError as error:
        path.write_text(before, "utf-8")
        return _why(error)
    return ""


def _why(error: OSError | InputError) -> str:
    return "; ".join(each.text for each in error.problems) if isinstance(error, InputError) else str(error)


def _plan(session: view.Session, address: str) -> bool:
    """Show the plan of the new site; whether nothing stands in its way."""
    catalogue, desired = sites.choose(session, [address])
    with tenants.connect(session) as tenant:
        planned = sites.plan(session, tenant, desired, workers=1)
    view.line()
    sites.show(planned.plan, catalogue)
    sites.show_trouble(planned)
    return not planned.obstacles and not planned.unread
