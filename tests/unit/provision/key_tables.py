"""The tables of every key of the language, as `site_templates/README.md` shows them.

Run as a module, it writes them there: `python -m tests.unit.provision.key_tables`.
"""

from collections.abc import Iterator

from spmigrate.provision import language
from spmigrate.provision.language import Entry, Words
from spmigrate.provision.lint import RULES
from tests.conftest import ROOT

README = ROOT / "site_templates" / "README.md"
HEADING = "\n## Every key\n"
SECTIONS: dict[str, type[Words]] = {
    "`organisation.yaml`": language.Organisation,
    "`naming`": language.Naming,
    "one of `site columns`": language.SiteColumn,
    "`looks up`": language.LooksUp,
    "one of `content types`": language.ContentType,
    "one of the `columns` of a content type": language.ColumnUse,
    "one of `term sets`": language.FilledTermSet,
    "one of `terms`": language.Term,
    "one of `themes`": language.Theme,
    "one of `permission levels`": language.PermissionLevel,
    "one of `units`": language.Unit,
    "one of `champions`": language.Champion,
    "`templates/*.yaml`": language.Template,
    "`decision`": language.Decision,
    "one of `parameters`": language.Parameter,
    "`choices from`": language.ChoicesFrom,
    "any entry of a list in a template": language.Entry,
    "an entry of a list of names": language.Named,
    "`site`": language.SiteSection,
    "`sharing`": language.Sharing,
    "`permissions`": language.Permissions,
    "one of `groups`": language.SiteGroup,
    "`access`": language.Access,
    "one of `libraries`": language.Library,
    "one of `lists`": language.List,
    "`versions` of a library": language.LibraryVersions,
    "`versions` of a list": language.Versions,
    "one of `views`": language.View,
    "`permissions` of a library or list": language.OwnPermissions,
    "`quick launch`, `hub navigation` and `footer`": language.Menu,
    "one of `links`": language.Link,
    "`look`": language.Look,
    "one of `pages`": language.Page,
    "one of `files`": language.SeedFile,
    "`hub`": language.Hub,
    "`team`": language.Team,
    "one of `channels`": language.Channel,
    "`remove`": language.Remove,
    "`pages/*.yaml`": language.PageSections,
    "one of `sections`": language.PageSection,
    "a block of a page": language.Block,
    "`sites/*.yaml`": language.SiteFile,
    "one of `override`": language.Override,
}


def rows(model: type[Words]) -> list[str]:
    """The table rows for a part of the language; what every entry may say stands once."""
    shared = set(Entry.model_fields) if issubclass(model, Entry) and model is not Entry else set()
    if model is language.Override:
        shared = set(language.Sections.model_fields)
    return [
        f"| `{field.alias or name}` | {' '.join(str(field.description).split())} |"
        for name, field in model.model_fields.items()
        if name not in shared or (model is language.Page and name == "owned_by")
    ]


def tables() -> Iterator[str]:
    """The lines of all tables."""
    for title, model in SECTIONS.items():
        yield from ("", f"### {title}", "", "| key | meaning |", "|---|---|", *rows(model))
        if model is language.Override:
            yield from ("", "Besides these, every section of a template from `site` to `remove`.")
    yield from ("", "## Every rule of `template lint`", "", "ORG, TPL and SIT are errors, DES is advice.", "")
    yield from ("| rule | what it asks |", "|---|---|", *(f"| {rule} | {text} |" for rule, text in RULES.items()))


if __name__ == "__main__":
    kept = README.read_text("utf-8").split(HEADING)[0]
    README.write_text(kept + HEADING + "\n".join(tables()) + "\n", "utf-8")
