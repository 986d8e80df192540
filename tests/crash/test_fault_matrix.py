"""Everything that can go wrong around a wave, by both routes: it goes on, or says what became of each file.

The first table strikes every kind of request that a calm run sends, once, with the same fault. The others are faults of
this machine and of the source. In the end nothing is lost, nothing is there twice, and no torn file is there at all.
"""

import base64
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from spmigrate.quickxor import quickxor
from tests.crash.points import KILLED, Commands, Ended
from tests.crash.small_wave import HASTE, WAVE, SmallWave, make_share
from tests.rehearsal_fixtures import RunningTenant, serve_tenant
from tests.signed_estate import FRAGMENT
from tests.tenant_tree import Leaf, session

ROUTES = ("session", "package")
LARGE = "Drawings/large.bin"
SWIFT = HASTE + (
    "from spmigrate.tenant import pacing, transfer\n"
    "pacing._FIRST_SECONDS = 0.02\n"
    "pacing.LONGEST_SILENCE = 3.0\n"
    "transfer._pause = lambda attempt: 0.02\n"
)
FAULTS: Mapping[str, dict[str, Any]] = {
    "the connection is cut before a request arrives": {"reset": "before"},
    "the connection is cut after a request was carried out": {"reset": "after"},
    "the answer is cut off": {"truncate": 7},
    "the service is busy": {"status": 503},
    "the service fails": {"status": 500},
    "the service asks to wait": {"status": 429, "retry_after": 0},
    "the token has expired": {"expired": "token"},
    "the tenant's clock leaps ahead": {"clock": 10},
    "the tenant's clock goes back": {"clock": -10},
}
# Asked once by each process for all that follows, and not a part of the wave.
_NOT_STRUCK = re.compile(r" login/")


@dataclass(frozen=True)
class Calm:
    """What a run by a route asks for, and what it leaves."""

    route: str
    requests: tuple[tuple[str, str, str], ...]
    tree: Mapping[str, Leaf]


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_share(tmp_path_factory.mktemp("faults") / "Share")


@pytest.fixture(scope="module", params=ROUTES)
def calm(
    request: pytest.FixtureRequest, commands: Commands, share: Path, rehearsal_server: RunningTenant,
    tmp_path_factory: pytest.TempPathFactory,
) -> Calm:  # fmt: skip
    folder = tmp_path_factory.mktemp("faults") / f"faults-{request.param}-calm"
    wave = SmallWave.plan(commands, folder, rehearsal_server, share, route=request.param)
    run = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT)
    assert run.code == 0, run.said
    return Calm(request.param, tuple(_requests(run.points)), wave.tree())


def _requests(points: list[str]) -> Iterator[tuple[str, str, str]]:
    """Method, host and path of every kind of request, as patterns."""
    kinds = {each for each in points if each.startswith("before ") and "/" in each and not _NOT_STRUCK.search(each)}
    for label in sorted(kinds):
        _, method, address = label.split(" ")
        host, _, path = address.partition("/")
        host = re.sub(r"[0-9]+$", "[0-9]+", host)
        yield method, f"^{host}\\.", "^/" + re.escape(path).replace(r"\*", "[^/]+") + "$"


def go_on(
    commands: Commands, wave: SmallWave, *, first: Ended | None = None, runs: int = 3, change: str = SWIFT
) -> list[Ended]:
    """Run the wave until it has moved, as a person would who reads what it says."""
    ended = [] if first is None else [first]
    while not ended or ended[-1].code:
        assert len(ended) < runs, [each.said for each in ended]
        ended.append(commands.run(wave.work, "wave", "run", WAVE, change=change))
    return ended


def check(commands: Commands, wave: SmallWave, tree: Mapping[str, Leaf]) -> None:
    """Nothing is lost, doubled or torn, and nothing secret is left."""
    verified = commands.run(wave.work, "wave", "verify", WAVE)
    assert verified.code == 0, verified.said
    assert wave.tree() == tree
    assert all(outcome[1] == "copied" for outcome in wave.outcomes())
    assert not wave.secrets()


