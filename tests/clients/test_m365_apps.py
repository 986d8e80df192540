"""CLI for Microsoft 365, unmodified: apps of the tenant's catalog, sites by filter, and addresses that changed."""

import uuid
from pathlib import Path
from typing import Any

from tests.clients.test_m365_sharepoint import M365, OWNER, ROOT, batch, site
from tests.unit.rehearsal.sharepoint.test_sharepoint_apps import PRODUCT, package

__all__ = ["batch", "site"]


def refusals(answers: list[Any]) -> list[Any]:
    return [(place, each) for place, each in enumerate(answers) if isinstance(each, dict) and "refused" in each]


def test_an_app_is_added_deployed_installed_and_removed(m365: M365, batch: Any, site: str, tmp_path: Path) -> None:
    catalog = f"{ROOT}/sites/a{uuid.uuid4().hex[:10]}"
    file = tmp_path / "notices.sppkg"
    file.write_bytes(package())
    made = m365(
        "spo", "tenant", "appcatalog", "add", "--url", catalog, "--owner", OWNER, "--timeZone", 2, "--wait", "--force"
    )
    assert made.code == 0, made.stderr
    begun = batch(
        ("spo tenant appcatalogurl get", {}),
        ("spo app add", {"filePath": str(file), "overwrite": True}),
        ("spo app deploy", {"name": "notices.sppkg", "skipFeatureDeployment": True}),
        ("spo app list", {}),
    )
    assert refusals(begun) == []
    identity = begun[1]["UniqueId"]
    shown = next(each for each in begun[3] if each["ID"] == identity)
    assert (shown["Title"], shown["Deployed"], shown["ProductId"]) == ("Notices", True, PRODUCT)
    file.write_bytes(package("1.1.0.0"))
    place = {"id": identity, "siteUrl": site}
    done = batch(
        ("spo app install", place),
        ("spo app instance list", {"siteUrl": site}),
        ("spo app add", {"filePath": str(file), "overwrite": True}),
        ("spo app deploy", {"id": identity}),
        ("spo app upgrade", place),
        ("spo app uninstall", {**place, "force": True}),
        ("spo app install", place),
        ("spo app retract", {"id": identity, "force": True}),
        ("spo app remove", {"id": identity, "force": True}),
        ("spo app get", {"id": identity}),
    )
    assert [each["ProductId"] for each in done[1]] == [PRODUCT]
    assert [place for place, _ in refusals(done)] == [9]


def test_sites_are_found_by_filter_and_a_renamed_one_is_followed(batch: Any) -> None:
    name = f"r{uuid.uuid4().hex[:10]}"
    url, other = f"{ROOT}/sites/{name}", f"{ROOT}/sites/{name}new"
    answers = batch(
        ("spo site add", {"type": "CommunicationSite", "url": url, "title": "Moving", "owners": OWNER}),
        ("spo site list", {"type": "CommunicationSite", "filter": f"Url -like '{name}'"}),
        ("spo site rename", {"url": url, "newUrl": other, "newTitle": "Moved"}),
        ("spo web get", {"url": other}),
        ("spo site list", {"webTemplate": "REDIRECTSITE#0"}),
    )
    assert refusals(answers) == []
    assert [each["Url"] for each in answers[1]] == [url]
    assert answers[3]["Title"] == "Moved"
    assert url in [each["Url"] for each in answers[4]]
