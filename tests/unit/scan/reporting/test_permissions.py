"""Who would gain and who would lose access, said of folders with permissions of their own."""

import json

from spmigrate.formats.grid import Topic
from spmigrate.scan.reporting import permissions
from spmigrate.scan.reporting.figures import Figures, gather
from spmigrate.scan.reporting.gains import exchange
from spmigrate.scan.reporting.homes import Home, homes
from spmigrate.scan.reporting.naming import PlainNames
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access, Right
from spmigrate.store.profile_access import AccessFigures, OwnAccess
from spmigrate.store.row_identity import RowIdentity
from tests.scan_sample import File, right, scanned

TEAM, PANEL, CLERK = right("1001", "COUNTY\\Team"), right("1002", "COUNTY\\Panel"), right("1003", "COUNTY\\clerk.one")
EVERYONE = right("S-1-1-0", "Everyone", level="read")
TOP = Access("S-1-5-18", True, (TEAM, CLERK))


def from_above(*rights: Right) -> tuple[Right, ...]:
    """The same rights as a folder below has them."""
    return tuple(right(each.who, each.name, allows=each.allows, level=each.level, inherited=True) for each in rights)


def home(path: str, who: str = "Whole team", *, moves: bool = True, scope: str = "tree") -> Home:
    """A row of a sheet."""
    return Home(path, scope, moves, "Move" if moves else "Leave as read-only archive", "Roads > Documents", who, "")


def folder(access: Access, above: Access | None = TOP, path: str = "Panel") -> OwnAccess:
    return OwnAccess(7, path, access, above)


def words(topic: Topic) -> str:
    """Everything that a topic says."""
    return "\n".join([*topic.sentences, *(str(cell) for grid in topic.grids for row in grid.rows for cell in row)])


def read(ledger: Ledger, access: dict[str, Access], homes: tuple[Home, ...] = ()) -> tuple[Topic, ...]:
    """The permission report of a source with these access lists."""
    source = scanned(ledger, "Share", {path: [File("a.txt")] for path in access}, access=access)
    figures = gather(ledger, inventory.by_id(ledger, source))
    return permissions.permissions([figures], {source: homes}, PlainNames())


def test_who_is_denied_would_gain() -> None:
    denied = right("1003", "COUNTY\\clerk.one", allows=False)
    found = exchange(folder(Access("o", True, (denied, *from_above(TEAM, CLERK)))), None)
    assert found.denied == (denied,)
    assert found.gain == ()  # the clerk is named once, among the denied


def test_who_may_open_the_folder_above_alone_would_gain() -> None:
    found = exchange(folder(Access("o", False, (PANEL,))), None)
    assert found.gain == (TEAM, CLERK)
    assert found.lose == (PANEL,)


def test_nobody_from_above_gains_where_the_row_says_who_sees_it() -> None:
    own = folder(Access("o", False, (PANEL,)))
    assert exchange(own, home("Panel", "Restricted list")).gain == ()
    assert exchange(own, home("Panel", "Whole team")).gain == (TEAM, CLERK)
    assert exchange(own, home("", "Restricted list")).gain == (TEAM, CLERK)


def test_everybody_who_comes_in_by_a_group_of_everyone_would_lose() -> None:
    found = exchange(folder(Access("o", True, (EVERYONE, *from_above(TEAM, CLERK)))), None)
    assert (found.broad, found.lose) == ((EVERYONE,), ())


def test_a_folder_that_stays_changes_for_nobody() -> None:
    denied = right("1003", allows=False)
    found = exchange(folder(Access("o", False, (denied, PANEL))), home("Panel", moves=False))
    assert (found.denied, found.gain, found.lose, found.broad) == ((), (), (), ())


def test_servers_own_accounts_and_orphans_neither_gain_nor_lose() -> None:
    system, orphan = right("S-1-5-18", "SYSTEM"), right("1099")
    above = Access("o", False, (TEAM, system, orphan))
    found = exchange(folder(Access("o", False, (PANEL, orphan)), above), None)
    assert found.gain == (TEAM,)
    assert (found.lose, found.orphans) == ((PANEL,), (orphan,))


