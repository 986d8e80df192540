"""Rows as tasks of Microsoft's migration tools, and tasks of theirs as drafts. Answers and signatures never travel."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spmigrate.errors import Problem, UsageProblem
from spmigrate.formats.task_lists import Task
from spmigrate.mapping.draft import UNOWNED, Draft, DraftRow, sheets_of
from spmigrate.mapping.draft_check import overlaps
from spmigrate.mapping.lists import Choices, nearest
from spmigrate.model import Decision, Destination
from spmigrate.store import inventory, mappings, row_place, signoffs
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import join
from spmigrate.store.mappings import MappedRow
from spmigrate.store.row_facts import TREE
from spmigrate.words import folded

_DEFAULT_ADDRESS = "Shared Documents"
_DEFAULT_NAME = "Documents"


@dataclass(frozen=True, slots=True)
class Exported:
    """Rows as tasks, and those that these tools cannot do, each with the reason."""

    tasks: tuple[Task, ...]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class Imported:
    """What a list of tasks became: a draft for each source, and what somebody should look at."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def export(ledger: Ledger, source: Source, choices: Choices, *, host: str, unsigned: bool) -> Exported:
    """The rows of a source that move, as tasks; with `unsigned` those too that nobody has signed, for planning."""
    sheets = [each.id for each in mappings.sheets_of_source(ledger, source.id)]
    stands = signoffs.signed_rows(ledger, sheets, homes=choices.destinations, percent=choices.growth_percent)
    signed = {row.row_id for row in stands}
    tasks, left_out = [], []
    for row in (row for each in sheets for row in mappings.rows(ledger, each)):
        decision, home = row.meaning.get("decision"), mappings.destination(row)
        if not row.position or home is None or decision not in [str(each) for each in Decision if each.moves]:
            continue
        if row.row_id not in signed and not unsigned:
            left_out.append(f"{row.row_id} {row.path}: nobody has signed it")
        elif row.scope != TREE:
            text = "these are the files beside its folders, and the tools always take the folders too"
            left_out.append(f"{row.row_id} {row.path or 'files in no folder'}: {text}")
        else:
            tasks.append(_task(ledger, source, row, home, host))
    return Exported(tuple(tasks), tuple(left_out))


def _task(ledger: Ledger, source: Source, row: MappedRow, home: Destination, host: str) -> Task:
    name = row.path.rpartition("/")[2]
    if row.meaning.get("decision") == Decision.MOVE_AND_TIDY:
        name = row_place.tidied_names(ledger, [row.folder_id]).get(row.folder_id, name)
    folder = join(row_place.above(ledger, [row.folder_id])[row.folder_id], name)
    return Task(source_path(source.root, row.path), f"{host.rstrip('/')}{home.site}", library_name(home), folder)


def source_path(root: str, path: str) -> str:
    r"""A folder as Microsoft's tools name it: a share as `\\server\share\folder`, a local one as it is."""
    if root.startswith("smb://"):
        return "\\\\" + "\\".join(part for part in f"{root.removeprefix('smb://')}/{path}".split("/") if part)
    return "/".join(part for part in (root.rstrip("/"), path) if part)


def library_name(home: Destination) -> str:
    """A library by the name that people see; the first library of a site is written `Documents`."""
    return _DEFAULT_NAME if home.library == _DEFAULT_ADDRESS else home.label.rpartition(" > ")[2] or home.library


