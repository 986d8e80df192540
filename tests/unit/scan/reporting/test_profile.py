"""What is counted is what was scanned: to the file and to the byte."""

import time
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.model import Amount, Treatment
from spmigrate.scan.reporting import figures
from spmigrate.store import inventory, profile
from spmigrate.store.ledger import Ledger
from tests.scan_sample import File, add_finding, scanned

_NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=12)
_FILES = st.lists(
    st.builds(
        File, st.one_of(_NAMES, st.builds("{}.{}".format, _NAMES, _NAMES)), st.integers(0, 400_000_000_000),
        st.floats(-1, 40),
    ),
    max_size=12, unique_by=lambda each: each.name,
)  # fmt: skip


@settings(max_examples=40, deadline=None)  # each makes a ledger
@given(files=_FILES)
def test_slices_have_every_file_once_and_every_extension_as_python_tells_it(files: list[File]) -> None:
    with Ledger(Path(":memory:")) as ledger:
        source = inventory.by_id(ledger, scanned(ledger, "Share", {"Plans": files}))
        slices = profile.slices(ledger, source)
        whole = sum((each.amount for each in slices), Amount())
        assert whole == Amount(len(files), sum(each.size for each in files))
        found: Counter[str] = Counter()
        for each in slices:
            found[each.extension] += each.amount.items
        assert found == Counter(profile.extension(each.name) for each in files)


def test_ages_and_sizes_end_where_their_names_say(ledger: Ledger) -> None:
    files = [File(f"{n}.txt", size, years) for n, (size, years) in enumerate(
        [(0, 0.9), (1, 1.1), (9_999, 0.8), (10_000, 3.1), (250_000_000_000, 6.9), (15_000_000_000, 7.1), (10, 15.1)]
    )]  # fmt: skip
    source = inventory.by_id(ledger, scanned(ledger, "Share", {"": files}))
    found = sorted((each.amount.bytes, each.size, each.age) for each in profile.slices(ledger, source))
    assert found == [
        (0, 0, 0), (1, 1, 1), (10, 1, 4), (9_999, 1, 0), (10_000, 2, 2), (15_000_000_000, 8, 3),
        (250_000_000_000, 9, 2),
    ]  # fmt: skip


def test_heat_gathers_findings_below_the_second_folder(ledger: Ledger) -> None:
    folders = {"A": [], "A/B": [File("x")], "A/B/C": [File("y")], "A/B/C/D": [File("z")], "E": [File("w")]}
    source = inventory.by_id(ledger, scanned(ledger, "Share", folders))
    ids = {row["path"]: row["id"] for row in ledger.rows("SELECT id, path FROM folder")}
    for path in ("A/B", "A/B/C", "A/B/C/D"):
        add_finding(ledger, source.scan_id, "NAME-DOT", "rename", ids[path])
    add_finding(ledger, source.scan_id, "PATH-TOO-LONG", "block", ids["E"])
    first, second, *rest = profile.heat(ledger, source)
    assert (first.path, first.folder_id, first.amount.items) == ("A/B", ids["A/B"], 3)
    assert (first.findings[Treatment.RENAME], second.path) == (3, "E")
    assert not any(sum(each.findings.values()) for each in rest)


def test_duplicates_are_told_by_content_where_there_are_hashes_and_by_name_and_size_elsewhere(ledger: Ledger) -> None:
    same = [File(f"{n}.pdf", 20_000, sha256="a" * 64) for n in range(3)]
    named = [File("plan.pdf", 30_000), File("logo.png", 500), File("empty", 0)]
    folders = {"A": [*same, *named], "B": named, "C": [File("PLAN.pdf", 30_000), File("plan.pdf", 30_001)]}
    found = profile.duplicates(ledger, inventory.by_id(ledger, scanned(ledger, "Share", folders)), at_least=10_000)
    assert (found.by_hash, found.by_name) == (Amount(2, 40_000), Amount(2, 60_000))
    assert (found.hashed, found.files) == (3, 11)


def test_a_file_with_several_findings_is_treated_once_by_the_weightiest(ledger: Ledger) -> None:
    source = inventory.by_id(ledger, scanned(ledger, "Share", {"A": [File("x.mdb", 5), File("y", 7)]}))
    items = {row["name"]: (row["folder_id"], row["id"]) for row in ledger.rows("SELECT * FROM item")}
    for code, treatment in (("NAME-DOT", "rename"), ("DATABASE", "route"), ("OLD", "note")):
        add_finding(ledger, source.scan_id, code, treatment, *items["x.mdb"])
    add_finding(ledger, source.scan_id, "NAME-DOT", "rename", items["y"][0])
    assert profile.treated(ledger, source) == {
        Treatment.ROUTE: (Amount(1, 5), 0),
        Treatment.RENAME: (Amount(0, 0), 1),
    }


def test_two_hundred_thousand_files_are_counted_in_seconds(ledger: Ledger) -> None:
    folders = {f"F{n % 40}" if n < 40 else f"F{n % 40}/{n}": [] for n in range(2000)}
    for n, path in enumerate(folders):
        folders[path] = [File(f"file {k}.docx", n * 100 + k % 7, k % 20) for k in range(100)]
    source = inventory.by_id(ledger, scanned(ledger, "Share", folders))
    ledger.execute(
        "INSERT INTO finding(scan_id, code, severity, folder_id, item_id, treatment, message)"
        " SELECT scan_id, 'NAME-DOT', 'high', folder_id, id, 'rename', 'm' FROM item WHERE id % 3 = 0"
    )
    before = time.process_time()
    found = figures.gather(ledger, source)
    assert time.process_time() - before < 10  # a quarter of a second for each pass, where nothing else runs
    assert found.files.items == 200_000
