"""The office365 client, unmodified, on Graph's directory: people, groups, teams, applications, policies, reports."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.conftest import Done

PRELUDE = """
import json, os, uuid
from office365.graph_client import GraphClient
from office365.runtime.client_request_exception import ClientRequestException
ready = json.load(open(os.environ["REHEARSAL_READY"]))
app = GraphClient(tenant=ready["tenant"]).with_client_secret(ready["client_id"], ready["client_secret"])
me = GraphClient(tenant=ready["tenant"]).with_username_and_password(
    ready["client_id"], ready["admin_user"], ready["password"])
name = lambda text: f"{text}{uuid.uuid4().hex[:6]}"
out = {}
def refused(act):
    try:
        act()
        return 0
    except ClientRequestException as error:
        return error.response.status_code
"""


@pytest.fixture
def office365(python_client: Callable[..., Done]) -> Callable[[str], Any]:
    """Run the body of a script that fills `out`, as the application (`app`) and as the administrator (`me`)."""
    return lambda body: python_client(PRELUDE + body + "\nprint(json.dumps(out))\n").json


def test_users_are_made_changed_found_deleted_and_followed(office365: Callable[[str], Any]) -> None:
    out = office365("""
from office365.directory.users.password_profile import PasswordProfile
from office365.directory.users.profile import UserProfile
login = name("tester")
profile = UserProfile(f"{login}@{ready['tenant']}", PasswordProfile(password="P@ssw0rd-" + login), login, login, True)
user = app.users.add(profile).execute_query()
user.set_property("city", login).update().execute_query()
out["by city"] = len(app.users.filter(f"city eq '{login}'").get().execute_query())
out["licences"] = len(user.select(["assignedLicenses"]).get().execute_query().assigned_licenses)
out["roles"] = len(user.app_role_assignments.get().execute_query())
out["delta"] = user.id in [each.id for each in app.users.delta.get().execute_query()]
out["count"] = app.users.count().execute_query().value > 5
user.delete_object(True).execute_query()
out["gone"] = refused(lambda: app.users[user.id].get().execute_query())
""")
    assert out == {"by city": 1, "licences": 0, "roles": 0, "delta": True, "count": True, "gone": 404}


def test_groups_keep_an_owner_and_take_nobody_twice(office365: Callable[[str], Any]) -> None:
    out = office365("""
group = me.groups.create_m365(name("Group")).execute_query()
person = me.users.filter("mail eq 'engineer@contoso.onmicrosoft.com'").get().execute_query()[0]
owners = group.owners.get().execute_query()
out["maker owns"] = [each.properties["userPrincipalName"] for each in owners] == [ready["admin_user"]]
out["last owner"] = refused(lambda: group.owners.remove(owners[0].id).execute_query())
group.owners.add(person).execute_query()
group.members.add(person).execute_query()
out["twice"] = refused(lambda: me.groups[group.id].members.add(person).execute_query())
group.owners.remove(person.id).execute_query()
out["site"] = me.groups[group.id].drive.get().execute_query().web_url.endswith("Shared%20Documents")
group.delete_object(True).execute_query()
out["gone"] = refused(lambda: me.groups[group.id].get().execute_query())
""")
    assert out == {"maker owns": True, "last owner": 400, "twice": 400, "site": True, "gone": 404}


def test_teams_have_channels_with_folders_and_messages(office365: Callable[[str], Any]) -> None:
    out = office365("""
