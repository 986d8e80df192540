"""What the commands of waves share: for which tenant, and how a standing becomes exit codes."""

from typing import TYPE_CHECKING, Any

from spmigrate.cli import view
from spmigrate.errors import ExitCode
from spmigrate.model import Amount, Outcome

if TYPE_CHECKING:
    from spmigrate.store.waves import Standing


def tenant_name(session: view.Session) -> str:
    """The tenant of the settings, as a wave remembers for which one it was planned."""
    section = session.settings.config.tenant
    if section.rehearsal is not None:
        return f"the rehearsal tenant in {section.rehearsal}"
    return f"{section.name} ({section.tenant_id})"


def incomplete(standing: "Standing") -> list[ExitCode]:
    """5 where something could not be looked into."""
    return [ExitCode.INCOMPLETE] if standing.is_incomplete else []


def failed(standing: "Standing") -> list[ExitCode]:
    """3 where items failed."""
    return [ExitCode.FINDINGS] if standing.accounting.of(Outcome.FAILED).items else []


def pending(standing: "Standing") -> list[ExitCode]:
    """4 where items have still to move."""
    return [ExitCode.PENDING] if standing.open.items else []


def amount(value: Amount) -> dict[str, Any]:
    """Items and bytes, for a document."""
    return {"items": value.items, "bytes": value.bytes}
