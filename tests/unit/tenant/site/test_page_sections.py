"""Sections of pages: the digest is the same for what is said and for what SharePoint makes of it."""

import json
from html import escape
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.tenant.site import page_sections
from spmigrate.tenant.site.page_sections import Block, Section

_TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30)
_BLOCKS = st.one_of(
    st.builds(Block, heading=_TEXTS),
    st.builds(Block, text=_TEXTS),
    st.builds(Block, show=st.sampled_from(["News", "People", "Quick links", "Sites", "Events"])),
    st.builds(Block, show=st.just("Documents"), library=st.sampled_from(["Shared Documents", "Lists/Rota"])),
)
_COLUMN = st.lists(_BLOCKS, max_size=3).map(tuple)
_SECTIONS = st.lists(st.lists(_COLUMN, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)


def kept(controls: list[dict[str, Any]]) -> str:
    """A canvas as the HTML of a list item, with ids and zones of SharePoint's own."""
    pieces = []
    for control in controls:
        outer = {name: value for name, value in control.items() if name not in ("webPartData", "innerHTML")}
        outer["id"] = "of its own"
        if "position" in outer:
            outer["position"] = {**outer["position"], "zoneIndex": outer["position"]["zoneIndex"] * 0.5}
        inner = ""
        if "webPartData" in control:
            inner = f'<div data-sp-webpart="" data-sp-webpartdata="{escape(json.dumps(control["webPartData"]))}"></div>'
        elif "innerHTML" in control:
            inner = f'<div data-sp-rte="">{control["innerHTML"].replace("<p>", "<p class=x>")}</div>'
        data = escape(json.dumps(outer)).replace("{", "&#123;").replace("}", "&#125;")
        pieces.append(f'<div data-sp-canvascontrol="" data-sp-controldata="{data}">{inner}</div>')
    return f"<div>{''.join(pieces)}</div>"


@given(_SECTIONS)
def test_what_sharepoint_makes_of_a_page_has_the_digest_of_what_was_said(sections: tuple[Section, ...]) -> None:
    lists = dict.fromkeys(page_sections.libraries(sections), "5" * 8)
    controls = page_sections.build_canvas(sections, site="/sites/t-a", lists=lists)
    found = page_sections.read_canvas(kept(controls))
    assert page_sections.digest_of_canvas(found, site="/sites/t-a") == page_sections.digest(sections)
    assert page_sections.digest_of_canvas(list(reversed(found)), site="/sites/T-A") == page_sections.digest(sections)


@given(_SECTIONS)
def test_sections_are_written_and_read_back(sections: tuple[Section, ...]) -> None:
    assert page_sections.read_sections(page_sections.write_sections(sections)) == sections


def test_a_page_with_nothing_on_it_has_no_digest() -> None:
    assert page_sections.digest_of_canvas(page_sections.read_canvas(""), site="/sites/x") == ""
    assert page_sections.digest((((),),)) == ""


def test_words_widths_order_and_libraries_make_a_difference() -> None:
    one = Block(text="One")
    pages: list[tuple[Section, ...]] = [
        (((one,),),), (((Block(heading="One"),),),), (((Block(text="Two"),),),), (((one,), ()),), (((), (one,)),),
        (((one, Block(text="Two")),),), (((Block(text="Two"), one),),), (((one,),), ((Block(text="Two"),),)),
        (((Block(show="Documents", library="A"),),),), (((Block(show="Documents", library="B"),),),),
    ]  # fmt: skip
    assert len({page_sections.digest(each) for each in pages}) == len(pages)


def test_text_cannot_bring_markup_along() -> None:
    controls = page_sections.build_canvas((((Block(text="<script>a</script>"),),),), site="/sites/x", lists={})
    assert controls[0]["innerHTML"] == "<p>&lt;script&gt;a&lt;/script&gt;</p>"


def test_a_link_that_leads_elsewhere_is_another_text() -> None:
    words = [page_sections.read_words(f'<p>See <a href="{url}" class="x">it</a></p>') for url in ("/a", "/b", "/a")]
    assert words[0] == words[2] != words[1]
