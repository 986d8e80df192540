"""A site in memory that changes can be written to, and sites drawn at random."""

from hypothesis import strategies as st

from spmigrate.plan.change import Action, Change
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import LINK_TYPES, SHARING_LEVELS, SITE_TYPES, Kind, Part, SiteContents, Value

ADDRESS = "/sites/t-a3w9c"
FIELDS = ["LinkFilename", "Modified", "Editor", "CouncilMarking", "CouncilYear", "Owned"]


def write(site: SiteContents | None, change: Change) -> SiteContents:
    """The site after one change, as SharePoint would hold it."""
    parts = dict(site.parts) if site else {}
    place = (Kind(change.kind), change.key)
    if change.action is Action.REMOVE:
        parts.pop(place)
    else:
        before = parts[place].attributes if place in parts else {}
        parts[place] = Part(*place, change.label, {**before, **change.after})
    return SiteContents(ADDRESS, parts)


def desired(*parts: Part, absent: tuple[Part, ...] = ()) -> DesiredSite:
    """A wanted site made of these parts."""
    return DesiredSite(ADDRESS, "Assets", "Team site", 1, "Team", "", "", SiteContents.of(ADDRESS, parts), absent)


def library(key: str, **settings: Value) -> Part:
    """A library whose address is its key."""
    named = {name.replace("_", " "): value for name, value in settings.items()}
    return Part(Kind.LIBRARY, key, key.title(), {"title": key.title(), "address": key, **named})


_columns_shown = st.lists(st.sampled_from(FIELDS), unique=True, max_size=5).map(tuple)
_names = st.sampled_from(["alpha", "beta", "gamma"])
_sharing = st.builds(
    lambda level, link: Part(Kind.SHARING, "", "", {"external sharing": level, "default link": link}),
    st.sampled_from(list(SHARING_LEVELS)),
    st.sampled_from(list(LINK_TYPES)),
)
_site = st.builds(
    lambda kind, title: Part(Kind.SITE, "", "", {"type": kind, "title": title}),
    st.sampled_from(list(SITE_TYPES)),
    st.sampled_from(["Assets", "Bridges"]),
)
_column = st.builds(
    lambda key, kind, required, choices: Part(
        Kind.COLUMN, key, key,
        {"id": f"id of {key}", "type": kind, "title": key, "required": required, "choices": choices},
    ),
    _names,
    st.sampled_from(["Text", "Choice"]),
    st.booleans(),
    st.lists(_names, unique=True).map(tuple),
)  # fmt: skip
_library = st.builds(
    lambda key, versions, shown, kinds, items: library(
        key, versions_kept=versions, columns_shown=shown, content_types=kinds, items=items
    ),
    _names,
    st.sampled_from([100, 500]),
    _columns_shown,
    st.lists(_names, unique=True).map(tuple),
    st.sampled_from([0, 3]),
)
_person = st.builds(
    lambda role, name: Part(Kind.PERSON, f"{role}/{name}", name, {"role": role, "login": name}),
    st.sampled_from(["Owners", "Visitors"]),
    _names,
)
_link = st.builds(
    lambda key, to: Part(Kind.LINK, key, key.title(), {"title": key.title(), "address": to}), _names, _names
)
_part = st.one_of(_sharing, _site, _column, _library, _person, _link)


def _without_items(part: Part) -> Part:
    kept = {name: value for name, value in part.attributes.items() if name != "items"}
    return Part(part.kind, part.key, part.label, kept)


_parts = st.builds(lambda first, rest: [first, *rest], _site, st.lists(_part, max_size=12))

actual_sites = st.one_of(st.none(), _parts.map(lambda parts: SiteContents.of(ADDRESS, parts)))
"""What may be there already: nothing, or a site with parts of its own."""


@st.composite
def desired_sites(draw: st.DrawFn) -> DesiredSite:
    """What may be wanted, with some parts to do without."""
    parts = [_without_items(part) for part in draw(_parts)]
    present = {part.place for part in parts}
    unwanted = draw(st.lists(st.one_of(_library, _link), max_size=3))
    absent = tuple(part for part in unwanted if part.place not in present)
    return desired(*parts, absent=absent)
