"""Comments on items, their replies and likes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, Stored, action, computed, link
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, GUID, INT, TEXT, group, table
from spmigrate.rehearsal.storage import Entity

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.item_calls import ItemCalls

MAX_TEXT = 2000
_KIND = "comment"


def comment_missing() -> ODataError:
    """A comment that is not there (404)."""
    return ODataError(404, f"-2147024894, {SP_EXCEPTION}", "The comment does not exist.")


class Like(Stored):
    """Somebody who likes something."""

    type = "SP.UserEntity"
    feed = "likedBy"
    declared = table(
        group(TEXT, None, "creationDate email loginName name"),
        group("Edm.Int64", "0", "id"),
    )

    @property
    def path(self) -> str:
        return f"Web/GetUserById({self.entity.props.get('Id')})"

    def stored(self) -> Mapping[str, Any]:
        props = self.entity.props
        return {"email": props.get("Email"), "loginName": props.get("LoginName"), "name": props.get("Title"),
                "id": str(props.get("Id")), "creationDate": self.entity.created}  # fmt: skip


class Likes(Collection):
    """Those who like something."""

    feed = "likedBy"
    element = Like

    def __init__(self, holder: ItemCalls, logins: list[str]) -> None:
        super().__init__(holder.scope)
        self.holder = holder
        self.logins = logins

    def all(self) -> list[Like]:
        return [Like(self.scope, ensure_user(self.scope, login)) for login in self.logins]


class LikedBy(Resource):
    """Who likes an item."""

    type = "Microsoft.SharePoint.Likes.likedByInformation"
    feed = "likedByInformation"
    declared = table(group(BOOLEAN, False, "isLikedByUser"), group(TEXT, "0", "likeCount"))

    def __init__(self, holder: ItemCalls) -> None:
        super().__init__(holder.scope)
        self.holder = holder
        self.logins = [str(each) for each in holder.item.fields.get("_LikedBy", [])]

    @property
    def path(self) -> str:
        return f"{self.holder.path}/LikedByInformation"

    def stored(self) -> Mapping[str, Any]:
        return {"isLikedByUser": self.scope.claims.login in self.logins, "likeCount": str(len(self.logins))}

    @link("likedBy")
    def liked_by(self) -> Likes:
        """Those who like it."""
        return Likes(self.holder, self.logins)


class Comment(Stored):
    """A comment, or a reply to one."""

    type = "Microsoft.SharePoint.Comments.comment"
    feed = "comments"
    write_level = Level.WRITE
    declared = table(
        group("Microsoft.SharePoint.Comments.Client.Identity", None, "author"),
        group(DATE, None, "createdDate"),
        group(TEXT, "0", "id parentId"),
        group(TEXT, "", "text"),
        group(BOOLEAN, False, "isLikedByUser isReply"),
        group(INT, 0, "itemId likeCount replyCount"),
        group(GUID, None, "listId"),
        group("Collection(Microsoft.SharePoint.Comments.Client.Identity)", None, "mentions"),
    )

    def __init__(self, holder: ItemCalls, entity: Entity) -> None:
        super().__init__(holder.scope, entity)
        self.holder = holder

    @property
    def number(self) -> int:
        """Its number in the list."""
        return int(self.entity.props["_Number"])

    @property
    def path(self) -> str:
        above = self.entity.props.get("_Parent")
        own = f"Comments({self.number})" if not above else f"Comments({above})/replies({self.number})"
        return f"{self.holder.path}/{own}"

    def stored(self) -> Mapping[str, Any]:
        props = self.entity.props
        likes = props.get("_LikedBy", [])
        return {
            "createdDate": self.entity.created, "id": str(self.number), "parentId": str(props.get("_Parent") or 0),
            "text": props.get("text", ""), "isReply": bool(props.get("_Parent")), "likeCount": len(likes),
            "isLikedByUser": self.scope.claims.login in likes, "itemId": self.holder.item.list_item,
            "listId": self.holder.owner.guid, "replyCount": len(self.replies().all()),
        }  # fmt: skip

    @computed("author")
    def _author(self) -> Complex:
        props = ensure_user(self.scope, str(self.entity.props["_By"])).props
        values = {
            "email": props.get("Email"), "expiration": None, "id": props.get("Id"), "isActive": True,
            "isExternal": bool(props.get("IsShareByEmailGuestUser")), "jobTitle": None,
            "loginName": props.get("LoginName"), "name": props.get("Title"), "principalType": 1, "userId": None,
            "userPrincipalName": None,
        }  # fmt: skip
        return Complex("Microsoft.SharePoint.Comments.Client.Identity", values)

    @link("replies")
    def replies(self) -> Comments:
        """The replies."""
        return Comments(self.holder, parent=self.number)

    @link("likedBy")
    def liked_by(self) -> Likes:
        """Those who like it."""
        return Likes(self.holder, list(self.entity.props.get("_LikedBy", [])))

    @action("Like")
    def like(self, _call: Call) -> None:
        """The caller likes it."""
        self._set(liked=True)

    @action("Unlike")
    def unlike(self, _call: Call) -> None:
        """The caller likes it no longer."""
        self._set(liked=False)

    def _set(self, *, liked: bool) -> None:
        login = self.scope.claims.login
        kept = [each for each in self.entity.props.get("_LikedBy", []) if each != login]
        self.save({"_LikedBy": [*kept, login] if liked else kept})

    def delete(self) -> None:
        for each in self.replies().all():
            each.delete()
        self.scope.store.delete(self.entity)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete it with its replies."""
        self.delete()


class Comments(Collection):
    """The comments on an item, the newest first; or the replies to one."""

    feed = "comments"
    element = Comment
    write_level = Level.WRITE

    def __init__(self, holder: ItemCalls, parent: int = 0) -> None:
        super().__init__(holder.scope)
        self.holder = holder
        self.parent = parent

    def _rows(self) -> list[Entity]:
        return self.scope.store.children(self.holder.owner.id, _KIND)

    def all(self) -> list[Comment]:
        number = self.holder.item.list_item
        own = [
            Comment(self.holder, each)
            for each in self._rows()
            if each.props["_Item"] == number and int(each.props.get("_Parent") or 0) == self.parent
        ]
        return own if self.parent else list(reversed(own))

    def by_key(self, key: object) -> Comment:
        for each in self._rows():
            if str(each.props["_Number"]) == str(key) and each.props["_Item"] == self.holder.item.list_item:
                return Comment(self.holder, each)
        raise comment_missing()

    def create(self, call: Call) -> Comment:
        text = str(call.record("parameters").get("text") or "")
        if not text.strip() or len(text) > MAX_TEXT:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: text")
        if self.holder.item.fields.get("_CommentsDisabled"):
            message = "Comments are disabled on this item."
            raise ODataError(400, "-1, System.InvalidOperationException", message)
        number = max((int(each.props["_Number"]) for each in self._rows()), default=0) + 1
        props = {"text": text, "_Number": number, "_Item": self.holder.item.list_item, "_Parent": self.parent,
                 "_By": self.scope.claims.login}  # fmt: skip
        row = self.scope.store.insert(_KIND, str(number), at=self.scope.now, parent=self.holder.owner.id, props=props)
        return Comment(self.holder, row)

    @action("Add")
    def add(self, call: Call) -> Comment:
        """Add a comment."""
        return self.create(call)

    @action("DeleteAll")
    def delete_all(self, _call: Call) -> bool:
        """Delete every comment."""
        for each in self.all():
            each.delete()
        return True
