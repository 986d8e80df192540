"""Open bags of values, and how much a folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.sharepoint.model import Resource
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    DATE,
    INT,
    TEXT,
    Property,
    group,
    table,
)
from spmigrate.rehearsal.sharepoint.scope import Scope


class PropertyValues(Resource):
    """A property bag; names are open."""

    type = "SP.PropertyValues"
    feed = "PropertyValues"

    def __init__(self, scope: Scope, path: str, values: Mapping[str, Any]) -> None:
        super().__init__(scope)
        self._path = path
        self.values = values

    @property
    def path(self) -> str:
        return self._path

    def table(self) -> Any:
        return {name.lower(): Property(name, _edm(value), None) for name, value in self.values.items()}

    def has(self, _name: str) -> bool:
        return True

    def stored(self) -> Mapping[str, Any]:
        return self.values

    def merge(self, _patch: Mapping[str, Any]) -> None:
        """As in the service: accepted, and not kept."""


class StorageMetrics(Resource):
    """How much a folder holds."""

    type = "SP.StorageMetrics"
    feed = "StorageMetrics"
    declared = table(group(DATE, None, "LastModified"), group("Edm.Int64", 0, "TotalSize TotalFileStreamSize"),
                     group("Edm.Int64", 0, "TotalFileCount"),
                     group("Edm.Int64", 0, "MetadataSize VersionCount VersionSize", on_select=True))  # fmt: skip

    def __init__(self, scope: Scope, path: str, total: int, modified: str, count: int = 0) -> None:
        super().__init__(scope)
        self._path = path
        self._values = {"TotalSize": total, "TotalFileStreamSize": total, "LastModified": modified,
                        "TotalFileCount": count, "MetadataSize": 0, "VersionCount": 0, "VersionSize": 0}  # fmt: skip

    @property
    def path(self) -> str:
        return self._path

    def stored(self) -> Mapping[str, Any]:
        return self._values


def _edm(value: object) -> str:
    return {bool: BOOLEAN, int: INT}.get(type(value), TEXT)
