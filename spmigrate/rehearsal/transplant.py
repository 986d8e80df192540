"""Copying and moving items, and trees of them, within a library, across libraries and across sites.

`transplant` does it at once. A job that does a large tree in parts calls `begin`, then `advance` until no frame is
left, then `finish`; what is left to do is a few numbers that JSON can hold, however large the tree is.

A move keeps identity (the unique id) within a site collection; in another site collection the item is a new one and
the source goes to its own site's recycle bin, once everything has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from spmigrate.rehearsal.content import Blob, Conflict, Content, Item, Refusal, Version
from spmigrate.rehearsal.storage import fold
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.versioning import MAJOR

_PAGE = 200
# What belongs to a file's moment and not to its content.
_PASSING = frozenset({"CheckoutUser", "_Lock", "_CheckInComment", "_Shared"})
Frame = tuple[int, int, str, bool]
"""A folder whose children are being done: its row id, its counterpart's, the folded name of the last child done, and
whether the counterpart was there before."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How to transplant. `author` keeps who made it and when, `editor` who changed it last and when; what is not
    kept becomes `by` and now. A move keeps all of that, and the versions, whatever is said here. A file that is
    replaced gets a new version, or begins again with this one when it is done `anew`. Without `children` a folder goes
    empty."""

    by: str
    move: bool = False
    versions: bool = False
    author: bool = False
    editor: bool = False
    conflict: Conflict = Conflict.FAIL
    anew: bool = False
    children: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """A transplant under way: what it made, the folders still to do, and what has been done so far."""

    made: Item
    frames: tuple[Frame, ...] = ()
    files: int = 0
    folders: int = 0
    size: int = 0


def transplant(tenant: Tenant, source: Item, to: Item, *, name: str | None = None, manner: Manner) -> Item:
    """Copy or move an item with all that is below it into the folder `to`, under a name of its own when one is given.

    Raises `Refusal`: `nameAlreadyExists`, `cannotMoveIntoItself`, `notAFolder`, `invalidName`, `pathTooLong`,
    `resourceLocked`.
    """
    progress = begin(tenant, source, to, name=name, manner=manner)
    while progress.frames:
        progress = advance(tenant, progress, manner=manner, limit=_PAGE)
    finish(tenant, source, progress.made, manner=manner)
    return progress.made


def begin(tenant: Tenant, source: Item, to: Item, *, name: str | None = None, manner: Manner) -> Progress:
    """Do the item itself; the frames that are left are its children's."""
    content = tenant.content
    wanted = source.name if name is None else name
    if not to.folder:
        raise Refusal("notAFolder", "The destination is not a folder.")
    if source.folder and any(each.id == source.id for each in [to, *content.ancestors(to)]):
        raise Refusal("cannotMoveIntoItself", "A folder can't be moved or copied into itself.")
    if manner.move and source.list == to.list:
        return Progress(
            content.move(source, by=manner.by, parent=to, name=wanted, conflict=manner.conflict),
            files=1,
            size=source.size,
        )
    taken = content.child(to, wanted)
    if taken is not None and taken.id == source.id and manner.conflict is not Conflict.RENAME:
        raise Refusal("nameAlreadyExists", "The source and the destination are the same.")
    merged = source.folder and taken is not None and manner.conflict is Conflict.REPLACE
    made = _graft(tenant, source, to, wanted, manner)
    if not source.folder:
        return Progress(made, files=1, size=source.size)
    return Progress(made, ((source.id, made.id, "", merged),) if manner.children else (), folders=1)


def advance(tenant: Tenant, progress: Progress, *, manner: Manner, limit: int) -> Progress:
    """Do at most `limit` more items."""
    content = tenant.content
    stack = list(progress.frames)
    files, folders, size = progress.files, progress.folders, progress.size
    while stack and limit > 0:
        source_id, target_id, after, was_there = stack[-1]
        source, target = content.folder(source_id), content.folder(target_id)
        if source is None or target is None or target.bin:
            raise Refusal("itemNotFound", "The folder no longer exists.")
        children = content.children(source, after=after, limit=1)
        if not children:
            stack.pop()
            if manner.move and _same_site(tenant, source, target):
                _leave(content, source, target, was_there=was_there)
            continue
        child = children[0]
        stack[-1] = (source_id, target_id, fold(child.name), was_there)
        merged = child.folder and manner.conflict is Conflict.REPLACE and content.child(target, child.name) is not None
        made = _graft(tenant, child, target, child.name, manner)
        limit -= 1
        if child.folder:
            folders += 1
            stack.append((child.id, made.id, "", merged))
        else:
            files, size = files + 1, size + child.size
    # A folder that is done takes over what it was before, so that it is read again.
    made = content.item(progress.made.id) or progress.made
    return replace(progress, made=made, frames=tuple(stack), files=files, folders=folders, size=size)


