"""Addresses of shares and the accounts that read them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import ConfigError, UsageProblem
from spmigrate.fileserver import credentials
from spmigrate.fileserver.address import Address, from_unc, parse
from spmigrate.fileserver.credentials import Credentials


def test_server_share_and_folder_are_told_apart() -> None:
    assert parse("smb://FS01/AdultSocialCare") == Address("fs01", 445, "AdultSocialCare")
    assert parse("smb://fs01:4450/Common/Letters/2019/") == Address("fs01", 4450, "Common", "Letters/2019")
    assert parse("smb://[fe80::1]/Common") == Address("fe80::1", 445, "Common")
    assert str(parse("smb://[FE80::1]:9/Common/x")) == "smb://[fe80::1]:9/Common/x"


def test_percent_signs_are_part_of_names() -> None:
    assert parse("smb://fs01/Common/A%20B #1").path == "A%20B #1"


@pytest.mark.parametrize(
    "text", ["smb://", "smb://fs01", "smb://fs01/", "smb://fs01/a/../b", "smb://fs01:0/a", "smb:fs01"]
)
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        parse(text)
    assert "smb://fs01/AdultSocialCare" in (refused.value.hint or "")


def test_passwords_do_not_belong_in_addresses() -> None:
    with pytest.raises(UsageProblem, match="names and passwords") as refused:
        parse("smb://clerk:secret@fs01/Common")
    assert "secret" not in refused.value.message + (refused.value.hint or "")


@given(
    st.text("abÄ $-_", min_size=1).filter(lambda share: bool(share.strip())),
    st.lists(st.text("abÄ.% #", min_size=3), max_size=4),
)
def test_address_is_read_back_as_it_is_written(share: str, parts: list[str]) -> None:
    address = Address("fs01", 445, share, "/".join(parts))
    assert parse(str(address)) == address
    assert from_unc(address.unc) == address


def test_folders_hold_what_lies_in_them_whatever_the_capitals() -> None:
    whole, folder = Address("fs01", 445, "Common"), Address("fs01", 445, "COMMON", "Letters")
    assert whole.holds(folder) and whole.holds(whole) and not folder.holds(whole)
    assert folder.holds(Address("fs01", 445, "common", "letters/2019"))
    assert not folder.holds(Address("fs01", 445, "Common", "Letters2"))
    assert not whole.holds(Address("fs02", 445, "Common"))


def test_referral_without_a_share_is_refused() -> None:
    with pytest.raises(ValueError, match="names no share"):
        from_unc(r"\fs01")


def test_account_comes_from_the_environment() -> None:
    found = credentials.find({"SPMIGRATE_SMB_USER": "COUNCIL\\scan", "SPMIGRATE_SMB_PASSWORD": "s"})
    assert found == Credentials("COUNCIL\\scan", "s") and found.mechanism == "negotiate"
    assert "s'" not in repr(found) and "password" not in repr(found)


def test_password_without_a_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="SPMIGRATE_SMB_USER is not"):
        credentials.find({"SPMIGRATE_SMB_PASSWORD": "s"})


def test_credentials_file_is_read_when_nobody_else_can(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("# the account that scans\nusername=scan\npassword= with = and space\ndomain=COUNCIL\n")
    file.chmod(0o600)
    settings = {"SPMIGRATE_SMB_CREDENTIALS": str(file)}
    assert credentials.find(settings) == Credentials("COUNCIL\\scan", " with = and space")
    file.chmod(0o640)
    with pytest.raises(ConfigError, match="others can read") as refused:
        credentials.find(settings)
    assert refused.value.hint == f"chmod 600 {file}"


@pytest.mark.parametrize("text", ["", "username=scan\n", "password=s\n"])
def test_credentials_file_must_have_both(tmp_path: Path, text: str) -> None:
    file = tmp_path / "credentials"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="lacks a line"):
        credentials.find({"SPMIGRATE_SMB_CREDENTIALS": str(file)})


def test_without_a_password_it_is_kerberos_where_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_has_kerberos", lambda: True)
    assert credentials.find({}) == Credentials(None, None)
    named = credentials.find({"SPMIGRATE_SMB_USER": "scan@COUNCIL.EXAMPLE"})
    assert named.mechanism == "kerberos" and named.user == "scan@COUNCIL.EXAMPLE"
    monkeypatch.setattr(credentials, "_has_kerberos", lambda: False)
    with pytest.raises(ConfigError, match="Kerberos is not installed") as refused:
        credentials.find({})
    assert "KRB5_CLIENT_KTNAME" in (refused.value.hint or "")
