"""`spmigrate explain`: a finding code, an outcome code, a rule or an exit code, from its own source."""

import contextlib
import difflib

import click

from spmigrate.cli import view
from spmigrate.errors import ConfigError, ExitCode, UsageProblem

EXIT_CODES = {
    ExitCode.DONE: ("done and clean", "Nothing is left to do."),
    ExitCode.FAILED: ("could not finish", "Read the error and its hint, then run the same command again."),
    ExitCode.USAGE: ("the command line was not understood", "Look at the command's --help."),
    ExitCode.FINDINGS: ("finished, with findings or failures", "Each is listed with what to do about it."),
    ExitCode.PENDING: ("changes are pending", "Look at the plan, then apply it."),
    ExitCode.INCOMPLETE: ("incomplete: something could not be checked", "It is listed first; it is never a pass."),
    ExitCode.INTERRUPTED: ("interrupted", "It is safe to run the same command again."),
}
"""Every exit code: its meaning, and what to do."""


@click.command()
@click.argument("code")
@view.json_option
@view.pass_session
def explain(session: view.Session, code: str, json_: bool) -> ExitCode:
    """Explain CODE: a finding, an outcome, a rule of the working folder, or an exit code such as 3."""
    known = _built_in()
    if code.upper() not in known:
        with contextlib.suppress(ConfigError):  # outside a working folder there are no rules to explain
            known |= _rules(session)
    found = known.get(code.upper())
    if found is None:
        near = difflib.get_close_matches(code.upper(), known, n=3, cutoff=0.4)
        raise UsageProblem(
            f"nothing is called '{code}'",
            hint="did you mean " + " or ".join(near) + "?" if near else "rules: spmigrate rule list",
        )
    if json_:
        view.document({"code": code.upper(), "title": found[0], "remedy": found[1]})
    else:
        view.line(f"{code.upper()}: {found[0]}")
        view.line(found[1])
    return ExitCode.DONE


def _built_in() -> dict[str, tuple[str, str]]:
    from spmigrate.cli.report import explanations

    known = {str(int(exit_code)): text for exit_code, text in EXIT_CODES.items()}
    return known | {code: (each.title, each.remedy) for code, each in explanations().items()}


def _rules(session: view.Session) -> dict[str, tuple[str, str]]:
    from spmigrate.govern import rules

    return {
        rule.id: (f"{rule.title} ({rule.severity})", f"{rule.why}\n{rule.remedy}")
        for rule in rules.load(session.place.governance_rules)
    }
