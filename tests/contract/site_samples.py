"""A small council for the tests of sites: its vocabulary, a template, and sites made of them."""

import re
import time
from pathlib import Path

from spmigrate.plan.apply import Step
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import apply_site, plan_sites
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.session import Tenant

ORGANISATION = """\
organisation: Sample County Council
version: 1
people domain: contoso.onmicrosoft.com
site columns:
  - {name: Business class, type: Choice, choices: [Finance, "Law & <order>"], description: What it is about}
  - {name: Case notes, type: Note}
  - {name: Review date, type: Date}
  - {name: Pages, type: Number, required: yes}
  - {name: Published, type: Yes or no}
  - {name: Reference, type: Text}
content types:
  - {name: Council document, columns: [Business class, Reference]}
  - {name: Council policy, based on: Council document, columns: [Review date, Pages, Published, Case notes]}
"""
TEMPLATE = """\
template: Team site
version: 1
kind: Team
parameters:
  - {name: title, ask: What is it called?}
  - {name: hub, ask: Which hub?, answer: Site, optional: yes}
site: {type: Team site without group, title: "{title}", description: For the team.}
sharing:
  external sharing: Only people in the organisation
  default link: Specific people
  default link permission: View
permissions: {owners: [migration.lead, service.desk], members: [engineer], visitors: [records.manager]}
libraries:
  - name: Documents
    address: Shared Documents
    versions: {major: 100}
    content types: [Council document]
    columns shown: [Name, Business class, Modified]
  - name: Case papers
    versions: {major: 200}
    content types: [Council document, Council policy]
    columns shown: [Name, Review date, Reference, Modified by]
quick launch:
  links: [{title: Home, to: home page}, {title: Case papers, to: library/Case papers}]
hub: {member of: "{hub}"}
"""
HUB_QUESTION = re.compile(r",? *(?:\n  - )?\{name: hub,[^}]*\}")

SMALL_ORGANISATION = """\
organisation: Sample County Council
version: 1
people domain: contoso.onmicrosoft.com
site columns: [{name: Marking, type: Choice, choices: [Open]}, {name: Reference, type: Text}]
content types:
  - {name: Council document, columns: [Marking]}
  - {name: Council policy, based on: Council document, columns: [Reference]}
"""
SMALL = """\
template: Team site
version: 1
kind: Team
parameters: [{name: title, ask: What is it called?}, {name: hub, ask: Which hub?, answer: Site, optional: yes}]
site: {type: Team site without group, title: "{title}"}
sharing: {external sharing: Existing guests}
permissions: {owners: [migration.lead]}
libraries:
  - name: Case papers
    versions: {major: 50}
    content types: [Council policy]
    columns shown: [Name, Marking, Modified by]
quick launch: {links: [{title: Case papers, to: library/Case papers}]}
hub: {member of: "{hub}"}
"""


def write_sites(
    folder: Path,
    address: str,
    *,
    hub: str = "",
    template: str = TEMPLATE,
    organisation: str = ORGANISATION,
    owner: str = "",
) -> list[DesiredSite]:
    """A site of the template, and its hub if one is named, the hub first; the files stay in `folder`.

    With an `owner`, by its sign-in name, nobody else has a role in the sites.
    """
    if owner:
        person, domain = owner.split("@")
        template = re.sub(r"permissions: .*", f"permissions: {{owners: [{person}]}}", template)
        organisation = re.sub(r"people domain: .*", f"people domain: {domain}", organisation)
    files = {"organisation.yaml": organisation, "templates/team.yaml": template, "templates/hub.yaml": hub_of(template)}
    joins = f", hub: {hub}" if hub else ""
    files["sites/site.yaml"] = f"address: {address}\ntemplate: Team site\nanswers: {{title: The team{joins}}}\n"
    if hub:
        files["sites/hub.yaml"] = f"address: {hub}\ntemplate: Hub site\nanswers: {{title: The hub}}\n"
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return resolve(review(folder).catalogue)


def hub_of(template: str) -> str:
    """The same template for a hub."""
    text = HUB_QUESTION.sub("", template).replace('hub: {member of: "{hub}"}', "hub: {is a hub: yes}")
    return text.replace("template: Team site", "template: Hub site").replace("kind: Team", "kind: Directorate")


def apply_all(tenant: Tenant, ledger: Ledger, desired: list[DesiredSite]) -> list[Step]:
    """Plan and apply; every step that was tried."""
    plan = plan_sites(tenant, desired, watch=lambda _: None, ledger=ledger).plan
    return [step for site in desired for step in apply_site(tenant, ledger, site, plan, sleep=time.sleep)]


def pending(tenant: Tenant, desired: list[DesiredSite]) -> list[str]:
    """What a new plan still asks for or notes."""
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    return [change.subject for change in plan.changes] + [note.text for note in plan.notes]
