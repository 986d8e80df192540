"""Batches by the package route, against the rehearsal tenant: what arrives, what is left out, what is told of it."""

import itertools
from pathlib import Path

import pytest

from spmigrate.model import Destination, Outcome
from tests.contract.package_run import package_run
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import make_estate, write
from tests.tenant_tree import new_site, tree

_NUMBERS = itertools.count(1)
MODIFIED = 1_400_000_000


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"package-{next(_NUMBERS)}")


def test_an_awkward_estate_arrives_whole(tmp_path: Path, rehearsal: RunningTenant, home: Destination) -> None:
    share = make_estate(tmp_path / "share", plain=30)
    with package_run(tmp_path / "work", rehearsal, share, home, ("Works", "Plans", "Drawings")) as run:
        moved = run.move_all()
        assert run.balanced()
        found = tree(run.tenant, home)
        copied = [each for each in moved if each.outcome is Outcome.COPIED]
        assert len(copied) == len(found) == run.copied() > 45
        assert [each for each in moved if each.outcome is not Outcome.COPIED] == []
        assert all(leaf.versions == 1 for leaf in found.values())
        assert found["Plans/Odd & ends #2/O'Brien #1.txt"].modified == "2011-03-13T07:06:40Z"
        assert not run.sealed.ids()
