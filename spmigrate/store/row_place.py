"""Where the folder of a row lies at a destination: below the same folders as at the source, under their new names."""

import json
import unicodedata
from collections.abc import Sequence

from spmigrate.store.ledger import Ledger


def above(ledger: Ledger, folder_ids: Sequence[int]) -> dict[int, str]:
    """For each folder the path that the folders around it have in a library; empty for top folders.

    Names are composed (NFC), and those that SharePoint would refuse are as the last scan proposes, whatever was
    decided about other rows: two rows never disagree about a folder that both lie in.
    """
    lines: dict[int, list[tuple[int, str]]] = {folder_id: [] for folder_id in folder_ids}
    for row in ledger.rows(
        "WITH RECURSIVE up(start, id, parent_id, path, height) AS ("
        " SELECT f.id, f.id, f.parent_id, f.path, 0 FROM json_each(?) g"
        " JOIN folder f ON f.id = CAST(g.value AS INTEGER)"
        " UNION ALL SELECT u.start, f.id, f.parent_id, f.path, u.height + 1 FROM up u JOIN folder f"
        " ON f.id = u.parent_id)"
        " SELECT start, id, path FROM up WHERE height > 0 AND parent_id IS NOT NULL ORDER BY start, height DESC",
        (json.dumps(sorted(lines)),),
    ):
        lines[row["start"]].append((row["id"], row["path"].rpartition("/")[2]))
    names = tidied_names(ledger, sorted({folder_id for line in lines.values() for folder_id, _ in line}))
    return {
        start: "/".join(unicodedata.normalize("NFC", names.get(folder_id, name)) for folder_id, name in line)
        for start, line in lines.items()
    }


def tidied_names(ledger: Ledger, folder_ids: Sequence[int]) -> dict[int, str]:
    """The new names that the present scans propose for these folders themselves."""
    rows = ledger.rows(
        "SELECT n.folder_id, n.proposal FROM json_each(?) g JOIN finding n ON n.folder_id = CAST(g.value AS INTEGER)"
        " JOIN folder f ON f.id = n.folder_id JOIN source s ON s.id = f.source_id AND s.scan_id = n.scan_id"
        " WHERE n.item_id IS NULL AND n.treatment = 'rename' AND n.proposal IS NOT NULL ORDER BY n.id",
        (json.dumps(folder_ids),),
    )
    return {row["folder_id"]: row["proposal"] for row in rows}
