"""Organisations, templates and site files drawn at random that lint without errors and use every section.

`catalogues()` draws a whole folder: an organisation, a base, a directorate's template that makes hubs, a team's that
extends the base, and a site of each kind. `sections()` draws what a template says, for the laws of merging.
"""

from typing import Any

from hypothesis import strategies as st

from spmigrate.formats import yaml, yaml_text
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import Organisation, PageSections, SiteFile, Template, Words
from spmigrate.tenant.site.features import FEATURES

Entry = dict[str, Any]

COLUMNS: tuple[Entry, ...] = (
    {"name": "Marking", "type": "Choice", "choices": ["OFFICIAL", "OFFICIAL-SENSITIVE"], "default": "OFFICIAL"},
    {"name": "Wards & parishes", "type": "Multiple choice", "choices": ["North", "South", "East"]},
    {"name": "Review date", "type": "Date", "indexed": "yes", "default": "today"},
    {"name": "Summary", "type": "Note", "description": "A sentence: or two."},
    {"name": "Reference", "type": "Text", "unique values": "yes", "required": "yes"},
    {"name": "Budget", "type": "Currency"},
    {"name": "Pages", "type": "Number", "default": 1},
    {"name": "Published", "type": "Yes or no", "default": "no"},
    {"name": "Caseworker", "type": "Person"},
    {"name": "Café's link", "type": "Link"},
    {"name": "Function", "type": "Managed metadata", "term set": "Corporate/Business functions"},
    {"name": "Contact", "type": "Lookup", "looks up": {"list": "Contacts", "shows": "Title"}},
)
CHOOSABLE = [column["name"] for column in COLUMNS]
LIBRARIES = ("Policies", "Case files", "Plans and drawings", "Minutes")
LISTS = ("Contacts", "Decisions", "Rota")
FOLDERS = ("2026", "2026/Meetings", "Archive")
GROUPS = ("Readers of plans", "Auditors")
PEOPLE = ("structures.lead", "champion.highways", "service.desk", "group:Senior managers")
CONDITIONS = ("{private}", "not {private}", "{work} is Case work")
ASSETS = {
    "assets/crest.png": b"a picture", "assets/letter.dotx": b"a letter", "assets/minutes.dotx": b"the minutes",
}  # fmt: skip
PARAMETERS: tuple[Entry, ...] = (
    {"name": "title", "ask": "What is it called?", "pattern": ".{2,}"},
    {"name": "owners", "ask": "Who owns it?", "answer": "People", "at least": 2},
    {"name": "members", "ask": "Who works in it?", "answer": "People", "optional": "yes"},
    {"name": "private", "ask": "Only for members?", "answer": "Yes or no", "default": True},
    {"name": "work", "ask": "What is done here?", "answer": "Choice", "choices": ["Case work", "Projects"]},
    {
        "name": "districts", "ask": "Where?", "answer": "Several choices", "choices": ["North", "South"],
        "optional": "yes",
    },
    {"name": "seats", "ask": "How many people?", "answer": "Number", "default": 12},
    {"name": "opened", "ask": "Since when?", "answer": "Date", "example": "2026-04-01", "optional": "yes"},
)  # fmt: skip

_yes_no = st.sampled_from(["yes", "no"]).map(yaml_text.Word)


def some(pool: Any, most: int = 3, *, least: int = 0) -> st.SearchStrategy[list[Any]]:
    """A few of a pool, none twice."""
    known = sorted(pool, key=str) if isinstance(pool, set | dict) else list(pool)
    if not known:
        return st.just([])
    return st.lists(st.sampled_from(known), unique=True, min_size=least, max_size=min(most, len(known)))


def maybe(said: Entry, /, **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Entry]:
    """A mapping with these keys, and any of the optional ones; `_` in a key is a space."""
    keys = {name.replace("_", " "): strategy for name, strategy in optional.items()}
    return st.fixed_dictionaries({}, optional=keys).map(lambda drawn: {**said, **drawn})


def conditional(entry: Entry) -> st.SearchStrategy[Entry]:
    """An entry that may have a condition, and may be left to the site's owners."""
    return maybe(entry, when=st.sampled_from(CONDITIONS), owned_by=st.sampled_from(["template", "site owners"]))


