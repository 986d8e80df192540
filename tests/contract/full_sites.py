"""Four sites that between them say something about every kind of part: a hub below a hub, a team's site, a group's."""

import json
from pathlib import Path

from spmigrate.provision.lint import review
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant

KINDS = frozenset(Kind) - {Kind.TERM_SET, Kind.THEME}
"""Every kind of part that a site has: term sets and themes are the tenant's."""
SEED = """\
tenant:
  retention_labels: {Keep 6 years: 2192, Keep 3 years: 1096}
  labels: {OFFICIAL: "", "OFFICIAL-SENSITIVE": ""}
"""
ORGANISATION = """\
organisation: Sample County Council
version: 1
people domain: contoso.onmicrosoft.com
retention labels: [Keep 6 years, Keep 3 years]
sensitivity labels: [OFFICIAL, OFFICIAL-SENSITIVE]
term sets: [People/Department, People/Location]
groups: [All staff]
themes: [{name: Council green}, {name: Council grey}]
permission levels: [{name: File and read, description: May file., allows: [View items, Add items, Open items, Open]}]
site columns:
  - name: Reference
    type: Text
    description: The number of the case.
    indexed: yes
    unique values: yes
    default: none yet
    formatting: '{"elmType": "div", "txtContent": "@currentField"}'
  - {name: Status, type: Choice, choices: [Open, Closed], default: Open}
  - {name: Review date, type: Date}
  - {name: Department, type: Managed metadata, term set: People/Department}
  - {name: Decision, type: Lookup, looks up: {list: Decisions, shows: Title}}
content types:
  - name: Council document
    description: Ours.
    columns: [{column: Status, required: yes}, Review date]
    document template: assets/case.dotx
  - name: Case file
    based on: Council document
    columns: [{column: Reference, required: yes}, {column: Review date, hidden: yes}]
"""
_TOP = """\
template: Top site
version: 1
kind: Directorate
site: {type: Communication site, title: The council}
permissions: {owners: [migration.lead, service.desk]}
hub: {is a hub: yes}
"""
_HUB = """\
template: Hub site
version: 1
kind: Directorate
parameters: [{name: top, ask: Which hub is above?, answer: Site}]
site:
  type: Communication site
  title: The hub
  description: For all of us.
  sensitivity label: OFFICIAL
  unmanaged devices: Web only
  restrict access to: ["group:All staff"]
  comments on pages: no
  other languages: [Welsh]
permissions: {owners: [migration.lead, service.desk], administrators: [service.desk]}
look:
  theme: Council green
  logo: assets/crest.png
  header: Compact
  header emphasis: Soft
  footer: yes
  mega menu: yes
  quick launch shown: no
pages:
  - file: About-us.aspx
    title: About us
    sections from: pages/about.yaml
    home page: yes
    for: ["group:All staff"]
    owned by: template
hub:
  is a hub: yes
  title: Everybody
  description: All of our sites
  logo: assets/crest.png
  parent: "{top}"
  who may join: [engineer, migration.lead]
  approval: no
hub navigation:
  mode: exact
  links: [{title: Rota, to: https://rota.example, for: ["group:All staff"]}, {title: Start, to: home page}]
footer: {links: [{title: Help, to: https://help.example}]}
"""
_TEAM = """\
template: Full team site
version: 1
kind: Team
parameters: [{name: hub, ask: Which hub?, answer: Site}]
site:
  type: Team site without group
  title: The team
  description: For the team.
  storage limit: 50
  storage warning: 40
  lock: Unlocked
sharing:
  external sharing: Existing guests
  default link: Specific people
  default link permission: View
  links to people expire after: 90
  anyone links expire after: 30
permissions:
  owners: [migration.lead, service.desk]
  members: [engineer]
  visitors: ["group:All staff"]
  groups: [{name: Filing, description: They file., level: File and read, people: [records.manager]}]
  access: {members can share: no, members can invite: no, requests go to: Owners}
features: [Document ID service]
site columns: [Department]
libraries:
  - name: Case papers
    description: Of every case.
    versions: {major: 50, drafts: 5, drafts seen by: Editors}
    approval: no
    check out: no
    allow folders: yes
    searchable: yes
    content types: [Council document, Case file]
    default content type: Case file
    columns: [Department, Decision]
    retention label: Keep 6 years
    sensitivity label: OFFICIAL
    views:
      - name: To review
        columns shown: [Name, Review date]
        filter: Status is Open and Review date is before today
        sort by: Review date
        descending: yes
        group by: Status
        rows: 50
        is default: yes
        formatting: '{"hideSelection": true}'
    default values: {Status: Closed}
    folders: [2026/Minutes]
    permissions: {inherit: no, give: {Owners: Full Control, Filing: File and read}}
  - name: Plans
    versions: {major: 100, expire after: 365}
    content types: [Council document]
    columns shown: [Name, Status, Review date]
lists:
  - name: Decisions
    description: What was decided.
    versions: {major: 20}
    approval: no
    allow folders: no
    searchable: no
    columns: [Status, Review date]
    columns shown: [Title, Status]
files: [{library: Plans, folder: Forms to fill, from: assets/crest.png}]
quick launch:
  links:
    - {title: Case papers, to: library/Case papers}
    - {title: Help, links: [{title: Rota, to: "https://rota.example/now"}]}
hub: {member of: "{hub}"}
"""
_GROUP = """\
template: Group site
version: 1
kind: Programme
site: {type: Team site with Microsoft 365 group, title: The programme, description: Until spring., privacy: Private}
permissions: {owners: [migration.lead, service.desk], members: [engineer]}
team: {name: The programme, channels: [{name: Board, description: Of the board.}, {name: Inner, privacy: Private}]}
"""
_FILES = {
    "organisation.yaml": ORGANISATION,
    "templates/top.yaml": _TOP,
    "templates/hub.yaml": _HUB,
    "templates/team.yaml": _TEAM,
    "templates/group.yaml": _GROUP,
    "pages/about.yaml": "sections: [{columns: [[{heading: Welcome}, {text: What we do.}]]}]\n",
}
_CREST = b"\x89PNG\r\n\x1a\n" + bytes(40)


def write_full_sites(folder: Path, word: str) -> list[DesiredSite]:
    """The sites, whose addresses end in a word, in their order; the files stay in `folder`."""
    top, hub = f"/sites/d-{word}1", f"/sites/d-{word}2"
    sites = {
        "top": f"address: {top}\ntemplate: Top site\n",
        "hub": f"address: {hub}\ntemplate: Hub site\nanswers: {{top: {top}}}\n",
        "team": f"address: /sites/t-{word}\ntemplate: Full team site\nanswers: {{hub: {hub}}}\n",
        "group": f"address: /sites/g-{word}\ntemplate: Group site\n",
    }
    for name, text in {**_FILES, **{f"sites/{name}.yaml": text for name, text in sites.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "crest.png").write_bytes(_CREST)
    (folder / "assets" / "case.dotx").write_bytes(b"PK what a case begins as")
    return resolve(review(folder).catalogue)


def add_themes(tenant: Tenant) -> None:
    """The themes of the organisation."""
    for name, primary in (("Council green", "#00703c"), ("Council grey", "#505a5f")):
        palette = {"themePrimary": primary, "themeDark": "#002d18", "white": "#ffffff"}
        body = {"name": name, "themeJson": json.dumps({"palette": palette})}
        tenant.rest("POST", f"{tenant.settings.admin}/_api/ThemeManager/UpdateTenantTheme", body)
