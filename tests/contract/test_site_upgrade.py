"""A site in use is upgraded to the next version of its template: what owners made and wrote is there afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.plan.change import Plan, Sort
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import plan_sites
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.store import sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.reading import read
from tests.contract.by_hand import Hand
from tests.contract.site_samples import ORGANISATION, TEMPLATE, apply_all, write_sites

ADDRESS = "/sites/t-upgrade"
FIRST = TEMPLATE.replace("  - name: Case papers\n", "  - name: Case papers\n    description: Of every case.\n").replace(
    "  - name: Documents\n", "  - name: Documents\n    description: Of the team.\n"
)
SECOND = (
    FIRST.replace("version: 1", "version: 2")
    .replace("description: For the team.", "description: For everybody.")
    .replace("description: Of every case.", "description: Of all cases.")
    .replace("{major: 200}", "{major: 300}")
    .replace("[Name, Review date, Reference, Modified by]", "[Name, Ward, Review date, Reference, Modified by]")
    .replace("{title: Home, to: home page}", "{title: Home, to: home page}, {title: Rota, to: https://rota.example}")
)
WIDER = ORGANISATION.replace("[Business class, Reference]", "[Business class, Reference, Ward]").replace(
    "content types:", "  - {name: Ward, type: Text}\ncontent types:"
)
PAPER = b"A paper that somebody wrote. " * 100


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def upgraded(folder: Path) -> list[DesiredSite]:
    (folder / "templates" / "team.yaml").write_text(SECOND, "utf-8")
    (folder / "organisation.yaml").write_text(WIDER, "utf-8")
    return resolve(review(folder).catalogue)


def use(hand: Hand) -> None:
    """What owners do in a year: documents, folders, a column, a view, a link, a member, other descriptions."""
    papers = hand.library("CasePapers")
    folder = f"web/GetFolderByServerRelativePath(decodedurl='{ADDRESS}/CasePapers')"
    hand.post(f"web/Folders/AddUsingPath(DecodedUrl='{ADDRESS}/CasePapers/Ours',overwrite=true)")
    for path in ("", "/Ours"):
        place = folder.replace("CasePapers'", f"CasePapers{path}'")
        hand.post(f"{place}/Files/AddUsingPath(decodedurl='paper.txt',overwrite=true)", b"First")
        hand.post(f"{place}/Files/AddUsingPath(decodedurl='paper.txt',overwrite=true)", PAPER)
    item = f"web/GetFileByServerRelativePath(decodedurl='{ADDRESS}/CasePapers/paper.txt')/ListItemAllFields"
    hand.set(item, CouncilReference="C-2026-7")
    hand.post(f"{papers}/fields", {"Title": "Our note", "FieldTypeKind": 2})
    hand.post(f"{papers}/DefaultView/ViewFields/AddViewField", {"strField": "Our_x0020_note"})
    hand.post(f"{papers}/views", {"Title": "Our view", "PersonalView": False})
    hand.post("web/navigation/quicklaunch", {"Title": "Ours", "Url": "https://ours.example", "IsExternal": True})
    hand.post("web/AssociatedMemberGroup/users", {"LoginName": "i:0#.f|membership|admin@contoso.onmicrosoft.com"})
    hand.set("web", Description="What we do here")
    hand.set(hand.library("Shared Documents"), Description="Drafts, mostly")


def owners_work(hand: Hand) -> dict[str, object]:
    """The same things, as they are now."""
    papers = hand.library("CasePapers")
    found: dict[str, object] = {}
    for path in ("CasePapers/paper.txt", "CasePapers/Ours/paper.txt"):
        file = f"web/GetFileByServerRelativePath(decodedurl='{ADDRESS}/{path}')"
        facts = hand.ask(f"{file}?$select=UniqueId,Length,UIVersionLabel,TimeLastModified")
        found[path] = [facts[name] for name in ("UniqueId", "Length", "UIVersionLabel", "TimeLastModified")]
        found[f"content of {path}"] = hand.ask(f"{file}/$value")
    item = f"web/GetFileByServerRelativePath(decodedurl='{ADDRESS}/CasePapers/paper.txt')/ListItemAllFields"
    found["reference"] = hand.ask(f"{item}?$select=CouncilReference")["CouncilReference"]
    fields = hand.ask(f"{papers}/fields?$select=InternalName")["value"]
    found["column"] = [each["InternalName"] for each in fields if each["InternalName"] == "Our_x0020_note"]
    found["shown"] = "Our_x0020_note" in hand.ask(f"{papers}/DefaultView/ViewFields")["Items"]
    found["view"] = hand.ask(f"{hand.view('CasePapers', 'Our view')}?$select=Id")["Id"]
    found["link"] = hand.ask(f"web/navigation/GetNodeById({hand.node('quicklaunch', 'Ours')})?$select=Url")["Url"]
    users = hand.ask("web/AssociatedMemberGroup/users?$select=LoginName")["value"]
    found["member"] = [each["LoginName"] for each in users if "admin" in each["LoginName"]]
    found["description"] = hand.ask("web?$select=Description")["Description"]
    found["of documents"] = hand.ask(f"{hand.library('Shared Documents')}?$select=Description")["Description"]
    return found


def noted(plan: Plan, sort: Sort) -> list[str]:
    return [f"{note.subject}: {note.text}" for note in plan.noted(sort)]


def test_an_upgrade_keeps_content_and_owners_edits_and_shows_conflicts(
    shared_tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    tenant, hand = shared_tenant, Hand(shared_tenant, ADDRESS)
    apply_all(tenant, ledger, write_sites(tmp_path, ADDRESS, template=FIRST))
    use(hand)
    before = owners_work(hand)
    assert before["reference"] == "C-2026-7" and before["shown"] is True and before["member"]

    desired = upgraded(tmp_path)
    plan = plan_sites(tenant, desired, watch=lambda _: None, ledger=ledger).plan
    assert noted(plan, Sort.CONFLICT) == [
        'site "The team": description is What we do here; the template moved from For the team. to For everybody.'
    ]
    assert noted(plan, Sort.KEPT) == [
        'library "Documents": description is Drafts, mostly, the template began with Of the team.'
    ]
    # What owners left alone follows the template.
    (papers,) = [change for change in plan.changes if change.subject == 'library "Case papers"']
    assert papers.after["description"] == "Of all cases." and papers.after["versions kept"] == 300
    assert [step.trouble for step in apply_all(tenant, ledger, desired) if step.trouble] == []

    assert owners_work(hand) == before
    assert sites.applied(ledger)[ADDRESS].version == 2
    again = plan_sites(tenant, desired, watch=lambda _: None, ledger=ledger).plan
    assert again.changes == ()
    found = read(tenant, ADDRESS, {}, None)
    assert found is not None
    held = {part.subject: part.attributes for part in found.parts.values()}
    assert held['library "Case papers"']["versions kept"] == 300
    shown = held['library "Case papers"']["columns shown"]
    assert isinstance(shown, tuple) and {"CouncilWard", "Our_x0020_note"} <= set(shown)
