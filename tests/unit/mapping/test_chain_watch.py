"""The chain of sign-offs while a wave runs: each entry is verified once, and what is altered is found."""

import pytest

from spmigrate.store import signoffs
from spmigrate.store.chain_watch import ChainWatch
from spmigrate.store.signoffs import SignoffEntry
from tests.unit.mapping.desk_case import ARCHIVE, Desk


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the entries whose digests are computed, each time."""
    found: list[int] = []
    real = SignoffEntry.computed

    def noted(entry: SignoffEntry) -> str:
        found.append(entry.id)
        return real(entry)

    monkeypatch.setattr(SignoffEntry, "computed", noted)
    return found


def entries(desk: Desk, count: int) -> None:
    """So many more entries, by an owner who changes an answer each time."""
    for _ in range(count):
        last = len(list(signoffs.signoffs(desk.ledger)))
        desk.answer({"Surveys": ARCHIVE} if last % 2 else {})
        desk.collect()
        assert desk.sign() is not None


def alter(desk: Desk, number: int) -> None:
    """What somebody does who switches the triggers of the database off."""
    for trigger in ("signoff_no_update", "signoff_no_delete", "signoff_row_no_delete"):
        desk.ledger.execute(f"DROP TRIGGER {trigger}")
    desk.ledger.execute("UPDATE signoff SET signer = 'Somebody else' WHERE id = ?", (number,))


def test_each_entry_is_verified_once_in_a_run(desk: Desk, computed: list[int]) -> None:
    entries(desk, 2)
    computed.clear()
    watch = ChainWatch()
    assert watch.breaks(desk.ledger) == watch.breaks(desk.ledger) == []
    assert computed == [1, 2]
    entries(desk, 1)
    computed.clear()
    assert watch.breaks(desk.ledger) == []
    assert computed == [3]


def test_an_entry_that_was_altered_is_found_at_the_start_of_every_run(desk: Desk) -> None:
    entries(desk, 2)
    alter(desk, 1)
    watch = ChainWatch()
    for _ in range(2):
        assert [str(each) for each in watch.breaks(desk.ledger)] == ["sign-off 1 was altered after it was written"]
    assert signoffs.chain_breaks(desk.ledger) == watch.breaks(desk.ledger)


def test_an_entry_that_is_added_during_a_run_must_follow(desk: Desk) -> None:
    entries(desk, 2)
    watch = ChainWatch()
    assert watch.breaks(desk.ledger) == []
    entries(desk, 1)
    alter(desk, 3)
    assert [each.signoff_id for each in watch.breaks(desk.ledger)] == [3]
    assert [each.signoff_id for each in watch.breaks(desk.ledger)] == [3], "what does not hold is never remembered"


@pytest.mark.parametrize("lost", [1, 2])
def test_an_entry_that_was_taken_out_during_a_run_is_found(desk: Desk, lost: int) -> None:
    entries(desk, 3)
    watch = ChainWatch()
    assert watch.breaks(desk.ledger) == []
    alter(desk, 0)
    desk.ledger.execute("DELETE FROM signoff_row WHERE signoff_id = ?", (lost,))
    desk.ledger.execute("DELETE FROM signoff WHERE id = ?", (lost,))
    assert watch.breaks(desk.ledger) == signoffs.chain_breaks(desk.ledger) != []
    desk.ledger.execute("UPDATE signoff SET entry = 'other' WHERE id = 3")
    assert [each.signoff_id for each in watch.breaks(desk.ledger)][-1] == 3
