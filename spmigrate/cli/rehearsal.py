"""`spmigrate rehearsal`: a SharePoint tenant on this machine, to practise on."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from spmigrate.cli import view
from spmigrate.errors import SpmigrateError

_STATE = click.option(
    "--state",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that holds the rehearsal tenant's state.",
)


@click.group(cls=view.InOrder)
def rehearsal() -> None:
    """A SharePoint tenant on this machine, to practise on before the real one."""


@rehearsal.command()
@_STATE
@click.option("--listen", default="127.0.0.1:8443", show_default=True, help="Loopback address; port 0 is a free one.")
@click.option("--expose", is_flag=True, help="Let --listen be an address that other machines can reach.")
@click.option("--seed", help="What the tenant holds besides: default, demo, or a YAML file.")
@click.option(
    "--profile",
    type=click.Choice(["open", "council"]),
    default="open",
    show_default=True,
    help="open: no limits. council: the limits and latency of a tenant of 5,001 to 15,000 licences.",
)
@click.option("--latency", type=click.IntRange(0), help="Milliseconds that each answer takes; the profile's if absent.")
def serve(  # one option, one argument
    state: Path, *, listen: str, expose: bool, seed: str | None, profile: str, latency: int | None
) -> None:
    """Serve the tenant until the process is told to stop; prints one JSON line when ready."""
    with _own_errors():
        try:
            from spmigrate.rehearsal.server import Options
            from spmigrate.rehearsal.server import serve as serve_tenant
        except ModuleNotFoundError as missing:
            raise SpmigrateError(
                f"the rehearsal tenant needs {missing.name}, which is not installed",
                hint="pip install 'spmigrate[rehearsal]'",
            ) from None
        options = Options(state, listen, seed, profile, latency, expose)
        serve_tenant(options, click.echo)


@rehearsal.command()
@_STATE
@view.json_option
def env(state: Path, json_: bool) -> None:
    """Print the shell exports that lead other programs to the running tenant: eval "$(… env --state DIR)"."""
    with _own_errors():
        from spmigrate.rehearsal.client import read_ready
        from spmigrate.rehearsal.environment import exports

        found = exports(read_ready(state))
    if json_:
        view.document(found)
        return
    for name, value in found.items():
        click.echo(f"export {name}={shlex.quote(value)}")


@rehearsal.command()
@_STATE
@click.argument("seed")
@view.json_option
def seed(state: Path, seed: str, json_: bool) -> None:
    """Add what a SEED describes to the running tenant, all of it or nothing: default, demo, or a YAML file."""
    with _own_errors():
        from spmigrate.rehearsal.built_in import read_seed_text

        text, _ = read_seed_text(seed)
    counts = _call(state, "POST", "seed", text=text)
    if json_:
        view.document(counts)
        return
    click.echo(", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "the seed is empty")


@rehearsal.command()
@_STATE
@click.option("--method", default="", help="Only requests with this method.")
@click.option("--host", default="", help="Only hosts that match this regular expression.")
@click.option("--path", default="", help="Only paths that match this regular expression.")
@click.option("--count", type=click.IntRange(1), default=1, show_default=True, help="How many requests are struck.")
@click.option("--skip", type=click.IntRange(0), default=0, help="How many matching requests pass first.")
@click.option("--status", type=int, help="Answer with this status: 429, 503, 500, 504 …")
@click.option("--retry-after", type=click.IntRange(0), help="Seconds in Retry-After.")
@click.option("--reset", type=click.Choice(["before", "after"]), help="Cut the connection before or after the work.")
@click.option("--slow", type=click.FloatRange(0), help="Wait this many seconds first.")
@click.option("--drip", type=click.FloatRange(0), help="Let the body arrive piece by piece in so many seconds.")
@click.option("--expired", type=click.Choice(["token", "url"]), help="Answer as if the token or address had expired.")
@click.option("--clock", type=float, help="Move the tenant's clock on by so many seconds first.")
@click.option("--truncate", type=click.IntRange(0), help="Send only this many bytes of the body.")
@click.option("--clear", is_flag=True, help="Take back all faults.")
@view.json_option
def fault(state: Path, *, clear: bool, count: int, skip: int, json_: bool, **rule: Any) -> None:
    """Let the next requests that match go wrong; without options, list the faults in force."""
    match = {name: rule[name] for name in ("method", "host", "path") if rule[name]}
    names = ("status", "retry_after", "reset", "slow", "truncate", "drip", "expired", "clock")
    action = {name: rule[name] for name in names if rule[name] is not None}
    if clear:
        answer = _call(state, "DELETE", "faults")
    elif action or match:
        answer = _call(state, "POST", "faults", {"match": match, "count": count, "skip": skip, "action": action})
    else:
        answer = _call(state, "GET", "faults")
    click.echo(json.dumps(answer, indent=None if json_ else 2))


@rehearsal.command()
@_STATE
@click.option("--profile", type=click.Choice(["open", "council"]), help="All limits from now on: none, or every one.")
@click.option("--band", help="Licences of the tenant: 0-1000, 1001-5000, 5001-15000, 15001-50000 or 50000+.")
@click.option("--on", multiple=True, metavar="LIMIT", help="Turn one limit on; may be repeated.")
@click.option("--off", multiple=True, metavar="LIMIT", help="Turn one limit off; may be repeated.")
@click.option("--latency", type=click.IntRange(0), help="Milliseconds that each answer takes from now on.")
@view.json_option
def throttle(state: Path, *, json_: bool, **given: Any) -> None:
    """Show the limits and what each application has used of them, or change them.

    LIMIT is app-minute, app-day, tenant, user, undecorated, search, sharing, people, transfer, labels, delegation,
    mails, anonymous or inheritance; jobs, sites and names, the delays of jobs, of new sites and of names that
    unfinished uploads hold, and gzip, which compresses answers, are switched in the same way.
    """
    said = {name: value for name, value in given.items() if value not in (None, ())}
    content = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    answer = _call(state, "POST" if content else "GET", "throttle", content or None)
    click.echo(json.dumps(answer, indent=None if json_ else 2))


@rehearsal.command()
@_STATE
@click.option("--rewriting", type=click.Choice(["on", "off"]), help="Whether uploaded Office files come back changed.")
@view.json_option
def office(state: Path, rewriting: str | None, json_: bool) -> None:
    """Show whether properties are written into uploaded Office files, as the service does, or switch it."""
    content = {"rewriting": rewriting == "on"} if rewriting else None
    answer = _call(state, "POST" if rewriting else "GET", "office", content)
    if json_:
        view.document(answer)
        return
    click.echo("on" if answer["rewriting"] else "off")


@rehearsal.command()
@_STATE
@click.option("--advance", type=float, help="Seconds to move on by.")
@click.option("--set", "moment", help="Moment to go on from, for example 2026-11-21T09:00:00Z.")
@click.option("--real", is_flag=True, help="Go back to real time.")
@view.json_option
def clock(state: Path, advance: float | None, moment: str | None, real: bool, json_: bool) -> None:
    """Show the tenant's clock, or move it."""
    given = {"advance": advance, "set": moment, "reset": real or None}
    content = {name: value for name, value in given.items() if value is not None}
    if len(content) > 1:
        raise click.UsageError("give one of --advance, --set and --real")
    answer = _call(state, "POST" if content else "GET", "clock", content or None)
    if json_:
        view.document(answer)
        return
    click.echo(answer["now"])


