"""Reading rules: what officers get wrong, and what they are told."""

from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.govern import examples, rules

SHIPPED = Path(__file__).parents[3] / "governance_rules"

RULE = """\
version: 1
area: sharing
rules:
  - id: SHR-03
    version: 1
    title: No site lets anyone in
    why: Links are passed on.
    severity: high
    subject: site
    require:
      sharing: {at most: new and existing guests}
    message: "{title} lets anyone in."
    remedy: Lower it.
    examples:
      must fire:
        - {sharing: anyone}
      must stay quiet:
        - {sharing: existing guests}
"""


def load(folder: Path, text: str) -> list[rules.Rule]:
    (folder / "rules").mkdir()
    (folder / "rules" / "sharing.yaml").write_text(text)
    return rules.load(folder)


def complaint(folder: Path, text: str) -> str:
    """Everything that is said about the file, without the folder's name."""
    with pytest.raises(InputError) as caught:
        load(folder, text)
    return "\n".join(map(str, caught.value.problems)).replace(str(folder / "rules"), "").lstrip("/")


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("sharing: {at most", "shareing: {at most",
         "sharing.yaml:11:7: 'shareing' is not a fact about a site (did you mean 'sharing'?)"),
        ("sharing: {at most", "last sign-in: {at most",
         "sharing.yaml:11:7: 'last sign-in' is not a fact about a site (it is known about a guest)"),
        ("at most: new and existing guests", "atmost: anyone",
         "sharing.yaml:11:17: 'atmost' is not a comparison (did you mean 'at most'?)"),
        ("at most: new and existing guests", "before: today",
         "sharing.yaml:11:17: 'before' makes no sense for 'sharing', a level (use: is, is not, is one of, at least"),
        ("at most: new and existing guests", "at most: 2",
         "sharing.yaml:11:17: '2' is not a value of 'sharing' (one of: only people in the council"),
        ("at most: new and existing guests", "at most: new and existing guest",
         "did you mean 'new and existing guests'?"),
        ("sharing: {at most: new and existing guests}", "working owners: {at least: two}",
         "sharing.yaml:11:24: expected a whole number, not 'two'"),
        ("sharing: {at most: new and existing guests}", "review by: {after: soon}",
         "sharing.yaml:11:19: 'soon' is not a day (write today, in 30 days"),
        ("sharing: {at most: new and existing guests}", "review by: {is: 2026-04-30}",
         "a day can only be 'none' here"),
        ("sharing: {at most: new and existing guests}", "custom script allowed: {is: maybe}",
         "expected yes or no, not 'maybe'"),
        ("sharing: {at most: new and existing guests}", "any of: {sharing: {is: anyone}}",
         "sharing.yaml:11:7: 'any of' needs a list of conditions"),
        ("sharing: {at most: new and existing guests}", "sharing: anyone",
         "sharing.yaml:11:7: 'sharing' needs a comparison (such as 'sharing: {is: only people in the council}')"),
        ("sharing: {at most: new and existing guests}", "review by: {after: in 99999999999 days}",
         "sharing.yaml:11:19: 99999999999 days are more than a hundred years (36500 days are the most)"),
        ("sharing: {at most: new and existing guests}", "review by: {within days: 800000}",
         "sharing.yaml:11:19: 800000 days are more than a hundred years (36500 days are the most)"),
        ("sharing: {at most: new and existing guests}", "review by: {after: 2027-W01-1}",
         "sharing.yaml:11:19: '2027-W01-1' is not a day"),
        ("sharing: {at most: new and existing guests}", "title: {is one of: [none, x]}",
         "sharing.yaml:11:15: 'none' cannot stand in a list (use 'any of' with 'title: {is: none}')"),
        ("{title} lets", "{titel} lets", "sharing.yaml:12:5: {titel} is not a fact about a site (or write {subject})"),
        ("{sharing: anyone}", "{sharing: 3}", "sharing.yaml:16:12: '3' is not a value of 'sharing'"),
        ("severity: high", "severity: hihg", "sharing.yaml:8:5: rules.0.severity: 'hihg' is not one of"),
        ("remedy: Lower it.", "remedie: Lower it.", "sharing.yaml:13:5: unknown key 'remedie' (did you mean"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_where_it_stands(tmp_path: Path, wrong: str, right: str, said: str) -> None:
    assert wrong in RULE
    assert said in complaint(tmp_path, RULE.replace(wrong, right))


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("area: sharing\n", "'area' is missing (one of: tenant, sharing, ownership,"),
        ("    severity: high\n", "'severity' is missing (one of: critical, high, medium, low, info)"),
        ("    subject: site\n", "'subject' is missing (one of: tenant, site, library,"),
    ],
)
def test_what_is_missing_is_told_with_its_choices(tmp_path: Path, without: str, said: str) -> None:
    assert without in RULE
    assert said in complaint(tmp_path, RULE.replace(without, ""))


