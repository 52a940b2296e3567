"""The first run: one address makes one administrator, once, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlmodel import select

from domain.vocabulary import Role
from records.audit import verify
from records.courts import NewCourt, add_court
from records.database import NoSuchHub, Records, RecordsProblem
from records.first_run import (
    ADDRESS_LASTS,
    COURT,
    STEPS,
    AddressOver,
    NewOwner,
    OwnerExists,
    address_of,
    answer_step,
    becoming_owner,
    find_owner,
    make_address,
    steps_left,
)
from records.hub_changes import change_hub
from records.hubs import make_hub
from records.invitations import SignInTaken
from records.tables import AuditEvent, Hub, SetUpAddress, StaffMember
from tests.records.rows import NOW

ANA = NewOwner("Ana Ruiz", "ana", "hash of a password", "es")
ACTOR = "command line"


def become(records: Records, new: NewOwner = ANA, address: str = "") -> str:
    """Somebody becomes the first administrator; their id."""
    with becoming_owner(records, new, NOW, address) as (_, staff_id):
        return staff_id


def test_an_address_is_kept_as_a_hash_and_opens_for_a_week(records: Records, hub: str) -> None:
    token = make_address(records, ACTOR, NOW)
    with records.reading(hub) as session:
        row = session.exec(select(SetUpAddress)).one()
        deeds = [one.action for one in session.exec(select(AuditEvent)).all()]
    assert token not in (row.token_hash, row.id)
    assert len(row.token_hash) == 64
    assert deeds == ["made a set-up address"]
    last = NOW + ADDRESS_LASTS - timedelta(seconds=1)
    assert address_of(records, token, last) == row.id
    for wrong, at in ((token, NOW + ADDRESS_LASTS), (token + "x", NOW), ("", NOW)):
        with pytest.raises(AddressOver):
            address_of(records, wrong, at)


def test_looking_at_an_address_spends_nothing(records: Records, hub: str) -> None:
    token = make_address(records, ACTOR, NOW)
    found = {address_of(records, token, NOW) for _ in range(3)}
    become(records, address=found.pop())


def test_a_newer_address_ends_the_one_before(records: Records, hub: str) -> None:
    first = make_address(records, ACTOR, NOW)
    opened = address_of(records, first, NOW)
    second = make_address(records, ACTOR, NOW)
    with pytest.raises(AddressOver):
        address_of(records, first, NOW)
    with pytest.raises(AddressOver):
        become(records, address=opened)
    assert find_owner(records) is None
    become(records, address=address_of(records, second, NOW))


def test_it_makes_an_administrator_of_the_first_hub_and_is_spent(
    records: Records, hub: str
) -> None:
    token = make_address(records, ACTOR, NOW)
    address = address_of(records, token, NOW)
    staff_id = become(records, address=address)
    with records.reading(hub) as session:
        member = session.get_one(StaffMember, staff_id)
        assert session.get_one(SetUpAddress, address).used_at == NOW
        assert session.get_one(Hub, hub).set_up_left == list(STEPS)
    assert (member.name, member.sign_in, member.role, member.language) == (
        *("Ana Ruiz", "ana", Role.HUB_ADMIN, "es"),
    )
    with pytest.raises(AddressOver):
        address_of(records, token, NOW)
    with pytest.raises(OwnerExists):
        become(records, NewOwner("Ben", "ben", "hash"), address)
    with pytest.raises(OwnerExists):
        make_address(records, ACTOR, NOW)


def test_an_address_that_expires_while_somebody_types_makes_nobody(
    records: Records, hub: str
) -> None:
    address = address_of(records, make_address(records, ACTOR, NOW), NOW)
    late = NOW + ADDRESS_LASTS
    with (
        pytest.raises(AddressOver),
        becoming_owner(records, ANA, late, address),
    ):
        pytest.fail("nobody comes in")
    assert find_owner(records) is None


def test_what_fails_afterwards_leaves_the_address_unspent(records: Records, hub: str) -> None:
    token = make_address(records, ACTOR, NOW)
    address = address_of(records, token, NOW)
    with (
        pytest.raises(ZeroDivisionError),
        becoming_owner(records, ANA, NOW, address),
    ):
        raise ZeroDivisionError
    assert find_owner(records) is None
    become(records, address=address_of(records, token, NOW))


def test_a_name_of_the_example_is_refused_and_the_address_still_holds(
    records: Records, hub: str
) -> None:
    example = make_hub(records, name="Example hub", slug="example").id
    with records.writing(example) as session:
        session.get_one(Hub, example).example = True
        session.add(StaffMember(name="Ines", sign_in="ana", role=Role.HUB_ADMIN))
    token = make_address(records, ACTOR, NOW)
    with pytest.raises(SignInTaken):
        become(records, address=address_of(records, token, NOW))
    become(records, NewOwner("Ana", "ana.ruiz", "hash"), address_of(records, token, NOW))


def test_with_nothing_but_an_example_there_is_nothing_to_own(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        session.get_one(Hub, hub).example = True
    with pytest.raises(NoSuchHub):
        make_address(records, ACTOR, NOW)


def test_of_two_at_one_moment_one_becomes_the_administrator(records: Records, hub: str) -> None:
    address = address_of(records, make_address(records, ACTOR, NOW), NOW)
    people = [NewOwner(name, name.lower(), "hash") for name in ("Ana", "Ben")]
    came = at_once([partial(become, records, one, address) for one in people])
    assert sorted(came) == ["OwnerExists", "done"]
    with records.reading(hub) as session:
        assert len(session.exec(select(StaffMember)).all()) == 1
        assert verify(session, hub).ok


def test_a_page_and_the_command_line_at_one_moment_make_one(records: Records, hub: str) -> None:
    address = address_of(records, make_address(records, ACTOR, NOW), NOW)
    came = at_once(
        [
            lambda: become(records, ANA, address),
            lambda: become(records, NewOwner("Ben", "ben", "hash")),
        ]
    )
    assert sorted(came) == ["OwnerExists", "done"]


def test_of_two_new_addresses_at_one_moment_one_opens(records: Records, hub: str) -> None:
    tokens: list[str] = []
    at_once([lambda: tokens.append(make_address(records, ACTOR, NOW))] * 2)
    assert len(set(tokens)) == 2
    with records.reading(hub) as session:
        rows = session.exec(select(SetUpAddress)).all()
    assert len([row for row in rows if row.ended_at is None]) == 1


def test_steps_are_left_until_they_are_done_anywhere_or_put_off(records: Records, hub: str) -> None:
    become(records)
    with records.writing(hub) as session:
        session.get_one(Hub, hub).phone = ""
        assert steps_left(session) == STEPS
        add_court(session, NewCourt("Example County", "America/New_York"))
        assert steps_left(session) == ("about", "messages", "case")
        change_hub(session, {"phone": "+13055550100"}, NOW)
        assert answer_step(session, "case")
        assert not answer_step(session, "case")
        assert not answer_step(session, "no such step")
    with records.reading(hub) as session:
        assert steps_left(session) == ("messages",)


def test_a_hub_from_before_has_nothing_left(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        assert steps_left(session) == ()
        assert not answer_step(session, COURT)


def at_once(deeds: list[Callable[[], object]]) -> list[str]:
    """What comes of deeds at one moment: "done", or why not."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        barrier.wait()
        try:
            deed()
        except RecordsProblem as problem:
            return type(problem).__name__
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))
