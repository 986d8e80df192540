"""Laws of the language, on folders drawn at random."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.formats import yaml
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.diff import compare
from spmigrate.provision.language import Organisation, SiteFile, Template, text
from spmigrate.provision.lint import errors
from spmigrate.provision.lint.design import design_problems
from spmigrate.provision.merge import merged
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.tenant.contents import Kind, Value
from tests.unit.provision.strategies import Entry, catalogues, removals, sections, written

few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(catalogues())
def test_what_is_drawn_has_no_errors_and_can_be_resolved(catalogue: Catalogue) -> None:
    assert errors(catalogue) == []
    list(design_problems(catalogue))
    for site in resolve(catalogue):
        assert not compare(site, site.contents).changes
        assert not {part.place for part in site.absent} & set(site.contents.parts)
        assert site.seeded <= set(site.contents.parts)


@few
@given(catalogues())
def test_every_file_is_the_same_after_it_is_written_and_read(catalogue: Catalogue) -> None:
    files: list[tuple[Written[Any], type[Any]]] = [(catalogue.organisation, Organisation)]
    files += [(each, Template) for each in catalogue.templates] + [(each, SiteFile) for each in catalogue.sites]
    for each, model in files:
        once = text(each.words)
        again = yaml.validate(yaml.Source(once, "again.yaml"), model)
        assert again == each.words
        assert text(again) == once


@st.composite
def chains(draw: st.DrawFn) -> list[Template]:
    """Three templates, each of which removes some of what the first says."""
    drawn = [draw(sections()) for _ in range(3)]
    base: Entry = {"libraries": [], "lists": [], **drawn[0]}
    return [
        written(Template, {"template": "T", "version": 1, **each, "remove": draw(removals(base))}, "t").words
        for each in drawn
    ]


@few
@given(chains())
def test_a_chain_may_be_merged_from_either_end(chain: list[Template]) -> None:
    one, two, three = chain
    left, right = merged(merged(one, two), three), merged(one, merged(two, three))
    assert left.model_dump(exclude={"remove"}) == right.model_dump(exclude={"remove"})
    assert {key: set(value) for key, value in left.remove.model_dump().items()} == {
        key: set(value) for key, value in right.remove.model_dump().items()
    }


def shuffled(draw: st.DrawFn, value: Any, key: str = "") -> Any:
    """A file's content with its lists in another order, but those whose order means something."""
    if isinstance(value, dict):
        return {name: shuffled(draw, below, name) for name, below in value.items()}
    if isinstance(value, list):
        items = [shuffled(draw, each, key) for each in value]
        return (
            items
            if key in ("columns shown", "choices", "links", "owners", "override")
            else draw(st.permutations(items))
        )
    return value


@few
@given(catalogues(), st.data())
def test_the_order_of_lists_means_nothing_where_it_says_nothing(catalogue: Catalogue, data: st.DataObject) -> None:
    def other(each: Written[Any]) -> Written[Any]:
        return data.draw(
            st.composite(lambda draw: written(type(each.words), shuffled(draw, each.source.value), "other"))()
        )

    shuffle = Catalogue.of(
        other(catalogue.organisation), map(other, catalogue.templates), map(other, catalogue.sites),
        pages=catalogue.pages, assets=catalogue.assets,
    )  # fmt: skip
    assert [meaning(site) for site in resolve(shuffle)] == [meaning(site) for site in resolve(catalogue)]


def meaning(site: DesiredSite) -> Any:
    """What a site says, its unordered lists sorted."""

    def plain(kind: Kind, name: str, value: Value) -> Value:
        ordered = name in ("columns shown", "choices") or (kind, name) == (Kind.SITE, "owner")
        return tuple(sorted(value)) if isinstance(value, tuple) and not ordered else value

    return {
        place: {name: plain(part.kind, name, value) for name, value in part.attributes.items()}
        for place, part in site.contents.parts.items()
    }, {part.place for part in site.absent}, site.seeded, site.exact_menus  # fmt: skip
