"""Answers for the service desk: each state in plain words, redacted by role, from look-ups that read little."""

import json
from pathlib import Path

import pytest

from spmigrate.model import Decision
from spmigrate.report.old_path import words_in
from spmigrate.report.where_is import DECIDED, Role, State
from spmigrate.store.signoffs import Act
from spmigrate.store.where_is_index import WordIndex
from tests.unit.report.office_case import Office


def test_a_folder_that_moved_is_at_its_new_home_since_a_day_with_a_wave(office: Office) -> None:
    path = office.path_of(1, 3)
    answer = office.ask(f"G:/{path}")
    assert answer.state is State.MOVED
    assert answer.now == f"Asset Management > Documents > {' > '.join(path.split('/'))}"
    assert answer.address.startswith("https://council.sharepoint.example/sites/t-a3w9c/Shared%20Documents/")
    assert (answer.since, answer.wave, answer.owner) == ("16 October 2026", "Wave 1", "Head of Highways Maintenance")
    assert answer.was == "\\\\fs01\\Directorate01\\" + path.replace("/", "\\")


def test_a_file_is_found_in_other_capitals_and_by_its_own_name(office: Office) -> None:
    file = office.file_of(office.path_of(1, 3), 1)
    answer = office.ask(f'"\\\\FS01\\directorate01\\{file.upper()}"')
    assert answer.state is State.MOVED
    assert answer.now.endswith(file.rpartition("/")[2])
    assert answer.address.endswith(".pdf") or "." in answer.address.rpartition("/")[2]


def test_a_file_that_had_to_be_renamed_is_told_by_its_new_name(office: Office) -> None:
    file = office.file_of(office.path_of(1, 3), 1)
    office.change("UPDATE transfer SET target_name='CON_' WHERE item_id IN (SELECT i.id FROM item i JOIN folder f"
                  " ON f.id=i.folder_id WHERE f.source_id=1 AND f.path || '/' || i.name = ?)", file)  # fmt: skip
    answer = office.ask(f"G:/{file}", Role.INFORMATION_GOVERNANCE)
    assert answer.now.endswith(" > CON_") and " > CON_, since" in answer.sentence
    assert answer.was.endswith(file.rpartition("/")[2]) and answer.address.endswith("/CON_")


def test_of_two_names_alike_but_for_capitals_the_present_one_is_meant(office: Office) -> None:
    path = office.path_of(1, 3)
    name = office.file_of(path, 1).rpartition("/")[2]
    office.change("INSERT INTO item(source_id, folder_id, name, kind, size, modified_ns, scan_id, gone_scan)"
                  " SELECT source_id, folder_id, upper(name), kind, size, modified_ns, scan_id, scan_id FROM item"
                  " WHERE name=? AND folder_id=(SELECT id FROM folder WHERE source_id=1 AND path=?)",
                  name, path)  # fmt: skip
    (found,) = office.look(f"G:/{path}/{name.swapcase()}").places
    assert (found.name, found.gone) == (name, False)


def test_a_folder_without_files_of_its_own_is_where_those_below_it_are(office: Office) -> None:
    path = office.path_of(1, 2)
    office.change("DELETE FROM transfer WHERE item_id IN (SELECT i.id FROM item i JOIN folder f ON f.id=i.folder_id"
                  " WHERE f.source_id=1 AND f.path=?)", path)  # fmt: skip
    assert office.ask(f"G:/{path}").now == f"Asset Management > Documents > {' > '.join(path.split('/'))}"


def test_what_a_rule_left_behind_names_the_rule(office: Office) -> None:
    file = office.file_of(office.path_of(1, 3), 1, moved=False)
    answer = office.ask(f"G:/{file}")
    assert answer.state is State.LEFT_BEHIND
    assert "It was left behind by rule TEMPORARY: A temporary file." in answer.sentence


@pytest.mark.parametrize(
    ("outcome", "state", "said"),
    [("routed", State.OTHER_SYSTEM, "It belongs in another system"),
     ("failed", State.FAILED, "Wave 1 could not move it"),
     ("vanished", State.GONE, "gone from its old place when Wave 1 ran")],
)  # fmt: skip
def test_every_other_outcome_has_its_words(office: Office, outcome: str, state: State, said: str) -> None:
    office.change("UPDATE transfer SET outcome=? WHERE outcome='skipped'", outcome)
    answer = office.ask(f"G:/{office.file_of(office.path_of(1, 3), 1, moved=False)}")
    assert answer.state is state
    assert said in answer.sentence


