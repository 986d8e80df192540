"""Evidence packs and the chain: whatever is altered, removed, added or put elsewhere shows."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.formats import sealed_zip
from spmigrate.mapping import collecting, evidence
from spmigrate.store import signoffs
from spmigrate.store.signoffs import NO_ENTRY, SignoffEntry, breaks, form_digest
from tests.registers import OWNER
from tests.unit.mapping.desk_case import ARCHIVE, MOVE, Desk, choices

_TEXT = st.text(max_size=6)
_ROWS = st.dictionaries(st.sampled_from(["M-1", "M-2", "M-3"]), st.text("abc", min_size=1, max_size=3), max_size=3)


@st.composite
def chains(draw: st.DrawFn) -> list[SignoffEntry]:
    """A chain as the ledger would write it."""
    found: list[SignoffEntry] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        rows = tuple(draw(_ROWS).items())
        versions = {"policy": draw(_TEXT)}
        entry = SignoffEntry(
            sheet_id=draw(_TEXT), at=draw(_TEXT), signer=draw(_TEXT), role=draw(_TEXT), evidence=draw(_TEXT),
            statement=draw(_TEXT), digest=form_digest(rows, versions), rows=rows, id=number,
            previous=found[-1].entry if found else NO_ENTRY, act=draw(st.sampled_from(["signed", "locked"])),
            level=draw(st.integers(1, 4)), person=draw(_TEXT), policy={"versions": versions},
        )  # fmt: skip
        found.append(replace(entry, entry=entry.computed()))
    return found


@given(chain=chains())
def test_chain_as_it_was_written_holds(chain: list[SignoffEntry]) -> None:
    assert list(breaks(chain)) == []


@given(chain=chains(), data=st.data())
def test_any_edit_of_any_entry_breaks_the_chain(chain: list[SignoffEntry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(
        ["sheet_id", "at", "signer", "role", "evidence", "statement", "digest", "previous", "entry", "act", "person"]
    ))  # fmt: skip
    edits: list[SignoffEntry] = [
        replace(chain[place], **{name: getattr(chain[place], name) + "x"}),
        replace(chain[place], level=(chain[place].level or 0) + 1),
        replace(chain[place], rows=(*chain[place].rows, ("M-9", "a"))),
        replace(chain[place], policy={"versions": {"policy": "another"}}),
    ]
    for edited in edits:
        if edited != chain[place]:
            assert list(breaks([*chain[:place], edited, *chain[place + 1 :]]))


@given(chain=chains(), data=st.data())
def test_any_removal_insertion_or_reordering_breaks_the_chain(chain: list[SignoffEntry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    if place < len(chain) - 1:
        assert list(breaks([*chain[:place], *chain[place + 1 :]])), "removed"
    assert list(breaks([*chain[:place], chain[place], *chain[place:]])), "doubled"
    forged = replace(chain[place], signer="forged", previous=chain[place].previous)
    forged = replace(forged, entry=forged.computed())
    assert list(breaks([*chain[:place], forged, *chain[place:]])), "inserted"
    order = data.draw(st.permutations(chain))
    if order != chain:
        assert list(breaks(order)), "reordered"


@given(chain=chains(), data=st.data())
def test_chain_that_was_cut_or_written_anew_has_not_the_head_that_was_kept(
    chain: list[SignoffEntry], data: st.DataObject
) -> None:
    kept = chain[-1].entry
    assert list(evidence.unexpected((each.entry for each in chain[:-1]), kept))
    anew = replace(chain[-1], signer=chain[-1].signer + "x")
    anew = replace(anew, entry=anew.computed())
    assert list(breaks([*chain[:-1], anew])) == [] and list(evidence.unexpected([anew.entry], kept))
    assert list(evidence.unexpected((each.entry for each in chain), data.draw(st.sampled_from(chain)).entry)) == []


@pytest.fixture
def signed(desk: Desk) -> Desk:
    """A sheet that went all the way, one row of it twice."""
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    desk.through()
    desk.answer({"Surveys": MOVE})
    desk.collect()
    desk.sign()
    desk.withdraw("Bridges")
    return desk


def test_pack_is_whole_and_tells_what_happened(signed: Desk, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(sealed_zip.packed(evidence.pack(signed.ledger)))
    files = sealed_zip.unpacked(path)
    head = list(signoffs.signoffs(signed.ledger))[-1].entry
    assert list(evidence.troubles(files, expect=head)) == [] and evidence.extent(files) == (6, head)
    readme = files["README.txt"].decode()
    assert "signed by Head of Highways Maintenance (owner), 4 rows, level 3" in readme
    assert "withdrawn by" in readme and "not a qualified electronic signature" in readme
    forms = json.loads(files["forms.json"])
    assert all(hashlib.sha256(text.encode()).hexdigest() == digest for digest, text in forms.items())
    rows = [json.loads(text) for text in forms.values() if '"meaning"' in text]
    assert len(rows) == 5 and {each["owner"] for each in rows} == {OWNER}
    assert any('"expires days"' in text for text in forms.values()), "the policy is kept"
    assert any('"record group"' in text for text in forms.values()), "keep rules are kept"


def test_any_byte_of_a_pack_that_is_another_shows(signed: Desk, tmp_path: Path) -> None:
    raw = sealed_zip.packed(evidence.pack(signed.ledger))
    chance = random.Random(4)
    places = {0, len(raw) - 1, *chance.sample(range(len(raw)), 400)}
    path = tmp_path / "pack.zip"
    for place in places:
        path.write_bytes(raw[:place] + bytes([raw[place] ^ (1 << chance.randrange(8))]) + raw[place + 1 :])
        with pytest.raises(InputError):
            sealed_zip.unpacked(path)
    for other in (raw[:-1], raw + b"\0", b"", b"x" + raw):
        path.write_bytes(other)
        with pytest.raises(InputError):
            sealed_zip.unpacked(path)


def _edit(name: str, change: Callable[[str], str]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """A forger's work: one file edited, and the sums written anew."""

    def forge(files: dict[str, bytes]) -> dict[str, bytes]:
        text = files[name].decode()
        edited = change(text)
        assert edited != text
        whole = {**files, name: edited.encode()}
        sums = (f"{hashlib.sha256(whole[each]).hexdigest()}  {each}\n" for each in sorted(set(whole) - {"SHA256SUMS"}))
        return {**whole, "SHA256SUMS": "".join(sums).encode()}

    return forge


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("chain.json", '"signer": "Head of Highways Maintenance"', '"signer": "Somebody else"'),
        ("chain.json", '"level": 3', '"level": 1'), ("chain.json", '"act": "withdrawn"', '"act": "reconfirmed"'),
        ("forms.json", "Leave as read-only archive", "Not ours"), ("forms.json", "Whole team", "Everybody"),
        ("head.txt", "", "0"),
    ],
)  # fmt: skip
def test_forgery_shows_even_with_fresh_sums(signed: Desk, name: str, old: str, new: str) -> None:
    files = _edit(name, lambda text: text.replace(old, new, 1))(evidence.pack(signed.ledger))
    assert list(evidence.troubles(files))


