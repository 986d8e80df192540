"""Messages as cards: within the limit of Teams, and no name in them is read as anything but text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.messages import card
from spmigrate.messages.message import Message


def inlines(message: Message) -> list[dict[str, str]]:
    content = json.loads(card.body(message))["attachments"][0]["content"]
    assert {block["type"] for block in content["body"]} == {"RichTextBlock"}
    return [run for block in content["body"] for run in block["inlines"]]


def test_a_message_is_a_card_in_an_attachment_as_workflows_take_it() -> None:
    found = json.loads(card.body(Message("Wave pilot has started", ("Six workers.",), (("Files", "12"),))))
    assert found["type"] == "message"
    attachment = found["attachments"][0]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert (attachment["content"]["type"], attachment["content"]["version"]) == ("AdaptiveCard", "1.4")
    texts = [run["text"] for block in attachment["content"]["body"] for run in block["inlines"]]
    assert texts == ["Wave pilot has started", "Six workers.", "Files: ", "12"]


def test_names_stay_text_where_markdown_would_make_links_of_them() -> None:
    hostile = "[pay here](https://evil.example) **now** {{DATE(2026-01-01)}} <at>everyone</at> \u202egnp.exe\nline"
    runs = inlines(Message(hostile, (hostile,), ((hostile, hostile),)))
    assert {run["type"] for run in runs} == {"TextRun"}, "runs are never read as Markdown"
    assert not any("\u202e" in run["text"] or "\n" in run["text"] for run in runs)


def test_what_does_not_fit_is_left_out_and_said() -> None:
    found = card.body(Message("Much", tuple(f"{n}: " + "é" * 900 for n in range(40))))
    assert len(found) <= card.MOST_BYTES
    said = json.loads(found)["attachments"][0]["content"]["body"][-1]["inlines"][0]["text"]
    assert "more lines" in said


@given(st.text(), st.lists(st.text(max_size=3000), max_size=30), st.lists(st.tuples(st.text(), st.text()), max_size=30))
def test_no_message_is_larger_than_teams_takes(subject: str, lines: list[str], facts: list[tuple[str, str]]) -> None:
    assert len(card.body(Message(subject, tuple(lines), tuple(facts)))) <= card.MOST_BYTES < 28_000
