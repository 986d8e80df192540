"""PnP files: every element of the schema is carried over or listed, and nothing is dropped in silence."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from spmigrate.errors import InputError
from spmigrate.provision.carried import files, pnp
from spmigrate.provision.carried.draft import Draft

NAMESPACE = "http://schemas.dev.office.com/PnP/2022/09/ProvisioningSchema"
FIELD = '<Field ID="{23203e97-3bfe-40cb-afb4-07aa2b86bf45}" Type="Text" Name="CaseNumber" DisplayName="Case number"/>'
CASE_FILE = "0x01010058A4E34E4BE7F4B6892AEBE088EDD215"


def whole(inner: str, *, around: str = "", namespace: str = NAMESPACE) -> bytes:
    text = (
        f'<p:Provisioning xmlns:p="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{around}'
        f'<p:Templates><p:ProvisioningTemplate ID="T" DisplayName="Case team">{inner}</p:ProvisioningTemplate>'
        f"</p:Templates></p:Provisioning>"
    )
    return text.encode()


def template(inner: str, *, around: str = "", namespace: str = NAMESPACE) -> Draft:
    return pnp.read(whole(inner, around=around, namespace=namespace), "team.xml")


def left(draft: Draft) -> str:
    return "\n".join(f"{each.place}: {each.reason}" for each in draft.left())


CARRIED: dict[str, tuple[str, dict[str, Any]]] = {
    "WebSettings": (
        '<p:WebSettings Title="Case work" Description="What we do" QuickLaunchEnabled="true" MembersCanShare="false"'
        ' CommentsOnSitePagesDisabled="true" RequestAccessEmail="desk@council.example" HubSiteUrl="https://c.sharepoint.com/sites/d-h7k2m"/>',
        {
            "site": {"title": "Case work", "description": "What we do", "comments on pages": False},
            "look": {"quick launch shown": True},
            "permissions": {"access": {"members can share": False, "requests go to": "desk@council.example"}},
            "hub": {"member of": "/sites/d-h7k2m"},
        },
    ),
    "RegionalSettings": (
        '<p:RegionalSettings LocaleId="2057" TimeZone="2" FirstDayOfWeek="Monday" Time24="true" WorkDays="62"/>', {},
    ),
    "SupportedUILanguages": (
        '<p:SupportedUILanguages><p:SupportedUILanguage LCID="1033"/><p:SupportedUILanguage LCID="1106"/>'
        "</p:SupportedUILanguages>",
        {"site": {"other languages": ["Welsh"]}},
    ),
    "Security": (
        '<p:Security><p:AdditionalOwners><p:User Name="case.lead@council.example"/></p:AdditionalOwners>'
        '<p:SiteGroups><p:SiteGroup Title="Auditors"><p:Members><p:User Name="audit.lead@council.example"/></p:Members>'
        '</p:SiteGroup></p:SiteGroups><p:Permissions><p:RoleAssignments>'
        '<p:RoleAssignment Principal="Auditors" RoleDefinition="Read"/></p:RoleAssignments></p:Permissions>'
        "</p:Security>",
        {"permissions": {"owners": ["case.lead"],
                         "groups": [{"name": "Auditors", "people": ["audit.lead"], "level": "Read"}]}},
    ),
    "Navigation": (
        '<p:Lists><p:ListInstance Title="Cases" Url="Cases" TemplateType="101"/></p:Lists>'
        '<p:Navigation><p:CurrentNavigation NavigationType="Structural"><p:StructuralNavigation>'
        '<p:NavigationNode Title="Home" Url="{site}"/><p:NavigationNode Title="Work">'
        '<p:NavigationNode Title="Cases" Url="{site}/Cases/Forms/AllItems.aspx"/>'
        '<p:NavigationNode Title="Law" Url="http://law.example/acts" IsExternal="true"/></p:NavigationNode>'
        "</p:StructuralNavigation></p:CurrentNavigation></p:Navigation>",
        {
            "libraries": [{"name": "Cases", "address": "Cases"}],
            "quick launch": {"links": [
                {"title": "Home", "to": "home page"},
                {"title": "Work", "links": [{"title": "Cases", "to": "library/Cases"},
                                            {"title": "Law", "to": "https://law.example/acts"}]},
            ]},
        },
    ),
    "SiteFields": (f"<p:SiteFields>{FIELD}</p:SiteFields>", {"site columns": ["Case number"]}),
    "ContentTypes": (
        f'<p:SiteFields>{FIELD}</p:SiteFields><p:ContentTypes><p:ContentType ID="{CASE_FILE}" Name="Case file">'
        '<p:FieldRefs><p:FieldRef ID="{23203E97-3BFE-40CB-AFB4-07AA2B86BF45}" Required="true"/></p:FieldRefs>'
        "</p:ContentType></p:ContentTypes>",
        {"site columns": ["Case number"], "content types": ["Case file"]},
    ),
    "ContentTypes based on Document Set": (
        '<p:ContentTypes><p:ContentType ID="0x0120D5200058A4E34E4BE7F4B6892AEBE088EDD215" Name="Case folder"/>'
        "</p:ContentTypes>",
        {"content types": ["Case folder"]},
    ),
    "Features": (
        '<p:Features><p:SiteFeatures><p:Feature ID="b50e3104-6812-424f-a011-cc90e6327318"/>'
        '<p:Feature ID="3bae86a2-776d-499d-9db8-fa4cdc7884f8" Deactivate="true"/></p:SiteFeatures></p:Features>',
        {"features": ["Document ID service"], "remove": {"features": ["Document sets"]}},
    ),
    "ClientSidePages": (
        '<p:ClientSidePages><p:ClientSidePage PageName="Home.aspx" Title="Welcome" Layout="Home"/></p:ClientSidePages>',
        {"pages": [{"file": "Home.aspx", "title": "Welcome", "home page": True}]},
    ),
    "Header": (
        '<p:Header Layout="Compact" MenuStyle="MegaMenu" BackgroundEmphasis="Soft" ShowSiteTitle="true"/>',
        {"look": {"header": "Compact", "header emphasis": "Soft", "mega menu": True}},
    ),
    "Footer": (
        '<p:Footer Enabled="true"><p:FooterLinks><p:FooterLink DisplayName="Privacy" Url="https://c.example/privacy"/>'
        "</p:FooterLinks></p:Footer>",
        {"look": {"footer": True}, "footer": {"links": [{"title": "Privacy", "to": "https://c.example/privacy"}]}},
    ),
    "Theme": ('<p:Theme Name="County blue">{"themePrimary": "#005ea5"}</p:Theme>', {"look": {"theme": "County blue"}}),
}  # fmt: skip
"""Elements of a template that are carried over whole, and what the template then says."""

LISTED = (
    "Properties", "SitePolicy", "SiteSettings", "AuditSettings", "PropertyBagEntries",
    "CustomActions", "Pages", "ComposedLook", "Workflows", "SearchSettings", "Publishing",
    "ApplicationLifecycleManagement", "Providers", "SiteWebhooks", "ProvisioningTemplateWebhooks",
)  # fmt: skip
"""Elements of a template that are listed as not carried over."""

LISTED_AROUND = (
    "Localizations", "AzureActiveDirectory", "Drive", "ProvisioningWebhooks", "Tenant/AppCatalog",
    "Tenant/WebApiPermissions", "Tenant/ContentDeliveryNetwork", "Tenant/SiteDesigns", "Tenant/SiteScripts",
    "Tenant/StorageEntities", "Tenant/SPUsersProfiles", "Tenant/Office365GroupLifecyclePolicies",
    "Tenant/Office365GroupsSettings", "Tenant/SharingSettings", "Sequence/TermStore",
)  # fmt: skip
"""Elements around the templates that are listed as not carried over."""


@pytest.mark.parametrize("element", CARRIED)
def test_element_is_carried_over_whole(element: str) -> None:
    text, expected = CARRIED[element]
    draft = template(text)
    assert draft.templates == [{"template": "Case team", "version": 1} | expected]
    assert left(draft) == ""


@pytest.mark.parametrize("element", LISTED)
def test_element_is_listed_with_a_reason(element: str) -> None:
    draft = template(f'<p:{element}><p:Inner Key="k"/></p:{element}>')
    assert draft.templates == [{"template": "Case team", "version": 1}]
    assert left(draft).startswith(f"Provisioning/Templates/ProvisioningTemplate/{element}: ")
    assert len(left(draft).splitlines()) == 1


@pytest.mark.parametrize("path", LISTED_AROUND)
def test_element_around_the_templates_is_listed_with_a_reason(path: str) -> None:
    names = path.split("/")
    around = "".join(f"<p:{name}>" for name in names) + '<p:Inner Key="k"/>'
    around += "".join(f"</p:{name}>" for name in reversed(names))
    assert left(template("", around=around)).startswith(f"Provisioning/{path}: ")


def test_vocabulary_gets_columns_content_types_levels_and_themes() -> None:
    draft = template(
        f'<p:Security><p:Permissions><p:RoleDefinitions><p:RoleDefinition Name="Filing"><p:Permissions>'
        "<p:Permission>ViewListItems</p:Permission><p:Permission>AddListItems</p:Permission></p:Permissions>"
        f"</p:RoleDefinition></p:RoleDefinitions></p:Permissions></p:Security><p:SiteFields>{FIELD}"
        '<Field ID="{2}" Type="Choice" Name="Stage" DisplayName="Stage" Required="TRUE"><CHOICES><CHOICE>Open</CHOICE>'
        "<CHOICE>Closed</CHOICE></CHOICES><Default>Open</Default></Field>"
        '<Field ID="{3}" Type="TaxonomyFieldType" Name="Topic" DisplayName="Topic"><Customization><ArrayOfProperty>'
        "<Property><Name>TermSetId</Name><Value>{termsetid:Corporate:Topics}</Value></Property></ArrayOfProperty>"
        "</Customization></Field></p:SiteFields>"
        f'<p:ContentTypes><p:ContentType ID="{CASE_FILE}" Name="Case file"/>'
        f'<p:ContentType ID="{CASE_FILE}00AAE34E4BE7F4B6892AEBE088EDD2AAAA" Name="Closed case"/></p:ContentTypes>'
    )
    assert draft.organisation == {
        "permission levels": [{"name": "Filing", "allows": ["View Items", "Add Items"]}],
        "site columns": [
            {"name": "Case number", "type": "Text"},
            {"name": "Stage", "type": "Choice", "required": True, "choices": ["Open", "Closed"], "default": "Open"},
            {"name": "Topic", "type": "Managed metadata", "term set": "Corporate/Topics"},
        ],
        "term sets": ["Corporate/Topics"],
        "content types": [{"name": "Case file"}, {"name": "Closed case", "based on": "Case file"}],
    }


def test_term_groups_become_term_sets_of_the_vocabulary() -> None:
    draft = template(
        '<p:TermGroups><p:TermGroup Name="Council" ID="1"><p:TermSets><p:TermSet Name="Functions" ID="2">'
        '<p:Terms><p:Term Name="Waste" ID="3"/><p:Term Name="Highways"><p:Terms><p:Term Name="Bridges"/></p:Terms>'
        '<p:Labels><p:Label Value="Roads"/></p:Labels></p:Term></p:Terms></p:TermSet></p:TermSets></p:TermGroup>'
        '<p:TermGroup Name="Own" SiteCollectionTermGroup="true"/></p:TermGroups>'
        '<p:SiteFields><Field ID="{3}" Type="TaxonomyFieldType" Name="Topic" DisplayName="Topic"><Customization>'
        "<ArrayOfProperty><Property><Name>TermSetId</Name><Value>{termsetid:Council:Functions}</Value></Property>"
        "</ArrayOfProperty></Customization></Field></p:SiteFields>"
    )
    terms = ["Waste", {"name": "Highways", "terms": ["Bridges"]}]
    assert draft.organisation["term sets"] == [{"name": "Council/Functions", "terms": terms}]
    assert draft.templates == [{"template": "Case team", "version": 1, "site columns": ["Topic"]}]
    assert [place.split("/")[-1].split(":")[0] for place in left(draft).splitlines()] == ["Labels", 'TermGroup "Own"']


def test_a_library_comes_with_its_views_folders_defaults_and_permissions() -> None:
    draft = template(
        f"""<p:SiteFields>{FIELD}</p:SiteFields><p:Lists>
        <p:ListInstance Title="Cases" Url="Cases" TemplateType="101" EnableVersioning="true" MaxVersionLimit="50"
            EnableMinorVersions="true" MinorVersionLimit="5" DraftVersionVisibility="1" EnableModeration="true"
            ForceCheckout="false" EnableFolderCreation="true" NoCrawl="true">
          <p:Views><View DisplayName="All" DefaultView="TRUE"><ViewFields><FieldRef Name="LinkFilename"/>
              <FieldRef Name="CaseNumber"/></ViewFields></View>
            <View DisplayName="Late"><Query><OrderBy><FieldRef Name="Modified" Ascending="FALSE"/></OrderBy><Where><And>
              <Lt><FieldRef Name="Modified"/><Value Type="DateTime"><Today/></Value></Lt>
              <Eq><FieldRef Name="Author"/><Value Type="Integer"><UserID/></Value></Eq></And></Where></Query>
              <ViewFields><FieldRef Name="LinkFilename"/></ViewFields><RowLimit Paged="TRUE">30</RowLimit></View>
          </p:Views>
          <p:Folders><p:Folder Name="2026"><p:Folder Name="Meetings"/></p:Folder></p:Folders>
          <p:FieldDefaults><p:FieldDefault FieldName="CaseNumber">none</p:FieldDefault></p:FieldDefaults>
          <p:Security><p:BreakRoleInheritance CopyRoleAssignments="false" ClearSubscopes="true">
            <p:RoleAssignment Principal="{{associatedownergroup}}" RoleDefinition="Full Control"/>
          </p:BreakRoleInheritance></p:Security>
        </p:ListInstance></p:Lists>"""
    )
    assert left(draft) == ""
    assert draft.templates[0]["libraries"] == [{
        "name": "Cases", "address": "Cases", "approval": True, "check out": False, "allow folders": True,
        "searchable": False, "versions": {"major": 50, "drafts": 5, "drafts seen by": "Editors"},
        "columns shown": ["Name", "Case number"], "columns": ["Case number"],
        "views": [{"name": "Late", "columns shown": ["Name"], "sort by": "Modified", "descending": True,
                   "filter": "Modified is before today and Created by is me", "rows": 30}],
        "folders": ["2026", "2026/Meetings"], "default values": {"Case number": "none"},
        "permissions": {"inherit": False, "give": {"Owners": "Full Control"}},
    }]  # fmt: skip


def test_parameters_that_something_uses_become_questions() -> None:
    around = (
        '<p:Preferences><p:Parameters><p:Parameter Key="TeamName">Cases</p:Parameter>'
        '<p:Parameter Key="Unused">x</p:Parameter></p:Parameters></p:Preferences>'
    )
    draft = template('<p:WebSettings Title="{parameter:TeamName}"/>', around=around)
    assert draft.templates[0]["site"] == {"title": "{team name}"}
    assert draft.templates[0]["parameters"] == [{"name": "team name", "ask": "Team name?", "default": "Cases"}]
    assert 'Parameter "Unused": nothing that was carried over uses it' in left(draft)


def test_sites_of_a_sequence_say_what_their_templates_make() -> None:
    around = (
        '<p:Sequence><p:SiteCollections><p:SiteCollection xsi:type="p:CommunicationSite" IsHubSite="true" Title="Front"'
        ' HubSiteTitle="County" Url="https://c/sites/x"><p:Templates><p:ProvisioningTemplateReference ID="T"/>'
        "</p:Templates><p:Sites/></p:SiteCollection></p:SiteCollections></p:Sequence>"
    )
    draft = template("", around=around)
    assert draft.templates[0]["site"] == {"type": "Communication site", "title": "Front"}
    assert draft.templates[0]["hub"] == {"is a hub": True, "title": "County"}
    assert "Sites: subsites are not made" in left(draft)


def test_a_team_becomes_a_template_with_its_channels() -> None:
    around = (
        '<p:Teams><p:Team DisplayName="Cases" Visibility="Private"><p:Channels><p:Channel DisplayName="General"/>'
        '<p:Channel DisplayName="Panel" Private="true"/></p:Channels></p:Team></p:Teams>'
    )
    team = template("", around=around).templates[1]
    assert team["site"] == {"type": "Team site with Microsoft 365 group", "privacy": "Private"}
    assert team["team"] == {"name": "Cases", "channels": [{"name": "Panel", "privacy": "Private"}]}


@pytest.mark.parametrize("version", ["2015/05", "2016/05", "2018/01", "2019/03", "2021/03", "2022/09"])
def test_older_schemas_are_read_alike(version: str) -> None:
    namespace = f"http://schemas.dev.office.com/PnP/{version}/ProvisioningSchema"
    assert template(f"<p:SiteFields>{FIELD}</p:SiteFields>", namespace=namespace).columns["casenumber"] == "Case number"


@pytest.mark.parametrize(
    ("inner", "place"),
    [
        ('<p:WebSettings SearchScope="Hub"/>', "WebSettings SearchScope"),
        ('<p:Header Layout="Standard" Unheard="of"/>', "Header Unheard"),
        ("<p:Unheard/>", "ProvisioningTemplate/Unheard"),
        ('<p:SiteFields><Field Type="Calculated" Name="Sum" DisplayName="Sum"/></p:SiteFields>', 'Field "Sum"'),
        ('<p:Lists><p:ListInstance Title="L" TemplateType="850"/></p:Lists>', 'ListInstance "L"'),
        ('<p:WebSettings Title="{localization:core:Title}"/>', "Title"),
        ('<p:Security><p:AdditionalMembers><p:User Name="Everyone except external users"/></p:AdditionalMembers>'
         "</p:Security>", "User"),
    ],
)  # fmt: skip
def test_what_has_no_word_is_listed(inner: str, place: str) -> None:
    assert place in left(template(inner))


def test_a_package_is_read() -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("manifest.xml", "<other/>")
        file.writestr("Files/team.xml", f'<p:ProvisioningTemplate xmlns:p="{NAMESPACE}" ID="T" DisplayName="Team"/>')
    assert pnp.read(package.getvalue(), "team.pnp").templates == [{"template": "Team", "version": 1}]


FILES = """
<p:ContentTypes><p:ContentType ID="0x01010058A4E34E4BE7F4B6892AEBE088EDD215" Name="Letter">
<p:DocumentTemplate TargetName="_cts/Letter/letter.dotx"/></p:ContentType></p:ContentTypes>
<p:Lists><p:ListInstance Title="Case papers" Url="CasePapers" TemplateType="101"/></p:Lists>
<p:Files>
  <p:File Src="forms\\terms.docx" Folder="{site}/CasePapers/Forms to fill" Level="Published" CreateFolder="true"/>
  <p:File Src="other/terms.docx" Folder="CasePapers" TargetFileName="..\\..\\terms.docx"/>
  <p:File Src="gone.docx" Folder="CasePapers"/>
  <p:File Src="forms/terms.docx" Folder="Style Library"/>
  <p:File Src="../secret.docx" Folder="CasePapers"/>
  <p:Directory Src="all" Folder="CasePapers"/>
