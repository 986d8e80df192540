"""What the tests of moving share."""

from pathlib import Path

import pytest

from spmigrate.store.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db")
