"""Which channels the settings name, and where their secrets come from."""

from pathlib import Path

import pytest

from spmigrate.config import MailSection, NotifySection
from spmigrate.errors import ConfigError
from spmigrate.messages.channels import channels

MAIL = MailSection(relay="relay.council.example", from_="robot@council.example", to=("lead@council.example",))


def test_the_address_of_the_workflow_comes_from_the_environment_or_a_closed_file(tmp_path: Path) -> None:
    file = tmp_path / "hook.txt"
    file.write_text("https://flows.example/of-the-file?sig=x\n")
    file.chmod(0o600)
    settings = NotifySection(webhook_file="hook.txt")
    assert channels(settings, tmp_path, {})[0].name == "the Teams workflow at flows.example"
    (found,) = channels(settings, tmp_path, {"SPMIGRATE_WEBHOOK": "https://other.example/?sig=x"})
    assert found.name == "the Teams workflow at other.example"
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="others can read"):
        channels(settings, tmp_path, {})
    file.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        channels(settings, tmp_path, {})


def test_mail_goes_with_an_account_only_over_a_closed_way(tmp_path: Path) -> None:
    account = {"SPMIGRATE_MAIL_USER": "robot", "SPMIGRATE_MAIL_PASSWORD": "s3cr3t"}
    (found,) = channels(NotifySection(mail=MAIL), tmp_path, account)
    assert found.name == "mail to lead@council.example"
    assert "s3cr3t" not in repr(found)
    with pytest.raises(ConfigError, match="in the clear"):
        channels(NotifySection(mail=MAIL.model_copy(update={"security": "none"})), tmp_path, account)
    with pytest.raises(ConfigError, match="go together"):
        channels(NotifySection(mail=MAIL), tmp_path, {"SPMIGRATE_MAIL_USER": "robot"})


def test_asking_to_be_told_without_a_channel_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        channels(NotifySection(), tmp_path, {})
    assert "SPMIGRATE_WEBHOOK" in str(raised.value.hint)