</p:Files>"""
CARRIED_FILES = {
    "assets/letter.dotx": b"letter", "assets/terms.docx": b"terms", "assets/2/terms.docx": b"other terms",
}  # fmt: skip


def lay_beside(folder: Path) -> Path:
    (folder / "secret.docx").write_bytes(b"secret")
    for name, content in {
        "letter.dotx": b"letter", "forms/terms.docx": b"terms", "other/terms.docx": b"other terms",
    }.items():  # fmt: skip
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "in"


def test_files_beside_a_provisioning_file_come_along_and_nothing_from_elsewhere(tmp_path: Path) -> None:
    draft = pnp.read(whole(FILES), "team.xml", lay_beside(tmp_path))
    assert draft.assets == CARRIED_FILES
    assert draft.templates[0]["files"] == [
        {"library": "Case papers", "folder": "Forms to fill", "from": "assets/terms.docx"},
        {"library": "Case papers", "from": "assets/2/terms.docx"},
    ]
    assert draft.organisation["content types"][0]["document template"] == "assets/letter.dotx"
    told = left(draft)
    for text in ("gone.docx is not beside the file", "'Style Library' is in no library", "../secret.docx is not beside",
                 "Directory: name the files"):  # fmt: skip
        assert text in told


@pytest.mark.parametrize("mapped", [False, True])
def test_files_of_a_package_come_along_by_their_own_names_and_by_its_map(mapped: bool) -> None:
    names = {"letter.dotx": b"letter", "forms/terms.docx": b"terms", "other/terms.docx": b"other terms"}
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("Files/team.xml", whole(FILES))
        for number, (name, content) in enumerate(names.items()):
            file.writestr(f"Files/{number}.bin" if mapped else f"Files/{name}", content)
        keys = "".join(f'<String x:Key="{name}">{n}.bin</String>' for n, name in enumerate(names))
        if mapped:
            file.writestr("ProvisioningTemplate/files-map.xml", f'<Map xmlns:x="urn:x">{keys}</Map>')
    assert pnp.read(package.getvalue(), "team.pnp").assets == CARRIED_FILES


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<a", b"PK\x03\x04 no zip", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', b"<a>" * 5000,
        b"<x/>", b'{"actions": []}',
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        pnp.read(data, "team.xml")
    assert caught.value.problems


def package(names: dict[str, bytes], template: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("Files/team.xml", template)
        for name, content in names.items():
            file.writestr(f"Files/{name}", content)
    return made.getvalue()


def test_a_package_that_unpacks_to_too_much_is_told_and_never_unpacked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2500)
    monkeypatch.setattr(files, "LARGEST_ASSET", 1000)
    named = "".join(f'<p:File Src="{n}/bomb.bin" TargetFileName="{n}.bin" Folder="CasePapers"/>' for n in range(9))
    lists = '<p:Lists><p:ListInstance Title="Case papers" Url="CasePapers" TemplateType="101"/></p:Lists>'
    huge = '<p:File Src="huge.bin" Folder="CasePapers"/>'
    reads: list[str] = []
    read = zipfile.ZipFile.read

    def counted(file: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        reads.append(part.filename)
        return read(file, part)

    monkeypatch.setattr(zipfile.ZipFile, "read", counted)
    template = whole(f"{lists}<p:Files>{huge}{named}</p:Files>")
    draft = pnp.read(package({"bomb.bin": bytes(1000), "huge.bin": bytes(1001)}, template), "team.pnp")
    assert list(draft.assets) == ["assets/0.bin", "assets/1.bin", "assets/2.bin"]
    assert reads.count("Files/bomb.bin") == 1
    assert "Files/huge.bin" not in reads
    assert "huge.bin is not beside the file" in left(draft)
    assert "3/bomb.bin is left out, since the files come to more than" in left(draft)


def test_files_of_one_content_under_many_names_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2500)
    names = {f"{n}/same.bin": bytes(1000) for n in range(9)}
    named = "".join(f'<p:File Src="{name}" Folder="CasePapers"/>' for name in names)
    lists = '<p:Lists><p:ListInstance Title="Case papers" Url="CasePapers" TemplateType="101"/></p:Lists>'
    draft = pnp.read(package(names, whole(f"{lists}<p:Files>{named}</p:Files>")), "team.pnp")
    assert list(draft.assets) == ["assets/same.bin"]
    assert left(draft).count("same.bin is not beside the file") == 7
