"""However a file is damaged, it is used or refused at a place in it; nothing else ever happens."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.provision.diff import compare
from spmigrate.provision.lint import review
from spmigrate.provision.resolve import resolve
from tests.conftest import ROOT

FILES = sorted(
    path.relative_to(ROOT / "site_templates")
    for path in (ROOT / "site_templates").rglob("*.yaml")
    if "samples" not in path.parts
)
WORDS = sorted({word for name in FILES for word in (ROOT / "site_templates" / name).read_text("utf-8").split()})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_used_or_refused_at_a_place(folder: Path, data: st.DataObject) -> None:
    shutil.copytree(ROOT / "site_templates", folder, dirs_exist_ok=True)
    path = folder / data.draw(st.sampled_from(FILES))
    words = path.read_text("utf-8").split(" ")
    at = data.draw(st.integers(0, len(words) - 1))
    words[at : at + data.draw(st.integers(0, 2))] = data.draw(st.lists(st.sampled_from(WORDS), max_size=2))
    path.write_text(" ".join(words), "utf-8")
    try:
        for site in resolve(review(folder).catalogue):
            compare(site, None)
    except InputError as error:
        assert error.problems
        assert all(problem.where.startswith(str(folder)) for problem in error.problems)
