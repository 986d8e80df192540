"""Rows that are used with other files: neighbours that do not move with them are named."""

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate.neighbours import PlacedRow, apart

DRAWINGS = "GIS or CAD set"


def row(
    row_id: str, path: str, used_with: str = "", *, stays: bool = False, wave: str = "", source: int = 1
) -> PlacedRow:
    return PlacedRow(row_id, source, path, used_with, stays, wave)


def left(*rows: PlacedRow) -> dict[str, list[str]]:
    return {each.row.row_id: [other.row_id for other in each.neighbours] for each in apart(rows, "pilot")}


USED = row("M-1", "Works/Plans", DRAWINGS, wave="pilot")


def test_neighbours_have_the_same_folder_above_or_lie_right_above_or_below() -> None:
    assert left(
        USED, row("M-2", "Works/Maps"), row("M-3", "Works"), row("M-4", "Works/Plans/Xrefs"), row("M-5", "Other"),
        row("M-6", "Works/Maps/Old"), row("M-7", "Works/Maps", source=2),
    ) == {"M-1": ["M-3", "M-2", "M-4"]}  # fmt: skip


def test_rows_at_the_top_are_beside_each_other() -> None:
    top = row("M-1", "Works", DRAWINGS, wave="pilot")
    assert left(top, row("M-2", "Maps"), row("M-3", ""), row("M-4", "Maps/Old")) == {"M-1": ["M-3", "M-2"]}
    assert left(row("M-0", "", DRAWINGS, wave="pilot"), row("M-2", "Maps"), row("M-4", "Maps/Old")) == {"M-0": ["M-2"]}


def test_what_moves_with_a_row_is_not_named_and_what_stays_is() -> None:
    moving = row("M-2", "Works/Maps", wave="pilot")
    staying = row("M-3", "Works/Old", wave="pilot", stays=True)
    assert left(USED, moving) == {}
    assert left(USED, moving, staying) == {"M-1": ["M-3"]}


def test_nothing_is_said_of_rows_that_are_used_with_nothing_or_do_not_move_now() -> None:
    beside = row("M-9", "Works/Maps")
    assert left(row("M-1", "Works/Plans", wave="pilot"), beside) == {}
    assert left(row("M-1", "Works/Plans", DRAWINGS, wave="second"), beside) == {}
    assert left(row("M-1", "Works/Plans", DRAWINGS, wave="pilot", stays=True), beside) == {}


def test_the_sentence_names_rows_with_their_wave_those_that_are_used_with_others_first() -> None:
    many = [row(f"M-{number}", f"Works/{number}") for number in range(2, 8)]
    (found,) = apart([USED, *many, row("M-8", "Works/Z", "Database", wave="second")], "pilot")
    assert found.said == (
        "M-1 Works/Plans is used with others (GIS or CAD set): M-8 Works/Z (wave second);"
        " M-2 Works/2 (in no wave); M-3 Works/3 (in no wave); M-4 Works/4 (in no wave); M-5 Works/5 (in no wave);"
        " and 2 more"
    )
    assert "(stays where it is)" in apart([USED, row("M-2", "Works/2", stays=True)], "pilot")[0].said


PATHS = st.sampled_from(["", "a", "b", "a/c", "a/d", "a/c/e", "b/c"])


@given(st.lists(st.tuples(PATHS, st.sampled_from(["", DRAWINGS]), st.booleans(), st.sampled_from(["", "pilot"]))))
def test_a_row_alone_in_its_wave_with_all_its_neighbours_lacks_nothing(
    given_rows: list[tuple[str, str, bool, str]],
) -> None:
    rows = [
        row(f"M-{number}", path, used_with, stays=stays, wave=wave)
        for number, (path, used_with, stays, wave) in enumerate(given_rows)
    ]
    for each in apart(rows, "pilot"):
        assert each.row not in each.neighbours and all(
            other.wave != "pilot" or other.stays for other in each.neighbours
        )
    together = [row(each.row_id, each.path, each.used_with, wave="pilot") for each in rows]
    assert apart(together, "pilot") == []
