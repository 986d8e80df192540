"""Waves on a service that fails, or in which somebody changed things."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.model import Destination
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files
from tests.conftest import Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import new_site, session, working_folder

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal)


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"trouble-{next(_NUMBERS)}")


def planned(work: Path, root: Path, home: Destination, spmigrate: Command) -> None:
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, {"": (TIDY, home)})
    done = spmigrate("wave", "plan", "pilot", cwd=work)
    assert done.code == 0, done.stderr


def test_file_that_was_moved_and_renamed_at_the_destination_fails_verification(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    write(tmp_path / "share" / "Adults" / "a.txt", b"x" * 10)
    write(tmp_path / "share" / "Public" / "b.txt", b"y")
    planned(work, tmp_path / "share", home, spmigrate)
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 0
    assert spmigrate("wave", "verify", "pilot", "--json", cwd=work).json["verified"] == {"exact": 2}
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        adults, public = (files.child(tenant, library, library.root_id, name) for name in ("Adults", "Public"))
        assert adults is not None and public is not None
        moved = files.child(tenant, library, adults.id, "a.txt")
        assert moved is not None
        change = {"name": "zzz.txt", "parentReference": {"id": public.id}}
        tenant.graph("PATCH", f"/v1.0/drives/{library.drive_id}/items/{moved.id}", change)
    verified = spmigrate("wave", "verify", "pilot", "--json", cwd=work)
    assert (verified.code, verified.json["verified"]) == (3, {"exact": 1, "failed": 1})
    assert "Public/zzz.txt" in verified.json["problems"][0]["note"]
