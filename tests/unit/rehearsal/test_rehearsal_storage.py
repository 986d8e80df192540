"""The tenant's state on disk."""

from pathlib import Path

from spmigrate.rehearsal.storage import Store


def test_database_and_its_log_are_private_even_in_an_open_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for name in ("tenant.db", "tenant.db-wal"):
        (tmp_path / name).touch(mode=0o644)
    store = Store(tmp_path)
    store.write_value("password", "secret")
    files = list(tmp_path.glob("tenant.db*"))
    assert len(files) == 3
    assert [file.stat().st_mode & 0o077 for file in files] == [0, 0, 0]
    store.close()
