"""A ledger for reports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.store.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened
