"""The groups and sets of the term store."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal import terms
from spmigrate.rehearsal.csom import term_labels
from spmigrate.rehearsal.csom.term_rows import Row, Rows, above, added, refused
from spmigrate.rehearsal.csom.values import DICTIONARY, MOMENT
from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, action, as_guid, computed, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, TEXT, TEXTS, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


class TermGroup(Row):
    """A term group."""

    type = "SP.Taxonomy.TermGroup"
    declared = table(
        group(MOMENT, None, "CreatedDate LastModifiedDate"),
        group(GUID, "", "Id"),
        group(TEXT, "", "Name Description", writable=True),
        group(BOOLEAN, False, "IsSiteCollectionGroup IsSystemGroup"),
        group(TEXTS, [], "GroupManagerPrincipalNames ContributorPrincipalNames", on_select=True),
    )

    @computed("IsSystemGroup")
    def _system(self) -> bool:
        return self.entity.name == "System" and bool(self.entity.props.get("System"))

    @link("TermSets")
    def term_sets(self) -> TermSets:
        """The sets of the group."""
        return TermSets(self.scope, terms.sets(self.scope.store, self.entity))

    @action("CreateTermSet")
    def create_set(self, call: Call) -> TermSet:
        """Add a set."""
        name, guid, language = call.text("name", 0), as_guid(call.value("newTermSetId", 1)), call.number("lcid", 2)
        props = {"Owner": self.scope.claims.login}
        row = added(
            lambda: terms.add_set(
                self.scope.store, self.entity, name, at=self.scope.now, guid=guid, language=language, props=props
            ),
            "There is already a term set with the same name in the specified group.",
        )
        return TermSet(self.scope, row)

    def delete(self) -> None:
        if self.entity.props.get("System") or terms.sets(self.scope.store, self.entity):
            raise refused("The group can't be deleted because it is a system group or holds term sets.")
        super().delete()


class TermSet(Row):
    """A term set."""

    type = "SP.Taxonomy.TermSet"
    declared = table(
        group(MOMENT, None, "CreatedDate LastModifiedDate"),
        group(GUID, "", "Id"),
        group(TEXT, "", "Name Contact Description Owner", writable=True),
        group(TEXT, None, "CustomSortOrder", writable=True),
        group(DICTIONARY, {}, "CustomProperties Names"),
        group(BOOLEAN, True, "IsAvailableForTagging", writable=True),
        group(BOOLEAN, False, "IsOpenForTermCreation", writable=True),
        group(TEXTS, [], "Stakeholders"),
    )

    def _renamed(self, name: str) -> dict[str, Any]:
        return {"Names": {**self.entity.props.get("Names", {}), str(terms.DEFAULT_LANGUAGE): name}}

    @link("Group")
    def group(self) -> TermGroup:
        """The group that it lies in."""
        return TermGroup(self.scope, above(self.scope, self.entity))

    @link("Terms")
    def terms(self) -> term_labels.Terms:
        """The terms at the top."""
        return term_labels.Terms(self.scope, terms.terms(self.scope.store, self.entity))

    @function("GetAllTerms")
    def all_terms(self, _call: Call) -> term_labels.Terms:
        """Every term."""
        return term_labels.Terms(self.scope, terms.all_terms(self.scope.store, self.entity))

    @function("GetTerm")
    def get_term(self, call: Call) -> term_labels.Term | None:
        """A term of the set by id."""
        found = term_labels.find_term(self.scope, call.value("termId", 0))
        return found if found and terms.set_of(self.scope.store, found.entity).id == self.entity.id else None

    @function("GetTerms")
    def get_terms(self, call: Call) -> term_labels.Terms:
        """The terms that a label matches."""
        match = call.value("labelMatchInformation", 0)
        if not isinstance(match, term_labels.LabelMatch):
            raise bad_argument("Value cannot be null.\r\nParameter name: labelMatchInformation")
        every = terms.all_terms(self.scope.store, self.entity)
        return term_labels.Terms(self.scope, [each for each in every if match.fits(each)][: match.size])

    @action("CreateTerm")
    def create_term(self, call: Call) -> term_labels.Term:
        """Add a term at the top."""
        return term_labels.create_term_below(self, call)

    @action("AddStakeholder")
    def add_stakeholder(self, call: Call) -> None:
        """Name somebody who is to be told of changes."""
        self.save({"Stakeholders": [*self.entity.props.get("Stakeholders", []), call.text("stakeholderName", 0)]})


class TermGroups(Rows):
    """The groups of the store."""

    element = TermGroup
    one = TermGroup

    def rows(self) -> list[Entity]:
        return terms.groups(self.scope.store, at=self.scope.now)


class TermSets(Rows):
    """Some term sets."""

    element = TermSet
    one = TermSet

    def __init__(self, scope: Scope, rows: list[Entity]) -> None:
        super().__init__(scope)
        self._all = rows

    def rows(self) -> list[Entity]:
        return self._all
