"""`pages/*.yaml`: what is on a page when it is made."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spmigrate.provision.language.words import Text, Words

WebPart = Literal["News", "Documents", "People", "Quick links", "Sites", "Events"]
"""Web parts that need no more than their name."""


class Block(Words):
    """One thing in a column of a page: a heading, a paragraph or a web part."""

    heading: Text | None = None
    """A heading."""
    text: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    """A paragraph."""
    show: WebPart | None = None
    """A web part: News, Documents, People, Quick links, Sites or Events."""
    library: Text | None = None
    """Of Documents: the library, by the name that the template gives it."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(each is not None for each in (self.heading, self.text, self.show)) != 1:
            raise ValueError("a block is one thing: 'heading', 'text' or 'show'")
        if (self.library is not None) != (self.show == "Documents"):
            raise ValueError("Documents, and nothing else, needs 'library'")
        return self


class PageSection(Words):
    """A band across a page."""

    columns: Annotated[tuple[tuple[Block, ...], ...], Field(min_length=1, max_length=3)]
    """One to three columns, each a list of blocks."""


class PageSections(Words):
    """`pages/*.yaml`: what is on a page, from top to bottom."""

    sections: Annotated[tuple[PageSection, ...], Field(min_length=1)]
    """Its bands, from top to bottom."""
