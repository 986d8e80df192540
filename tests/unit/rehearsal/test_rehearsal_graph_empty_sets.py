"""Sets of which the tenant has none: empty for who may read them, refused to others."""

from collections.abc import Iterator

import pytest

from spmigrate.rehearsal.graph.empty_sets import ROUTES
from tests.unit.rehearsal.directory_calls import Directory, open_directory

PATHS = sorted({
    each.pattern.replace("\\", "").partition("(?P")[0].rstrip("/"): each.permissions[0]
    for each in ROUTES
    if "(?P<id>" not in each.pattern and "count" not in each.pattern
}.items())  # fmt: skip


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    opened = open_directory(tmp_path_factory.mktemp("empty"))
    yield opened
    opened.tenant.store.close()


@pytest.mark.parametrize(("path", "permission"), PATHS)
def test_set_of_nothing_is_read_by_who_may(directory: Directory, path: str, permission: str) -> None:
    assert directory.get(path, roles=[permission])["value"] == []
    assert directory.ask("GET", path, roles=["Mail.Read"])[0] == 403
    assert directory.ask("GET", f"{path}/none", roles=[permission])[0] == 404
    assert directory.ask("GET", f"{path}?$select=nonsense", roles=[permission])[0] == 400


def test_nothing_is_below_somebody_alone_who_is_there(directory: Directory) -> None:
    path, roles = "users/{}/authentication/phoneMethods", ["UserAuthenticationMethod.Read.All"]
    assert directory.get(path.format("admin@contoso.onmicrosoft.com"), roles=roles)["value"] == []
    assert directory.ask("GET", path.format("nobody@contoso.onmicrosoft.com"), roles=roles)[0] == 404
    domain = "domains/{}/federationConfiguration"
    assert directory.get(domain.format("contoso.onmicrosoft.com"))["value"] == []
    assert directory.ask("GET", domain.format("elsewhere.example"))[0] == 404
