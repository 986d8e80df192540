"""What the programs of a working folder may use of the app's budget, and where that stands."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from spmigrate import config
from spmigrate.cli import tenants
from spmigrate.cli.view import Session
from spmigrate.errors import InputError
from spmigrate.store.allowance import Limits
from spmigrate.store.pacing import SharedPurse
from spmigrate.tenant.budget import BUDGETS

TENANT = "version: 1\ntenant:\n  rehearsal: tenant\nmigrate:\n"
REAL = """\
version: 1
tenant:
  name: council.example
  tenant id: 00000000-0000-0000-0000-000000000000
  sharepoint: https://council.sharepoint.example
  client id: 00000000-0000-0000-0000-000000000001
"""
NIGHTS = """\
  off peak:
    - {days: [Monday, Tuesday, Wednesday, Thursday, Friday], from: "19:00", to: "07:00"}
    - {days: [Saturday, Sunday], from: "00:00", to: "00:00"}
"""


def session(folder: Path, text: str) -> Session:
    (folder / "spmigrate.yaml").write_text(TENANT + text, "utf-8")
    return Session(folder / "spmigrate.yaml")


def at(*moment: int) -> float:
    return datetime(*moment, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]  # the parts of a moment


def test_two_thirds_of_the_councils_band_are_used_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text(REAL, "utf-8")
    limits = tenants.limits(Session(tmp_path / "spmigrate.yaml").settings)
    assert limits(at(2026, 11, 23, 12)) == limits(at(2026, 11, 23, 2)) == Limits(3750 * 0.65, 3_600_000 * 0.65)


def test_rehearsal_tenant_has_no_budget_unless_it_is_set(tmp_path: Path) -> None:
    assert at_once(tenants.purse(session(tmp_path, "  workers: 6\n"), part=0.25), most=5_000) == 5_000
    assert at_once(tenants.purse(session(tmp_path, "  licences: 0-1000\n")), most=5_000) < 50


def test_off_peak_has_a_share_of_its_own_by_the_councils_clocks(tmp_path: Path) -> None:
    text = "  budget share: 50\n  off peak share: 90\n  licences: 0-1000\n" + NIGHTS
    limits = tenants.limits(session(tmp_path, text).settings)
    day, night = Limits(625, 600_000), Limits(1125, 1_080_000)
    assert limits(at(2026, 11, 23, 12)) == day
    assert limits(at(2026, 11, 23, 18, 59)) == day
    assert limits(at(2026, 11, 23, 19, 0)) == night
    assert limits(at(2026, 11, 24, 6, 59)) == night
    assert limits(at(2026, 11, 22, 12)) == night
    assert limits(at(2026, 7, 20, 18, 0)) == night  # 19:00 on their clocks
    assert limits(at(2026, 7, 20, 17, 59)) == day


def test_every_band_that_can_be_set_has_a_budget() -> None:
    bands = config.MigrateSection.model_fields["licences"].annotation
    assert set(get_args(get_args(bands)[0])) == set(BUDGETS)


@pytest.mark.parametrize("text", ["  budget share: 0\n", "  budget share: 101\n", "  licences: many\n"])
def test_share_and_band_that_make_no_sense_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        _ = session(tmp_path, text).settings


def at_once(purse: SharedPurse, *, most: int = 1_000) -> int:
    """How many units may go before the first has to wait."""
    gone = 0
    while gone < most and not purse.take(1.0, 0.0):
        purse.done()
        gone += 1
    purse.close()
    return gone


def test_checks_keep_to_a_quarter_of_the_budget(tmp_path: Path) -> None:
    here = session(tmp_path, "  licences: 5001-15000\n")
    assert at_once(tenants.purse(here, part=tenants.GOVERNANCE_PART)) == int(3750 / 4 / 60 * 3)
    assert at_once(tenants.purse(here)) > int(3750 / 4 / 60 * 3)


def test_what_was_used_is_told_without_a_tenant(tmp_path: Path) -> None:
    here = session(tmp_path, "  licences: 5001-15000\n")
    assert tenants.spent(here) is None
    purse = tenants.purse(here)
    for _ in range(3):
        assert purse.take(2.0, 0.0) == 0
        purse.done()
    purse.close()
    spent = tenants.spent(here)
    assert spent is not None
    assert (spent.minute, spent.day, spent.limits.minute) == (6.0, 6.0, 3750 * 0.65)
