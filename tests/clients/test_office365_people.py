"""The unmodified office365 client with the name and password of people of different standing."""

from collections.abc import Callable

import pytest

from tests.clients.conftest import Done

# The python client signs in as the person in argv[1] and says of each call what came of it.
SCRIPT = """
import json, os, sys
from office365.runtime.client_request_exception import ClientRequestException
from office365.sharepoint.client_context import ClientContext
from office365.sharepoint.permissions.base_permissions import BasePermissions
from office365.sharepoint.permissions.kind import PermissionKind
from office365.sharepoint.sharing.role_type import RoleType
from office365.sharepoint.userprofiles.people_manager import PeopleManager
from office365.sharepoint.utilities.utility import Utility

ready = json.load(open(os.environ["REHEARSAL_READY"]))
web = ClientContext(ready["site"]).with_username_and_password(
    ready["tenant"], ready["client_id"], sys.argv[1], ready["password"]).web
context, said = web.context, {}

def say(name, call):
    try:
        said[name] = call()
    except ClientRequestException as refused:
        said[name] = refused.response.status_code

documents = web.lists.get_by_title("Documents")
edit = BasePermissions()
edit.set(PermissionKind.EditListItems)
say("title", lambda: web.get().execute_query().title)
say("me", lambda: web.current_user.get().execute_query().title)
say("edit", lambda: web.does_user_have_permissions(edit).execute_query().value)
say("upload", lambda: documents.root_folder.upload_file(f"{sys.argv[1]}.txt", b"x").execute_query().name)
say("break", lambda: documents.break_role_inheritance(True, True).execute_query() and "done")
say("reset", lambda: documents.reset_role_inheritance().execute_query() and "done")
say("assignments", lambda: len(web.role_assignments.get().execute_query()))
say("profile", lambda: PeopleManager(context).get_properties_for(sys.argv[1]).execute_query().properties["Email"])
say("mail", lambda: Utility.get_current_user_email_addresses(context).execute_query().value)
say("share", lambda: web.get_list_item("/sites/team/SitePages/Home.aspx").share(
    "records.manager@contoso.onmicrosoft.com").execute_query().properties["StatusCode"])
print(json.dumps(said))
"""
NOTHING = 403


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("owner.highways", {"title": "Rehearsal team", "edit": True, "break": "done", "reset": "done", "share": 0}),
        ("engineer", {"title": "Rehearsal team", "edit": True, "break": NOTHING, "assignments": NOTHING, "share": 0}),
        ("ig.officer", {"title": "Rehearsal team", "edit": False, "upload": NOTHING, "reset": NOTHING}),
        ("social.worker", dict.fromkeys(("title", "me", "edit", "upload", "break", "profile", "mail"), NOTHING)),
    ],
)
def test_person_does_what_their_group_may(
    python_client: Callable[..., Done], who: str, expected: dict[str, object]
) -> None:
    upn = f"{who}@contoso.onmicrosoft.com"
    said = python_client(SCRIPT, upn).json
    assert {name: said[name] for name in expected} == expected
    if who in ("owner.highways", "engineer"):
        assert (said["mail"], said["profile"], said["upload"]) == (upn, upn, f"{upn}.txt")
