"""A sheet that is out with its owner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.mapping.desk_case import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One scanned share, its sheet issued."""
    opened = Desk.open(tmp_path)
    yield opened
    opened.ledger.close()