@pytest.mark.parametrize(
    "fault", [pytest.param(each, marks=pytest.mark.long) if n % 2 else each for n, each in enumerate(FAULTS)]
)
def test_every_kind_of_request_struck_once(
    fault: str, calm: Calm, commands: Commands, share: Path, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    number = list(FAULTS).index(fault)
    wave = SmallWave.plan(commands, tmp_path / f"fault-{calm.route}-{number}", rehearsal, share, route=calm.route)
    assert len(calm.requests) > 6
    for method, host, path in calm.requests:
        rehearsal.fault(FAULTS[fault], method=method, host=host, path=path)
    go_on(commands, wave, runs=6)
    assert rehearsal.faults_left() < len(calm.requests) / 2, "the faults struck nothing"
    rehearsal.clear_faults()
    rehearsal.control.call("POST", "clock", {"reset": True})
    check(commands, wave, calm.tree)


@pytest.fixture
def wave(calm: Calm, commands: Commands, rehearsal: RunningTenant, share: Path, tmp_path: Path) -> SmallWave:
    """A wave of a share of its own, which may be altered."""
    own = make_share(tmp_path / "Share")
    return SmallWave.plan(commands, tmp_path / f"w-{tmp_path.name[-20:]}", rehearsal, own, route=calm.route)


def test_outage_ends_the_run_and_the_next_one_completes_it(
    calm: Calm, wave: SmallWave, commands: Commands, rehearsal: RunningTenant
) -> None:
    for host in ("graph", "contoso", "blob"):
        rehearsal.fault({"reset": "before"}, count=9999, skip=4, host=host)
    stopped = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT)
    assert stopped.code == 1, stopped.said
    assert "hint:" in stopped.said
    assert "Traceback" not in stopped.said
    rehearsal.clear_faults()
    go_on(commands, wave)
    check(commands, wave, calm.tree)


# A hook into reading one file of the share: `act` is called with the file's path at its first piece.
_AT_FIRST_READ = """
from pathlib import Path
from spmigrate.migrate.originals.folder import FolderOriginal
seen, read = set(), FolderOriginal._read

def _read(self, length):
    name = Path(f"/proc/self/fd/{{self._file.fileno()}}").resolve()
    if name.name == {name!r} and len(seen) < {times}:
        seen.add(len(seen))
        act(name)
    return read(self, length)

FolderOriginal._read = _read
"""


def on_reading(name: str, act: str, *, times: int = 1) -> str:
    """The change of a run's process by which reading a file does something."""
    return (
        SWIFT
        + f"def act(path):\n    import os, errno, time\n    {act}\n"
        + _AT_FIRST_READ.format(name=name, times=times)
    )


_GROW = "time.sleep(0.01); file = open(path, 'ab'); file.write(b'more'); file.close()"


def test_source_that_changes_once_while_it_is_read_moves_as_it_then_is(
    calm: Calm, wave: SmallWave, commands: Commands, tmp_path: Path
) -> None:
    first = commands.run(wave.work, "wave", "run", WAVE, change=on_reading("large.bin", _GROW))
    go_on(commands, wave, first=first)
    content = (tmp_path / "Share" / "Drawings" / "large.bin").read_bytes()
    arrived = wave.tree()[LARGE]
    assert (arrived.size, arrived.quickxor) == (FRAGMENT + 12, quickxor(content))
    assert {**wave.tree(), LARGE: None} == {**calm.tree, LARGE: None}
    assert not wave.secrets()


def test_source_that_keeps_changing_fails_and_is_not_there(calm: Calm, wave: SmallWave, commands: Commands) -> None:
    run = commands.run(wave.work, "wave", "run", WAVE, change=on_reading("large.bin", _GROW, times=99))
    assert run.code == 3, run.said
    assert "SOURCE-CHANGED" in run.said
    assert wave.tree() == {path: leaf for path, leaf in calm.tree.items() if path != LARGE}
    assert not wave.secrets()


_LOCKED = """
import errno
from spmigrate.migrate.originals import folder
open_file = folder._open

def _open(root, path, name):
    if name == b"Report 1.txt":
        raise OSError(errno.EBUSY, "Device or resource busy")
    return open_file(root, path, name)

folder._open = _open
"""


def test_locked_file_fails_with_its_cause_and_moves_when_it_is_let_go(
    calm: Calm, wave: SmallWave, commands: Commands
) -> None:
    run = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT + _LOCKED)
    assert run.code == 3, run.said
    assert "SOURCE-LOCKED" in run.said
    commands.must(wave.work, "wave", "retry", WAVE)
    go_on(commands, wave)
    check(commands, wave, calm.tree)


def test_file_that_vanished_is_recorded_as_that(
    calm: Calm, wave: SmallWave, commands: Commands, tmp_path: Path
) -> None:
    (tmp_path / "Share" / "Works" / "Area 1" / "Report 1.txt").unlink()
    run = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT)
    assert run.code == 0, run.said
    assert [each[1] for each in wave.outcomes()].count("vanished") == 1
    assert wave.tree() == {path: leaf for path, leaf in calm.tree.items() if "Report 1" not in path}


