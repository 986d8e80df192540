"""Conditional headers of Azure Storage: what must hold before a blob is read or altered."""

from __future__ import annotations

from collections.abc import Mapping

from spmigrate.rehearsal.azure.answers import AzureError, read_http_date
from spmigrate.rehearsal.azure.containers import StoredBlob


def check_conditions(headers: Mapping[str, str], blob: StoredBlob | None, *, reads: bool = False) -> bool:
    """Refuse (412) when a condition does not hold; False when a reader has the blob already (304)."""
    match = headers.get("if-match")
    if match is not None and (blob is None or not _names(match, blob)):
        raise AzureError("ConditionNotMet")
    unmodified = headers.get("if-unmodified-since")
    if unmodified is not None and blob is not None and int(blob.modified) > read_http_date(unmodified):
        raise AzureError("ConditionNotMet")
    unchanged = False
    none_match = headers.get("if-none-match")
    if none_match is not None and blob is not None and _names(none_match, blob):
        if none_match.strip() == "*" and not reads:
            raise AzureError("BlobAlreadyExists")
        unchanged = True
    modified = headers.get("if-modified-since")
    if modified is not None and none_match is None and blob is not None:
        unchanged = int(blob.modified) <= read_http_date(modified)
    if unchanged and not reads:
        raise AzureError("ConditionNotMet")
    return not unchanged


def _names(header: str, blob: StoredBlob) -> bool:
    tags = [tag.strip() for tag in header.split(",")]
    return "*" in tags or blob.etag in tags or blob.etag.strip('"') in tags
