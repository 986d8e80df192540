"""The register of partners: the shipped one, and what it refuses."""

import shutil
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.federate import partners
from spmigrate.federate.partners import PartnerRegister, Permit
from spmigrate.govern import registers, vocabulary

SHIPPED = Path(__file__).parents[3] / "governance_rules"


def read(folder: Path) -> PartnerRegister:
    return partners.read(folder, people=registers.read_people(SHIPPED).ids())


def altered(folder: Path, old: str, new: str) -> str:
    """What is said about the shipped register with one thing altered."""
    shutil.copy(SHIPPED / partners.FILE, folder)
    text = (folder / partners.FILE).read_text()
    assert old in text
    (folder / partners.FILE).write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read(folder)
    return "\n".join(map(str, caught.value.problems))


def test_the_shipped_register_has_the_sixteen_types() -> None:
    register = read(SHIPPED)
    assert [partner.id for partner in register.partners] == [f"P{n:02}" for n in range(1, 17)]
    assert len({partner.type for partner in register.partners}) == 16


def test_a_domain_of_two_partners_is_refused(tmp_path: Path) -> None:
    said = altered(tmp_path, "domains: [unitary-b.example]", "domains: [district-a.example]")
    assert said.count("district-a.example belongs to more than one partner") == 2


def test_a_national_tenant_may_be_shared(tmp_path: Path) -> None:
    text = (SHIPPED / partners.FILE).read_text()
    text = text.replace("kind: own restricted, id: 0a1d5f30-7c0e-4d3f-9a11-000000000005", "kind: shared national")
    (tmp_path / partners.FILE).write_text(text.replace("domains: [police-d.example]", "domains: [nhsmail.example]"))
    assert len(read(tmp_path).partners) == 16


def test_an_approved_assessment_names_its_approver(tmp_path: Path) -> None:
    assert "needs 'approved by' and 'expires'" in altered(
        tmp_path, "{status: approved, approved by: information.governance, expires: 2035-03-31}", "{status: approved}"
    )


def test_an_owner_nobody_knows_is_refused(tmp_path: Path) -> None:
    assert "'somebody' is not on the register of people" in altered(
        tmp_path, "owner: highways.director", "owner: somebody"
    )


@pytest.mark.parametrize("domain", ["*.uni-f.example", "Uni-F.example", "uni"])
def test_domains_are_exact(tmp_path: Path, domain: str) -> None:
    assert "domains" in altered(tmp_path, "domains: [uni-f.example]", f'domains: ["{domain}"]')


def test_subdomains_are_domains_of_their_own() -> None:
    register = read(SHIPPED)
    found = register.of_domain("Uni-F.example")
    assert found is not None
    assert found.id == "P07"
    assert register.of_domain("students.uni-f.example") is None


@pytest.mark.parametrize(
    ("permit", "open_"), [("allow", True), ("pilot", True), ("deny", False), ("after agreement", False)]
)
def test_a_permit_is_open_or_not(permit: str, open_: bool) -> None:
    assert Permit(permit).open is open_


def test_the_words_of_the_register_are_the_words_of_the_facts() -> None:
    assert tuple(partners.State) == vocabulary.PARTNER_STATES
    assert tuple(partners.Category) == vocabulary.CATEGORIES
    assert tuple(partners.AssessmentStatus) == vocabulary.ASSESSMENT_STATES
