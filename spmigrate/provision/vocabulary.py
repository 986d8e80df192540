"""The organisation's columns, content types and permission levels, found by name."""

from dataclasses import dataclass

from spmigrate.provision import identity
from spmigrate.provision.language import ColumnUse, Organisation, SiteColumn
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, name_key

BUILT_IN_LEVELS: tuple[str, ...] = ("Full Control", "Design", "Edit", "Contribute", "Read", "View Only")
"""Permission levels that every site has."""

_PLAIN_FIELDS = {"Name": "FileLeafRef", "Type": "DocIcon", "File size": "FileSizeDisplay"}
"""The fields behind built-in columns where a view's own field is only a drawing of it."""


@dataclass(frozen=True, slots=True)
class Use:
    """A column of a content type, with what the content type asks of it; None where it asks nothing."""

    column: SiteColumn
    required: bool | None = None
    hidden: bool | None = None


class Vocabulary:
    """What names of the vocabulary mean. Names that are not in it raise KeyError: check before."""

    def __init__(self, organisation: Organisation) -> None:
        """Index the vocabulary; names are compared without case."""
        self.organisation = organisation
        self.columns = {name_key(column.name): column for column in organisation.site_columns}
        self.content_types = {name_key(each.name): each for each in organisation.content_types}
        self.levels = {name_key(each.name): each for each in organisation.permission_levels}

    @property
    def words(self) -> dict[str, str]:
        """What people call each column, by its internal name."""
        ours = {identity.internal_name(column.name): column.name for column in self.organisation.site_columns}
        return {field: name for name, field in BUILT_IN_COLUMNS.items()} | ours

    def content_type_id(self, name: str) -> str:
        """The id of a content type, derived along what it is based on."""
        root = identity.root_content_type(name)
        if root:
            return root
        content_type = self.content_types[name_key(name)]
        return identity.content_type_id(content_type.name, self.content_type_id(content_type.based_on))

    def family(self, name: str) -> list[str]:
        """A content type with those that it is based on, the topmost first; built-in ones are left out."""
        if identity.root_content_type(name):
            return []
        content_type = self.content_types[name_key(name)]
        return [*self.family(content_type.based_on), content_type.name]

    def uses_of(self, name: str) -> list[Use]:
        """The columns of a content type, inherited ones first; what a content type says overrides those above it."""
        found: dict[str, Use] = {}
        for each in self.family(name):
            for given in self.content_types[name_key(each)].columns:
                use = ColumnUse(column=given) if isinstance(given, str) else given
                key = name_key(use.column)
                above = found.get(key, Use(self.columns[key]))
                required = above.required if use.required is None else use.required
                hidden = above.hidden if use.hidden is None else use.hidden
                found[key] = Use(above.column, required, hidden)
        return list(found.values())

    def document_template(self, name: str) -> str | None:
        """The file that a new document begins as: a content type's own, or that of the nearest it is based on."""
        above = (self.content_types[name_key(each)].document_template for each in reversed(self.family(name)))
        return next((each for each in above if each is not None), None)

    def columns_of(self, name: str) -> list[SiteColumn]:
        """The columns of a content type, inherited ones first."""
        return [use.column for use in self.uses_of(name)]

    def proper_name(self, name: str) -> str:
        """A content type's name as the vocabulary writes it."""
        built_in = identity.BUILT_IN_CONTENT_TYPES.get(name_key(name))
        return built_in or self.content_types[name_key(name)].name

    def proper_level(self, name: str) -> str:
        """A permission level's name as SharePoint or the vocabulary writes it."""
        built_in = {name_key(each): each for each in BUILT_IN_LEVELS}
        key = name_key(name)
        return built_in[key] if key in built_in else self.levels[key].name

    def field(self, column: str) -> str:
        """The field that a view shows for a column, built in or ours."""
        return BUILT_IN_COLUMNS.get(column) or identity.internal_name(self.columns[name_key(column)].name)

    def plain_field(self, column: str) -> str:
        """The field that holds a column's value, for sorting, grouping, filtering and looking up."""
        return _PLAIN_FIELDS.get(column) or self.field(column)
