"""What became of single files in a wave, folder by folder, for telling whether a set of them is whole."""

from collections.abc import Iterator

from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave


def failed(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """The files of a wave that did not arrive, in the order of their folders: `name`, `folder_id`, `folder`."""
    return ledger.rows(
        "SELECT i.name, i.folder_id, d.path AS folder FROM transfer t JOIN item i ON i.id = t.item_id"
        " JOIN folder d ON d.id = i.folder_id WHERE t.wave_id = ? AND t.superseded IS NULL AND t.gone IS NULL"
        " AND t.outcome IN ('failed', 'vanished') ORDER BY i.folder_id, t.id",
        (wave.id,),
    )


def arrived(ledger: Ledger, wave: Wave, folder_id: int) -> Iterator[Row]:
    """The files directly in a folder that a wave has copied, as above."""
    return ledger.rows(
        "SELECT i.name, i.folder_id, d.path AS folder FROM folder d JOIN item i ON i.folder_id = d.id"
        " JOIN transfer t ON t.item_id = i.id WHERE d.id = ? AND t.wave_id = ? AND t.superseded IS NULL"
        " AND t.gone IS NULL AND t.outcome = 'copied' ORDER BY t.id",
        (folder_id, wave.id),
    )
