"""The SharePoint Migration API over plain REST, with packages that the tests write themselves."""

import base64
import json
import secrets
import time
import uuid
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import pytest

from tests.contract.migration_package import CertifiedClient, Package, Site, progress, provision, unseal
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

DATES = {"TimeCreated": "2012-03-04T05:06:07Z", "TimeLastModified": "2014-03-04T05:06:07Z"}
LEAD = "i:0#.f|membership|migration.lead@contoso.onmicrosoft.com"
JOB_END = {
    "FilesCreated", "BytesProcessed", "ObjectsProcessed", "TotalExpectedSPObjects", "TotalExpectedBytes", "TotalErrors",
    "TotalWarnings", "WaitTimeOnSqlThrottlingMilliseconds", "TotalDurationInMs", "CpuDurationInMs", "SqlDurationInMs",
    "SqlQueryCount", "CreatedOrUpdatedFileStatsBySize", "ObjectsStatsByType", "FilesCreatedIrrespectiveOfVersions",
    "BytesProcessedOnlyCurrentVersion", "JobId", "Time", "TotalRetryCount", "MigrationType", "MigrationDirection",
    "CorrelationId", "Event", "IsShallowCopy",
}  # fmt: skip


@pytest.fixture
def site(rehearsal: RunningTenant) -> Iterator[Site]:
    yield Site(CertifiedClient(rehearsal), rehearsal.ready["site"])


def folder_name() -> str:
    return f"Import {uuid.uuid4().hex[:8]}"


def events_of(site: Site, job: str) -> list[dict[str, str]]:
    events: list[dict[str, str]] = []
    token = "0"
    while (page := progress(site, job, token))[0]:
        events += page[0]
        assert progress(site, job, token) == page
        token = page[1]
    assert page == ([], token)
    return events


def read(site: Site, path: str) -> bytes:
    folder = site.api("GET", "web?$select=ServerRelativeUrl")["ServerRelativeUrl"]
    url = f"{site.url}/_api/web/GetFileByServerRelativePath(decodedurl='{folder}/Shared Documents/{path}')/$value"
    return site.client.send("GET", url.replace(" ", "%20")).body


def properties(site: Site, path: str) -> dict[str, object]:
    folder = site.api("GET", "web?$select=ServerRelativeUrl")["ServerRelativeUrl"]
    address = f"web/GetFileByServerRelativePath(decodedurl='{folder}/Shared Documents/{path}')".replace(" ", "%20")
    found = site.api("GET", f"{address}?$expand=Author,ModifiedBy,Versions,ListItemAllFields")
    return dict(found)


def test_a_package_arrives_with_people_dates_versions_and_columns(site: Site) -> None:
    top = folder_name()
    package = Package(site).user(1, LEAD).folder(top, **DATES, Author="1").folder(f"{top}/Deep")
    package.file(f"{top}/plan #1 %.txt", ("1.0", b"one"), ("2.0", b"two"), ("3.0", b"three"),
                 fields='<Field Name="Title" Value="The plan" Type="Text" />', Author="1", ModifiedBy="1",
                 **DATES)  # fmt: skip
    package.file(f"{top}/Deep/empty.txt", ("1.0", b""))
    package.file(f"{top}/unnoticed.txt", ("1.0", b"x"), described=False)
    queue = site.api("POST", "site/ProvisionMigrationQueue")["ProvisionMigrationQueue"]["JobQueueUri"]
    shipment = provision(site).put(package)

    job = shipment.submit(queue=queue)

    events = events_of(site, job)
    assert [each["Event"] for each in events] == ["JobQueued", "JobStart", "JobEnd"]
    end = events[-1]
    assert set(end) == JOB_END
    assert (end["FilesCreated"], end["FilesCreatedIrrespectiveOfVersions"], end["TotalErrors"]) == ("4", "2", "0")
    assert (end["BytesProcessed"], end["BytesProcessedOnlyCurrentVersion"]) == ("11", "5")
    assert json.loads(end["ObjectsStatsByType"])["SPFile"]["Count"] == 3
    plan = properties(site, f"{top}/plan %231 %25.txt")
    assert plan["UniqueId"] == package.identity(f"{top}/plan #1 %.txt")
    assert (plan["TimeCreated"], plan["TimeLastModified"]) == tuple(DATES.values())
    assert (plan["UIVersionLabel"], plan["Title"]) == ("3.0", "The plan")
    assert [each["VersionLabel"] for each in plan["Versions"]["results"]] == ["1.0", "2.0"]
    assert plan["Author"]["LoginName"] == plan["ModifiedBy"]["LoginName"] == LEAD
    assert read(site, f"{top}/plan %231 %25.txt") == b"three"
    assert read(site, f"{top}/Deep/empty.txt") == b""
    assert b"does not exist" in read(site, f"{top}/unnoticed.txt") or b"Not Found" in read(site, f"{top}/unnoticed.txt")
    assert "JobEnd" in shipment.log(f"Import-{job}-1.log")
    taken = site.client.send("GET", queue.replace("?", "/messages?numofmessages=32&"), token=False)
    texts = [each.text for each in ElementTree.fromstring(taken.body.lstrip(b"\xef\xbb\xbf")).iter("MessageText")]
    first = json.loads(base64.b64decode(texts[0]))
    assert (first["Label"], first["JobId"], len(texts)) == ("Encrypted", job, 3)
    assert json.loads(unseal(base64.b64decode(first["Content"]), shipment.key, first["IV"])) == events[0]


