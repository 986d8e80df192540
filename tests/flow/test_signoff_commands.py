"""Countersign, lock, gate, withdraw and evidence from the command line; the pack is checked in an empty folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Finished
from tests.registers import GOVERNANCE, LEAD, OWNER, today, write_registers
from tests.unit.mapping.desk_case import ARCHIVE, Desk

Run = Callable[..., Finished]
RECORD = ("--approval-record", "CHG-7")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working folder with a sheet that came back: three folders move, one stays as an archive."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("site_templates", "mappings"):
        shutil.copytree(ROOT / name, folder / name)
    write_registers(folder / "governance_rules")
    (folder / "spmigrate.yaml").write_text("version: 1\ntenant:\n  rehearsal: ../tenant\n")
    (tmp_path / "desk").mkdir()
    desk = Desk.open(tmp_path / "desk")
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    desk.ledger.close()
    shutil.copy(tmp_path / "desk" / "ledger.db", folder / "ledger.db")
    return folder


def test_from_signature_to_evidence(work: Path, tmp_path: Path, spmigrate: Run) -> None:
    def act(verb: str, role: str, *more: str) -> Finished:
        return spmigrate("mapping", verb, "S-0001", "--signer", role, *more, "--json", cwd=work)

    empty = spmigrate("mapping", "evidence", "S-0001", "--out", "pack.zip", cwd=work)
    assert (empty.code, "nothing was signed on S-0001 yet" in empty.stderr) == (1, True)
    nothing = spmigrate("mapping", "verify", cwd=work)
    assert (nothing.code, "there is nothing to verify" in nothing.stdout) == (4, True)
    assert act("lock", LEAD, *RECORD, "--on", today()).code == 0
    (sheet,) = spmigrate("mapping", "status", "--json", cwd=work).json["sheets"]
    signed = act("sign", OWNER, *RECORD, "--digest", sheet["digest"])
    assert (signed.code, signed.json["state"], signed.json["signoff"]["level"]) == (0, "OWNER-SIGNED", 3)
    own = act("countersign", OWNER, *RECORD, "--digest", signed.json["countersign"])
    assert own.code == 1 and "may not act as information governance" in own.stderr
    refused = spmigrate("wave", "plan", "pilot", cwd=work)
    assert refused.code == 1 and "not countersigned by information governance" in refused.stderr
    seen = act("countersign", GOVERNANCE, "--approval-record", "CHG-8", "--digest", signed.json["countersign"][:12])
    assert (seen.code, seen.json["state"], len(seen.json["signoff"]["rows"])) == (0, "COUNTERSIGNED", 1)
    locked = act("lock", LEAD, *RECORD)
    assert (locked.code, locked.json["state"]) == (0, "LOCKED")

    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 0
    gate = spmigrate("mapping", "gate", "pilot", "--json", cwd=work)
    assert (gate.code, gate.json["may_move"], {row["turn"] for row in gate.json["rows"]}) == (0, True, {"may move"})
    told = {row["path"]: (row["answer"], row["may_move"]) for row in gate.json["rows"]}
    assert told.pop("Surveys") == ("stays", False) and set(told.values()) == {("yes", True)}
    row = gate.json["rows"][0]["row"]
    act("withdraw", OWNER, "--reason", "A case is open.", "--row", row)
    stopped = spmigrate("mapping", "gate", "pilot", cwd=work)
    assert stopped.code == 3 and "A case is open." in stopped.stdout
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 1

    assert spmigrate("mapping", "verify", "--head", work / "head.txt", cwd=work).code == 0
    pack = spmigrate("mapping", "evidence", "S-0001", "--out", "pack.zip", cwd=work)
    assert pack.code == 0, pack.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("pack.zip", "head.txt"):
        shutil.move(work / name, elsewhere / name)
    whole = spmigrate("mapping", "verify", "pack.zip", "--expect", "head.txt", cwd=elsewhere)
    assert whole.code == 0 and "The chain of 5 entries holds" in whole.stdout, whole.stderr
    assert "not a qualified electronic signature" in whole.stderr
    assert sorted(path.name for path in elsewhere.iterdir()) == ["head.txt", "pack.zip"], "no ledger was made"
    other = spmigrate("mapping", "verify", "pack.zip", "--expect", "f" * 64, cwd=elsewhere)
    assert other.code == 3 and "is not in this chain" in other.stdout
    raw = bytearray((elsewhere / "pack.zip").read_bytes())
    raw[len(raw) // 2] ^= 1
    (elsewhere / "pack.zip").write_bytes(raw)
    assert spmigrate("mapping", "verify", "pack.zip", cwd=elsewhere).code == 3


def test_gate_of_a_wave_that_nobody_planned_says_which_there_are(work: Path, spmigrate: Run) -> None:
    missing = spmigrate("mapping", "gate", "pilot", cwd=work)
    assert missing.code == 2 and "there is no wave 'pilot'" in missing.stderr


def test_status_says_what_is_typed_next_at_every_turn(work: Path, spmigrate: Run) -> None:
    def status() -> Finished:
        return spmigrate("mapping", "status", cwd=work)

    def act(verb: str, role: str, *more: str) -> Finished:
        return spmigrate("mapping", verb, "S-0001", "--signer", role, *more, cwd=work)

    digest = spmigrate("mapping", "status", "--json", cwd=work).json["sheets"][0]["digest"]
    typed = f"spmigrate mapping sign S-0001 --digest {digest[:12]} --signer '{OWNER}' --approval-record REF"
    assert f"next: have {OWNER} approve what mapping collect shows, with this digest; then: {typed}" in status().stderr
    assert act("sign", OWNER, *RECORD, "--digest", digest).code == 0
    early = status()
    assert "3 rows to lock, not before" in early.stdout and "until then the owner may change their mind" in early.stdout
    assert "next: spmigrate mapping countersign" in early.stderr and "then: spmigrate mapping lock" in early.stderr
    announced = act("lock", LEAD, *RECORD, "--on", today())
    assert "Announced by" in announced.stdout and "0 rows" not in announced.stdout
    assert "4 rows signed before: not before" in announced.stdout and "Withdraw and sign them again" in announced.stdout
    refused = act("lock", LEAD, *RECORD)
    assert refused.code == 1 and "or withdraw, announce a day with --on, and have it signed again" in refused.stderr
    assert act("withdraw", OWNER, "--reason", "Another lock day is meant.").code == 0
    (sheet,) = spmigrate("mapping", "status", "--json", cwd=work).json["sheets"]
    assert sheet["digest"] != digest, "the other day is signed, too"
    assert act("sign", OWNER, "--approval-record", "CHG-8", "--digest", sheet["digest"]).code == 0
    assert "next: spmigrate mapping lock S-0001" in status().stderr
    assert "signed before" not in act("lock", LEAD, *RECORD, "--on", today()).stdout
