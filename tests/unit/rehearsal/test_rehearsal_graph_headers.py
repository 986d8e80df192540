"""What Graph says beside its bodies."""

from pathlib import Path

import pytest

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.tenant import open_tenant
from tests.unit.rehearsal.builders import read, request


@pytest.mark.parametrize("path", ["users", "groups/11111111-1111-1111-1111-111111111111", "nonsense"])
def test_answer_and_refusal_name_the_version_and_the_machine(tmp_path: Path, path: str) -> None:
    headers = graph.handle(request("GET", path), open_tenant(tmp_path)).headers
    assert headers["odata-version"] == "4.0"
    assert '"ServerInfo"' in headers["x-ms-ags-diagnostic"]
    assert headers["request-id"] == headers["client-request-id"]


def test_what_was_made_has_a_place(tmp_path: Path) -> None:
    body = {"invitedUserEmailAddress": "someone@partner.example", "inviteRedirectUrl": "https://council.example"}
    made = graph.handle(request("POST", "invitations", body), open_tenant(tmp_path))
    assert made.headers["location"] == f"https://graph.microsoft.com/v1.0/invitations/{read(made)['id']}"
