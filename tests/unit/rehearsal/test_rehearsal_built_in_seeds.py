"""Seeds by name."""

from pathlib import Path

import pytest

from spmigrate.rehearsal.built_in import NAMES, read_seed_text
from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.seed import read_seed
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.tenant import open_tenant


@pytest.mark.parametrize("name", NAMES)
def test_built_in_seed_is_a_seed(name: str) -> None:
    text, source = read_seed_text(name)
    assert read_seed(text, source=source).users
    assert name in source


def test_built_in_name_counts_before_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("demo").write_text("users: []\n", "utf-8")
    assert "Transport Strategy" in read_seed_text("demo")[0]
    assert read_seed_text("./demo") == ("users: []\n", "./demo")


def test_missing_seed_is_told_the_names_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError) as caught:
        read_seed_text(tmp_path / "nothing.yaml")
    assert "default or demo" in str(caught.value.hint)


def test_demo_seed_makes_its_tenant_once(tmp_path: Path) -> None:
    tenant = open_tenant(tmp_path)
    seeder = Seeder(tenant, ensure_identity(tmp_path, tenant.names))
    seeder.ensure("demo")
    assert tenant.store.find("site", 0, "contoso.sharepoint.com/sites/t-p3s8t")
    applied = tenant.store.read_value("seeds")
    seeder.ensure("demo")
    assert tenant.store.read_value("seeds") == applied
    tenant.store.close()


def test_one_line_of_a_seed_makes_many_files(tmp_path: Path) -> None:
    tenant = open_tenant(tmp_path)
    seeder = Seeder(tenant, ensure_identity(tmp_path, tenant.names))
    seeder.ensure(None)
    file = "{path: 'Year {thousand}/Letter {n}.txt', count: 1002, text: same}"
    text = f"sites:\n  - {{url: /sites/team, title: Team, libraries: [{{name: Documents, files: [{file}]}}]}}"
    seeder.apply(text, source="a test")
    found = tenant.store.db.execute("SELECT name FROM item WHERE name LIKE 'Year%' OR name LIKE 'Letter%'").fetchall()
    tenant.store.close()
    assert {row[0] for row in found} == {"Year 0", "Year 1", *(f"Letter {number}.txt" for number in range(1002))}
