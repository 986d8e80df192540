"""The working folder: where spmigrate.yaml is found, and what lies beside it. Knows names, reads nothing.

Commands that only ask the ledger need no more than this, and so start without the libraries that settings need.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spmigrate.errors import ConfigError

FILE_NAME = "spmigrate.yaml"
_HINT = "make a working folder with: spmigrate init FOLDER"


@dataclass(frozen=True, slots=True)
class Workplace:
    """A working folder, by its spmigrate.yaml."""

    file: Path

    @property
    def folder(self) -> Path:
        """The folder itself."""
        return self.file.parent

    @property
    def ledger(self) -> Path:
        """Where the ledger lies."""
        return self.folder / "ledger.db"

    @property
    def names_ledger(self) -> bool:
        """Whether spmigrate.yaml may say that the ledger lies elsewhere: only then it must be read to open it."""
        try:
            return "ledger" in self.file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return True

    @property
    def pacing(self) -> Path:
        """What the programs of this folder have used of the app's budget."""
        return self.folder / "pacing.db"

    @property
    def sealed(self) -> Path:
        """Where secrets lie that a stopped run needs to go on; readable by its owner alone."""
        return self.folder / ".sealed"

    @property
    def site_templates(self) -> Path:
        """Templates, the organisation's vocabulary and the sites."""
        return self.folder / "site_templates"

    @property
    def mappings(self) -> Path:
        """Issued and returned workbooks."""
        return self.folder / "mappings"

    @property
    def governance_rules(self) -> Path:
        """Rules and registers."""
        return self.folder / "governance_rules"


def find(start: Path, environment: Mapping[str, str] = os.environ) -> Workplace:
    """The working folder that counts in `start`: by SPMIGRATE_CONFIG, else there or above it. Raises ConfigError."""
    named = environment.get("SPMIGRATE_CONFIG")
    if named:
        return at(Path(named))
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return Workplace((folder / FILE_NAME).resolve())
    raise ConfigError(f"no {FILE_NAME} in {start} or above it", hint=_HINT)


def at(file: Path) -> Workplace:
    """The working folder of this spmigrate.yaml. Raises ConfigError when there is none."""
    if not file.is_file():
        raise ConfigError(f"there is no {file}", hint=_HINT)
    return Workplace(file.resolve())
