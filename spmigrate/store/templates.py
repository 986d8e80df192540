"""Every version of a template that was ever applied, whole: what sites were made from can be shown for years."""

from collections.abc import Mapping

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger


def keep(ledger: Ledger, template: str, version: int, *, digest: str, document: str) -> None:
    """Keep what a version says; content that is kept already stays as it is."""
    ledger.execute(
        "INSERT INTO template_version(template, version, digest, document, at) VALUES(?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        (template, version, digest, document, clock.now()),
    )


def kept(ledger: Ledger, template: str) -> Mapping[int, str]:
    """What each version of a template said when it was last applied, by version."""
    found = ledger.rows(
        "SELECT version, document FROM template_version WHERE template=? ORDER BY version, at", (template,)
    )
    return {int(row["version"]): str(row["document"]) for row in found}


def digests(ledger: Ledger) -> Mapping[tuple[str, int], str]:
    """The digest of each version of each template as it was last applied."""
    found = ledger.rows("SELECT template, version, digest FROM template_version ORDER BY at")
    return {(str(row["template"]), int(row["version"])): str(row["digest"]) for row in found}
