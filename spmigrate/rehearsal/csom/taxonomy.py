"""The term store in the client object model (``SP.Taxonomy``): session and store, and the identities of its objects."""

from __future__ import annotations

import base64
from uuid import UUID

from spmigrate.rehearsal import terms
from spmigrate.rehearsal.csom.term_labels import Term, find_term
from spmigrate.rehearsal.csom.term_rows import Row, above, added, refused
from spmigrate.rehearsal.csom.term_sets import TermGroup, TermGroups, TermSet, TermSets
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, computed, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, INT, INTS, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope


class TaxonomySession(Resource):
    """Where every path into the term store begins."""

    type = "SP.Taxonomy.TaxonomySession"
    declared = table(group(BOOLEAN, False, "OfflineTermStoreNames"))

    @property
    def path(self) -> str:
        return "SP.Taxonomy.TaxonomySession"

    @link("TermStores")
    def term_stores(self) -> TermStores:
        """The one term store."""
        return TermStores(self.scope)

    @function("GetDefaultSiteCollectionTermStore")
    def of_site_collection(self, _call: Call) -> TermStore:
        """The term store."""
        return TermStore(self.scope)

    @function("GetDefaultKeywordsTermStore")
    def of_keywords(self, _call: Call) -> TermStore:
        """The term store."""
        return TermStore(self.scope)

    @function("GetTerm")
    def get_term(self, call: Call) -> Term | None:
        """A term by id."""
        return find_term(self.scope, call.value("termId", 0))

    @action("UpdateCache")
    def update_cache(self, _call: Call) -> None:
        """What is read is never old here."""


class TermStore(Resource):
    """The tenant's term store."""

    type = "SP.Taxonomy.TermStore"
    sets_at_once = True
    declared = table(
        group(INT, terms.DEFAULT_LANGUAGE, "DefaultLanguage WorkingLanguage"),
        group(GUID, terms.STORE_ID, "Id"),
        group(BOOLEAN, True, "IsOnline"),
        group(INTS, [terms.DEFAULT_LANGUAGE], "Languages"),
        group(TEXT, terms.STORE_NAME, "Name"),
        group(TEXT, None, "ContentTypePublishingHub"),
    )

    @property
    def path(self) -> str:
        return "SP.Taxonomy.TermStore"

    @computed("ContentTypePublishingHub")
    def _hub(self) -> str:
        return f"https://{self.scope.tenant.names.content_type_hub}"

    @link("Groups")
    def groups(self) -> TermGroups:
        """The term groups."""
        return TermGroups(self.scope)

    @link("SystemGroup")
    def system_group(self) -> TermGroup:
        """The group of the store's own sets."""
        return TermGroup(self.scope, TermGroups(self.scope).named("System").entity)

    @link("KeywordsTermSet")
    def keywords(self) -> TermSet | None:
        """The set of enterprise keywords."""
        return self._set(terms.KEYWORDS_ID)

    @function("GetGroup")
    def get_group(self, call: Call) -> TermGroup | None:
        """A group by id."""
        row = terms.group(self.scope.store, str(call.value("id", 0)), at=self.scope.now)
        return None if row is None else TermGroup(self.scope, row)

    @function("GetTermSet")
    def get_set(self, call: Call) -> TermSet | None:
        """A set by id."""
        return self._set(str(call.value("termSetId", 0)))

    def _set(self, identity: str) -> TermSet | None:
        row = terms.term_set(self.scope.store, identity, at=self.scope.now)
        return None if row is None else TermSet(self.scope, row)

    @function("GetTermSetsByName")
    def get_sets_by_name(self, call: Call) -> TermSets:
        """The sets of a name in any group."""
        wanted = call.text("termSetName", 0).casefold()
        rows = [each for group in terms.groups(self.scope.store, at=self.scope.now)
                for each in terms.sets(self.scope.store, group) if each.name.casefold() == wanted]  # fmt: skip
        return TermSets(self.scope, rows)

    @function("GetTerm")
    def get_term(self, call: Call) -> Term | None:
        """A term by id."""
        return find_term(self.scope, call.value("termId", 0))

    @action("CreateGroup")
    def create_group(self, call: Call) -> TermGroup:
        """Add a group."""
        guid = as_guid(call.value("id", 1, default=""))
        row = added(lambda: terms.add_group(self.scope.store, call.text("name", 0), at=self.scope.now, guid=guid),
                     "Group names must be unique.")  # fmt: skip
        return TermGroup(self.scope, row)

    @action("CommitAll")
    def commit_all(self, _call: Call) -> None:
        """What was done is kept already."""

    @action("UpdateCache")
    def update_cache(self, _call: Call) -> None:
        """What is read is never old here."""


class TermStores(Collection):
    """The one term store."""

    element = TermStore

    def all(self) -> list[TermStore]:
        return [TermStore(self.scope)]


def write_steps(node: Resource) -> str | None:
    """The identity of an object of the term store after its family's key; None for any other."""
    if isinstance(node, TaxonomySession):
        return "ss:"
    if isinstance(node, TermStore):
        return f"st:{_pack(terms.STORE_ID)}"
    if not isinstance(node, Row):
        return None
    kind = {"termgroup": "gr", "termset": "se", "term": "te"}[node.entity.kind]
    guids = [node.entity.guid]
    row = node.entity
    if row.kind == "term":
        row = terms.set_of(node.scope.store, row)
        guids.insert(0, row.guid)
    if row.kind == "termset":
        guids.insert(0, above(node.scope, row).guid)
    return f"{kind}:{_pack(terms.STORE_ID, *guids)}"


def read_steps(scope: Scope, text: str) -> Resource:
    """The object of the term store that an identity names."""
    kind, _, packed = text.partition(":")
    if kind == "ss":
        return TaxonomySession(scope)
    guids = _unpack(packed)
    if kind == "st" and guids:
        return TermStore(scope)
    made: dict[str, tuple[str, type[Row]]] = {
        "gr": ("termgroup", TermGroup), "se": ("termset", TermSet), "te": ("term", Term),
    }  # fmt: skip
    if kind in made and guids:
        name, one = made[kind]
        row = scope.store.get(name, guids[-1])
        if row is not None:
            return one(scope, row)
    raise refused("The specified object does not belong to the current term store.")


def _pack(*guids: str) -> str:
    return base64.b64encode(b"".join(UUID(each).bytes_le for each in guids)).decode()


def _unpack(text: str) -> list[str]:
    try:
        content = base64.b64decode(text, validate=True)
        return [str(UUID(bytes_le=content[start : start + 16])) for start in range(0, len(content), 16)]
    except ValueError:
        return []
