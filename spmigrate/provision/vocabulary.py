"""The organisation's columns and content types, found by name."""

from spmigrate.provision import identity
from spmigrate.provision.language import Organisation, SiteColumn
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, name_key


class Vocabulary:
    """What names of the vocabulary mean. Names that are not in it raise KeyError: check before."""

    def __init__(self, organisation: Organisation) -> None:
        """Index the vocabulary; names are compared without case."""
        self.organisation = organisation
        self.columns = {name_key(column.name): column for column in organisation.site_columns}
        self.content_types = {name_key(each.name): each for each in organisation.content_types}

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

    def columns_of(self, name: str) -> list[SiteColumn]:
        """The columns of a content type, inherited ones first."""
        names = [column for each in self.family(name) for column in self.content_types[name_key(each)].columns]
        return [self.columns[key] for key in dict.fromkeys(map(name_key, names))]

    def proper_name(self, name: str) -> str:
        """A content type's name as the vocabulary writes it."""
        return name if identity.root_content_type(name) else self.content_types[name_key(name)].name

    def field(self, column: str) -> str:
        """The field that a view shows for a column, built in or ours."""
        return BUILT_IN_COLUMNS.get(column) or identity.internal_name(self.columns[name_key(column)].name)