def names(pool: Any) -> st.SearchStrategy[list[Any]]:
    """Some names, each of which may be written out with a condition."""
    return some(pool).flatmap(
        lambda drawn: st.tuples(*(st.one_of(st.just(name), conditional({"name": name})) for name in drawn)).map(list)
    )


def views(held: list[str]) -> st.SearchStrategy[list[Entry]]:
    """Views that show, sort and group by columns that are held."""
    known = ["Name", "Modified", *held]
    asked = ["Modified is before today", *(f"{name} is not empty" for name in held)]
    shown = some(known, least=1)
    view = lambda name: maybe(  # noqa: E731 - a strategy for each name
        {"name": name}, columns_shown=shown, sort_by=st.sampled_from(known), descending=_yes_no,
        group_by=st.sampled_from(known), rows=st.integers(1, 100), is_default=st.just(yaml_text.Word("no")),
        when=st.sampled_from(CONDITIONS),
        filter=some(asked, 2, least=1).map(" and ".join), formatting=st.just('{"elmType": "div"}'),
    )  # fmt: skip
    return some(["Open", "This year's"], 2).flatmap(lambda drawn: st.tuples(*map(view, drawn)).map(list))


def lists(name: str, types: list[str], *, library: bool) -> st.SearchStrategy[Entry]:
    """A library or list of this name; its columns are bound to it."""

    def whole(held: list[str]) -> st.SearchStrategy[Entry]:
        defaults = {"Marking": "OFFICIAL", "Wards & parishes": "North; South", "Pages": 3, "Published": "yes"}
        own: dict[str, st.SearchStrategy[Any]] = {"type": st.sampled_from(["Custom list", "Links"])}
        numbers = {"drafts": st.integers(0, 5), "drafts_seen_by": st.sampled_from(["Readers", "Approvers"])}
        own["versions"] = maybe({"major": 100}, **numbers)
        if library:
            kept = maybe({}, major=st.just(100), expire_after=st.sampled_from([30, 365]), **numbers)
            own = {
                "versions": st.one_of(st.just("automatic"), kept),
                "check_out": _yes_no, "retention_label": st.just("Six years"), "sensitivity_label": st.just("Internal"),
                "content_types": names(types),
            }  # fmt: skip
        return maybe(
            {"name": name, "columns": held}, **own, description=st.just("What: it is for"),
            approval=_yes_no, allow_folders=_yes_no, searchable=_yes_no, folders=names(FOLDERS), views=views(held),
            columns_shown=some([*held, "Name", "Modified"]),
            default_values=some(set(held) & set(defaults)).map(lambda each: {n: defaults[n] for n in each}),
            permissions=st.sampled_from([
                {"inherit": yaml_text.Word("no"), "give": {"Owners": "Full Control", "{owners}": "Reviewers"}},
                {"inherit": yaml_text.Word("yes")},
            ]),
        )  # fmt: skip

    return some([column for column in CHOOSABLE if column != "Contact"]).flatmap(whole)


def list_sections(pool: Any, types: list[str], *, library: bool) -> st.SearchStrategy[list[Entry]]:
    """Libraries or lists, some of them repeated for each district."""

    def several(drawn: list[str]) -> st.SearchStrategy[list[Entry]]:
        each = [lists(name, types, library=library) for name in drawn]
        repeated = lists("{each} papers" if library else "{each} events", types, library=library).map(
            lambda entry: {**entry, "for each": "{districts}"}
        )
        return st.tuples(*each, *([repeated] if len(drawn) == 2 else [])).map(list)

    return some(pool).flatmap(several)


def links(libraries: tuple[str, ...] = (), *, audiences: bool = True) -> st.SearchStrategy[list[Entry]]:
    """Links to the home page, the web and libraries that are always there, with headings above others."""
    ends: list[Entry] = [
        {"title": "Home", "to": "home page"}, {"title": "Intranet", "to": "https://intranet.example/a b"[:-2]},
        *({"title": name, "to": f"library/{name}"} for name in libraries),
    ]  # fmt: skip
    heading = some(range(len(ends)), 2).map(
        lambda drawn: {"title": "More", "links": [{**ends[n], "title": f"{ends[n]['title']} too"} for n in drawn]}
    )
    audience = st.sampled_from([{}, {"for": ["group:Senior managers"]}] if audiences else [{}])
    return some(range(len(ends))).flatmap(
        lambda drawn: st.tuples(
            *(audience.flatmap(lambda seen, n=n: conditional({**ends[n], **seen})) for n in drawn), heading
        ).map(list)
    )


