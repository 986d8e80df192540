"""The registers of the sample council with everybody trained today, so that no test runs out of date."""

import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from spmigrate.mapping.rulebook import PartnerEntry, Rulebook
from spmigrate.registers.calendar import read_calendar
from spmigrate.registers.people import PeopleRegister, Person, Training
from spmigrate.registers.policy import SignoffPolicy
from spmigrate.registers.retention import read_schedule
from spmigrate.registers.training import read_training

SHIPPED = Path(__file__).parent.parent / "governance_rules"
_COPIED = ("policy.yaml", "training.yaml", "retention.yaml", "calendar.yaml", "partners.yaml", "sites.yaml")
_MODULES = ("O01", "O02", "C01", "C02", "C03", "G01")

OWNER = "Head of Highways Maintenance"
DEPUTY = "Asset Management Lead"
GOVERNANCE = "Information Governance Officer"
LEAD = "Migration lead"
ROLES = {
    "highways.maintenance.head": OWNER,
    "asset.management.lead": DEPUTY,
    "structures.lead": "Structures Lead",
    "information.governance": GOVERNANCE,
    "migration.lead": "SharePoint Migration Lead",
}


_training, _schedule, _calendar = cache(read_training), cache(read_schedule), cache(read_calendar)


def today() -> str:
    """The present day, as registers have it."""
    return f"{datetime.now(UTC):%Y-%m-%d}"


def person(id_: str, role: str, **more: object) -> Person:
    """Somebody who has taken every module, long ago enough for any test and today."""
    days = ("2020-01-01", "2026-01-15", today())
    taken = tuple(Training(module=module, completed=on) for module in _MODULES for on in days)
    values = {"id": id_, "role": role, "account": f"{id_}@council.example", "training": taken, **more}
    return Person.model_validate(values, by_name=True)


_EVERYBODY = {id_: person(id_, role) for id_, role in ROLES.items()}


def people(**roles: Person) -> PeopleRegister:
    """The register of the sample roles, some of them replaced or added by id with `_` for `.`."""
    others = {id_.replace("_", "."): each for id_, each in roles.items()}
    return PeopleRegister(version=1, people=list((_EVERYBODY | others).values()))


def rulebook(**changes: object) -> Rulebook:
    """The rules of the sample council, some of them replaced."""
    values: dict[str, object] = {
        "policy": SignoffPolicy(), "people": people(), "training": _training(SHIPPED),
        "schedule": _schedule(SHIPPED), "calendar": _calendar(SHIPPED),
        "partners": (PartnerEntry("P04", "District A", {"id": "P04", "state": "live"}),),
        "units": {"HWM": ("HT",), "HT": ()}, "templates": "team 1", "partners_version": "1", **changes,
    }  # fmt: skip
    return Rulebook(**values)  # type: ignore[arg-type]  # tests vary them


def write_registers(folder: Path) -> None:
    """The registers as files of a working folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        shutil.copy(SHIPPED / name, folder / name)
    lines = ["version: 1", "people:"]
    for id_, role in ROLES.items():
        lines += [f"  - id: {id_}", f"    role: {role}", f"    account: {id_}@contoso.onmicrosoft.com", "    training:"]
        lines += [f"      - {{module: {module}, completed: {today()}}}" for module in _MODULES]
    (folder / "people.yaml").write_text("\n".join(lines) + "\n")
