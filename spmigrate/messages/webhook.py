"""Messages to a channel of Teams, by the address of a workflow that posts what it is sent.

The address holds a signature: whoever knows it can post. It is never shown, nor is what a receiver answers.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies

from spmigrate.errors import ConfigError
from spmigrate.messages import card
from spmigrate.messages.message import Attempt, Message, Sleep, attempt

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
_LOCAL = ("127.0.0.1", "::1", "localhost")
_BUSY = (408, 425, 429)
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Webhook:
    """The channel behind the address of a workflow. Raises ConfigError for one without TLS."""

    address: str = field(repr=False)
    sleep: Sleep | None = None
    connect_seconds: float = CONNECT_SECONDS
    answer_seconds: float = ANSWER_SECONDS

    def __post_init__(self) -> None:
        """Refuse an address that anybody on the way could read."""
        parts = urlsplit(self.address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
        if not safe or not parts.hostname:
            raise ConfigError(
                "the address of the Teams workflow does not begin with https://",
                hint="copy it from the workflow that posts to the channel when a webhook request is received",
            )

    @property
    def name(self) -> str:
        """The host alone: the rest of the address is secret."""
        return f"the Teams workflow at {urlsplit(self.address).hostname}"

    def send(self, message: Message) -> str | None:
        """Post it as a card; returns why it could not be sent."""
        body = card.body(message)
        options = {} if self.sleep is None else {"sleep": self.sleep}
        return attempt(lambda: self._post(body), **options)

    def _post(self, body: bytes) -> Attempt:
        with requests.Session() as session:
            session.trust_env = False  # a .netrc would add an Authorization header
            session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or DEFAULT_CA_BUNDLE_PATH
            return _told(lambda: self._answer(session, body))

    def _answer(self, session: requests.Session, body: bytes) -> Attempt:
        with session.post(
            self.address, data=body, headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=(self.connect_seconds, self.answer_seconds), allow_redirects=False, stream=True,
            proxies=dict(get_environ_proxies(self.address)),
        ) as answer:  # fmt: skip
            if answer.ok and not answer.is_redirect:
                return Attempt()
            again = answer.status_code in _BUSY or answer.status_code >= _SERVER_ERROR
            return Attempt(f"it answered {answer.status_code}", again, _seconds(answer.headers.get("Retry-After")))


def _told(ask: Callable[[], Attempt]) -> Attempt:
    """What came of a request, its failures in words that repeat nothing of the address."""
    try:
        return ask()
    except requests.exceptions.SSLError:
        return Attempt("its certificate is not trusted here")
    except requests.exceptions.ProxyError:
        return Attempt("the proxy let nothing through", again=True)
    except requests.exceptions.Timeout:
        return Attempt("it did not answer in time", again=True)
    except requests.exceptions.ConnectionError:
        return Attempt("it cannot be reached", again=True)
    except (requests.exceptions.RequestException, OSError) as error:  # OSError: REQUESTS_CA_BUNDLE names no file
        return Attempt(f"the request could not be made ({type(error).__name__})")


def _seconds(said: str | None) -> float | None:
    """Retry-After in seconds; a date, or anything else, counts as nothing said."""
    return float(said) if said and said.isascii() and said.isdigit() else None
