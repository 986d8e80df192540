"""The columns of `Your folders`: their order, their headings, and who fills them."""

from dataclasses import dataclass
from enum import StrEnum

TAB = "Your folders"
LONGEST_NOTE = 500


class Part(StrEnum):
    """Who fills a column."""

    TOOL = "tool"
    OWNER = "owner"
    PREFILLED = "pre-filled"
    GOVERNANCE = "information governance"
    LEAD = "migration lead"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: `key` is its name in code, `choices` the list that it draws from, `strict` whether only from it."""

    key: str
    heading: str
    part: Part
    width: int
    choices: str | None = None
    strict: bool = True
    longest: int | None = None
    prompt: str = ""

    @property
    def locked(self) -> bool:
        """Whether the workbook protects it against accidents."""
        return self.part in (Part.TOOL, Part.LEAD)


COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("row_id", "Row ID", Part.TOOL, 13),
    SheetColumn("name", "What your team calls it", Part.TOOL, 34),
    SheetColumn("files", "Files", Part.TOOL, 9),
    SheetColumn("size", "Size", Part.TOOL, 11),
    SheetColumn("changed", "Last changed", Part.TOOL, 18),
    SheetColumn("know", "Things to know", Part.TOOL, 38),
    SheetColumn("decision", "Decision", Part.OWNER, 22, "Decision", prompt="What should happen to this folder?"),
    SheetColumn("home", "New home", Part.OWNER, 34, "New home", prompt="Which library should it move to?"),
    SheetColumn("subject", "What is it about", Part.OWNER, 26, "What is it about",
                prompt="The kind of business that this folder serves. It decides how long it is kept."),
    SheetColumn("keep", "Keep rule", Part.PREFILLED, 28, "Keep rule",
                prompt="Filled for you. Choose Query if it looks wrong, and information governance will ask you."),
    SheetColumn("sensitive", "Sensitive?", Part.OWNER, 22, "Sensitive?",
                prompt="Does it hold details about people? If you are not sure, say so."),
    SheetColumn("marking", "Marking", Part.PREFILLED, 26, "Marking",
                prompt="Follows from Sensitive? when left empty. You can raise it, not lower it."),
    SheetColumn("who", "Who should see it", Part.OWNER, 18, "Who should see it",
                prompt="Who should be able to open it in its new home?"),
    SheetColumn("group", "Group or partner", Part.OWNER, 22, "Group or partner", strict=False,
                prompt="The name of the group or partner, if you chose one in the column before."),
    SheetColumn("used_with", "Used with other files?", Part.OWNER, 20, "Used with other files?",
                prompt="Do other files depend on these being where they are?"),
    SheetColumn("avoid", "Avoid these dates", Part.OWNER, 20, prompt="For example: 1 to 5 April 2027, 31 May 2027."),
    SheetColumn("notes", "Notes", Part.OWNER, 34, longest=LONGEST_NOTE, prompt="No names of service users, please."),
    SheetColumn("ig_view", "IG view", Part.GOVERNANCE, 14, "IG view", prompt="For information governance."),
    SheetColumn("hold", "Hold", Part.GOVERNANCE, 16, prompt="For information governance: reference of a hold."),
    SheetColumn("source", "Source path (technical)", Part.TOOL, 34),
    SheetColumn("target", "Target URL (technical)", Part.TOOL, 34),
    SheetColumn("remediation", "Remediation", Part.TOOL, 22),
    SheetColumn("wave", "Wave", Part.LEAD, 10),
    SheetColumn("check", "Row check", Part.TOOL, 20),
)  # fmt: skip
"""All columns, in the order of the sheet."""

HEADING = {column.key: column.heading for column in COLUMNS}
ANSWER_KEYS = tuple(column.key for column in COLUMNS if not column.locked)
