"""The gate alone: every line of the table of what voids a signature, on values."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.mapping import references
from spmigrate.mapping.gate import GateRow, Turn, Verdict, verdicts, why_countersigned
from spmigrate.mapping.rulebook import PartnerEntry, Rulebook
from spmigrate.mapping.states import State, reached
from spmigrate.model import Destination
from spmigrate.registers.policy import SignoffPolicy
from spmigrate.store import row_sample
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_identity import RowIdentity
from spmigrate.store.signoffs import Act, RowAct, SignoffEntry
from tests.registers import GOVERNANCE, LEAD, OWNER, people, person, rulebook

SIGNED_ON = "2026-03-02T09:00:00Z"
TODAY = date(2026, 3, 10)
HOME = Destination("/sites/t-s6p2x", "Shared Documents", "Structures > Documents")
MEANING = {
    "decision": "Move", "home": {"site": HOME.site, "library": HOME.library}, "subject": "Transport", "who": "Function",
    "keep": "RL-FI01 FY+6", "sensitive": "No", "marking": "OFFICIAL", "group": "", "hold": "", "ig_view": "",
    "used_with": "No",
}  # fmt: skip
PARTNER = MEANING | {"who": "Partner", "group": "P04"}
RECORD = SheetRecord("S-0001", 1, 1, 1, "KEY", "S-0001.xlsx", OWNER, "VALIDATED", SIGNED_ON, {})
_WHO = {
    Act.SIGNED: ("highways.maintenance.head", "owner"),
    Act.RECONFIRMED: ("highways.maintenance.head", "owner"),
    Act.COUNTERSIGNED: ("information.governance", "information governance"),
    Act.LOCKED: ("migration.lead", "migration lead"),
    Act.UNLOCKED: ("migration.lead", "migration lead"),
    Act.WITHDRAWN: ("highways.maintenance.head", "owner"),
    Act.QUESTIONED: ("", "tool"),
}
EVERYBODY = (Act.SIGNED, Act.COUNTERSIGNED, Act.LOCKED)


def files(count: int, *, first: int = 0) -> RowIdentity:
    sample = row_sample.pack((number, 10, 1_000) for number in range(first, first + count))
    return RowIdentity(items=count, bytes=count * 10, folders="f", findings="n", looked_ns=2_000, sample=sample)


def row(meaning: dict[str, Any] | None = None, identity: RowIdentity | None = None) -> MappedRow:
    return MappedRow("M-0001-B0", "S-0001", 1, 7, "tree", "Bridges", identity or files(100), meaning or MEANING)


def acted(mapped: MappedRow, *acts: Act, rules: Rulebook | None = None, **more: Any) -> tuple[RowAct, ...]:
    """What was done with a row as it is, one act after the other."""
    rules = rules or rulebook()
    policy = {"capacity": "owner", "refs": {mapped.row_id: references.of_row(mapped, rules)}, "unit": []}
    found = []
    for number, act in enumerate(acts, start=1):
        who, role = _WHO[act]
        values = {"at": SIGNED_ON, "level": 3, "person": who, "policy": policy, **more}
        digest = mapped.digest(OWNER)
        entry = SignoffEntry(
            sheet_id="S-0001", signer=who, role=role, evidence="x", statement="Not yet", digest="", act=act, id=number,
            rows=((mapped.row_id, digest),), **values,
        )  # fmt: skip
        found.append(RowAct(entry, digest))
    return tuple(found)


def judge(
    mapped: MappedRow,
    acts: tuple[RowAct, ...],
    *,
    now: RowIdentity | None = None,
    rules: Rulebook | None = None,
    today: date = TODAY,
    scanning: bool = False,
    **more: Any,
) -> Verdict:
    """The verdict on one row."""
    seen = GateRow(RECORD, mapped, acts, None if scanning else now or mapped.identity, **more)
    (found,) = verdicts([seen], rules or rulebook(), today, homes=[HOME])
    return found


def test_row_that_is_signed_countersigned_and_locked_may_move() -> None:
    found = judge(row(), acted(row(), *EVERYBODY))
    assert (found.may_move, found.reason, found.due) == (True, "", "")
    assert found.as_row() == found.signed


def test_each_missing_act_is_somebodys_turn() -> None:
    special = row(MEANING | {"sensitive": "Special category or criminal"})
    turns = [judge(special, acted(special, *EVERYBODY[:count])).turn for count in range(4)]
    assert turns == [Turn.OWNER, Turn.GOVERNANCE, Turn.LEAD, Turn.NOBODY]
    assert judge(row(), acted(row(), Act.SIGNED, Act.LOCKED)).may_move


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "Move and tidy"}, {"home": {"site": "/sites/x", "library": "Documents"}}, {"who": "Whole team"},
        {"sensitive": "Personal"}, {"marking": "OFFICIAL-SENSITIVE"}, {"hold": "HOLD-CSA"}, {"group": "B"},
        {"subject": "Finance"}, {"keep": "RL-FI02 Audit FY+6"}, {"used_with": "Database"}, {"ig_view": "Change"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_answer_that_means_something_voids_its_row(change: dict[str, Any]) -> None:
    found = judge(row(MEANING | change), acted(row(), *EVERYBODY))
    assert (found.turn, found.voided, found.reason) == (Turn.OWNER, True, "changed since it was signed off")


@pytest.mark.parametrize("key", ["subject", "keep"])
def test_class_or_keep_rule_that_changed_needs_governance_too(key: str) -> None:
    before, after = row(), row(MEANING | {key: "RL-FI02 Audit FY+6"})
    signed_before = acted(before, *EVERYBODY)
    signed_after = tuple(
        replace(each, entry=replace(each.entry, id=10 + n))
        for n, each in enumerate(acted(after, Act.SIGNED, Act.LOCKED))
    )
    known = {before.digest(OWNER): before.meaning}
    found = judge(after, (*signed_before, *signed_after), before=known)
    assert (found.turn, found.reason) == (Turn.GOVERNANCE, "not countersigned by information governance")
    other = row(MEANING | {"who": "Whole team"})
    again = tuple(
        replace(each, entry=replace(each.entry, id=10 + n))
        for n, each in enumerate(acted(other, Act.SIGNED, Act.LOCKED))
    )
    assert judge(other, (*signed_before, *again), before=known).may_move


def test_notes_wave_and_dates_void_nothing() -> None:
    noted = replace(row(), remarks={"notes": "Thank you", "avoid": "month end"}, position=7)
    assert judge(noted, acted(row(), *EVERYBODY)).may_move


def test_source_that_grew_a_little_stays_signed_and_is_shown() -> None:
    found = judge(row(), acted(row(), *EVERYBODY), now=files(104))
    assert found.may_move and found.note == "of 100 files, 0 went or were replaced, and 4 came"


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (files(105), "5 came"),
        (files(94), "6 went"),
        (replace(files(100), folders="g"), "folders were added"),
        (replace(files(100), findings="m"), "looks sensitive"),
    ],
    ids=["five per cent", "gone", "sub-folder", "sensitive names"],
)
def test_drift_reopens_the_row(now: RowIdentity, reason: str) -> None:
    found = judge(row(), acted(row(), *EVERYBODY), now=now)
    assert found.turn is Turn.OWNER and reason in found.reason


def test_share_that_reopens_a_row_is_the_policys() -> None:
    acts = acted(row(), *EVERYBODY)
    strict, generous = (rulebook(policy=SignoffPolicy(growth_percent=number)) for number in (2, 50))
    assert not judge(row(), acts, now=files(103), rules=strict).may_move
    assert judge(row(), acts, now=files(120), rules=generous).may_move


def test_change_of_who_may_open_a_folder_reopens_the_row() -> None:
    known = row(identity=replace(files(100), access="a"))
    acts = acted(known, *EVERYBODY)
    assert "who may open its folders" in judge(known, acts, now=replace(files(100), access="b")).reason
    assert judge(known, acts, now=replace(files(100), access="a")).may_move
    assert judge(row(), acted(row(), *EVERYBODY), now=replace(files(100), access="b")).may_move, "nothing was signed"


def test_changed_rule_of_the_schedule_voids_the_rows_that_name_it_alone() -> None:
    schedule = rulebook().schedule
    changed = [
        rule.model_copy(update={"period": "7 years"}) if rule.label == "RL-FI01 FY+6" else rule
        for rule in schedule.rules
    ]
    rules = rulebook(schedule=schedule.model_copy(update={"rules": tuple(changed)}))
    found = judge(row(), acted(row(), *EVERYBODY), rules=rules)
    assert (found.turn, found.voided) == (Turn.OWNER, True) and "keep rule 'RL-FI01 FY+6' changed" in found.reason
    other = row(MEANING | {"keep": "RL-FI02 Audit FY+6"})
    assert judge(other, acted(other, *EVERYBODY), rules=rules).may_move


def test_changed_or_ended_partner_voids_the_rows_that_name_it_alone() -> None:
    shared = row(PARTNER)
    acts = acted(shared, *EVERYBODY)
    content = {"id": "P04", "state": "live"}
    changed = rulebook(partners=(PartnerEntry("P04", "District A", content | {"domains": ["x.example"]}),))
    ended = rulebook(partners=(PartnerEntry("P04", "District A", content, "the partnership is ended"),))
    gone = rulebook(partners=())
    assert judge(shared, acts).may_move
    for rules, reason in ((changed, "changed since"), (ended, "partnership is ended"), (gone, "changed since")):
        found = judge(shared, acts, rules=rules)
        assert found.turn is Turn.OWNER and reason in found.reason
        assert judge(row(), acted(row(), *EVERYBODY), rules=rules).may_move


def test_owner_who_left_is_followed_by_a_confirmation_within_ten_working_days() -> None:
    new = person("new.head", OWNER, starts="2026-03-05")
    gone = person("highways.maintenance.head", OWNER, leaves="2026-03-04")
    rules = rulebook(people=people(highways_maintenance_head=gone, new_head=new))
    acts = acted(row(), *EVERYBODY)
    within = judge(row(), acts, rules=rules, today=date(2026, 3, 18))
    assert within.may_move and within.due == "the owner left on 4 March 2026: to be confirmed by 18 March 2026"
    late = judge(row(), acts, rules=rules, today=date(2026, 3, 19))
    assert (late.turn, late.may_move) == (Turn.RECONFIRM, False) and late.reason.startswith("suspended: the owner left")
    confirmed = acted(row(), *EVERYBODY, Act.RECONFIRMED)
    last = replace(confirmed[-1], entry=replace(confirmed[-1].entry, person="new.head", at="2026-03-19T09:00:00Z"))
    assert judge(row(), (*confirmed[:-1], last), rules=rules, today=date(2026, 3, 19)).may_move


def test_unit_with_another_place_is_confirmed_within_ten_working_days_of_being_noticed() -> None:
    head = person("highways.maintenance.head", OWNER, unit="HWM")
    rules = rulebook(people=people(highways_maintenance_head=head))
    acts = acted(row(), *EVERYBODY, policy={"unit": ["HT", "HWM"], "capacity": "owner"})
    assert judge(row(), acts, rules=rules).due == ""
    moved = rulebook(people=people(highways_maintenance_head=head), units={"HWM": ("PL",), "PL": ()})
    noticed = acted(row(), *EVERYBODY, Act.QUESTIONED, policy={"unit": ["HT", "HWM"], "capacity": "owner"})
    first = judge(row(), acts, rules=moved)
    assert first.may_move and first.due.startswith("the owner's unit has another place in the organisation")
    assert judge(row(), noticed, rules=moved, today=date(2026, 3, 16)).may_move
    assert judge(row(), noticed, rules=moved, today=date(2026, 3, 17)).turn is Turn.RECONFIRM


def test_signature_of_sixty_days_in_no_wave_is_confirmed_again() -> None:
    acts = acted(row(), *EVERYBODY)
    last = date(2026, 3, 2) + timedelta(days=60)
    assert judge(row(), acts, today=last).may_move
    old = judge(row(), acts, today=last + timedelta(days=1))
    assert old.turn is Turn.RECONFIRM and "not scheduled within 60 days" in old.reason
    assert judge(row(), acts, today=last + timedelta(days=1), wave="planned").may_move
    again = acted(row(), *EVERYBODY, Act.RECONFIRMED)
    last_act = replace(again[-1], entry=replace(again[-1].entry, at="2026-05-01T09:00:00Z"))
    assert judge(row(), (*again[:-1], last_act), today=last + timedelta(days=1)).may_move


@pytest.mark.parametrize("change", [{"hold": "HOLD-CSA"}, {"ig_view": "Hold"}], ids=["hold", "view"])
def test_nothing_on_hold_moves_whoever_signed_it(change: dict[str, str]) -> None:
    held = row(MEANING | change)
    found = judge(held, acted(held, *EVERYBODY))
    assert (found.turn, found.may_move) == (Turn.WAIT, False) and "hold" in found.reason


def test_taking_back_a_signature_takes_back_all_that_rests_on_it() -> None:
    found = judge(row(), acted(row(), *EVERYBODY, Act.WITHDRAWN))
    assert (found.turn, found.withdrawn, found.voided) == (Turn.OWNER, True, True)
    assert found.reason == "taken back by highways.maintenance.head on 2026-03-02: Not yet"
    assert judge(row(), acted(row(), *EVERYBODY, Act.WITHDRAWN, Act.SIGNED)).turn is Turn.LEAD
    assert judge(row(), acted(row(), *EVERYBODY, Act.WITHDRAWN, Act.SIGNED, Act.LOCKED)).may_move


def test_unlocking_keeps_the_signatures() -> None:
    assert judge(row(), acted(row(), *EVERYBODY, Act.UNLOCKED)).turn is Turn.LEAD
    assert judge(row(), acted(row(), *EVERYBODY, Act.UNLOCKED, Act.LOCKED)).may_move


def test_lock_and_countersignature_of_another_digest_count_nothing() -> None:
    special = row(MEANING | {"sensitive": "Special category or criminal"})
    signed, others = acted(special, Act.SIGNED), acted(row(), Act.COUNTERSIGNED, Act.LOCKED)
    assert judge(special, (*signed, *others)).turn is Turn.GOVERNANCE


def test_weaker_evidence_than_the_policy_asks_for_does_not_count() -> None:
    rules = rulebook(policy=SignoffPolicy(lowest_evidence=2))
    found = judge(row(), acted(row(), *EVERYBODY), rules=rules)
    assert found.turn is Turn.OWNER and "evidence of level 3; the policy asks for 2" in found.reason
    assert judge(row(), acted(row(), *EVERYBODY, level=1), rules=rules).may_move


def test_one_person_in_two_capacities_does_not_count() -> None:
    found = judge(row(), acted(row(), *EVERYBODY, person="structures.lead"))
    assert not found.may_move and "four eyes" in found.reason


def test_running_scan_means_that_nobody_can_tell() -> None:
    found = judge(row(), acted(row(), *EVERYBODY), scanning=True)
    assert (found.may_move, found.unclear, found.turn) == (False, True, Turn.WAIT)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sensitive": "Special category or criminal"}, "special category"), ({"who": "Partner"}, "partner"),
        ({"hold": "HOLD-CSA"}, "hold"), ({"decision": "Leave as read-only archive"}, "archive"), ({}, None),
    ],
    ids=["special", "partner", "hold", "archive", "other"],
)  # fmt: skip
def test_what_information_governance_must_see(change: dict[str, str], why: str | None) -> None:
    found = why_countersigned(GateRow(RECORD, row(MEANING | change)), rulebook(), TODAY)
    assert (found is None) if why is None else why in str(found)


def test_keep_rule_under_a_hold_must_be_seen_until_the_hold_is_lifted() -> None:
    schedule = rulebook().schedule
    rule = next(each for each in schedule.rules if schedule.holds_on(each, TODAY))
    held = GateRow(RECORD, row(MEANING | {"keep": rule.label}))
    lifted = schedule.model_copy(
        update={"holds": tuple(each.model_copy(update={"ended": TODAY}) for each in schedule.holds)}
    )
    rules = rulebook(schedule=lifted)
    assert why_countersigned(held, rules, TODAY) == "a hold concerns it"
    assert why_countersigned(held, rules, TODAY + timedelta(days=1)) is None


def test_home_that_a_partner_shares_must_be_seen_too() -> None:
    shared = replace(HOME, kind="Partnership")
    assert why_countersigned(GateRow(RECORD, row()), rulebook(), TODAY, [shared]) == "a partner can see it"


_ACTS = st.lists(st.sampled_from([Act.SIGNED, Act.COUNTERSIGNED, Act.LOCKED, Act.UNLOCKED, Act.WITHDRAWN]), max_size=7)


@given(acts=_ACTS, special=st.booleans())
def test_no_order_of_acts_moves_a_row_without_signature_and_lock(acts: list[Act], special: bool) -> None:
    mapped = row(MEANING | {"sensitive": "Special category or criminal" if special else "No"})
    found = judge(mapped, acted(mapped, *acts))
    since = acts[max((n for n, act in enumerate(acts) if act is Act.WITHDRAWN), default=-1) + 1 :]
    signed = max((n for n, act in enumerate(since) if act is Act.SIGNED), default=None)
    after = since[signed + 1 :] if signed is not None else []
    locks = [act for act in after if act in (Act.LOCKED, Act.UNLOCKED)]
    locked = bool(locks) and locks[-1] is Act.LOCKED
    assert found.may_move == (signed is not None and locked and (not special or Act.COUNTERSIGNED in after))


@given(order=st.permutations(range(5)))
def test_verdicts_do_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    rows = [replace(row(), row_id=f"M-000{n}-X0") for n in range(5)]
    seen = [GateRow(RECORD, each, acted(each, *EVERYBODY[: n % 4]), each.identity) for n, each in enumerate(rows)]
    straight = verdicts(seen, rulebook(), TODAY)
    mixed = verdicts([seen[n] for n in order], rulebook(), TODAY)
    assert sorted(mixed, key=lambda each: each.row_id) == straight


def _state(*turns: Turn, waves: tuple[str | None, ...] = (), needs: bool = False, acts: tuple[str, ...] = ()) -> State:
    found = [
        Verdict(f"M-{n}", "S-1", "a", turn, needs_countersignature=needs, voided=turn is Turn.WAIT)
        for n, turn in enumerate(turns)
    ]
    return reached(list(zip(found, waves or [None] * len(found), strict=True)), acts=acts)


def test_state_follows_from_verdicts_and_waves() -> None:
    assert _state(Turn.GOVERNANCE, Turn.LEAD) is State.OWNER_SIGNED
    assert _state(Turn.LEAD) is State.OWNER_SIGNED
    assert _state(Turn.LEAD, Turn.NOBODY, needs=True) is State.COUNTERSIGNED
    assert _state(Turn.NOBODY) is State.LOCKED
    assert _state(Turn.NOBODY, Turn.NOBODY, waves=("planned", None)) is State.LOCKED
    assert _state(Turn.NOBODY, waves=("planned",)) is State.SCHEDULED
    assert _state(Turn.NOBODY, Turn.NOBODY, waves=("running", "verified")) is State.MOVING
    assert _state(Turn.NOBODY, Turn.OWNER, waves=("verified", "verified")) is State.VERIFIED
    assert _state(Turn.NOBODY, waves=("verified",), acts=("accepted",)) is State.ACCEPTED
    assert _state(Turn.NOBODY, waves=("verified",), acts=("accepted", "closed")) is State.CLOSED
    assert _state(Turn.RECONFIRM) is State.INVALIDATED and _state(Turn.OWNER) is State.VALIDATED


def test_state_of_a_sheet_whose_signatures_were_taken_back() -> None:
    taken = Verdict("M-1", "S-1", "a", Turn.OWNER, voided=True, withdrawn=True)
    other = replace(taken, row_id="M-2", withdrawn=False)
    assert reached([(taken, None)]) is State.WITHDRAWN
    assert reached([(taken, "running")]) is State.WITHDRAWN
    assert reached([(taken, None), (other, None)]) is State.INVALIDATED


def test_roles_of_the_policy_are_on_the_sample_register() -> None:
    rules = rulebook()
    assert [rules.people.person(role) is not None for role in (OWNER, GOVERNANCE, LEAD)] == [True] * 3
