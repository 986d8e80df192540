"""What is wrong with a catalogue, all of it at once: errors that stop a plan, and advice about the design."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.provision import catalogue as files
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.lint.design import design_problems
from spmigrate.provision.lint.rules import RULES, Finding
from spmigrate.provision.lint.sites import site_problems
from spmigrate.provision.lint.templates import template_problems
from spmigrate.provision.lint.vocabulary import vocabulary_problems

__all__ = ["RULES", "Finding", "Review", "errors", "review"]


@dataclass(frozen=True, slots=True)
class Review:
    """A catalogue that can be used, and what a designer should still think about."""

    catalogue: Catalogue
    advice: tuple[Problem, ...]


def review(folder: Path, *, today: Callable[[], date] = date.today) -> Review:
    """Read and check `site_templates/`. Raises InputError with every error in it."""
    catalogue = files.read(folder)
    problems = errors(catalogue)
    if problems:
        raise InputError(f"{folder} cannot be used", problems, hint="correct these, then run: spmigrate template lint")
    return Review(catalogue, tuple(design_problems(catalogue, today=today)))


def errors(catalogue: Catalogue) -> list[Problem]:
    """Everything that keeps a catalogue from being planned; later checks rest on earlier ones."""
    vocabulary = list(vocabulary_problems(catalogue))
    if vocabulary:
        return vocabulary
    return list(template_problems(catalogue)) or list(site_problems(catalogue))
