"""azure-storage-blob and azure-storage-queue, unmodified, on the containers and queues that SharePoint gives out."""

from collections.abc import Callable

from tests.clients.conftest import Done

HEAD = """
import base64, hashlib, json, os, random
import msal, requests
from azure.core import MatchConditions
from azure.core.exceptions import AzureError, HttpResponseError
from azure.storage.blob import BlobBlock, BlobClient, ContainerClient, ContentSettings
from azure.storage.queue import QueueClient
ready = json.load(open(os.environ["REHEARSAL_READY"]))
app = msal.ConfidentialClientApplication(ready["client_id"], authority="https://login.microsoftonline.com/"
    + ready["tenant_id"],
    client_credential={"private_key": open(ready["cert"]).read(), "thumbprint": ready["thumbprint"]})
token = app.acquire_token_for_client([ready["sharepoint"] + "/.default"])["access_token"]
head = {"Authorization": "Bearer " + token, "Accept": "application/json;odata=nometadata"}
def post(path, body=None):
    answer = requests.post(ready["site"] + "/_api/site/" + path, headers=head, json=body)
    answer.raise_for_status()
    return answer.json()
def refused(act, *arguments, **named):
    try:
        act(*arguments, **named)
    except HttpResponseError as error:
        return [error.status_code, error.error_code]
"""

BLOBS = (
    HEAD
    + """
given = post("ProvisionMigrationContainers")
content = ContainerClient.from_container_url(given["DataContainerUri"])
big = random.Random(7).randbytes(9_000_000)
blob = content.get_blob_client("folder/big å.bin")
blob.upload_blob(big, metadata={"IV": "abc=", "Other_One": "2"}, max_concurrency=1, content_settings=ContentSettings(
    content_type="text/plain", cache_control="no-cache"), blob_type="BlockBlob")
small = content.get_blob_client("small")
small.upload_blob(b"hello", metadata={"IV": "x"})
empty = content.get_blob_client("empty")
empty.upload_blob(b"")
staged = ContainerClient.from_container_url(given["DataContainerUri"], max_single_put_size=1 << 20,
    max_block_size=1 << 20,
    max_single_get_size=1 << 20, max_chunk_get_size=1 << 20)
parts = staged.get_blob_client("parts")
parts.upload_blob(big, validate_content=True, max_concurrency=3)
properties = blob.get_blob_properties()
out = {
    "key": len(base64.b64decode(given["EncryptionKey"])),
    "whole": blob.download_blob().readall() == big,
    "in parts": big == staged.get_blob_client("parts").download_blob(
        max_concurrency=2, validate_content=True).readall(),
    "range": parts.download_blob(offset=1_000_000, length=3_000_000).readall() == big[1_000_000:4_000_000],
    "empty": empty.download_blob().readall() == b"",
    "metadata": properties.metadata, "size": properties.size, "type": properties.content_settings.content_type,
    "cache": properties.content_settings.cache_control, "lease": properties.lease.state,
    "md5": base64.b64encode(small.get_blob_properties().content_settings.content_md5).decode(),
    "committed": len(parts.get_block_list("committed")[0]),
    "exists": [small.exists(), content.get_blob_client("none").exists()],
}
first = small.create_snapshot()
small.upload_blob(b"changed", overwrite=True)
second = small.create_snapshot(metadata={"when": "later"})
old = content.get_blob_client("small", snapshot=first["snapshot"])
new = content.get_blob_client("small", snapshot=second["snapshot"])
out["snapshots"] = [old.download_blob().readall().decode(), old.get_blob_properties().metadata,
                    new.download_blob().readall().decode(), new.get_blob_properties().metadata]
out["newer"] = second["snapshot"] > first["snapshot"]
block = content.get_blob_client("blocks")
for name in "abc":
    block.stage_block(name, name.encode() * 3)
out["waiting"] = [each.id for each in block.get_block_list("all")[1]]
block.commit_block_list([BlobBlock("c"), BlobBlock("a")], metadata={"IV": "y"})
out["made"] = block.download_blob().readall().decode()
block.stage_block("z", b"zzz")
block.commit_block_list([BlobBlock("a"), BlobBlock("z")])
out["made again"] = block.download_blob().readall().decode()
block.set_blob_metadata({"One": "1"})
block.set_http_headers(ContentSettings(content_language="en"))
out["set"] = [block.get_blob_properties().metadata, block.get_blob_properties().content_settings.content_language]
lease = block.acquire_lease(15)
out["refused"] = {
    "taken": refused(small.upload_blob, b"x"), "missing": refused(content.get_blob_client("none").download_blob),
    "unknown block": refused(block.commit_block_list, [BlobBlock("nope")], lease=lease),
    "leased": refused(block.set_blob_metadata, {}),
    "sum": refused(block.stage_block, "q", b"abc", headers={"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}),
    "etag": refused(block.set_blob_metadata, {}, lease=lease, etag="0x1",
                    match_condition=MatchConditions.IfNotModified),
    "range": refused(block.download_blob, offset=100, length=5),
    "list": refused(lambda: list(content.list_blobs())), "delete": refused(small.delete_blob),
    "properties": refused(content.get_container_properties),
    "no key": refused(BlobClient.from_blob_url(blob.url.partition("?")[0]).download_blob),
    "wrong": refused(BlobClient.from_blob_url(blob.url.replace("sp=rw", "sp=rwdl")).delete_blob),
    "other": refused(ContainerClient.from_container_url(given["DataContainerUri"].replace("net/0-", "net/1-"))
        .get_blob_client("a").upload_blob, b""),
}
lease.release()
manifest = ContainerClient.from_container_url(given["MetadataContainerUri"])
copy = manifest.get_blob_client("copy")
copy.start_copy_from_url(parts.url)
out["copied"] = copy.download_blob().readall() == big
print(json.dumps(out))
"""
)

