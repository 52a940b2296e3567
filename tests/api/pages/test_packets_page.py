"""All open packets on one page: the latest first, for whom each waits, and what is missing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import select

from domain.vocabulary import LetterState, PacketKind, PacketState, Role
from records.casework import get_case
from records.packet_overview import PacketDue, open_packets
from records.packet_overview import _order as order
from records.packets import PacketContent, get_packet, hearing_of, request_packet
from records.tables import Case, Hearing, Packet
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import a_letter, a_packet
from tests.houses import ROSA, a_case, a_hearing


def a_plain_packet(office: Office, local: str = "", kind: str = PacketKind.PROGRESS) -> str:
    """A packet of a case of its own; its id."""
    case = a_case(office.house.records, NOW)
    if local:
        a_hearing(office.house.records, case, local, NOW)
    with office.house.records.writing(office.hub_id) as session:
        return request_packet(session, case.id, kind, PacketContent(), ROSA, NOW).id


def change(office: Office, packet_id: str, **values: object) -> None:
    with office.house.records.writing(office.hub_id) as session:
        packet = get_packet(session, packet_id)
        for name, value in values.items():
            setattr(packet, name, value)
        session.add(packet)


def listed(browser: Browser, address: str = "/packets") -> list[str]:
    """The packets of a page, in order."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.findall(r'class="name" href="/cases/\w+/packets/(\w+)"', answer.text)


@contextmanager
def counting(office: Office) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    ran: list[str] = []

    def note(*about: object) -> None:
        ran.append(str(about[2]))

    engine = office.house.records.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_approval_that_is_late_or_due_soonest_comes_first(
    office: Office, rosa: Browser
) -> None:
    undated = a_plain_packet(office)
    far = a_plain_packet(office, "2027-01-19 09:00")
    done = a_plain_packet(office, "2026-12-04 09:00")
    near = a_plain_packet(office, "2026-12-10 09:00")
    change(office, done, state=PacketState.DELIVERED)
    assert listed(rosa) == [near, far, undated, done]
    office.clock.at += timedelta(days=7, hours=12)
    assert listed(rosa) == [near, far, undated, done]
    page = rosa.words("/packets")
    assert "One packet should be approved by now" in page
    assert "approval was due Wed 9 Dec 2026, today" in page


def test_what_is_over_is_not_shown(office: Office, rosa: Browser) -> None:
    filed, cancelled, closed, stays = (a_plain_packet(office) for _ in range(4))
    change(office, filed, state=PacketState.FILED)
    change(office, cancelled, cancelled_at=NOW)
    with office.house.records.writing(office.hub_id) as session:
        case = get_case(session, get_packet(session, closed).case_id)
        case.stage = "closed"
        session.add(case)
    assert listed(rosa) == [stays]


@pytest.mark.parametrize(
    ("state", "custody", "words"),
    [
        (PacketState.COLLECTING, "released", "Waits for the team to finish the draft."),
        (PacketState.PARTICIPANT_REVIEW, "released", "Waits for Marcus to read it."),
        (PacketState.PARTICIPANT_REVIEW, "detained", "somebody to read it to Marcus"),
        (PacketState.COUNSEL_REVIEW, "released", "Waits for counsel, Ana Ruiz, to approve it."),
        (PacketState.DELIVERED, "released", "Waits for Ana Ruiz to file it."),
    ],
)
def test_each_row_says_for_whom_it_waits(
    office: Office, rosa: Browser, state: PacketState, custody: str, words: str
) -> None:
    scene = a_packet(office)
    change(office, scene.packet_id, state=state)
    with office.house.records.writing(office.hub_id) as session:
        case = session.get_one(Case, scene.case_id)
        case.custody = custody
        session.add(case)
    assert words in rosa.words("/packets")


