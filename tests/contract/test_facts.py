"""What rules rest on, asked of a tenant: settings, the whole list of sites, groups, guests, and what is refused."""

import dataclasses
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spmigrate.errors import AccessDenied
from spmigrate.federate import guests, partners
from spmigrate.govern import collection, site_register
from spmigrate.model import Destination, Fact, FactSheet
from spmigrate.registers.people import Right, read_people
from spmigrate.tenant import admin, directory, libraries, memberships, policies
from spmigrate.tenant.session import Tenant, connect
from tests.conftest import ROOT
from tests.contract.conftest import asked, read_settings
from tests.contract.scratch import ANYWHERE
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

SEED = ROOT / "spmigrate" / "rehearsal" / "seeds" / "demo.yaml"
RULES = ROOT / "governance_rules"
MANY = 310
AT = "2026-11-20T02:10:00Z"


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTenant]:
    """The demo's tenant with so many sites that a listing has more than one page."""
    folder = tmp_path_factory.mktemp("council")
    with serve_tenant(folder, seed=SEED) as running:
        sites = [{"url": f"/sites/many-{n:03}", "title": f"Many {n}", "owner": "admin"} for n in range(MANY)]
        running.seed(json.dumps({"sites": sites}))
        yield running


@pytest.fixture
def governed(council: RunningTenant, tmp_path: Path) -> Iterator[Tenant]:
    with connect(read_settings(tmp_path, council)) as tenant:
        yield tenant


@contextmanager
def holding(council: RunningTenant, folder: Path, graph: list[str], sharepoint: list[str]) -> Iterator[Tenant]:
    """A session of an app that holds these permissions and no others."""
    settings = read_settings(folder, council)
    app = {
        "client_id": str(uuid.uuid4()),
        "name": "An app that may less",
        "roles": {"graph": graph, "sharepoint": sharepoint},
        "certificates": [settings.credential.certificate_pem],
    }
    council.seed(json.dumps({"apps": [app]}))
    with connect(dataclasses.replace(settings, client_id=app["client_id"])) as tenant:
        yield tenant


def values(sheet: FactSheet, subject: str) -> dict[str, object]:
    return {fact.name: fact.value for fact in sheet.facts if fact.subject == subject}


def unknown(sheet: FactSheet) -> list[Fact]:
    return [fact for fact in sheet.facts if fact.unknown is not None]


def test_settings_are_those_of_the_tenant(governed: Tenant) -> None:
    settings = admin.read_settings(governed)
    assert settings["SharingCapability"] == 2
    assert settings["PreventExternalUsersFromResharing"] is True
    assert settings["RequireAnonymousLinksExpireInDays"] == 30
    assert policies.read_authorization(governed)["allowInvitesFrom"] == "adminsAndGuestInviters"


def test_all_sites_are_listed_beyond_the_first_page_and_a_second_list_agrees(
    governed: Tenant, council: RunningTenant
) -> None:
    mark = council.mark()
    listed = admin.list_sites(governed)
    pages = [each for each in asked(council, mark) if each["path"].endswith("ByFilters")]
    assert len(pages) == 2
    assert len([site for site in listed if site.address.startswith("/sites/many-")]) == MANY
    addresses = {site.address.lower() for site in listed}
    assert len(addresses) == len(listed)
    assert admin.list_addresses_by_graph(governed) <= addresses


def test_a_site_is_read_for_itself_because_the_list_has_wrong_defaults(governed: Tenant) -> None:
    (site,) = [each for each in admin.list_sites(governed) if each.address == "/sites/t-h7s3t"]
    settings = admin.read_site(governed, site.id)
    assert (settings["SharingCapability"], settings["LockState"]) == (2, "Unlock")
    assert settings["DenyAddAndCustomizePages"] in (1, 2)


def test_the_people_of_a_site_with_claims_and_guests(governed: Tenant) -> None:
    root = governed.settings.sharepoint
    strategy = memberships.read_people(governed, f"{root}/sites/t-p3s8t")
    assert {each.account for each in strategy.owners} == {
        "highways.director@contoso.onmicrosoft.com",
        "highways.maintenance.head@contoso.onmicrosoft.com",
    }
    assert [each.name for each in strategy.changing if each.everyone] == ["Everyone except external users"]
    flood = memberships.read_people(governed, f"{root}/sites/p-f6l2d")
    assert "engineer_uni-f.example#ext#@contoso.onmicrosoft.com" in {each.account for each in flood.owners}


def test_libraries_for_people_and_how_they_keep_versions(governed: Tenant) -> None:
    found = libraries.list_libraries(governed, governed.settings.sharepoint + "/sites/t-p3s8t")
    assert {each.address: each.versioning for each in found} == {
        "/sites/t-p3s8t/Shared Documents": True,
        "/sites/t-p3s8t/Published schemes": False,
    }


