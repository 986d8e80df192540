"""`init` lays out a working folder whole or not at all; `doctor` starts with the configuration."""

import json
from collections import Counter
from pathlib import Path

import pytest

from spmigrate import config, starter
from spmigrate.cli import app
from spmigrate.errors import SpmigrateError
from spmigrate.provision.lint import review
from spmigrate.provision.resolve import resolve
from spmigrate.workplace import FILE_NAME


def test_shipped_folders_are_found() -> None:
    assert list(starter.folders()) == ["site_templates", "mappings", "governance_rules"]
    assert all(path.is_dir() for path in starter.folders().values())


def test_absent_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter, "NAMES", ("nowhere",))
    with pytest.raises(SpmigrateError, match="nowhere"):
        starter.folders()


def test_working_folder_holds_what_is_shipped(tmp_path: Path) -> None:
    assert app.run(["init", str(tmp_path / "a" / "work")]) == 0
    work = tmp_path / "a" / "work"
    assert sorted(path.name for path in work.iterdir()) == sorted([*starter.NAMES, FILE_NAME])
    for name, shipped in starter.folders().items():
        expected = {path.relative_to(shipped) for path in shipped.rglob("*.*") if "__pycache__" not in path.parts}
        assert {path.relative_to(work / name) for path in (work / name).rglob("*.*")} == expected
    assert config.load(work / FILE_NAME).config.tenant.client_id


def test_sites_to_begin_with_are_a_pilot_a_whole_county_or_none(tmp_path: Path) -> None:
    shipped = starter.folders()["site_templates"]
    pilot = {path.name for path in (shipped / "sites").glob("*.yaml")}
    county = {path.name for path in (shipped / "samples" / "county").glob("*.yaml")}
    for sites, expected in (("pilot", pilot), ("county", pilot | county), ("none", set())):
        assert app.run(["init", str(tmp_path / sites), "--sites", sites]) == 0
        assert {path.name for path in (tmp_path / sites / "site_templates" / "sites").iterdir()} == expected


def test_rehearsal_tenant_is_named_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert app.run(["init", "work", "--rehearsal", "my tenant: #1"]) == 0
    settings = config.load(tmp_path / "work" / FILE_NAME)
    assert settings.config.tenant.rehearsal == "../my tenant: #1"


def test_existing_work_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "signed.xlsx").write_text("precious")
    assert app.run(["init", str(tmp_path)]) == 1
    assert "already has mappings" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["mappings", "signed.xlsx"]


def test_other_files_in_the_folder_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "app.pem").write_text("pem")
    assert app.run(["init", str(tmp_path)]) == 0


def test_failure_half_way_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = {**starter.folders(), "governance_rules": tmp_path / "gone"}
    monkeypatch.setattr(starter, "folders", lambda: shipped)
    assert app.run(["init", str(tmp_path / "work")]) == 1
    assert f"{tmp_path / 'gone'}: No such file" in capsys.readouterr().err
    assert not (tmp_path / "work").exists()


def doctor(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The first line of the doctor, which must not need a tenant."""
    monkeypatch.chdir(folder)
    assert app.run(["doctor", "--json"]) == 1
    (check,) = json.loads(capsys.readouterr().out)["checks"]
    assert (check["name"], check["state"]) == ("configuration", "problem")
    return check


def test_doctor_finds_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "spmigrate init" in doctor(tmp_path, monkeypatch, capsys)["remedy"]


def test_doctor_shows_where_the_configuration_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE_NAME).write_text("version: 1\ntenant: {rehersal: x}\n")
    assert f"{FILE_NAME}:2:10: unknown key 'rehersal'" in doctor(tmp_path, monkeypatch, capsys)["text"]


def test_doctor_notices_sample_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app.run(["init", str(tmp_path)])
    capsys.readouterr()
    assert "sample answers" in doctor(tmp_path, monkeypatch, capsys)["text"]


def test_the_sample_county_is_whole(tmp_path: Path) -> None:
    assert app.run(["init", str(tmp_path / "work"), "--sites", "county"]) == 0
    found = review(tmp_path / "work" / "site_templates")
    kinds = Counter(site.kind for site in resolve(found.catalogue))
    assert kinds == {"Directorate": 8, "Function": 30, "Team": 60, "Partnership": 2, "Programme": 2}
    assert found.advice == ()
