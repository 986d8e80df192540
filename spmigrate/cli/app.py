"""The root command: which commands there are, in the order of work, and the one error boundary.

Commands are imported when they are used, so that `--help` and offline commands start at once.
"""

import errno
import importlib
import os
from pathlib import Path

import click

from spmigrate import __version__
from spmigrate.cli import view
from spmigrate.errors import ExitCode, SpmigrateError, UsageProblem

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("setup", "Lay out a working folder."),
    "doctor": ("setup", "Check configuration, sign-in, permissions and reachability."),
    "demo": ("demo", "The whole journey on a rehearsal tenant, in a minute."),
    "rehearsal": ("rehearsal", "A SharePoint Online tenant on this machine, for practice."),
    "template": ("template", "Site templates: the council's sites as code."),
    "site": ("site", "Plan and apply sites from their templates."),
    "estate": ("estate", "Make a sample file share, for rehearsal."),
    "scan": ("scan", "Look at what is to be moved, and say what SharePoint would refuse."),
    "people": ("people", "The register of people: who starts, who leaves, and what everybody has learnt."),
    "mapping": ("mapping", "Workbooks that data owners decide in, and their sign-off."),
    "wave": ("wave", "Move signed rows, verify them and account for every file."),
    "worker": ("worker", "Work on the waves of a ledger that several machines share."),
    "rule": ("rule", "Check the tenant against the council's governance rules."),
    "partner": ("partner", "Check guests and partners against the register."),
    "where-is": ("where_is", "Say where a folder or a file of the old drives is now."),
    "report": ("report", "One accessible HTML report of everything in the ledger."),
    "explain": ("explain", "Explain a finding code, a rule or an exit code."),
}
"""Every command: the module of `spmigrate.cli` that holds it, and its one line of help."""


class OrderOfWork(click.Group):
    """A group that lists its commands in the order of work and imports them when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, as they are used one after the other."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"spmigrate.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for `--help`, from the table above: no command is imported for it."""
        with formatter.section("Commands, in the order of work"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=OrderOfWork, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="spmigrate")
@click.option("--config", type=click.Path(path_type=Path), help="spmigrate.yaml to use, instead of the nearest one.")
@click.option("-v", "--verbose", count=True, help="Show events on stderr; twice for every request.")
@click.pass_context
def app(ctx: click.Context, config: Path | None, verbose: int) -> None:
    """Move a council's shared drives to SharePoint, and keep what grows there in order.

    Exit codes: 0 done and clean, 1 could not finish, 2 usage, 3 finished with findings or failures, 4 changes pending,
    5 incomplete: something could not be checked, 130 interrupted and safe to run again.
    """
    ctx.obj = view.Session(config=config, verbose=verbose)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code: the only place where exceptions become messages."""
    view.as_json.set("--json" in arguments)
    try:
        return _carry_out(arguments)
    except OSError as error:
        # Whoever reads our output has gone, or cannot take it: nothing is left to say, at the end of the process too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ExitCode.INTERRUPTED if isinstance(error, BrokenPipeError) else ExitCode.FAILED


def _carry_out(arguments: list[str]) -> int:
    """The same, but for output that cannot be written: then OSError is raised."""
    try:
        result = app.main(arguments, prog_name="spmigrate", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        return _refuse_usage(error)
    except (KeyboardInterrupt, click.Abort):
        view.note("interrupted: it is safe to run the same command again")
        return ExitCode.INTERRUPTED
    except SpmigrateError as error:
        view.error(error)
        return error.exit_code
    except SystemExit:
        # No command leaves so: click does, when nobody reads its output any more.
        raise BrokenPipeError from None
    except BrokenPipeError:
        raise
    except OSError as error:
        view.error(_os_error(error))
        return ExitCode.FAILED
    except Exception:  # noqa: BLE001 - the boundary: a fault of ours becomes one line and a file with the details
        import traceback

        view.crash(traceback.format_exc())
        return ExitCode.FAILED
    return int(result) if isinstance(result, int) else ExitCode.DONE


def _refuse_usage(error: click.ClickException) -> ExitCode:
    """Say what is wrong with the command line, in the one form of all errors."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        view.note(context.get_usage())
    name = context.command_path if context is not None else "spmigrate"
    problem = UsageProblem(error.format_message().strip().rstrip("."), hint=f"see: {name} --help")
    view.error(problem)
    return problem.exit_code


_FULL = "free some space, then run the same command again"
_NOT_OURS = "make it yours to read and write, or choose another place"
_OS_HINTS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _NOT_OURS,
    errno.EPERM: _NOT_OURS,
    errno.EROFS: _NOT_OURS,
    errno.ENOENT: "check the path: the folders on the way must exist",
    errno.ENOTDIR: "check the path: a file stands where a folder should be",
    errno.EISDIR: "name a file, not a folder",
}
"""What to do about an error of the operating system."""


def _os_error(error: OSError) -> SpmigrateError:
    where = f"{error.filename}: " if error.filename else ""
    hint = _OS_HINTS.get(error.errno or 0, "check the disk and the path, then run the same command again")
    return SpmigrateError(f"{where}{error.strerror or error}", hint=hint)
