"""Errors of `templates/*.yaml`: inheritance, and each template with what it inherits."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import Template
from spmigrate.provision.lint.libraries import library_problems
from spmigrate.provision.lint.links import link_problems
from spmigrate.provision.lint.questions import parameter_problems, question_problems
from spmigrate.provision.lint.removals import removal_problems
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.lint.sections import section_problems
from spmigrate.provision.lint.seeds import file_problems
from spmigrate.provision.lint.words import Checked
from spmigrate.provision.merge import chain
from spmigrate.provision.nearest import suggestion
from spmigrate.tenant.contents import name_key

LONGEST_CHAIN = 4


def template_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Every error in the templates."""
    wrong = [*_inheritance(catalogue)]
    yield from wrong
    if wrong:
        return
    for written in catalogue.templates:
        template = written.words
        whole = catalogue.whole(template.template)
        if whole is None:
            continue
        above = catalogue.whole(template.extends or "")
        checked = Checked(catalogue, written, template, whole, whole.parameters, above)
        yield from parameter_problems(written, whole)
        yield from sections_problems(checked)
        yield from _makes_sites(written, whole)


def sections_problems(checked: Checked) -> Iterator[Problem]:
    """Every error in the sections of a template or of an exception."""
    yield from question_problems(checked)
    yield from section_problems(checked)
    yield from file_problems(checked)
    yield from removal_problems(checked)
    yield from library_problems(checked)
    yield from link_problems(checked)


def _makes_sites(written: Written[Template], whole: Template) -> Iterator[Problem]:
    if written.words.kind is not None:
        for key, value in (("type", whole.site.type), ("title", whole.site.title)):
            if value is None:
                text = f"a template with a kind makes sites, so 'site' needs '{key}'"
                yield broken("TPL-17", written, ("site",), text)


def _inheritance(catalogue: Catalogue) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for written in catalogue.templates:
        template = written.words
        other = seen.setdefault(name_key(template.template), written.source.name)
        if other != written.source.name:
            yield broken("TPL-01", written, ("template",), f"'{template.template}' is also the name in {other}")
        if template.extends is None:
            continue
        if template.extends not in catalogue.by_name:
            hint = suggestion(template.extends, catalogue.by_name)
            yield broken("TPL-02", written, ("extends",), f"there is no template '{template.extends}'", hint)
            continue
        above = chain(template.template, catalogue.by_name)
        if above[0].extends in catalogue.by_name:
            yield broken("TPL-03", written, ("extends",), f"'{template.template}' extends itself, through others")
        elif len(above) > LONGEST_CHAIN:
            text = f"{len(above)} templates in a row; {LONGEST_CHAIN} is the most"
            yield broken("TPL-04", written, ("extends",), text)