def test_letters_that_are_not_in_are_waited_for(office: Office, rosa: Browser) -> None:
    scene = a_packet(office)
    assert "No letter was asked for yet." in rosa.words("/packets")
    a_letter(scene, state=LetterState.ASKED)
    assert "Waits for one letter that was asked for." in rosa.words("/packets")
    a_letter(scene, first="Ines", state=LetterState.STARTED)
    a_letter(scene, first="Otis", state=LetterState.DECLINED)
    page = rosa.words("/packets")
    assert "Waits for 2 letters that were asked for." in page
    assert "No letter was asked for yet." not in page


def test_each_row_says_what_is_missing(office: Office, rosa: Browser) -> None:
    a_plain_packet(office, kind=PacketKind.RELEASE)
    page = rosa.words("/packets")
    assert "No court date is known. Nobody is named as counsel." in page
    assert re.search("Nothing is told yet under [^.]*Ties", page, re.IGNORECASE)


def test_what_was_told_is_no_gap_and_what_the_newest_version_lacks_is_one(
    office: Office, rosa: Browser
) -> None:
    scene = a_packet(office)
    own = rosa.words(scene.url)
    [before] = re.findall(r"Nothing is told yet under [^.]*\.", own)
    assert before in rosa.words("/packets")
    scene.build(findings=[("A page is too large.", True)], problem="No converter.")
    assert "There is no PDF. No converter." in rosa.words("/packets")
    scene.build(findings=[("A page is too large.", True), ("Small print.", False)])
    page = rosa.words("/packets")
    assert "The court's filing desk would refuse it: A page is too large." in page
    assert "There is no PDF" not in page
    assert "Small print" not in page


def test_a_page_has_fifty_and_however_many_there_are_the_same_queries(
    office: Office, rosa: Browser
) -> None:
    a_plain_packet(office, "2026-12-10 09:00")
    listed(rosa)  # whose browser it is, is noted once
    with counting(office) as few:
        listed(rosa)
    for day in range(51):
        a_plain_packet(office, f"2027-01-{day % 28 + 1:02} 09:00")
    with counting(office) as many:
        first = listed(rosa)
    assert len(many) == len(few)
    second = listed(rosa, "/packets?page=2")
    assert (len(first), len(second)) == (50, 2)
    assert not set(first) & set(second)


def test_the_hearing_is_the_one_that_the_packet_itself_is_for(office: Office) -> None:
    ids = [a_plain_packet(office, "2026-12-10 09:00") for _ in range(3)]
    records = office.house.records
    with records.writing(office.hub_id) as session:
        first, second = (get_packet(session, one) for one in ids[:2])
        for packet in (first, second):
            packet.hearing_id = session.exec(
                select(Hearing.id).where(Hearing.case_id == packet.case_id)
            ).one()
            session.add(packet)
        gone = session.get_one(Hearing, second.hearing_id)
        gone.status = "vacated"
        session.add(gone)
    with records.reading(office.hub_id) as session:
        for due in open_packets(session):
            hearing = hearing_of(session, session.get_one(Packet, due.packet_id))
            assert due.hearing_id == (hearing.id if hearing else "")


def test_another_hub_sees_none_of_it_and_whoever_sees_no_cases_is_refused(office: Office) -> None:
    a_packet(office)
    stranger = office.staff(hub_id=office.other_hub(), name="eve")
    assert "No packet is open." in stranger.words("/packets")
    assert office.staff(Role.COUNSEL, name="ana").get("/packets").status_code == 403


def test_the_list_of_cases_leads_there(office: Office, rosa: Browser) -> None:
    a_packet(office)
    assert 'href="/packets"' in rosa.get("/cases").text
    assert "Marcus Johnson" in said(rosa.get("/packets"))


_MOMENTS = st.none() | st.integers(-50, 50).map(lambda days: NOW + timedelta(days=days))


@given(st.lists(st.tuples(_MOMENTS, st.booleans()), max_size=12))
def test_nothing_that_is_approved_or_due_later_stands_before_what_is_late(
    asked: list[tuple[object, bool]],
) -> None:
    every = sorted(
        (PacketDue(str(n), "c", "", at, at, done) for n, (at, done) in enumerate(asked)),  # type: ignore[arg-type]
        key=order,
    )
    late = [due.is_late(NOW) for due in every]
    assert late == sorted(late, reverse=True)
