"""A second scan after edits of any kind says exactly what was done."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.scan.survey import survey
from spmigrate.store import keeping, scan_differences
from spmigrate.store.ledger import Ledger

FOLDERS = ("A", "A/B", "A/B/C", "D")
FILES = tuple(f"{folder}/{number}.txt".lstrip("/") for folder in ("", *FOLDERS) for number in range(2))
EDITS = st.fixed_dictionaries({
    "files": st.dictionaries(st.sampled_from(FILES), st.sampled_from(["gone", "changed", "renamed", "moved"])),
    "new": st.sets(st.sampled_from(["", *FOLDERS])),
    "swapped": st.booleans(),
    "folders": st.dictionaries(st.sampled_from(["A/B/C", "D"]), st.sampled_from(["gone", "renamed"])),
})  # fmt: skip


@contextmanager
def share() -> Iterator[Path]:
    """Ten files in five folders, each with its own content; and two files that differ in nothing but what they are."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "Share"
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True)
        for file in FILES:
            (root / file).write_text(f"what {file} says", "utf-8")
        for twin in ("A/twin", "D/twin"):
            (root / twin).write_text("twin", "utf-8")
            os.utime(root / twin, (10**9, 10**9))
        yield root


def edit(root: Path, edits: dict[str, object]) -> set[tuple[str, str, str | None]]:
    """Do what is asked for; what a scan must find: kind, path, path before."""
    done: set[tuple[str, str, str | None]] = set()
    folders, files = dict(edits["folders"]), dict(edits["files"])  # type: ignore[call-overload]
    if edits["swapped"]:
        (root / "A/twin").rename(root / "twin")
        (root / "D/twin").rename(root / "A/twin")
        (root / "twin").rename(root / "D/twin")
        done |= {("renamed", "A/twin", "D/twin"), ("renamed", "D/twin", "A/twin")}
    for file, what in files.items():
        path, folder = root / file, file.rpartition("/")[0]
        if folder in folders:
            continue
        if what == "gone":
            path.unlink()
            done.add(("gone", file, None))
        elif what == "changed":
            path.write_text("something longer than what it has said before", "utf-8")
            done.add(("changed", file, None))
        else:
            number = path.name
            to = f"{folder}/renamed {number}" if what == "renamed" else f"moved {folder.replace('/', '-')} {number}"
            path.rename(root / to.lstrip("/"))
            done.add(("renamed", to.lstrip("/"), file))
    for folder in edits["new"]:  # type: ignore[attr-defined]
        if folder not in folders:
            (root / folder / "new.txt").write_text("new", "utf-8")
            done.add(("new", f"{folder}/new.txt".lstrip("/"), None))
    for folder, what in folders.items():
        if what == "gone":
            shutil.rmtree(root / folder)
            if edits["swapped"] and folder == "D":  # the one that lay in A has gone with D; that of D is in A
                done -= {("renamed", "D/twin", "A/twin")}
            done.add(("gone", folder, None))
        else:
            (root / folder).rename(root / f"{folder} renamed")
            if edits["swapped"] and folder == "D":
                done -= {("renamed", "D/twin", "A/twin")}
                done.add(("renamed", "D renamed/twin", "A/twin"))
            done.add(("renamed", f"{folder} renamed", folder))
    return done


@settings(max_examples=25, deadline=None)
@given(EDITS, st.sampled_from([1, 2, 10_000]))
def test_second_scan_says_exactly_what_was_done(edits: dict[str, object], at_once: int) -> None:
    """Also where folders are so large that they are compared in parts."""
    with (
        share() as root,
        Ledger(root.parent / "ledger.db") as ledger,
        patch.object(keeping, "_AT_ONCE", at_once),
    ):
        survey(ledger, root)
        done = edit(root, edits)
        scan_differences.find(ledger, survey(ledger, root))
        assert {each[:1] + each[2:4] for each in scan_differences.shown(ledger)} == done
        assert scan_differences.find(ledger, survey(ledger, root)) == []