QUEUES = (
    HEAD
    + """
queue = QueueClient.from_queue_url(post("ProvisionMigrationQueue")["JobQueueUri"])
for number in range(3):
    queue.send_message(f"message {number} <&>")
peeked = [each.content for each in queue.peek_messages(5)]
taken = list(queue.receive_messages(messages_per_page=2, max_messages=2, visibility_timeout=60))
left = [each.content for each in queue.peek_messages(5)]
queue.delete_message(taken[0])
again = refused(queue.delete_message, taken[0])
out = {"peeked": peeked, "taken": [each.content for each in taken], "count": taken[0].dequeue_count, "left": left,
       "again": again, "update": refused(queue.update_message, taken[1], content="x"),
       "create": refused(queue.create_queue), "messages": queue.get_queue_properties().approximate_message_count}
print(json.dumps(out))
"""
)


def test_blobs_as_the_library_uses_them(python_client: Callable[..., Done]) -> None:
    found = python_client(BLOBS).json
    refused = found.pop("refused")
    assert found == {
        "key": 32, "whole": True, "in parts": True, "range": True, "empty": True,
        "metadata": {"IV": "abc=", "Other_One": "2"}, "size": 9_000_000, "type": "text/plain", "cache": "no-cache",
        "lease": "available", "md5": "XUFAKrxLKna5cZ2REBfFkg==", "committed": 9, "exists": [True, False],
        "snapshots": ["hello", {"IV": "x"}, "changed", {"when": "later"}], "newer": True,
        "waiting": ["a", "b", "c"], "made": "cccaaa", "made again": "aaazzz",
        "set": [{"One": "1"}, "en"], "copied": True,
    }  # fmt: skip
    assert refused == {
        "taken": [409, "BlobAlreadyExists"],
        "missing": [404, "BlobNotFound"],
        "unknown block": [400, "InvalidBlockList"],
        "leased": [412, "LeaseIdMissing"],
        "sum": [412, "LeaseIdMissing"],
        "etag": [412, "ConditionNotMet"],
        "range": [416, "InvalidRange"],
        "list": [403, "AuthorizationPermissionMismatch"],
        "delete": [403, "AuthorizationPermissionMismatch"],
        "properties": [403, "AuthorizationFailure"],
        "no key": [401, "NoAuthenticationInformation"],
        "wrong": [403, "AuthenticationFailed"],
        "other": [403, "AuthenticationFailed"],
    }


def test_queues_as_the_library_uses_them(python_client: Callable[..., Done]) -> None:
    assert python_client(QUEUES).json == {
        "peeked": ["message 0 <&>", "message 1 <&>", "message 2 <&>"],
        "taken": ["message 0 <&>", "message 1 <&>"],
        "count": 1,
        "left": ["message 2 <&>"],
        "again": [404, "MessageNotFound"],
        "update": [403, "AuthorizationPermissionMismatch"],
        "create": [403, "AuthorizationFailure"],
        "messages": 2,
    }
