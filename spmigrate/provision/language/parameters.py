"""Questions that a template asks, and what may answer them."""

import re
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from spmigrate.formats.yaml import Form, YesNo
from spmigrate.provision.language.words import SiteKind, Text, Words

_ANSWER_FORMS = {bool: "yes or no", int: "number", float: "number"}


def _form(given: object) -> str:
    return "list" if isinstance(given, list | tuple) else _ANSWER_FORMS.get(type(given), "text")


Answer = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[bool, Tag("yes or no")]
    | Annotated[int | float, Tag("number")]
    | Annotated[tuple[Text, ...], Tag("list")],
    Discriminator(_form),
]
"""One answer, or a list: told apart first, so that a mistake is told once."""

AnswerType = Literal["Text", "People", "Site", "Yes or no", "Choice", "Several choices", "Number", "Date"]
"""What sort of answer a question takes."""

LISTS = ("People", "Several choices")
"""Answers that are lists."""


class ChoicesFrom(Words):
    """Sites of this folder as choices."""

    kind: SiteKind
    """Every site whose template is of this kind: Directorate, Function, Team, Partnership or Programme."""


class Parameter(Words):
    """A question that each site's file answers."""

    name: Annotated[Text, Form(r"[a-z][a-z ]*[a-z]", "the name of a question; use small letters and spaces")]
    """What the answer is called; used as `{name}` in texts of the template."""
    ask: Text
    """The question in plain words."""
    answer: AnswerType = "Text"
    """Text; People (a list of role ids); Site (the address of another site); Yes or no; Choice (one of `choices`);
    Several choices (some of `choices`); Number; or Date (2026-04-30)."""
    choices: tuple[Text, ...] = ()
    """What may be chosen, in order."""
    choices_from: ChoicesFrom | None = None
    """Sites of this folder that may be chosen."""
    pattern: str | None = None
    """A regular expression that the whole of a Text must match."""
    help: str = ""
    """A line below the question: how to answer, or why it is asked."""
    example: str = ""
    """A sample answer."""
    default: Answer | None = None
    """The answer of a site file that gives none."""
    at_least: Annotated[int, Field(ge=1, le=100)] | None = None
    """The fewest entries of People or Several choices."""
    optional: YesNo = False
    """Whether the question may stay unanswered; the answer is then empty."""

    @property
    def is_list(self) -> bool:
        """Whether the answer is a list."""
        return self.answer in LISTS

    @model_validator(mode="after")
    def _keys_fit_the_answer(self) -> Self:
        if self.name == "each":
            raise ValueError("'each' is the turn of 'for each'; call the question something else")
        chosen = self.answer in ("Choice", "Several choices")
        if chosen and not self.choices:
            raise ValueError(f"a question that is answered by {self.answer} needs 'choices'")
        if self.choices and not chosen:
            raise ValueError("only a Choice and Several choices have 'choices'")
        if self.choices_from and self.answer != "Site":
            raise ValueError("only a Site has 'choices from'")
        if self.at_least and not self.is_list:
            raise ValueError("only People and Several choices have 'at least'")
        _check_pattern(self)
        return self


def _check_pattern(parameter: Parameter) -> None:
    if parameter.pattern is None:
        return
    if parameter.answer != "Text":
        raise ValueError("only a Text has a 'pattern'")
    try:
        re.compile(parameter.pattern)
    except re.error as error:
        raise ValueError(f"the pattern is not a regular expression: {error}") from None
