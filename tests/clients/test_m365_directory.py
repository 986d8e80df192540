"""CLI for Microsoft 365, unmodified: plans, mail, and what solutions were granted."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from tests.clients.conftest import Done

GROUP = ("--ownerGroupName", "All Company")
HOME = "contoso.onmicrosoft.com"


def test_a_plan_is_made_for_a_group_and_found_there(m365: Callable[..., Done]) -> None:
    title = f"Move {uuid.uuid4().hex[:6]}"
    made = m365("planner", "plan", "add", "--title", title, *GROUP).json
    assert made["title"] == title
    assert title in {each["title"] for each in m365("planner", "plan", "list", *GROUP).json}


def test_mail_that_is_sent_arrives(m365: Callable[..., Done]) -> None:
    subject = f"Ready {uuid.uuid4().hex[:6]}"
    to, sender = f"champion.libraries@{HOME}", f"service.desk@{HOME}"
    done = m365(
        "outlook", "mail", "send", "--to", to, "--sender", sender, "--subject", subject, "--bodyContents", "Hello"
    )
    assert done.code == 0, done.stdout + done.stderr
    found = m365("outlook", "message", "list", "--folderName", "inbox", "--userName", to).json
    assert subject in {each["subject"] for each in found}


def test_a_grant_to_solutions_is_listed_once_it_is_made(m365: Callable[..., Done]) -> None:
    made = m365("spo", "serviceprincipal", "grant", "add", "--resource", "Microsoft Graph", "--scope", "Mail.Read").json
    listed = m365("spo", "serviceprincipal", "grant", "list").json
    assert made["ObjectId"] in {each["id"] for each in listed}
    assert m365("spo", "serviceprincipal", "grant", "revoke", "--id", made["ObjectId"]).code == 0
