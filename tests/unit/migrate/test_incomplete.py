"""Sets of files of which only a part arrived are told."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from spmigrate.migrate import incomplete
from spmigrate.migrate.evidence import exceptions
from spmigrate.model import Outcome
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.signed_estate import TIDY, sign, write
from tests.unit.migrate.planning_case import HOME, plan

pytestmark = pytest.mark.homes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


FILES = ("maps/roads.shp", "maps/ROADS.dbf", "maps/roads.txt", "maps/lone.dbf", "plans/a.dwg", "plans/b.dwg")


def moved(tmp_path: Path, ledger: Ledger, failed: Collection[str]) -> waves.Wave:
    """A wave of `FILES` that ended so."""
    for name in FILES:
        write(tmp_path / "share" / name, b"x")
    sign(ledger, tmp_path / "share", {"": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    for name in FILES:
        outcome = Outcome.FAILED if name in failed else Outcome.COPIED
        ledger.execute(
            "UPDATE transfer SET state = 'finished', outcome = ?, code = 'X', reason = 'why' WHERE target_name = ?",
            (outcome, name.rpartition("/")[2]),
        )
    return wave


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        ((), []),
        (("maps/roads.txt", "maps/lone.dbf"), []),
        (("maps/ROADS.dbf",), [("shapefile", "roads", ("maps/ROADS.dbf",))]),
        (("maps/roads.shp", "maps/ROADS.dbf"), []),
        (("plans/b.dwg", "maps/lone.dbf"), [("drawings", "", ("plans/b.dwg",))]),
    ],
)
def test_a_set_is_incomplete_when_a_part_arrived_and_another_did_not(
    tmp_path: Path, ledger: Ledger, failed: tuple[str, ...], told: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    found = incomplete.sets(ledger, moved(tmp_path, ledger, failed))
    assert [(each.kin.kind, each.kin.stem, each.missing) for each in found] == told


def test_the_exceptions_of_an_evidence_pack_say_what_is_not_whole(tmp_path: Path, ledger: Ledger) -> None:
    wave = moved(tmp_path, ledger, ("maps/ROADS.dbf", "maps/roads.txt"))
    found = {each["path"]: each.get("set") for each in exceptions.of(ledger, wave)}
    assert found == {
        "maps/ROADS.dbf": "shapefile maps/roads: 1 file of it did not arrive, others did", "maps/roads.txt": None,
    }  # fmt: skip
