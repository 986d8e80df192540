"""The register of partners: the shipped one, and what it refuses."""

import shutil
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.federate import partners
from spmigrate.federate.partners import PartnerRegister, Permit
from spmigrate.govern import vocabulary
from spmigrate.registers.people import Right, read_people

SHIPPED = Path(__file__).parents[3] / "governance_rules"


def read(folder: Path) -> PartnerRegister:
    people = read_people(SHIPPED)
    approvers = people.who_may(Right.APPROVE_ASSESSMENTS)
    return partners.read(folder, people=people.ids(), approvers=approvers)


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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("domains: [unitary-b.example]", "domains: [nhsmail.example]",
         "nhsmail.example belongs to more than one partner"),
        ("id: 0a1d5f30-7c0e-4d3f-9a11-000000000002", "id: 0a1d5f30-7c0e-4d3f-9a11-000000000003",
         "tenant 0a1d5f30-7c0e-4d3f-9a11-000000000003 belongs to more than one partner"),
    ],
)  # fmt: skip
def test_what_a_national_tenant_shares_is_nobody_elses(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert altered(tmp_path, old, new).count(said) == 2


@pytest.mark.parametrize(
    ("approver", "said"),
    [
        ("structures.lead", "the owner of a partner cannot approve its risk assessment"),
        ("service.desk", "'service.desk' may not approve assessments (who may: information.governance)"),
        ("nobody.here", "'nobody.here' is not on the register of people"),
    ],
)
def test_an_assessment_is_approved_by_somebody_else_who_may(tmp_path: Path, approver: str, said: str) -> None:
    assert said in altered(tmp_path, "approved by: information.governance", f"approved by: {approver}")


def test_not_even_an_owner_who_may_approve_approves_for_herself(tmp_path: Path) -> None:
    assert "cannot approve its risk assessment" in altered(
        tmp_path, "owner: structures.lead", "owner: information.governance"
    )


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


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("*.uni-f.example", "is not a domain: write it without *"),
        ("staff@uni-f.example", "is not a domain: write only what follows the @"),
        ("Uni-F.example", "is not a domain such as uni-f.example, in small letters"),
        ("uni", "is not a domain such as uni-f.example"),
    ],
)
def test_domains_are_exact(tmp_path: Path, domain: str, said: str) -> None:
    assert f"'{domain}' {said}" in altered(tmp_path, "domains: [uni-f.example]", f'domains: ["{domain}"]')


def test_ids_are_told_in_words(tmp_path: Path) -> None:
    said = altered(tmp_path, "id: P01", "id: Partner1")
    assert "'Partner1' is not an id such as P17: P and two to four digits" in said


def test_the_example_of_the_readme_is_an_entry(tmp_path: Path) -> None:
    page = (SHIPPED / "README.md").read_text("utf-8")
    head, entry = page[page.index("version: 1\npartners:") :].partition("```")[0].split("partners:\n")
    (tmp_path / partners.FILE).write_text(f"{head}partners:\n{entry}")
    (alone,) = read(tmp_path).partners
    assert alone.model_fields_set == set(partners.Partner.model_fields), "it shows every key"
    (tmp_path / partners.FILE).write_text((SHIPPED / partners.FILE).read_text() + entry)
    assert read(tmp_path).partners[-1] == alone


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


@pytest.mark.parametrize(
    ("permit", "inbound", "outbound"),
    [("allow", "open", "open"), ("inbound only", "open", "blocked"), ("pilot", "limited", "limited"),
     ("per school", "limited", "limited"), ("named only", "limited", "limited"), ("exception", "blocked", "blocked")],
)  # fmt: skip
def test_a_permit_has_two_directions(permit: str, inbound: str, outbound: str) -> None:
    assert (Permit(permit).width(inbound=True), Permit(permit).width(inbound=False)) == (inbound, outbound)


def test_the_words_of_the_register_are_the_words_of_the_facts() -> None:
    assert tuple(partners.State) == vocabulary.PARTNER_STATES
    assert tuple(partners.Category) == vocabulary.CATEGORIES
    assert tuple(partners.AssessmentStatus) == vocabulary.ASSESSMENT_STATES
