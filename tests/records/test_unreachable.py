"""Whom messages do not reach, and why."""

from sqlmodel import select

from domain.vocabulary import Channel
from records.circle import (
    NewContact,
    add_contact,
    end_supporter,
    mark_unreachable,
    opt_out,
)
from records.database import Records
from records.hubs import make_hub
from records.listing_queries import Window
from records.tables import Consent, ContactPoint, Person, Supporter
from records.unreachable import (
    Unreached,
    count_unreached,
    unreached,
    unreached_page,
    worst_first,
)
from tests.houses import ROSA, a_case, a_mother, hub_of, utc

NOW = utc("2026-12-01 15:00")
ALL = Window(200)


def found(records: Records, *, nobody_left: bool = False) -> list[Unreached]:
    with records.reading(hub_of(records)) as session:
        page = unreached_page(session, ALL, nobody_left=nobody_left)
        assert count_unreached(session, nobody_left=nobody_left) == len(page.rows)
        return unreached(session, page.rows)


def test_a_hub_whose_people_can_all_be_reached_has_nobody_to_look_for(records: Records) -> None:
    a_mother(records, a_case(records, NOW), NOW)
    assert found(records) == []


def test_somebody_without_any_way_is_found(records: Records) -> None:
    case = a_case(records, NOW, phone="")
    [one] = found(records)
    assert (one.who.name, one.reachable, one.closed) == ("Marcus Johnson", False, ())
    assert one.who.standings[0].case_id == case.id


def test_a_closed_way_is_told_with_its_reason_and_whether_another_is_left(
    records: Records,
) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW, email="denise@example.org")
    with records.writing(hub_of(records)) as session:
        phone, mailbox = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == denise).order_by(ContactPoint.rank)  # type: ignore[arg-type]
        ).all()
        mark_unreachable(session, phone, "30006", ROSA, NOW)
    [one] = found(records)
    assert (one.reachable, [way.why for way in one.closed]) == (True, ["30006"])
    assert found(records, nobody_left=True) == []
    with records.writing(hub_of(records)) as session:
        opt_out(session, session.get_one(ContactPoint, mailbox.id), ROSA, NOW)
    [one] = found(records, nobody_left=True)
    assert [(way.why, way.since) for way in one.closed] == [("30006", NOW), ("opted-out", NOW)]


def test_a_phone_without_an_agreement_is_no_way(records: Records) -> None:
    a_mother(records, a_case(records, NOW), NOW)
    with records.writing(hub_of(records)) as session:
        for consent in session.exec(select(Consent)).all():
            consent.withdrawn_at = NOW
            session.add(consent)
    assert [way.why for one in found(records, nobody_left=True) for way in one.closed] == [
        "not-agreed",
        "not-agreed",
    ]


def test_whoever_is_told_nothing_is_not_looked_for(records: Records) -> None:
    case = a_case(records, NOW, phone="", custody="detained")
    a_mother(records, case, NOW, phone="")
    with records.writing(hub_of(records)) as session:
        supporter = session.exec(select(Supporter)).one()
        end_supporter(session, supporter.id, ROSA, NOW)
    assert found(records) == []
    closed = a_case(records, NOW, phone="")
    with records.writing(hub_of(records)) as session:
        row = session.merge(closed)
        row.stage, row.closed_at = "closed", NOW
        session.add(row)
    assert found(records) == []


def test_those_whom_no_way_is_left_to_reach_come_first(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW, email="denise@example.org")
    a_case(records, NOW, phone="")
    with records.writing(hub_of(records)) as session:
        phone = session.exec(
            select(ContactPoint).where(
                ContactPoint.person_id == denise, ContactPoint.channel == Channel.SMS
            )
        ).one()
        mark_unreachable(session, phone, "30006", ROSA, NOW)
        first, second = worst_first(session, slice(0, 10))
        assert (first.first_name, second.first_name) == ("Marcus", "Denise")
        add_contact(session, first.id, NewContact(Channel.SMS, "+13055550122", "Yes."), ROSA, NOW)
        assert [one.first_name for one in worst_first(session, slice(0, 10))] == ["Denise"]


def test_a_list_comes_in_parts_and_no_hub_sees_another_s(records: Records) -> None:
    for _ in range(5):
        a_case(records, NOW, phone="")
    with records.reading(hub_of(records)) as session:
        first = unreached_page(session, Window(3))
        rest = unreached_page(session, Window(3, first.after))
        assert len({row.id for row in (*first.rows, *rest.rows)}) == 5
        assert rest.after == ""
    other = make_hub(records, name="Another hub", slug="another").id
    with records.reading(other) as session:
        assert unreached_page(session, ALL).rows == []
        assert count_unreached(session) == 0
        assert session.exec(select(Person)).all() == []
