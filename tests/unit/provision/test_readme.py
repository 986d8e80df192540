"""The description of the language: every key is in it, and every example works."""

import re
from pathlib import Path
from typing import TypeVar

import pytest

from spmigrate.formats import yaml
from spmigrate.provision import language
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import Organisation, SiteFile, Template, Words
from spmigrate.provision.lint import errors
from tests.conftest import ROOT

W = TypeVar("W", bound=Words)
README = ROOT / "site_templates" / "README.md"
SECTIONS: dict[str, type[Words]] = {
    "`organisation.yaml`": language.Organisation,
    "`naming`": language.Naming,
    "one of `site columns`": language.SiteColumn,
    "one of `content types`": language.ContentType,
    "`templates/*.yaml`": language.Template,
    "one of `parameters`": language.Parameter,
    "`site`": language.SiteSection,
    "`sharing`": language.Sharing,
    "`permissions`": language.Permissions,
    "one of `libraries`": language.Library,
    "`versions`": language.Versions,
    "`quick launch`": language.QuickLaunch,
    "one of `links`": language.Link,
    "`hub`": language.Hub,
    "`remove`": language.Remove,
    "`sites/*.yaml`": language.SiteFile,
}
HUB = "template: Hub site\nextends: Base site\nversion: 1\nkind: Directorate\nsite: {type: Communication site}\n"
HUB_SITE = "address: /sites/d-h7k2m\ntemplate: Hub site\nanswers: {title: Highways, owners: [one, two]}\n"


def rows(model: type[Words]) -> list[str]:
    """The table rows of the README for a part of the language."""
    return [
        f"| `{field.alias}` | {' '.join(str(field.description).split())} |" for field in model.model_fields.values()
    ]


def models_of(module: object) -> set[type[Words]]:
    found = {each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Words)}
    return found - {Words}


@pytest.mark.parametrize(("title", "model"), SECTIONS.items())
def test_every_key_is_documented_in_its_section(title: str, model: type[Words]) -> None:
    section = README.read_text("utf-8").split(f"\n### {title}\n", 1)[1].split("\n### ", 1)[0]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows(model)


def test_every_part_of_the_language_has_a_section() -> None:
    assert models_of(language) == set(SECTIONS.values())


def test_every_key_explains_itself_in_a_sentence() -> None:
    for model in SECTIONS.values():
        for field in model.model_fields.values():
            assert field.description, f"{model.__name__}: {field.alias}"


def test_the_examples_of_the_readme_make_one_catalogue_without_errors() -> None:
    examples = re.findall(r"```yaml\n# (\w+)\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert [kind for kind, _ in examples] == ["organisation", "template", "template", "site"]
    (organisation,) = [written(text, Organisation) for kind, text in examples if kind == "organisation"]
    templates = [written(text, Template) for kind, text in examples if kind == "template"]
    sites = [written(text, SiteFile) for kind, text in examples if kind == "site"]
    hub = written(HUB + "hub: {is a hub: yes}\n", Template)
    whole = Catalogue.of(organisation, [*templates, hub], [*sites, written(HUB_SITE, SiteFile)])
    assert [str(problem) for problem in errors(whole)] == []


def test_every_shipped_file_is_read_by_the_models() -> None:
    for path in (ROOT / "site_templates").rglob("*.yaml"):
        models = {"templates": Template, "sites": SiteFile}
        assert yaml.read(path, models.get(path.parent.name, Organisation)), Path(path)


def written(text: str, model: type[W]) -> Written[W]:
    source = yaml.Source(text, f"{model.__name__} {len(text)}")
    return Written(yaml.validate(source, model), source)
