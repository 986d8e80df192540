"""What a file costs by the session route: calls and versions, dates of empty files, people where they are asked for."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spmigrate.migrate.routes import session as route
from spmigrate.migrate.stamp import Principal, Stamp
from spmigrate.model import Outcome
from spmigrate.sealed import FileSealed
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files, transfer
from tests.contract.route_case import Case, fresh
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import write
from tests.tenant_tree import new_site, session, tree, working_folder

_NUMBERS = itertools.count(1)
PERSON = "migration.lead@contoso.onmicrosoft.com"


@pytest.fixture
def case(rehearsal: RunningTenant, tmp_path: Path) -> Iterator[Case]:
    home = new_site(rehearsal, f"requests-{next(_NUMBERS)}")
    folder = working_folder(tmp_path / "work", rehearsal)
    with session(folder) as tenant, Ledger(tmp_path / "ledger.db") as ledger:
        yield Case(tmp_path, tenant, home, ledger, FileSealed(tmp_path / ".sealed"))


def calls(rehearsal: RunningTenant, since: int) -> list[str]:
    """What was asked of the service after a number, signing in aside."""
    asked = [f"{each['method']} {each['path']}" for each in rehearsal.requests(since)]
    return [each for each in asked if not any(part in each for part in ("/_rehearsal", "oauth2", ".well-known"))]


def opening(asked: list[str]) -> list[str]:
    """Those that are made once for a library and once for a folder."""
    return [each for each in asked if each.startswith("GET ") or each.endswith("/children")]


def test_new_file_takes_two_calls_and_one_version_and_folders_are_made_once(
    case: Case, rehearsal: RunningTenant
) -> None:
    for number in range(20):
        write(case.share / "a" / f"{number % 2}" / f"{number}.txt", b"content")
    case.plan()
    mark = rehearsal.mark()
    assert {each.outcome for each in case.run(fresh)} == {Outcome.COPIED}
    asked = calls(rehearsal, mark)
    assert len(opening(asked)) == 3 + 3, "site, libraries and root; a, a/0 and a/1"
    assert len(asked) - len(opening(asked)) == 2 * 20
    assert {leaf.versions for leaf in tree(case.tenant, case.home).values()} == {1}


def test_batches_of_one_run_share_what_is_known_of_folders(case: Case, rehearsal: RunningTenant) -> None:
    for number in range(251):
        write(case.share / "a" / f"{number}.txt", b"x")
    case.plan()
    first, _ = case.claim()
    moving = route.SessionRoute(case.tenant, case.ledger, case.sealed)
    moving.open(first)
    mark = rehearsal.mark()
    moving.open(first)
    assert calls(rehearsal, mark) == []


def test_empty_files_take_two_calls_each_and_the_clock_is_asked_a_few_times(
    case: Case, rehearsal: RunningTenant
) -> None:
    start = int(datetime(2024, 2, 1, tzinfo=UTC).timestamp())
    for number in range(30):
        write(case.share / "a" / f"{number}.txt", b"", modified=start + number * 3600)
    case.plan()
    mark = rehearsal.mark()
    assert {each.outcome for each in case.run(fresh)} == {Outcome.COPIED}
    asked = calls(rehearsal, mark)
    clock = [each for each in asked if "RegionalSettings" in each]
    assert len(clock) <= 5
    assert len(asked) - len(opening([each for each in asked if each not in clock])) - len(clock) == 2 * 30
    found = tree(case.tenant, case.home)
    for number in range(30):
        leaf = found[f"a/{number}.txt"]
        assert (leaf.size, leaf.modified, leaf.versions) == (0, transfer.moment((start + number * 3600) * 10**9), 1)


@pytest.mark.parametrize("hour", [-1, 0, 1, 2])
@pytest.mark.parametrize(
    "day", [datetime(2025, 10, 26, 0, 30, 15, tzinfo=UTC), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)]
)
def test_empty_file_of_the_night_in_which_clocks_change_has_its_own_date(case: Case, day: datetime, hour: int) -> None:
    moment = int(day.timestamp()) + hour * 3600
    write(case.share / "a" / "night.txt", b"", modified=moment)
    case.plan()
    case.run(fresh)
    assert tree(case.tenant, case.home)["a/night.txt"].modified == transfer.moment(moment * 10**9)


def stamped(monkeypatch: pytest.MonkeyPatch, *, author: str, columns: dict[str, str] | None = None) -> None:
    """Let every file be stamped with this author, as the map of users would have it."""

    def given(_ledger: Any, items: Any) -> dict[int, Stamp]:
        who = Principal(author)
        return {each.id: Stamp(who, who, 10**18, 10**18, columns=columns or {}) for each in items}

    monkeypatch.setattr(route, "stamps", given)


def authors(case: Case) -> list[str]:
    library = files.open_library(case.tenant, case.home.site, case.home.library)
    answer = case.tenant.graph_pages(f"/v1.0/drives/{library.drive_id}/root:/a:/children")
    return [f"{each['createdBy']['user']['email']} {each['lastModifiedBy']['user']['email']}" for each in answer]


@pytest.mark.parametrize("content", [b"content", b""])
def test_people_are_set_with_one_more_call_and_no_version(
    case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    write(case.share / "a" / "a.txt", content)
    case.plan()
    stamped(monkeypatch, author=PERSON, columns={"Title": "The plan"})
    mark = rehearsal.mark()
    assert case.run(fresh)[0].outcome is Outcome.COPIED
    forms = [each for each in calls(rehearsal, mark) if "ValidateUpdateListItem" in each]
    assert len(forms) == 1
    assert authors(case) == [f"{PERSON} {PERSON}"]
    leaf = tree(case.tenant, case.home)["a/a.txt"]
    assert (leaf.modified, leaf.versions) == (transfer.moment(1_400_000_000 * 10**9), 1)


def test_people_that_the_service_does_not_know_fail_the_file_with_each_word_of_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(case.share / "a" / "a.txt", b"content")
    case.plan()
    stamped(monkeypatch, author="nobody@council.example", columns={"NoSuchColumn": "x"})
    [moved] = case.run(fresh)
    assert (moved.outcome, moved.code) == (Outcome.FAILED, "STAMP-REFUSED")
    assert moved.target_id and moved.reason
    assert "Author: The user" in moved.reason and "NoSuchColumn: Column" in moved.reason
    stamped(monkeypatch, author=PERSON)
    [again] = case.run()
    assert (again.outcome, again.adopted) == (Outcome.COPIED, True)
    assert authors(case) == [f"{PERSON} {PERSON}"]
