"""What a file of another tool holds, as a tree that knows which of its parts somebody has read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spmigrate.provision.carried.reasons import NO_WORD, REASONS


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not carried over: where it stands, and why."""

    line: int
    place: str
    reason: str


@dataclass(slots=True)
class Node:
    """An element of XML, or an action of a site script. What nobody asks for ends in `left`."""

    name: str
    place: str
    line: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""
    kind: str = ""
    _opened: bool = False
    _refused: str = ""
    _read: set[str] = field(default_factory=set)
    _trouble: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The value of an attribute, empty when it is absent; it counts as read."""
        self._read.add(name)
        return self.attributes.get(name, "")

    def flag(self, name: str) -> bool | None:
        """A true or false attribute; None when it is absent."""
        value = self.get(name).strip().casefold()
        return value in ("true", "1") if value else None

    def number(self, name: str) -> int | None:
        """A whole number; None when the attribute is absent. Anything else is left."""
        value = self.get(name).strip()
        if value.isdecimal():
            return int(value)
        if value:
            self.leave("it is no number", name)
        return None

    def content(self) -> str:
        """The text of the element; it counts as read."""
        self._read.add("")
        return self.text.strip()

    def open(self, *names: str) -> list["Node"]:
        """The children of these names, in order; they count as read, what is in them does not yet."""
        found = [child for child in self.children if child.name in names]
        for child in found:
            child.accept()
        return found

    def only(self, name: str) -> "Node | None":
        """The child of this name, if there is one."""
        return next(iter(self.open(name)), None)

    def inside(self, *names: str) -> list["Node"]:
        """The children at the end of a path of names: `inside("Fields", "Field")`."""
        found = [self]
        for name in names:
            found = [child for node in found for child in node.open(name)]
        return found

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, without reading it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def accept(self) -> None:
        """Somebody reads this node; what is in it is still to be read."""
        self._opened = True

    def reason(self) -> str:
        """Why something of this name is not carried over."""
        return self._reason(self.name)

    def understood(self, *names: str) -> None:
        """These attributes are ours to make anew, or say what goes without saying."""
        self._read.update(names)

    def understood_whole(self) -> None:
        """Everything in here is read."""
        self._opened = True
        self._read.update(("", *self.attributes))
        for child in self.children:
            child.understood_whole()

    def leave(self, reason: str, attribute: str = "") -> None:
        """This attribute, or the whole of it, is not carried over."""
        if attribute:
            self._trouble[attribute] = reason
        else:
            self._refused = reason

    def left(self) -> Iterator[Left]:
        """What of this node and everything below it was not carried over, in the order of the file."""
        if not self._opened or self._refused:
            yield Left(self.line, self.place, self._refused or self._reason(self.name))
            return
        for name, value in self.attributes.items():
            if name in self._trouble:
                yield Left(self.line, f"{self.place} {name}", self._trouble[name])
            elif name not in self._read and value.strip():
                yield Left(self.line, f"{self.place} {name}", self._reason(f"{self.name} {name}"))
        if self.text.strip() and "" not in self._read:
            yield Left(self.line, f"{self.place} text", NO_WORD)
        for child in self.children:
            yield from child.left()

    @staticmethod
    def _reason(name: str) -> str:
        return REASONS.get(name) or REASONS.get(name.rpartition(" ")[2], NO_WORD)
