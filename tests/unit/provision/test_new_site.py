"""What a champion may ask for, and what becomes of it."""

import random
from typing import Any

import pytest

from spmigrate.errors import InputError
from spmigrate.formats import yaml
from spmigrate.govern.site_register import RegisteredSite
from spmigrate.provision import new_site
from spmigrate.provision.catalogue import Catalogue, read
from spmigrate.provision.lint.rules import Finding
from spmigrate.provision.resolve import desired_site
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read(ROOT / "site_templates")


ENTRY: dict[str, Any] = {
    "address": "/sites/t-w4k7z", "template": "Team site", "unit": "HWT/HWM",
    "business class": "Transport and infrastructure", "marking": "OFFICIAL",
    "answers": {
        "title": "Winter Service", "purpose": "Gritting and snow.", "owners": ["structures.lead", "highways.director"],
        "hub": "/sites/d-h7k2m", "function": "/sites/f-m4q8r",
    },
}  # fmt: skip


def broken(catalogue: Catalogue, entry: dict[str, Any], role: str | None = "champion.highways") -> set[str]:
    champion = new_site.champion_of(catalogue, role) if role else None
    found = new_site.refusals(catalogue, new_site.site_file(entry), champion)
    return {each.rule for each in found if isinstance(each, Finding)}


def test_a_site_of_ones_own_branch_from_an_approved_template_is_not_refused(catalogue: Catalogue) -> None:
    assert broken(catalogue, ENTRY) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"unit": "ASC/OPS"}, "NEW-02"),
        ({"unit": ""}, "NEW-02"),
        ({"template": "Directorate site"}, "NEW-03"),
        ({"address": "/sites/t-s6p2x"}, "SIT-01"),
        ({"business class": "Astrology"}, "SIT-07"),
        ({"address": "/sites/contentTypeHub"}, "SIT-14"),
        ({"address": "/sites/highways-maintenance"}, "DES-10"),
        ({"address": "/sites/x-w4k7z"}, "DES-07"),
        ({"answers": ENTRY["answers"] | {"title": "Team Site 2 new"}}, "DES-08"),
        ({"answers": ENTRY["answers"] | {"owners": ["structures.lead"]}}, "SIT-05"),
        ({"answers": ENTRY["answers"] | {"hub": "/sites/t-s6p2x"}}, "SIT-05"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_name(catalogue: Catalogue, change: dict[str, Any], rule: str) -> None:
    assert rule in broken(catalogue, ENTRY | change)


def test_without_champions_only_the_linters_rules_hold(catalogue: Catalogue) -> None:
    assert broken(catalogue, ENTRY | {"unit": "ASC/OPS"}, role=None) == set()


def test_nobody_else_asks(catalogue: Catalogue) -> None:
    with pytest.raises(InputError) as caught:
        new_site.champion_of(catalogue, "champion.highway")
    assert isinstance(caught.value.problems[0], Finding)
    assert caught.value.problems[0].rule == "NEW-01"
    assert caught.value.problems[0].hint == "did you mean 'champion.highways'?"


def test_a_champion_sees_the_own_branch_and_the_approved_templates(catalogue: Catalogue) -> None:
    champion = new_site.champion_of(catalogue, "champion.highways")
    assert {each.template for each in new_site.templates_for(catalogue, champion)} == {"Team site", "Programme site"}
    units = new_site.units_for(catalogue, champion)
    assert {unit.code for unit in units} >= {"HWT", "HWM", "PTR", "TPS"}
    assert {new_site.unit_path(catalogue, unit).split("/")[0] for unit in units} == {"HWT"}
    assert len(new_site.units_for(catalogue, None)) > len(units)
    assert len(new_site.templates_for(catalogue, None)) == 5


@pytest.mark.parametrize(
    ("question", "typed", "wrong"),
    [
        ("owners", "structures.lead", "'owners' needs 2 entries at least, and has 1"),
        ("owners", "structures.lead, highways.director", None),
        ("owners", "Not A Role, x", "is no role id"),
        ("hub", "somewhere", "'somewhere' is not the address of a site"),
        ("hub", "/sites/d-h7k2m", None),
        ("case work", "perhaps", "'case work' is answered by yes or no"),
        ("case work", "yes", None),
    ],
)
def test_an_answer_is_checked_as_it_is_given(
    catalogue: Catalogue, question: str, typed: str, wrong: str | None
) -> None:
    template = catalogue.whole("Team site")
    assert template is not None
    asked = next(each for each in template.parameters if each.name == question)
    found = new_site.wrong_answer(catalogue, template, asked, new_site.read_answer(asked, typed))
    assert (found is None) == (wrong is None)
    if found is not None and question != "owners":
        assert found.text == wrong


def test_proposed_addresses_are_new_and_pass_the_rules(catalogue: Catalogue) -> None:
    template = catalogue.whole("Team site")
    assert template is not None
    draw = random.Random(7)
    for _ in range(50):
        address = new_site.propose_address(catalogue, template, draw.choice)
        assert broken(catalogue, ENTRY | {"address": address}) == set()


def test_the_site_is_told_in_plain_sentences(catalogue: Catalogue) -> None:
    written = new_site.site_file(ENTRY)
    site = desired_site(new_site.joined(catalogue, written), written.words)
    told = list(new_site.in_words(catalogue, site))
    assert told[0] == (
        "“Winter Service”: a team site without group at /sites/t-w4k7z, for Highways Maintenance of Highways and "
        "Transport."
    )
    assert "Owners, who decide about everything: structures.lead, highways.director." in told
    assert "Outside the organisation: Only people in the organisation." in told


def test_the_entry_of_the_register_can_be_read(catalogue: Catalogue) -> None:
    written = new_site.site_file(ENTRY)
    site = desired_site(new_site.joined(catalogue, written), written.words)
    text = new_site.register_entry(site, review_by="2027-11-22")
    entry = yaml.Source(text.replace("  - ", "    ", 1), "sites.yaml")
    registered = yaml.validate(entry, RegisteredSite)
    assert (registered.address, registered.kind, registered.marking) == ("/sites/t-w4k7z", "team", "OFFICIAL")
