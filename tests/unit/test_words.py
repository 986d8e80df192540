"""How numbers, times and long paths are said."""

import shlex

from hypothesis import given
from hypothesis import strategies as st

from spmigrate import words


def test_sizes_are_decimal() -> None:
    assert [words.size(each) for each in (0, 999, 1000, 3_400_000_000, 40_300_000_000_000)] == [
        "0 bytes", "999 bytes", "1.0 KB", "3.4 GB", "40.3 TB",
    ]  # fmt: skip


def test_moments_are_said_with_their_zone() -> None:
    assert words.moment("2026-04-01T09:30:00.000000Z") == "1 April 2026, 09:30 UTC"
    assert words.moment(None) == "not yet"


def test_plurals() -> None:
    assert [words.plural(1, "file"), words.plural(2000, "file"), words.plural(2, "library", "libraries")] == [
        "1 file", "2,000 files", "2 libraries",
    ]  # fmt: skip


@given(st.text(max_size=300), st.integers(20, 120))
def test_shortened_text_fits_and_keeps_both_ends(text: str, most: int) -> None:
    short = words.shortened(text, most)
    assert len(short) <= max(most, min(len(text), most))
    if len(text) > most:
        assert short[0] == text[0] and short[-1] == text[-1]


@given(st.text(max_size=60))
def test_a_visible_name_cannot_alter_what_shows_it(text: str) -> None:
    shown = words.visible(text)
    assert shown.isprintable()
    assert shown == text or not text.isprintable()
    shown.encode("utf-8")


def test_only_what_cannot_be_seen_is_escaped() -> None:
    assert words.visible("Café \u202egpj\n’s – “v2”\udce9") == "Café \\u202egpj\\n’s – “v2”\\udce9"


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_a_name_that_is_typed_is_one_word_of_a_command(name: str) -> None:
    assert shlex.split(f"spmigrate scan report {words.typed(name)}")[3:] == [name]
