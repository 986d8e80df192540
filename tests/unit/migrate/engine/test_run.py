"""Runs: files and jobs in flight, leases that are lost, control from outside, windows, stop conditions."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.config import MigrateSection, Weekday, WindowSection
from spmigrate.errors import SpmigrateError, Unavailable
from spmigrate.migrate.engine import Cancelled, Course, Stopped, Terms
from spmigrate.migrate.engine.hours import Hours
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.stopping import Counters, Room
from spmigrate.migrate.windows import Windows
from spmigrate.model import Outcome
from spmigrate.store import leases, wave_control, waves, workers
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.store.ledger import Ledger
from tests.unit.migrate.engine.engine_case import (
    AsJob,
    FileByFile,
    batch_states,
    done,
    everything,
    outcomes,
    run_of,
    wave_of,
)

EVENING = datetime(2026, 3, 4, 21, 59, 30, tzinfo=UTC).timestamp()
NIGHT = Windows.of(MigrateSection(windows=(WindowSection(days=(Weekday.WEDNESDAY,), from_="19:00", to="22:00"),)), None)


def at(moment: float) -> Hours:
    return Hours(NIGHT, now=lambda: moment)


def events(ledger: Ledger) -> list[tuple[str, str]]:
    return [(row["event"], row["note"]) for row in wave_control.events(ledger, waves.get(ledger, "pilot"))]


def test_run_moves_every_batch_and_says_why_it_ended(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=3)
    assert run_of(ledger, FileByFile()).go() == ""
    assert (outcomes(ledger), batch_states(ledger)) == ({"copied": 12}, ["done"] * 3)
    assert waves.get(ledger, "pilot").state == "moved"
    assert [event for event, _ in events(ledger)] == ["run began", "run ended"]


def test_intent_of_a_file_is_in_the_ledger_before_it_moves(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, files=8)
    states: list[str] = []

    def look(item: Transfer) -> Moved:
        row = ledger.one("SELECT state FROM transfer WHERE id = ?", (item.id,))
        assert row is not None
        states.append(row["state"])
        return done(item)

    run_of(ledger, FileByFile(look)).go()
    assert states == ["copying"] * 8


def test_several_jobs_are_in_flight_and_none_holds_a_thread_while_it_waits(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=4, route="package")
    route = AsJob([Later(0.4, "the service works"), everything])
    began = time.monotonic()
    run_of(ledger, route, workers=1).go()
    assert time.monotonic() - began < 1.5, "one thread, four jobs of 0.4 seconds: they wait at the same time"
    assert outcomes(ledger) == {"copied": 16}
    assert len({each[2] for each in route.calls}) == 1
    for batch_id in {each[0] for each in route.calls}:
        first, second = (each[1] for each in route.calls if each[0] == batch_id)
        assert second - first >= 0.4


def test_no_more_jobs_are_begun_than_the_settings_allow(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=4, route="package")
    route = AsJob([Later(0.3), everything])
    run_of(ledger, route, terms=Terms(workers=2, jobs=2)).go()
    assert len({each[0] for each in route.calls[:2]}) == 2
    third = next(each[1] for each in route.calls if each[0] == 3)
    assert third - route.calls[0][1] >= 0.3


def test_files_that_a_job_does_not_name_are_offered_to_it_again(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spmigrate.migrate.engine.run._PUT_OFF_SECONDS", 0.01)
    wave_of(tmp_path, ledger, route="package")
    route = AsJob([lambda transfers: everything(transfers[:3]), everything])
    run_of(ledger, route).go()
    assert (outcomes(ledger), len(route.calls)) == ({"copied": 4}, 2)
    row = ledger.one("SELECT count(*) FROM outcome_event WHERE event = 'returned'")
    assert row is not None and row[0] == 1


def test_job_that_never_names_a_file_fails_it_in_the_end(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spmigrate.migrate.engine.run._PUT_OFF_SECONDS", 0.01)
    wave_of(tmp_path, ledger, files=2, route="package")
    route = AsJob([lambda transfers: everything(transfers[1:])])
    run_of(ledger, route).go()
    assert outcomes(ledger) == {"copied": 1, "failed": 1}


def test_job_is_called_again_after_a_fault_that_passes(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spmigrate.migrate.engine.jobs._FIRST_PAUSE", 0.01)
    wave_of(tmp_path, ledger, route="package")
    left = [Unavailable("no answer"), Unavailable("no answer")]

    def picky(transfers: list[Transfer]) -> tuple[Moved, ...]:
        if left:
            raise left.pop()
        return everything(transfers)

    run_of(ledger, AsJob([picky])).go()  # type: ignore[list-item]  # a list is a sequence
    assert outcomes(ledger) == {"copied": 4}


def test_run_ends_when_a_job_is_put_off_again_and_again(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spmigrate.migrate.engine.jobs._FIRST_PAUSE", 0.001)
    wave_of(tmp_path, ledger, route="package")

    def never(_: object) -> tuple[Moved, ...]:
        raise Unavailable("no answer")

    monkeypatch.setattr("spmigrate.migrate.engine.jobs._LONGEST_PAUSE", 0.002)
    with pytest.raises(Unavailable, match="nothing is accepted any more: no answer"):
        run_of(ledger, AsJob([never])).go()
    assert batch_states(ledger) == ["queued"]


@pytest.mark.parametrize("away", [False, True])
def test_job_that_the_service_does_not_know_yet_is_held_back_by_a_pause(
    tmp_path: Path, ledger: Ledger, *, away: bool
) -> None:
    wave = wave_of(tmp_path, ledger, route="package")
    route = AsJob([Later(0.5), everything], away=away)
    thread = threading.Thread(target=run_of(ledger, route).go, daemon=True)
    thread.start()
    while not route.calls:
        time.sleep(0.01)
    wave_control.pause(ledger, wave)
    time.sleep(1.2)
    assert (len(route.calls), outcomes(ledger)) == ((2, {"copied": 4}) if away else (1, {"open": 4}))
    wave_control.go_on(ledger, wave)
    thread.join(20)
    assert outcomes(ledger) == {"copied": 4}


def test_lost_lease_drops_the_work_and_the_rest_goes_on(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=2)
    taken = threading.Event()

    def act(item: Transfer) -> Moved:
        if item.batch_id == 1 and not taken.is_set():
            taken.set()
            ledger.execute("UPDATE batch SET lease_token = 'somebody else' WHERE id = 1")
        return done(item)

    run = run_of(ledger, FileByFile(act))
    course_end = threading.Timer(2.0, run._course.stop.set)
    course_end.start()
    run.go()
    course_end.cancel()
    assert outcomes(ledger) == {"copied": 4, "open": 4}
    assert batch_states(ledger) == ["leased", "done"]


def test_batch_of_a_machine_that_died_is_taken_over_when_its_lease_has_run_out(tmp_path: Path, ledger: Ledger) -> None:
    wave = wave_of(tmp_path, ledger)
    assert leases.claim(ledger, wave, owner="a machine that died") is not None
    assert leases.claim(ledger, wave, owner="another") is None
    ledger.execute("UPDATE batch SET lease_until = ?", (ledger.moment() - 1,))
    route = FileByFile()

    class NotAlone:
        owner = "another"

        def begin(self) -> None:
            pass

        def next(self, routes: list[str], hour: leases.Hour) -> Batch | None:
            return leases.claim(ledger, wave, owner=self.owner, routes=routes, hour=hour)

        def due(self, routes: list[str]) -> float | None:
            return leases.next_due(ledger, wave, owner=self.owner, routes=routes)

    run_of(ledger, route, claims=NotAlone()).go()
    assert outcomes(ledger) == {"copied": 4}
    assert ("taken over", "batch 1 of a machine that died") in events(ledger)


def test_lease_is_renewed_while_a_file_takes_longer_than_it(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spmigrate.store.batches.LEASE_SECONDS", 0.5)
    monkeypatch.setattr("spmigrate.store.leases.LEASE_SECONDS", 0.5)
    monkeypatch.setattr("spmigrate.migrate.engine.run.RENEW_SECONDS", 0.1)
    wave = wave_of(tmp_path, ledger, files=1)
    stolen: list[Batch | None] = []

    def slow(item: Transfer) -> Moved:
        time.sleep(1.2)
        stolen.append(leases.claim(ledger, wave, owner="a thief"))
        return done(item)

    run_of(ledger, FileByFile(slow)).go()
    assert (outcomes(ledger), stolen) == ({"copied": 1}, [None])


def test_paused_wave_waits_and_goes_on(tmp_path: Path, ledger: Ledger) -> None:
    wave = wave_of(tmp_path, ledger, batches=6, files=6)
    route = FileByFile(lambda item: (time.sleep(0.03), done(item))[1])
    run = run_of(ledger, route)
    thread = threading.Thread(target=run.go)
    thread.start()
    while not route.moved:
        time.sleep(0.01)
    assert wave_control.pause(ledger, wave) > 0
    time.sleep(1.5)
    paused = len(route.moved)
    assert paused < 36
    assert set(batch_states(ledger)) <= {"held", "done"}
    assert waves.get(ledger, "pilot").state == "paused"
    time.sleep(0.3)
    assert (len(route.moved), workers.of_wave(ledger, wave)[0].lives) == (paused, True)
    wave_control.go_on(ledger, wave)
    thread.join(20)
    assert outcomes(ledger) == {"copied": 36}
    assert waves.get(ledger, "pilot").state == "moved"


def test_paused_wave_is_not_begun(tmp_path: Path, ledger: Ledger) -> None:
    wave = wave_of(tmp_path, ledger)
    with pytest.raises(SpmigrateError, match="has not begun"):
        wave_control.pause(ledger, wave)
    waves.set_state(ledger, wave, "running")
    wave_control.pause(ledger, wave)
    with pytest.raises(SpmigrateError, match="is paused"):
        run_of(ledger, FileByFile()).go()
    assert leases.claim(ledger, wave, owner="x") is None
    assert leases.claim_this(ledger, 1, owner="x") is None


NEVER, IN_HAND = ("CANCELLED", "never"), ("CANCELLED-IN-HAND", "in hand")


def test_cancelled_wave_balances_and_stays_cancelled(tmp_path: Path, ledger: Ledger) -> None:
    wave = wave_of(tmp_path, ledger, batches=6, files=6)
    route = FileByFile(lambda item: (time.sleep(0.03), done(item))[1])
    trouble: list[BaseException] = []

    def go() -> None:
        try:
            run_of(ledger, route).go()
        except Cancelled as error:
            trouble.append(error)

    thread = threading.Thread(target=go)
    thread.start()
    while not route.moved:
        time.sleep(0.01)
    wave_control.cancel(ledger, wave, never=NEVER, in_hand=IN_HAND)
    thread.join(20)
    assert len(trouble) == 1
    found = outcomes(ledger)
    assert set(found) == {"copied", "skipped"}
    assert found["copied"] == len(route.moved) < 36
    standing = waves.standing(ledger, waves.get(ledger, "pilot"))
    assert (standing.accounting.balances, standing.open.items) == (True, 0)
    assert waves.get(ledger, "pilot").state == "cancelled"
    waves.set_state(ledger, wave, "running")
    assert waves.get(ledger, "pilot").state == "cancelled"
    with pytest.raises(SpmigrateError, match="final"):
        run_of(ledger, FileByFile()).go()


def test_cancelling_says_of_a_file_that_was_on_its_way_that_it_may_have_arrived(tmp_path: Path, ledger: Ledger) -> None:
    wave = wave_of(tmp_path, ledger)
    waves.set_state(ledger, wave, "running")
    ledger.execute("UPDATE transfer SET state = 'copying' WHERE id = 2")
    assert wave_control.cancel(ledger, wave, never=NEVER, in_hand=IN_HAND).items == 4
    assert outcomes(ledger) == {"skipped": 3, "failed": 1}
    row = ledger.one("SELECT code FROM transfer WHERE id = 2")
    assert row is not None and row["code"] == "CANCELLED-IN-HAND"
    assert wave_control.cancel(ledger, wave, never=NEVER, in_hand=IN_HAND).items == 0


def test_stop_condition_ends_the_run_with_its_sentence(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=4)
    room = Counters(rooms=(Room("the disk", 5, 100),))
    with pytest.raises(Stopped, match=r"the disk has 5.0 % left"):
        run_of(ledger, FileByFile(), counters=lambda: room).go()
    assert outcomes(ledger)["open"] > 0
    assert ("stopped", "the disk has 5.0 % left, and 10 % is the least") in events(ledger)
    assert run_of(ledger, FileByFile()).go() == ""
    assert outcomes(ledger) == {"copied": 16}


def test_too_many_errors_stop_the_run(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spmigrate.migrate.stopping.FILES_LOOKED_AT", 10)
    wave_of(tmp_path, ledger, batches=4, files=20)
    with pytest.raises(Stopped, match="failed, and 2 % is the most"):
        run_of(ledger, FileByFile(lambda item: done(item, Outcome.FAILED))).go()
    assert outcomes(ledger)["open"] > 0


def test_batch_that_cannot_be_finished_in_its_window_does_not_begin(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=2)
    ledger.execute("UPDATE batch SET bytes = 100000000000 WHERE id = 1")
    route = FileByFile()
    terms = Terms(workers=2, hours=at(EVENING), end_with_window=True)
    assert run_of(ledger, route, terms=terms).go() == "the window shut"
    assert [batch.id for batch in route.opened] == [2], "thirty seconds are enough for four small files"
    assert batch_states(ledger) == ["queued", "done"]


def test_nothing_begins_outside_the_windows_and_the_run_waits(tmp_path: Path, ledger: Ledger) -> None:
    wave = wave_of(tmp_path, ledger)
    moment = [EVENING + 3600]
    hours = Hours(NIGHT, now=lambda: moment[0])
    route = FileByFile()
    thread = threading.Thread(target=run_of(ledger, route, terms=Terms(workers=2, hours=hours)).go)
    thread.start()
    time.sleep(1.0)
    assert route.moved == []
    assert "waiting for the window that opens Wednesday 11 March, 19:00" in workers.of_wave(ledger, wave)[0].doing
    moment[0] += 7 * 86400 - 3600 * 3
    thread.join(10)
    assert outcomes(ledger) == {"copied": 4}


def test_batch_that_no_window_could_hold_ends_the_run_with_a_remedy(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger)
    ledger.execute("UPDATE batch SET bytes = 100000000000000")
    with pytest.raises(SpmigrateError, match="no batch that is left") as raised:
        run_of(ledger, FileByFile(), terms=Terms(workers=2, hours=at(EVENING))).go()
    assert "--now" in str(raised.value.hint)


def test_gate_that_closes_gives_the_batch_back(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=2)

    def closed(batch: Batch) -> None:
        if batch.id == 2:
            raise SpmigrateError("row 2 may not move")

    with pytest.raises(SpmigrateError, match="row 2"):
        run_of(ledger, FileByFile(), may_move=closed).go()
    row = ledger.one("SELECT state, error FROM batch WHERE id = 2")
    assert row is not None
    assert tuple(row) == ("queued", "row 2 may not move")


def test_worker_says_what_it_does_and_how_fast(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spmigrate.migrate.engine.pulse.BEAT_SECONDS", 0.2)
    wave = wave_of(tmp_path, ledger, files=20)
    seen: list[workers.Worker] = []

    def act(item: Transfer) -> Moved:
        time.sleep(0.05)
        seen.extend(workers.of_wave(ledger, wave))
        return done(item)

    run_of(ledger, FileByFile(act)).go()
    said = [each for each in seen if each.lives and each.doing.startswith("sending")]
    assert said and said[0].threads == 2
    last = workers.of_wave(ledger, wave)[0]
    assert (last.ended, last.items, last.bytes, last.doing) == (True, 20, 20, "finished")


def test_signal_ends_a_run_after_what_is_in_hand(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=2, files=30)
    course = Course(threading.Event())

    def act(item: Transfer) -> Moved:
        course.stop.set()
        return done(item)

    assert run_of(ledger, FileByFile(act), course=course).go() == "interrupted"
    found = outcomes(ledger)
    assert found["copied"] + found["open"] == 60
    row = ledger.one("SELECT count(*) FROM transfer WHERE state = 'copying'")
    assert row is not None and row[0] == 0
    assert run_of(ledger, FileByFile()).go() == ""
    assert outcomes(ledger) == {"copied": 60}


def test_waiting_jobs_are_left_to_another_run_when_a_signal_comes(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, batches=2, route="package")
    course = Course(threading.Event())
    threading.Timer(0.5, course.stop.set).start()
    began = time.monotonic()
    assert run_of(ledger, AsJob([Later(600.0)]), course=course).go() == "interrupted"
    assert time.monotonic() - began < 5
    assert batch_states(ledger) == ["queued", "queued"]


def test_package_counts_as_one_piece_of_work_however_many_files_it_has(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, files=60, route="package")
    terms = Terms(workers=2, hours=at(EVENING - 2 * 3600), end_with_window=True)
    assert run_of(ledger, AsJob([everything]), terms=terms).go() == "", "two hours are enough for one job"
    assert outcomes(ledger) == {"copied": 60}


def test_package_that_no_window_could_hold_ends_the_run_with_a_remedy(tmp_path: Path, ledger: Ledger) -> None:
    wave_of(tmp_path, ledger, route="package")
    ledger.execute("UPDATE batch SET bytes = 40000000000")
    with pytest.raises(SpmigrateError, match="no batch that is left"):
        run_of(ledger, FileByFile(), AsJob([everything]), terms=Terms(workers=30, hours=at(EVENING))).go()


def test_batch_that_was_put_off_is_waited_for_while_its_window_is_open(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spmigrate.migrate.engine.run._PUT_OFF_SECONDS", 1.2)
    wave_of(tmp_path, ledger, route="package")
    route = AsJob([lambda transfers: everything(transfers[:3]), everything])
    terms = Terms(workers=2, hours=at(EVENING - 2 * 3600), end_with_window=True)
    assert run_of(ledger, route, terms=terms).go() == ""
    assert outcomes(ledger) == {"copied": 4}


def test_wave_that_goes_on_while_a_file_is_still_on_its_way_moves_to_its_end(tmp_path: Path, ledger: Ledger) -> None:
    wave = wave_of(tmp_path, ledger)
    paused = threading.Event()

    def act(item: Transfer) -> Moved:
        if not paused.is_set():
            paused.set()
            wave_control.pause(ledger, wave)
            time.sleep(1.2)
            wave_control.go_on(ledger, wave)
        return done(item)

    course = Course(threading.Event())
    thread = threading.Thread(target=run_of(ledger, FileByFile(act), course=course).go, daemon=True)
    thread.start()
    thread.join(6)
    course.stop.set()
    thread.join(6)
    assert outcomes(ledger) == {"copied": 4}
