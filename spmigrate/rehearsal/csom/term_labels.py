"""Terms, and the names that they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal import terms
from spmigrate.rehearsal.csom import term_sets
from spmigrate.rehearsal.csom.term_rows import Row, Rows, above, added
from spmigrate.rehearsal.csom.values import DICTIONARY, MOMENT
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, computed, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, GUIDS, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# How CSOM numbers the ways of matching a label (SP.Taxonomy.StringMatchOption).
_EXACT = 1


class Term(Row):
    """A term."""

    type = "SP.Taxonomy.Term"
    declared = table(
        group(MOMENT, None, "CreatedDate LastModifiedDate"),
        group(GUID, "", "Id"),
        group(TEXT, "", "Name Owner", writable=True),
        group(TEXT, None, "CustomSortOrder", writable=True),
        group(TEXT, "", "Description PathOfTerm"),
        group(DICTIONARY, {}, "CustomProperties LocalCustomProperties"),
        group(BOOLEAN, True, "IsAvailableForTagging", writable=True),
        group(BOOLEAN, False, "IsDeprecated IsKeyword IsPinned IsPinnedRoot IsReused IsRoot"),
        group(BOOLEAN, True, "IsSourceTerm"),
        group(GUIDS, [], "MergedTermIds"),
        group(INT, 0, "TermsCount"),
    )

    @computed("Description")
    def _description(self) -> str:
        return str(self.entity.props.get("Descriptions", {}).get(str(terms.DEFAULT_LANGUAGE), ""))

    @computed("PathOfTerm")
    def _path(self) -> str:
        return terms.path_of(self.scope.store, self.entity)

    @computed("IsRoot")
    def _is_root(self) -> bool:
        return above(self.scope, self.entity).kind == "termset"

    @computed("TermsCount")
    def _count(self) -> int:
        return len(terms.terms(self.scope.store, self.entity))

    def _renamed(self, name: str) -> dict[str, Any]:
        labels = [
            {**each, "Value": name} if each["IsDefaultForLanguage"] and each["Language"] == terms.DEFAULT_LANGUAGE
            else each for each in self.entity.props.get("Labels", [])
        ]  # fmt: skip
        return {"Labels": labels}

    @link("Terms")
    def terms(self) -> Terms:
        """The terms directly below."""
        return Terms(self.scope, terms.terms(self.scope.store, self.entity))

    @link("TermSet")
    def term_set(self) -> term_sets.TermSet:
        """The set that it lies in."""
        return term_sets.TermSet(self.scope, terms.set_of(self.scope.store, self.entity))

    @link("Parent")
    def parent(self) -> Term | None:
        """The term above."""
        row = above(self.scope, self.entity)
        return Term(self.scope, row) if row.kind == "term" else None

    @link("Labels")
    def labels(self) -> Labels:
        """The names that it has."""
        return Labels(self.scope, self.entity)

    @action("CreateTerm")
    def create_term(self, call: Call) -> Term:
        """Add a term below."""
        return create_term_below(self, call)

    @action("CreateLabel")
    def create_label(self, call: Call) -> Label:
        """Give the term one more name."""
        given = {"Value": call.text("labelName", 0), "Language": call.number("lcid", 1),
                 "IsDefaultForLanguage": call.flag("isDefault", 2)}  # fmt: skip
        self.save({"Labels": [*self.entity.props.get("Labels", []), given]})
        return Label(self.scope, given)

    @action("SetDescription")
    def set_description(self, call: Call) -> None:
        """Describe the term in a language."""
        self._put("Descriptions", str(call.number("lcid", 1)), call.text("description", 0))

    @action("SetLocalCustomProperty")
    def set_local_custom_property(self, call: Call) -> None:
        """Keep a property that holds in this set alone."""
        self._put("LocalCustomProperties", call.text("name", 0), call.text("value", 1))

    @action("DeleteLocalCustomProperty")
    def delete_local_custom_property(self, call: Call) -> None:
        """Take away a property that held in this set alone."""
        self._put("LocalCustomProperties", call.text("name", 0), None)

    @action("Deprecate")
    def deprecate(self, call: Call) -> None:
        """Take the term out of use, or back into it."""
        self.save({"IsDeprecated": call.flag("doDeprecate", 0)})


class Terms(Rows):
    """Some terms."""

    element = Term
    one = Term

    def __init__(self, scope: Scope, rows: list[Entity]) -> None:
        super().__init__(scope)
        self._all = rows

    def rows(self) -> list[Entity]:
        return self._all


class Label(Resource):
    """A name of a term."""

    type = "SP.Taxonomy.Label"
    declared = table(group(TEXT, "", "Value"), group(INT, 0, "Language"), group(BOOLEAN, False, "IsDefaultForLanguage"))

    def __init__(self, scope: Scope, values: Mapping[str, Any]) -> None:
        super().__init__(scope)
        self.values = values

    def stored(self) -> Mapping[str, Any]:
        return self.values


class Labels(Collection):
    """The names of a term."""

    element = Label

    def __init__(self, scope: Scope, row: Entity) -> None:
        super().__init__(scope)
        self.row = row

    def all(self) -> list[Label]:
        return [Label(self.scope, each) for each in self.row.props.get("Labels", [])]


class LabelMatch(Resource):
    """What a search for terms asks for; it is kept nowhere."""

    type = "SP.Taxonomy.LabelMatchInformation"
    sets_at_once = True
    declared = table(
        group(BOOLEAN, False, "DefaultLabelOnly ExcludeKeyword TrimUnavailable", writable=True),
        group(INT, 0, "Lcid ResultCollectionSize StringMatchOption", writable=True),
        group(TEXT, "", "TermLabel", writable=True),
    )

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.values: dict[str, Any] = {}

    @property
    def path(self) -> str:
        return self.type

    def stored(self) -> Mapping[str, Any]:
        return self.values

    def save(self, patch: Mapping[str, Any]) -> None:
        self.values.update(patch)

    @property
    def size(self) -> int:
        """How many terms may be answered."""
        return int(self.values.get("ResultCollectionSize") or 1000)

    def fits(self, row: Entity) -> bool:
        """Whether a term has such a label; without an option it begins with the text."""
        if self.values.get("TrimUnavailable") and not row.props.get("IsAvailableForTagging", True):
            return False
        wanted = str(self.values.get("TermLabel", "")).casefold()
        exact = self.values.get("StringMatchOption") == _EXACT
        labels = [str(each["Value"]).casefold() for each in row.props.get("Labels", [])]
        return any(each == wanted if exact else each.startswith(wanted) for each in labels)


def create_term_below(above: term_sets.TermSet | Term, call: Call) -> Term:
    """Add a term below a set or a term."""
    scope = above.scope
    label, language, guid = call.text("name", 0), call.number("lcid", 1), as_guid(call.value("newTermId", 2))
    props = {"Owner": scope.claims.login}
    row = added(
        lambda: terms.add_term(
            scope.store, above.entity, label, at=scope.now, guid=guid, language=language, props=props
        ),
        "There is already a term with the same default label and parent term.",
    )
    return Term(scope, row)


def find_term(scope: Scope, identity: object) -> Term | None:
    """A term by id."""
    row = terms.term(scope.store, str(identity))
    return None if row is None else Term(scope, row)