def test_a_file_that_comes_again_replaces_the_old_one_with_all_its_versions(site: Site) -> None:
    top = folder_name()
    package = Package(site).folder(top).file(f"{top}/a.txt", ("1.0", b"1"), ("2.0", b"2"))
    provision(site).put(package).submit()
    number = properties(site, f"{top}/a.txt")["ListItemAllFields"]["Id"]
    again = Package(site, ids=package.ids).folder(top).file(f"{top}/b.txt", ("1.0", b"other"))
    again.ids[f"{top}/b.txt"] = package.ids[f"{top}/a.txt"]
    again = Package(site, ids=again.ids).folder(top).file(f"{top}/b.txt", ("5.0", b"new"))

    provision(site).put(again).submit()

    found = properties(site, f"{top}/b.txt")
    assert (found["UIVersionLabel"], found["Versions"]["results"]) == ("5.0", [])
    assert found["ListItemAllFields"]["Id"] == number
    assert (
        b"a.txt" not in site.client.send("GET", f"{site.url}/_api/web/GetFolderById('{package.ids[top]}')/Files").body
    )


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ("wrong key", "Padding is invalid"),
        ("plain", "is not encrypted"),
        ("plain job", "must be encrypted"),
        ("no source", "SourceType"),
        ("date", "dateTime"),
        ("missing", "(404) Not Found"),
    ],
)
def test_what_stops_a_whole_package(site: Site, spoil: str, message: str) -> None:
    top = folder_name()
    more = {"TimeCreated": "2026-01-01 00:00:00"} if spoil == "date" else {}
    package = Package(site, source_type="" if spoil == "no source" else "FileShare").folder(top, **more)
    if spoil == "missing":
        whole = package.documents()
        del whole["Requirements.xml"]
        package.documents = lambda: whole  # type: ignore[method-assign]
    shipment = provision(site).put(package, plain=spoil.startswith("plain"))
    wrong = secrets.token_bytes(32) if spoil == "wrong key" else None

    events = events_of(site, shipment.submit(key=wrong, encrypted=spoil != "plain job"))

    assert [each["Event"] for each in events] == ["JobQueued", "JobStart", "JobFatalError", "JobEnd"]
    # One key in 256 leaves a padding that seems right; then the XML is not.
    assert message in events[2]["Message"] or (spoil == "wrong key" and "XML" in events[2]["Message"])
    assert site.refused("GET", f"web/GetFolderById('{package.ids[top]}')")[0] == 404


