"""The queue service of Azure Storage: messages that wait, are taken for a while, and go away when done."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, SubElement, XMLParser

from spmigrate.rehearsal.azure import sas
from spmigrate.rehearsal.azure.answers import XML, AzureError, http_date, write_xml
from spmigrate.rehearsal.azure.containers import ACCOUNT, Containers
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.storage import Entity, Store

_WEEK = 7 * 86_400
_LONGEST = 64 * 1024
_FOR_EVER = 253_402_300_799.0
_COLUMNS = "id, guid, text, inserted, expires, visible, receipt, dequeued"


@dataclass(frozen=True, slots=True)
class Message:
    """One message; times are seconds."""

    id: int
    guid: str
    text: str
    inserted: float
    expires: float
    visible: float
    receipt: str
    dequeued: int


class Queues:
    """Messages of all queues."""

    def __init__(self, store: Store, containers: Containers) -> None:
        self._db = store.db
        self.containers = containers

    def add(self, queue: Entity, text: str, *, hidden: float = 0, life: float = _WEEK) -> Message:
        """Put a message at the end; it can be seen after `hidden` seconds and is gone after `life`."""
        now = self.containers.clock.seconds()
        expires = _FOR_EVER if life < 0 else now + life
        values = (str(uuid.uuid4()), text, now, expires, now + hidden, _receipt(), 0)
        cursor = self._db.execute(
            "INSERT INTO azure_message(queue, guid, text, inserted, expires, visible, receipt, dequeued)"
            " VALUES(?,?,?,?,?,?,?,?)",
            (queue.id, *values),
        )
        return Message(cursor.lastrowid or 0, *values)

    def visible(self, queue: Entity, count: int) -> list[Message]:
        """The first messages that can be seen now."""
        now = self.containers.clock.seconds()
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM azure_message WHERE queue = ? AND visible <= ? AND expires > ?"  # noqa: S608
            " ORDER BY id LIMIT ?",
            (queue.id, now, now, count),
        )
        return [Message(*row) for row in rows]

    def take(self, message: Message, hidden: float) -> Message:
        """Hide a message from others for some seconds."""
        taken = (self.containers.clock.seconds() + hidden, _receipt(), message.dequeued + 1)
        self._db.execute(
            "UPDATE azure_message SET visible = ?, receipt = ?, dequeued = ? WHERE id = ?", (*taken, message.id)
        )
        return Message(message.id, message.guid, message.text, message.inserted, message.expires, *taken)

    def find(self, queue: Entity, guid: str, receipt: str) -> Message:
        """A message that was taken; refuses an unknown one and an old receipt."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM azure_message WHERE queue = ? AND guid = ?",  # noqa: S608
            (queue.id, guid),
        ).fetchone()
        if row is None:
            raise AzureError("MessageNotFound")
        message = Message(*row)
        if message.receipt != receipt:
            raise AzureError("PopReceiptMismatch")
        return message

    def update(self, message: Message, *, text: str | None, hidden: float) -> Message:
        """Alter a message that was taken."""
        values = (message.text if text is None else text, self.containers.clock.seconds() + hidden, _receipt())
        self._db.execute(
            "UPDATE azure_message SET text = ?, visible = ?, receipt = ? WHERE id = ?", (*values, message.id)
        )
        return Message(
            message.id,
            message.guid,
            values[0],
            message.inserted,
            message.expires,
            values[1],
            values[2],
            message.dequeued,
        )

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self._db.execute("DELETE FROM azure_message WHERE id = ?", (message.id,))

    def clear(self, queue: Entity) -> None:
        """Take all messages away."""
        self._db.execute("DELETE FROM azure_message WHERE queue = ?", (queue.id,))

    def count(self, queue: Entity) -> int:
        """How many messages a queue holds."""
        clause = "SELECT count(*) FROM azure_message WHERE queue = ?"
        return int(self._db.execute(clause, (queue.id,)).fetchone()[0])


def answer(request: Request, queues: Queues) -> Response:
    """Answer a request to the queue service; an `AzureError` when it is refused."""
    if request.host.partition(".")[0] != ACCOUNT:
        raise AzureError("ResourceNotFound")
    name, _, rest = unquote(request.path).strip("/").partition("/")
    query = request.parameters()
    if "authorization" in request.headers and "sig" not in query:
        raise AzureError("AuthenticationFailed")
    containers = queues.containers
    letters = sas.check(query, name, account=ACCOUNT, key=containers.key(), now=containers.clock.seconds())
    method, comp = request.method, query.get("comp", "").lower()
    if not rest and comp == "metadata" and method in ("GET", "HEAD"):
        _need(letters, "r")
        told = {"x-ms-approximate-messages-count": str(queues.count(_queue(containers, name)))}
        return Response(200, told)
    folder, _, guid = rest.partition("/")
    if folder.lower() != "messages" or comp:
        raise AzureError("AuthorizationFailure")
    if guid:
        return _answer_message(request, queues, (name, guid), letters)
    if method == "POST":
        _need(letters, "a")
        return _put(request, queues, _queue(containers, name))
    if method == "GET":
        peeks = query.get("peekonly", "").lower() == "true"
        _need(letters, "r" if peeks else "p")
        return _get(request, queues, _queue(containers, name), peeks=peeks)
    if method == "DELETE":
        _need(letters, "p")
        queues.clear(_queue(containers, name))
        return Response(204)
    raise AzureError("UnsupportedHttpVerb")


