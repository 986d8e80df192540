"""Events: what happened, as constant names with facts as keywords, on stderr or in a file, never on stdout.

structlog costs an eighth of a second to import, so it is imported with this module and this module only by code that
talks to a tenant or moves content. Secrets are scrubbed here, in one place, whatever the caller passes.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

Event = MutableMapping[str, Any]

_SECRET_KEYS = re.compile(
    r"authorization|secret|password|token|assertion|upload_?url|sas|cookie|private_?key|(?<!_)key$", re.I
)
_SECRET_VALUES = re.compile(
    r"eyJ[\w-]+\.[\w-]+\.[\w-]*|(?:sig|tempauth|access_token|client_secret|password)=[^&\s\"']+", re.I
)
_HIDDEN = "(hidden)"


def logger() -> Any:
    """The product's logger. Events are `noun.past_verb`; facts are keywords; never an f-string."""
    return structlog.get_logger()


def scrub(_logger: Any, _method: str, event: Event) -> Event:
    """Replace every secret in an event, by key and by shape."""
    for key, value in event.items():
        if _SECRET_KEYS.search(key):
            event[key] = _HIDDEN
        elif isinstance(value, str):
            event[key] = hide(value)
    return event


def hide(text: str) -> str:
    """`text` without what looks like a secret: for messages that repeat what a service said."""
    return _SECRET_VALUES.sub(_HIDDEN, text)


def configure(*, verbose: int = 0, file: Path | None = None) -> None:
    """Send events to stderr from warning (0), info (1) or debug (2); to `file` as JSON lines from debug."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        scrub,
    ]
    if file:
        processors.append(_FileCopy(file))
    structlog.configure(
        processors=[
            *processors,
            _Threshold(level),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if file else level),
        logger_factory=_StderrFactory(),
        cache_logger_on_first_use=False,
    )


class _Threshold:
    """Drops events below a level after the file has had its copy."""

    def __init__(self, level: int) -> None:
        self.level = level

    def __call__(self, _logger: Any, method: str, event: Event) -> Event:
        if getattr(logging, method.upper(), logging.INFO) < self.level:
            raise structlog.DropEvent
        return event


class _FileCopy:
    """Writes each event as one JSON line, so that a run can be read afterwards by machines."""

    def __init__(self, path: Path) -> None:
        self.stream: TextIO = path.open("a", encoding="utf-8", buffering=1)
        self.render = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)

    def __call__(self, logger_: Any, method: str, event: Event) -> Event:
        self.stream.write(str(self.render(logger_, method, dict(event))) + "\n")
        return event


class _StderrFactory:
    """Looks stderr up at each call: progress displays replace it while they are live."""

    def __call__(self, *_args: Any) -> structlog.PrintLogger:
        return structlog.PrintLogger(sys.stderr)


configure()  # whoever talks to a tenant without asking for a log gets warnings on stderr, not structlog's own stdout
