"""An evidence pack: what was agreed, by whom and on what, in one file that anybody can check without the ledger."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spmigrate import __version__
from spmigrate.mapping import signed_workbook
from spmigrate.store import signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import NO_ENTRY, Act, SignoffEntry, breaks, link_digest

README, CHAIN, FORMS, HEAD, SUMS = "README.txt", "chain.json", "forms.json", "head.txt", "SHA256SUMS"
HONEST = "This shows any change since a digest was kept elsewhere; it is not a qualified electronic signature."
_BOOK = ".xlsx"
_LINK = ("id", "sheet_id", "previous", "content", "entry")


def pack(ledger: Ledger, sheet_id: str | None = None, *, workbooks: Path | None = None) -> dict[str, bytes]:
    """The files of a pack: the chain to its head, the canonical forms behind what was signed, and the workbooks.

    The workbooks as they were signed lie in the folder `workbooks`; `absent` tells which are not there any more.

    With `sheet_id`, the entries of other sheets are only links of the chain: their sheet and digests, without what they
    say. An entry from before there were links is told in full.
    """
    chain = list(signoffs.signoffs(ledger))
    open_entries = [each for each in chain if sheet_id in (None, each.sheet_id)]
    entries = [_entry(each) if sheet_id in (None, each.sheet_id) or not each.act else _link(each) for each in chain]
    forms = signoffs.forms(ledger, _wanted(open_entries))
    files = {
        README: _readme(open_entries, chain, sheet_id).encode(),
        CHAIN: _json(entries),
        FORMS: _json(dict(sorted(forms.items()))),
        HEAD: f"{head(chain)}\n".encode(),
    }
    for digest in signed_workbook.digests(open_entries) if workbooks else ():
        content = signed_workbook.kept(workbooks, digest) if workbooks else None
        if content is not None:
            files[_workbook(digest)] = content
    return files | {SUMS: _sums(files)}


def absent(files: Mapping[str, bytes]) -> list[str]:
    """The digests of workbooks that were signed and are not in a whole pack: nobody kept them."""
    return [each for each in _signed_workbooks(json.loads(files[CHAIN])) if _workbook(each) not in files]


def head(chain: Sequence[SignoffEntry]) -> str:
    """The digest of the last entry: whoever knows it can tell whether anything before it was altered."""
    return chain[-1].entry if chain else NO_ENTRY


def troubles(files: Mapping[str, bytes], *, expect: str | None = None) -> Iterator[str]:
    """Everything that does not hold in a pack; nothing when it is whole. `expect` is a head that was kept elsewhere."""
    books = {name for name in files if name.endswith(_BOOK)}
    if set(files) - books != {README, CHAIN, FORMS, HEAD, SUMS}:
        yield f"holds other files than a pack: {', '.join(sorted(files))}"
        return
    for name in sorted(books):
        if name != _workbook(hashlib.sha256(files[name]).hexdigest()):
            yield f"{name} is not the workbook that was signed"
    if _sums({name: text for name, text in files.items() if name != SUMS}) != files[SUMS]:
        yield f"{SUMS} does not fit the files"
    try:
        entries, forms = json.loads(files[CHAIN]), json.loads(files[FORMS])
        yield from _chain_troubles(entries)
        yield from _form_troubles([_parsed(each) for each in entries if "act" in each], forms)
        last = entries[-1]["entry"] if entries else NO_ENTRY
        known = {each["entry"] for each in entries}
        for name in sorted(books - {_workbook(each) for each in _signed_workbooks(entries)}):
            yield f"{name} belongs to no sign-off"
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        yield f"cannot be read: {error}"
        return
    if files[HEAD] != f"{last}\n".encode():
        yield f"{HEAD} is not the digest of the last entry"
    yield from unexpected(known, expect)


def unexpected(known: Iterable[str], expect: str | None) -> Iterator[str]:
    """A trouble when a head that was kept elsewhere is not among the entries: they are another chain."""
    if expect is not None and expect.strip().lower() not in {NO_ENTRY, *known}:
        yield f"the head {expect[:12]}… that was kept elsewhere is not in this chain"


def extent(files: Mapping[str, bytes]) -> tuple[int, str]:
    """How many entries the chain of a whole pack has, and its head."""
    return len(json.loads(files[CHAIN])), files[HEAD].decode().strip()


def _workbook(digest: str) -> str:
    return f"workbook-{digest}{_BOOK}"


def _signed_workbooks(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    return signed_workbook.digests(_parsed(each) for each in entries if "act" in each)


def _entry(entry: SignoffEntry) -> dict[str, Any]:
    return {**asdict(entry), "rows": [list(pair) for pair in entry.rows]}


def _link(entry: SignoffEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _LINK if name != "content"} | {"content": entry.content()}


def _parsed(entry: Mapping[str, Any]) -> SignoffEntry:
    return SignoffEntry(**{**entry, "rows": tuple((row_id, digest) for row_id, digest in entry["rows"])})


def _chain_troubles(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Breaks among the entries that are told in full, links that do not follow, and links of a sheet that is told."""
    previous = NO_ENTRY
    told = {each["sheet_id"] for each in entries if each.get("act")}
    for each in entries:
        if set(each) == set(_LINK):
            if each["entry"] != link_digest(each["sheet_id"], each["previous"], each["content"]):
                yield f"sign-off {each['id']} was altered after it was written"
            if each["sheet_id"] in told:
                yield f"sign-off {each['id']} of {each['sheet_id']} was left out: only its place is told"
        else:
            # Alone, an entry follows what it names: only what it says of itself is looked at here.
            alone = _parsed(each)
            yield from (str(found) for found in breaks([alone]) if "follow" not in found.text)
        if each["previous"] != previous:
            yield f"sign-off {each['id']} does not follow the entry before it"
        previous = each["entry"]