def test_single_files_fail_and_the_others_arrive(site: Site) -> None:
    top = folder_name()
    package = Package(site).folder(top)
    for name in ("good.txt", "no snapshot.txt", "bad:name.txt", "gone.txt"):
        package.file(f"{top}/{name}", ("1.0", b"x"))
    del package.content[package.identity(f"{top}/gone.txt") + ".1.0"]
    without = (package.identity(f"{top}/no snapshot.txt") + ".1.0",)

    shipment = provision(site).put(package, without_snapshot=without)
    events = events_of(site, job := shipment.submit())

    errors = [each for each in events if each["Event"] == "JobError"]
    assert [each["Url"].rpartition("/")[2] for each in errors] == ["no snapshot.txt", "bad:name.txt", "gone.txt"]
    assert set(errors[0]) == {
        "ObjectType", "Url", "Id", "SourceListItemIntId", "TargetListItemIntId", "ErrorCode", "ErrorType", "Message",
        "JobId", "Time", "TotalRetryCount", "MigrationType", "MigrationDirection", "CorrelationId", "Event",
    }  # fmt: skip
    assert "snapshot" in errors[0]["Message"]
    assert (events[-1]["TotalErrors"], events[-1]["FilesCreated"]) == ("3", "1")
    assert read(site, f"{top}/good.txt") == b"x"
    assert "no snapshot.txt" in shipment.log(f"Import-{job}-1.err")


def test_more_than_a_hundred_errors_block_the_package(site: Site) -> None:
    top = folder_name()
    package = Package(site).folder(top).file(f"{top}/good.txt", ("1.0", b"x"))
    for number in range(101):
        package.file(f"{top}/bad:{number}", ("1.0", b"x"))
    package.content = {name: content for name, content in package.content.items() if name in list(package.content)[:1]}

    events = events_of(site, provision(site).put(package).submit())

    assert [each["Event"] for each in events][-2:] == ["JobFatalError", "JobEnd"]
    assert len(events) == 2 + 101 + 2
    assert site.refused("GET", f"web/GetFolderById('{package.ids[top]}')")[0] == 404


def test_people_whom_nobody_knows(site: Site) -> None:
    top = folder_name()
    package = Package(site).user(1, "gone@contoso.onmicrosoft.com").folder(top)
    package.user(2, "departed@contoso.onmicrosoft.com", SystemId="10037FFE8A3F1C22")
    package.file(f"{top}/a.txt", ("1.0", b"x"), Author="1", ModifiedBy="2")

    events = events_of(site, provision(site).put(package).submit())

    warnings = [each["Message"] for each in events if each["Event"] == "JobWarning"]
    assert warnings == [
        "Failed to ensure user 'gone@contoso.onmicrosoft.com'",
        "Failed to retrieve user 'departed@contoso.onmicrosoft.com' attributes from the SiteUsers; falling back to "
        "passed in values",
    ]
    found = properties(site, f"{top}/a.txt")
    assert found["Author"]["Title"] == "System Account"
    assert found["ModifiedBy"]["Title"] == "departed@contoso.onmicrosoft.com"


def test_calls_that_are_refused(site: Site) -> None:
    package = Package(site).folder(folder_name())
    shipment = provision(site).put(package)
    job = shipment.submit()
    events_of(site, job)
    body = {
        "gWebId": package.web, "azureContainerSourceUri": shipment.given["DataContainerUri"],
        "azureContainerManifestUri": shipment.given["MetadataContainerUri"],
        "options": {"AES256CBCKey": base64.b64encode(shipment.key).decode()},
    }  # fmt: skip
    make = "site/CreateMigrationJobEncrypted"
    assert "used by another" in site.refused("POST", make, body)[2]
    fresh = provision(site)
    body |= {"azureContainerSourceUri": fresh.given["DataContainerUri"],
             "azureContainerManifestUri": fresh.given["DataContainerUri"]}  # fmt: skip
    assert "must be different" in site.refused("POST", make, body)[2]
    body["azureContainerManifestUri"] = fresh.given["MetadataContainerUri"].replace("sp=rw", "sp=rwl")
    assert "(403)" in site.refused("POST", make, body)[2]
    body |= {"azureContainerManifestUri": fresh.given["MetadataContainerUri"], "options": {"AES256CBCKey": "AAAA"}}
    assert "valid size" in site.refused("POST", make, body)[2]
    missing = f"site/GetMigrationJobProgress(jobId='{uuid.uuid4()}',nextToken=0)"
    assert site.refused("GET", missing) == (500, "-2147213145, Microsoft.SharePoint.SPException", "Job not found")
    assert site.api("POST", "site/GetMigrationJobStatus", {"id": job})["GetMigrationJobStatus"] == 0
    assert site.api("POST", "site/DeleteMigrationJob", {"id": job})["DeleteMigrationJob"] is False