def test_forms_that_are_missing_or_foreign_show(signed: Desk) -> None:
    files = evidence.pack(signed.ledger)
    forms = json.loads(files["forms.json"])
    less = json.dumps(dict(list(forms.items())[1:]))
    more = json.dumps(forms | {hashlib.sha256(b"x").hexdigest(): "x"})
    found = [list(evidence.troubles(_edit("forms.json", lambda _, text=text: text)(files))) for text in (less, more)]
    assert "is missing" in found[0][0] and "belongs to no sign-off" in found[1][0]


def test_pack_of_one_sheet_keeps_what_others_say_to_itself(signed: Desk) -> None:
    other = evidence.pack(signed.ledger, "S-0002")
    assert list(evidence.troubles(other)) == []
    assert OWNER not in other["chain.json"].decode() and json.loads(other["forms.json"]) == {}
    cut = _edit("chain.json", lambda text: json.dumps(json.loads(text)[1:]))(other)
    assert list(evidence.troubles(cut))


def test_an_entry_of_the_sheet_that_a_pack_is_about_cannot_pass_as_one_of_another(signed: Desk) -> None:
    files = evidence.pack(signed.ledger, "S-0001")
    assert list(evidence.troubles(files)) == []
    head = files["head.txt"].decode().strip()
    for sheet, text in (("S-0001", "of S-0001 was left out"), ("S-0002", "was altered after it was written")):

        def hide(whole: str, sheet: str = sheet) -> str:
            entries = json.loads(whole)
            last = list(signoffs.signoffs(signed.ledger))[-1]
            assert last.act == "withdrawn"
            place = {"id": last.id, "previous": last.previous, "entry": last.entry}
            entries[-1] = {**place, "sheet_id": sheet, "content": last.content()}
            return json.dumps(entries)

        found = list(evidence.troubles(_edit("chain.json", hide)(files), expect=head))
        assert any(text in each for each in found), found


def test_older_signatures_without_acts_still_verify(desk: Desk) -> None:
    old = SignoffEntry(
        sheet_id="S-0001", at="2026-01-01", signer=OWNER, role="owner", evidence="level 3", statement="old",
        digest=signoffs.sheet_digest({}), rows=(),
    )  # fmt: skip
    entry = signoffs.add_signoff(desk.ledger, old)
    assert entry.entry == signoffs.sha256(
        ["S-0001", "2026-01-01", OWNER, "owner", "level 3", "old", old.digest, NO_ENTRY, []]
    )
    assert signoffs.chain_breaks(desk.ledger) == []


def test_pack_holds_the_workbook_as_it_was_signed(desk: Desk, tmp_path: Path) -> None:
    desk.answer({"Surveys": ARCHIVE})
    signed, folder = desk.file.read_bytes(), tmp_path / "collected"
    collecting.collect(desk.ledger, desk.file, choices(), keep=True, folder=folder)
    desk.sign()
    desk.answer({"Surveys": MOVE})
    collecting.collect(desk.ledger, desk.file, choices(), keep=True, folder=folder)
    digest = hashlib.sha256(signed).hexdigest()
    name = f"workbook-{digest}.xlsx"
    files = evidence.pack(desk.ledger, workbooks=folder)
    assert [each for each in files if each.endswith(".xlsx")] == [name] and files[name] == signed
    assert list(evidence.troubles(files)) == [] and evidence.absent(files) == []
    other = {**files, name: signed + b"x"}
    assert f"{name} is not the workbook that was signed" in list(evidence.troubles(other))
    foreign = {**files, f"workbook-{hashlib.sha256(b'x').hexdigest()}.xlsx": b"x"}
    assert any("belongs to no sign-off" in each for each in evidence.troubles(foreign))
    (folder / f"{digest}.xlsx").write_bytes(b"another")
    less = evidence.pack(desk.ledger, workbooks=folder)
    assert name not in less and evidence.absent(less) == [digest] and list(evidence.troubles(less)) == []
