"""Seeds by name: those that come with the rehearsal tenant, and files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from spmigrate.rehearsal.errors import RehearsalError

NAMES = ("default", "demo")


def read_seed_text(seed: str | Path) -> tuple[str, str]:
    """A seed's text, and how messages name it; a built-in name counts before a file of that name (`./demo`)."""
    if str(seed) in NAMES:
        text = (resources.files("spmigrate.rehearsal") / "seeds" / f"{seed}.yaml").read_text(encoding="utf-8")
        return text, f"the built-in seed {seed}"
    try:
        return Path(seed).read_text(encoding="utf-8"), str(seed)
    except (OSError, UnicodeDecodeError) as problem:
        hint = f"give a file, or the name of a built-in seed: {' or '.join(NAMES)}"
        raise RehearsalError(f"the seed {seed} can't be read: {problem}", hint) from None
