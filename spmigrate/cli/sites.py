"""What the commands about sites share: which sites are meant, the tenant, reading with progress, saved plans."""

import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from spmigrate.cli import progress, view
from spmigrate.errors import ExitCode, InputError, Problem, UsageProblem

if TYPE_CHECKING:
    from spmigrate.plan.change import Plan
    from spmigrate.provision.catalogue import Catalogue
    from spmigrate.provision.provisioning import Planned
    from spmigrate.provision.resolve import DesiredSite
    from spmigrate.store.ledger import Ledger
    from spmigrate.tenant.session import Tenant

F = TypeVar("F", bound=Callable[..., Any])

addresses_argument = click.argument("addresses", nargs=-1, metavar="[SITE]...")
workers_option = click.option(
    "--workers", type=click.IntRange(1, 8), default=4, show_default=True, help="How many sites to work on at once."
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask before changing anything.")


def chosen_sites(command: F) -> F:
    """The three ways to say which sites a command is about."""
    every = click.option("--all", "every", is_flag=True, help="All sites; so it is too when no site is named.")
    template = click.option("--template", help="The sites that stand on this template.")
    return addresses_argument(every(template(command)))


def choose(
    session: view.Session, addresses: Sequence[str], *, every: bool = False, template: str | None = None
) -> "tuple[Catalogue, list[DesiredSite]]":
    """The catalogue and the sites that a command is about, hubs first. Raises UsageProblem, InputError."""
    from spmigrate.provision.lint import review
    from spmigrate.provision.nearest import suggestion
    from spmigrate.provision.resolve import resolve
    from spmigrate.provision.rollout import sites_of

    if sum([bool(addresses), every, template is not None]) > 1:
        raise UsageProblem("sites, --all and --template exclude each other", hint="name the sites in one way")
    catalogue = review(session.place.site_templates).catalogue
    desired = {each.address: each for each in resolve(catalogue)}
    wanted = [whole_address(address) for address in addresses]
    for address in wanted:
        if address not in desired:
            hint = suggestion(_code(address), map(_code, desired))
            raise UsageProblem(f"no site file has the address {address}", hint=hint)
    if template is not None:
        if template not in catalogue.by_name:
            raise UsageProblem(f"there is no template '{template}'", hint=suggestion(template, catalogue.by_name))
        return catalogue, sites_of(catalogue, desired.values(), template)
    return catalogue, [each for each in desired.values() if not wanted or each.address in wanted]


def whole_address(address: str) -> str:
    """The address below the tenant; people may leave out `/sites/`."""
    return address if address.startswith("/") else f"/sites/{address}"


def _code(address: str) -> str:
    """What tells an address from others: all of them begin alike."""
    return address.rpartition("/")[2]


def plan(
    session: view.Session, tenant: "Tenant", desired: "Sequence[DesiredSite]", *, workers: int, check: bool = True
) -> "Planned":
    """Read the sites and compare: a bar for people, a line a site for logs."""
    from spmigrate.provision.provisioning import plan_sites

    done = itertools.count(1)
    with progress.bar("Reading", total=len(desired), unit="sites") as show:

        def watch(address: str) -> None:
            show(next(done), address)
            if not sys.stderr.isatty():
                view.note(f"reading {address}")

        return plan_sites(tenant, desired, watch=watch, ledger=ledger_if_any(session), workers=workers, check=check)


def keep_templates(session: view.Session, catalogue: "Catalogue", desired: "Sequence[DesiredSite]") -> None:
    """Keep what the templates of these sites say now, so that their versions can be compared for years."""
    from spmigrate.provision.versions import version_of
    from spmigrate.store import templates

    for name in {site.template for site in desired}:
        now = version_of(catalogue, name)
        templates.keep(session.ledger, name, now.version, digest=now.digest, document=now.document)


def ledger_if_any(session: view.Session) -> "Ledger | None":
    """The ledger of the working folder, unless nothing has been recorded yet: looking writes none."""
    return session.ledger if session.has_ledger else None


def show(shown: "Plan", catalogue: "Catalogue", *, details: bool = False) -> None:
    """Print a plan in people's words."""
    from spmigrate.plan import describe
    from spmigrate.provision.vocabulary import Vocabulary

    for text in describe.lines(shown, Vocabulary(catalogue.organisation.words).words, details=details):
        view.line(text)


def show_trouble(planned: "Planned") -> None:
    """Print what stands in the way, and which sites could not be looked at."""
    for each in planned.obstacles:
        view.line(f"obstacle: {each}")
    for address, why in planned.unread.items():
        view.line(f"could not look at {address}: {why}")


def trouble(planned: "Planned") -> dict[str, Any]:
    """The same for a JSON document."""
    obstacles = [{"where": each.where, "text": each.text, "hint": each.hint} for each in planned.obstacles]
    return {"obstacles": obstacles, "unread": dict(planned.unread)}


def state(planned: "Planned") -> ExitCode:
    """The exit code of looking: incomplete before findings before pending changes."""
    return ExitCode.worst(
        ExitCode.INCOMPLETE if planned.unread else ExitCode.DONE,
        ExitCode.FINDINGS if planned.obstacles or any(note.counts for note in planned.plan.notes) else ExitCode.DONE,
        ExitCode.PENDING if planned.plan.changes else ExitCode.DONE,
    )


def refuse_obstacles(planned: "Planned") -> None:
    """Nothing is changed while something is in the way, or a site could not be looked at. Raises InputError."""
    unread = [Problem(address, why, "nothing is known of this site") for address, why in planned.unread.items()]
    if planned.obstacles or unread:
        raise InputError("the plan cannot be applied; nothing was changed", [*planned.obstacles, *unread])


def addresses_of(plan: "Plan") -> list[str]:
    """The sites of a plan, without what concerns the whole tenant."""
    from spmigrate.plan.change import WHOLE_TENANT

    return [site for site in plan.sites if site != WHOLE_TENANT]


def saved(file: Path) -> "Plan":
    """A plan that was kept. Raises InputError when it is none."""
    from spmigrate.plan import change

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise InputError(f"{file} cannot be read", [Problem(str(file), reason)]) from None
    return change.load(text, str(file))
