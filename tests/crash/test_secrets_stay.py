"""Canaries: no upload address, no SAS, no key and no token is in anything that a wave leaves behind."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.sealed import FileSealed
from tests.crash.points import KILLED, Commands
from tests.crash.small_wave import HASTE, WAVE, SmallWave, make_share
from tests.rehearsal_fixtures import RunningTenant

# Everything secret that the process gets to know is written down here, beside the working folder.
_SPY = """
import json, os
from pathlib import Path
from spmigrate.sealed import FileSealed
from spmigrate.tenant.signin import SignIn

known, token, put = Path({known!r}), SignIn.token, FileSealed.put

def note(text):
    with known.open("a", encoding="utf-8") as file:
        file.write(json.dumps(text) + "\\n")

def spied_token(self, *asked, **named):
    found = token(self, *asked, **named)
    note(found)
    return found

def spied_put(self, value):
    note(value.decode("utf-8"))
    return put(self, value)

SignIn.token, FileSealed.put = spied_token, spied_put
os.environ["SPMIGRATE_LOG"] = {log!r}
"""


_SEALED = {"session": "after write store.half_sent.name_secret", "package": "after commit store.packages.put_files"}
"""Where a run is killed that has sealed something: it is named by then, and used."""


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as running:
        yield running


def texts(value: object) -> Iterator[str]:
    """Every text within a value."""
    if isinstance(value, str):
        yield value
        try:
            inner = json.loads(value)
        except ValueError:
            return
        if not isinstance(inner, str | int | float | None):
            yield from texts(inner)
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def canaries(known: Path, rehearsal: RunningTenant) -> set[bytes]:
    """What must not be found: secrets whole, the keys within addresses, keys of packages as bytes and as text."""
    found: set[bytes] = set()
    for line in known.read_text("utf-8").splitlines():
        for text in texts(json.loads(line)):
            if len(text) < 20 or text[:4].isdigit():  # no secret: a name, a number, a moment
                continue
            found.add(text.encode())
            for part in text.replace("?", "&").split("&"):
                name, _, value = part.partition("=")
                if name in ("sig", "tempauth", "guid") and len(value) > 8:
                    found.add(value.encode())
            try:
                key = base64.b64decode(text, validate=True)
            except ValueError:
                continue
            found |= {key, key.hex().encode()} if len(key) == 32 else set()
    pem = Path(rehearsal.ready["cert"]).read_text("utf-8")
    private = pem.split("PRIVATE KEY-----")[1].splitlines()
    return found | {line.encode() for line in private if len(line) > 40}


def left_behind(work: Path, *more: Path) -> dict[Path, bytes]:
    """Every file of a working folder but the sealed ones, and others."""
    files = [each for each in work.rglob("*") if each.is_file() and ".sealed" not in each.parts]
    return {each: each.read_bytes() for each in (*files, *more)}


@pytest.mark.parametrize("route", ["session", "package"])
def test_no_secret_is_in_what_a_wave_leaves(
    route: str, commands: Commands, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    wave = SmallWave.plan(
        commands, tmp_path / f"canary-{route}", rehearsal, make_share(tmp_path / "Share"), route=route
    )
    known, log, said = tmp_path / "known", tmp_path / "events.log", tmp_path / "said"
    spy = HASTE + _SPY.format(known=str(known), log=str(log))
    rehearsal.fault({"status": 503}, count=2, path="uploadSession|CreateMigrationJob")
    rehearsal.fault({"reset": "after"}, count=2, skip=1, method="PUT")
    calm = commands.run(wave.work, "-vv", "wave", "run", WAVE, change=spy)
    assert calm.code == 0, calm.said
    second = SmallWave.plan(commands, tmp_path / f"killed-{route}", rehearsal, tmp_path / "Share", route=route)
    killed = commands.run(second.work, "-vv", "wave", "run", WAVE, change=spy, kill_at=_SEALED[route])
    assert killed.code == KILLED
    assert second.secrets(), "it was killed before anything was sealed"
    heard = calm.said + killed.said
    for command in ("verify", "status", "evidence", "report"):
        heard += commands.run(wave.work, "-vv", "wave", command, WAVE, change=spy).said
        heard += commands.run(second.work, "-vv", "wave", command, WAVE, change=spy).said
    said.write_text(heard, "utf-8")
    secrets = canaries(known, rehearsal)
    assert len(secrets) > 6
    for folder in (wave.work, second.work):
        for file, content in left_behind(folder, log, said).items():
            assert not [each for each in secrets if each in content], file
    sealed = FileSealed(second.work / ".sealed")
    assert all((sealed.get(each) or b"").decode() for each in second.secrets())
    assert not wave.secrets()
