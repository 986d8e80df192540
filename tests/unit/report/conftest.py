"""What tests of answers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.report.office_case import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.index.close()
    made.ledger.close()
