"""The description of the language: every key is in it, and every example works."""

import re
from collections.abc import Iterator
from pathlib import Path

from spmigrate.formats import yaml
from spmigrate.provision import catalogue, language
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import Organisation, PageSections, Sections, SiteFile, Template, Words
from spmigrate.provision.lint import review
from tests.conftest import ROOT
from tests.unit.provision.key_tables import HEADING, README, SECTIONS, tables


def models_of(module: object) -> set[type[Words]]:
    found = {each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Words)}
    return found - {Words, Sections}


def test_every_key_is_documented_in_its_section() -> None:
    shown = README.read_text("utf-8").split(HEADING)[1]
    assert shown == "\n".join(tables()) + "\n", "refresh it with: python -m tests.unit.provision.key_tables"


def test_every_part_of_the_language_has_a_section() -> None:
    assert models_of(language) == set(SECTIONS.values())


def test_every_key_explains_itself_in_a_sentence() -> None:
    for model in SECTIONS.values():
        for field in model.model_fields.values():
            assert field.description, f"{model.__name__}: {field.alias}"


def test_the_examples_of_the_readme_are_a_folder_without_errors_and_advice(tmp_path: Path) -> None:
    examples = re.findall(r"`([a-z/-]+\.yaml)`[^`]*:\n\n```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert len(examples) == README.read_text("utf-8").count("```yaml")
    for name, text in examples:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    found = review(tmp_path)
    assert (len(found.catalogue.templates), len(found.catalogue.sites), found.advice) == (3, 2, ())


def test_the_questions_of_the_shipped_templates_are_in_the_readme() -> None:
    table = README.read_text("utf-8").split("<!-- questions -->\n")[1].split("<!-- end -->")[0]
    assert table == "".join(f"{line}\n" for line in questions(catalogue.read(README.parent)))


def questions(shipped: Catalogue) -> Iterator[str]:
    """A table of what every template for sites asks."""
    yield from ("| template | when to use it | its questions |", "|---|---|---|")
    for name, template in shipped.by_name.items():
        whole = shipped.whole(name)
        if whole is not None and whole.kind is not None:
            asked = "<br>".join(
                f"`{each.name}`{'' if each.optional or each.default is not None else ' *'} ({each.answer}) {each.ask}"
                for each in whole.parameters
            )
            yield f"| {name} | {template.purpose} | {asked} |"


def test_every_shipped_file_is_read_by_the_models() -> None:
    for path in (ROOT / "site_templates").rglob("*.yaml"):
        models = {"templates": Template, "sites": SiteFile, "county": SiteFile, "pages": PageSections}
        assert yaml.read(path, models.get(path.parent.name, Organisation)), Path(path)
