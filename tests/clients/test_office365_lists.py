"""The office365 client, unmodified, on lists: queries, items, columns, views, content types, attachments, changes."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.conftest import Done

PRELUDE = """
import io, json, os, uuid
from office365.runtime.client_request_exception import ClientRequestException
from office365.sharepoint.client_context import ClientContext
ready = json.load(open(os.environ["REHEARSAL_READY"]))
context = ClientContext(ready["site"]).with_client_certificate(
    ready["tenant_id"], ready["client_id"], ready["thumbprint"], ready["cert"])
web = context.web
name = lambda text: f"{text} {uuid.uuid4().hex[:6]}"
out = {}
def refused(act):
    try:
        act()
        return "fulfilled"
    except ClientRequestException as error:
        return error.response.status_code
def make(text, kind=100):
    from office365.sharepoint.lists.creation_information import ListCreationInformation
    return web.lists.add(ListCreationInformation(name(text), None, kind)).execute_query()
"""


@pytest.fixture
def office365(python_client: Callable[..., Done]) -> Callable[[str], Any]:
    """Run the body of a script that fills `out`, signed in with the certificate."""
    return lambda body: python_client(PRELUDE + body + "\nprint(json.dumps(out))\n").json


def test_items_are_queried_with_caml_in_pages(office365: Callable[[str], Any]) -> None:
    out = office365("""
from office365.sharepoint.listitems.caml.query import CamlQuery
listing = make("Caml")
for n in range(1, 6):
    listing.add_item({"Title": f"Item {n}"}).execute_query()
where = "<Where><Geq><FieldRef Name='ID'/><Value Type='Counter'>3</Value></Geq></Where>"
found = listing.get_items(CamlQuery.parse(where))
out["found"] = [each.properties["Title"] for each in found.execute_query()]
query = CamlQuery()
query.ViewXml = "<View><RowLimit Paged='TRUE'>2</RowLimit></View>"
out["paged"] = [each.id for each in listing.get_items(query, page_size=2).execute_query()]
out["all"] = [each.id for each in listing.items.get_all(2).execute_query()]
item = listing.get_item_by_id(2).get().execute_query()
item.set_property("Title", "Changed").update().execute_query()
item.system_update().execute_query()
again = listing.get_item_by_id(2).get().execute_query()
out["title"] = again.properties["Title"]
versions = again.versions.get().execute_query()
out["versions"] = [each.properties["VersionLabel"] for each in versions]
results = again.validate_update_list_item({"Title": "By form"}).execute_query()
out["form"] = [each.HasException for each in results.value]
out["tip"] = again.get_dlp_policy_tip.get().execute_query() is not None
again.set_comments_disabled(True).execute_query()
out["comments"] = len(again.get_comments().execute_query())
out["gone"] = bool(again.recycle().execute_query().value)
out["missing"] = refused(lambda: listing.get_item_by_id(2).get().execute_query())
""")
    assert out["found"] == ["Item 3", "Item 4", "Item 5"]
    assert (out["paged"], out["all"]) == ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])
    assert out["title"] == "Changed"
    assert out["versions"][-1] == "1.0" and len(out["versions"]) >= 2
    assert (out["form"], out["comments"], out["gone"], out["missing"]) == ([False], 0, True, 404)


def test_columns_and_their_values(office365: Callable[[str], Any]) -> None:
    out = office365("""
from office365.sharepoint.fields.creation_information import FieldCreationInformation
from office365.sharepoint.fields.type import FieldType
from office365.sharepoint.fields.url_value import FieldUrlValue
from office365.sharepoint.fields.multi_choice_value import FieldMultiChoiceValue
from office365.sharepoint.fields.lookup_value import FieldLookupValue
target = make("Target")
target.add_item({"Title": "Red"}).execute_query()
listing = make("Values")
listing.fields.add_choice_field("Pick", ["A", "B"]).execute_query()
listing.fields.add_choice_field("Picks", ["A", "B"], True).execute_query()
listing.fields.add_url_field("Link").execute_query()
listing.fields.add_lookup_field("Colour", target, "Title").execute_query()
listing.fields.add_text_field("Word").execute_query()
listing.fields.add_number("Amount").execute_query()
listing.fields.add_calculated("Twice", "=[Amount]*2").execute_query()
made = listing.add_item({"Title": "One", "Pick": "A", "Picks": FieldMultiChoiceValue(["A", "B"]), "Amount": 4,
    "Link": FieldUrlValue("https://a.example"), "Colour": FieldLookupValue(1), "Word": "w"}).execute_query()
