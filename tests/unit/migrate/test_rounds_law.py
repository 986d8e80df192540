"""Whatever people do to a share between rounds: every file has one outcome, one copy, and its present content."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.model import Amount, Outcome
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.signed_estate import write
from tests.unit.migrate.rounds_case import Case

_FOLDERS = ("", "p", "q", "p/r")
_NAMES = ("1.txt", "2.txt", "3.txt", "Thumbs.db")
_FOLDER = st.sampled_from(_FOLDERS)
_PLACE = st.tuples(_FOLDER, st.sampled_from(_NAMES))
_EDIT = st.one_of(
    st.tuples(st.just("write"), _PLACE, st.integers(0, 40)),
    st.tuples(st.just("remove"), _PLACE, st.just(0)),
    st.tuples(st.just("rename"), _PLACE, _PLACE),
    st.tuples(st.just("move folder"), _FOLDER, _FOLDER),
    st.tuples(st.just("edit there"), _PLACE, st.integers(0, 40)),
)
_ROUND = st.lists(_EDIT, min_size=1, max_size=5)
_START = st.lists(_PLACE, min_size=1, max_size=6, unique=True)


def _path(root: Path, place: tuple[str, str]) -> Path:
    return root / "a" / place[0] / place[1]


def _apply(case: Case, edit: tuple[str, object, object], moment: int) -> None:
    """One thing that somebody does; what cannot be done is not done."""
    what, first, second = edit
    above = case.root / "a"
    if what == "move folder":
        old, new = above / str(first), above / str(second)
        if first and second and old.is_dir() and not new.exists() and not str(second).startswith(f"{first}/"):
            new.parent.mkdir(parents=True, exist_ok=True)
            old.rename(new)
        return
    assert isinstance(first, tuple)
    path = _path(case.root, first)
    if what == "write":
        assert isinstance(second, int)
        write(path, b"w" * second, modified=moment)
    elif what == "remove":
        path.unlink(missing_ok=True)
    elif what == "rename" and path.exists():
        assert isinstance(second, tuple)
        new = _path(case.root, second)
        new.parent.mkdir(parents=True, exist_ok=True)
        path.replace(new)
    elif what == "edit there":
        there = "/".join(part for part in ("a", *first) if part)
        if there in case.shelf.paths():
            case.shelf.edit(there, b"edited there")
            case.edited.add(there)


def _check(case: Case) -> None:
    wave = waves.get(case.ledger, "pilot")
    standing = waves.standing(case.ledger, wave)
    present = {path for path in (case.root / "a").rglob("*") if path.is_file()}
    assert (standing.lost, standing.open) == (Amount(), Amount())
    assert standing.accounting.balances
    assert standing.accounting.source == Amount(len(present), sum(path.stat().st_size for path in present))
    rows = list(
        case.ledger.rows(
            "SELECT t.*, d.path, i.name FROM transfer t JOIN item i ON i.id = t.item_id JOIN folder d"
            " ON d.id = i.folder_id WHERE t.superseded IS NULL AND t.gone IS NULL"
        )
    )
    assert {case.root / row["path"] / row["name"] for row in rows} == present, "one current transfer for every file"
    copies = [row["target_id"] for row in rows if row["outcome"] == Outcome.COPIED]
    assert len(copies) == len(set(copies)), "no copy stands for two files"
    there = case.shelf.paths()
    for row in rows:
        if row["outcome"] != Outcome.COPIED:
            continue
        place = "/".join(filter(None, (row["target_folder"], row["target_name"])))
        assert case.shelf.files[row["target_id"]].place == (row["target_folder"], row["target_name"])
        if place not in case.edited:
            assert there[place] == (case.root / row["path"] / row["name"]).read_bytes()
    for place in case.edited & there.keys():
        assert there[place] == b"edited there", "nothing that was edited at the destination is overwritten"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_START, st.lists(_ROUND, min_size=1, max_size=4))
def test_the_account_balances_over_every_round(
    start: list[tuple[str, str]], later: list[list[tuple[str, object, object]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "ledger.db") as ledger:
        case = Case(ledger, Path(folder) / "share")
        for number, place in enumerate(start):
            write(_path(case.root, place), b"s" * (number + 1), modified=1_400_000_000 + number)
        case.begin()
        _check(case)
        moment = 1_500_000_000
        for edits in later:
            for edit in edits:
                moment += 100
                _apply(case, edit, moment)
            case.delta()
            _check(case)
        case.delta()
        _check(case)
        moved = [call for call in case.shelf.calls if call != "replace"]
        assert moved == [], "a scan without differences moves nothing; what was renamed and edited is finished by it"
