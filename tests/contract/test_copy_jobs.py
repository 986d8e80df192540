"""Copy jobs over plain REST: what they say, what arrives, what is left behind."""

import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.migration_package import CertifiedClient, Site
from tests.rehearsal_fixtures import RunningTenant, serve_tenant


@pytest.fixture
def site(rehearsal: RunningTenant) -> Iterator[Site]:
    client = CertifiedClient(rehearsal)
    yield Site(client, rehearsal.ready["site"])
    client.close()


@pytest.fixture
def root(site: Site) -> Site:
    return Site(site.client, site.url.partition("/sites/")[0])


def library(site: Site) -> str:
    return f"{site.api('GET', 'web?$select=ServerRelativeUrl')['ServerRelativeUrl'].rstrip('/')}/Shared Documents"


def make_folder(site: Site, path: str) -> str:
    address = f"{library(site)}/{path}"
    site.api("POST", f"web/Folders/AddUsingPath(DecodedUrl='{quote(address)}')")
    return address


def put(site: Site, folder: str, name: str, content: bytes) -> None:
    base = f"web/GetFolderByServerRelativePath(decodedurl='{quote(folder)}')"
    site.api("POST", f"{base}/Files/AddUsingPath(DecodedUrl='{quote(name)}',Overwrite=true)", content)


def files(site: Site, folder: str) -> dict[str, Any]:
    base = f"web/GetFolderByServerRelativePath(decodedurl='{quote(folder)}')/Files?$select=Name,UniqueId,UIVersionLabel"
    return {each["Name"]: each for each in site.api("GET", base)["results"]}


def absolute(site: Site, address: str) -> str:
    return f"{site.url.partition('/sites/')[0]}{quote(address)}"


def copy(site: Site, sources: list[str], target: str, **options: object) -> list[list[dict[str, Any]]]:
    """What each job reported, to its end."""
    body = {"exportObjectUris": sources, "destinationUri": target, "options": options}
    infos = site.api("POST", "site/CreateCopyJobs", body)["CreateCopyJobs"]["results"]
    return [follow(site, info) for info in infos]


def follow(site: Site, info: dict[str, Any]) -> list[dict[str, Any]]:
    events = []
    while True:
        found = site.api("POST", "site/GetCopyJobProgress", {"copyJobInfo": info})["GetCopyJobProgress"]
        events += [json.loads(line) for line in found["Logs"]["results"]]
        if found["JobState"] == 0:
            return events


def test_a_folder_is_copied_to_another_site_with_its_versions(site: Site, root: Site) -> None:
    name = f"Copy {uuid.uuid4().hex[:8]}"
    source = make_folder(site, name)
    deep = make_folder(site, f"{name}/Deep")
    put(site, source, "a #1.txt", b"one")
    put(site, source, "a #1.txt", b"two")
    put(site, deep, "b.txt", b"b")

    [events] = copy(site, [absolute(site, source)], absolute(root, library(root)))

    kinds = [(each["Event"], each.get("MigrationDirection")) for each in events]
    assert kinds == [("JobQueued", "Export"), ("JobStart", "Export"), ("JobEnd", "Export"), ("JobStart", "Import"),
                     ("JobFinishedObjectInfo", None), ("JobEnd", "Import")]  # fmt: skip
    arrived = files(root, f"{library(root)}/{name}")
    assert arrived["a #1.txt"]["UIVersionLabel"] == "2.0"
    assert arrived["a #1.txt"]["UniqueId"] != files(site, source)["a #1.txt"]["UniqueId"]
    assert set(files(root, f"{library(root)}/{name}/Deep")) == {"b.txt"}
    told = events[4]
    found = root.api("GET", f"web/GetFolderById('{told['TargetObjectUniqueId']}')?$select=ServerRelativeUrl")
    assert found["ServerRelativeUrl"] == f"/{told['TargetObjectSiteRelativeUrl']}" == f"{library(root)}/{name}"
    assert (events[5]["FilesCreated"], events[5]["TotalErrors"]) == ("2", "0")
    assert told["SourceObjectFullUrl"] == absolute(site, source)


def test_a_move_empties_the_source(site: Site, root: Site) -> None:
    name = f"Move {uuid.uuid4().hex[:8]}"
    source = make_folder(site, name)
    put(site, source, "a.txt", b"one")

    copy(site, [absolute(site, f"{source}/a.txt")], absolute(root, library(root)), IsMoveMode=True,
         CustomizedItemName=[f"{name}.txt"])  # fmt: skip

    assert files(site, source) == {}
    assert f"{name}.txt" in files(root, library(root))


def test_names_that_are_taken(site: Site) -> None:
    name = f"Taken {uuid.uuid4().hex[:8]}"
    here, there = make_folder(site, name), make_folder(site, f"{name} there")
    for content in (b"1", b"2"):
        put(site, here, "a.txt", content)
        put(site, there, "a.txt", content)
    before, source = files(site, there)["a.txt"], [absolute(site, f"{here}/a.txt")]

    [failed] = copy(site, source, absolute(site, there))
    [again] = copy(site, source, absolute(site, there), NameConflictBehavior=2)
    [replaced] = copy(site, source, absolute(site, there), NameConflictBehavior=1, IgnoreVersionHistory=True)

    error = next(each for each in failed if each["Event"] == "JobError")
    assert (error["ErrorCode"], failed[-1]["TotalErrors"]) == ("-2147024713", "1")
    assert "already exists" in error["Message"]
    assert {each["Event"] for each in again + replaced} >= {"JobFinishedObjectInfo"}
    found = files(site, there)
    assert set(found) == {"a.txt", "a1.txt"}
    assert (found["a.txt"]["UniqueId"], found["a.txt"]["UIVersionLabel"]) == (before["UniqueId"], "1.0")


def test_what_is_refused_at_once(site: Site) -> None:
    body = {"exportObjectUris": [absolute(site, f"{library(site)}/none.txt")],
            "destinationUri": absolute(site, library(site))}  # fmt: skip
    assert site.refused("POST", "site/CreateCopyJobs", body)[0] == 404
    body["options"] = {"NameConflictBehavior": 7}
    assert site.refused("POST", "site/CreateCopyJobs", body)[0] == 400
    body["options"] = {"Nonsense": True}
    assert "Nonsense" in site.refused("POST", "site/CreateCopyJobs", body)[2]


def test_a_copy_that_is_delayed_is_done_bit_by_bit(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serve_tenant(tmp_path_factory.mktemp("delayed")) as running:
        running.control.call("POST", "throttle", {"on": ["jobs"]})
        site = Site(CertifiedClient(running), running.ready["site"])
        source = make_folder(site, "Many")
        for number in range(120):
            put(site, source, f"{number}.txt", b"x")
        body = {"exportObjectUris": [absolute(site, source)], "destinationUri": absolute(site, make_folder(site, "To"))}
        [info] = site.api("POST", "site/CreateCopyJobs", body)["CreateCopyJobs"]["results"]

        def state() -> int:
            found = site.api("POST", "site/GetCopyJobProgress", {"copyJobInfo": info})["GetCopyJobProgress"]
            return int(found["JobState"])

        assert state() == 2
        running.advance(2.01)
        assert state() == 4
        running.advance(3)
        # One request moves the jobs on by a piece, however long the clock has waited.
        assert 0 in [state() for _ in range(5)]
        assert len(files(site, f"{library(site)}/To/Many")) == 120
        site.client.close()