item = listing.get_item_by_id(made.id).get().execute_query()
values = item.properties
out["values"] = [values["Pick"], values["Amount"], values["ColourId"], values["Word"], float(values["Twice"])]
out["text"] = item.field_values_as_text.get().execute_query().properties["Colour"]
field = listing.fields.get_by_internal_name_or_title("Word").get().execute_query()
field.enable_index().execute_query()
out["indexed"] = listing.fields.get_by_internal_name_or_title("Word").get().execute_query().properties["Indexed"]
site = context.site.root_web.fields.add_field(FieldCreationInformation(name("Site"), FieldType.Text)).execute_query()
site.set_property("Description", "said").update().execute_query()
site.delete_object().execute_query()
out["related"] = len(target.get_related_fields().get().execute_query())
out["choices"] = "Red" in listing.get_lookup_field_choices("Colour").execute_query().value
""")
    assert out["values"] == ["A", 4.0, 1, "w", 8.0]
    assert (out["text"], out["indexed"], out["related"], out["choices"]) == ("Red", True, 1, True)


def test_views_content_types_and_attachments(office365: Callable[[str], Any]) -> None:
    out = office365("""
from office365.sharepoint.views.create_information import ViewCreationInformation
listing = make("Views")
view = listing.views.add(ViewCreationInformation(name("Mine"))).execute_query()
view.set_property("RowLimit", 12).update().execute_query()
view.view_fields.add_view_field("Created").execute_query()
view.view_fields.move_view_field_to("Created", 0).execute_query()
read = listing.views.get_by_id(view.id).get().expand(["ViewFields"]).execute_query()
out["view"] = [read.row_limit, list(read.view_fields.items)[:1]]
out["html"] = "<table" in listing.default_view.render_as_html().execute_query().value
view.delete_object().execute_query()
kind = web.content_types.create(name("Kind"), "d", "Council", "0x0101").execute_query()
kind.name_resource.set_value_for_ui_culture("en-US", "Said otherwise").execute_query()
out["said"] = kind.name_resource.get_value_for_ui_culture("en-US").execute_query().value
out["derived"] = kind.string_id.startswith("0x010100")
kind.delete_object().execute_query()
item = listing.add_item({"Title": "One"}).execute_query()
attached = item.attachment_files.add({"filename": "a.txt", "content": b"first"}).execute_query()
out["content"] = attached.get_content().execute_query().value.decode()
held = io.BytesIO()
item.attachment_files.get().execute_query()[0].download(held).execute_query()
out["download"] = held.getvalue().decode()
item.attachment_files.add_using_path("b.txt", b"second").execute_query()
out["names"] = sorted(each.file_name for each in item.attachment_files.get().execute_query())
item.attachment_files.get_by_filename("a.txt").delete_object().execute_query()
out["left"] = len(item.attachment_files.get().execute_query())
""")
    assert (out["view"], out["html"]) == ([12, ["Created"]], True)
    assert (out["said"], out["derived"]) == ("Said otherwise", True)
    assert (out["content"], out["download"]) == ("first", "first")
    assert (out["names"], out["left"]) == (["a.txt", "b.txt"], 1)


def test_changes_and_list_data(office365: Callable[[str], Any]) -> None:
    out = office365("""
from office365.sharepoint.changes.query import ChangeQuery
from office365.sharepoint.changes.log_item_query import ChangeLogItemQuery
listing = make("Changes")
listing.add_item({"Title": "One"}).execute_query()
changes = listing.get_changes(ChangeQuery(Item=True)).execute_query()
out["changes"] = [[type(each).__name__, each.change_type_name] for each in changes]
out["lists"] = len(listing.get_changes(ChangeQuery(List=True)).execute_query())
text = listing.render_list_data("<View><RowLimit>5</RowLimit></View>").execute_query().value
out["data"] = json.loads(text)["Row"][0]["Title"]
since = listing.get_list_item_changes_since_token(ChangeLogItemQuery(RowLimit="5")).execute_query().value
out["since"] = b"ows_Title" in (since if isinstance(since, bytes) else str(since).encode())
out["events"] = len(listing.event_receivers.get().execute_query())
out["forms"] = len(listing.forms.get().execute_query())
out["reserved"] = listing.reserve_list_item_id().execute_query().value
""")
    assert out["changes"] == [["ChangeItem", "Add"]]
    assert out["lists"] >= 1
    assert (out["data"], out["since"], out["events"], out["forms"], out["reserved"]) == ("One", True, 0, 3, 2)