def test_at_the_top_every_entry_counts_as_its_own() -> None:
    found = exchange(folder(Access("o", True, from_above(TEAM, EVERYONE)), None, ""), None)
    assert [each.name for each in found.lose] == ["COUNTY\\Team"]
    assert [each.name for each in found.broad] == ["Everyone"]


def test_deny_entries_come_first(ledger: Ledger) -> None:
    who, *_ = read(ledger, {
        "": TOP, "Alpha": Access("o", False, (PANEL,)),
        "Zulu": Access("o", True, (right("1003", "COUNTY\\clerk.one", allows=False), *from_above(TEAM, CLERK))),
    })  # fmt: skip
    (grid,) = who.grids
    assert [row[1] for row in grid.rows] == ["Zulu", "Alpha", "the top folder"]
    assert "Denied now: COUNTY\\clerk.one (change)." in grid.rows[0][4]
    assert "COUNTY\\Team" in str(grid.rows[1][4])
    assert "1 folder or file has deny entries" in who.sentences[0]


def test_a_row_says_what_a_folder_is_held_against(ledger: Ledger) -> None:
    own = Access("o", False, (PANEL,))
    access = {"": TOP, "A": own, "A/Deep": own, "B": Access("o", True, (PANEL,)), "C": own}
    who, *_ = read(ledger, access, (home("A", "Partner"), home("B", moves=False)))
    rows = {row[1]: row for row in who.grids[0].rows}
    assert rows["A"][2] == rows["A/Deep"][2] == "Partner in Roads > Documents"
    assert "The partner's people." in str(rows["A"][4])
    assert rows["B"][2] == "stays: Leave as read-only archive"
    assert rows["C"][2] == "in no row yet: the members of its new library"


def test_inherited_folders_are_not_listed(ledger: Ledger) -> None:
    who, *_ = read(ledger, {"": TOP, "A": Access("o", True, from_above(TEAM, CLERK))})
    assert [row[1] for row in who.grids[0].rows] == ["the top folder"]


def test_what_was_not_read_is_never_said_to_be_none(ledger: Ledger) -> None:
    source = inventory.by_id(ledger, scanned(ledger, "Share", {"A": [File("a.txt")]}))
    (topic,) = permissions.permissions([gather(ledger, source)], {}, PlainNames())
    assert "Share: permissions were not read. Nothing is known" in words(topic)
    assert not topic.grids
    assert "0 folders" not in words(topic)


def test_what_was_read_in_part_says_so_first(ledger: Ledger) -> None:
    source = scanned(ledger, "Share", {"A": [File("a.txt")], "B": []}, access={"": TOP})
    figures = gather(ledger, inventory.by_id(ledger, source))
    who, *_ = permissions.permissions([figures], {}, PlainNames())
    assert who.sentences[0].startswith("Share: permissions were read of 1 of 3 folders only.")


def test_orphans_and_groups_of_everyone_are_counted(ledger: Ledger) -> None:
    orphan = right("1099")
    own = Access("o", True, (orphan, EVERYONE, *from_above(TEAM)))
    _, accounts, _ = read(ledger, {"": TOP, "A": own, "B": own, "C": Access("o", True, from_above(orphan, TEAM))})
    rows = {row[0]: row[1:] for row in accounts.grids[0].rows}
    assert rows[orphan.who] == ("does not resolve: an orphan", 2, 0, "change")
    assert rows["Everyone"] == ("group of everyone", 2, 0, "read")
    assert "1 group of everyone and 1 account" in accounts.sentences[0]


