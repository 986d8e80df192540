"""Whether the source of a wave is frozen: read-only, quiet and closed, by looking alone. Nothing is written there."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spmigrate.errors import InputError, Problem
from spmigrate.formats import records
from spmigrate.store import frozen, wave_steps
from spmigrate.store.ledger import Ledger
from spmigrate.store.wave_steps import Who
from spmigrate.store.waves import Wave
from spmigrate.words import folded, plural

YES, NO, UNCLEAR = "yes", "no", "cannot tell"
TOOL = Who("spmigrate", "tool", "")
_NAMED = 1000
_LEFT_OVER_NS = 30 * 86_400 * 1_000_000_000
_ADMINISTRATORS = ("S-1-5-18", "S-1-5-32-544", "uid:0", "gid:0")
_DOMAIN_ADMINISTRATORS = ("-512", "-519")
_WHEN_IT_IS_MADE = "S-1-3-"
"""Entries for creators say what new files get; nobody has them on what is there."""
_HANDLES = ("sharerelativepath", "path")


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a frozen source found. `read_only` is yes, no or cannot tell, and `why` says how it is known."""

    since: str
    written: tuple[tuple[str, str], ...]
    differences: int
    owner_files: tuple[str, ...]
    open: tuple[tuple[str, str], ...]
    unseen: int
    read_only: str
    why: str
    left_over: tuple[str, ...] = ()
    """Owner files of programs that ended without taking them away."""

    @property
    def is_refuted(self) -> bool:
        """Whether something shows that the source is not frozen."""
        return bool(self.written or self.differences or self.owner_files or self.open or self.read_only == NO)

    @property
    def is_clean(self) -> bool:
        """Whether the source is frozen, as far as anybody can see, and all of it could be seen."""
        return not self.is_refuted and self.read_only == YES and not self.unseen

    @property
    def summary(self) -> str:
        """The same in one line."""
        counts = (
            (len(self.written), plural(len(self.written), "write")),
            (self.differences, plural(self.differences, "difference")),
            (len(self.owner_files), plural(len(self.owner_files), "open document")),
            (len(self.open), plural(len(self.open), "open handle")),
            (self.unseen, plural(self.unseen, "place") + " unseen"),
        )
        told = [text for count, text in counts if count]
        return ", ".join([f"read-only: {self.read_only} ({self.why})", *told])


def look(
    ledger: Ledger,
    wave: Wave,
    *,
    since: datetime,
    listed: Sequence[tuple[str, str]] | None = None,
    read_only_by: str = "",
) -> Look:
    """Look at the last scan of a wave's source for what happened after `since`; `listed` are the server's open files.

    `read_only_by` is who made the share read-only where access lists do not show it. Office holds an owner file open as
    long as the document, so that the server's list tells which are left over; without a list it is those that are older
    than a month.
    """
    moment = since.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    read_only, why = (YES, f"by the word of {read_only_by}") if read_only_by else read_only_by_lists(
        (row["rights"], row["path"]) for row in frozen.access_lists(ledger, wave)
    )  # fmt: skip
    since_ns = int(since.timestamp()) * 1_000_000_000
    owners = frozen.owner_files(ledger, wave, _NAMED)
    return Look(
        since=moment,
        written=tuple((path, _text(at)) for path, at in frozen.written_since(ledger, wave, since_ns, _NAMED)),
        differences=frozen.count_differences(ledger, wave, moment),
        owner_files=() if listed is not None else tuple(path for path, at in owners if at > since_ns - _LEFT_OVER_NS),
        left_over=tuple(path for path, at in owners if listed is not None or at <= since_ns - _LEFT_OVER_NS),
        open=tuple(_of_wave(listed or (), frozen.row_paths(ledger, wave))),
        unseen=frozen.count_unseen(ledger, wave),
        read_only=read_only,
        why=why,
    )


def record(ledger: Ledger, wave: Wave, found: Look) -> None:
    """Keep what a look found in the record of the wave's steps; the note begins with the moment of the freeze."""
    event = "clean" if found.is_clean else "not clean"
    wave_steps.record(ledger, wave, "freeze", event, TOOL, note=f"{found.since} {found.summary}")


def read_only_by_lists(lists: Iterable[tuple[str | None, str]]) -> tuple[str, str]:
    """Whether access lists let nobody but administrators change anything, and how that is known. Pure."""
    unclear = ""
    for rights, path in lists:
        if rights is None:
            unclear = unclear or f"the access list of {path or 'the root'} was not read"
            continue
        for right in json.loads(rights):
            if not right["allows"] or _may_always(right):
                continue
            name = right["name"] or right["who"]
            if right["level"] in ("full", "change"):
                return NO, f"{name} may change {path or 'the root'}"
            if right["level"] != "read":
                unclear = unclear or f"{name} has special permissions on {path or 'the root'}"
    return (UNCLEAR, unclear) if unclear else (YES, "by the access lists of the last scan")


def open_files(file: Path) -> list[tuple[str, str]]:
    """What a file server lists as open, by path and user: CSV of `Get-SmbOpenFile`, or JSON of `smbstatus`.

    Raises InputError when it is neither.
    """
    if file.suffix.lower() == ".json":
        return _of_samba(file)
    found = records.read(file, wanted=_HANDLES)
    named = [{folded(name): str(value) for name, value in row.values.items()} for row in found.rows]
    return [(row.get("sharerelativepath") or row.get("path") or "", row.get("clientusername") or "") for row in named]


def _of_samba(file: Path) -> list[tuple[str, str]]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return [(str(each["filename"]), _users(each)) for each in document["open_files"].values()]
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = Problem(str(file), "is not what smbstatus --json prints")
        raise InputError("the list of open files cannot be read", [problem]) from None


def _users(entry: dict[str, Any]) -> str:
    opens = entry.get("opens", {})
    return ", ".join(sorted({str(each.get("username") or each.get("uid", "")) for each in opens.values()}))


def _of_wave(listed: Iterable[tuple[str, str]], paths: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The open files that may lie in a wave's folders: the server's own paths begin above the share."""
    folders = [f"/{path.casefold()}/" for path in paths]
    for path, user in listed:
        whole = "/" + path.replace("\\", "/").strip("/").casefold() + "/"
        if any(folder == "//" or folder in whole for folder in folders):
            yield path, user


def _may_always(right: dict[str, Any]) -> bool:
    who = str(right["who"])
    if who.startswith("S-1-5-21-") and who.endswith(_DOMAIN_ADMINISTRATORS):
        return True
    return who in _ADMINISTRATORS or who.startswith(_WHEN_IT_IS_MADE)


def _text(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).isoformat().replace("+00:00", "Z")
