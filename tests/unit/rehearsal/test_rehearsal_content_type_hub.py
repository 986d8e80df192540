"""Content types that are published in the hub come to other sites with their columns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.rehearsal.directory_calls import Directory, open_directory

HUB = "sites/contoso.sharepoint.com:/sites/contentTypeHub:"
TEAM = "sites/contoso.sharepoint.com:/sites/team:"


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path)
    yield opened
    opened.tenant.store.close()


def made(directory: Directory, path: str, body: dict[str, object]) -> Any:
    status, answer = directory.ask("POST", path, body)
    assert status == 201, answer
    return answer


def column(directory: Directory, kind: str, name: str) -> str:
    new = made(directory, f"{HUB}/columns", {"name": name, "text": {}, "columnGroup": "Council"})
    bind = f"https://graph.microsoft.com/v1.0/{HUB}/columns/{new['id']}"
    made(directory, f"{HUB}/contentTypes/{kind}/columns", {"sourceColumn@odata.bind": bind})
    return str(new["id"])


def test_copy_from_the_hub_brings_the_columns(directory: Directory) -> None:
    base = {"id": "0x0101", "name": "Document"}
    kind = made(directory, f"{HUB}/contentTypes", {"name": "Contract", "group": "Council", "base": base})["id"]
    first = column(directory, kind, "ContractNumber")
    copy = f"{TEAM}/contentTypes/addCopyFromContentTypeHub"
    assert directory.ask("POST", copy, {"contentTypeId": kind})[0] == 404
    assert directory.send("POST", f"{HUB}/contentTypes/{kind}/publish").status == 204
    made(directory, copy, {"contentTypeId": kind})
    listed = f"{TEAM}/lists/Documents/contentTypes/addCopyFromContentTypeHub"
    own = made(directory, listed, {"contentTypeId": kind})["id"]
    for place in (f"{TEAM}/contentTypes/{kind}", f"{TEAM}/lists/Documents/contentTypes/{own}"):
        assert first in [each["id"] for each in directory.get(f"{place}/columns")["value"]], place
    assert "ContractNumber" in [each["name"] for each in directory.get(f"{TEAM}/columns")["value"]]
    assert "ContractNumber" in [each["name"] for each in directory.get(f"{TEAM}/lists/Documents/columns")["value"]]
    second = column(directory, kind, "ContractValue")
    made(directory, copy, {"contentTypeId": kind})
    assert second in [each["id"] for each in directory.get(f"{TEAM}/contentTypes/{kind}/columns")["value"]]


def test_columns_of_a_content_type_are_cheap(directory: Directory) -> None:
    directory.get(f"{TEAM}/contentTypes/0x0101/columnLinks")
    began = time.process_time()
    for _ in range(20):
        directory.get(f"{TEAM}/contentTypes/0x0101/columnLinks")
    # A fraction of what it takes to work out the 300 columns of a site each time.
    assert time.process_time() - began < 0.1
