"""The demo, whole: the same facts on the screen and in the document, and a folder that one can go on in."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "kept"


@pytest.fixture(scope="module")
def facts(kept: Path) -> Any:
    """What `spmigrate demo --json` says of a small estate."""
    return _demo("--files", "400", "--keep", str(kept))


def _demo(*arguments: str, **environment: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "spmigrate", "demo", "--json", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_file_has_one_outcome_to_the_byte(facts: Any) -> None:
    for unit in ("items", "bytes"):
        assert facts[unit]["source"] == sum(facts[unit][name] for name in facts[unit] if name != "source")
    assert facts["balances"]
    assert facts["items"]["source"] == facts["scan"]["items"]
    assert facts["bytes"]["source"] == facts["scan"]["bytes"]
    assert facts["items"]["copied"] > 200


def test_sites_are_provisioned_and_nothing_is_left_to_do(facts: Any) -> None:
    addresses = ["/sites/d-h7k2m", "/sites/f-m4q8r", "/sites/t-a3w9c", "/sites/t-s6p2x"]
    assert sorted(facts["sites"]["sites"]) == addresses
    assert facts["sites"]["changes"] > 50 and not facts["sites"]["failed"]
    assert facts["second_plan"]["changes"] == []
    assert facts["second_plan"]["counts"]["unchanged"] == facts["sites"]["changes"]


def test_unsigned_rows_were_refused_before_they_were_signed(facts: Any) -> None:
    assert "not signed off" in facts["decisions"]["refused"]["error"]["message"]


def test_the_mover_was_killed_and_throttled_and_verification_still_finds_every_file(facts: Any) -> None:
    assert facts["killed_after"] >= 1
    assert facts["throttled"] == 10
    assert facts["verified"] == {"exact": facts["items"]["copied"]}


def test_the_rules_find_what_the_seed_contains_and_none_other(facts: Any) -> None:
    checks = [facts["rules"], facts["partners"]]
    found = [(each["rule"], each["subject"]) for check in checks for each in check["findings"]]
    assert sorted(found) == sorted(_expected())
    assert len(found) == len(set(found)) >= 13
    assert sum(check["waived"] for check in checks) == 1
    assert not any(check["unknown"] for check in checks)


def test_report_names_what_failed(facts: Any) -> None:
    page = Path(facts["report"]).read_text("utf-8")
    assert "Every file is accounted for, to the byte" in page
    for cause in facts["causes"]:
        assert cause["code"] in page
    assert len(Path(facts["crosswalk"]).read_text("utf-8-sig").splitlines()) >= facts["items"]["source"]


@pytest.fixture
def served_again(facts: Any, kept: Path) -> Iterator[None]:
    """The kept rehearsal tenant, started again as the demo's summary says."""
    with subprocess.Popen(
        [sys.executable, "-m", "spmigrate", "rehearsal", "serve", "--state", str(kept / "tenant"), "--listen",
         "127.0.0.1:0"],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ,
    ) as running:  # fmt: skip
        try:
            assert running.stdout is not None
            assert running.stdout.readline().startswith("{")
            yield
        finally:
            running.terminate()


@pytest.mark.usefixtures("served_again")
def test_one_can_go_on_in_the_kept_folder(facts: Any, kept: Path, spmigrate: Any) -> None:
    work = kept / "work"
    assert spmigrate("site", "plan", "--json", cwd=work).code == 0
    status = spmigrate("wave", "status", "pilot", "--json", cwd=work)
    assert status.json["items"] == facts["items"]
    assert spmigrate("wave", "run", "pilot", "--json", cwd=work).json["items"] == facts["items"]
    assert spmigrate("wave", "verify", "pilot", "--json", cwd=work).json["verified"] == facts["verified"]


def test_a_folder_of_ones_own_is_moved_and_left_as_it_was(tmp_path: Path) -> None:
    source = tmp_path / "my folder"
    (source / "a" / "b").mkdir(parents=True)
    (source / "a" / "b" / "50% off #2 & 'draft'.txt").write_text("x")
    (source / "a" / "empty.txt").touch()
    (source / "top.txt").write_text("top")
    (source / "a" / "link.txt").symlink_to(source / "top.txt")
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}"\n')
    browser.chmod(0o700)
    before = _listing(source)
    facts = _demo("--source", str(source), "--open", BROWSER=str(browser))
    assert facts["items"] == {"source": 4, "copied": 3, "skipped": 1, "routed": 0, "failed": 0, "vanished": 0}
    assert _listing(source) == before
    assert opened.read_text() == Path(facts["report"]).as_uri()


def test_a_folder_that_is_not_empty_is_not_touched(tmp_path: Path, spmigrate: Any) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    done = spmigrate("demo", "--keep", tmp_path)
    assert done.code == 2
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def _listing(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mtime_ns, path.lstat().st_mode, path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }  # fmt: skip


def _expected() -> list[tuple[str, str]]:
    """The violations that the demo's seed lists in its own heading: rule, subject, and what is wrong."""
    seed = (ROOT / "spmigrate" / "rehearsal" / "seeds" / "demo.yaml").read_text("utf-8")
    lines = [line.removeprefix("#   ") for line in seed.splitlines() if line.startswith("#   ")]
    columns = [[column.strip() for column in re.split(r"  +", line)] for line in lines]
    return [(column[0], column[1]) for column in columns]
