"""Running the examples that every rule carries: they prove that it fires when it must and is quiet when it must."""

from collections.abc import Iterable
from dataclasses import dataclass

from spmigrate.govern.evaluation import judge
from spmigrate.govern.rules import EXAMPLE_DAY, Example, Rule
from spmigrate.model import Fact, Result


@dataclass(frozen=True, slots=True)
class Trial:
    """One example of one rule, and what came of it."""

    rule: str
    where: str
    expected: str
    result: Result

    @property
    def good(self) -> bool:
        """Whether the rule did what its author said. Unknown is neither firing nor quiet."""
        if self.expected == "fires":
            return self.result is Result.FAIL
        return self.result in (Result.PASS, Result.NOT_APPLICABLE)


def try_examples(rules: Iterable[Rule]) -> list[Trial]:
    """Every example of every rule."""
    return [_try(rule, example) for rule in rules for example in rule.examples]


def _try(rule: Rule, example: Example) -> Trial:
    facts = {
        name: Fact(rule.subject, "the example", name, value, "example", EXAMPLE_DAY.isoformat())
        for name, value in example.facts.items()
    }
    result = judge(rule, "the example", facts, today=EXAMPLE_DAY).result
    return Trial(rule.id, example.where, "fires" if example.fires else "stays quiet", result)
