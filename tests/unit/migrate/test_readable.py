"""Sources that the mover cannot read are refused before anything is planned."""

from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError
from spmigrate.migrate import readable
from spmigrate.model import Decision, SignedRow
from spmigrate.scan.survey import survey
from spmigrate.store.ledger import Ledger
from tests.signed_estate import TIDY, library, write


def test_rows_of_a_site_are_refused_with_what_to_do(tmp_path: Path) -> None:
    write(tmp_path / "share" / "one.txt", b"one")
    ledger = Ledger(tmp_path / "ledger.db")
    source = survey(ledger, tmp_path / "share")
    moving = SignedRow("M-1", "S-1", source.id, 1, "tree", TIDY, library(), "d", 1)
    staying = SignedRow("M-2", "S-1", source.id, 1, "tree", Decision.ARCHIVE, None, "d", 1)
    readable.check(ledger, [moving, staying])
    ledger.execute("UPDATE source SET kind = 'smb', root = 'smb://fs01/Common'")
    readable.check(ledger, [moving, staying])
    ledger.execute("UPDATE source SET kind = 'sharepoint', root = 'https://contoso.sharepoint.com/sites/old'")
    readable.check(ledger, [staying])
    with pytest.raises(SpmigrateError, match=r"1 row would be read from https://.*/old, which the mover") as refused:
        readable.check(ledger, [moving, staying])
    assert "copy jobs" in (refused.value.hint or "")
