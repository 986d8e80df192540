"""What is kept of a signature: a chain that shows any change, and digests of what was signed."""

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.store import signoffs
from spmigrate.store.mappings import MappedRow
from spmigrate.store.row_identity import RowIdentity, difference, sheet_digest
from tests.registers import DEPUTY, OWNER
from tests.unit.mapping.desk_case import MOVE, Desk, signed


def test_the_chain_of_signoffs_shows_any_change(desk: Desk) -> None:
    signed(desk)
    desk.answer({"Surveys": MOVE})
    desk.collect()
    desk.sign()
    chain = list(signoffs.signoffs(desk.ledger))
    assert len(chain) == 2 and signoffs.chain_breaks(desk.ledger) == []
    first, second = chain
    forged = replace(first, signer="Somebody else")
    rows = ((first.rows[0][0], "0" * 64), *first.rows[1:])
    for altered in ([forged, second], [second], [second, first], [replace(first, rows=rows), second],
                    [replace(forged, entry=forged.computed()), second]):  # fmt: skip
        assert list(signoffs.breaks(altered))


def test_rows_put_under_a_signoff_break_the_chain(desk: Desk) -> None:
    signed(desk)
    desk.ledger.execute(
        "INSERT INTO signoff(sheet_id, at, signer, role, evidence, statement, digest, previous, entry)"
        " SELECT sheet_id, at, signer, role, evidence, statement, digest, entry, 'forged' FROM signoff"
    )
    assert [str(each) for each in signoffs.chain_breaks(desk.ledger)] == ["sign-off 2 was altered after it was written"]


def test_the_ledger_refuses_to_alter_a_signoff(desk: Desk) -> None:
    signed(desk)
    for sql in ("UPDATE signoff SET signer = 'x'", "DELETE FROM signoff_row", "DELETE FROM signoff"):
        with pytest.raises(sqlite3.IntegrityError, match="never altered"):
            desk.ledger.execute(sql)


_meaning = st.dictionaries(
    st.sampled_from(["decision", "subject", "keep", "who", "group", "hold"]), st.text(max_size=8), min_size=1
)
_identities = st.builds(
    RowIdentity,
    items=st.integers(0, 9),
    bytes=st.integers(0, 9),
    folders=st.text(max_size=3),
    findings=st.text(max_size=3),
)


@given(meaning=_meaning, identity=_identities, remark=st.text(), position=st.integers(1, 400))
def test_digest_ignores_order_place_and_remarks(
    meaning: dict[str, str], identity: RowIdentity, remark: str, position: int
) -> None:
    row = MappedRow("M-0001-X0", "S-0001", 1, 7, "tree", "A", identity, meaning)
    shuffled = dict(reversed(meaning.items()))
    moved = replace(row, position=position, meaning=shuffled, remarks={"notes": remark})
    assert row.digest(OWNER) == moved.digest(OWNER)


@given(meaning=_meaning, identity=_identities, key=st.data(), text=st.text(max_size=8))
def test_digest_changes_with_any_answer_or_content(
    meaning: dict[str, str], identity: RowIdentity, key: st.DataObject, text: str
) -> None:
    row = MappedRow("M-0001-X0", "S-0001", 1, 7, "tree", "A", identity, meaning)
    chosen = key.draw(st.sampled_from(sorted(meaning)))
    others = [
        replace(row, meaning=meaning | {chosen: meaning[chosen] + "x"}),
        replace(row, meaning={name: value for name, value in meaning.items() if name != chosen}),
        replace(row, identity=replace(identity, items=identity.items + 1)),
        replace(row, identity=replace(identity, findings=identity.findings + "x")),
        replace(row, scope="folder"),
        replace(row, row_id="M-0002-X0"),
    ]
    if text != meaning[chosen]:
        others.append(replace(row, meaning=meaning | {chosen: text}))
    assert row.digest(OWNER) not in {other.digest(OWNER) for other in others}
    assert row.digest(OWNER) != row.digest(DEPUTY)


@given(digests=st.dictionaries(st.text(max_size=5), st.text(max_size=5), min_size=1), order=st.randoms())
def test_sheet_digest_does_not_depend_on_order(digests: dict[str, str], order: object) -> None:
    pairs = list(digests.items())
    order.shuffle(pairs)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert sheet_digest(dict(pairs)) == sheet_digest(digests)


@given(signed_count=st.integers(1, 10**6), change=st.integers(-(10**5), 10**5))
def test_five_in_a_hundred_files_is_too_many(signed_count: int, change: int) -> None:
    now = max(0, signed_count + change)
    held = difference(RowIdentity(items=signed_count), RowIdentity(items=now)) is None
    assert held == (abs(now - signed_count) * 20 < signed_count)


def test_chain_of_some_sheets_is_one_question_and_reads_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    signed(desk)
    desk.answer({"Surveys": MOVE})
    desk.collect()
    desk.sign()
    whole = list(signoffs.signoffs(desk.ledger))
    asked: list[str] = []
    rows = type(desk.ledger).rows
    monkeypatch.setattr(type(desk.ledger), "rows", lambda self, sql, *rest: asked.append(sql) or rows(self, sql, *rest))
    sheet = whole[0].sheet_id
    assert signoffs.of_sheets(desk.ledger, [sheet]) == {sheet: whole}
    assert signoffs.of_sheets(desk.ledger, []) == {}
    assert list(signoffs.signoffs(desk.ledger, after=whole[0].id)) == whole[1:]
    assert len(asked) == 2
    monkeypatch.undo()
    plan = desk.ledger.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM signoff s LEFT JOIN signoff_row r ON r.signoff_id = s.id"
        " WHERE s.sheet_id IN (?)", (sheet,),
    )  # fmt: skip
    assert "SCAN s" not in " ".join(row["detail"] for row in plan)
