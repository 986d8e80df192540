"""What was sealed and is named by nothing is erased before a run; what is named stays."""

from pathlib import Path

import pytest

from spmigrate.migrate import leftovers
from spmigrate.sealed import FileSealed
from spmigrate.store import half_sent, packages
from spmigrate.store.ledger import Ledger


def test_secrets_that_nothing_names_are_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = FileSealed(tmp_path / ".sealed")
    upload, package, orphan = (sealed.put(each) for each in (b"upload", b"package", b"orphan"))
    monkeypatch.setattr(half_sent, "named_secrets", lambda _: {upload})
    monkeypatch.setattr(packages, "secrets_in_use", lambda _: frozenset({package}))
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert leftovers.erase(ledger, sealed) == 1
        assert leftovers.erase(ledger, sealed) == 0
    assert (sealed.ids(), sealed.get(orphan)) == (frozenset({upload, package}), None)
