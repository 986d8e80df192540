"""`scan run` on a site of SharePoint, through the command line and the tenant of the working folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from spmigrate.quickxor import quickxor
from spmigrate.store.ledger import Ledger
from tests.rehearsal_fixtures import RunningTenant

Run = Callable[..., Any]

SEED = """
sites:
  - url: /sites/scan-me
    title: Scan me
    template: STS#3
    libraries:
      - name: Documents
        files:
          - path: Letters/one.txt
            text: one
"""


def test_site_is_scanned_into_the_ledger(rehearsal: RunningTenant, spmigrate: Run, tmp_path: Path) -> None:
    settings = f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n"
    (tmp_path / "spmigrate.yaml").write_text(settings, "utf-8")
    rehearsal.seed(SEED)
    scanned = spmigrate("scan", "run", "https://contoso.sharepoint.com/sites/scan-me", "--json")
    assert scanned.code == 0, scanned.stderr
    assert (scanned.json["source"], scanned.json["state"], scanned.json["items"]) == ("scan-me", "complete", 1)
    ledger = Ledger(tmp_path / "ledger.db")
    row = ledger.one("SELECT i.name, i.quickxor, d.path FROM item i JOIN folder d ON d.id = i.folder_id")
    assert row is not None
    assert tuple(row) == ("one.txt", quickxor(b"one"), "Shared Documents/Letters")
    kind = ledger.one("SELECT kind FROM source")
    assert kind is not None and kind[0] == "sharepoint"
