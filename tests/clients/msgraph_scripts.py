"""Programs that use Microsoft's own Graph client for Python, as anybody would write them."""

HEAD = """
import asyncio, json, os, time
from azure.identity.aio import CertificateCredential, ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError

READY = json.load(open(os.environ["REHEARSAL_READY"]))
NAMES = {"tenant_id": READY["tenant_id"], "client_id": READY["client_id"]}
MARK = str(time.time_ns())
SCOPES = ["https://graph.microsoft.com/.default"]


def by_secret():
    return ClientSecretCredential(client_secret=READY["client_secret"], **NAMES)


def by_certificate():
    return CertificateCredential(certificate_path=READY["cert"], **NAMES)


async def refusal(answer):
    try:
        await answer
    except ODataError as error:
        return [error.response_status_code, error.error.code]


async def team(client):
    host, path = READY["site"].removeprefix("https://").split("/", 1)
    return await client.sites.by_site_id(f"{host}:/{path}").get()


async def main(work, credential):
    out = {}
    async with credential:
        await work(GraphServiceClient(credential, SCOPES), out)
    print(json.dumps(out, default=str))
"""

LISTS = (
    HEAD
    + """
from msgraph.generated.models.choice_column import ChoiceColumn
from msgraph.generated.models.column_definition import ColumnDefinition
from msgraph.generated.models.content_type import ContentType
from msgraph.generated.models.field_value_set import FieldValueSet
from msgraph.generated.models.list_ import List_
from msgraph.generated.models.list_info import ListInfo
from msgraph.generated.models.list_item import ListItem
from msgraph.generated.models.number_column import NumberColumn
from msgraph.generated.models.text_column import TextColumn
from msgraph.generated.sites.item.lists.item.items.items_request_builder import ItemsRequestBuilder

Query = ItemsRequestBuilder.ItemsRequestBuilderGetQueryParameters


async def work(client, out):
    site = await team(client)
    out["site"] = site.web_url
    here = client.sites.by_site_id(site.id)
    made = await here.lists.post(List_(
        display_name=f"Assets {MARK}", list_=ListInfo(template="genericList"),
        columns=[
            ColumnDefinition(name="Colour", text=TextColumn(), indexed=True),
            ColumnDefinition(name="Weight", number=NumberColumn(decimal_places="two")),
            ColumnDefinition(name="Ward", choice=ChoiceColumn(choices=["North", "South"], display_as="radioButtons")),
        ],
    ))
    out["template"] = made.list_.template
    out["taken"] = await refusal(here.lists.post(List_(display_name=f"Assets {MARK}")))
    one = here.lists.by_list_id(made.id)
    columns = {each.name: each for each in (await one.columns.get()).value}
    out["columns"] = [
        columns["Colour"].indexed, columns["Weight"].number.decimal_places, columns["Ward"].choice.choices,
        columns["Ward"].choice.display_as,
    ]
    for number in range(5):
        fields = {"Title": f"A{number}", "Colour": "red" if number % 2 else "blue", "Weight": number / 2}
        item = await one.items.post(ListItem(fields=FieldValueSet(additional_data=fields)))
    out["item"] = [item.id, item.fields.additional_data["Weight"], item.content_type.name]
    query = Query(expand=["fields($select=Title)"], filter="fields/Colour eq 'red'", top=1)
    page = await one.items.get(RequestConfiguration(query_parameters=query))
    rest = await one.items.with_url(page.odata_next_link).get()
    out["red"] = [each.fields.additional_data["Title"] for each in (*page.value, *rest.value)]
    plain = RequestConfiguration(query_parameters=Query(filter="fields/Ward eq 'North'"))
    out["plain"] = await refusal(one.items.get(plain))
    plain.headers.add("Prefer", "HonorNonIndexedQueriesWarningMayFailRandomly")
    out["honoured"] = len((await one.items.get(plain)).value)
    first = one.items.by_list_item_id("1")
    await first.fields.patch(FieldValueSet(additional_data={"Colour": "green"}))
    out["versions"] = [each.id for each in (await first.versions.get()).value]
    out["unknown"] = await refusal(first.fields.patch(FieldValueSet(additional_data={"Nope": 1})))
    await one.items.by_list_item_id("2").delete()
    out["gone"] = await refusal(one.items.by_list_item_id("2").get())
    out["delta"] = sorted(each.id for each in (await one.items.delta.get()).value)
    kind = await here.content_types.post(ContentType(name=f"Asset {MARK}", base=ContentType(id="0x01")))
    out["kind"] = [kind.id.startswith("0x0100"), kind.parent_id]
    await here.content_types.by_content_type_id(kind.id).delete()
    await one.delete()
    out["deleted"] = await refusal(one.get())


asyncio.run(main(work, by_certificate()))
"""
)