def _answer_message(request: Request, queues: Queues, address: tuple[str, str], letters: str) -> Response:
    if request.method not in ("DELETE", "PUT"):
        raise AzureError("UnsupportedHttpVerb")
    _need(letters, "p" if request.method == "DELETE" else "u")
    queue = _queue(queues.containers, address[0])
    receipt = request.parameters().get("popreceipt", "")
    if not receipt:
        raise AzureError("MissingRequiredQueryParameter", QueryParameterName="popreceipt")
    message = queues.find(queue, address[1], receipt)
    if request.method == "DELETE":
        queues.remove(message)
        return Response(204)
    hidden = _number(request, "visibilitytimeout", -1, 0, _WEEK)
    if hidden < 0:
        raise AzureError("MissingRequiredQueryParameter", QueryParameterName="visibilitytimeout")
    text = _read_text(request.body.read()) if request.body.size else None
    altered = queues.update(message, text=text, hidden=hidden)
    headers = {"x-ms-popreceipt": altered.receipt, "x-ms-time-next-visible": http_date(altered.visible)}
    return Response(204, headers)


def _put(request: Request, queues: Queues, queue: Entity) -> Response:
    text = _read_text(request.body.read())
    hidden = _number(request, "visibilitytimeout", 0, 0, _WEEK)
    life = _number(request, "messagettl", _WEEK, -1, 2**31)
    message = queues.add(queue, text, hidden=hidden, life=life)
    root = Element("QueueMessagesList")
    _show(root, message, receipt=True)
    return Response(201, {"content-type": XML}, write_xml(root))


def _get(request: Request, queues: Queues, queue: Entity, *, peeks: bool) -> Response:
    count = _number(request, "numofmessages", 1, 1, 32)
    hidden = _number(request, "visibilitytimeout", 30, 1, _WEEK)
    root = Element("QueueMessagesList")
    for message in queues.visible(queue, count):
        shown = message if peeks else queues.take(message, hidden)
        node = _show(root, shown, receipt=not peeks)
        SubElement(node, "DequeueCount").text = str(shown.dequeued)
        SubElement(node, "MessageText").text = shown.text
    return Response(200, {"content-type": XML, "cache-control": "no-cache"}, write_xml(root))


def _show(root: Element, message: Message, *, receipt: bool) -> Element:
    node = SubElement(root, "QueueMessage")
    SubElement(node, "MessageId").text = message.guid
    SubElement(node, "InsertionTime").text = http_date(message.inserted)
    SubElement(node, "ExpirationTime").text = http_date(message.expires)
    if receipt:
        SubElement(node, "PopReceipt").text = message.receipt
        SubElement(node, "TimeNextVisible").text = http_date(message.visible)
    return node


def _read_text(content: bytes) -> str:
    """The text of a message; a document type is refused, and with it every entity."""
    if len(content) > _LONGEST + 200:
        raise AzureError("RequestBodyTooLarge")
    texts: list[str] = []

    class Target:
        def start(self, tag: str, _attributes: Any) -> None:
            if tag not in ("QueueMessage", "MessageText"):
                raise AzureError("InvalidXmlDocument")

        def data(self, text: str) -> None:
            texts.append(text)

        def doctype(self, *_: object) -> None:
            raise AzureError("InvalidXmlDocument")

        def close(self) -> str:
            return "".join(texts)

    parser = XMLParser(target=Target())  # noqa: S314 - document types are refused above
    try:
        parser.feed(content)
        text = str(parser.close())
    except ParseError:
        raise AzureError("InvalidXmlDocument") from None
    if len(text.encode()) > _LONGEST:
        raise AzureError("MessageTooLarge")
    return text


def _queue(containers: Containers, name: str) -> Entity:
    found = containers.queue(name)
    if found is None:
        raise AzureError("QueueNotFound")
    return found


def _need(letters: str, letter: str) -> None:
    if letter not in letters:
        raise AzureError("AuthorizationPermissionMismatch")


def _number(request: Request, name: str, usual: int, least: int, most: int) -> int:
    text = request.parameters().get(name)
    if text is None:
        return usual
    if not text.lstrip("-").isdecimal():
        raise AzureError("InvalidQueryParameterValue", QueryParameterName=name, QueryParameterValue=text)
    if not least <= int(text) <= most:
        raise AzureError("OutOfRangeQueryParameterValue", QueryParameterName=name, QueryParameterValue=text)
    return int(text)


def _receipt() -> str:
    return secrets.token_urlsafe(18)