@rehearsal.command()
@_STATE
@click.option("--since", type=click.IntRange(0), default=0, help="Only requests after this number.")
@click.option(
    "--unknown", is_flag=True, help="Only what the tenant does not answer (501) or failed at (500), with counts."
)
def requests(state: Path, since: int, unknown: bool) -> None:
    """List what was asked of the tenant, one JSON object a line."""
    query = "unknown=1" if unknown else f"since={since}"
    for entry in _call(state, "GET", f"requests?{query}"):
        click.echo(json.dumps(entry))


@rehearsal.command()
@_STATE
@view.json_option
def reset(state: Path, json_: bool) -> None:
    """Forget everything and begin again with the default tenant."""
    answer = _call(state, "POST", "reset")
    if json_:
        view.document(answer)
        return
    click.echo("the tenant is as new")


def _call(state: Path, method: str, name: str, content: object = None, *, text: str | None = None) -> Any:
    with _own_errors():
        from spmigrate.rehearsal.client import ControlClient

        return ControlClient(state).call(method, name, content, text=text)


@contextmanager
def _own_errors() -> Iterator[None]:
    from spmigrate.rehearsal.errors import RehearsalError

    try:
        yield
    except RehearsalError as error:
        raise SpmigrateError(error.message, hint=error.hint) from None