def finish(tenant: Tenant, source: Item, made: Item, *, manner: Manner) -> None:
    """After the last item: what was moved to another site collection goes to the recycle bin where it was."""
    if manner.move and not _same_site(tenant, source, made):
        tenant.content.recycle(source)


def _graft(tenant: Tenant, source: Item, to: Item, name: str, manner: Manner) -> Item:
    content = tenant.content
    fields = {key: value for key, value in source.fields.items() if key not in _PASSING}
    stays = manner.move and _same_site(tenant, source, to)
    if manner.move:
        content.refuse_if_locked(source, manner.by)
    conflict = manner.conflict
    if conflict is Conflict.RENAME:
        name, conflict = _free_name(content, to, name, folder=source.folder), Conflict.FAIL
    taken = content.child(to, name)
    if source.folder:
        made = content.add_folder(to, name, by=manner.by, conflict=conflict, fields=fields)
        return made if taken is not None else content.implant(_as_kept(source, made, manner, stays=False))
    if not source.blob:
        made = content.add_item(to, by=manner.by, fields=fields)
        return _settle(content, source, made, manner, stays=stays)
    if taken is not None and conflict is Conflict.REPLACE and not taken.folder and manner.move:
        # What comes with its history takes the place of what is there; nothing of that is mixed in.
        content.recycle(taken)
        taken = None
    made = content.add_file(to, name, _blob(source), by=manner.by, conflict=conflict, fields=fields)
    if taken is not None:
        return _begin_again(content, source, made, manner) if manner.anew else made
    return _settle(content, source, made, manner, stays=stays)


def _free_name(content: Content, to: Item, name: str, *, folder: bool) -> str:
    """The name itself, or one that nothing has: a second `002.jpeg` becomes `0021.jpeg` (as a copy job was seen to
    name it)."""
    stem, dot, extension = name.rpartition(".")
    if folder or not dot or not stem:
        stem, dot, extension = name, "", ""
    number, wanted = 0, name
    while content.named(to.id, wanted):
        number += 1
        wanted = f"{stem}{number}{dot}{extension}"
    return wanted


def _begin_again(content: Content, source: Item, made: Item, manner: Manner) -> Item:
    """A file that was replaced keeps its identity and loses its history."""
    for version in content.versions(made):
        content.delete_version(made, version.number)
    if not manner.versions:
        return content.implant(replace(made, version=MAJOR))
    return content.implant(replace(made, version=source.version), content.versions(source))


def _settle(content: Content, source: Item, made: Item, manner: Manner, *, stays: bool) -> Item:
    history: list[Version] = []
    number = made.version
    if manner.move or manner.versions:
        history, number = content.versions(source), source.version
    if stays:
        content.purge(source)
    kept = _as_kept(source, made, manner, stays=stays)
    return content.implant(replace(kept, version=number), history)


def _as_kept(source: Item, made: Item, manner: Manner, *, stays: bool) -> Item:
    kept: dict[str, Any] = {}
    if manner.move or manner.author:
        kept |= {"author": source.author, "created": source.created}
    if manner.move or manner.editor:
        kept |= {"editor": source.editor, "modified": source.modified}
    if stays:
        kept["guid"] = source.guid
    return replace(made, **kept)


def _leave(content: Content, source: Item, target: Item, *, was_there: bool) -> None:
    """A folder that was moved within a site collection is gone from where it was; its counterpart is the same folder,
    unless it was merged into one that was there before."""
    content.purge(source)
    if not was_there:
        content.implant(replace(target, guid=source.guid, editor=source.editor, modified=source.modified))


def _same_site(tenant: Tenant, source: Item, other: Item) -> bool:
    if source.list == other.list:
        return True
    return tenant.content.site_of(source.list) == tenant.content.site_of(other.list)


def _blob(item: Item) -> Blob:
    return Blob(item.blob, item.size, item.hash)


def write_progress(progress: Progress) -> dict[str, Any]:
    """Progress as JSON can hold it."""
    return {
        "made": progress.made.id, "frames": [list(each) for each in progress.frames],
        "files": progress.files, "folders": progress.folders, "size": progress.size,
    }  # fmt: skip


def read_progress(tenant: Tenant, kept: Mapping[str, Any]) -> Progress:
    """What `write_progress` wrote; a `Refusal` when what was made is gone."""
    made = tenant.content.item(int(kept["made"]))
    if made is None:
        raise Refusal("itemNotFound", "What was copied no longer exists.")
    frames = tuple((int(one), int(two), str(after), bool(was)) for one, two, after, was in kept["frames"])
    return Progress(made, frames, int(kept["files"]), int(kept["folders"]), int(kept["size"]))
