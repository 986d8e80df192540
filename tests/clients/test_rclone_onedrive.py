"""rclone with somebody's OneDrive, and between a OneDrive and a library."""

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
