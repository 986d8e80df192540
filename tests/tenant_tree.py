"""What a library of the rehearsal tenant holds, asked of the tenant itself."""

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from spmigrate import config
from spmigrate.model import Destination
from spmigrate.tenant import files
from spmigrate.tenant.session import Tenant, connect
from tests.registers import write_registers
from tests.rehearsal_fixtures import RunningTenant


class Leaf(NamedTuple):
    """One file: size, hash, dates, and how many versions it has."""

    size: int
    quickxor: str | None
    created: str
    modified: str
    versions: int


def working_folder(folder: Path, rehearsal: RunningTenant, *, workers: int = 6) -> Path:
    """A working folder for the tenant, without starter files but for the registers that the gate looks at."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f"version: 1\ntenant:\n  rehearsal: {rehearsal.state}\nmigrate:\n  workers: {workers}\n"
    (folder / "spmigrate.yaml").write_text(text)
    write_registers(folder / "governance_rules")
    return folder


def session(folder: Path) -> Tenant:
    """The product's own session from a working folder."""
    return connect(config.tenant(config.load(folder / "spmigrate.yaml")))


def new_site(rehearsal: RunningTenant, name: str) -> Destination:
    """A fresh team site; its Documents library."""
    rehearsal.seed(f"sites:\n  - {{url: /sites/{name}, title: {name}, template: 'STS#3', owner: admin}}\n")
    return Destination(site=f"/sites/{name}", library="Shared Documents", label=f"{name} > Documents")


def tree(tenant: Tenant, home: Destination) -> dict[str, Leaf]:
    """Every file of a library by its path."""
    library = files.open_library(tenant, home.site, home.library)
    found: dict[str, Leaf] = {}
    for item in tenant.graph_pages(f"/v1.0/drives/{library.drive_id}/root/delta"):
        if "file" in item and "deleted" not in item:
            path = unquote(item["parentReference"]["path"]).partition("root:")[2].strip("/")
            found[f"{path}/{item['name']}".strip("/")] = _leaf(tenant, library.drive_id, item)
    return found


def _leaf(tenant: Tenant, drive_id: str, item: dict[str, Any]) -> Leaf:
    versions = list(tenant.graph_pages(f"/v1.0/drives/{drive_id}/items/{item['id']}/versions"))
    times = item["fileSystemInfo"]
    return Leaf(
        item["size"],
        item["file"]["hashes"].get("quickXorHash"),
        times["createdDateTime"],
        times["lastModifiedDateTime"],
        len(versions),
    )


def start(root: Path, work: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "spmigrate", *arguments], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "HOME": str(work)},
    )  # fmt: skip
