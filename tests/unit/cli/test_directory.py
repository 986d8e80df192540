"""Whether people are in the directory, asked while somebody types."""

from typing import cast

import pytest

from spmigrate.cli import tenants, view
from spmigrate.cli.directory import Directory
from spmigrate.errors import Unavailable

NOBODY = cast("view.Session", None)


def unreachable(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The attempts to reach a tenant that cannot be reached."""
    asked: list[str] = []

    def refuse(_session: view.Session) -> None:
        asked.append("asked")
        raise Unavailable("the tenant does not answer")

    monkeypatch.setattr(tenants, "connect", refuse)
    return asked


def test_a_tenant_that_cannot_be_reached_is_asked_once_and_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = unreachable(monkeypatch)
    with Directory(NOBODY, ask=True) as people:
        assert people.missing(["a@council.example"]) == people.missing(["b@council.example"]) == []
    assert asked == ["asked"]
    assert capsys.readouterr().err.count("could not be checked: the tenant does not answer") == 1


def test_without_a_tenant_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = unreachable(monkeypatch)
    with Directory(NOBODY, ask=False) as people:
        assert people.missing(["a@council.example"]) == []
    assert asked == []