def _form_troubles(entries: Sequence[SignoffEntry], forms: Mapping[str, str]) -> Iterator[str]:
    wanted = _wanted(entries)
    for digest, text in forms.items():
        if digest not in wanted:
            yield f"the form {digest[:12]}… belongs to no sign-off"
        elif hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != digest:
            yield f"the form {digest[:12]}… is not what was signed"
    for digest in sorted(_needed(entries) - set(forms)):
        yield f"the form {digest[:12]}… of something that was signed is missing"


def _needed(entries: Iterable[SignoffEntry]) -> set[str]:
    """The digests whose forms must be there: rows, policy and registers of sign-offs that kept them."""
    found: set[str] = set()
    for each in entries:
        if each.act != Act.SIGNED:
            continue
        found |= {digest for _, digest in each.rows}
        found.add(each.policy.get("versions", {}).get("policy digest", ""))
        refs = each.policy.get("refs", {}).values()
        found |= {digest for kinds in refs for named in kinds.values() for digest in named.values()}
    return found - {""}


def _wanted(entries: Sequence[SignoffEntry]) -> set[str]:
    return _needed(entries) | {digest for each in entries for _, digest in each.rows}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "surrogatepass")


def _sums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum -c` reads them."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def _readme(entries: Sequence[SignoffEntry], chain: Sequence[SignoffEntry], sheet_id: str | None) -> str:
    acts = [f"{each.at[:10]}  {each.sheet_id}  {each.kind} by {each.signer} ({each.role}), {len(each.rows)} rows"
            f"{', ' + each.evidence if each.evidence else ''}" for each in entries]  # fmt: skip
    others = "" if sheet_id is None else "Entries of other sheets are links only: their digests, not what they say.\n"
    return f"""Evidence of sign-off{f" of {sheet_id}" if sheet_id else ""}, written by spmigrate {__version__}

What happened, oldest first:

{chr(10).join(acts) or "nothing was signed"}

{others}The chain has {len(chain)} entries. Its head: {head(chain)}

Check this pack on any machine with spmigrate, without the ledger:

    spmigrate mapping verify THIS-FILE.zip --expect HEAD-THAT-YOU-KEPT

By hand: 'sha256sum -c {SUMS}' compares the files. In {FORMS} the SHA-256 of each text (UTF-8) is its name: those are
the rows as they were signed, and the policy and register entries that they rest on. In {CHAIN} each entry's digest
is the SHA-256 over its fields and over the digest of the entry before it. A file workbook-DIGEST.xlsx is the workbook
as it came back and was signed: its SHA-256 is its name, and stands under "workbook" in the entry of the sign-off.

{HONEST}
"""
