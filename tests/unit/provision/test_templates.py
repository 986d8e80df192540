"""Inheritance, answers and the wanted state of a site."""

from pathlib import Path

from spmigrate.formats import yaml
from spmigrate.model import Destination
from spmigrate.provision import destinations, units
from spmigrate.provision.catalogue import read
from spmigrate.provision.language import Template
from spmigrate.provision.merge import inherited
from spmigrate.provision.resolve import fill, people, resolve
from spmigrate.tenant.contents import Kind
from tests.conftest import ROOT

SHIPPED = ROOT / "site_templates"


def template(text: str) -> Template:
    return yaml.validate(yaml.Source(f"template: T\nversion: 1\n{text}", "t.yaml"), Template)


def whole(*texts: str) -> Template:
    made = inherited(template(text) for text in texts)
    assert made is not None
    return made


def test_a_template_adds_to_lists_by_name_and_replaces_single_values() -> None:
    merged = whole(
        "libraries: [{name: Papers, versions: {major: 100}, columns shown: [Name]}]\nsite: {title: A, description: D}",
        "libraries: [{name: PAPERS, versions: {major: 500}}, {name: Plans}]\nsite: {title: B}",
    )
    assert [library.name for library in merged.libraries] == ["PAPERS", "Plans"]
    assert merged.libraries[0].versions is not None
    assert merged.libraries[0].versions.major == 500
    assert merged.libraries[0].columns_shown == ("Name",)
    assert (merged.site.title, merged.site.description) == ("B", "D")


def test_only_remove_takes_away_what_is_inherited() -> None:
    merged = whole(
        "libraries: [{name: Papers}, {name: Plans}]\nquick launch: {links: [{title: Papers, to: library/Papers}]}",
        "remove: {libraries: [papers], quick launch: [Papers]}",
    )
    assert [library.name for library in merged.libraries] == ["Plans"]
    assert merged.quick_launch.links == ()


def test_saying_no_overrides_an_inherited_yes() -> None:
    assert whole("hub: {is a hub: yes}", "hub: {is a hub: no}").hub.is_a_hub is False


def test_people_are_filled_in_from_the_answers_once_each() -> None:
    answers = {"owners": ("one", "two"), "champion": "two"}
    assert people(("{owners}", "{champion}", "three", "{nobody}"), answers) == ["one", "two", "three"]


def test_texts_are_filled_in_from_the_answers() -> None:
    assert fill("{title} - {Unit}", {"title": "Structures", "unit": "HWT"}) == "Structures - HWT"


def test_the_sample_council_has_its_four_sites_hubs_first() -> None:
    sites = resolve(read(SHIPPED))
    assert [(site.address, site.title, site.is_hub) for site in sites] == [
        ("/sites/d-h7k2m", "Highways and Transport", True),
        ("/sites/f-m4q8r", "Highways Maintenance", False),
        ("/sites/t-a3w9c", "Asset Management", False),
        ("/sites/t-s6p2x", "Structures", False),
    ]


def test_every_shipped_site_is_private_has_two_owners_and_joins_its_hub() -> None:
    for site in resolve(read(SHIPPED)):
        sharing = site.contents.get(Kind.SHARING)
        assert sharing is not None
        assert sharing.attributes["external sharing"] == "Only people in the organisation"
        owners = [key for kind, key in site.contents.parts if kind is Kind.PERSON and key.startswith("Owners/")]
        assert len(owners) >= 2
        assert site.is_hub != (site.contents.get(Kind.HUB_MEMBERSHIP) is not None)


def test_content_types_bring_their_columns_and_what_they_are_based_on() -> None:
    site = next(site for site in resolve(read(SHIPPED)) if site.is_hub)
    policy = site.contents.get(Kind.CONTENT_TYPE, "council policy")
    document = site.contents.get(Kind.CONTENT_TYPE, "council document")
    assert policy is not None
    assert document is not None
    assert str(policy.attributes["id"]).startswith(f"{document.attributes['id']}00")
    columns = policy.attributes["columns"]
    assert isinstance(columns, tuple)
    assert {"CouncilBusinessClass", "CouncilReviewDate"} <= set(columns)
    assert all(site.contents.get(Kind.COLUMN, column) for column in columns)


def test_the_libraries_of_all_sites_are_destinations() -> None:
    found = destinations(SHIPPED)
    assert Destination("/sites/t-a3w9c", "Shared Documents", "Asset Management > Documents") in found
    assert len(found) == 9
    assert found == sorted(found, key=lambda each: each.label)


def test_what_a_template_removes_is_absent_until_declared_again(tmp_path: Path) -> None:
    for name, text in {
        "organisation.yaml": "organisation: A\nversion: 1\npeople domain: a.example\n",
        "templates/1.yaml": "template: One\nversion: 1\nlibraries: [{name: Old papers}, {name: Plans}]\n",
        "templates/2.yaml": "template: Two\nversion: 1\nextends: One\nremove: {libraries: [Old papers, Plans]}\n",
        "templates/3.yaml": "template: Three\nversion: 1\nkind: Team\nextends: Two\nlibraries: [{name: Plans}]\n"
        "site: {type: Communication site, title: A}\n",
        "sites/a.yaml": "address: /sites/a\ntemplate: Three\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (site,) = resolve(read(tmp_path))
    assert [part.key for part in site.absent] == ["oldpapers"]
    assert site.contents.get(Kind.LIBRARY, "plans") is not None


def test_a_destination_says_whose_it_is_and_what_may_lie_there() -> None:
    found = next(each for each in destinations(SHIPPED) if each.label == "Asset Management > Working papers")
    assert (found.unit, found.kind) == ("HWMAM", "Team")
    assert found.owners == ("asset.management.lead", "highways.maintenance.head")
    assert (found.marking, found.guests, found.keep_rule) == ("OFFICIAL", False, "RL-MG01 Working FY+3")
    assert found.business_class == "Transport and infrastructure"
    assert found.provisioned is None


def test_units_know_those_above_them() -> None:
    found = {unit.code: unit for unit in units(SHIPPED)}
    assert found["HWMAM"].above == ("HWT", "HWM")
    assert found["HWT"].above == ()
    assert (found["HWMAM"].name, found["HWMAM"].kind) == ("Asset Management", "Team")