def menu(*libraries: str, audiences: bool = True) -> st.SearchStrategy[Entry]:
    """A menu; the links of a footer have no audiences."""
    return maybe({}, mode=st.sampled_from(["ensure", "exact"]), links=links(libraries, audiences=audiences))


def permissions() -> st.SearchStrategy[Entry]:
    """Who has access."""
    group = lambda name: maybe(  # noqa: E731 - a strategy for each name
        {"name": name}, description=st.just("Who: may read"), level=st.sampled_from(["Read", "Reviewers"]),
        people=names(PEOPLE), when=st.sampled_from(CONDITIONS),
    )  # fmt: skip
    return maybe(
        {}, members=names([*PEOPLE, "{members}"]), visitors=names(PEOPLE), administrators=names(PEOPLE[:2]),
        groups=some(GROUPS, 2).flatmap(lambda drawn: st.tuples(*map(group, drawn)).map(list)),
        access=maybe(
            {}, members_can_share=_yes_no, members_can_invite=_yes_no,
            requests_go_to=st.sampled_from(["Owners", "Nobody", "service.desk@council.example"]),
        ),
    )  # fmt: skip


def sections(types: tuple[str, ...] = (), libraries: tuple[str, ...] = ()) -> st.SearchStrategy[Entry]:
    """What a template may say, whatever its sites are made from."""
    page = {"file": "Welcome.aspx", "title": "Welcome to {title}", "sections from": "pages/welcome.yaml"}
    return maybe(
        {}, permissions=permissions(), features=names(FEATURES), site_columns=names(CHOOSABLE[:6]),
        content_types=names(types), libraries=list_sections(LIBRARIES, list(types), library=True),
        lists=list_sections(LISTS[1:], [], library=False), quick_launch=menu(*libraries),
        footer=menu(*libraries, audiences=False),
        sharing=maybe(
            {}, external_sharing=st.sampled_from(["Existing guests", "Only people in the organisation"]),
            default_link=st.just("Specific people"), default_link_permission=st.sampled_from(["View", "Edit"]),
            links_to_people_expire_after=st.integers(30, 90), anyone_links_expire_after=st.integers(1, 60),
        ),
        look=maybe(
            {}, header=st.sampled_from(["Compact", "Minimal"]), header_emphasis=st.sampled_from(["None", "Strong"]),
            footer=_yes_no, mega_menu=_yes_no, quick_launch_shown=_yes_no, logo=st.just("assets/crest.png"),
        ),
        files=some(libraries, 1).flatmap(
            lambda drawn: st.tuples(*(
                maybe({"library": name, "from": "assets/crest.png"}, folder=st.sampled_from(FOLDERS)) for name in drawn
            )).map(list)
        ),
        pages=conditional(page).flatmap(
            lambda drawn: maybe(drawn, home_page=_yes_no, **{"for": st.just(["group:Senior managers"])})
        ).map(lambda drawn: [drawn]),
    )  # fmt: skip


def site_section(kind: str) -> st.SearchStrategy[Entry]:
    """The site itself."""
    group: dict[str, Any] = {"privacy": st.sampled_from(["Private", "Public"])} if "365" in kind else {}
    if kind == "Communication site":
        group = {"design": st.sampled_from(["Blank", "Topic"])}
    return maybe(
        {"type": kind, "title": "{title}", "description": "For {seats} people, since {opened}"}, **group,
        other_languages=some(["Welsh", "English"], least=1), sensitivity_label=st.just("Internal"),
        storage_limit=st.integers(10, 50), lock=st.just("Unlocked"),
        comments_on_pages=_yes_no, unmanaged_devices=st.sampled_from(["Full access", "Web only", "Blocked"]),
        restrict_access_to=names(["Members" if "365" in kind else "group:Senior managers"]),
    ).flatmap(
        lambda drawn: maybe(drawn, storage_warning=st.integers(1, 9)) if "storage limit" in drawn else st.just(drawn)
    )  # fmt: skip


