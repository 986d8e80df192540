"""However a file of another tool is damaged, it is carried over or refused, and what comes of it can be written."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.provision import drafting
from spmigrate.provision.carried import pnp, site_script
from spmigrate.provision.carried.draft import Draft
from tests.unit.provision.test_carried_pnp import CARRIED as ELEMENTS
from tests.unit.provision.test_carried_pnp import FILES, NAMESPACE, package, whole
from tests.unit.provision.test_carried_site_script import CARRIED as VERBS
from tests.unit.provision.test_carried_site_script import LISTED

WHOLE = (
    f'<p:Provisioning xmlns:p="{NAMESPACE}"><p:Templates><p:ProvisioningTemplate ID="T" DisplayName="Team">'
    + "".join(text for text, _ in ELEMENTS.values())
    + "</p:ProvisioningTemplate></p:Templates></p:Provisioning>"
)
PACKAGE = package({"letter.dotx": b"letter" * 9, "terms.docx": b"terms" * 9}, whole(FILES))
ACTIONS = [action for actions, _, _ in VERBS.values() for action in actions] + list(LISTED.values())
ODD = (
    "",
    "x" * 400,
    "-1",
    "999999999999",
    "{parameter:A}",
    "{site}",
    "{oops:b}",
    "é\u202e",
    "TRUE",
    "0x0101",
    "/",
    "\t",
)


def settle(draft: Draft, folder: Path) -> None:
    """What came of a file is listed and written, whatever it is."""
    assert all(each.reason for each in draft.left())
    if draft.templates:
        drafting.write(folder, None, vocabulary=draft.organisation, templates=draft.templates, assets=draft.assets)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 6))
def test_a_damaged_provisioning_file_is_carried_over_or_refused(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changes: int
) -> None:
    draw = random.Random(seed)
    text = WHOLE
    for _ in range(changes):
        parts = text.split('"')
        at = draw.randrange(len(parts))
        parts[at] = draw.choice((draw.choice(ODD), parts[draw.randrange(len(parts))], parts[at][::2]))
        text = '"'.join(parts)
    try:
        draft = pnp.read(text.encode("utf-8", "replace"), "team.xml")
    except InputError as error:
        assert error.problems
        return
    settle(draft, tmp_path_factory.mktemp("draft"))


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 6))
def test_a_damaged_package_is_carried_over_or_refused(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changes: int
) -> None:
    draw = random.Random(seed)
    data = bytearray(PACKAGE)
    for _ in range(changes):
        data[draw.randrange(2, len(data))] = draw.randrange(256)
    try:
        draft = pnp.read(bytes(data), "team.pnp")
    except InputError as error:
        assert error.problems
        return
    settle(draft, tmp_path_factory.mktemp("draft"))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_site_script_is_carried_over_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    actions = json.loads(json.dumps(data.draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=4))))
    for action in actions:
        for key in data.draw(st.lists(st.sampled_from(sorted(action)), max_size=2)):
            action[key] = data.draw(st.sampled_from([*ODD, None, 7, True, [], {}, [1], {"verb": "setTitle"}, [["a"]]]))
    try:
        draft = site_script.read(json.dumps({"actions": actions}).encode(), "script.json")
    except InputError as error:
        assert error.problems
        return
    settle(draft, tmp_path_factory.mktemp("draft"))
