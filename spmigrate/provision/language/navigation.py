"""Links: the quick launch, the hub's navigation and the footer."""

import re
from typing import Annotated, Literal

from pydantic import StringConstraints

from spmigrate.provision.language.words import Audiences, Entry, Text, Words

LINK_TARGET = re.compile(r"home page|(?:library|list|page)/.+|/sites/\S+|https://\S+")
"""Where a link may lead."""

MENUS = ("quick launch", "hub navigation", "footer")
"""The menus of a site."""


class Link(Entry):
    """One link of a menu."""

    title: Text
    """What people see."""
    to: Annotated[str, StringConstraints(pattern=rf"^({LINK_TARGET.pattern}|\{{.+\}})$")] | None = None
    """`home page`; `library/`, `list/` or `page/` and its name; the address of a site; or a web address. Left out, it
    is a heading for the links below it."""
    for_: Audiences = ()
    """The groups of Microsoft Entra that see it, as `group:` and a name, ten at most; everybody does when left out. It
    hides the link alone, not what it leads to. Links of the footer are for everybody."""
    links: "tuple[Link, ...]" = ()
    """The links below it."""


class Menu(Words):
    """The links of a menu."""

    mode: Literal["ensure", "exact"] = "ensure"
    """ensure: missing links are added, and owners' own links stay. exact: the links stand in this order, too, and those
    that were added from here and are no longer named go."""
    links: tuple[Link, ...] = ()
    """The links, in order."""