def test_what_has_not_moved_says_where_it_goes_and_with_which_wave(office: Office) -> None:
    path = office.path_of(2, 3)
    assert office.ask(f"H:/{path}").sentence == (
        "This folder has not moved yet: it goes to Asset Management > Documents, and no wave is planned for it."
    )
    office.change("INSERT INTO wave(id, name, state, created, tenant) VALUES(2,'Autumn','planned','2026-11-01','c')")
    office.change("INSERT INTO wave_row(wave_id,row_id,signoff_id,digest,scan_id,root)"
                  " SELECT 2, row_id, 1, '', 2, '' FROM mapping_row WHERE sheet_id='S-0002'")  # fmt: skip
    answer = office.ask(f"H:/{path}")
    assert answer.sentence.endswith("with wave Autumn, which is planned.")
    assert answer.wave == "Autumn"


@pytest.mark.parametrize(
    ("decision", "state"),
    [(Decision.ARCHIVE, State.ARCHIVE), (Decision.BUSINESS_SYSTEM, State.OTHER_SYSTEM),
     (Decision.NOT_OURS, State.NOT_OURS), (Decision.DONT_KNOW, State.UNDECIDED)],
)  # fmt: skip
def test_every_decision_has_its_words(office: Office, decision: Decision, state: State) -> None:
    office.decide(2, decision=decision.value)
    answer = office.ask(f"H:/{office.path_of(2, 3)}")
    assert answer.state is state
    assert ("read-only archive" in answer.sentence) == (state is State.ARCHIVE)
    assert set(DECIDED) == {*(each.value for each in Decision), ""}


def test_a_decision_that_nobody_signed_says_so(office: Office) -> None:
    asked = f"H:/{office.path_of(2, 3)}"
    soft = "That is not signed yet."
    office.decide(2, decision=Decision.ARCHIVE.value)
    assert office.ask(asked).sentence.endswith(soft)
    office.sign(2)
    assert not office.ask(asked).sentence.endswith(soft)
    office.decide(2, decision=Decision.NOT_OURS.value)
    assert office.ask(asked).sentence.endswith(soft), "the answers that were signed are others"
    office.sign(2)
    office.sign(2, act=Act.WITHDRAWN)
    assert office.ask(asked).sentence.endswith(soft)


def test_a_finding_of_the_scan_says_what_will_stay(office: Office) -> None:
    file = office.file_of(office.path_of(2, 3), 2)
    office.change("INSERT INTO finding(scan_id, code, severity, folder_id, item_id, treatment, message)"
                  " SELECT 2, 'TEMPORARY', 'low', folder_id, id, 'skip', 'A temporary file.' FROM item"
                  " WHERE name=? AND source_id=2", file.rpartition("/")[2])  # fmt: skip
    answer = office.ask(f"H:/{file}")
    assert (answer.state, "will be left behind by rule TEMPORARY" in answer.sentence) == (State.LEFT_BEHIND, True)


def test_gone_and_unseen_folders_and_those_in_no_sheet(office: Office) -> None:
    path = office.path_of(2, 3)
    office.change("UPDATE folder SET state='unseen', reason='permission denied' WHERE source_id=2 AND path=?", path)
    assert "permission denied" in office.ask(f"H:/{path}").sentence
    office.change("UPDATE folder SET gone_scan=2 WHERE source_id=2 AND path=?", path)
    assert office.ask(f"H:/{path}").state is State.GONE
    office.change("DELETE FROM mapping_row WHERE sheet_id='S-0002'")
    other = office.ask(f"H:/{office.path_of(2, 3, 1)}")
    assert (other.state, other.more) == (State.UNDECIDED, ("Ask the Migration lead who decides about it.",))


def test_a_folder_whose_rows_go_different_ways_lists_them(office: Office) -> None:
    answer = office.ask(f"H:/{office.path_of(2, 1)}")
    assert answer.state is State.SPLIT
    assert len(answer.more) == 3
    assert answer.owner == "Head of Highways Maintenance"


@pytest.mark.parametrize("sensitive", ["Personal", "Special category or criminal", "I don't know", ""])
def test_the_desk_sees_codes_for_files_that_may_be_about_people(office: Office, sensitive: str) -> None:
    office.decide(1, sensitive=sensitive)
    file = office.file_of(office.path_of(1, 3), 1)
    name = file.rpartition("/")[2]
    shown = office.ask(f"G:/{file}")
    assert name not in json.dumps(shown.as_json())
    assert not shown.address.endswith(name.replace(" ", "%20"))
    assert shown.was.rpartition("\\")[2].startswith("file ")
    assert shown == office.ask(f"G:/{file}")
    whole = office.ask(f"G:/{file}", Role.INFORMATION_GOVERNANCE)
    assert whole.was.endswith(name)
    assert office.ask(f"G:/{office.path_of(1, 3)}").now


def test_words_find_folders_first_and_then_files(office: Office) -> None:
    path = office.path_of(1, 3)
    name = path.rpartition("/")[2]
    found = office.look(name.lower())
    assert any(place.path == path for place in found.places)
    assert all(place.name is None for place in found.places[:1])
    file = office.file_of(path, 1).rpartition("/")[2]
    by_file = office.look(file.replace(".", " "))
    assert by_file.places[0].name == file