def test_folders_with_permissions_of_their_own_are_held_against_the_limits_of_a_library(ledger: Ledger) -> None:
    source = inventory.by_id(ledger, scanned(ledger, "Share", {}))
    known = gather(ledger, source)
    for number, says in ((5_000, "within"), (5_001, "above the 5,000"), (50_001, "above the 50,000")):
        own = tuple(OwnAccess(n, f"A/{n}", Access("o", False, (PANEL,)), TOP) for n in range(number))
        access = AccessFigures(number, number, own)
        figures = Figures(source, [], [], [], [], known.duplicates, {}, access)
        *_, scopes = permissions.permissions([figures], {source.id: (home("A"),)}, PlainNames())
        ((library, counted, against),) = scopes.grids[0].rows
        assert (library, counted) == ("Roads > Documents", number)
        assert str(against).startswith(says)


def test_files_with_permissions_of_their_own_stand_beside_folders(ledger: Ledger) -> None:
    denied = Access("o", True, (right("1003", "COUNTY\\clerk.one", allows=False), *from_above(TEAM, CLERK)))
    access = {"": TOP, "A": Access("o", True, from_above(TEAM, CLERK)), "A/B": denied}
    source = scanned(ledger, "Share", {"A": [File("a.txt"), File("b.txt")], "A/B": []}, access=access)
    ledger.execute("UPDATE item SET access_id = (SELECT access_id FROM folder WHERE path='A/B') WHERE name='b.txt'")
    ledger.execute("UPDATE scan SET access='files'")
    who, _, scopes = permissions.permissions(
        [gather(ledger, inventory.by_id(ledger, source))], {source: [home("A")]}, PlainNames()
    )
    assert [row[1] for row in who.grids[0].rows] == ["A/B", "A/b.txt", "the top folder"]
    assert who.grids[0].rows[1][2] == "Whole team in Roads > Documents"
    assert scopes.grids[0].rows[0][:2] == ("Roads > Documents", 2)


def test_where_a_row_begins_everybody_who_may_open_it_now_is_held_against_it() -> None:
    inherited = folder(Access("o", True, from_above(right("1004", "COUNTY\\temp", allows=False), TEAM, EVERYONE)))
    found = exchange(inherited, home("Panel", "Restricted list"))
    assert [each.name for each in (*found.denied, *found.lose, *found.broad)] == [
        "COUNTY\\temp", "COUNTY\\Team", "Everyone",
    ]  # fmt: skip
    deeper = exchange(inherited, home("", "Restricted list"))
    assert (deeper.denied, deeper.lose, deeper.broad) == ((), (), ())


def test_the_folder_of_a_row_is_listed_though_it_inherits_and_needs_no_permissions_of_its_own(ledger: Ledger) -> None:
    access = {"": TOP, "A": Access("o", True, from_above(TEAM, CLERK)), "B": Access("o", True, from_above(TEAM))}
    source = scanned(ledger, "Share", {"A": [File("a.txt")], "B": []}, access=access)
    ledger.execute(
        "INSERT INTO sheet(id, source_id, scan_id, version, issue_key, file, owner, state, issued, basis)"
        " VALUES('S-0001', ?, 1, 1, 'k', 'f', 'roads.lead', 'RETURNED', '', '{}')",
        (source,),
    )
    decided = {"decision": "Move", "who": "Restricted list", "home": {"site": "/sites/x", "library": "Cases"}}
    ledger.execute(
        "INSERT INTO mapping_row(row_id, sheet_id, position, folder_id, scope, identity, decision)"
        " SELECT 'M-1', 'S-0001', 1, id, 'tree', ?, ? FROM folder WHERE path='A'",
        (RowIdentity().as_text(), json.dumps({"meaning": decided, "remarks": {"home label": "Roads > Cases"}})),
    )
    figures = gather(ledger, inventory.by_id(ledger, source))
    who, _, scopes = permissions.permissions([figures], homes(ledger), PlainNames())
    rows = {row[1]: row for row in who.grids[0].rows}
    assert set(rows) == {"the top folder", "A"}
    assert rows["A"][2] == "Restricted list in Roads > Cases"
    assert "COUNTY\\Team (change), COUNTY\\clerk.one (change)" in str(rows["A"][5])
    assert scopes.grids[0].rows == ()
