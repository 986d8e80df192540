"""A share of a file server on its way to a library: read from the server itself, moved, and verified."""

from pathlib import Path

from spmigrate.migrate import planning
from spmigrate.migrate.routes.session import SessionRoute
from spmigrate.migrate.verify import verify
from spmigrate.model import Outcome
from spmigrate.scan import places
from spmigrate.scan.survey import survey
from spmigrate.sealed import FileSealed
from spmigrate.store import batches, leases, waves
from spmigrate.store.ledger import Ledger
from tests.rehearsal_fixtures import RunningTenant
from tests.samba import Samba
from tests.signed_estate import TIDY, gate, sign_scanned, write
from tests.tenant_tree import new_site, session, tree, working_folder

FILES = {"Works/plan.txt": b"plan", "Works/2024/O'Brien #1.txt": b"letter", "Works/empty.txt": b""}


def test_share_is_moved_and_verified_without_being_mounted(
    samba: Samba, rehearsal: RunningTenant, tmp_path: Path
) -> None:
    for path, content in FILES.items():
        write(samba.root("plain") / path, content, modified=1_234_567_890).chmod(0o644)
    home = new_site(rehearsal, "share-moved")
    with session(working_folder(tmp_path / "work", rehearsal)) as tenant, Ledger(tmp_path / "ledger.db") as ledger:
        survey(ledger, places.share(samba.address("plain")), name="plain")
        sign_scanned(ledger, Path("plain"), {"Works": (TIDY, home)})
        wave = planning.plan(ledger, "pilot", gate=gate(ledger))
        batch = leases.claim(ledger, wave, owner="test")
        assert batch is not None
        items = batches.transfers(ledger, batch)
        assert {each.source_kind for each in items} == {"smb"}
        move = SessionRoute(tenant, ledger, FileSealed(tmp_path / ".sealed")).open(batch)
        moved = [move(each) for each in items]
        assert {each.outcome for each in moved} == {Outcome.COPIED}
        batches.flush(ledger, {batch.id: batch}, intended=[each.id for each in items], moved=moved)
        assert verify(ledger, waves.get(ledger, "pilot"), tenant) == {"exact": len(FILES)}
        found = tree(tenant, home)
    assert {path: leaf.size for path, leaf in found.items()} == {path: len(text) for path, text in FILES.items()}
    assert {leaf.modified for leaf in found.values()} == {"2009-02-13T23:31:30Z"}
