"""Mail as far as a program notifies people: `sendMail`, and mailboxes in which what was sent is found.

Whom the tenant does not know gets nothing: the message stays in the sender's Sent Items, as it would for a post
office elsewhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.objects import holder
from spmigrate.rehearsal.graph.querying import answer_count, answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_READ = ("Mail.Read", "Mail.ReadBasic", "Mail.ReadBasic.All", "Mail.ReadWrite")
_WRITE = ("Mail.ReadWrite",)
_SEND = ("Mail.Send",)
_PAGE, _MOST = 10, 1000
# Source: Microsoft, resource mailFolder: names by which these are found in any language.
_FOLDERS = {
    "inbox": "Inbox", "drafts": "Drafts", "sentitems": "Sent Items", "deleteditems": "Deleted Items",
    "archive": "Archive", "junkemail": "Junk Email", "outbox": "Outbox", "conversationhistory": "Conversation History",
}  # fmt: skip
_MESSAGE = define_type(
    "message",
    "bccRecipients body bodyPreview categories ccRecipients changeKey conversationId conversationIndex createdDateTime"
    " flag from hasAttachments importance inferenceClassification internetMessageHeaders internetMessageId"
    " isDeliveryReceiptRequested isDraft isRead isReadReceiptRequested lastModifiedDateTime parentFolderId"
    " receivedDateTime replyTo sender sentDateTime subject toRecipients uniqueBody webLink",
    "attachments extensions multiValueExtendedProperties singleValueExtendedProperties",
)
_FOLDER = define_type(
    "mailFolder", "childFolderCount displayName isHidden parentFolderId totalItemCount unreadItemCount",
    "childFolders messageRules messages",
)  # fmt: skip
_RECIPIENTS = ("toRecipients", "ccRecipients", "bccRecipients")


def _mailbox(call: Call, *permissions: str) -> Entity:
    """The person whose mailbox the path names; refuses who may not, and people without a mailbox."""
    caller, person = call.request.caller, holder(call, "user")
    own = caller.app_only or person.name.lower() == caller.user.lower()
    if not caller.permits(*permissions) or not own:
        raise GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    if person.props.get("userType", "Member") == "Guest":
        message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
        raise GraphError(404, "MailboxNotEnabledForRESTAPI", message)
    return person


def _send(call: Call) -> Response:
    sender, body = _mailbox(call, *_SEND), call.body()
    given = {name.lower(): value for name, value in body.items()}
    message = given.get("message")
    if not isinstance(message, Mapping):
        raise GraphError(400, "ErrorInvalidParameter", "The parameter 'Message' is required.")
    content = _content(call, sender, message)
    people = [address for name in _RECIPIENTS for address in _addresses(content[name])]
    if not people:
        text = "At least one recipient isn't valid., A message can't be sent because it contains no recipients."
        raise GraphError(400, "ErrorInvalidRecipients", text)
    if given.get("savetosentitems", True) is not False:
        _keep(call, sender, "sentitems", {**content, "isRead": True})
    seen = {**content, "bccRecipients": []}
    for each in dict.fromkeys(people):
        person = call.tenant.directory.user_by_login(each)
        if person is not None and person.props.get("userType", "Member") != "Guest":
            _keep(call, person, "inbox", {**seen, "isRead": False})
    return Response(202)


def _content(call: Call, sender: Entity, given: Mapping[str, Any]) -> Content:
    """A message whole: what was given, and what the post office adds."""
    unknown = [name for name in given if name.lower() not in _MESSAGE.known and "@" not in name]
    if unknown:
        text = f"The property '{unknown[0]}' does not exist on type 'microsoft.graph.message'."
        raise GraphError(400, "RequestBodyRead", text)
    named = {_MESSAGE.properties.get(name.lower(), name): value for name, value in given.items()}
    body = named.get("body") or {"contentType": "text", "content": ""}
    if not isinstance(body, Mapping) or str(body.get("contentType", "text")).lower() not in ("text", "html"):
        raise GraphError(400, "ErrorInvalidRequest", "The body of the message is not valid.")
    now, text = call.tenant.clock.iso(), str(body.get("content", ""))
    address = {"name": sender.props.get("displayName"), "address": sender.props.get("mail") or sender.name}
    return {
        "createdDateTime": now, "lastModifiedDateTime": now, "receivedDateTime": now, "sentDateTime": now,
        "changeKey": uuid.uuid4().hex, "categories": named.get("categories") or [],
        "hasAttachments": bool(named.get("attachments")),
        "internetMessageId": f"<{uuid.uuid4()}@{call.tenant.names.domain}>",
        "subject": str(named.get("subject") or ""), "bodyPreview": text[:255],
        "importance": str(named.get("importance") or "normal").lower(), "conversationId": uuid.uuid4().hex,
        "conversationIndex": None, "isDeliveryReceiptRequested": False, "isReadReceiptRequested": False,
        "isDraft": False, "inferenceClassification": "focused",
        "body": {"contentType": str(body.get("contentType", "text")).lower(), "content": text},
        "sender": {"emailAddress": address}, "from": named.get("from") or {"emailAddress": address},
        **{name: _recipients(named.get(name)) for name in _RECIPIENTS}, "replyTo": _recipients(named.get("replyTo")),
        "flag": {"flagStatus": "notFlagged"},
    }  # fmt: skip


def _recipients(given: object) -> list[Content]:
    listed = given if isinstance(given, list) else []
    found = [each.get("emailAddress") if isinstance(each, Mapping) else None for each in listed]
    if (given is not None and not isinstance(given, list)) or any(not _is_address(each) for each in found):
        raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
    return [{"emailAddress": {"name": each.get("name") or each["address"], "address": each["address"]}}
            for each in found if isinstance(each, Mapping)]  # fmt: skip


def _is_address(given: object) -> bool:
    address = given.get("address") if isinstance(given, Mapping) else None
    return isinstance(address, str) and "@" in address.strip("@")


def _addresses(recipients: list[Content]) -> list[str]:
    return [str(each["emailAddress"]["address"]).lower() for each in recipients]


def _keep(call: Call, person: Entity, folder: str, content: Content) -> None:
    call.tenant.store.insert("message", folder, parent=person.id, at=call.tenant.clock.iso(), props=content)


def _messages(call: Call, person: Entity) -> list[Content]:
    """What lies in a mailbox, or in the folder that the path names, the newest first."""
    wanted = _folder(call, person) if "folder" in call.parts else ""
    rows = call.tenant.store.children(person.id, "message")
    return [_show(person, each) for each in reversed(rows) if wanted in ("", each.name)]


def _show(person: Entity, row: Entity) -> Content:
    where = f"https://outlook.office365.com/owa/?ItemID={row.guid}&exvsurl=1&viewmodel=ReadMessageItem"
    return {"id": row.guid, "@odata.etag": f'W/"{row.props["changeKey"]}"', **row.props,
            "parentFolderId": _folder_id(person, row.name), "webLink": where}  # fmt: skip


def _folder_id(person: Entity, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"mailfolder/{person.guid}/{name}"))


def _folder(call: Call, person: Entity) -> str:
    wanted = call.parts["folder"].lower()
    for name in _FOLDERS:
        if wanted in (name, _folder_id(person, name)):
            return name
    raise GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def _show_folder(call: Call, person: Entity, name: str) -> Content:
    rows = [each for each in call.tenant.store.children(person.id, "message") if each.name == name]
    return {
        "id": _folder_id(person, name), "displayName": _FOLDERS[name], "parentFolderId": _folder_id(person, "root"),
        "childFolderCount": 0, "unreadItemCount": sum(not each.props["isRead"] for each in rows),
        "totalItemCount": len(rows), "isHidden": False,
    }  # fmt: skip


def _list(call: Call) -> Response:
    shown = _messages(call, _mailbox(call, *_READ))
    return answer_list(call, shown, context="messages", of=_MESSAGE, page=_PAGE, most=_MOST)


def _count(call: Call) -> Response:
    return answer_count(call, _messages(call, _mailbox(call, *_READ)), of=_MESSAGE)


def _find(call: Call, person: Entity) -> Entity:
    found = call.tenant.store.get("message", call.parts["message"])
    if found is None or found.parent != person.id or (
        "folder" in call.parts and found.name != _folder(call, person)
    ):  # fmt: skip
        raise GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    return found


def _get(call: Call) -> Response:
    person = _mailbox(call, *_READ)
    return answer_one(call, _show(person, _find(call, person)), context="messages", of=_MESSAGE)


def _delete(call: Call) -> Response:
    person = _mailbox(call, *_WRITE)
    found, store = _find(call, person), call.tenant.store
    if found.name == "deleteditems":
        store.delete(found)
    else:
        store.update(found, {}, at=call.tenant.clock.iso(), name="deleteditems")
    return Response(204)


def _patch(call: Call) -> Response:
    person, body = _mailbox(call, *_WRITE), call.body()
    found = _find(call, person)
    if set(body) - {"isRead", "categories", "importance", "flag"} or not isinstance(body.get("isRead", True), bool):
        raise GraphError(400, "ErrorInvalidRequest", "A property of a message that was sent cannot be changed.")
    now = call.tenant.clock.iso()
    patch = {**body, "lastModifiedDateTime": now, "changeKey": uuid.uuid4().hex}
    changed = call.tenant.store.update(found, patch, at=now)
    return answer_one(call, _show(person, changed), context="messages", of=_MESSAGE)


def _list_folders(call: Call) -> Response:
    person = _mailbox(call, *_READ)
    shown = [_show_folder(call, person, name) for name in _FOLDERS]
    return answer_list(call, shown, context="mailFolders", of=_FOLDER, page=_PAGE, most=_MOST)


def _get_folder(call: Call) -> Response:
    person = _mailbox(call, *_READ)
    return answer_one(call, _show_folder(call, person, _folder(call, person)), context="mailFolders", of=_FOLDER)


def _lines() -> list[Route]:
    # Who may is asked where it is answered: Exchange refuses in words of its own.
    found = [
        route("POST users/{id}/sendMail", (), _send, standing="anyone"),
        route("GET users/{id}/mailFolders", (), _list_folders, standing="anyone"),
        route("GET users/{id}/mailFolders/{folder}", (), _get_folder, standing="anyone"),
    ]
    for path in ("users/{id}/messages", "users/{id}/mailFolders/{folder}/messages"):
        found += [
            route(f"GET {path}", (), _list, standing="anyone"),
            route(f"GET {path}/$count", (), _count, standing="anyone"),
            route(f"GET {path}/{{message}}", (), _get, standing="anyone"),
            route(f"PATCH {path}/{{message}}", (), _patch, standing="anyone"),
            route(f"DELETE {path}/{{message}}", (), _delete, standing="anyone"),
        ]
    return found


ROUTES: tuple[Route, ...] = tuple(_lines())
