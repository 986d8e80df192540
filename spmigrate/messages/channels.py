"""The channels that the settings name. What is secret about them comes from the environment or a file of its own."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from spmigrate.config import MailSection, NotifySection
from spmigrate.errors import ConfigError
from spmigrate.messages.mail import Mail, Security
from spmigrate.messages.message import Channel
from spmigrate.messages.webhook import Webhook


def channels(settings: NotifySection, folder: Path, environment: Mapping[str, str] = os.environ) -> tuple[Channel, ...]:
    """Every channel that is set up; file names are beside spmigrate.yaml, in `folder`. Raises ConfigError for none."""
    found: list[Channel] = []
    address = environment.get("SPMIGRATE_WEBHOOK") or (
        _secret(folder / settings.webhook_file) if settings.webhook_file else ""
    )
    if address:
        found.append(Webhook(address.strip()))
    if settings.mail:
        found.append(_mail(settings.mail, environment))
    if not found:
        raise ConfigError(
            "nobody is named who could be told",
            hint="export SPMIGRATE_WEBHOOK=ADDRESS of a Teams workflow, or write 'notify: mail:' in spmigrate.yaml",
        )
    return tuple(found)


def _mail(section: MailSection, environment: Mapping[str, str]) -> Mail:
    user, password = environment.get("SPMIGRATE_MAIL_USER"), environment.get("SPMIGRATE_MAIL_PASSWORD")
    if bool(user) != bool(password):
        raise ConfigError(
            "SPMIGRATE_MAIL_USER and SPMIGRATE_MAIL_PASSWORD go together", hint="export both of them, or neither"
        )
    if user and section.security == "none":
        raise ConfigError(
            "the account of the mail relay would go over the network in the clear",
            hint="write security: starttls or tls in 'notify: mail:' of spmigrate.yaml",
        )
    account = (user, password) if user and password else None
    return Mail(
        section.relay, section.port, section.from_, section.to, Security(section.security), account=account
    )  # fmt: skip


def _secret(path: Path) -> str:
    """The one line of a file that only its owner reads."""
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(f"others can read {path}", hint=f"chmod 600 {path}")
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError(
            f"{path} cannot be read: {said.lower()}", hint="correct 'webhook file' in 'notify:' of spmigrate.yaml"
        ) from None