def test_words_of_the_path_and_the_beginning_of_the_last_word_do(office: Office) -> None:
    path = office.path_of(1, 3)
    first, *_, last = path.split("/")
    found = office.look(f"{last} {first}")
    assert path in {place.path for place in found.places}
    begun = office.look(last.split()[0][:-1])
    assert path in {place.path for place in begun.places}


def test_an_index_that_lags_finds_less_and_nothing_wrong(office: Office) -> None:
    path = office.path_of(1, 3)
    office.change("UPDATE folder SET path='Else/x', raw=CAST('Else/x' AS BLOB) WHERE source_id=1 AND path=?", path)
    assert all(place.path != "Else/x" for place in office.look(path.rpartition("/")[2]).places)
    office.change("INSERT INTO folder(source_id, parent_id, path, raw, state, scan_id)"
                  " VALUES(1, 1, 'Brandnew', CAST('Brandnew' AS BLOB), 'seen', 1)")  # fmt: skip
    assert "not in the index yet" in office.look("brandne").gaps[0]
    office.index.fill(office.path)
    found = office.look("brandne")
    assert ([place.path for place in found.places], found.gaps) == (["Brandnew"], ())


def test_an_index_that_lags_by_files_alone_is_told_of(office: Office) -> None:
    office.change("INSERT INTO item(source_id, folder_id, scan_id, name, kind, size, modified_ns)"
                  " VALUES(1, 1, 1, 'Brandnew.docx', 'file', 1, 1)")  # fmt: skip
    assert office.look("brandne").gaps == ("the newest files are not in the index yet: run spmigrate where-is index",)
    office.index.fill(office.path)
    assert office.look("brandne").gaps == ()


def test_an_index_that_was_stopped_goes_on_behind_its_last_step(office: Office, tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stop

    index = WordIndex(tmp_path / "other.db", write=True)
    with pytest.raises(Stop):
        index.fill(office.path, told=stop)
    folders = office.ledger.one("SELECT max(id) FROM folder")
    items = office.ledger.one("SELECT max(id) FROM item")
    assert folders is not None
    assert items is not None
    assert index.marks() == {"folder": folders[0], "item": 0}
    assert index.fill(office.path) == {"folder": 0, "item": items[0]}
    assert index.fill(office.path) == {"folder": 0, "item": 0}
    name = words_in(office.path_of(1, 3).rpartition("/")[2])
    assert index.folders(name, most=9) == office.index.folders(name, most=9) != []
    index.close()


def test_an_index_that_is_stopped_within_a_step_says_so_and_takes_nothing_back(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    index = WordIndex(tmp_path / "other.db", write=True)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(index, "put_note", stop)
        index.fill(office.path)
    assert index.marks() == {"folder": 0, "item": 0}
    assert all(index.fill(office.path).values())
    index.close()


def test_nothing_found_says_what_could_not_be_looked_at(office: Office) -> None:
    assert office.look("H:/no such folder").gaps == ()
    assert "does not say what the drive Z: is" in office.look("Z:/x").gaps[0]
    assert office.look(r"\\fs09\x").gaps == ("no source that was scanned lies there",)
    assert "run spmigrate where-is index" in office.look("no such", index=False).gaps[-1]
    office.change("UPDATE scan SET state='incomplete' WHERE id=2")
    assert "Directorate 02 was not scanned wholly (incomplete)" in office.look("H:/no such folder").gaps[0]
    office.change("UPDATE scan SET digest='d', unseen=0 WHERE id=2")
    assert not office.look("H:/no such folder").gaps, "every name was seen, if not every access list"
    office.change("UPDATE scan SET unseen=1 WHERE id=2")
    assert office.look("H:/no such folder").gaps
    assert office.look("G:/no such folder").gaps == ()


def test_exact_answers_read_through_indexes_alone(office: Office) -> None:
    """No question of an exact look-up may read a whole table: on 25 million items that is no answer."""
    asked: list[str] = []
    office.ledger._home._db.set_trace_callback(asked.append)  # what SQLite itself runs
    office.ask(f"G:/{office.file_of(office.path_of(1, 3), 1)}")
    office.ask(f"H:/{office.path_of(2, 3)}")
    office.ledger._home._db.set_trace_callback(None)
    assert asked
    for sql in asked:
        for row in office.ledger.rows(f"EXPLAIN QUERY PLAN {sql}"):
            verb, _, table = row["detail"].partition(" ")
            assert verb != "SCAN" or table.split()[0] in ("s", "w", "u", "up", "json_each", "CONSTANT"), sql


def test_the_size_of_the_index_has_what_its_log_still_holds(office: Office) -> None:
    assert office.index.size() > office.index.path.stat().st_size
