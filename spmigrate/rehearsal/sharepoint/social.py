"""`social.following`: what the caller follows, in the form of the newsfeed's interface."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import followed
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, Result, action, function, link
from spmigrate.rehearsal.sharepoint.profile_properties import account_name, personal_url
from spmigrate.rehearsal.sharepoint.profiles import need_caller, need_person
from spmigrate.rehearsal.sharepoint.properties import INT, TEXT, group, table, whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_ACTOR = "SP.Social.SocialActor"
_TEXTS = (
    "AccountName ContentUri EmailAddress FollowedContentUri ImageUri LibraryUri PersonalSiteUri StatusText Title Uri"
)
_ACTORS = f"Collection({_ACTOR})"
# SocialActorTypes: which kinds a question is about.
_ASKED = {followed.PERSON: 1, followed.DOCUMENT: 2, followed.SITE: 4, followed.TAG: 8}


class Following(Resource):
    """What the caller follows, and following."""

    type = "SP.Social.SocialRestFollowingManager"
    feed = "following"
    write_level = Level.READ
    declared = table(group(TEXT, "", "FollowedDocumentsUri FollowedSitesUri"))

    @property
    def path(self) -> str:
        return "social.following"

    def stored(self) -> dict[str, str]:
        base = f"https://{self.scope.tenant.names.personal}/_layouts/15"
        return {
            "FollowedDocumentsUri": f"{base}/FollowedContent.aspx?FollowedDocuments",
            "FollowedSitesUri": f"{base}/FollowedContent.aspx?FollowedSites",
        }

    @link("My")
    def my(self) -> MyFollowing:
        """The caller's own lists."""
        return MyFollowing(self.scope)

    @action("Follow")
    def follow(self, call: Call) -> Result:
        """Follow a person, site or document (SocialFollowResult)."""
        caller = need_caller(self.scope)
        kind, where = _actor(call)
        if kind == followed.PERSON:
            return Result("Follow", followed.add_following(self.scope, caller, need_person(self.scope, where)))
        return Result("Follow", followed.add_place(self.scope, caller, where, kind))

    @action("StopFollowing")
    def stop_following(self, call: Call) -> None:
        """Follow a person, site or document no more."""
        caller = need_caller(self.scope)
        kind, where = _actor(call)
        if kind == followed.PERSON:
            followed.drop_following(self.scope, caller, need_person(self.scope, where))
            return
        place = followed.find_place(self.scope, caller, where)
        if place is not None:
            self.scope.store.delete(place)

    @function("IsFollowed")
    def is_followed(self, call: Call) -> Result:
        """Whether the caller follows a person, site or document."""
        caller = need_caller(self.scope)
        kind, where = _actor(call)
        if kind == followed.PERSON:
            return Result("IsFollowed", followed.is_following(self.scope, caller, need_person(self.scope, where)))
        return Result("IsFollowed", followed.find_place(self.scope, caller, where) is not None)


class MyFollowing(Resource):
    """The caller's own lists of followed things."""

    type = "SP.Social.SocialRestFollowingMy"
    feed = "my"
    declared = table(group(INT, 0, "FollowedCount"), group("SP.Social.SocialActor", None, "SocialActor"))

    @property
    def path(self) -> str:
        return "social.following/my"

    def stored(self) -> dict[str, Any]:
        caller = need_caller(self.scope)
        return {"FollowedCount": len(self._followed(15)), "SocialActor": _show_person(self.scope, caller).values}

    @function("Followed")
    def followed(self, call: Call) -> Result:
        """What the caller follows, of the kinds that are asked for."""
        return Result("Followed", Bag(_ACTORS, tuple(self._followed(call.number("types", 0)))))

    @function("FollowedCount")
    def followed_count(self, call: Call) -> Result:
        """How much the caller follows, of the kinds that are asked for."""
        return Result("FollowedCount", len(self._followed(call.number("types", 0))))

    @function("Followers")
    def followers(self, _call: Call) -> Result:
        """Who follows the caller."""
        people = followed.followers(self.scope, need_caller(self.scope))
        return Result("Followers", Bag(_ACTORS, tuple(_show_person(self.scope, each) for each in people)))

    @function("Suggestions")
    def suggestions(self, _call: Call) -> Result:
        """People of the caller's department whom they don't follow."""
        caller = need_caller(self.scope)
        known = {each.id for each in followed.following(self.scope, caller)} | {caller.id}
        department = caller.props.get("department")
        users = self.scope.tenant.directory.users() if department else []
        people = [each for each in users if each.props.get("department") == department and each.id not in known]
        return Result("Suggestions", Bag(_ACTORS, tuple(_show_person(self.scope, each) for each in people)))

    def _followed(self, types: int) -> list[Complex]:
        caller = need_caller(self.scope)
        people = followed.following(self.scope, caller) if types & _ASKED[followed.PERSON] else []
        places = [each for each in followed.places(self.scope, caller) if types & _ASKED[int(each.props["ActorType"])]]
        return [_show_person(self.scope, each) for each in people] + [_show_place(each) for each in places]


class SocialCalls(Node):
    """Following, at the root."""

    @link("social.following")
    def social_following(self) -> Following:
        """What the caller follows."""
        return Following(self.scope)


def _actor(call: Call) -> tuple[int, str]:
    given = call.record("actor")
    kind = whole(given.get("ActorType"), "ActorType")
    where = given.get("AccountName") if kind == followed.PERSON else given.get("ContentUri")
    if not where or kind == followed.TAG:
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: actor")
    return kind, str(where)


def _show_person(scope: Scope, user: Entity) -> Complex:
    account = account_name(user)
    return _show(followed.PERSON, f"1.{user.guid}.{account}", str(user.props.get("displayName") or user.name), {
        "AccountName": account, "EmailAddress": user.props.get("mail"), "Title": user.props.get("jobTitle"),
        "PersonalSiteUri": personal_url(scope, user), "Uri": personal_url(scope, user), "CanFollow": True,
    })  # fmt: skip


def _show_place(place: Entity) -> Complex:
    kind = int(place.props["ActorType"])
    return _show(kind, f"{4 if kind == followed.SITE else 2}.{place.guid}", str(place.props["Title"]), {
        "ContentUri": place.name, "Uri": place.name, "CanFollow": True,
    })  # fmt: skip


def _show(kind: int, identity: str, name: str, more: dict[str, Any]) -> Complex:
    values = {**dict.fromkeys(_TEXTS.split()), "ActorType": kind, "CanFollow": False, "Id": identity, "Name": name,
              "Status": 0, "TagGuid": "00000000-0000-0000-0000-000000000000", **more}  # fmt: skip
    return Complex(_ACTOR, values)
