"""Messages by mail, through the relay of the council."""

import os
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from enum import StrEnum

from spmigrate import words
from spmigrate.messages.message import Attempt, Message, Sleep, attempt

SECONDS = 20.0
"""How long one answer of the relay may take."""
_PERMANENT = 500


class Security(StrEnum):
    """How the way to the relay is closed to others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail from one address to some, through a relay; the account is None where the relay knows its machines."""

    relay: str
    port: int
    sender: str
    to: tuple[str, ...]
    security: Security = Security.STARTTLS
    account: tuple[str, str] | None = field(default=None, repr=False)
    seconds: float = SECONDS
    sleep: Sleep | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def name(self) -> str:
        """The addresses."""
        return "mail to " + ", ".join(self.to)

    def send(self, message: Message) -> str | None:
        """Send it as plain text; returns why it could not be sent, or to whom of several."""
        letter = self._letter(message)
        options = {} if self.sleep is None else {"sleep": self.sleep}
        return attempt(lambda: self._told(letter), **options)

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        # A name in a subject may hold line breaks, which would begin another header.
        letter["Subject"] = words.shortened(words.visible(message.subject), 200)
        letter["From"] = self.sender
        letter["To"] = ", ".join(self.to)
        letter["Date"] = format_datetime(self.now())
        letter["Message-ID"] = make_msgid(domain=self._domain)
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nothing answers it by itself
        facts = [f"{name}: {value}" for name, value in message.facts]
        lines = [words.visible(each) for each in (*message.sentences, *([""] if facts else []), *facts)]
        letter.set_content("\n".join([*lines, ""]), charset="utf-8")
        return letter

    @property
    def _domain(self) -> str:
        return self.sender.rpartition("@")[2]

    def _told(self, letter: EmailMessage) -> Attempt:
        """One try, with what went wrong in words."""
        try:
            return self._deliver(letter)
        except smtplib.SMTPNotSupportedError:
            return Attempt("the relay offers no STARTTLS, or no sign-in, so nothing was sent")
        except smtplib.SMTPAuthenticationError:
            return Attempt("the relay refuses the account")
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients)
        except smtplib.SMTPResponseException as error:
            return Attempt(f"the relay answered {error.smtp_code}", again=error.smtp_code < _PERMANENT)
        except smtplib.SMTPServerDisconnected:  # which is also what a time-out in the middle becomes
            return Attempt("the relay did not answer, or broke off", again=True)
        except ssl.SSLError:
            return Attempt("the relay's certificate is not trusted here")
        except TimeoutError:
            return Attempt("the relay did not answer the connection in time", again=True)
        except (smtplib.SMTPException, OSError):
            return Attempt("the relay cannot be reached", again=True)

    def _deliver(self, letter: EmailMessage) -> Attempt:
        relay = self._connect()
        try:
            if self.security is Security.STARTTLS:
                relay.starttls(context=_context())
            if self.account is not None:
                relay.login(*self.account)
            refused = relay.send_message(letter)
        except BaseException:
            relay.close()  # without a word more: a relay that hangs would not answer that either
            raise
        with suppress(smtplib.SMTPException, OSError):
            relay.quit()
        # Most have it: trying again would send it to them twice.
        return Attempt(f"the relay refused {', '.join(sorted(refused))}") if refused else Attempt()

    def _connect(self) -> smtplib.SMTP:
        # A name of ours is given, as looking up this machine's own may take longer than sending.
        if self.security is Security.TLS:
            return smtplib.SMTP_SSL(
                self.relay, self.port, local_hostname=self._domain, timeout=self.seconds, context=_context()
            )
        return smtplib.SMTP(self.relay, self.port, local_hostname=self._domain, timeout=self.seconds)


def _refused(recipients: dict[str, tuple[int, bytes]]) -> Attempt:
    codes = [code for code, _ in recipients.values()]
    again = all(code < _PERMANENT for code in codes)
    return Attempt(f"the relay refused {', '.join(sorted(recipients))}", again=again)


def _context() -> ssl.SSLContext:
    """What is trusted: the authorities of this machine, or those of REQUESTS_CA_BUNDLE."""
    named = os.environ.get("REQUESTS_CA_BUNDLE")
    return ssl.create_default_context(cafile=named or None)
