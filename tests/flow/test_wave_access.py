"""Who sees what has moved: closed before content arrives, open to those who were signed, and looked at by verify."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.model import Destination
from spmigrate.scan.survey import survey
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files, row_folders
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.site.writing import SiteWriter
from tests.conftest import Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, sign_scanned, write
from tests.tenant_tree import new_site, session, tree, working_folder

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)
DOMAIN = "contoso.onmicrosoft.com"


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal)


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"access-{next(_NUMBERS)}")


def signed(work: Path, root: Path, home: Destination, **answers: dict[str, str]) -> None:
    for folder in answers:
        write(root / folder / "a.txt", folder.encode())
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, dict.fromkeys(answers, (TIDY, home)), answers=answers)


def people(work: Path, home: Destination, path: str) -> dict[str, str]:
    """Who has which level on a folder, in SharePoint's words; nothing when it inherits."""
    with session(work) as tenant:
        address = f"{tenant.settings.sharepoint}{home.site}/_api/web"
        folder = f"{address}/GetFolderByServerRelativePath(DecodedUrl='{home.site}/{home.library}/{path}')"
        library = files.open_library(tenant, home.site, home.library)
        if not row_folders.look(tenant, library, path).own:
            return {}
        ask = "roleassignments?$expand=Member,RoleDefinitionBindings&$select=Member/Title,RoleDefinitionBindings/Name"
        found = tenant.rest("GET", f"{folder}/ListItemAllFields/{ask}")["value"]
        return {each["Member"]["Title"]: each["RoleDefinitionBindings"][0]["Name"] for each in found}


