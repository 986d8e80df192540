"""rclone with somebody's OneDrive, and between a OneDrive and a library."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import Done
from tests.rehearsal_fixtures import RunningTenant

_FIND = """
import json, os, requests
ready = json.load(open(os.environ["REHEARSAL_READY"]))
form = dict(client_id=ready["client_id"], client_secret=ready["client_secret"], grant_type="client_credentials",
            scope="https://graph.microsoft.com/.default")
token = requests.post(f"https://login.microsoftonline.com/{ready['tenant_id']}/oauth2/v2.0/token", data=form).json()
head = {"Authorization": "Bearer " + token["access_token"]}
print(json.dumps(requests.get("https://graph.microsoft.com/v1.0/users/engineer@contoso.onmicrosoft.com/drive",
                              headers=head).json()))
"""


_SIGN_IN = """
import json, os, sys, requests
ready = json.load(open(os.environ["REHEARSAL_READY"]))
form = dict(client_id=ready["client_id"], client_secret=ready["client_secret"], grant_type="password",
            username=sys.argv[1] + "@contoso.onmicrosoft.com", password=ready["password"],
            scope="Files.ReadWrite.All Sites.Read.All offline_access")
token = requests.post(f"https://login.microsoftonline.com/{ready['tenant_id']}/oauth2/v2.0/token", data=form).json()
print(json.dumps({"access_token": "ended", "token_type": "Bearer", "refresh_token": token["refresh_token"],
                  "expiry": "2020-01-01T00:00:00Z"}))
"""


@pytest.fixture
def onedrive(rehearsal: RunningTenant, python_client: Callable[..., Done]) -> dict[str, str]:
    """The settings of a remote `mine:`, the OneDrive of one user."""
    drive = python_client(_FIND).json
    assert drive["driveType"] == "business" and drive["webUrl"].startswith(
        "https://contoso-my.sharepoint.com/personal/"
    )
    settings = {
        "TYPE": "onedrive", "CLIENT_ID": rehearsal.ready["client_id"], "TENANT": rehearsal.ready["tenant_id"],
        "CLIENT_SECRET": rehearsal.ready["client_secret"], "CLIENT_CREDENTIALS": "true", "DRIVE_TYPE": "business",
        "DRIVE_ID": drive["id"],
    }  # fmt: skip
    return {f"RCLONE_CONFIG_MINE_{name}": value for name, value in settings.items()}


def test_onedrive_takes_files_and_gives_links_to_anyone(
    rclone: Callable[..., Done], onedrive: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("mine")
    assert rclone("copyto", tmp_path / "note.txt", "mine:Notes/note.txt", **onedrive).code == 0
    link = rclone("link", "mine:Notes/note.txt", **onedrive)
    assert link.code == 0 and "/personal/engineer_contoso_onmicrosoft_com/" in link.stdout
    assert rclone("cat", "mine:Notes/note.txt", **onedrive).stdout == "mine"


def test_files_are_copied_between_drives_on_the_server(
    rclone: Callable[..., Done], onedrive: dict[str, str], tmp_path: Path, rehearsal: RunningTenant
) -> None:
    (tmp_path / "across.txt").write_text("across")
    assert rclone("copyto", tmp_path / "across.txt", "mine:Across/across.txt", **onedrive).code == 0
    mark = rehearsal.mark()
    done = rclone("copy", "-v", "--server-side-across-configs", "mine:Across", "team:Across", **onedrive)
    assert done.code == 0 and "server-side copy" in done.stderr
    assert any("/monitor/" in each["path"] for each in rehearsal.requests(mark))
    assert rclone("check", "mine:Across", "team:Across", **onedrive).code == 0


def test_metadata_and_permissions_are_read_and_written(
    rclone: Callable[..., Done], onedrive: dict[str, str], tmp_path: Path
) -> None:
    source, mapper = tmp_path / "source", tmp_path / "mapper"
    source.mkdir()
    (source / "plain.txt").write_text("plain")
    os.utime(source / "plain.txt", (981_173_106, 981_173_106))
    granted = json.dumps([{"grantedToV2": {"user": {"id": "admin@contoso.onmicrosoft.com"}}, "roles": ["read"]}])
    mapper.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps({'Metadata': {'permissions': granted}})}\nEND\n")
    mapper.chmod(0o700)
    options = ("--metadata", "--onedrive-metadata-permissions", "read,write")
    copied = rclone("copy", *options, "--metadata-mapper", mapper, source, "mine:Meta", **onedrive)
    assert copied.code == 0, copied.stderr
    found = rclone("lsjson", *options, "--stat", "mine:Meta/plain.txt", **onedrive).json["Metadata"]
    assert found["mtime"] == "2001-02-03T04:05:06Z" and found["content-type"] == "text/plain"
    given = [each for each in json.loads(found["permissions"]) if each.get("grantedToV2")]
    people = {each["grantedToV2"].get("user", {}).get("displayName"): each["roles"] for each in given}
    assert people == {"Tenant Administrator": ["read"], "Highways Engineer": ["owner"]}
    second = rclone("copy", *options, "mine:Meta", "mine:Meta2", **onedrive)
    assert second.code == 0, second.stderr


@pytest.mark.parametrize(("person", "code"), [("engineer", 0), ("ig.officer", 1)])
def test_person_whose_token_has_ended_goes_on_as_far_as_they_may(
    rclone: Callable[..., Done], python_client: Callable[..., Done], person: str, code: int, tmp_path: Path
) -> None:
    token = json.dumps(python_client(_SIGN_IN, person).json)
    signed_in = {"RCLONE_CONFIG_TEAM_TOKEN": token, "RCLONE_CONFIG_TEAM_CLIENT_CREDENTIALS": "false"}
    assert rclone("lsf", "team:", **signed_in).code == 0
    (tmp_path / "mine.txt").write_text("mine")
    done = rclone("copyto", tmp_path / "mine.txt", f"team:People/{person}.txt", **signed_in)
    assert (bool(done.code), "accessDenied" in done.stderr) == (bool(code), bool(code)), done.stderr
