"""Whose a folder is, by the names of the sample county's units."""

from pathlib import Path

import pytest

from spmigrate.mapping.ownership import Organisation
from spmigrate.provision import destinations, units

_SHIPPED = Path(__file__).parents[3] / "site_templates"
COUNTY = Organisation(tuple(units(_SHIPPED)), tuple(destinations(_SHIPPED)), {"HWT": ("highways.director",)})
HIGHWAYS = COUNTY.by_code["HWT"]


@pytest.mark.parametrize(
    ("share", "unit"),
    [
        ("AdultSocialCare", "ASC"), ("ChildrenFamilies", "CFE"), ("Education_SEND", "CFE"), ("Highways", "HWT"),
        ("EnvironmentWaste", "ECW"), ("Finance", "FIN"), ("People", "HRM"), ("PropertyDigital", "COR"),
        ("Common", None), ("G", None),
    ],
)  # fmt: skip
def test_a_share_belongs_to_the_unit_that_it_is_named_after(share: str, unit: str | None) -> None:
    found = COUNTY.of_share(share)
    assert (found and found.code) == unit


@pytest.mark.parametrize(
    ("folder", "unit"),
    [
        ("Structures", "HWMS"), ("asset_management", "HWMAM"), ("Road Safety", "TPSRSE"), ("HWMS", "HWMS"),
        ("Bus strategy 2019", "PTRBS"), ("Home to School", "PTRHST"), ("Childcare Litigation old", "LEGCL"),
        ("Contracts", None), ("Committee Papers", None), ("Transport", None), ("Registration", None), ("2019", None),
    ],
)  # fmt: skip
def test_a_folder_belongs_to_the_unit_that_it_is_named_after(folder: str, unit: str | None) -> None:
    found = COUNTY.of_folder(folder, HIGHWAYS)
    assert (found and found.code) == unit


def test_a_single_word_counts_only_within_the_branch() -> None:
    assert COUNTY.of_folder("Energy", HIGHWAYS) is None
    climate = COUNTY.of_folder("Energy", COUNTY.by_code["CLM"])
    assert climate is not None
    assert climate.code == "CLME"


def test_the_role_of_the_register_comes_before_the_other_owners_of_the_site() -> None:
    county = Organisation(COUNTY.units, COUNTY.destinations, {"HWMS": ("highways.maintenance.head",)})
    assert list(county.candidates("HWMS")) == ["highways.maintenance.head", "structures.lead"]
    assert county.owner(county.by_code["HWMS"]).role == "highways.maintenance.head"


def test_a_unit_without_a_role_is_decided_for_by_the_one_above_it_and_that_is_said() -> None:
    found = COUNTY.owner(COUNTY.by_code["PTRBS"])
    assert found.role == "highways.director"
    assert found.unit == "PTRBS"
    assert found.why == (
        "no role is known for Bus Strategy; Highways and Transport is above it: highways.director decides for"
        " Highways and Transport"
    )


def test_where_nobody_decides_the_owner_is_missing_and_the_reason_says_what_to_do() -> None:
    found = COUNTY.owner(COUNTY.by_code["FIN"])
    assert found.role == ""
    assert found.why == "no role is known for Finance and Pensions nor above it: name it in people.yaml"


def test_a_unit_without_a_site_moves_to_the_site_above_it() -> None:
    homes = COUNTY.homes(COUNTY.by_code["TPSRSE"])
    assert homes is not None
    assert homes[0].code == "HWT"
    assert COUNTY.homes(COUNTY.by_code["FIN"]) is None