def test_share_that_goes_stops_the_run_and_no_file_counts_as_vanished(
    calm: Calm, wave: SmallWave, commands: Commands, tmp_path: Path
) -> None:
    share, away = tmp_path / "Share", tmp_path / "away"
    gone = f"os.rename({str(share)!r}, {str(away)!r})"
    run = commands.run(wave.work, "wave", "run", WAVE, change=on_reading("Report 0.txt", gone))
    assert run.code == 1, run.said
    assert str(share) in run.said
    away.rename(share)
    go_on(commands, wave)
    check(commands, wave, calm.tree)


# The disk is full at the n-th commit, and stays so.
_FULL = """
import sqlite3
from spmigrate.store import sqlite
left, commit = {at}, sqlite.SQLite.commit

def full(self):
    global left
    left -= 1
    if left < 0:
        with self._translated():
            raise sqlite3.OperationalError("database or disk is full")
    commit(self)

sqlite.SQLite.commit = full
"""


@pytest.mark.parametrize("at", [pytest.param(3, marks=pytest.mark.long), 7, pytest.param(10, marks=pytest.mark.long)])
def test_full_disk_ends_the_run_and_with_room_it_goes_on(
    at: int, calm: Calm, wave: SmallWave, commands: Commands
) -> None:
    run = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT + _FULL.format(at=at))
    assert run.code == 1, run.said
    assert "the disk is full" in run.said
    assert "Traceback" not in run.said
    go_on(commands, wave)
    check(commands, wave, calm.tree)


@pytest.mark.parametrize("leap", [86_400.0, pytest.param(-86_400.0, marks=pytest.mark.long)])
def test_clock_of_this_machine_that_jumps(
    leap: float, calm: Calm, wave: SmallWave, commands: Commands, rehearsal: RunningTenant
) -> None:
    rehearsal.fault({"slow": 1.0}, method="POST", host="graph")
    jump = (
        "import time\nreal, begun = time.time, time.monotonic()\n"
        f"time.time = lambda: real() + ({leap} if time.monotonic() > begun + 0.7 else 0.0)\n"
    )
    first = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT + jump)
    go_on(commands, wave, first=first)
    check(commands, wave, calm.tree)


def half_sent(commands: Commands, wave: SmallWave) -> None:
    """Kill a run when a large file is on its way and its upload is known."""
    run = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT + _KILLED_IN_THE_MIDDLE)
    assert run.code == KILLED, run.said
    assert len(wave.secrets()) == 1


_KILLED_IN_THE_MIDDLE = f"""
import os
from spmigrate.tenant.session import Tenant
send = Tenant.send

def sent(self, method, url, **how):
    reply = send(self, method, url, **how)
    if how.get("headers", {{}}).get("Content-Range", "").startswith("bytes 0-") and reply.status == 202:
        os._exit({KILLED})
    return reply

Tenant.send = sent
"""


@pytest.fixture
def half(commands: Commands, rehearsal: RunningTenant, tmp_path: Path) -> SmallWave:
    """A wave whose large file is half sent, by a run that was killed."""
    own = make_share(tmp_path / "Share")
    wave = SmallWave.plan(commands, tmp_path / f"h-{tmp_path.name[-20:]}", rehearsal, own)
    half_sent(commands, wave)
    return wave


def fragments(rehearsal: RunningTenant, since: int) -> int:
    """Bytes that were put to upload addresses."""
    asked = rehearsal.requests(since)
    return sum(each["received"] for each in asked if each["method"] == "PUT" and "uploadSession" in each["path"])


def arrived_whole(wave: SmallWave, tmp_path: Path) -> bool:
    """Whether the large file is at its destination as it is at its source, once."""
    leaf = wave.tree()[LARGE]
    content = (tmp_path / "Share" / "Drawings" / "large.bin").read_bytes()
    return (leaf.size, leaf.quickxor, leaf.versions) == (len(content), quickxor(content), 1)