FILES = (
    HEAD
    + """
from io import BytesIO
from msgraph.generated.drives.item.items.item.create_upload_session.create_upload_session_post_request_body import (
    CreateUploadSessionPostRequestBody,
)
from msgraph.generated.drives.item.items.item.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.models.drive_item import DriveItem
from msgraph.generated.models.drive_item_uploadable_properties import DriveItemUploadableProperties
from msgraph.generated.models.folder import Folder
from msgraph_core.requests.batch_request_builder import BatchRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.large_file_upload import LargeFileUploadTask
from msgraph_core.tasks.page_iterator import PageIterator

Query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters


async def work(client, out):
    site = await team(client)
    drive = await client.sites.by_site_id(site.id).drive.get()
    items = client.drives.by_drive_id(drive.id).items
    folder = await items.by_drive_item_id("root").children.post(DriveItem(name=f"F{MARK}", folder=Folder()))
    out["taken"] = await refusal(items.by_drive_item_id("root").children.post(DriveItem(
        name=f"F{MARK}", folder=Folder(), additional_data={"@microsoft.graph.conflictBehavior": "fail"})))
    small = await items.by_drive_item_id(f"{folder.id}:/a b.txt:").content.put(b"hello")
    out["small"] = [small.name, (await items.by_drive_item_id(small.id).content.get()).decode()]
    content = os.urandom(1024 * 1024)
    wanted = DriveItemUploadableProperties(additional_data={"@microsoft.graph.conflictBehavior": "replace"})
    at = items.by_drive_item_id(f"{folder.id}:/big.bin:")
    session = await at.create_upload_session.post(CreateUploadSessionPostRequestBody(item=wanted))
    task = LargeFileUploadTask(
        session, client.request_adapter, BytesIO(content), parsable_factory=DriveItem, max_chunk_size=320 * 1024
    )
    try:
        await task.upload()
    except Exception as error:
        # The client sends its last fragment once more when the file is whole already.
        out["once more"] = error.response_status_code
    out["big"] = await items.by_drive_item_id((await at.get()).id).content.get() == content
    for number in range(7):
        await items.by_drive_item_id(f"{folder.id}:/p{number}.txt:").content.put(b"x")
    options = RequestConfiguration(query_parameters=Query(top=3))
    first = await items.by_drive_item_id("root").delta.get(options)
    names = []
    await PageIterator(first, client.request_adapter).iterate(lambda item: names.append(item.name) or True)
    out["delta"] = [len(first.value), sorted(each for each in names if each[:1] == "p" and each.endswith(".txt"))]
    ways = [
        client.users.to_get_request_information(),
        client.sites.by_site_id(site.id).to_get_request_information(),
        client.sites.by_site_id("contoso.sharepoint.com:/sites/nowhere").to_get_request_information(),
    ]
    batch, asked = BatchRequestContent(), []
    for way in ways:
        asked.append(BatchRequestItem(request_information=way))
        batch.add_request(asked[-1].id, asked[-1])
    answers = await BatchRequestBuilder(client.request_adapter).post(batch_request_content=batch)
    out["batch"] = [answers.get_response_by_id(each.id).status for each in asked]
    await items.by_drive_item_id(folder.id).delete()
    out["gone"] = await refusal(items.by_drive_item_id(folder.id).get())


asyncio.run(main(work, by_secret()))
"""
)

PEOPLE = (
    HEAD
    + """
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.group import Group
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.users.users_request_builder import UsersRequestBuilder


async def work(client, out):
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        select=["id", "displayName"], filter="startswith(userPrincipalName,'migration.lead')", top=5)
    found = (await client.users.get(RequestConfiguration(query_parameters=query))).value
    out["user"] = [len(found), found[0].display_name is not None, found[0].mail]
    group = await client.groups.post(Group(
        display_name=f"G {MARK}", mail_nickname=f"g{MARK}", mail_enabled=False, security_enabled=True))
    one = client.groups.by_group_id(group.id)
    reference = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{found[0].id}")
    await one.members.ref.post(reference)
    out["members"] = [each.id == found[0].id for each in (await one.members.get()).value]
    await one.delete()
    out["gone"] = await refusal(one.get())
    query = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(filter="nope eq 1")
    out["wrong"] = await refusal(client.groups.get(RequestConfiguration(query_parameters=query)))


asyncio.run(main(work, by_secret()))
"""
)
