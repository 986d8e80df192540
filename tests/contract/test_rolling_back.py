"""Rolling a wave back on the rehearsal tenant: only what nobody touched goes, by recycling, and it can be stopped."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.errors import Unavailable
from spmigrate.migrate import planning, rolling_back
from spmigrate.model import Outcome
from spmigrate.store import batches, leases, rollback, signoffs, waves, where_is
from spmigrate.store.batches import Moved, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.wave_steps import Who
from spmigrate.tenant import files, recycling, transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import Spot, Times
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import new_site, session, tree, working_folder

pytestmark = pytest.mark.homes

_WHO = Who("migration.lead", "migration lead", "migration.lead")
_FILES = 8
_NUMBERS = itertools.count(1)


class Moved8:
    """Eight files of one folder that a wave has copied, by the sender alone, and the tenant that has them."""

    def __init__(self, folder: Path, rehearsal: RunningTenant, name: str) -> None:
        self.home = new_site(rehearsal, f"{name}-{next(_NUMBERS)}")
        self.tenant = session(working_folder(folder / "work", rehearsal))
        self.ledger = Ledger(folder / "ledger.db")
        self.root = folder / "share"
        for number in range(_FILES):
            write(self.root / "a" / f"{number}.txt", b"text %d" % number)
        sign(self.ledger, self.root, {"a": (TIDY, self.home)})
        signed = signoffs.signed_rows(self.ledger)
        planning.plan(self.ledger, "pilot", None, tenant="t", gate=lambda _sheets: signed)
        self.library = files.open_library(self.tenant, self.home.site, self.home.library)
        self._move()

    @property
    def wave(self) -> waves.Wave:
        return waves.get(self.ledger, "pilot")

    def _move(self) -> None:
        waves.set_state(self.ledger, self.wave, "running")
        batch = leases.claim(self.ledger, self.wave, owner="test")
        assert batch is not None
        folder = files.ensure_folder(self.tenant, self.library, self.library.root_id, "a")
        for item in batches.transfers(self.ledger, batch):
            batches.flush(self.ledger, {batch.id: batch}, intended=[item.id])
            batches.flush(self.ledger, {batch.id: batch}, moved=[self._sent(item, folder)])
        waves.set_state(self.ledger, self.wave, "moved")

    def _sent(self, item: Transfer, folder: str) -> Moved:
        content = (self.root / "a" / item.target_name).read_bytes()
        spot = Spot(self.library, folder, "a", item.target_name)
        stored = transfer.upload(
            self.tenant, spot, iter([content]), size=len(content), times=Times(1_400_000_000 * 10**9, item.modified_ns)
        )
        return Moved(
            item.id, item.batch_id, item.size, Outcome.COPIED, target_id=stored.id, etag=stored.etag,
            quickxor=stored.quickxor, sha256="s", copied_size=item.size, modified_ns=item.modified_ns,
            drive_id=self.library.drive_id,
        )  # fmt: skip

    def put(self, name: str, content: bytes) -> None:
        """Somebody saves a file in the new home."""
        path = f"https://graph.microsoft.com/v1.0/drives/{self.library.drive_id}/root:/a/{name}:/content"
        headers = {"Content-Type": "text/plain", "Content-Length": str(len(content))}
        assert self.tenant.send("PUT", path, body=content, authorised=True, headers=headers).status in (200, 201)

    def roll_back(self, folder: Path) -> rolling_back.Undoing:
        return rolling_back.apply(
            self.ledger, self.wave, self.tenant, who=_WHO, folder=folder, on=datetime.now(UTC), said=lambda _text: None
        )


def test_a_rollback_that_was_stopped_goes_on(
    tmp_path: Path, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Moved8(tmp_path, rehearsal, "rollback-1")
    case.put("0.txt", b"worked on")
    case.put("minutes.txt", b"made here")
    real = recycling.recycle
    asked: list[str] = []

    def stops(tenant: Tenant, library: Library, item_id: str, *, etag: str) -> bool:
        asked.append(item_id)
        if len(asked) == 4:
            real(tenant, library, item_id, etag=etag)
            raise Unavailable("the answer was lost")
        return real(tenant, library, item_id, etag=etag)

    monkeypatch.setattr(recycling, "recycle", stops)
    with pytest.raises(Unavailable):
        case.roll_back(tmp_path / "out")
    assert case.wave.state == "moved"
    done = case.roll_back(tmp_path / "out")
    assert done.kept == [(f"{case.home.site}/Shared Documents/a/0.txt", "somebody changed it since")]
    assert sorted(tree(case.tenant, case.home)) == ["a/0.txt", "a/minutes.txt"]
    assert case.wave.state == "rolled back"
    out = tmp_path / "out" / case.home.site.strip("/") / "Shared Documents" / "a"
    assert (out / "0.txt").read_bytes() == b"worked on"
    assert rollback.counts(case.ledger, case.wave)["exported"] == 2
    assert len(set(asked)) == _FILES - 1, "nothing is asked for that somebody changed"


def test_where_is_does_not_name_a_copy_that_was_taken_away(tmp_path: Path, rehearsal: RunningTenant) -> None:
    case = Moved8(tmp_path, rehearsal, "rollback-2")
    source = where_is.sources(case.ledger)[0]
    met = where_is.meet(case.ledger, source.id, ["a", "1.txt"])
    assert met is not None
    before = where_is.at(case.ledger, met.folder_id, met.item_id)
    assert before is not None and before.landing is not None
    done = case.roll_back(tmp_path / "out")
    assert (done.remove.items, done.folders, done.kept) == (_FILES, 1, [])
    after = where_is.at(case.ledger, met.folder_id, met.item_id)
    assert after is not None and after.landing is None
    bin_ = case.tenant.rest("GET", f"{case.tenant.settings.sharepoint}{case.home.site}/_api/web/RecycleBin")
    assert len(bin_["value"]) >= _FILES, "what went lies in the recycle bin"


def test_what_is_edited_between_look_and_recycling_stays(
    tmp_path: Path, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Moved8(tmp_path, rehearsal, "rollback-3")
    real = recycling.recycle
    edited: list[str] = []

    def late(tenant: Tenant, library: Library, item_id: str, *, etag: str) -> bool:
        if not edited:
            edited.append(item_id)
            case.put("0.txt", b"saved a moment ago")
        return real(tenant, library, item_id, etag=etag)

    monkeypatch.setattr(recycling, "recycle", late)
    done = case.roll_back(tmp_path / "out")
    assert [path.rpartition("/")[2] for path, _ in done.kept] == ["0.txt"]
    assert sorted(tree(case.tenant, case.home)) == ["a/0.txt"]
