"""People from outside whose account is a member's: they are asked for and checked as guests are."""

from datetime import UTC, date, datetime
from pathlib import Path

from spmigrate.federate import guests
from spmigrate.federate.partners import PartnerRegister
from spmigrate.govern import collection
from spmigrate.tenant.session import connect
from tests.contract.conftest import read_settings
from tests.rehearsal_fixtures import serve_tenant

AT = "2026-11-20T02:10:00Z"


def test_a_member_from_outside_is_checked_with_sponsors_and_sign_ins(tmp_path: Path) -> None:
    with serve_tenant(tmp_path / "tenant") as running:
        running.seed("guests: [{mail: boss@evil.example, user_type: Member, signed_in_days_ago: 400}]")
        with connect(read_settings(tmp_path, running)) as tenant:
            accounts = collection.collect_accounts(tenant, at=AT)
            sheet = guests.collect(tenant, PartnerRegister(version=1, partners=[]), accounts, at=AT)
    found = {fact.name: fact for fact in sheet.facts if fact.subject == "boss@evil.example"}
    assert {fact.name: fact.unknown for fact in found.values() if fact.unknown} == {}
    assert (found["working sponsors"].value, found["partner"].value) == (0, None)
    quiet = datetime.now(UTC).date() - date.fromisoformat(str(found["last sign-in"].value))
    assert quiet.days >= 399