from office365.outlook.mail.item_body import ItemBody
team = me.teams.create_and_wait(name("Team")).execute_query()
out["channels"] = [each.display_name for each in team.channels.get().execute_query()]
channel = team.channels.add(display_name=name("Plans")).execute_query()
out["primary"] = team.primary_channel.get().execute_query().display_name
out["folder"] = channel.files_folder.get().execute_query().name == channel.display_name
message = channel.messages.add("Hello").execute_query()
out["reply"] = message.replies.add(body=ItemBody("Yes")).execute_query().id is not None
out["joined"] = team.id in [each.id for each in me.me.joined_teams.get().execute_query()]
channel.delete_object().execute_query()
out["left"] = len(team.channels.get().execute_query())
team.delete_object().execute_query()
""")
    assert out == {
        "channels": ["General"], "primary": "General", "folder": True, "reply": True, "joined": True, "left": 1,
    }  # fmt: skip


def test_secret_of_a_new_application_signs_in_with_what_it_was_granted(office365: Callable[[str], Any]) -> None:
    out = office365("""
import msal
registered = app.applications.add(name("App")).execute_query()
secret = registered.add_password("one").execute_query().value
principal = app.service_principals.add(registered.app_id).execute_query()
def users():
    client = GraphClient(tenant=ready["tenant"]).with_client_secret(registered.app_id, secret.secretText)
    return len(client.users.top(1).get().execute_query())
out["before"] = refused(users)
graph = app.service_principals.get_by_name("Microsoft Graph").get().execute_query()
role = next(each for each in graph.app_roles if each.value == "User.Read.All")
app.service_principals[principal.id].app_role_assignments.add(
    principalId=principal.id, resourceId=graph.id, appRoleId=role.id).execute_query()
out["after"] = users()
registered.delete_object(True).execute_query()
""")
    assert out == {"before": 403, "after": 1}


def test_everything_that_the_client_lists_is_there(office365: Callable[[str], Any]) -> None:
    out = office365("""
lists = {
    "deleted groups": app.directory.deleted_groups, "deleted users": app.directory.deleted_users,
    "deleted applications": app.directory.deleted_applications, "roles": app.directory_roles,
    "units": app.directory.administrative_units, "templates": app.directory_role_templates,
    "domains": app.domains, "organisation": app.organization, "contacts": app.contacts, "skus": app.subscribed_skus,
    "definitions": app.role_management.directory.role_definitions,
    "assignments": app.role_management.directory.role_assignments,
    "providers": app.identity.identity_providers, "flows": app.identity.b2x_user_flows,
    "consents": app.identity_governance.app_consent.app_consent_requests, "incidents": app.security.incidents,
    "sign-ins": app.audit_logs.signins, "grants": app.oauth2_permission_grants,
    "partners": app.policies.cross_tenant_access_policy.partners,
    "registrations": app.reports.authentication_methods.user_registration_details,
    "devices' passwords": app.directory.device_local_credentials, "methods": me.me.authentication.methods,
}
for key, found in lists.items():
    out[key] = len(found.get().execute_query())
out["my roles"] = [each.properties.get("displayName") for each in me.me.member_of.get().execute_query()]
out["types"] = len(app.identity.identity_providers.available_provider_types().execute_query().value)
""")
    assert "Global Administrator" in out.pop("my roles")
    empty = {"deleted groups", "deleted users", "deleted applications"}
    assert {name for name, count in out.items() if count == 0} - empty == {
        "units", "contacts", "flows", "consents", "incidents", "partners", "devices' passwords",
    }  # fmt: skip


def test_usage_report_is_fetched_from_the_address_that_graph_names(office365: Callable[[str], Any]) -> None:
    out = office365("""
text = app.reports.get_sharepoint_site_usage_detail("D30").execute_query().value.content.decode("utf-8-sig")
out["head"] = text.split(",")[:3]
out["concealed"] = ready["site"] not in text
""")
    assert out == {"head": ["Report Refresh Date", "Site Id", "Site URL"], "concealed": True}


def test_a_secret_of_a_service_principal_signs_in_until_it_is_removed(office365: Callable[[str], Any]) -> None:
    out = office365("""