def test_what_a_job_reported_is_forgotten_after_five_days(site: Site, rehearsal: RunningTenant) -> None:
    job = provision(site).put(Package(site).folder(folder_name())).submit()
    rehearsal.advance(4 * 86_400)
    assert progress(Site(CertifiedClient(rehearsal), site.url), job)[0]
    rehearsal.advance(2 * 86_400)
    later = Site(CertifiedClient(rehearsal), site.url)
    refused = later.refused("GET", f"site/GetMigrationJobProgress(jobId='{job}',nextToken=0)")
    assert refused[1].startswith("-2147213146")


def test_the_same_ids_in_two_site_collections_do_not_meet(site: Site) -> None:
    top = folder_name()
    package = Package(site).folder(top).file(f"{top}/a.txt", ("1.0", b"team"))
    provision(site).put(package).submit()
    other = Site(site.client, site.url.partition("/sites/")[0])
    again = Package(other, ids=package.ids).folder(top).file(f"{top}/a.txt", ("1.0", b"root"))
    provision(other).put(again).submit()
    for where, content in ((site, b"team"), (other, b"root")):
        url = f"{where.url}/_api/web/GetFileById('{package.ids[f'{top}/a.txt']}')/$value"
        assert where.client.send("GET", url).body == content


def test_jobs_wait_share_58_items_a_second_and_are_postponed(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serve_tenant(tmp_path_factory.mktemp("delayed")) as running:
        running.control.call("POST", "throttle", {"on": ["jobs"]})
        site = Site(CertifiedClient(running), running.ready["site"])
        top = folder_name()
        package = Package(site).folder(top)
        for number in range(10):
            package.file(f"{top}/{number}.txt", *[(f"{version}.0", b"x") for version in range(1, 31)])

        def submit(wanted: Package) -> str:
            return provision(site).put(wanted).submit()

        def state(name: str) -> int:
            return int(site.api("POST", "site/GetMigrationJobStatus", {"id": name})["GetMigrationJobStatus"])

        doomed, job = submit(Package(site).folder(folder_name())), submit(package)
        assert (state(doomed), state(job)) == (2, 2)
        assert site.api("POST", "site/DeleteMigrationJob", {"id": doomed})["DeleteMigrationJob"] is True
        running.advance(120)
        assert (state(doomed), state(job)) == (0, 4)
        running.advance(6)
        assert state(job) == 0
        end = events_of(site, job)[-1]
        assert (end["Event"], end["FilesCreated"]) == ("JobEnd", "300")
        assert 5000 < int(end["TotalDurationInMs"]) < 5500
        assert events_of(site, doomed)[-1]["Event"] == "JobDeleted"

        many = [submit(Package(site).folder(folder_name())) for _ in range(10)]
        running.advance(120)
        assert [state(name) for name in many] == [0] * 8 + [2] * 2
        postponed = events_of(site, many[-1])[-1]
        assert (postponed["Event"], postponed["JobsInQueue"]) == ("JobPostponed", "9")
        assert set(postponed) >= {"NextPickupTime", "DbId", "JobId", "Time", "CorrelationId"}
        running.advance(120)
        assert {state(name) for name in many} == {0}
        site.client.close()


def test_jobs_that_wait_for_the_clock_go_on_while_nobody_asks(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serve_tenant(tmp_path_factory.mktemp("by-itself")) as running:
        running.control.call("POST", "throttle", {"on": ["jobs"]})
        site = Site(CertifiedClient(running), running.ready["site"])
        top = folder_name()
        package = Package(site).folder(top)
        for number in range(150):
            package.file(f"{top}/{number}.txt", ("1.0", b"x"))
        job = provision(site).put(package).submit()
        running.advance(300)
        time.sleep(6)
        events, _ = progress(site, job)
        assert events[-1]["Event"] == "JobEnd"
        site.client.close()
