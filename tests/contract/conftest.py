"""What contract tests share: a session with the rehearsal tenant or a real one, and sites that go away afterwards."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from spmigrate import config, workplace
from spmigrate.config import TenantSettings
from spmigrate.model import Destination
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.site import creation
from tests.contract.scratch import LIVE, LIVE_OWNER, Scratch
from tests.rehearsal_fixtures import RunningTenant

_ENVIRONMENT = dict(os.environ)
"""That of the shell, from before the tests clean it."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say what is missing once, not in every test."""
    missing = [name for name in (LIVE, LIVE_OWNER) if not _ENVIRONMENT.get(name)]
    if missing and any(item.get_closest_marker("live") for item in session.items):
        text = f"tests on a real tenant need {' and '.join(missing)} in the environment: see tests/README.md"
        pytest.exit(text, returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture(scope="session")
def where(request: pytest.FixtureRequest) -> str:
    """Which tenant a test runs against: `rehearsal`, or `live` for a test that is marked with `ANYWHERE`."""
    return getattr(request, "param", "rehearsal")


@pytest.fixture(scope="session")
def live_settings() -> TenantSettings:
    """The real tenant, with the credential that the shell names."""
    return config.tenant(config.load(Path(_ENVIRONMENT[LIVE])), _ENVIRONMENT)


@pytest.fixture
def settings(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> TenantSettings:
    """The tenant as a working folder names it."""
    if where == "live":
        return request.getfixturevalue("live_settings")
    return read_settings(tmp_path, request.getfixturevalue("rehearsal"))


@pytest.fixture
def tenant(settings: TenantSettings) -> Iterator[Tenant]:
    """A session with the tenant."""
    with connect(settings, workers=8) as connected:
        yield connected


@pytest.fixture
def scratch(tenant: Tenant, owner: str) -> Iterator[Scratch]:
    """Addresses for sites that are deleted after the test."""
    with _cleared(tenant, owner) as given:
        yield given


@pytest.fixture(scope="session")
def owner(where: str) -> str:
    """Who owns the sites that tests make."""
    return _ENVIRONMENT[LIVE_OWNER] if where == "live" else "migration.lead@contoso.onmicrosoft.com"


@pytest.fixture(scope="session")
def shared_tenant(
    where: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tenant]:
    """One session for tests that do not look at the session itself: signing in takes longer than most of them."""
    if where == "live":
        settings = request.getfixturevalue("live_settings")
    else:
        settings = read_settings(tmp_path_factory.mktemp("shared"), request.getfixturevalue("rehearsal_server"))
    with connect(settings, workers=8) as connected:
        yield connected


@pytest.fixture(scope="session")
def home(shared_tenant: Tenant, owner: str) -> Iterator[Destination]:
    """A library that tests share: take own names in it."""
    with _cleared(shared_tenant, owner) as given:
        address = given.address("t-files")
        wanted = {
            "type": "Team site without group", "title": "Contract tests", "description": "", "owner": owner,
            "language": "English",
        }  # fmt: skip
        creation.create(shared_tenant, address, wanted, sleep=time.sleep)
        yield Destination(site=address, library="Shared Documents", label="Contract tests > Documents")


@contextmanager
def _cleared(tenant: Tenant, owner: str) -> Iterator[Scratch]:
    given = Scratch(tenant, owner)
    try:
        yield given
    finally:
        given.clear()


def read_settings(folder: Path, running: RunningTenant) -> TenantSettings:
    """Write spmigrate.yaml for a served tenant into `folder` and read it back."""
    path = folder / workplace.FILE_NAME
    path.write_text(f"version: 1\ntenant:\n  rehearsal: '{running.state}'\n", "utf-8")
    return config.tenant(config.load(path), {})


def asked(running: RunningTenant, since: int) -> list[dict[str, Any]]:
    """The requests of the product after a number, without the control calls of the tests themselves."""
    return [entry for entry in running.requests(since) if not entry["path"].startswith("/_rehearsal")]
