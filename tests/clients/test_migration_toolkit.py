"""Migration jobs and copy jobs by programs that know them: office365's migration toolkit and CLI for Microsoft 365."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import Done
from tests.rehearsal_fixtures import RunningTenant

TOOLKIT = """
import json, os, sys
from office365.migration.package import BlobStaging, PackageBuilder
from office365.migration.server_job import MigrationServerJob
from office365.sharepoint.client_context import ClientContext
ready = json.load(open(os.environ["REHEARSAL_READY"]))
top = sys.argv[1]
def connect():
    return ClientContext(ready["site"]).with_client_certificate(ready["tenant_id"], ready["client_id"],
        ready["thumbprint"], ready["cert"])
context = connect()
web = context.web.get().execute_query()
library = web.lists.get_by_title("Documents").expand(["RootFolder"]).get().execute_query()
root = library.root_folder.get().execute_query()
builder = PackageBuilder(ready["site"], web_id=str(web.id), web_url=web.server_relative_url, list_id=str(library.id),
    list_title="Documents", list_url=root.server_relative_url,
    root_folder_id=str(root.unique_id), source_type="FileShare",
    namespace=__import__("uuid").uuid4())
person = str(builder.add_user("i:0#.f|membership|migration.lead@contoso.onmicrosoft.com"))
builder.set_include_security("All")
builder.add_role("10", "Read", "138612833")
identity = builder.add_file(f"{top}/one.txt", b"now", version="2.0", versions=[("1.0", b"then")], author=person,
    editor=person, time_created="2011-02-03T04:05:06Z", time_last_modified="2012-02-03T04:05:06Z")
builder.add_file(f"{top}/deep/two.txt", b"2")
builder.add_role_assignment(object_id=identity, object_url=builder.item_url(f"{top}/one.txt"),
    role_def_web_id=str(web.id), role_def_web_url=web.server_relative_url, assignments=[("10", int(person))])
given = context.site.provision_migration_containers().execute_query().value
BlobStaging(given.DataContainerUri, given.MetadataContainerUri, given.EncryptionKey).stage(builder.build())
job = MigrationServerJob(context.site)
name = job.submit_encrypted(str(web.id), given.DataContainerUri, given.MetadataContainerUri, given.EncryptionKey)
state = job.monitor(name, interval=0.2, timeout=30)
file = connect().web.get_file_by_server_relative_path(root.server_relative_url + f"/{top}/one.txt")
file = file.expand(["Author", "Versions", "ListItemAllFields"]).get().execute_query()
item = file.list_item_all_fields.select(["HasUniqueRoleAssignments"]).get().execute_query()
log = BlobStaging(given.DataContainerUri, given.MetadataContainerUri, given.EncryptionKey).read_manifest_blob(
    f"Import-{name}-1.log")
print(json.dumps({"state": state, "errors": job.errors(name), "author": file.author.properties["Email"],
    "version": file.ui_version_label, "versions": len(file.versions), "created": str(file.time_created),
    "content": file.get_content().execute_query().value.decode(), "unique": item.properties["HasUniqueRoleAssignments"],
    "log": b"JobEnd" in log, "queue": ".queue." in context.site.provision_migration_queue().execute_query()
    .value.JobQueueUri, "status": context.site.get_migration_job_status(name).execute_query().value}))
"""


def test_the_toolkit_brings_a_package_in(python_client: Callable[..., Done]) -> None:
    assert python_client(TOOLKIT, f"Toolkit {uuid.uuid4().hex[:8]}").json == {
        "state": "succeeded", "errors": [], "author": "migration.lead@contoso.onmicrosoft.com", "version": "2.0",
        "versions": 1, "created": "2011-02-03 04:05:06+00:00", "content": "now", "unique": True, "log": True,
        "queue": True, "status": 0,
    }  # fmt: skip


@pytest.mark.parametrize("verb", ["copy", "move"])
def test_the_command_line_copies_and_moves_between_sites(
    m365: Callable[..., Done], rehearsal: RunningTenant, tmp_path: Path, verb: str
) -> None:
    site = rehearsal.ready["site"]
    root = site.partition("/sites/")[0]
    name = f"{verb} {uuid.uuid4().hex[:8]}.txt"
    (tmp_path / name).write_text("some words")
    m365("spo", "file", "add", "--webUrl", site, "--folder", "Shared Documents", "--path", tmp_path / name)

    where = ("--sourceUrl", f"/sites/team/Shared Documents/{name}", "--targetUrl", f"{root}/Shared Documents")
    done = m365("spo", "file", verb, "--webUrl", site, *where)

    assert done.json["ServerRelativeUrl"] == f"/Shared Documents/{name}"
    again = m365("spo", "file", verb, "--webUrl", site, *where)
    said = json.loads(again.stdout or again.stderr)["error"] if again.stdout.startswith("{") else again.stderr
    assert ("already exists" if verb == "copy" else "Not Found") in said
