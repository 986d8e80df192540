"""The site itself, its sharing, people, features, look and belonging, in the words of a template."""

from collections.abc import Iterator

from spmigrate.provision.export.words import GROUP, Entry, Export, said, yes
from spmigrate.tenant.contents import Kind, complete, name_key

_EVERYWHERE = frozenset({
    "content type publishing", "document sets", "following content", "limited-access lockdown",
    "open documents in client applications", "site notebook", "site pages",
})  # fmt: skip
"""Features that SharePoint switches on by itself: nobody decided about them."""

_WHOLE_TENANT = 25 * 1024
"""The storage of a site, in GB, where the tenant shares its storage among all sites (25 TB)."""

_OF_SITE = ("restrict access to", "unmanaged devices")
"""Attributes of sharing that templates say of the site itself."""

_ROLES = ("Owners", "Members", "Visitors", "Administrators")
_GENERAL = "general"


def site(export: Export) -> Entry:
    """The site itself."""
    label = export.value(Kind.LABEL, "label")
    known = {name_key(each): each for each in export.vocabulary.organisation.sensitivity_labels}
    if label and name_key(str(label)) not in known:
        export.leave("sensitivity label", f"the vocabulary has no sensitivity label '{label}'")
    devices = export.value(Kind.SHARING, "unmanaged devices")
    limit, lock = export.value(Kind.STORAGE, "limit"), export.value(Kind.LOCK, "state")
    limited = isinstance(limit, int) and 0 < limit < _WHOLE_TENANT
    return said(
        type=export.value(Kind.SITE, "type"),
        title=export.text("site title", export.value(Kind.SITE, "title")),
        description=export.text("site description", export.value(Kind.SITE, "description")),
        privacy=export.value(Kind.GROUP, "privacy"),
        other_languages=list(complete(None, export.value(Kind.REGION, "other languages"))),
        sensitivity_label=known.get(name_key(str(label or ""))),
        restrict_access_to=list(_restricted(export)),
        unmanaged_devices=devices if devices in ("Web only", "Blocked") else None,
        comments_on_pages=yes(False) if export.value(Kind.LOOK, "comments on pages") is False else None,
        storage_limit=limit if limited else None,
        storage_warning=export.value(Kind.STORAGE, "warning") if limited else None,
        lock=lock if lock != "Unlocked" else None,
    )


def sharing(export: Export) -> Entry:
    """How far the site is shared."""
    part = export.contents.get(Kind.SHARING)
    return {name: value for name, value in part.attributes.items() if value and name not in _OF_SITE} if part else {}


def permissions(export: Export) -> Entry:
    """The people in the site's groups, its own groups, and how others come in."""
    people: dict[str, list[str]] = {}
    for part in export.of(Kind.PERSON):
        person = export.person(part.subject, str(part.attributes["login"]))
        if person is not None:
            people.setdefault(str(part.attributes["role"]), []).append(person)
    # Who owns a site administers it without being told.
    owners = set(people.get("Owners", ()))
    people["Administrators"] = [each for each in people.get("Administrators", ()) if each not in owners]
    access = export.contents.get(Kind.ACCESS)
    return said(
        **{role.casefold(): people.get(role) for role in _ROLES},
        groups=list(_groups(export, people)),
        access={
            name: yes(value) if isinstance(value, bool) else _asked(export, str(value))
            for name, value in (access.attributes if access else {}).items()
        },
    )


def features(export: Export) -> list[str]:
    """What is switched on and is not so on every site."""
    return [part.label for part in export.of(Kind.FEATURE) if part.key not in _EVERYWHERE]


def look(export: Export) -> Entry:
    """What the site looks like, where that is not as SharePoint makes it."""
    part = export.contents.get(Kind.LOOK)
    shown = dict(part.attributes) if part else {}
    if shown.get("logo"):
        export.leave("logo", "put the picture into assets/ and name it under 'look'")
    themes = {name_key(theme.name): theme.name for theme in export.vocabulary.organisation.themes}
    theme = str(shown.get("theme") or "")
    if theme and name_key(theme) not in themes:
        export.leave("theme", f"the vocabulary has no theme '{theme}'")
    usual = {"header": "Standard", "header emphasis": "None"}
    wide = export.value(Kind.SITE, "type") == "Communication site"
    switches = {"footer": wide, "mega menu": wide, "quick launch shown": True}
    return said(
        theme=themes.get(name_key(theme)),
        **{name.replace(" ", "_"): shown.get(name) for name, value in usual.items() if shown.get(name) != value},
        **{
            name.replace(" ", "_"): yes(bool(shown[name]))
            for name, value in switches.items()
            if name in shown and shown[name] != value
        },
    )


def hub(export: Export) -> Entry:
    """How the site belongs to others."""
    part = export.contents.get(Kind.HUB)
    if part is None:
        return said(member_of=export.value(Kind.HUB_MEMBERSHIP, "hub"))
    told = part.attributes
    if told.get("logo"):
        export.leave("logo of the hub", "put the picture into assets/ and name it under 'hub'")
    who = told.get("who may join")
    joiners = [export.person(part.subject, login) for login in (who if isinstance(who, tuple) else ())]
    return said(
        is_a_hub=yes(True),
        title=export.text("hub title", told.get("title")),
        description=export.text("hub description", told.get("description")),
        parent=told.get("parent"),
        who_may_join=[each for each in joiners if each],
        approval=yes(True) if told.get("approval") else None,
    )


def team(export: Export) -> Entry:
    """The team in Microsoft Teams, with its channels besides the one that every team has."""
    channels = [
        said(
            name=part.label, description=export.text(part.subject, part.attributes.get("description")),
            privacy=part.attributes.get("privacy"),
        )
        for part in export.of(Kind.CHANNEL)
        if part.key != _GENERAL
    ]  # fmt: skip
    name = export.text("team", export.value(Kind.TEAM, "name"))
    return said(name=name, channels=channels) if name else {}


def _restricted(export: Export) -> Iterator[str]:
    """The groups to which access is restricted; without one that the vocabulary does not know, there is no word."""
    who = complete(None, export.value(Kind.SHARING, "restrict access to"))
    known = {name_key(GROUP + name) for name in export.vocabulary.organisation.groups} | {"members"}
    strange = [each for each in who if name_key(each) not in known]
    if strange:
        export.leave("restricted access", f"the vocabulary does not know {', '.join(strange)}")
    else:
        yield from who


def _groups(export: Export, people: dict[str, list[str]]) -> Iterator[Entry]:
    for part in export.of(Kind.SITE_GROUP):
        level = export.level(part.subject, str(part.attributes.get("level") or ""))
        if level is not None:
            description = export.text(part.subject, part.attributes.get("description"))
            yield said(name=part.label, description=description, level=level, people=people.get(part.label))


def _asked(export: Export, whom: str) -> str:
    return (export.person("access requests", whom) or whom) if "@" in whom else whom