@st.composite
def organisations(draw: st.DrawFn) -> Entry:
    """A vocabulary with every column, and a few content types."""
    types: list[Entry] = []
    for name in draw(some(["Council document", "Council policy", "Meeting paper"])):
        based_on = draw(st.sampled_from(["Document", "Document set", *(each["name"] for each in types)]))
        columns = draw(some([name for name in CHOOSABLE if name != "Contact"]))
        uses = [draw(st.one_of(st.just(c), maybe({"column": c}, required=_yes_no, hidden=_yes_no))) for c in columns]
        made = {"name": name, "based on": based_on, "columns": uses, "from hub": draw(_yes_no)}
        above = next((each for each in types if each["name"] == based_on), made)
        documents = based_on == "Document" or above.get("document template")
        if documents and made["from hub"] == "no" and draw(st.booleans()):
            made["document template"] = draw(st.sampled_from(["assets/letter.dotx", "assets/minutes.dotx"]))
        types.append(made)
    return {
        "organisation": "Sample County Council", "version": 1, "people domain": "council.example",
        "site columns": list(COLUMNS), "content types": types, "term sets": draw(st.sampled_from([
            ["Corporate/Business functions"],
            [{"name": "Corporate/Business functions", "terms": ["Waste", {"name": "Highways", "terms": ["Bridges"]}]}],
        ])),
        "retention labels": ["Six years"], "sensitivity labels": ["Internal"], "groups": ["Senior managers"],
        "themes": [{"name": "County", "palette": {"themePrimary": "#005ea5"}}],
        "permission levels": [{"name": "Reviewers", "allows": ["View Items", "Open Items"]}],
        "tier labels": ["Directorate", "Team"],
        "units": [
            {"code": "HWT", "name": "Highways", "kind": "Directorate", "hub": "/sites/d-h7k2m"},
            {"code": "STR", "name": "Structures", "kind": "Team", "part of": "HWT"},
        ],
        "champions": [{"role": "champion.highways", "branch": "HWT", "templates": ["Team site"]}],
    }  # fmt: skip


def written(model: type[Words], entry: Entry, name: str) -> Written[Any]:
    """A file of this content."""
    source = yaml.Source(yaml_text.dump(entry), name)
    return Written(yaml.validate(source, model), source)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """A folder of templates and sites without errors."""
    organisation = draw(organisations())
    types = tuple(each["name"] for each in organisation["content types"])
    always = {"name": "Documents", "address": "Shared Documents", "content types": list(types), "columns": ["Contact"]}
    if types:
        always["default content type"] = draw(st.sampled_from(types))
    contacts = {"name": "Contacts", "type": "Contacts"}
    base = draw(sections(types, ("Documents",))) | {"template": "Base site", "version": 1}
    base |= {"parameters": list(PARAMETERS), "libraries": [always, *base.get("libraries", [])]}
    base |= {"lists": [contacts, *base.get("lists", [])]}
    base["permissions"] = {**base.get("permissions", {}), "owners": ["{owners}"]}
    kind = draw(st.sampled_from(["Team site with Microsoft 365 group", "Team site without group"]))
    asked = {"name": "hub", "ask": "Where does it belong?", "answer": "Site", "choices from": {"kind": "Directorate"}}
    team = draw(sections(types, ("Documents",))) | {
        "template": "Team site", "version": 2, "extends": "Base site", "kind": "Team", "site": draw(site_section(kind)),
        "hub": {"member of": "{hub}"}, "parameters": [asked], "remove": draw(removals(base)),
    }  # fmt: skip
    team = _without_removed(team)
    if "365" in kind:
        base, team = _with_people_alone(base), _with_people_alone(team)
        channel = {"name": "Questions", "description": "Ask", "privacy": draw(st.sampled_from(["Standard", "Private"]))}
        team["team"] = {"name": "{title}", "channels": [draw(conditional(channel))]}
    hub = draw(maybe(
        {"is a hub": yaml_text.Word("yes")}, title=st.just("{title}"), description=st.just("All of it"),
        logo=st.just("assets/crest.png"),
        who_may_join=names(PEOPLE), approval=_yes_no,
    ))  # fmt: skip
    directorate = draw(sections(types, ("Documents",))) | {
        "template": "Directorate site", "version": 1, "extends": "Base site", "kind": "Directorate",
        "site": draw(site_section("Communication site")), "hub": hub, "hub navigation": draw(menu("Documents")),
        "look": {**base.get("look", {}), "theme": "County"},
    }  # fmt: skip
    templates = [written(Template, each, f"{each['template']}.yaml") for each in (base, directorate, team)]
    above = draw(site_files("/sites/d-h7k2m", "Directorate site", {}))
    below = draw(site_files("/sites/t-a3w9c", "Team site", {"hub": "/sites/d-h7k2m"}))
    if "365" in kind:
        below = _with_people_alone(below)
    sites = [written(SiteFile, each, f"{each['address'][7:]}.yaml") for each in (above, below)]
    block = {"sections": [{"columns": [[{"heading": "Welcome"}, {"show": "Documents", "library": "Documents"}]]}]}
    pages = {"pages/welcome.yaml": written(PageSections, block, "welcome.yaml").words}
    first = written(Organisation, organisation, "organisation.yaml")
    return Catalogue.of(first, templates, sites, pages=pages, assets=ASSETS)


