"""Labels of files: one state for Graph and SharePoint; what is charged for is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.rehearsal.directory_calls import Directory, open_directory
from tests.unit.rehearsal.sharepoint.conftest import Door

LABEL = "Highways records"


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path)
    opened.seed(f"tenant: {{retention_labels: {{{LABEL}: 2555}}}}")
    yield opened
    opened.tenant.store.close()


def test_retention_label_is_put_on_shown_everywhere_and_taken_away(directory: Directory) -> None:
    made = directory.ask("PUT", "sites/root/drive/root:/in/x.txt:/content", b"x")[1]
    file, folder = "sites/root/drive/root:/in/x.txt:", "sites/root/drive/root:/in:"
    assert directory.get(f"{file}/retentionLabel")["name"] is None
    assert directory.ask("PATCH", f"{folder}/retentionLabel", {"name": LABEL})[0] == 201
    assert directory.ask("PATCH", f"{folder}/retentionLabel", {"name": LABEL})[0] == 200
    shown = directory.get(f"{file[:-1]}?$expand=retentionLabel")["retentionLabel"]
    assert (shown["name"], shown["retentionSettings"]["behaviorDuringRetentionPeriod"]) == (LABEL, "retain")
    assert directory.get(f"{file}/listItem")["fields"]["_ComplianceTag"] == LABEL
    root = Door(directory.tenant, site="")
    rest = "web/GetFileByServerRelativePath(DecodedUrl='/Shared Documents/in/x.txt')/ListItemAllFields"
    assert root.get(f"{rest}/FieldValuesAsText")["OData__x005f_ComplianceTag"] == LABEL
    assert directory.get(f"{file[:-1]}")["lastModifiedDateTime"] == made["lastModifiedDateTime"]
    assert directory.send("DELETE", f"{file}/retentionLabel").status == 204
    assert directory.get(f"{file}/retentionLabel")["name"] is None


def test_labels_are_put_on_many_items_by_sharepoint(directory: Directory) -> None:
    directory.ask("PUT", "sites/root/drive/root:/y.txt:/content", b"x")
    root = Door(directory.tenant, site="")
    number = directory.get("sites/root/drive/root:/y.txt:/listItem")["id"]
    call = "SP_CompliancePolicy_SPPolicyStoreProxy_SetComplianceTagOnBulkItems"
    body = {"listUrl": "https://contoso.sharepoint.com/Shared Documents", "itemIds": [int(number)]}
    root.post(call, {**body, "complianceTagValue": LABEL})
    assert directory.get("sites/root/drive/root:/y.txt:/retentionLabel")["name"] == LABEL
    assert root("POST", call, {**body, "complianceTagValue": "None's"})[0] == 400
    assert root("POST", call, {**body, "complianceTagValue": LABEL, "itemIds": [4711]})[0] == 404
    root.post(call, {**body, "complianceTagValue": ""})
    assert directory.get("sites/root/drive/root:/y.txt:/retentionLabel")["name"] is None


def test_label_that_there_is_not_and_one_that_costs_are_refused(directory: Directory) -> None:
    directory.ask("PUT", "sites/root/drive/root:/z.txt:/content", b"x")
    file = "sites/root/drive/root:/z.txt:"
    assert directory.ask("PATCH", f"{file}/retentionLabel", {"name": "None's"})[0] == 400
    status, body = directory.ask("POST", f"{file}/assignSensitivityLabel", {"sensitivityLabelId": "x"})
    assert (status, body["error"]["code"]) == (402, "PaymentRequired")