def test_half_sent_file_goes_on_from_where_the_service_stands(
    half: SmallWave, commands: Commands, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    mark = rehearsal.mark()
    go_on(commands, half, runs=1)
    assert arrived_whole(half, tmp_path)
    assert fragments(rehearsal, mark) < FRAGMENT / 2
    assert not half.secrets()


def _address_expires(_half: SmallWave, rehearsal: RunningTenant, _share: Path) -> None:
    rehearsal.fault({"expired": "url"}, count=2, path="uploadSession")


def _secret_is_altered(half: SmallWave, _rehearsal: RunningTenant, _share: Path) -> None:
    (secret,) = half.secrets()
    file = half.work / ".sealed" / secret
    file.write_bytes(file.read_bytes()[:-1] + b"!")


def _secret_is_gone(half: SmallWave, _rehearsal: RunningTenant, _share: Path) -> None:
    for file in (half.work / ".sealed").iterdir():
        file.unlink()


def _source_is_altered(_half: SmallWave, _rehearsal: RunningTenant, share: Path) -> None:
    with (share / "Drawings" / "large.bin").open("r+b") as file:
        file.write(b"altered since")


@pytest.mark.parametrize("meanwhile", [_address_expires, _secret_is_altered, _secret_is_gone, _source_is_altered])
def test_half_sent_file_that_cannot_go_on_begins_anew(
    meanwhile: Callable[[SmallWave, RunningTenant, Path], None], half: SmallWave, commands: Commands,
    rehearsal: RunningTenant, tmp_path: Path,
) -> None:  # fmt: skip
    meanwhile(half, rehearsal, tmp_path / "Share")
    go_on(commands, half)
    assert arrived_whole(half, tmp_path)
    assert [each[1] for each in half.outcomes()].count("copied") == 7
    assert not half.secrets()


def test_half_sent_file_whose_upload_has_expired_begins_anew(
    half: SmallWave, commands: Commands, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    a_month = timedelta(days=30).total_seconds()
    rehearsal.advance(a_month)
    go_on(commands, half, change=SWIFT + f"import time\nreal = time.time\ntime.time = lambda: real() + {a_month}\n")
    rehearsal.advance(-a_month)
    assert arrived_whole(half, tmp_path)
    assert not half.secrets()


def test_sealed_secret_that_is_open_to_others_is_told(half: SmallWave, commands: Commands, tmp_path: Path) -> None:
    (half.work / ".sealed").chmod(0o755)
    run = commands.run(half.work, "wave", "run", WAVE, change=SWIFT)
    assert run.code == 1, run.said
    assert "chmod 700" in run.said
    (half.work / ".sealed").chmod(0o700)
    go_on(commands, half)
    assert arrived_whole(half, tmp_path)


def new_certificate(folder: Path) -> tuple[bytes, bytes]:
    """A certificate, and it with its key, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "migration app")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=90))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public = made.public_bytes(serialization.Encoding.PEM)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return public, public + key.private_bytes(*form)


@pytest.mark.parametrize("route", ROUTES)
def test_certificate_that_is_rotated_and_a_tenant_that_is_restarted(
    route: str, commands: Commands, share: Path, tmp_path: Path
) -> None:
    """One tenant of its own: first the certificate changes under the run, then the tenant ends under it."""
    with serve_tenant(tmp_path / "state") as own:
        wave = SmallWave.plan(commands, tmp_path / "own", own, share, route=route)
        public, private = new_certificate(tmp_path)
        with session(wave.work) as tenant:
            (app,) = tenant.graph("GET", f"/v1.0/applications?$filter=appId eq '{own.ready['client_id']}'")["value"]
            key = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64.b64encode(public).decode()}
            tenant.graph("PATCH", f"/v1.0/applications/{app['id']}", {"keyCredentials": [key]})
        stopped = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT)
        assert stopped.code == 1, stopped.said
        assert "AADSTS700027" in stopped.said
        assert "upload its public part" in stopped.said
        Path(own.ready["cert"]).write_bytes(private)
        own.fault({"slow": 30}, count=9999, skip=3, method="PUT")
        own.fault({"slow": 30}, count=9999, path="CreateMigrationJob|createUploadSession")
        ending = threading.Timer(3.0, own.process.kill)
        ending.start()
        stopped = commands.run(wave.work, "wave", "run", WAVE, change=SWIFT)
        ending.join()
        assert stopped.code == 1, stopped.said
        assert "is not running" in stopped.said
    with serve_tenant(tmp_path / "state") as own:
        own.clear_faults()
        go_on(commands, wave)
        verified = commands.run(wave.work, "wave", "verify", WAVE)
        assert verified.code == 0, verified.said
        assert {leaf.versions for leaf in wave.tree().values()} == {1}
        assert len(wave.tree()) == 7
