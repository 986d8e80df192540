"""Plans of groups: made, changed by who read them last, and gone with what is in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.rehearsal.directory_calls import Directory, open_directory

ROLES = ["Group.ReadWrite.All"]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path)
    yield opened
    opened.tenant.store.close()


@pytest.fixture
def group(directory: Directory) -> str:
    (found,) = directory.get("groups?$filter=displayName eq 'All Company'")["value"]
    return str(found["id"])


@pytest.fixture
def plan(directory: Directory, group: str) -> Any:
    place = {"url": f"https://graph.microsoft.com/v1.0/groups/{group}"}
    status, made = directory.ask("POST", "planner/plans", {"container": place, "title": "Move"}, roles=ROLES)
    assert status == 201, made
    return made


def test_plan_belongs_to_its_group(directory: Directory, group: str, plan: Any) -> None:
    assert (plan["owner"], plan["container"]["type"]) == (group, "group")
    listed = directory.get(f"groups/{group}/planner/plans", roles=["Group.Read.All"])["value"]
    assert [each["title"] for each in listed] == ["Move"]
    assert directory.ask("POST", "planner/plans", {"title": "None's"}, roles=ROLES)[0] == 400
    assert directory.ask("POST", "planner/plans", {"owner": plan["id"], "title": "None's"}, roles=ROLES)[0] == 404


def test_plan_is_changed_by_who_read_it_last(directory: Directory, plan: Any) -> None:
    one = f"planner/plans/{plan['id']}"
    assert directory.ask("PATCH", one, {"title": "Later"}, roles=ROLES)[0] == 400
    assert directory.ask("PATCH", one, {"title": "Later"}, roles=ROLES, if_match='W/"x"')[0] == 412
    tag = directory.get(one)["@odata.etag"]
    assert directory.ask("PATCH", one, {"title": "Later"}, roles=ROLES, if_match=tag)[0] == 204
    assert directory.get(one)["title"] == "Later"
    assert directory.ask("PATCH", one, {"title": "Again"}, roles=ROLES, if_match=tag)[0] == 412
    details = directory.get(f"{one}/details")
    assert details["categoryDescriptions"]["category1"] is None
    patch = {"categoryDescriptions": {"category1": "Urgent"}}
    tag = details["@odata.etag"]
    shown = directory.ask("PATCH", f"{one}/details", patch, roles=ROLES, if_match=tag, prefer="return=representation")
    assert (shown[0], shown[1]["categoryDescriptions"]["category1"]) == (200, "Urgent")


def test_buckets_and_tasks_go_with_their_plan(directory: Directory, plan: Any) -> None:
    bucket = directory.ask("POST", "planner/buckets", {"name": "First", "planId": plan["id"]}, roles=ROLES)[1]
    task = {"title": "Pack", "planId": plan["id"], "bucketId": bucket["id"]}
    made = directory.ask("POST", "planner/tasks", task, roles=ROLES)[1]
    assert (made["percentComplete"], made["priority"]) == (0, 5)
    assert len(directory.get(f"planner/buckets/{bucket['id']}/tasks")["value"]) == 1
    assert len(directory.get(f"planner/plans/{plan['id']}/tasks")["value"]) == 1
    tag = directory.get(f"planner/plans/{plan['id']}")["@odata.etag"]
    assert directory.ask("DELETE", f"planner/plans/{plan['id']}", roles=ROLES, if_match=tag)[0] == 204
    for path in (f"planner/plans/{plan['id']}", f"planner/buckets/{bucket['id']}", f"planner/tasks/{made['id']}"):
        assert directory.ask("GET", path)[0] == 404


def test_plan_is_for_the_people_of_its_group(directory: Directory, plan: Any) -> None:
    one = f"planner/plans/{plan['id']}"
    assert directory.ask("GET", one, user="service.desk")[0] == 200
    assert directory.ask("GET", one, user="social.worker")[0] == 403
    assert directory.ask("GET", one, roles=["User.Read.All"])[0] == 403


def test_person_sees_the_tasks_that_are_theirs(directory: Directory, plan: Any) -> None:
    person = directory.get("users/service.desk@contoso.onmicrosoft.com")["id"]
    theirs = {person: {"@odata.type": "#microsoft.graph.plannerAssignment", "orderHint": " !"}}
    for title, assigned in (("Theirs", theirs), ("Nobody's", {})):
        task = {"title": title, "planId": plan["id"], "assignments": assigned}
        assert directory.ask("POST", "planner/tasks", task, roles=ROLES)[0] == 201
    assert [each["title"] for each in directory.get("me/planner/tasks", user="service.desk")["value"]] == ["Theirs"]
    assert directory.get(f"users/{person}/planner/tasks")["value"][0]["title"] == "Theirs"
    assert directory.ask("GET", f"users/{person}/planner/tasks", user="engineer")[0] == 403
