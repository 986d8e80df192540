"""The Office365 REST library for Python, unmodified: files, folders, recycle bins, subsites, pages and navigation."""

from __future__ import annotations

from collections.abc import Callable

from tests.clients.conftest import Done

# What each script begins with: a signed-in context of a new subsite of the announced site, and its library's folder.
PRELUDE = """
import io, json, os, time
from pathlib import Path
from office365.sharepoint.client_context import ClientContext
ready = json.load(open(os.environ["REHEARSAL_READY"]))
def sign_in(url):
    return ClientContext(url).with_client_certificate(
        ready["tenant"], ready["client_id"], ready["thumbprint"], cert_path=ready["cert"])
from office365.sharepoint.webs.creation_information import WebCreationInformation
def make_web(context, name, title):
    given = WebCreationInformation()
    given.Url, given.Title = name, title
    return context.web.webs.add(given).execute_query().url
site = make_web(sign_in(ready["site"]), f"o365{time.time_ns()}", "Own place")
context = sign_in(site)
home = site.partition(".com")[2] + "/Shared Documents/"
def below(addresses):
    return sorted(each.properties["ServerRelativeUrl"].removeprefix(home) for each in addresses)
web = context.web
root = web.default_document_library().root_folder
"""

FILES = """
from office365.sharepoint.files.checkin_type import CheckinType
small = root.upload_file("small.txt", b"one").execute_query()
root.upload_file("small.txt", b"second").execute_query()
Path("large.bin").write_bytes(os.urandom(2_500_000))
large = root.files.create_upload_session("large.bin", 1_000_000).execute_query()
versions = small.versions.get().execute_query()
labels = [each.properties["VersionLabel"] for each in versions]
versions[0].delete_object().execute_query()
content = io.BytesIO()
small.download(content).execute_query()
pieces = io.BytesIO()
small.download_session(pieces, chunk_size=4).execute_query()
small.checkout().execute_query()
small.checkin("done", CheckinType.MajorCheckIn).execute_query()
item = small.listItemAllFields
item.set_property("Title", "A title").update().execute_query()
small.get().select(["Title", "ListId", "CheckInComment", "UIVersionLabel"]).execute_query()
there = root.add("there").execute_query()
copied = small.copyto(there, True).execute_query()
moved = small.moveto(there, 1).execute_query()
left = [each.name for each in root.files.get().execute_query()]
inside = [each.name for each in there.files.get().execute_query()]
print(json.dumps({
    "labels": labels, "text": content.getvalue().decode(), "pieces": pieces.getvalue().decode(),
    "size": int(large.length), "title": small.properties["Title"], "list": bool(small.properties["ListId"]),
    "version": small.properties["UIVersionLabel"], "comment": small.properties["CheckInComment"],
    "left": left, "inside": inside}))
"""


def test_files_with_versions_pieces_and_check_out(python_client: Callable[..., Done]) -> None:
    seen = python_client(PRELUDE + FILES).json
    assert (seen["labels"], seen["text"], seen["pieces"]) == (["1.0"], "second", "second")
    assert (seen["size"], seen["title"], seen["list"]) == (2_500_000, "A title", True)
    assert (seen["version"], seen["comment"]) == ("4.0", "done")
    assert (seen["left"], seen["inside"]) == (["large.bin"], ["small.txt"])


FOLDERS = """
deep = web.ensure_folder_path("Shared Documents/a/b/c").execute_query()
deep.upload_file("x.txt", b"x").execute_query()
deep.rename("d").execute_query()
found = below(root.get_files(True).execute_query())
other = root.add("other").execute_query()
named = root.folders.get_by_path("a").get().execute_query().name
first = [each for each in root.folders.get().execute_query() if each.name == named][0]
first.copy_to(other, keep_both=True, reset_author_and_created=True).execute_query()
inside = [each.name for each in other.folders.get().execute_query()]
first.recycle().execute_query()
bin_ = web.recycle_bin.get().execute_query()
kinds = [(each.properties["LeafName"], each.properties["ItemType"]) for each in bin_]
web.recycle_bin.get_by_id(bin_[0].properties["Id"]).restore().execute_query()
back = below(root.get_files(True).execute_query())
root.upload_file("gone.txt", b"1").execute_query().recycle().execute_query()
waiting = context.site.get_recycle_bin_items().execute_query()
pages = sum("/" + each.properties["DirName"] + "/" == home for each in waiting)
web.recycle_bin.delete_all().execute_query()
print(json.dumps({"found": found, "inside": inside, "kinds": kinds, "back": back, "pages": pages,
                  "left": len(web.recycle_bin.get().execute_query())}))
"""


def test_folders_and_the_recycle_bin(python_client: Callable[..., Done]) -> None:
    seen = python_client(PRELUDE + FOLDERS).json
    assert (seen["found"], seen["inside"]) == (["a/b/d/x.txt"], ["a"])
    assert (seen["kinds"], seen["pages"], seen["left"]) == ([["a", 5]], 1, 0)
    assert seen["back"] == ["a/b/d/x.txt", "other/a/b/d/x.txt"]


WEBS = """
from office365.sharepoint.webs.web import Web
below = sign_in(make_web(context, "minutes", "Minutes"))
below.web.set_property("Title", "Agendas").update().execute_query()
titles = [each.properties["Title"] for each in web.webs.get().execute_query()]
below.web.delete_object().execute_query()
libraries = [each.Title for each in Web.get_document_libraries(context, site).execute_query().value]
theme = json.loads(Web.get_context_web_theme_data(context).execute_query().value)
page = context.site_pages.pages.add("Welcome.aspx").execute_query()
page.checkout_page().execute_query()
page.save_draft("Welcome", "[]").execute_query()
published = page.publish().execute_query().value
promoted = page.promote_to_news().execute_query()
templates = [each.properties["Name"] for each in web.get_available_web_templates().execute_query()]
catalog = context.site.get_catalog(113).get().execute_query()
launch = web.navigation.quick_launch.get().execute_query()
day = web.parse_datetime("1/31/2026").execute_query().value
features = len(context.site.root_web.features.get().execute_query())
print(json.dumps({"titles": titles, "gone": len(web.webs.get().execute_query()), "libraries": libraries,
                  "theme": "themePrimary" in theme["Palette"]["Colors"], "published": published, "day": day,
                  "templates": "STS#3" in templates, "catalog": catalog.properties["Title"],
                  "launch": [each.properties["Title"] for each in launch], "features": features}))
"""


def test_subsites_pages_and_what_stands_around_a_web(python_client: Callable[..., Done]) -> None:
    seen = python_client(PRELUDE + WEBS).json
    assert (seen["titles"], seen["gone"], seen["libraries"]) == (["Agendas"], 0, ["Documents", "Site Assets"])
    assert (seen["theme"], seen["published"], seen["templates"]) == (True, True, True)
    assert (seen["catalog"], seen["day"]) == ("Web Part Gallery", "2026-01-31T00:00:00")
    assert seen["launch"][0] == "Home" and seen["features"] > 10