def test_an_empty_file_is_told_the_areas(tmp_path: Path) -> None:
    assert "'area' is missing (one of: tenant," in complaint(tmp_path, "")


def test_all_mistakes_are_shown_together(tmp_path: Path) -> None:
    text = RULE.replace("sharing: {at most", "shareing: {at most").replace("{sharing: anyone}", "{sharing: 3}")
    assert len(complaint(tmp_path, text).splitlines()) == 2


@pytest.mark.parametrize("place", ["guests.yml", "guests.YAML", "council/guests.yaml"])
def test_a_file_that_would_not_be_read_is_refused(tmp_path: Path, place: str) -> None:
    file = tmp_path / "rules" / place
    file.parent.mkdir(parents=True)
    file.write_text(RULE)
    (tmp_path / "rules" / "sharing.yaml").write_text(RULE)
    with pytest.raises(InputError) as caught:
        rules.load(tmp_path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{file}: is not read")


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    entry = RULE[RULE.index("  - id") :]
    assert complaint(tmp_path, RULE + entry).count("SHR-03 stands in more than one place") == 2


def test_an_example_that_does_not_do_what_it_says_is_found(tmp_path: Path) -> None:
    loaded = load(tmp_path, RULE.replace("{sharing: existing guests}", "{sharing: anyone}"))
    assert [trial.good for trial in examples.try_examples(loaded)] == [True, False]


def test_an_example_without_the_facts_is_not_quiet(tmp_path: Path) -> None:
    loaded = load(tmp_path, RULE.replace("{sharing: existing guests}", "{title: A}"))
    assert [trial.good for trial in examples.try_examples(loaded)] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sharing: {is: anyone}", "shareing: {is: anyone}", "'shareing' is not a fact about a site"),
        ("say: Anybody", "say: '{titel}'", "{titel} is not a fact about a site (or write {subject})"),
        ("say: Anybody", "sya: Anybody", "unknown key 'sya' (did you mean 'say'?)"),
    ],
)
def test_other_messages_are_read_as_strictly(tmp_path: Path, old: str, new: str, said: str) -> None:
    others = "    other messages:\n      - {when: {sharing: {is: anyone}}, say: Anybody}\n    remedy: Lower it.\n"
    text = RULE.replace("    remedy: Lower it.\n", others)
    assert old in text
    assert said in complaint(tmp_path, text.replace(old, new))


def test_every_shipped_example_holds() -> None:
    trials = examples.try_examples(rules.load(SHIPPED))
    assert [trial for trial in trials if not trial.good] == []


def test_the_shipped_rules_keep_federation_apart() -> None:
    shipped = rules.load(SHIPPED)
    federation = [rule for rule in shipped if rule.area is rules.Area.FEDERATION]
    assert {rule.id[:3] for rule in federation} == {"FED"}
    assert len(federation) >= 3
    assert len(shipped) - len(federation) >= 10
