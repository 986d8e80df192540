"""`Manifest.xml`: the library, its folders from the top, and each file with the list item that it needs.

A file without a list item is passed over without a word; an id is taken literally. Source: "XML manifest files"
(sp-dev-docs) and the shape of Microsoft's own samples.
"""

from collections.abc import Iterable, Iterator

from spmigrate.migrate.package.contents import Contents, Document, Home, PackedFolder
from spmigrate.migrate.package.grants import assignments, roles
from spmigrate.migrate.package.people import People
from spmigrate.migrate.package.xml import DECLARATION, attributes, escape, moment


def manifest(contents: Contents, people: People) -> str:
    """The whole document. Raises NotXml for a name that XML cannot hold."""
    writer = _Writer(contents.home, people)
    return "".join(
        [
            f'{DECLARATION}<SPObjects xmlns="urn:deployment-manifest-schema">',
            *writer.library(),
            *writer.folders(contents.folders),
            *writer.documents(contents.documents),
            *roles(contents),
            *assignments(contents, people),
            "</SPObjects>",
        ]
    )


class _Writer:
    """Objects of one library; what all of them say is escaped once."""

    def __init__(self, home: Home, people: People) -> None:
        self._home = home
        self._people = people
        self._web = attributes(ParentWebId=home.web_id, ParentWebUrl=home.web)
        self._leaf = escape(home.leaf)
        self._address = escape(home.address)

    def library(self) -> Iterator[str]:
        """The library's root folder, then the library."""
        home = self._home
        yield self._object(
            "SPFolder", home.root_id, home.web_id, "",
            f'<Folder Id="{home.root_id}" Name="{self._leaf}" Url="{self._leaf}" ParentFolderId="{home.web_id}"'
            f'{self._web} ContainingDocumentLibrary="{home.list_id}" />',
        )  # fmt: skip
        title = attributes(Title=home.title)
        yield self._object(
            "SPDocumentLibrary", home.list_id, home.web_id, "",
            f'<DocumentLibrary Id="{home.list_id}" BaseTemplate="DocumentLibrary" RootFolderId="{home.root_id}"'
            f' RootFolderUrl="{self._address}"{self._web}{title} />',
        )  # fmt: skip

    def folders(self, folders: Iterable[PackedFolder]) -> Iterator[str]:
        """Folders, each after the one that it lies in; those that are new with their list items."""
        for each in folders:
            path, name = escape(each.path), escape(each.name)
            url = f"{self._leaf}/{path}"
            number = _number("ListItemIntId", each.identity.number)
            yield self._object(
                "SPFolder", each.identity.file_id, each.parent_id, path,
                f'<Folder Id="{each.identity.file_id}" Name="{name}" Url="{url}" ParentFolderId="{each.parent_id}"'
                f'{self._web} ContainingDocumentLibrary="{self._home.list_id}"{number} />',
            )  # fmt: skip
            if each.made:
                yield self._item("Folder", each, path, name, "", "<Fields />")

    def documents(self, documents: Iterable[Document]) -> Iterator[str]:
        """Files, each followed by its list item."""
        for each in documents:
            path, name = escape(each.path), escape(each.name)
            stamp = each.stamp
            said = (
                f' TimeCreated="{moment(stamp.created_ns)}" TimeLastModified="{moment(stamp.modified_ns)}"'
                f"{attributes(Author=self._people.known(stamp.author), ModifiedBy=self._people.known(stamp.editor))}"
            )
            yield self._object(
                "SPFile", each.identity.file_id, each.parent_id, path,
                f'<File Id="{each.identity.file_id}" Name="{name}" Url="{self._leaf}/{path}"'
                f' ParentId="{each.parent_id}"{self._web} ListId="{self._home.list_id}" FileValue="{each.blob}"'
                f'{_number("ListItemIntId", each.identity.number)} Version="1.0"{said} />',
            )  # fmt: skip
            yield self._item("File", each, path, name, said, _fields(each))

    def _item(self, kind: str, each: PackedFolder | Document, path: str, name: str, said: str, fields: str) -> str:
        folder = path.rpartition("/")[0]
        inside = f"{self._address}/{folder}".rstrip("/").lstrip("/")
        identity, item_id = each.identity, each.identity.item_id
        return self._object(
            "SPListItem", item_id, self._home.list_id, path,
            f'<ListItem Id="{item_id}" DocId="{identity.file_id}" DocType="{kind}"'
            f' FileUrl="{self._leaf}/{path}" Name="{name}" DirName="{inside}"{_number("IntId", identity.number)}'
            f' ParentFolderId="{each.parent_id}" ParentListId="{self._home.list_id}"'
            f' ParentWebId="{self._home.web_id}" Version="1.0"{said} ModerationStatus="Approved">{fields}</ListItem>',
        )  # fmt: skip

    def _object(self, kind: str, identity: str, parent: str, path: str, inner: str) -> str:
        url = f"{self._address}/{path}".rstrip("/")
        opened = f'<SPObject Id="{identity}" ObjectType="{kind}" ParentId="{parent}"{self._web} Url="{url}">'
        return f"{opened}{inner}</SPObject>\n"


def _number(name: str, number: int) -> str:
    return f' {name}="{number}"' if number else ""


def _fields(document: Document) -> str:
    if not document.stamp.columns:
        return "<Fields />"
    inside = "".join(
        f"<Field{attributes(Name=name, Value=value, Type='Text')} />" for name, value in document.stamp.columns.items()
    )
    return f"<Fields>{inside}</Fields>"
