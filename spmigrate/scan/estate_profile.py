"""What the shares of an estate look like, as data: how much, how large, how old, how deep, how often twice."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cached_property
from math import exp
from pathlib import Path
from typing import Annotated

from pydantic import Field

from spmigrate.errors import UsageProblem
from spmigrate.formats import yaml

SHIPPED = Path(__file__).with_name("estate.yaml")

Part = Annotated[float, Field(ge=0, le=1)]
"""A part of all: 0.02 is two in a hundred."""
Some = Annotated[float, Field(ge=0)]
Names = Annotated[tuple[Annotated[str, yaml.Form(r"[^/\x00-\x1f]{1,60}", "a name of 1 to 60 characters")], ...],
                  Field(min_length=1)]  # fmt: skip


class Size(yaml.Described):
    """A part of the mixture of sizes: lognormal, around `median` bytes."""

    weight: Some
    median: Annotated[float, Field(gt=0)]
    sigma: Annotated[float, Field(ge=0, le=3)]


class Age(yaml.Described):
    """So many of the files were changed between so many years ago."""

    weight: Some
    from_: Some
    to: Some


class Depth(yaml.Described):
    """How deep files lie."""

    mean: Annotated[float, Field(ge=2, le=20)]
    most: Annotated[int, Field(ge=2, le=40)]


class Share(yaml.Described):
    """One share. What it leaves out is as the estate has it."""

    name: Annotated[str, yaml.Form(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,40}", "a name of letters, digits and _ . -")]
    terabytes: Annotated[float, Field(gt=0)]
    million_files: Annotated[float, Field(gt=0)]
    types: Mapping[str, Some] = {}
    top: Names
    subjects: Names
    sensitive_names: Part | None = None
    external_links: Part | None = None

    @property
    def mean_size(self) -> float:
        """Bytes of a file on average, in the full estate."""
        return self.terabytes * 1e6 / self.million_files


class Profile(yaml.Described):
    """A whole estate."""

    version: Annotated[int, Field(ge=1, le=1)]
    newest: yaml.Day
    sizes: Annotated[tuple[Size, ...], Field(min_length=1)]
    ages: Annotated[tuple[Age, ...], Field(min_length=1)]
    depth: Depth
    folders_per_file: Annotated[float, Field(gt=0, le=1)]
    empty_folders: Part
    separate_folders: Part
    links: Part
    duplicates: Part
    duplicates_across_shares: Part
    zero_bytes: Part
    offline: Part
    too_long_paths: Part
    password_protected: Part
    external_links: Part
    macros: Part
    sensitive_names: Part
    beyond_a_folder: Mapping[str, Part] = {}
    types: Mapping[str, Some]
    folders: Names
    documents: Names
    sensitive: Names
    shares: Annotated[tuple[Share, ...], Field(min_length=1)]

    def share(self, name: str) -> Share:
        """The share of this name, in any case. Raises UsageProblem."""
        found = next((each for each in self.shares if each.name.lower() == name.lower()), None)
        if found is None:
            known = ", ".join(each.name for each in self.shares)
            raise UsageProblem(f"the profile has no share '{name}'", hint=f"it has: {known}")
        return found

    @cached_property
    def last_moment(self) -> int:
        """The newest modified time, in seconds since 1970: fixed, so that a seed always gives the same estate."""
        return int(datetime.combine(date.fromisoformat(str(self.newest)), time(17), UTC).timestamp())

    @cached_property
    def mean_size(self) -> float:
        """Bytes of a file on average as the mixture of sizes has it."""
        whole = sum(part.weight for part in self.sizes)
        return sum(part.weight * part.median * exp(part.sigma**2 / 2) for part in self.sizes) / whole

    @cached_property
    def mean_of_shares(self) -> float:
        """Bytes of a file on average over all shares."""
        return sum(each.terabytes for each in self.shares) * 1e6 / sum(each.million_files for each in self.shares)

    def types_of(self, share: Share) -> tuple[Sequence[str], Sequence[float]]:
        """Kinds of files of a share, and how many of each."""
        mixed = {**self.types, **share.types}
        return list(mixed), list(mixed.values())


def read(path: Path | None = None) -> Profile:
    """The profile in this file, or the shipped one. Raises InputError."""
    return yaml.read(path or SHIPPED, Profile)
