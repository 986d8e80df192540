"""A message as an adaptive card, in the form that a workflow of Teams takes.

The text of a message holds names of waves, folders and errors. Every text is a run of a rich text block, where Teams
reads neither Markdown nor its date functions, so that no name turns into a link, a mention or a heading.
Source: Adaptive Cards schema 1.4, RichTextBlock and TextRun.
"""

import json
from typing import Any

from spmigrate import words
from spmigrate.messages.message import Message

MOST_BYTES = 20_000
"""The largest body that is sent. Teams takes about 28 KB (learn.microsoft.com, Create Incoming Webhooks), of which it
counts what it makes of a card, too: from 21 KB on, refusals were seen."""
_LONGEST = 1_000
"""Characters of one text: a sentence with a path in it fits several times."""


def body(message: Message) -> bytes:
    """The request's body, at most `MOST_BYTES`: what does not fit is left out from the end, and that is said."""
    parts = [_sentence(each) for each in message.sentences]
    parts += [_fact(name, value) for name, value in message.facts]
    left_out = 0
    while len(found := _encoded(message.subject, parts, left_out)) > MOST_BYTES:
        parts.pop()
        left_out += 1
    return found


def _encoded(subject: str, parts: list[dict[str, Any]], left_out: int) -> bytes:
    more = [_sentence(f"{words.plural(left_out, 'more line')}: see spmigrate wave status")] if left_out else []
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "fallbackText": _text(subject),
        "body": [_block(_run(subject, weight="Bolder", size="Medium")), *parts, *more],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False).encode()


def _sentence(text: str) -> dict[str, Any]:
    return _block(_run(text))


def _fact(name: str, value: str) -> dict[str, Any]:
    return _block(_run(f"{name}: ", weight="Bolder"), _run(value), spacing="Small")


def _block(*runs: dict[str, Any], spacing: str = "Default") -> dict[str, Any]:
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": list(runs)}


def _run(text: str, **form: str) -> dict[str, Any]:
    return {"type": "TextRun", "text": _text(text), **form}


def _text(text: str) -> str:
    return words.shortened(words.visible(text), _LONGEST)
