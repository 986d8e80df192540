"""What a signature rests on besides the row: versions, and the entries of registers that the row names. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from spmigrate.mapping.lists import Who
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.registers.policy import SignoffPolicy
from spmigrate.registers.retention import KeepRule
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_identity import sha256


def versions(record: SheetRecord, rules: Rulebook) -> dict[str, Any]:
    """What stands beside the rows in the canonical form: the issue, its scan, and the version of each register."""
    return {
        "sheet": record.id,
        "issue": record.issue_key,
        "scan": record.basis.get("scan", ""),
        "retention": rules.schedule.version,
        "templates": rules.templates,
        "partners": rules.partners_version,
        "policy": rules.policy.version,
        "policy digest": sha256(_dumped(rules.policy)),
    }


def of_row(row: MappedRow, rules: Rulebook) -> dict[str, dict[str, str]]:
    """The entries that a row names, each with its digest: only rows that name an entry feel its change."""
    found: dict[str, dict[str, str]] = {}
    keep = str(row.meaning.get("keep") or "")
    if keep:
        rule = rules.schedule.rule(keep)
        found["retention"] = {keep: rule.digest if rule else ""}
    if row.meaning.get("who") == Who.PARTNER:
        name = str(row.meaning.get("group") or "")
        partner = rules.partner(name)
        found["partner"] = {name: partner.digest if partner else ""}
    return found


def forms(rows: Sequence[MappedRow], rules: Rulebook) -> dict[str, dict[str, Any]]:
    """The policy and the entries of registers that these rows name, by digest: what a signature rests on is kept."""
    policy = _dumped(rules.policy)
    found = {sha256(policy): policy}
    for row in rows:
        rule = rules.schedule.rule(str(row.meaning.get("keep") or ""))
        if rule:
            found[rule.digest] = _dumped(rule)
        partner = rules.partner(str(row.meaning.get("group") or "")) if row.meaning.get("who") == Who.PARTNER else None
        if partner:
            found[partner.digest] = dict(partner.content)
    return found


def _dumped(entry: SignoffPolicy | KeepRule) -> dict[str, Any]:
    return entry.model_dump(mode="json", by_alias=True)


def changed(signed: Mapping[str, Mapping[str, str]], row: MappedRow, rules: Rulebook) -> str | None:
    """Why a row must be signed again though nobody changed it: an entry that it names reads otherwise now."""
    now = of_row(row, rules)
    for kind, what in (("retention", "keep rule"), ("partner", "partner")):
        for name, digest in signed.get(kind, {}).items():
            if now.get(kind, {}).get(name) != digest:
                return f"the register's entry for the {what} '{name}' changed since it was signed off"
    for name in now.get("partner", ()):
        partner = rules.partner(name)
        if partner and partner.trouble:
            return f"nothing may be shared with {partner.name} now: {partner.trouble}"
    return None
