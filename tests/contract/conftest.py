"""What contract tests share: the settings of the rehearsal tenant, as spmigrate.yaml gives them, and a session."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate import config, workplace
from spmigrate.config import TenantSettings
from spmigrate.tenant.session import Tenant, connect
from tests.rehearsal_fixtures import RunningTenant


@pytest.fixture
def settings(rehearsal: RunningTenant, tmp_path: Path) -> TenantSettings:
    """The tenant as a working folder names it."""
    return read_settings(tmp_path, rehearsal)


@pytest.fixture
def tenant(settings: TenantSettings) -> Iterator[Tenant]:
    """A session with the rehearsal tenant."""
    with connect(settings, workers=8) as connected:
        yield connected


def read_settings(folder: Path, running: RunningTenant) -> TenantSettings:
    """Write spmigrate.yaml for a served tenant into `folder` and read it back."""
    path = folder / workplace.FILE_NAME
    path.write_text(f"version: 1\ntenant:\n  rehearsal: '{running.state}'\n", "utf-8")
    return config.tenant(config.load(path), {})


def asked(running: RunningTenant, since: int) -> list[dict[str, Any]]:
    """The requests of the product after a number, without the control calls of the tests themselves."""
    return [entry for entry in running.requests(since) if not entry["path"].startswith("/_rehearsal")]
