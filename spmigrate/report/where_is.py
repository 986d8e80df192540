"""What the service desk says when somebody asks where something is: one plain answer, redacted by role. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

from spmigrate.report.old_path import parse
from spmigrate.store.where_is import Landing, Place, RowAt
from spmigrate.words import day_of


class Role(StrEnum):
    """Who asks: the desk sees no names of files that may say something about people."""

    SERVICE_DESK = "service-desk"
    INFORMATION_GOVERNANCE = "information-governance"


class State(StrEnum):
    """Where something stands, in one word for programs."""

    MOVED = "moved"
    NOT_YET = "not yet moved"
    ARCHIVE = "read-only archive"
    OTHER_SYSTEM = "belongs in another system"
    LEFT_BEHIND = "left behind by rule"
    FAILED = "could not be moved"
    GONE = "gone at its old place"
    UNDECIDED = "not decided"
    NOT_OURS = "not theirs"
    SPLIT = "goes different ways"
    UNKNOWN = "could not be looked at"


class Desk(NamedTuple):
    """What answers take from the settings and registers of the council."""

    drives: Mapping[str, str] = MappingProxyType({})
    shares: Mapping[str, str] = MappingProxyType({})
    people: Mapping[str, str] = MappingProxyType({})
    """The roles of people by their ids."""
    marking: str = "OFFICIAL-SENSITIVE"
    contact: str = "Migration lead"
    incident: str = ""
    host: str = ""
    """The address of the tenant, for sites whose own address is not known yet."""


class Answer(NamedTuple):
    """Where something was and is: `sentence` says it in one breath, the rest are its parts, empty if there is none."""

    state: State
    was: str
    sentence: str
    now: str = ""
    address: str = ""
    since: str = ""
    wave: str = ""
    owner: str = ""
    sheet: str = ""
    more: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The answer in the document of `--json`."""
        return {
            "state": self.state.value, "was": self.was, "sentence": self.sentence, "now": self.now or None,
            "address": self.address or None, "since": self.since or None, "wave": self.wave or None,
            "owner": self.owner or None, "sheet": self.sheet or None, "more": list(self.more),
        }  # fmt: skip


_SENSITIVE_IS_NO = "No"
_RUNNING = {"planned": "which is planned", "running": "which is running now"}
DECIDED = {
    "Move": State.NOT_YET, "Move and tidy": State.NOT_YET, "Leave as read-only archive": State.ARCHIVE,
    "Belongs in a business system": State.OTHER_SYSTEM, "Not ours": State.NOT_OURS,
    "I don't know": State.UNDECIDED, "": State.UNDECIDED,
}  # fmt: skip
"""Where something stands by its owner's decision, before it has moved."""


def tell(place: Place, desk: Desk, role: Role) -> Answer:
    """The answer about one folder or file."""
    told = _Telling(place, desk, role)
    return told.answer()


def short(answer: Answer) -> str:
    """An answer among several, in one line."""
    return f"{answer.was}: {f'now in {answer.now}' if answer.now else answer.state.value}"


def old_place(place: Place, name: str = "") -> str:
    """Where it was as callers know it: with backslashes below a server, else as the path of the source."""
    root = parse(place.source.root)
    if root.anchor.startswith("\\\\"):
        below = [part for part in (*place.path.split("/"), name) if part]
        return "\\".join((root.anchor, *root.parts, *below))
    return "/".join(part for part in (place.source.root.rstrip("/"), place.path, name) if part)


def code_of(place: Place) -> str:
    """What stands for the name of a file that the desk is not shown: the same file has the same code every time."""
    import hashlib  # here: most answers need no code, and loading it takes a twentieth of their time

    name = place.name or ""
    digest = hashlib.sha256(f"{place.source.id}/{place.path}/{name}".encode("utf-8", "surrogateescape")).hexdigest()
    ending = PurePosixPath(name).suffix
    return f"file {digest[:8].upper()}{ending if len(ending) <= 6 else ''}"


