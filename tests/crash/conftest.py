"""What the tests of crashes share."""

from collections.abc import Iterator

import pytest

from tests.crash.points import Commands


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    """Commands that are struck or killed at points of their own."""
    with Commands() as running:
        yield running
