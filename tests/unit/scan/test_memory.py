"""One folder of very many files takes no more memory than many folders of few, scanned once or again."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent
_SCANS = """
import sys
from pathlib import Path

from spmigrate.scan.survey import survey
from spmigrate.store.entries import Columns, Entries
from spmigrate.store.ledger import Ledger


class Share:
    kind, path, directory, empty, reservations, digests = "folder", "/share", "1:1", False, (), {}
    modified = 10**18

    def check_present(self):
        pass

    def read(self, raw):
        entries = Entries()
        for start in range(0, FILES, 1000):
            numbers = range(start, start + 1000)
            names = [f"Letter {number:06} to a household.docx" for number in numbers]
            entries.add_files(Columns(names, [30_000] * 1000, [self.modified] * 1000, [10**18] * 1000, numbers))
        return entries, 10**18


def most_used():
    # Of this program alone: getrusage's figure also holds what its parent used when it forked.
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


FILES = int(sys.argv[1])
share = Share()
with Ledger(Path(sys.argv[2])) as ledger:
    for share.modified in (10**18, 10**18 + 10**9):
        assert survey(ledger, share).items == FILES
        print(most_used())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_folder_of_a_hundred_thousand_files_is_scanned_and_scanned_again_in_the_same_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCANS, "100000", tmp_path / "ledger.db"],
        check=True, capture_output=True, text=True, cwd=ROOT, timeout=200,
    )  # fmt: skip
    first, again = map(int, done.stdout.split())
    assert first < 110
    assert again < first + 15, "what was kept of the folder is looked at in parts"