class _Telling:
    """One place on its way to an answer."""

    def __init__(self, place: Place, desk: Desk, role: Role) -> None:
        self._place = place
        self._desk = desk
        self._hidden = bool(place.name) and role is Role.SERVICE_DESK and not is_plain(place.row)
        self._name = (code_of(place) if self._hidden else place.name) or ""
        self._it = "This file" if place.name else "This folder"

    def answer(self) -> Answer:
        """What became of it, the first that is true: split, moved, kept back, gone, not seen, in no sheet, decided."""
        landing = self._place.landing
        if self._place.parts:
            return self._split()
        if landing and landing.outcome == "copied":
            return self._moved(landing)
        if landing:
            return self._stayed(landing)
        if self._place.gone:
            return self._said(State.GONE, f"{self._it} was no longer there when its share was last scanned.")
        if self._place.unseen:
            why = f"Nobody could look into it at the last scan: {self._place.unseen}."
            return self._said(State.UNKNOWN, why, more=(f"Ask the {self._desk.contact}.",))
        if self._place.row is None:
            return self._said(
                State.UNDECIDED, f"{self._it} has not moved. It is in no mapping sheet yet: it is where it was.",
                more=(f"Ask the {self._desk.contact} who decides about it.",),
            )  # fmt: skip
        return self._decided(self._place.row)

    def _moved(self, landing: Landing) -> Answer:
        folder = landing.folder
        if landing.below:
            folder = "/".join(folder.split("/")[: -landing.below])
        name = landing.name if self._place.name and not self._hidden else self._name
        now = " > ".join(part for part in (self._home(landing), *folder.split("/"), name) if part)
        since = day_of(landing.at) if landing.at else ""
        sentence = f"{self._it} has moved. It is now in {now}, since {since or 'its move'}, with {_wave(landing.wave)}."
        return self._said(
            State.MOVED, sentence, now=now, since=since, wave=landing.wave, address=self._address(landing, folder)
        )

    def _home(self, landing: Landing) -> str:
        row = self._place.row
        label = str(row.remarks.get("home label", "")) if row else ""
        return label or f"{landing.site_name or landing.site} > {landing.library}"

    def _address(self, landing: Landing, folder: str) -> str:
        base = landing.url or (f"{self._desk.host}{landing.site}" if self._desk.host else "")
        name = "" if self._hidden or not self._place.name else landing.name
        below = "/".join(part for part in (landing.library, folder, name) if part)
        return f"{base.rstrip('/')}/{quote(below)}" if base else ""

    def _stayed(self, landing: Landing) -> Answer:
        """What a wave left where it was."""
        if self._place.row and _stands(self._place.row) is State.ARCHIVE and landing.outcome == "skipped":
            return self._archived("")
        why = f"{landing.code}: {landing.reason}" if landing.reason else str(landing.code)
        wave = _wave(landing.wave)
        state, sentence = {
            "skipped": (State.LEFT_BEHIND, f"It was left behind by rule {why} It is still at its old place."),
            "routed": (State.OTHER_SYSTEM, f"It belongs in another system ({why}) It is still at its old place."),
            "vanished": (State.GONE, f"It was gone from its old place when {wave} ran."),
        }.get(landing.outcome, (State.FAILED, f"{wave} could not move it ({why}) It is still at its old place."))
        return self._said(state, f"{self._it} has not moved. {sentence[0].upper()}{sentence[1:]}", wave=landing.wave)

    def _split(self) -> Answer:
        ways = tuple(
            f"{row.path or 'files in no folder'}: {_way(row, self._place.waves.get(row.row_id))}"
            for row in self._place.parts
        )
        sentence = f"What lies in {self._it.lower()} goes different ways: ask about a folder in it."
        owners = dict.fromkeys(self._desk.people.get(row.owner, row.owner) for row in self._place.parts)
        return self._said(State.SPLIT, sentence, more=ways, owner=", ".join(owners))

    def _decided(self, row: RowAt) -> Answer:
        stands = _stands(row)
        soft = "" if row.signed else " That is not signed yet."
        if stands is State.ARCHIVE:
            return self._archived(soft)
        if stands is State.OTHER_SYSTEM:
            sentence = f"{self._it} belongs in another system, says its owner: it is where it was.{soft}"
            return self._said(State.OTHER_SYSTEM, sentence)
        if stands is State.NOT_OURS:
            return self._said(State.NOT_OURS, f"{self._it} is not theirs, says its owner: it is where it was.{soft}")
        if stands is State.UNDECIDED:
            return self._said(State.UNDECIDED, f"{self._it} has not moved: its owner has not decided yet.")
        left = next((each for each in self._place.findings if each[1] in ("skip", "route", "block")), None)
        if left:
            code, treatment, message = left
            state = State.OTHER_SYSTEM if treatment == "route" else State.LEFT_BEHIND
            told = "belongs in another system" if treatment == "route" else "will be left behind by rule"
            return self._said(state, f"{self._it} has not moved, and {told} {code}: {message}")
        home = str(row.remarks.get("home label", "")) or "its new home"
        waits = _waits(self._place.wave)
        wave = self._place.wave[0] if self._place.wave else ""
        return self._said(State.NOT_YET, f"{self._it} has not moved yet: it goes to {home}, {waits}.{soft}", wave=wave)

    def _archived(self, soft: str) -> Answer:
        sentence = f"{self._it} stays where it was, as a read-only archive: it can be opened there, and not changed."
        return self._said(State.ARCHIVE, sentence + soft)

    def _said(self, state: State, sentence: str, **parts: Any) -> Answer:
        row = self._place.row
        if row is not None:
            parts |= {"owner": self._desk.people.get(row.owner, row.owner), "sheet": row.sheet_id}
        return Answer(state, old_place(self._place, self._name), sentence, **parts)


def is_plain(row: RowAt | None) -> bool:
    """Whether its owner has said that nothing in the row is about people."""
    return row is not None and row.meaning.get("sensitive") == _SENSITIVE_IS_NO


def _stands(row: RowAt) -> State:
    return DECIDED.get(str(row.meaning.get("decision") or ""), State.UNDECIDED)


def _waits(wave: tuple[str, str] | None) -> str:
    if wave is None:
        return "and no wave is planned for it"
    return f"with {_wave(wave[0])}, {_RUNNING.get(wave[1], 'which has run: ask what became of it')}"


def _way(row: RowAt, wave: tuple[str, str] | None) -> str:
    if _stands(row) is not State.NOT_YET:
        return str(row.meaning.get("decision") or "not decided yet")
    home = str(row.remarks.get("home label", "")) or "its new home"
    if wave and wave[1] in ("moved", "verified"):
        return f"now in {home}, with {_wave(wave[0])}"
    return f"goes to {home}, {_waits(wave)}"


def _wave(name: str) -> str:
    return name if name.lower().startswith("wave") else f"wave {name}"
