"""Term groups of PnP files as term sets of the vocabulary, with their terms."""

from spmigrate.provision.carried.draft import Draft, Entry, put
from spmigrate.provision.carried.node import Node
from spmigrate.tenant.contents import name_key

_SPOKEN = ("ID", "Language", "CustomSortOrder", "IsOpenForTermCreation", "IsAvailableForTagging", "Description")
_OF_THE_SITE = "term groups of a single site have no word: terms are shared by all sites"


def term_groups(_template: Entry, node: Node, draft: Draft) -> None:
    """Carry a `<TermGroups>` element over into the vocabulary; it says nothing about one template."""
    for group in node.open("TermGroup"):
        name = draft.text(group, "Name")
        if not name or group.flag("SiteCollectionTermGroup"):
            group.leave(_OF_THE_SITE)
            continue
        group.understood("ID", "Description", "SiteCollectionTermGroup", "UpdateBehavior")
        for each in group.inside("TermSets", "TermSet"):
            _term_set(draft, each, name)


def name_of(term_set: str | Entry) -> str:
    """Group and name of a term set of the draft."""
    return term_set if isinstance(term_set, str) else str(term_set["name"])


def _term_set(draft: Draft, node: Node, group: str) -> None:
    name = draft.text(node, "Name")
    if not name:
        return
    node.understood(*_SPOKEN)
    entry: Entry = {"name": f"{group}/{name}"}
    put(entry, "terms", _terms(draft, node))
    every = draft.organisation.setdefault("term sets", [])
    same = [n for n, each in enumerate(every) if name_key(name_of(each)) == name_key(entry["name"])]
    if same:
        every[same[0]] = entry
    else:
        every.append(entry)


def _terms(draft: Draft, node: Node) -> list[str | Entry]:
    found: list[str | Entry] = []
    for each in node.inside("Terms", "Term"):
        name = draft.text(each, "Name")
        if not name or each.flag("IsDeprecated") or each.get("SourceTermId"):
            each.leave("a term that is reused or deprecated has no word")
            continue
        each.understood(*_SPOKEN, "IsDeprecated", "IsReused", "IsSourceTerm")
        below = _terms(draft, each)
        found.append({"name": name, "terms": below} if below else name)
    return found
