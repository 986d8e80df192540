"""The objects of a package while its job runs, kept in the database so that no manifest is held in memory."""

from __future__ import annotations

import json
from typing import Any

from spmigrate.rehearsal.migration_package import Node, PackageObject, load_node
from spmigrate.rehearsal.storage import Store

PEOPLE = "people"
# Permissions are set when everything is there.
_LAST = ("DeploymentRoles", "DeploymentRoleAssignments")
_LAST_FROM = 1_000_000_000


class Rows:
    """The objects of one job."""

    def __init__(self, store: Store, job: int) -> None:
        self._db = store.db
        self._job = job

    def add(self, number: int, found: PackageObject) -> None:
        """Keep an object under a number; they are imported in that order."""
        place = number + (_LAST_FROM if found.kind in _LAST else 0)
        self._put(place, found.kind, found.id, found.document, found.node.dump())

    def keep_people(self, people: Any) -> None:
        """Keep the users and groups of the package."""
        self._put(0, PEOPLE, "", "", people)

    def people(self) -> Any:
        """The users and groups of the package."""
        row = self._db.execute("SELECT content FROM job_object WHERE job = ? AND number = 0", (self._job,)).fetchone()
        return json.loads(row[0]) if row else {}

    def after(self, number: int, limit: int) -> list[tuple[int, PackageObject]]:
        """The next objects after a number."""
        rows = self._db.execute(
            "SELECT number, kind, id, content FROM job_object WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
            (self._job, max(number, 0), limit),
        )
        return [(row[0], PackageObject(row[1], row[2], load_node(json.loads(row[3])))) for row in rows]

    def place(self, number: int, item: int) -> None:
        """Note which item an object has become."""
        self._db.execute("UPDATE job_object SET item = ? WHERE job = ? AND number = ?", (item, self._job, number))

    def item(self, identity: str) -> int:
        """The item that the object with an id has become; 0 when it has not."""
        row = self._db.execute(
            "SELECT item FROM job_object WHERE job = ? AND id = ? AND item > 0", (self._job, identity)
        ).fetchone()
        return int(row[0]) if row else 0

    def description(self, identity: str) -> Node | None:
        """The list item that describes a file."""
        row = self._db.execute(
            "SELECT content FROM job_object WHERE job = ? AND document = ? LIMIT 1", (self._job, identity)
        ).fetchone()
        return load_node(json.loads(row[0])) if row else None

    def _put(self, number: int, kind: str, identity: str, document: str, content: Any) -> None:
        self._db.execute(
            "INSERT INTO job_object(job, number, kind, id, document, content) VALUES(?,?,?,?,?,?)",
            (self._job, number, kind, identity, document, json.dumps(content, ensure_ascii=False)),
        )
