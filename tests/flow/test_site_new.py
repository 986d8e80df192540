"""`site new`, with and without a terminal."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT
from tests.rehearsal_fixtures import RunningTenant

Command = Callable[..., Any]
ANSWERS = """\
template: Team site
unit: HWT/HWM
business class: Transport and infrastructure
marking: OFFICIAL
answers:
  title: Winter Service
  purpose: Gritting, snow and the winter plan.
  owners: [structures.lead, highways.maintenance.head]
  hub: /sites/d-h7k2m
  function: /sites/f-m4q8r
"""
TYPED = (
    "Team site", "HWM", "New Winter Service", "Winter Service", "Gritting and snow.", "structures.lead",
    "structures.lead, highways.director",
    "", "", "1", "1", "maybe", "no", "Transport and infrastructure", "1", "yes",
)  # fmt: skip


@pytest.fixture
def work(rehearsal: RunningTenant, tmp_path: Path) -> Path:
    (tmp_path / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n", "utf-8")
    for name in ("site_templates", "governance_rules"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "answers.yaml").write_text(ANSWERS, "utf-8")
    return tmp_path


def new(spmigrate: Command, work: Path, *more: str, champion: str = "champion.highways") -> Any:
    return spmigrate("site", "new", "--champion", champion, "--answers", "answers.yaml", *more, cwd=work)


def test_answers_in_a_file_become_a_site_file_with_its_plan(work: Path, spmigrate: Command) -> None:
    done = new(spmigrate, work, "--yes")
    assert done.code == 0, done.stderr
    assert "“Winter Service”: a team site without group at /sites/t-" in done.stdout
    assert '+ site "Winter Service"' in done.stdout
    text = (work / "site_templates" / "sites" / "winter-service.yaml").read_text("utf-8")
    address = text.splitlines()[0].removeprefix("address: ")
    assert (
        f"  - address: {address}\n    title: Winter Service" in (work / "governance_rules" / "sites.yaml").read_text()
    )
    assert spmigrate("template", "lint", cwd=work).code == 0
    assert spmigrate("rule", "list", cwd=work).code == 0


def test_what_stands_in_the_way_and_an_owner_outside_the_register_are_told(work: Path, spmigrate: Command) -> None:
    (work / "answers.yaml").write_text(ANSWERS.replace("structures.lead,", "nobody.known,"), "utf-8")
    done = new(spmigrate, work, "--yes")
    assert done.code == 0, done.stderr
    assert "nobody in the directory signs in as nobody.known@" in done.stdout
    assert "next: correct " in done.stderr
    assert "not entered in the register of sites: " in done.stderr


def test_nothing_is_written_without_a_yes(work: Path, spmigrate: Command) -> None:
    done = new(spmigrate, work)
    assert done.code == 1
    assert not (work / "site_templates" / "sites" / "winter-service.yaml").exists()


def test_a_refusal_names_its_rule_and_is_kept(work: Path, spmigrate: Command) -> None:
    (work / "answers.yaml").write_text(ANSWERS.replace("HWT/HWM", "ASC"), "utf-8")
    done = new(spmigrate, work, "--yes", "--no-tenant")
    assert done.code == 1
    assert "answers.yaml:2:1: 'ASC' is not in the branch HWT of champion.highways" in done.stderr
    assert "[NEW-02]" in done.stderr
    with Ledger(work / "ledger.db") as ledger:
        kept = [tuple(row) for row in ledger.rows("SELECT site, subject, event FROM change WHERE plan='site new'")]
    assert kept == [("champion.highways", "NEW-02", "failed")]
    assert spmigrate("explain", "NEW-02", cwd=work).stdout.startswith(
        "NEW-02: A champion makes sites in their own branch."
    )


def test_an_address_that_is_taken_is_refused(work: Path, spmigrate: Command) -> None:
    (work / "answers.yaml").write_text(f"address: /sites/team\n{ANSWERS}", "utf-8")
    done = new(spmigrate, work, "--yes")
    assert done.code == 1
    assert "the address is taken by another site" in done.stderr
    assert "[NEW-04]" in done.stderr


def test_a_tenant_that_cannot_be_asked_is_told_and_is_no_pass(work: Path, spmigrate: Command) -> None:
    (work / "spmigrate.yaml").write_text("version: 1\ntenant: {rehearsal: nowhere}\n", "utf-8")
    done = new(spmigrate, work, "--yes")
    assert done.code == 5
    assert "could not be checked" in done.stdout


def test_whoever_is_no_champion_is_told_who_is(work: Path, spmigrate: Command) -> None:
    done = new(spmigrate, work, "--yes", champion="somebody")
    assert done.code == 1
    assert "[NEW-01]" in done.stderr
    assert spmigrate("site", "new", "--answers", "answers.yaml", cwd=work).code == 2


def test_a_champion_answers_at_a_terminal_and_each_answer_is_checked(work: Path) -> None:
    said = _typed(work, TYPED, "--no-tenant")
    assert "is written" in said
    assert "the title 'New Winter Service' says 'new'" in said
    assert "needs 2 entries at least, and has 1" in said
    assert "is answered by yes or no" in said
    assert "“Winter Service”: a team site without group" in said
    text = (work / "site_templates" / "sites" / "winter-service.yaml").read_text("utf-8")
    assert "owners: [structures.lead, highways.director]" in text
    assert "unit: HWT/HWM\n" in text


def test_people_who_are_not_in_the_directory_are_told_as_they_are_typed(work: Path) -> None:
    at = TYPED.index("structures.lead, highways.director")
    people = ("service.desk, no.such.role", "service.desk, migration.lead")
    said = _typed(work, (*TYPED[:at], *people, *TYPED[at + 1 :]))
    told = said.index("nobody in the directory signs in as no.such.role@contoso.onmicrosoft.com (correct")
    assert told < said.index("is written"), "before the next question"
    assert "owners: [service.desk, migration.lead]" in (
        work / "site_templates" / "sites" / "winter-service.yaml"
    ).read_text("utf-8")


def _typed(work: Path, lines: tuple[str, ...], *more: str) -> str:
    """What the wizard says to somebody who types these lines at a terminal."""
    here, there = pty.openpty()
    command = [sys.executable, "-m", "spmigrate", "site", "new", "--champion", "champion.highways", *more]
    with subprocess.Popen(
        command, cwd=work, stdin=there, stdout=there, stderr=there, close_fds=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"},
    ) as running:  # fmt: skip
        os.close(there)
        os.write(here, "".join(f"{line}\n" for line in lines).encode())
        said = _everything(here)
        running.kill()
    os.close(here)
    return said


def _everything(terminal: int) -> str:
    """What a program says on a terminal until it ends, or for half a minute."""
    said, end = b"", time.monotonic() + 30
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # the program has ended
            break
        if not part:
            break
        said += part
    return said.decode("utf-8", "replace")
