"""`spmigrate explain`: a finding code, an outcome code, a rule or an exit code, from its own source."""

import contextlib
import difflib

import click

from spmigrate.cli import view
from spmigrate.errors import ConfigError, ExitCode, UsageProblem
from spmigrate.model import Outcome, Treatment

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

WORDS = {
    Outcome.COPIED: ("the file is in its new home", "Nothing; verify the wave to have it compared with the original."),
    Outcome.SKIPPED: ("the file stays where it is, by a rule or by its owner's decision", "The code says which."),
    Outcome.ROUTED: ("the file belongs in another kind of system", "The code says which; its owner takes it there."),
    Outcome.FAILED: ("the file could not be moved", "The code says why and what to do; it is still at the source."),
    Outcome.VANISHED: ("the file was scanned and is gone from the source now", "Ask its owner if it matters."),
    Treatment.NOTE: ("worth knowing; the file moves as it is", "Nothing."),
    Treatment.RENAME: ("the file moves under a new name", "The owner decides 'Move and tidy', otherwise it fails."),
    Treatment.SKIP: ("a rule leaves the file where it is", "Nothing."),
    Treatment.ROUTE: ("a rule sends the file to another kind of system", "Its owner takes it there."),
    Treatment.BLOCK: ("SharePoint cannot take the file as it is", "The finding's code says what to do."),
}
"""The words of accounts and scans: their meaning, and what to do."""

_Known = dict[str, str]
"""What there is to say of one code: `title` and `remedy`, of a rule also `severity` and `why`."""

_HINT = "codes: spmigrate scan report, spmigrate wave status; rules: spmigrate rule list; exit codes: 0 to 5 and 130"


@click.command()
@click.argument("code")
@view.json_option
@view.pass_session
def explain(session: view.Session, code: str, json_: bool) -> ExitCode:
    """Explain CODE: a finding, an outcome or its code, a rule of the working folder, or an exit code such as 3."""
    known = _built_in()
    if code.upper() not in known:
        with contextlib.suppress(ConfigError):  # outside a working folder there are no rules to explain
            known |= _rules(session)
    found = known.get(code.upper())
    if found is None:
        near = difflib.get_close_matches(code.upper(), known, n=3, cutoff=0.4)
        raise UsageProblem(
            f"nothing is called '{code}'",
            hint="did you mean " + " or ".join(near) + "?" if near else _HINT,
        )
    if json_:
        view.document({"code": code.upper(), **found})
    else:
        severity = f" ({found['severity']})" if "severity" in found else ""
        view.line(f"{code.upper()}: {found['title']}{severity}")
        for key in ("why", "remedy"):
            if key in found:
                view.line(found[key])
    return ExitCode.DONE


def _built_in() -> dict[str, _Known]:
    from spmigrate.cli.report import explanations
    from spmigrate.provision import new_site

    known = {str(int(exit_code)): text for exit_code, text in EXIT_CODES.items()}
    known |= {word.upper(): text for word, text in WORDS.items()}
    known |= {code: (each.title, each.remedy) for code, each in explanations().items()}
    known |= {code: (text, _TOLD_WHERE) for code, text in _site_rules().items()}
    known |= {code: (text, new_site.REMEDIES[code]) for code, text in new_site.RULES.items()}
    return {code: {"title": title, "remedy": remedy} for code, (title, remedy) in known.items()}


_TOLD_WHERE = "Each finding stands at file:line:column, with what to write instead."


def _site_rules() -> dict[str, str]:
    """The rules of `template lint`."""
    from spmigrate.provision.lint import RULES

    return dict(RULES)


def _rules(session: view.Session) -> dict[str, _Known]:
    from spmigrate.govern import rules

    return {
        rule.id: {"title": rule.title, "severity": rule.severity.value, "why": rule.why, "remedy": rule.remedy}
        for rule in rules.load(session.place.governance_rules)
    }
