"""The files of an evidence pack, each as a stream of bytes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from spmigrate import __version__
from spmigrate.model import Amount
from spmigrate.store.ledger import Row
from spmigrate.store.waves import Standing, Wave

README, WAVE, ROWS, ITEMS, EVENTS = "README.txt", "wave.json", "rows.json", "items.jsonl", "events.jsonl"
EXCEPTIONS, STEPS, SUMS, HEAD = "exceptions.json", "steps.json", "SHA256SUMS", "head.json"
SIGNOFFS = "signoffs/"
"""The folder with the pack of sign-offs, as `mapping evidence` writes it."""
HONEST = "This shows any change since a digest was kept elsewhere; it is not a qualified electronic signature."


def told(wave: Wave, standing: Standing, verified: Mapping[str, int]) -> dict[str, Any]:
    """What a pack says of a wave as a whole."""
    return {
        "wave": wave.name, "round": wave.round, "state": wave.state, "tenant": wave.tenant, "planned": wave.created,
        **standing.accounting.as_json(), "open": _amount(standing.open), "lost": _amount(standing.lost),
        "balances": standing.accounting.balances, "unseen_folders": standing.unseen,
        "may_be_hidden": list(standing.hidden), "verified": dict(verified), "written_by": f"spmigrate {__version__}",
    }  # fmt: skip


def document(value: object) -> Iterator[bytes]:
    """One JSON document, for people to read, too."""
    yield (json.dumps(value, ensure_ascii=True, indent=1, sort_keys=True) + "\n").encode()


def lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows as one JSON object a line; names that are no Unicode keep their bytes as lone surrogates."""
    for row in rows:
        yield (json.dumps(dict(row), ensure_ascii=True, separators=(",", ":")) + "\n").encode()


def sums(digests: Mapping[str, str]) -> bytes:
    """A list of digests as `sha256sum -c` reads it."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def readme(wave: Wave, standing: Standing, verified: Mapping[str, int]) -> bytes:
    """What a person reads first."""
    account = standing.accounting
    amounts = "\n".join(
        f"  {'=' if n == 0 else '+'} {outcome}: {amount.items:,} files, {amount.bytes:,} bytes"
        for n, (outcome, amount) in enumerate(account.outcomes.items())
    )
    checked = ", ".join(f"{count:,} {verdict}" for verdict, count in verified.items()) or "nothing"
    return f"""Evidence of the wave {wave.name}, round {wave.round}, to {wave.tenant}

    source: {account.source.items:,} files, {account.source.bytes:,} bytes
{amounts}
  + still to move: {standing.open.items:,} files, {standing.open.bytes:,} bytes

This {"balances" if account.balances else "does not balance yet"}. Verified of what was copied: {checked}.

  {WAVE}            the account of the wave
  {ROWS}            the rows that moved, with the digest that their owner signed
  {SIGNOFFS}            who agreed to them, when, and on which evidence; a pack that 'mapping verify' checks
  {ITEMS}         every file: where it was, its SHA-256 there, where it is, the digest and eTag there
  {EVENTS}        what happened to each, in order
  {EXCEPTIONS}      what did not pass, and who accepted it with which reason
  {STEPS}           the steps of the wave that were recorded
  {SUMS}          the digest of each of these files
  {HEAD}            the digest of {SUMS}, and of the pack before it in the ledger

Check this pack on any machine with spmigrate, without the ledger:

    spmigrate wave evidence --check THIS-FILE.zip --expect HEAD-THAT-YOU-KEPT

By hand: unpack it, then 'sha256sum -c {SUMS}'.

{HONEST}
""".encode()


def _amount(amount: Amount) -> dict[str, int]:
    return {"items": amount.items, "bytes": amount.bytes}