def test_restricted_folder_is_open_to_those_on_its_list_alone(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    signed(
        work, tmp_path / "share", home,
        Claims={"who": "Restricted list", "group": f"ig.officer@{DOMAIN}; All staff"}, Plans={"who": "Whole team"},
    )  # fmt: skip
    assert spmigrate("wave", "plan", "night", cwd=work).code == 0
    ran = spmigrate("wave", "run", "night", cwd=work)
    assert ran.code == 0, ran.stderr
    title = home.site.rpartition("/")[2]
    assert people(work, home, "Claims") == {
        f"{title} Owners": "Full Control", "Information Governance Officer": "Contribute", "All staff": "Contribute",
    }  # fmt: skip
    assert people(work, home, "Plans") == {}
    verified = spmigrate("wave", "verify", "night", "--json", cwd=work)
    assert (verified.code, verified.json["who_sees"]) == (0, {"as signed": 2})


def test_folder_that_somebody_opened_wider_is_found_by_verify(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    signed(work, tmp_path / "share", home, Claims={"who": "Named group", "group": "All staff"})
    for verb in ("plan", "run"):
        assert spmigrate("wave", verb, "night", cwd=work).code == 0
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        wider = row_folders.resolve(tenant, home.site, [("Visitors", "Read")])
        row_folders.give(tenant, library, "Claims", [*row_folders.look(tenant, library, "Claims").given, *wider])
    verified = spmigrate("wave", "verify", "night", "--json", cwd=work)
    assert (verified.code, verified.json["who_sees"], verified.json["state"]) == (3, {"wider": 1}, "moved")


def test_row_for_somebody_whom_nobody_knows_does_not_move_and_the_others_do(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    signed(
        work, tmp_path / "share", home,
        Claims={"who": "Named group", "group": "No such group"}, Plans={"who": "Whole team"},
    )  # fmt: skip
    spmigrate("wave", "plan", "night", cwd=work)
    ran = spmigrate("wave", "run", "night", "--json", cwd=work)
    assert ran.code == 3
    assert [(each["code"], each["items"]) for each in ran.json["causes"]] == [("HOME-REFUSED", 1)]
    assert (ran.json["items"]["copied"], ran.json["balances"]) == (1, True)
    assert "No such group" in ran.stderr


def test_access_of_the_source_is_carried_only_with_every_doubt_decided(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    signed(work, tmp_path / "share", home, Claims={"who": "Restricted list"})
    refused = spmigrate("wave", "plan", "night", cwd=work)
    assert (refused.code, "was not read" in refused.stderr) == (1, True)


def test_label_of_a_row_is_on_its_folder_and_a_missing_one_is_found(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    label = "RL-FI01 FY+6"
    signed(work, tmp_path / "share", home, Claims={"who": "Whole team", "keep": label})
    for verb in ("plan", "run"):
        assert spmigrate("wave", verb, "night", cwd=work).code == 0
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        folder = files.child(tenant, library, library.root_id, "Claims")
        assert folder is not None
        assert row_folders.label_of(tenant, library, folder.id) == label
        copy = files.child(tenant, library, folder.id, "a.txt")
        assert copy is not None
        assert row_folders.label_of(tenant, library, copy.id) == label
        assert spmigrate("wave", "verify", "night", cwd=work).code == 0
        tenant.graph("DELETE", f"/v1.0/drives/{library.drive_id}/items/{folder.id}/retentionLabel")
    verified = spmigrate("wave", "verify", "night", "--json", cwd=work)
    assert (verified.code, verified.json["who_sees"]) == (3, {"label missing": 1})


def test_label_that_is_not_published_keeps_the_row_where_it_is(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    signed(work, tmp_path / "share", home, Claims={"who": "Whole team", "keep": "RL-XX99 Nothing"})
    spmigrate("wave", "plan", "night", cwd=work)
    ran = spmigrate("wave", "run", "night", "--json", cwd=work)
    assert (ran.code, [each["code"] for each in ran.json["causes"]]) == (3, ["HOME-REFUSED"])


@pytest.mark.parametrize("route", ["session", "package"])
def test_copies_name_the_owner_of_the_original_where_the_council_asks_for_it(
    route: str, work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    root = tmp_path / "share"
    for name in ("a.txt", "b.txt"):
        write(root / "Plans" / name, name.encode(), modified=1_234_567_890)
    text = (work / "spmigrate.yaml").read_text()
    (work / "spmigrate.yaml").write_text(f"{text}  users: users.csv\n  author: source\n")
    (work / "users.csv").write_text(f"uid:{os.getuid()},engineer@{DOMAIN},FALSE\n")
    with Ledger(work / "ledger.db") as ledger:
        survey(ledger, root, name="share", access="files")
        sign_scanned(ledger, root, {"Plans": (TIDY, home)})
    assert spmigrate("wave", "plan", "night", "--route", route, cwd=work).code == 0
    ran = spmigrate("wave", "run", "night", cwd=work)
    assert ran.code == 0, ran.stderr
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        ask = "children?$select=name,createdBy,lastModifiedBy,fileSystemInfo"
        found = list(tenant.graph_pages(f"/v1.0/drives/{library.drive_id}/root:/Plans:/{ask}"))
        assert {each["name"] for each in found} == {"a.txt", "b.txt"}
        for each in found:
            assert each["createdBy"]["user"]["displayName"] == "Highways Engineer"
            assert each["lastModifiedBy"]["user"]["displayName"] == "Highways Engineer"
            assert each["fileSystemInfo"]["lastModifiedDateTime"] == "2009-02-13T23:31:30Z"
        assert {leaf.versions for leaf in tree(tenant, home).values()} == {1}
    assert spmigrate("wave", "verify", "night", cwd=work).code == 0


@pytest.mark.parametrize("route", ["session", "package"])
def test_files_carry_the_marking_of_their_row_where_the_library_does_not_give_it(
    route: str, work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    with session(work) as tenant:
        writer = SiteWriter(tenant, home.site)
        writer.put(Kind.COLUMN, "CouncilMarking", {
            "id": "5a0f6b1e-0000-4000-8000-00000000a001", "type": "Choice", "title": "Marking", "description": "",
            "required": False, "group": "Council", "choices": ("OFFICIAL", "OFFICIAL-SENSITIVE"),
        })  # fmt: skip
        writer.put(Kind.LIBRARY, home.library.casefold(), {"columns": ("CouncilMarking",)})
    signed(work, tmp_path / "share", home, Plans={"who": "Whole team", "marking": "OFFICIAL-SENSITIVE"})
    assert spmigrate("wave", "plan", "night", "--route", route, cwd=work).code == 0
    ran = spmigrate("wave", "run", "night", cwd=work)
    assert ran.code == 0, ran.stderr
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        item = tenant.graph("GET", f"/v1.0/drives/{library.drive_id}/root:/Plans/a.txt:/listItem?$expand=fields")
        assert item["fields"]["CouncilMarking"] == "OFFICIAL-SENSITIVE"
        assert {leaf.versions for leaf in tree(tenant, home).values()} == {1}


def test_nothing_is_added_to_what_more_people_see_than_was_signed(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    for number in range(30):
        write(tmp_path / "share" / "Claims" / f"{number}.txt", b"claim")
    signed(work, tmp_path / "share", home, Claims={"who": "Named group", "group": "All staff"})
    for verb in ("plan", "run"):
        assert spmigrate("wave", verb, "night", cwd=work).code == 0
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        wider = row_folders.resolve(tenant, home.site, [("Visitors", "Read")])
        row_folders.give(tenant, library, "Claims", [*row_folders.look(tenant, library, "Claims").given, *wider])
    spmigrate("wave", "verify", "night", cwd=work)
    write(tmp_path / "share" / "Claims" / "more.txt", b"more")
    assert spmigrate("wave", "delta", "night", "--rescan", cwd=work).code in (0, 4)
    ran = spmigrate("wave", "run", "night", cwd=work)
    assert (ran.code, "may be seen by more people than was signed" in ran.stderr) == (1, True), ran.stderr