def _with_people_alone(entry: Entry) -> Entry:
    """The same without groups among the members: a Microsoft 365 group has people in it, and nothing else."""

    def people(entries: list[Any]) -> list[Any]:
        return [each for each in entries if not (each["name"] if isinstance(each, dict) else each).startswith("group:")]

    def trimmed(holder: Entry, key: str) -> Entry:
        below = holder.get(key)
        return (
            {**holder, key: {**below, "members": people(below["members"])}} if below and "members" in below else holder
        )

    entry = trimmed(trimmed(entry, "permissions"), "answers")
    exceptions = entry.get("override")
    return {**entry, "override": [trimmed(each, "permissions") for each in exceptions]} if exceptions else entry


@st.composite
def site_files(draw: st.DrawFn, address: str, template: str, more: Entry) -> Entry:
    """A site of a template, with its answers and perhaps an exception."""
    answers = draw(maybe(
        {"title": "Structures & bridges", "owners": ["one.role", "another.role"], "work": "Case work", **more},
        members=some(PEOPLE), private=_yes_no, districts=some(["North", "South"]), seats=st.integers(1, 90),
        opened=st.just("2026-04-01"),
    ))  # fmt: skip
    exception = maybe(
        {"because": "Agreed by the design board: 12"}, until=st.sampled_from(["2020-01-01", "2999-12-31"]),
        libraries=st.just([{"name": "Documents", "versions": {"major": 500}}]), permissions=permissions(),
        features=names(FEATURES),
    )  # fmt: skip
    return draw(maybe(
        {"address": address, "template": template, "answers": answers}, unit=st.just("HWT/STR"),
        marking=st.just("OFFICIAL"), successor_area=st.just("South"), review_date=st.just("2027-01-31"),
        portfolio=st.just("Highways"), override=st.lists(exception, max_size=2),
    ))  # fmt: skip


@st.composite
def removals(draw: st.DrawFn, base: Entry) -> Entry:
    """Some of what a base declares: features, lists, views and folders."""

    def called(section: str) -> list[str]:
        return [each if isinstance(each, str) else each["name"] for each in base.get(section, [])]

    inner = {
        key: [
            f"{each['name']}/{below if isinstance(below, str) else below['name']}"
            for each in [*base["libraries"], *base["lists"]] for below in each.get(key, [])
        ]
        for key in ("views", "folders")
    }  # fmt: skip
    pools = {"features": called("features"), "site columns": called("site columns"), **inner}
    pools["libraries"] = [name for name in called("libraries") if name != "Documents"]
    return {section: drawn for section, pool in pools.items() if pool and (drawn := draw(some(pool, 2)))}


def _without_removed(template: Entry) -> Entry:
    """Without `remove` of what it declares itself, in the same place or in a library that it has a word about."""
    own = {
        section: {each if isinstance(each, str) else each["name"] for each in template.get(section, [])}
        for section in ("features", "site columns", "libraries", "lists")
    }
    said = own["libraries"] | own["lists"]
    kept = {
        section: [name for name in drawn if name not in own.get(section, set()) and name.split("/")[0] not in said]
        for section, drawn in template["remove"].items()
    }
    gone = set(kept.get("libraries", ()))
    kept |= {
        key: [name for name in kept.get(key, ()) if name.split("/")[0] not in gone] for key in ("views", "folders")
    }
    return {**template, "remove": kept}
