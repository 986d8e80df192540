"""`wave run --notify`: the start and the end are told, and no message that fails ever stops a wave."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spmigrate.model import Destination
from spmigrate.store.ledger import Ledger
from tests.conftest import Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.relay import relaying
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import new_site, working_folder
from tests.webhook_receiver import Receiver, receiving

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)


@pytest.fixture
def planned(tmp_path: Path, rehearsal: RunningTenant, spmigrate: Command) -> Path:
    """A working folder with a planned wave of three files."""
    work = working_folder(tmp_path / "work", rehearsal)
    home: Destination = new_site(rehearsal, f"notify-{next(_NUMBERS)}")
    for n in range(3):
        write(tmp_path / "share" / f"{n}.txt", b"x" * n)
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, tmp_path / "share", {"": (TIDY, home)})
    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 0
    return work


def texts(receiver: Receiver) -> list[list[str]]:
    """What arrived: the texts of each card."""
    found: list[list[str]] = []
    while not receiver.letters.empty():
        _, letter = receiver.letters.get()
        body: list[dict[str, Any]] = letter["attachments"][0]["content"]["body"]
        found.append(["".join(run["text"] for run in block["inlines"]) for block in body])
    return found


def test_start_and_end_are_told_with_the_account(
    planned: Path, spmigrate: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        monkeypatch.setenv("SPMIGRATE_WEBHOOK", f"{receiver.url}/flow?sig=s3cr3t")
        ran = spmigrate("wave", "run", "pilot", "--notify", cwd=planned)
        assert ran.code == 0, ran.stderr
        start, end = texts(receiver)
    assert start[0] == "Wave pilot has started"
    assert "Still to move: 3 files, 3 bytes" in start
    assert end[:2] == ["Wave pilot has stopped", "Everything has moved, or stays by decision."]
    assert {"At the source: 3 files, 3 bytes", "Copied: 3", "Failed: 0"} <= set(end)
    assert "s3cr3t" not in ran.stdout + ran.stderr


def test_an_error_is_told_as_the_reason(
    planned: Path, spmigrate: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "share").rename(tmp_path / "elsewhere")
    with receiving() as receiver:
        monkeypatch.setenv("SPMIGRATE_WEBHOOK", f"{receiver.url}/flow")
        ran = spmigrate("wave", "run", "pilot", "--notify", cwd=planned)
        assert ran.code == 1
        end = texts(receiver)[-1]
    assert end[0] == "Wave pilot has stopped"
    assert str(tmp_path / "share") in end[1]


def test_receivers_that_refuse_or_hang_stop_no_wave_and_are_told(
    planned: Path, spmigrate: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with relaying(tmp_path, recipient="550 no such mailbox") as relay, receiving() as receiver:
        settings = planned / "spmigrate.yaml"
        mail = f"{{relay: 127.0.0.1, port: {relay.port}, security: none, from: r@council.example, to: [l@x.example]}}"
        settings.write_text(f"{settings.read_text()}  notify: {{mail: {mail}}}\n")
        monkeypatch.setenv("SPMIGRATE_WEBHOOK", f"{receiver.url}/flow")
        ran = spmigrate("wave", "run", "pilot", "--notify", "--json", cwd=planned)
        told = [each[0] for each in texts(receiver)]
    assert (ran.code, ran.json["items"]["copied"]) == (0, 3)
    said = "nobody was told by mail to l@x.example that"
    assert f"{said} 'Wave pilot has started': the relay refused l@x.example" in ran.stderr
    assert f"{said} 'Wave pilot has stopped': the relay refused l@x.example" in ran.stderr
    assert told == ["Wave pilot has started", "Wave pilot has stopped"], "one way that fails keeps no other back"


def test_asking_without_anybody_to_tell_moves_nothing(planned: Path, spmigrate: Command) -> None:
    ran = spmigrate("wave", "run", "pilot", "--notify", cwd=planned)
    assert (ran.code, "nobody is named who could be told" in ran.stderr) == (1, True)
    assert spmigrate("wave", "status", "pilot", "--json", cwd=planned).json["open"]["items"] == 3