def test_guests_with_sponsors_and_sign_ins(governed: Tenant) -> None:
    accounts = {account.upn: account for account in directory.list_accounts(governed)}
    officer = accounts["officer_fire-e.example#ext#@contoso.onmicrosoft.com"]
    assert (officer.guest, officer.domain, officer.invitation) == (True, "fire-e.example", "Accepted")
    assert directory.list_sponsors(governed)[officer.id] == (accounts["former.head@contoso.onmicrosoft.com"].id,)
    signed_in = directory.list_sign_ins(governed)
    planner = accounts["planner_district-a.example#ext#@contoso.onmicrosoft.com"]
    assert signed_in[officer.id] is not None
    assert signed_in[planner.id] is None


def test_the_owners_and_members_of_a_directory_group(governed: Tenant) -> None:
    (group,) = [each for each in governed.graph_pages("/v1.0/groups") if each["displayName"] == "All staff"]
    assert memberships.read_group_people(governed, group["id"], "owners") == ("admin@contoso.onmicrosoft.com",)
    assert len(memberships.read_group_people(governed, group["id"], "members")) == 3


def test_everyone_is_seen_where_the_right_was_given_outside_the_three_groups(governed: Tenant) -> None:
    web = f"{governed.settings.sharepoint}/sites/many-001/_api/web"
    everyone = governed.rest("POST", f"{web}/ensureUser", {"logonName": "c:0(.s|true"})
    contribute = 1073741827
    grant = f"roleassignments/addroleassignment(principalid={everyone['Id']},roledefid={contribute})"
    governed.rest("POST", f"{web}/{grant}")
    people = memberships.read_people(governed, f"{governed.settings.sharepoint}/sites/many-001")
    assert [each.name for each in people.changing if each.everyone] == ["Everyone"]


def test_cross_tenant_defaults_and_partners(governed: Tenant) -> None:
    default = policies.read_cross_tenant_default(governed)
    assert default["b2bDirectConnectInbound"]["usersAndGroups"]["accessType"] == "allowed"
    assert default["b2bDirectConnectOutbound"]["usersAndGroups"]["accessType"] == "blocked"
    configured = {each["tenantId"]: each for each in policies.list_cross_tenant_partners(governed)}
    assert len(configured) == 3
    assert configured["7d5c2a90-1f3b-4c8e-a6d4-2e9b8f0c5a13"]["inboundTrust"] is None


def test_every_fact_says_where_and_when_it_was_read(governed: Tenant) -> None:
    sheet = collection.collect_tenant(governed, at=AT)
    assert {(fact.source, fact.at) for fact in sheet.facts} == {
        ("SPO.Tenant", AT),
        ("policies/authorizationPolicy", AT),
    }
    assert unknown(sheet) == []
    assert values(sheet, "contoso.onmicrosoft.com")["sharing"] == "anyone"


@ANYWHERE
def test_every_fact_about_a_tenant_and_its_site_is_known(tenant: Tenant, home: Destination, owner: str) -> None:
    assert unknown(collection.collect_tenant(tenant, at=AT)) == []
    site = tenant.rest("GET", f"{home.site}/_api/site?$select=Id")["Id"]
    assert {"SharingCapability", "LockState"} <= admin.read_site(tenant, site).keys()
    url = tenant.settings.sharepoint + home.site
    assert owner in {each.account for each in memberships.read_people(tenant, url).owners}
    assert f"{home.site}/{home.library}" in {each.address for each in libraries.list_libraries(tenant, url)}
    assert home.site in {each.address for each in admin.list_sites(tenant)}


def test_an_app_without_sharepoint_knows_nothing_of_sites_and_says_what_to_grant(
    council: RunningTenant, tmp_path: Path
) -> None:
    people = read_people(RULES).ids()
    with holding(council, tmp_path, ["User.Read.All", "Policy.Read.All", "Sites.Read.All"], []) as tenant:
        accounts = collection.collect_accounts(tenant, at=AT)
        sheet = collection.collect_tenant(tenant, at=AT)
        sites = collection.collect_sites(tenant, site_register.read_sites(RULES, people=people), accounts, at=AT)
    assert {fact.name for fact in unknown(sheet)} == {
        "sharing", "guests can reshare", "default link", "anyone links expire after days", "old sign-in allowed",
    }  # fmt: skip
    assert all("grant SharePoint Sites.FullControl.All" in str(fact.unknown) for fact in unknown(sheet))
    assert sites.facts == ()
    assert "Sites.FullControl.All" in str(sites.coverage["site"].gap)
    assert "Sites.FullControl.All" in str(sites.coverage["library"].gap)


def test_an_app_without_the_audit_log_does_not_know_sign_ins(council: RunningTenant, tmp_path: Path) -> None:
    people = read_people(RULES)
    approvers = people.who_may(Right.APPROVE_ASSESSMENTS)
    register = partners.read(RULES, people=people.ids(), approvers=approvers)
    with holding(council, tmp_path, ["User.Read.All"], []) as tenant:
        with pytest.raises(AccessDenied):
            directory.list_sign_ins(tenant)
        sheet = guests.collect(tenant, register, collection.collect_accounts(tenant, at=AT), at=AT)
    assert {fact.name for fact in unknown(sheet)} == {"last sign-in"}
    assert sheet.coverage["guest"].seen == 5
