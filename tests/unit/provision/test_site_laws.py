"""Laws of planning, undoing and exporting, on whole folders drawn at random."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.plan.apply import confirm
from spmigrate.plan.change import Change
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.diff import compare
from spmigrate.provision.drift import drifts
from spmigrate.provision.export import export
from spmigrate.provision.ownership import Ownership, owner_of
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.tenant.contents import Kind, Part, SiteContents
from tests.unit.provision.strategies import catalogues
from tests.unit.provision.world import write

few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def applied(site: DesiredSite, present: SiteContents | None, changes: tuple[Change, ...]) -> SiteContents | None:
    for change in changes:
        present = replace(write(present, change), address=site.address)
    return present


@few
@given(catalogues())
def test_applied_and_planned_again_nothing_is_to_be_done(catalogue: Catalogue) -> None:
    for site in resolve(catalogue):
        plan = compare(site, None)
        assert {change.place[1:] for change in plan.changes} == {
            (part.kind.value, part.key) for part in site.contents.parts.values()
        }
        there = applied(site, None, plan.changes)
        again = compare(site, there)
        assert (again.changes, again.notes) == ((), ())


@few
@given(catalogues(), st.data())
def test_killed_anywhere_the_plan_that_was_shown_still_holds(catalogue: Catalogue, data: st.DataObject) -> None:
    for site in resolve(catalogue):
        plan = compare(site, None)
        half = applied(site, None, plan.changes[: data.draw(st.integers(0, len(plan.changes)))])
        rest = compare(site, half)
        confirm(plan, site.address, rest.changes, rest.read.get(site.address))
        assert applied(site, half, rest.changes) == applied(site, None, plan.changes)


@few
@given(catalogues(), st.data())
def test_drift_injected_into_any_attribute_is_found_and_named(catalogue: Catalogue, data: st.DataObject) -> None:
    for site in resolve(catalogue):
        recorded = {(part.kind.value, part.key): part.attributes for part in site.contents.parts.values()}
        owned = [
            (part, name)
            for part in site.contents.parts.values()
            for name, value in part.attributes.items()
            if owner_of(part, name, site.seeded) is Ownership.OWNED and not isinstance(value, tuple)
        ]
        if not owned:
            continue
        part, name = data.draw(st.sampled_from(owned))
        moved = Part(part.kind, part.key, part.label, {**part.attributes, name: "somebody's own"})
        there = SiteContents.of(site.address, [*site.contents.parts.values(), moved])
        found = [each for each in drifts(compare(site, there, recorded)) if each.counts]
        assert [(each.subject, each.attribute, each.present) for each in found] == [
            (part.subject, name, "somebody's own"),
        ]  # fmt: skip


@few
@given(catalogues())
def test_exported_and_planned_again_nothing_is_to_be_done(catalogue: Catalogue) -> None:
    for site in resolve(catalogue):
        url = f"https://contoso.sharepoint.com{site.address}"
        found = export(catalogue, SiteContents.of(site.address, site.contents.parts.values(), url=url), template="It")
        assert found.plan.changes == ()
        assert not any("vocabulary" in each.why for each in found.left)
        told = "\n".join(found.files.values())
        names = [part.label for part in site.contents.parts.values() if part.kind in (Kind.LIBRARY, Kind.LIST)]
        assert [name for name in names if name not in told] == []
