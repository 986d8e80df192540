"""The law of every kind: what is put is what is read, for each attribute, when it is made and when it changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from spmigrate.errors import Conflict, NotFound, Refused
from spmigrate.provision.equality import target
from spmigrate.tenant.contents import Attributes, Kind, Value
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import copies
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.scratch import Scratch
from tests.rehearsal_fixtures import RunningTenant

COLUMN_ID = "5a0f6b1e-0000-4000-8000-00000000000{}"
OURS = "0x010100" + "A" * 31 + "{}"
FORMAT = '{"elmType":"div","txtContent":"@currentField"}'
ROWS = '{"hideSelection":true}'


def column(number: int, kind: str, **more: object) -> Attributes:
    """A site column with all that a new one needs."""
    given = {name.replace("_", " "): value for name, value in more.items()}
    return {"id": COLUMN_ID.format(number), "type": kind, "title": f"Column {number}", "description": "What it is",
            "required": False, "group": "Council", **given}  # type: ignore[return-value]  # fmt: skip


ROWS_OF_THE_TABLE: list[tuple[Kind, str, list[Attributes]]] = [
    (Kind.SITE, "", [{"title": "A new title", "description": "What it is for"}, {"description": ""}]),
    (Kind.REGION, "", [
        {"time zone": "Pacific"}, {"time zone": "London", "24-hour clock": True},
        {"dates and numbers": "United States", "week starts": "Sunday"}, {"dates and numbers": "United Kingdom"},
        {"week starts": "Monday", "24-hour clock": False}, {"time zone": "Pacific"}, {"other languages": ("Welsh",)},
    ]),
    (Kind.PERMISSION_LEVEL, "file clerk", [
        {"name": "File clerk", "description": "Files", "allows": ("View Items", "Add Items", "Open", "View Pages")},
        {"description": "Files and reads"}, {"allows": ("View Items", "Open Items", "Use Remote Interfaces", "Open")},
    ]),
    (Kind.SITE_GROUP, "case team", [
        {"title": "Case team", "description": "Who works on cases", "level": "Contribute"},
        {"description": "Case workers"}, {"level": "File clerk"}, {"level": "Read"},
    ]),
    *((Kind.PERSON, f"{role}/engineer@contoso.onmicrosoft.com", [
        {"role": role, "login": "engineer@contoso.onmicrosoft.com"},
    ]) for role in ("Owners", "Members", "Visitors", "Administrators", "Case team")),
    (Kind.ACCESS, "", [
        {"members can share": False, "members can invite": False, "requests go to": "Nobody"},
        {"members can share": True}, {"members can invite": True}, {"requests go to": "Owners"},
        {"requests go to": "service.desk@contoso.onmicrosoft.com"}, {"requests go to": "Nobody"},
    ]),
    (Kind.COLUMN, "CouncilText", [
        column(1, "Text", indexed=True, unique=True, default="none yet", formatting=FORMAT),
        {"title": "Reference"}, {"description": "The number"}, {"required": True}, {"unique": False},
        {"indexed": False}, {"default": "unknown"}, {"default": ""}, {"formatting": ROWS},
        {"unique": True, "indexed": True},
    ]),
    (Kind.COLUMN, "CouncilNote", [column(2, "Note", default="")]),
    (Kind.COLUMN, "CouncilChoice", [
        column(3, "Choice", choices=("Open", 'A & "B" <c>'), default="Open", indexed=True), {"choices": ("Shut",)},
        {"default": "Shut"},
    ]),
    (Kind.COLUMN, "CouncilChoices", [
        column(4, "Multiple choice", choices=("North", "South"), default="North; South"),
        {"choices": ("North", "East")}, {"default": "East"},
    ]),
    (Kind.COLUMN, "CouncilDate", [column(5, "Date", default="today"), {"default": "2026-04-01"}, {"default": ""}]),
    (Kind.COLUMN, "CouncilNumber", [column(6, "Number", default="7", indexed=True), {"default": "8"}]),
    (Kind.COLUMN, "CouncilMoney", [column(7, "Currency", unique=False)]),
    (Kind.COLUMN, "CouncilYes", [column(8, "Yes or no", default="yes"), {"default": "no"}]),
    (Kind.COLUMN, "CouncilPerson", [column(9, "Person", required=True), {"required": False}]),
    (Kind.CONTENT_TYPE, "council document", [
        {"id": OURS.format("A"), "name": "Council document", "parent": "Document", "description": "Ours",
         "group": "Council", "columns": ("Title", "FileLeafRef", "CouncilText", "CouncilChoice"), "source": "site",
         "required columns": ("CouncilText",), "hidden columns": ("CouncilChoice",)},
        {"description": "All of ours"}, {"required columns": ("CouncilChoice",), "hidden columns": ()},
        {"columns": ("Title", "FileLeafRef", "CouncilText", "CouncilChoice", "CouncilDate")},
        {"hidden columns": ("CouncilDate",)},
    ]),
    (Kind.CONTENT_TYPE, "council policy", [
        {"id": OURS.format("A") + "00" + "B" * 32, "name": "Council policy", "parent": "Council document",
         "description": "", "group": "Council"},
    ]),
    (Kind.FEATURE, "document sets", [{"name": "Document sets"}]),
    (Kind.CONTENT_TYPE, "case folder", [
        {"id": "0x0120D52000" + "E" * 32, "name": "Case folder", "parent": "Document Set", "description": "A case",
         "group": "Council", "columns": ("CouncilText", "CouncilChoice"), "required columns": ("CouncilText",)},
        {"columns": ("CouncilText", "CouncilChoice", "CouncilDate")},
    ]),
    (Kind.LIBRARY, "casefolders", [
        {"address": "CaseFolders", "title": "Case folders", "content types": ("Document", "Case folder")},
        {"default content type": "Case folder"}, {"content types": ("Document", "Case folder", "Document Set")},
    ]),
    (Kind.LIBRARY, "casepapers", [
        {"address": "CasePapers", "title": "Case papers", "description": "Papers", "versions kept": 50,
         "draft versions kept": 5, "drafts seen by": "Editors", "approval": False, "check-out": False,
         "folders": True, "searchable": True, "content types": ("Document", "Council document", "Council policy"),
         "columns shown": ("DocIcon", "LinkFilename", "Modified", "Editor", "CouncilText"), "own permissions": False,
         "retention label": ""},
        {"title": "Papers of cases"}, {"description": "All papers"}, {"versions kept": 100},
        {"automatic versions": True}, {"automatic versions": False, "versions kept": 90},
        {"versions expire after": 365}, {"versions expire after": 30}, {"versions expire after": 0},
        {"draft versions kept": 10}, {"draft versions kept": 0}, {"approval": True},
        {"drafts seen by": "Approvers"}, {"approval": False}, {"check-out": True}, {"folders": False},
        {"searchable": False}, {"default content type": "Council policy"}, {"default content type": "Council document"},
        {"columns": ("CouncilMoney", "CouncilPerson")}, {"own permissions": True}, {"own permissions": False},
        {"own permissions": True},
    ]),
    (Kind.LIST, "lists/decisions", [
        {"address": "Lists/Decisions", "title": "Decisions", "list type": "Custom list", "description": "",
         "versions kept": 20, "folders": False, "searchable": True},
        {"title": "All decisions"}, {"description": "What was decided"}, {"versions kept": 0}, {"searchable": False},
        {"approval": True}, {"columns": ("CouncilNumber", "CouncilChoice")}, {"content types": ("Item", "Event")},
        {"default content type": "Event"}, {"columns shown": ("LinkTitle", "CouncilNumber")},
    ]),
    *((Kind.LIST, f"lists/{name.casefold()}", [
        {"address": f"Lists/{name}", "title": name, "list type": kind},
    ]) for name, kind in (("Dates", "Calendar"), ("Sources", "Links"), ("Notices", "Announcements"),
                          ("Partners", "Contacts"), ("Jobs", "Tasks"), ("Faults", "Issues"))),
    (Kind.COLUMN, "CouncilLookup", [
        {**column(1, "Lookup"), "id": "5a0f6b1e-0000-4000-8000-000000000010", "title": "Decision",
         "looks up": "lists/decisions", "shows": "Title"},
    ]),
    (Kind.VIEW, "casepapers/overdue", [
        {"list": "casepapers", "title": "Overdue", "columns shown": ("DocIcon", "LinkFilename", "CouncilText"),
         "filter": "CouncilDate is before today and CouncilChoice is Open and Editor is me", "sort by": "Modified",
         "descending": True, "group by": "CouncilChoice", "rows": 50, "is default": False, "formatting": ROWS},
        {"columns shown": ("LinkFilename", "DocIcon", "CouncilText", "CouncilDate")},
        {"filter": "CouncilText contains and so on"}, {"filter": "CouncilText is not empty"}, {"filter": ""},
        {"sort by": "CouncilText", "descending": False}, {"group by": ""}, {"rows": 100}, {"formatting": ""},
        {"is default": True},
    ]),
    (Kind.DEFAULT_VALUE, "casepapers/CouncilChoice", [
        {"list": "casepapers", "column": "CouncilChoice", "value": "Shut"}, {"value": "Open"},
    ]),
    (Kind.DEFAULT_VALUE, "casepapers/CouncilDate", [
        {"list": "casepapers", "column": "CouncilDate", "value": "today"}, {"value": "2026-04-01"},
    ]),
    (Kind.FOLDER, "casepapers/2026/minutes & notes", [{"library": "casepapers", "path": "2026/Minutes & notes"}]),
    (Kind.FOLDER, "casepapers/the cook's", [{"library": "casepapers", "path": "The cook's"}]),
    (Kind.VIEW, "lists/decisions/by number", [
        {"list": "lists/decisions", "title": "By number", "columns shown": ("LinkTitle", "CouncilNumber"),
         "filter": "CouncilNumber is after 3", "sort by": "CouncilNumber", "is default": False}, {"is default": True},
    ]),
    *((Kind.ACCESS_RIGHT, f"casepapers/{who}", [
        {"list": "casepapers", "who": who, "level": "Contribute"}, {"level": "Read"},
    ]) for who in ("Owners", "Visitors", "Case team", "engineer@contoso.onmicrosoft.com")),
]  # fmt: skip
"""Kind, key, what it is made with, and then one change after the other."""


@pytest.fixture(scope="module")
def place(shared_tenant: Tenant, owner: str) -> Iterator[SiteWriter]:
    """A new site that the tests of this file write to, one after the other."""
    given = Scratch(shared_tenant, owner)
    address = given.address("t-parts")
    writer = SiteWriter(shared_tenant, address)
    writer.create({"type": "Team site without group", "title": "x", "description": "", "language": "English",
                   "owner": owner})  # fmt: skip
    yield writer
    given.clear()


def found(writer: SiteWriter, kind: Kind, key: str) -> Attributes | None:
    """The attributes of a part as they are now."""
    contents = read(writer.tenant, writer.address, hub_addresses(writer.tenant), {kind})
    assert contents is not None
    part = contents.get(kind, key)
    return None if part is None else part.attributes


@pytest.mark.parametrize(
    ("kind", "key", "steps"), ROWS_OF_THE_TABLE, ids=[f"{kind}-{key}" for kind, key, _ in ROWS_OF_THE_TABLE]
)
def test_what_is_put_is_what_is_read(place: SiteWriter, kind: Kind, key: str, steps: list[Attributes]) -> None:
    wanted: dict[str, Value] = {}
    for after in steps:
        place.put(kind, key, after)
        place.put(kind, key, after)  # whoever is stopped and asks again arrives at the same
        wanted |= after
        there = found(place, kind, key)
        assert there is not None
        left = {
            name: there.get(name)
            for name in wanted
            if there.get(name) != target(kind, name, there.get(name), wanted[name])
        }
        assert left == {}, f"after {after}"


def test_people_of_the_directory_s_groups_get_roles_and_rights(place: SiteWriter) -> None:
    place.put(Kind.LIBRARY, "open papers", {"address": "Open papers", "title": "Open papers", "own permissions": True})
    for kind, key, after in (
        (Kind.PERSON, "Visitors/group:all staff", {"role": "Visitors", "login": "group:All staff"}),
        (Kind.PERSON, "Administrators/group:all staff", {"role": "Administrators", "login": "group:All staff"}),
        (Kind.ACCESS_RIGHT, "open papers/group:All staff",
         {"list": "open papers", "who": "group:All staff", "level": "Read"}),
    ):  # fmt: skip
        place.put(kind, key, after)
        assert found(place, kind, key) == after
        place.remove(kind, key)
        assert found(place, kind, key) is None
        place.remove(kind, key)


def test_a_library_with_permissions_of_its_own_begins_with_nobody(place: SiteWriter) -> None:
    place.put(Kind.LIBRARY, "closed", {"address": "Closed", "title": "Closed", "own permissions": True})
    held = f"web/GetList('{place.address}/Closed')/roleassignments?$select=PrincipalId"
    assert place.rest("GET", held)["value"] == []
    place.put(Kind.ACCESS_RIGHT, "closed/Owners", {"list": "closed", "who": "Owners", "level": "Full Control"})
    assert len(place.rest("GET", held)["value"]) == 1


def test_a_managed_metadata_column_is_tied_to_its_term_set(place: SiteWriter) -> None:
    made = {**column(9, "Managed metadata"), "id": "5a0f6b1e-0000-4000-8000-000000000099", "title": "Department",
            "term set": "People/Department"}  # fmt: skip
    for after in (made, made, {"term set": "People/Location"}):
        place.put(Kind.COLUMN, "CouncilDepartment", after)
        there = found(place, Kind.COLUMN, "CouncilDepartment")
        assert there is not None
        assert (there["type"], there["term set"]) == ("Managed metadata", after["term set"])
    with pytest.raises(NotFound, match="no term set 'People/Nowhere'"):
        place.put(Kind.COLUMN, "CouncilDepartment", {"term set": "People/Nowhere"})


def test_a_content_type_comes_from_the_gallery(place: SiteWriter, shared_tenant: Tenant) -> None:
    hub = SiteWriter(shared_tenant, "/sites/contentTypeHub")
    made = {"id": "0x010100" + "C" * 32, "name": "Corporate record", "description": "", "group": "Corporate"}
    hub.put(Kind.CONTENT_TYPE, "corporate record", made)
    wanted = {"name": "Corporate record", "id": OURS.format("D"), "source": "hub", "parent": "Document"}
    with pytest.raises(NotFound, match="publishes no content type"):
        place.put(Kind.CONTENT_TYPE, "corporate record", wanted)
    gallery = shared_tenant.graph("GET", "/v1.0/sites/contoso.sharepoint.com:/sites/contentTypeHub?$select=id")["id"]
    shared_tenant.graph("POST", f"/v1.0/sites/{gallery}/contentTypes/{made['id']}/publish")
    place.put(Kind.CONTENT_TYPE, "corporate record", wanted)
    place.put(Kind.CONTENT_TYPE, "corporate record", wanted)
    there = found(place, Kind.CONTENT_TYPE, "corporate record")
    assert there is not None
    assert (there["id"], there["source"], there["parent"]) == (made["id"], "hub", "Document")


@pytest.mark.parametrize("scripts", [False, True])
def test_documents_begin_as_a_file_whether_or_not_the_site_allows_custom_script(
    place: SiteWriter, scripts: bool
) -> None:
    content = f"what a letter begins as: {scripts}".encode()
    name = copies.copy_name("assets/letter.dotx", content)
    writer = SiteWriter(place.tenant, place.address, materials={name: content})
    key = f"letter {scripts}".casefold()
    writer.put(Kind.CONTENT_TYPE, key, {
        "id": OURS.format("F" if scripts else "E"), "name": f"Letter {scripts}", "description": "", "group": "Council",
        "columns": (),
    })  # fmt: skip
    place.admin("MERGE", f"SPO.Tenant/sites('{place.site_id}')", {"DenyAddAndCustomizePages": 1 if scripts else 2})
    writer.put(Kind.CONTENT_TYPE, key, {"document template": name})
    assert (found(place, Kind.CONTENT_TYPE, key) or {})["document template"] == name
    assert copies.is_there(place, f"{place.address}/_cts/Letter {scripts}/{name}") == scripts
    assert copies.is_there(place, f"{place.address}/SiteAssets/{name}") == (not scripts)
    # Set back to it later, when the folder of templates has another file: it lies in the site.
    writer.put(Kind.CONTENT_TYPE, key, {"document template": ""})
    place.put(Kind.CONTENT_TYPE, key, {"document template": name})
    assert (found(place, Kind.CONTENT_TYPE, key) or {})["document template"] == name
    with pytest.raises(Refused, match="no longer at hand"):
        place.put(Kind.CONTENT_TYPE, key, {"document template": "gone.dotx"})


def test_a_retention_label_is_set_and_taken_away(place: SiteWriter) -> None:
    place.put(Kind.LIBRARY, "labelled", {"address": "Labelled", "title": "Labelled"})
    for label in ("RL-IM01 Request 3y", ""):
        place.put(Kind.LIBRARY, "labelled", {"retention label": label})
        there = found(place, Kind.LIBRARY, "labelled")
        assert there is not None
        assert there["retention label"] == label
    with pytest.raises(Refused):
        place.put(Kind.LIBRARY, "labelled", {"retention label": "Nobody's"})


def test_what_holds_nothing_is_taken_away_and_what_holds_something_stays(place: SiteWriter) -> None:
    place.put(Kind.LIBRARY, "goes", {"address": "Goes", "title": "Goes"})
    place.put(Kind.FOLDER, "goes/in/deeper", {"library": "goes", "path": "In/Deeper"})
    place.put(Kind.VIEW, "goes/by day", {"list": "goes", "title": "By day", "columns shown": ("LinkFilename",)})
    with pytest.raises(Conflict, match="holds 1 items"):
        place.remove(Kind.FOLDER, "goes/in")
    with pytest.raises(Conflict, match="holds 2 items"):
        place.remove(Kind.LIBRARY, "goes")
    with pytest.raises(Conflict, match="opens first"):
        place.remove(Kind.VIEW, "goes/all documents")
    for kind, key in (
        (Kind.FOLDER, "goes/in/deeper"), (Kind.FOLDER, "goes/in"), (Kind.VIEW, "goes/by day"), (Kind.LIBRARY, "goes"),
        (Kind.PERMISSION_LEVEL, "file clerk"), (Kind.SITE_GROUP, "case team"),
    ):  # fmt: skip
        place.remove(kind, key)
        assert found(place, kind, key) is None


def test_what_a_site_does_not_have_is_told_before_it_is_used(place: SiteWriter) -> None:
    for kind, key, after, text in (
        (Kind.SITE_GROUP, "strangers", {"title": "Strangers", "level": "Rule"}, "no permission level 'Rule'"),
        (Kind.PERSON, "Nobodies/x@y.example", {"role": "Nobodies", "login": "service.desk@contoso.onmicrosoft.com"},
         "no group 'Nobodies'"),
        (Kind.PERMISSION_LEVEL, "king", {"name": "King", "allows": ("Rule",)}, "no right called Rule"),
        (Kind.LIBRARY, "casepapers", {"default content type": "Nothing"}, "no content type 'Nothing'"),
        (Kind.VIEW, "nowhere/x", {"title": "x", "columns shown": ()}, "no library or list"),
        (Kind.VIEW, "casepapers/x", {"title": "x", "filter": "Nothing is 1"}, "no column Nothing"),
        (Kind.PERSON, "Visitors/group:nobody", {"role": "Visitors", "login": "group:Nobody"},
         "no group called 'Nobody'"),
    ):  # fmt: skip
        with pytest.raises((Refused, NotFound), match=text):
            place.put(kind, key, after)


def test_reading_everything_takes_few_requests(place: SiteWriter, rehearsal_server: RunningTenant) -> None:
    mark = rehearsal_server.mark()
    assert read(place.tenant, place.address, {}) is not None
    asked = [entry["path"] for entry in rehearsal_server.requests(mark)]
    print(f"{len(asked)} requests for every kind:", *asked)
    assert len(asked) <= 8, asked


class Stopped(BaseException):
    """The run was killed: nothing catches it."""


def stopped(writer: SiteWriter, *, writes: int, kind: Kind, key: str, after: Attributes) -> bool:
    """Put a part and die when this many writes were answered; whether it died."""
    exchange, left = writer.tenant.exchange, writes

    def counted(request: Any) -> Any:
        nonlocal left
        answer = exchange(request)
        left -= request.method != "GET"
        if left == 0:
            raise Stopped
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer.tenant, "exchange", counted)
        try:
            writer.put(kind, key, after)
        except Stopped:
            return True
    return False


@pytest.mark.parametrize(("kind", "key", "after"), [
    (Kind.COLUMN, "CouncilTerm{}", {**column(1, "Managed metadata"), "term set": "People/Department"}),
    (Kind.CONTENT_TYPE, "type {}", {"id": "0x010100", "name": "Type {}", "description": "Ours", "group": "Council",
                                    "columns": ("CouncilText", "CouncilDate"), "required columns": ("CouncilDate",),
                                    "hidden columns": ("CouncilText",)}),
    (Kind.LIBRARY, "library{}", {"address": "Library{}", "title": "Library {}", "versions kept": 20,
                                 "content types": ("Document", "Council policy", "Council document"),
                                 "default content type": "Council document", "columns": ("CouncilMoney",),
                                 "columns shown": ("LinkFilename", "CouncilMoney", "Modified"),
                                 "own permissions": True}),
    (Kind.VIEW, "casepapers/view {}", {"list": "casepapers", "title": "View {}", "rows": 10, "formatting": ROWS,
                                       "columns shown": ("LinkFilename", "CouncilText"), "sort by": "Modified"}),
    (Kind.SITE_GROUP, "group {}", {"title": "Group {}", "description": "Ours", "level": "Read"}),
    (Kind.PERSON, "Group 1/records.manager@contoso.onmicrosoft.com",
     {"role": "Group 1", "login": "records.manager@contoso.onmicrosoft.com"}),
    (Kind.FOLDER, "casepapers/a {}/b", {"library": "casepapers", "path": "A {}/b"}),
    (Kind.ACCESS, "", {"members can share": False, "members can invite": True, "requests go to": "Owners"}),
], ids=str)  # fmt: skip
def test_stopped_after_any_write_and_asked_again_arrives_at_the_same(
    place: SiteWriter, kind: Kind, key: str, after: Attributes
) -> None:
    for writes in range(1, 12):
        wanted = {name: value.format(writes) if isinstance(value, str) and "{}" in value else value
                  for name, value in after.items()}  # fmt: skip
        if kind is Kind.COLUMN:
            wanted["id"] = f"5a0f6b1e-0000-4000-8000-0000000002{writes:02}"
        if kind is Kind.CONTENT_TYPE:
            wanted["id"] = f"0x010100{writes:032X}"
        mine = key.format(writes)
        died = stopped(place, writes=writes, kind=kind, key=mine, after=wanted)
        SiteWriter(place.tenant, place.address).put(kind, mine, wanted)
        there = found(place, kind, mine)
        assert there is not None
        left = {name for name in wanted if target(kind, name, there.get(name), wanted[name]) != there.get(name)}
        assert left == set(), f"stopped after write {writes}"
        if not died:
            break
    assert not died
