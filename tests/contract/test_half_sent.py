"""Large files by the session route: what a crash, a lost session or an edit in the middle of one leaves behind."""

import hashlib
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.errors import Unavailable
from spmigrate.model import Outcome
from spmigrate.quickxor import quickxor
from spmigrate.sealed import FileSealed
from spmigrate.store import half_sent
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import transfer
from spmigrate.tenant.transfer import FRAGMENT, FRAGMENT_UNIT
from tests.contract.route_case import Case
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import write
from tests.tenant_tree import new_site, session, tree, working_folder

_NUMBERS = itertools.count(1)
CONTENT = bytes(range(256)) * (FRAGMENT * 5 // 2 // 256) + b"end"


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def case(rehearsal: RunningTenant, tmp_path: Path) -> Iterator[Case]:
    home = new_site(rehearsal, f"half-sent-{next(_NUMBERS)}")
    write(tmp_path / "share" / "a" / "large.bin", CONTENT)
    folder = working_folder(tmp_path / "work", rehearsal)
    with session(folder) as tenant, Ledger(tmp_path / "ledger.db") as ledger:
        made = Case(tmp_path, tenant, home, ledger, FileSealed(tmp_path / ".sealed"))
        made.plan()
        yield made


def kill_after_fragments(monkeypatch: pytest.MonkeyPatch, case: Case, count: int) -> None:
    """Run until so many fragments have been taken, and die."""
    send, taken = transfer._send_fragment, itertools.count(1)

    def dying(*arguments: Any, **options: Any) -> Any:
        if next(taken) > count:
            raise Killed
        return send(*arguments, **options)

    monkeypatch.setattr(transfer, "_send_fragment", dying)
    with pytest.raises(Killed):
        case.run()
    monkeypatch.undo()


def fragments(rehearsal: RunningTenant, since: int) -> list[str]:
    """What was asked of upload sessions: openings, fragments, looks and cancellings."""
    return [each["method"] for each in rehearsal.requests(since) if "uploadsession" in each["path"].lower()]


def arrived(case: Case, content: bytes = CONTENT) -> bool:
    leaf = tree(case.tenant, case.home)["a/large.bin"]
    return (leaf.size, leaf.quickxor, leaf.versions) == (len(content), quickxor(content), 1)


def test_fragments_are_multiples_of_what_the_service_takes() -> None:
    assert FRAGMENT % FRAGMENT_UNIT == 0 and FRAGMENT < 60 << 20


@pytest.mark.parametrize("sent", [1, 2])
def test_file_that_was_half_sent_goes_on_where_the_service_has_it(
    case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    kill_after_fragments(monkeypatch, case, sent)
    mark = rehearsal.mark()
    [moved] = case.run()
    assert fragments(rehearsal, mark) == ["GET", *["PUT"] * (3 - sent)]
    assert (moved.outcome, moved.copied_size) == (Outcome.COPIED, len(CONTENT))
    assert moved.sha256 == hashlib.sha256(CONTENT).hexdigest() and moved.quickxor == quickxor(CONTENT)
    assert arrived(case)


def test_address_is_sealed_while_the_file_is_on_its_way_and_erased_when_it_arrived(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_after_fragments(monkeypatch, case, 0)
    named = half_sent.named_secrets(case.ledger)
    assert named == set(case.sealed.ids()) and len(named) == 1
    [secret] = named
    kept = case.sealed.get(secret) or b""
    assert b"uploadSession" in kept
    seal = kept.partition(b"tempauth=")[2][:20]
    assert seal
    for file in case.folder.rglob("*"):
        assert not file.is_file() or seal not in file.read_bytes(), file
    case.run()
    assert half_sent.named_secrets(case.ledger) == set(case.sealed.ids()) == set()


def test_upload_that_the_service_has_forgotten_begins_anew(
    case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_after_fragments(monkeypatch, case, 2)
    [secret] = case.sealed.ids()
    transfer.cancel(case.tenant, json.loads(case.sealed.get(secret) or b"")[0])
    mark = rehearsal.mark()
    assert case.run()[0].outcome is Outcome.COPIED
    assert fragments(rehearsal, mark) == ["GET", "POST", "PUT", "PUT", "PUT"]
    assert arrived(case) and not case.sealed.ids()


def test_original_that_changed_meanwhile_is_sent_anew_and_the_old_upload_cancelled(
    case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_after_fragments(monkeypatch, case, 2)
    edited = CONTENT[::-1]
    write(case.share / "a" / "large.bin", edited, modified=1_450_000_000)
    mark = rehearsal.mark()
    [moved] = case.run()
    assert fragments(rehearsal, mark) == ["DELETE", "POST", "PUT", "PUT", "PUT"]
    assert moved.sha256 == hashlib.sha256(edited).hexdigest() and arrived(case, edited)


def test_sealed_address_that_was_altered_is_not_used(
    case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_after_fragments(monkeypatch, case, 1)
    [secret] = case.sealed.ids()
    file = case.folder / ".sealed" / secret
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    mark = rehearsal.mark()
    assert case.run()[0].outcome is Outcome.COPIED
    assert fragments(rehearsal, mark)[0] == "POST" and arrived(case)


def test_original_that_went_meanwhile_ends_its_upload(
    case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_after_fragments(monkeypatch, case, 1)
    (case.share / "a" / "large.bin").rename(case.share / "a" / "other.bin")
    mark = rehearsal.mark()
    assert case.run()[0].outcome is Outcome.VANISHED
    assert fragments(rehearsal, mark) == ["DELETE"] and not case.sealed.ids()
    assert half_sent.named_secrets(case.ledger) == set()


def test_answer_that_never_comes_leaves_the_upload_for_the_next_attempt(
    case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case.tenant.patience, "_sleep", lambda _: None)
    rehearsal.fault({"status": 503}, count=6, skip=1, method="PUT", path="/uploadSession")
    with pytest.raises(Unavailable, match="503"):
        case.run()
    mark = rehearsal.mark()
    assert case.run()[0].outcome is Outcome.COPIED
    assert fragments(rehearsal, mark) == ["GET", "PUT", "PUT"] and arrived(case)


def test_file_of_one_fragment_is_not_sealed(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    write(case.share / "a" / "large.bin", b"small")
    monkeypatch.setattr(FileSealed, "put", lambda *_: pytest.fail("nothing to go on with"))
    assert case.run()[0].outcome is Outcome.COPIED
