"""What a template names and a tenant has or lacks; one question each, however often it is asked."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.site import reading
from spmigrate.tenant.site.lookups import Lookups, Seen, sensitivity_labels, term_sets
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.conftest import asked, read_settings
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

SEED = """\
tenant:
  labels: {Official: For everybody, Official sensitive: With care}
  retention_labels: {Six years: 2192}
groups:
  - {name: "Duty team's rota", nickname: duty-team, owners: [migration.lead]}
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTenant]:
    """A tenant with labels."""
    with serve_tenant(tmp_path_factory.mktemp("looked")) as served:
        served.seed(SEED)
        yield served


@pytest.fixture
def tenant(running: RunningTenant, tmp_path: Path) -> Iterator[Tenant]:
    with connect(read_settings(tmp_path, running)) as connected:
        yield connected


@pytest.fixture
def look(tenant: Tenant, running: RunningTenant) -> Iterator[Lookups]:
    yield Lookups(tenant)
    running.clear_faults()


def test_a_sensitivity_label_is_found_by_its_name(look: Lookups, tenant: Tenant) -> None:
    assert look.sensitivity_label("official  Sensitive") is Seen.THERE
    assert look.sensitivity_label("Secret") is Seen.MISSING
    assert set(sensitivity_labels(tenant)) == {"Official", "Official sensitive"}


def test_a_term_set_is_found_with_its_group(look: Lookups, tenant: Tenant) -> None:
    store = "/v1.0/sites/root/termStore"
    group = tenant.graph("POST", f"{store}/groups", {"displayName": f"Council {uuid4()}"})
    names = [{"languageTag": "en-US", "name": "Business classes"}]
    made = tenant.graph("POST", f"{store}/sets", {"parentGroup": {"id": group["id"]}, "localizedNames": names})
    path = f"{group['displayName']}/Business classes"
    assert look.term_set(path) is Seen.THERE
    assert look.term_set(f"{group['displayName']}/Wards") is Seen.MISSING
    assert term_sets(tenant)[path] == made["id"]


def test_a_theme_a_group_and_a_hub_are_found(look: Lookups, tenant: Tenant) -> None:
    theme = {"name": "Council green", "themeJson": json.dumps({"palette": {"themePrimary": "#00ff00"}})}
    tenant.rest("POST", f"{tenant.settings.admin}/_api/ThemeManager/UpdateTenantTheme", theme)
    assert [look.theme(name) for name in ("Council green", "Sunset")] == [Seen.THERE, Seen.MISSING]
    assert [look.group(name) for name in ("duty team's rota", "Nobody")] == [Seen.THERE, Seen.MISSING]
    assert look.hub("/sites/none") is Seen.MISSING


def test_an_alias_is_taken_by_groups_deleted_groups_and_sites(look: Lookups, tenant: Tenant) -> None:
    alias = f"t-{secrets.token_hex(4)}"
    assert look.alias(alias) is Seen.MISSING
    body = {
        "displayName": "x", "mailNickname": alias, "mailEnabled": True, "securityEnabled": False,
        "groupTypes": ["Unified"],
    }  # fmt: skip
    made = tenant.graph("POST", "/v1.0/groups", body)["id"]
    assert Lookups(tenant).alias(alias.upper()) is Seen.THERE
    tenant.graph("DELETE", f"/v1.0/groups/{made}")
    assert Lookups(tenant).alias(alias) is Seen.THERE
    site = f"t-{secrets.token_hex(4)}"
    request = {
        "Title": "x", "Url": f"{tenant.settings.sharepoint}/sites/{site}", "WebTemplate": "STS#3",
        "Owner": "migration.lead@contoso.onmicrosoft.com", "Lcid": 1033,
    }  # fmt: skip
    tenant.rest("POST", "/_api/SPSiteManager/create", {"request": request})
    assert Lookups(tenant).alias(site) is Seen.THERE


def test_retention_labels_are_asked_of_the_site_and_a_site_that_is_not_there_tells_nothing(look: Lookups) -> None:
    assert look.retention_label("/", "six years") is Seen.THERE
    assert look.retention_label("/", "For ever") is Seen.MISSING
    assert look.retention_label("/sites/not-there-yet", "Six years") is Seen.COULD_NOT_LOOK


def test_each_thing_is_asked_once_and_a_refusal_is_no_absence(look: Lookups, running: RunningTenant) -> None:
    running.fault({"status": 403}, count=9, path="ThemeManager")
    running.fault({"status": 403}, count=9, path="/groups")
    mark = running.mark()
    for _ in range(3):
        assert look.theme("Council green") is Seen.COULD_NOT_LOOK
        assert look.group("Nobody") is Seen.COULD_NOT_LOOK
        assert look.sensitivity_label("Official") is Seen.THERE
    paths = [each["path"] for each in asked(running, mark) if "/v2.0/" not in each["path"]]
    assert len(paths) == len(set(paths)) == 3


def test_a_site_gets_a_label_and_another_and_none_that_is_not_published(tenant: Tenant) -> None:
    writer = SiteWriter(tenant, f"/sites/t-{secrets.token_hex(4)}", sleep=lambda _: None)
    writer.create({
        "type": "Team site without group", "title": "x", "description": "", "language": "English",
        "time zone": "London", "owner": "migration.lead@contoso.onmicrosoft.com",
    })  # fmt: skip
    kinds = frozenset({Kind.LABEL})

    def read() -> list[object]:
        found = reading.read(tenant, writer.address, {}, kinds)
        assert found is not None
        return [part.attributes["label"] for part in found.parts.values()]

    assert read() == []
    for name in ("Official", "Official", "Official sensitive"):
        writer.put(Kind.LABEL, "", {"label": name})
        assert read() == [name]
    with pytest.raises(NotFound, match="no sensitivity label 'Secret'"):
        writer.put(Kind.LABEL, "", {"label": "Secret"})
