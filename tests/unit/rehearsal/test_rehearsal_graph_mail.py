"""Mail that a program sends is found in the mailboxes of the tenant."""

from collections.abc import Iterator

import pytest

from tests.unit.rehearsal.directory_calls import Directory, open_directory

HOME = "contoso.onmicrosoft.com"
FROM, TO = f"users/service.desk@{HOME}", f"users/engineer@{HOME}"
READ, SEND = ["Mail.Read"], ["Mail.Send"]


def letter(*addresses: str, **more: object) -> dict[str, object]:
    people = [{"emailAddress": {"address": each}} for each in addresses]
    body = {"contentType": "HTML", "content": "<p>Your site is ready</p>"}
    return {"message": {"subject": "Ready", "body": body, "toRecipients": people, **more}}


@pytest.fixture
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    opened = open_directory(tmp_path_factory.mktemp("mail"))
    yield opened
    opened.tenant.store.close()


def test_what_is_sent_lies_with_who_sent_and_who_got_it(directory: Directory) -> None:
    hidden = [{"emailAddress": {"address": f"admin@{HOME}"}}]
    content = letter(f"engineer@{HOME}", "somebody@elsewhere.example", bccRecipients=hidden)
    answer = directory.send("POST", f"{FROM}/sendMail", content, roles=SEND)
    assert (answer.status, answer.body) == (202, b"")
    (got,) = directory.get(f"{TO}/mailFolders/inbox/messages", roles=READ)["value"]
    assert (got["subject"], got["isRead"], got["from"]["emailAddress"]["address"]) == (
        "Ready", False, f"service.desk@{HOME}",
    )  # fmt: skip
    assert got["body"] == {"contentType": "html", "content": "<p>Your site is ready</p>"}
    assert [each["emailAddress"]["address"] for each in got["toRecipients"]] == [
        f"engineer@{HOME}", "somebody@elsewhere.example",
    ]  # fmt: skip
    assert got["bccRecipients"] == []
    (kept,) = directory.get(f"{FROM}/mailFolders/sentitems/messages", roles=READ)["value"]
    assert len(kept["bccRecipients"]) == 1
    assert len(directory.get(f"users/admin@{HOME}/messages", roles=READ)["value"]) == 1
    folders = {each["displayName"]: each["totalItemCount"] for each in
               directory.get(f"{TO}/mailFolders", roles=READ)["value"]}  # fmt: skip
    assert (folders["Inbox"], folders["Sent Items"]) == (1, 0)


def test_message_is_read_and_thrown_away(directory: Directory) -> None:
    write = ["Mail.ReadWrite"]
    sent = {**letter(f"engineer@{HOME}"), "saveToSentItems": False}
    assert directory.ask("POST", f"{FROM}/sendMail", sent, roles=SEND)[0] == 202
    assert directory.get(f"{FROM}/messages", roles=READ)["value"] == []
    (got,) = directory.get(f"{TO}/messages?$filter=isRead eq false&$select=id,subject", roles=READ)["value"]
    one = f"{TO}/messages/{got['id']}"
    assert directory.ask("PATCH", one, {"isRead": True}, roles=write)[1]["isRead"] is True
    assert directory.ask("PATCH", one, {"subject": "Other"}, roles=write)[0] == 400
    assert directory.ask("DELETE", one, roles=READ)[0] == 403
    assert directory.ask("DELETE", one, roles=write)[0] == 204
    assert directory.get(f"{TO}/mailFolders/deleteditems", roles=READ)["totalItemCount"] == 1
    assert directory.ask("DELETE", one, roles=write)[0] == 204
    assert directory.refusal("GET", one, roles=READ) == (404, "ErrorItemNotFound")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "ErrorInvalidParameter"),
        (letter(), "ErrorInvalidRecipients"),
        (letter("no address"), "ErrorInvalidRecipients"),
        (letter(f"engineer@{HOME}", nonsense=1), "RequestBodyRead"),
        (letter(f"engineer@{HOME}", body="text"), "ErrorInvalidRequest"),
    ],
)
def test_letter_that_cannot_be_is_not_sent(directory: Directory, content: dict[str, object], code: str) -> None:
    assert directory.refusal("POST", f"{FROM}/sendMail", content, roles=SEND) == (400, code)
    assert directory.get(f"{FROM}/messages", roles=READ)["value"] == []


def test_mailbox_is_open_to_its_owner_and_to_permitted_applications(directory: Directory) -> None:
    assert directory.refusal("GET", f"{TO}/messages", roles=["User.Read.All"]) == (403, "ErrorAccessDenied")
    assert directory.refusal("POST", f"{FROM}/sendMail", letter(f"engineer@{HOME}"), roles=READ)[0] == 403
    assert directory.ask("GET", "me/messages", user="engineer")[0] == 200
    assert directory.ask("GET", f"{TO}/messages", user="service.desk")[0] == 403
    assert directory.ask("POST", "me/sendMail", letter(f"engineer@{HOME}"), user="service.desk")[0] == 202
    assert directory.ask("GET", f"users/nobody@{HOME}/messages", roles=READ)[0] == 404


def test_letters_come_ten_a_page_the_newest_first(directory: Directory) -> None:
    for number in range(12):
        content = letter(f"engineer@{HOME}", subject=f"Letter {number}")
        assert directory.ask("POST", f"{FROM}/sendMail", content, roles=SEND)[0] == 202
    page = directory.get(f"{TO}/messages", roles=READ)
    assert [each["subject"] for each in page["value"]] == [f"Letter {number}" for number in range(11, 1, -1)]
    rest = directory.get(page["@odata.nextLink"].removeprefix("https://graph.microsoft.com/v1.0/"), roles=READ)
    assert [each["subject"] for each in rest["value"]] == ["Letter 1", "Letter 0"]