made = me.applications.add(name("App")).execute_query()
principal = me.service_principals.add(made.app_id).execute_query()
secret = principal.add_password("Of the principal").execute_query().value
other = GraphClient(tenant=ready["tenant"]).with_client_secret(made.app_id, secret.secretText)
out["signed in"] = refused(lambda: other.organization.get().execute_query())
shown = me.service_principals[principal.id].get().execute_query().password_credentials
out["shown"] = [each.keyId == secret.keyId and each.secretText is None for each in shown]
principal.remove_password(secret.keyId).execute_query()
out["twice"] = refused(lambda: principal.remove_password(secret.keyId).execute_query())
made.delete_object(True).execute_query()
""")
    # 403: the token was given, but nobody has granted the application anything.
    assert out == {"signed in": 403, "shown": [True], "twice": 400}


def test_what_a_person_works_with_and_says_of_that(office365: Callable[[str], Any]) -> None:
    out = office365("""
me.me.drive.root.upload("Plan.docx", b"plan").execute_query()
used = me.me.insights.used.get().execute_query()
out["used"] = [each.resource_visualization.title for each in used][:1]
out["trending"] = len(me.me.insights.trending.get().execute_query()) > 0
out["shared"] = len(me.me.insights.shared.get().execute_query())
out["settings"] = me.me.settings.get().execute_query().properties["contributionToContentDiscoveryDisabled"]
out["methods"] = len(me.me.authentication.password_methods.get().execute_query())
out["listeners"] = len(app.identity.authentication_event_listeners.get().execute_query())
out["apps"] = me.admin.microsoft365_apps.get().execute_query().resource_path is not None
out["report"] = app.reports.get_mailbox_usage_mailbox_counts("D7").execute_query().value is not None
""")
    assert out == {
        "used": ["Plan"], "trending": True, "shared": 0, "settings": False, "methods": 1, "listeners": 0, "apps": True,
        "report": True,
    }  # fmt: skip


def test_people_are_found_by_a_search_and_mail_is_not_for_applications(office365: Callable[[str], Any]) -> None:
    out = office365("""
hits = me.search.query_peoples("engineer").execute_query().value[0].hitsContainers[0].hits
out["people"] = [each.resource.properties["userPrincipalName"] for each in hits]
out["mail"] = me.search.query_messages("anything").execute_query().value[0].hitsContainers[0].total
out["by an app"] = refused(lambda: app.search.query_messages("anything").execute_query())
""")
    # 400: this client names no region, which an application must.
    assert out == {"people": ["engineer@contoso.onmicrosoft.com"], "mail": 0, "by an app": 400}


def test_a_channel_gets_an_address_until_it_is_taken_away(office365: Callable[[str], Any]) -> None:
    out = office365("""
team = me.teams.create_and_wait(name("Team")).execute_query()
channel = team.channels.add(display_name=name("Channel")).execute_query()
address = channel.provision_email().execute_query().value.email
out["shown"] = team.channels[channel.id].get().execute_query().email == address
channel.remove_email().execute_query()
out["after"] = team.channels[channel.id].get().execute_query().email
out["twice"] = refused(lambda: channel.remove_email().execute_query())
out["shared with"] = len(channel.shared_with_teams.get().execute_query())
team.delete_object().execute_query()
""")
    assert out == {"shown": True, "after": "", "twice": 404, "shared with": 0}


def test_content_types_are_published_in_the_hub_alone(office365: Callable[[str], Any]) -> None:
    out = office365("""
root = f"https://{ready['tenant'].split('.')[0]}.sharepoint.com"
hub = app.sites.get_by_url(root + "/sites/contentTypeHub").get().execute_query()
made = hub.content_types.add(name("Order"), "0x0101").execute_query()
made.publish().execute_query()
out["published"] = made.is_published().execute_query().value
made.unpublish().execute_query()
out["then"] = made.is_published().execute_query().value
made.delete_object().execute_query()
elsewhere = app.sites.root.content_types.add(name("Order"), "0x0101").execute_query()
out["elsewhere"] = refused(lambda: elsewhere.publish().execute_query())
elsewhere.delete_object().execute_query()
""")
    assert out == {"published": True, "then": False, "elsewhere": 400}
