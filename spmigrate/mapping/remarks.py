"""What lint says: a remark at a column of a row, and the row with its answers that it looks at."""

from dataclasses import dataclass

from spmigrate.mapping.answers import Answers
from spmigrate.store.row_facts import FolderFacts


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about an answer. `blocks` says that the row cannot be signed before it is settled."""

    row_id: str
    key: str
    text: str
    hint: str | None = None
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row with what the scan says and what the owner wrote."""

    row_id: str
    facts: FolderFacts
    answers: Answers
