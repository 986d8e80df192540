"""Programs that tests need and pip cannot bring: found, installed where that is allowed, or named when skipped."""

import os
import shutil
import subprocess
from collections.abc import Sequence

import pytest


def program(names: Sequence[str], *, package: str) -> str:
    """The path of the first of `names` that there is; where there is none, root installs the Debian `package`.

    `package` may name several, with spaces between them.

    Without it the test is skipped and says so; with CI set in the environment it fails instead.
    """
    found = _first(names)
    if found is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"check": False, "capture_output": True, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *package.split()], **quiet)
        found = _first(names)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{names[0]} is needed and could not be installed")
        pytest.skip(f"{names[0]} is not installed: apt install {package}")
    return found


def _first(names: Sequence[str]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)
