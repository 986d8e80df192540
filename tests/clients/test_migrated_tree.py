"""A wave that has moved, looked at by a program that nobody here wrote: what rclone checks must content it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.model import Destination
from spmigrate.store.ledger import Ledger
from tests.clients.conftest import Done
from tests.conftest import Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import working_folder

ROUTES = ("session", "package")


@pytest.mark.parametrize("route", ROUTES)
def test_rclone_finds_no_difference_in_a_migrated_tree(
    route: str,
    rehearsal: RunningTenant,
    rclone: Callable[..., Done],
    spmigrate: Callable[..., Finished],
    tmp_path: Path,
) -> None:
    top = f"Moved by {route}"
    root = tmp_path / "share"
    for number in range(40):
        write(root / top / f"{number % 4}" / f"Plan {number}.txt", b"x" * number * 997, modified=981_173_106 + number)
    for name in ("O'Brien #1.txt", "100% sure.txt", "Café & £.txt", "empty"):
        write(root / top / "Odd" / name, b"" if name == "empty" else name.encode(), modified=1_234_567_890)
    address = "/" + rehearsal.ready["site"].split("/", 3)[3]
    home = Destination(site=address, library="Shared Documents", label="Team")
    work = working_folder(tmp_path / "work", rehearsal)
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, {top: (TIDY, home)})
    for verb, *more in (("plan", "--route", route), ("run",), ("verify",)):
        done = spmigrate("wave", verb, "night", *more, cwd=work)
        assert done.code == 0, done.stdout + done.stderr
    checked = rclone("check", root / top, f"team:{top}")
    assert checked.code == 0, checked.stderr
    assert "0 differences found" in checked.stderr
    listed = {each["Path"]: each for each in rclone("lsjson", "-R", "--files-only", f"team:{top}").json}
    assert len(listed) == 44
    assert listed["1/Plan 1.txt"]["ModTime"] == "2001-02-03T04:05:07Z"
    (root / top / "Odd" / "100% sure.txt").write_text("altered")
    os.utime(root / top / "Odd" / "100% sure.txt", (1_234_567_890, 1_234_567_890))
    assert rclone("check", root / top, f"team:{top}").code != 0