def drafts(ledger: Ledger, tasks: Sequence[Task], choices: Choices, folders: Mapping[int, Iterable[str]]) -> Imported:
    """Tasks as drafts of the sources that they lie in. `folders` are the paths of each source's folders.

    Rows that no task speaks of are missing: drafting again adds them. Owners are not known.
    """
    made = Imported()
    by_source: dict[int, list[DraftRow]] = {}
    sources = {each.id: each for each in inventory.sources(ledger)}
    if not sources:
        raise UsageProblem("no source has been scanned", hint="spmigrate scan run FOLDER")
    known = {source_id: {folded(path): path for path in paths} for source_id, paths in folders.items()}
    for task in tasks:
        found = _source_of(task, sources.values())
        if found is None:
            root = nearest(task.source, [source_path(each.root, "") for each in sources.values()])
            advice = f"the nearest is {root}" if root else "scan it first: spmigrate scan run"
            made.problems.append(Problem(task.where, f"'{task.source}' is in no scanned source", advice))
            continue
        source, below = found
        path = known[source.id].get(folded(below))
        if path is None:
            near = nearest(below, [each for each in known[source.id].values() if each])
            hint = f"did you mean '{near}'?" if near else None
            made.problems.append(Problem(task.where, f"the last scan of {source.name} has no folder '{below}'", hint))
            continue
        home = _home(task, choices, made)
        if home is not None:
            _note_folder(task, path, made)
        by_source.setdefault(source.id, []).append(
            DraftRow(folder=path or ".", home=home.label if home else "", why=(f"Imported from {task.where}",))
        )
    _check_overlaps(by_source, made)
    for source_id, rows in by_source.items():
        source = sources[source_id]
        sheets = sheets_of([(UNOWNED, "", rows)])
        made.drafts.append(Draft(source=source.name, scan=source.scan_id, sheets=sheets))
    return made


def _source_of(task: Task, sources: Iterable[Source]) -> tuple[Source, str] | None:
    """The source that a task's folder lies in, and the folder's path below its root; the deepest root wins."""
    wanted = _plain(task.source)
    found: list[tuple[int, Source, str]] = []
    for source in sources:
        root = _plain(source_path(source.root, ""))
        if wanted == root or wanted.startswith(root + "/"):
            below = task.source.replace("\\", "/").rstrip("/")[len(root) :].strip("/")
            found.append((len(root), source, below))
    return max(found, key=lambda each: each[0])[1:] if found else None


def _plain(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").casefold()


def _home(task: Task, choices: Choices, made: Imported) -> Destination | None:
    site = next(_sites(task.web), "")
    libraries = [each for each in choices.destinations if each.site.casefold() == site.casefold()]
    if not libraries:
        near = nearest(site, sorted({each.site for each in choices.destinations}))
        advice = f"did you mean '{near}'?" if near else "spmigrate site new"
        made.notes.append(Problem(task.where, f"'{task.web}' is no approved site: the home stays empty", advice))
        return None
    wanted = folded(task.library)
    for each in libraries:
        if wanted in (folded(each.library), folded(library_name(each)), folded(each.label.rpartition(" > ")[2])):
            return each
    near = nearest(task.library, [library_name(each) for each in libraries])
    hint = f"did you mean '{near}'?" if near else None
    made.notes.append(Problem(task.where, f"{site} has no library '{task.library}': the home stays empty", hint))
    return None


def _sites(web: str) -> Iterator[str]:
    """The address of a site below its tenant: `/sites/t-a3w9c`."""
    rest = web.partition("://")[2] or web
    place = rest[rest.find("/") :] if "/" in rest else ""
    if place.strip("/"):
        yield place.rstrip("/")


def _note_folder(task: Task, path: str, made: Imported) -> None:
    """Rows keep the folders around them: another folder in the library cannot be had."""
    if folded(task.folder.replace("\\", "/").strip("/")) != folded(path):
        text = f"goes to the folder '{path}' of the library, not to '{task.folder or 'its top'}'"
        made.notes.append(Problem(task.where, text))


def _check_overlaps(by_source: Mapping[int, Sequence[DraftRow]], made: Imported) -> None:
    for rows in by_source.values():
        where = {row.key: row.why[0].removeprefix("Imported from ") for row in rows}
        for inner, outer in overlaps([row.key for row in rows]):
            text = f"'{inner[0]}' lies in '{outer[0] or 'the whole source'}' of {where[outer]}"
            made.problems.append(Problem(where[inner], text, "take one of them away"))
