"""Cases, circles and hearings in the records: every change is an event, a revision and news."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from domain.court_time import NoSuchTime, UnknownZone
from domain.tracks import Custody, MoveRefused, Track, UnknownStage
from domain.vocabulary import Appearance, Channel, HearingKind, HearingStatus
from records.addresses import BadAddress
from records.case_facts import load_case
from records.casework import (
    NewCase,
    NotFound,
    add_docket,
    cases_by_docket,
    get_case,
    move_track,
    open_case,
)
from records.circle import (
    NewContact,
    NewSupporter,
    add_contact,
    cases_of,
    contacts_at,
    end_supporter,
    enroll_supporter,
    mark_unreachable,
    opt_out,
)
from records.database import HubSession, Records
from records.hearings import (
    HearingClosed,
    Setting,
    get_hearing,
    move_hearing,
    record_outcome,
    schedule_hearing,
    vacate_hearing,
)
from records.outbox import pending
from records.tables import (
    Arrest,
    Case,
    CaseEvent,
    Consent,
    ContactPoint,
    CustodyPeriod,
    Defendant,
    HearingRevision,
    HumanTask,
    Supporter,
)
from tests.houses import AGREED, ROSA, ZONE, a_case, a_hearing, a_mother, utc, wall

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(days=1)
PLACE = Setting(wall("2026-06-01 09:00"), ZONE, "3A", "1351 NW 12th St, Miami")


def revision(records: Records, case: Case) -> int:
    """The case's present revision; the news always says the same."""
    with records.reading(case.hub_id) as session:
        found = get_case(session, case.id).revision
    newest = max(item.revision for item in pending(records) if item.subject.id == case.id)
    assert newest == found
    return found


def events(session: HubSession, case: Case) -> list[tuple[str, str, str, str]]:
    """The case's history: track, kind, origin and result."""
    rows = session.exec(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.id))
    )
    return [(row.track, row.kind, row.origin, row.result) for row in rows]


def test_a_case_is_opened_at_arrest_with_who_when_and_whence(records: Records, hub: str) -> None:
    arrested = NOW - timedelta(hours=5)
    with records.writing(hub) as session:
        case = open_case(
            session,
            NewCase("Marcus", "Johnson", docket_number="2026-CF-1", arrested_at=arrested),
            ROSA,
            NOW,
        )
    with records.reading(hub) as session:
        assert session.get_one(Defendant, case.defendant_id).docket_name == "Johnson, Marcus"
        assert session.exec(select(Arrest)).one().arrested_at == arrested
        assert session.exec(select(CustodyPeriod)).one().started_at == arrested
        [event] = session.exec(select(CaseEvent)).all()
        assert (event.recorded_by, event.source, event.happened_at) == ("rosa", "staff", NOW)
        assert event.result == "arrested"
        assert [found.id for found in cases_by_docket(session, "2026 cf 1")] == [case.id]
    assert revision(records, case) == 1


def test_a_docket_number_written_twice_is_one(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="", docket="2026-CF-1")
    with records.writing(hub) as session:
        again = add_docket(session, session.get_one(Case, case.id), "2026CF 1")
        assert again.number == "2026-CF-1"
        add_docket(session, session.get_one(Case, case.id), "2026-CF-2")
    with records.reading(hub) as session:
        assert len(cases_by_docket(session, "2026-CF-2")) == 1


def test_a_move_is_an_event_with_its_origin_and_a_refused_one_is_none(
    records: Records, hub: str
) -> None:
    case = a_case(records, NOW, phone="")
    with records.writing(hub) as session:
        row = get_case(session, case.id)
        move_track(session, row, Track.COURT, "charged", ROSA, NOW)
        with pytest.raises(MoveRefused, match="arraigned"):
            move_track(session, row, Track.COURT, "sealed", ROSA, NOW)
        with pytest.raises(UnknownStage):
            move_track(session, row, Track.COURT, "freed", ROSA, NOW)
        move_track(session, row, Track.COURT, "closed", ROSA, LATER, override_reason="duplicate")
        assert row.closed_at == LATER
        assert events(session, case)[1:] == [
            ("court", "moved", "arrested", "charged"),
            ("court", "moved", "charged", "closed"),
        ]
    with records.reading(hub) as session:
        last = session.exec(select(CaseEvent).order_by(col(CaseEvent.id).desc())).first()
        assert last is not None
        assert last.override_reason == "duplicate"
    assert revision(records, case) == 3


def test_a_case_that_was_closed_by_mistake_is_open_again(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    with records.writing(hub) as session:
        row = get_case(session, case.id)
        move_track(session, row, Track.COURT, "closed", ROSA, NOW, override_reason="duplicate")
        move_track(session, row, Track.COURT, "charged", ROSA, NOW, override_reason="mistake")
        assert (row.stage, row.closed_at) == ("charged", None)


def test_custody_is_kept_as_periods(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="", custody="detained")
    moves = [
        ("released", NOW + timedelta(days=3)),
        ("warrant", NOW + timedelta(days=5)),
        ("detained", NOW + timedelta(days=6)),
        ("released", NOW + timedelta(days=9)),
    ]
    with records.writing(hub) as session:
        row = get_case(session, case.id)
        for wanted, at in moves:
            move_track(session, row, Track.CUSTODY, wanted, ROSA, at)
        move_track(session, row, Track.CUSTODY, "detained", ROSA, NOW + timedelta(days=10))
        move_track(
            session,
            row,
            Track.CUSTODY,
            Custody.DETAINED,
            ROSA,
            NOW + timedelta(days=11),
            override_reason="moved to another jail",
        )
    with records.reading(hub) as session:
        periods = session.exec(select(CustodyPeriod).order_by(col(CustodyPeriod.started_at))).all()
        days = [
            ((p.started_at - NOW).days, (p.ended_at - NOW).days if p.ended_at else None)
            for p in periods
        ]
        assert days == [(0, 3), (6, 9), (10, None)]
        assert get_case(session, case.id).released_at == NOW + timedelta(days=9)


def test_enrolment_asks_for_consent_and_leaving_ends_the_messages(
    records: Records, hub: str
) -> None:
    case = a_case(records, NOW, phone="")
    mother = a_mother(records, case, NOW)
    with records.reading(hub) as session:
        consent = session.exec(select(Consent)).one()
        assert (consent.words, consent.given_by, consent.given_at) == (AGREED, "self", NOW)
        facts = load_case(session, case.id)
        assert facts is not None
        assert [person.id for person in facts.people if person.contacts] == [mother]
        supporter = session.exec(select(Supporter)).one()
    before = revision(records, case)
    with records.writing(hub) as session:
        end_supporter(session, supporter.id, ROSA, LATER)
        end_supporter(session, supporter.id, ROSA, LATER)
    assert revision(records, case) == before + 1
    with records.reading(hub) as session:
        facts = load_case(session, case.id)
        assert facts is not None
        assert mother not in {person.id for person in facts.people}


def test_whoever_may_not_know_is_told_nothing(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    contact = NewContact(Channel.SMS, "+13055550115", AGREED)
    with records.writing(hub) as session:
        new = NewSupporter("Ray", "Johnson", "uncle", "en", (contact,), may_know_hearings=False)
        uncle = enroll_supporter(session, case.id, new, ROSA, NOW).person_id
    with records.reading(hub) as session:
        facts = load_case(session, case.id)
        assert facts is not None
        assert uncle not in {person.id for person in facts.people}


def test_an_opt_out_ends_the_contact_its_consents_and_nobody_elses(
    records: Records, hub: str
) -> None:
    case = a_case(records, NOW, phone="+13055550110")
    mother = a_mother(records, case, NOW, email="denise@example.org")
    before = revision(records, case)
    with records.writing(hub) as session:
        [contact] = contacts_at(session, "+13055550111")
        opt_out(session, contact, ROSA, LATER)
    assert revision(records, case) == before + 1
    with records.reading(hub) as session:
        facts = load_case(session, case.id)
        assert facts is not None
        reached = {person.id: [c.channel for c in person.contacts] for person in facts.people}
        assert reached[mother] == [Channel.EMAIL]
        assert sorted(map(len, reached.values())) == [1, 1]
        withdrawn = [c.withdrawn_at for c in session.exec(select(Consent)).all()]
        assert sorted(map(str, withdrawn)) == sorted(["None", "None", str(LATER)])


def test_a_new_consent_opens_the_same_contact_again(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    mother = a_mother(records, case, NOW)
    again = NewContact(Channel.SMS, "305-555-0111", "START")
    with records.writing(hub) as session:
        [contact] = contacts_at(session, "+13055550111")
        opt_out(session, contact, ROSA, NOW)
        add_contact(session, mother, again, ROSA, LATER)
    with records.reading(hub) as session:
        [contact] = session.exec(select(ContactPoint)).all()
        assert contact.opted_out_at is None
        facts = load_case(session, case.id)
        assert facts is not None
        assert [len(person.contacts) for person in facts.people] == [0, 1]


def test_an_address_that_cannot_be_reached_is_used_no_more(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    mother = a_mother(records, case, NOW, email="denise@example.org")
    with records.writing(hub) as session:
        [contact] = contacts_at(session, "+13055550111")
        mark_unreachable(session, contact, "30006", ROSA, NOW)
    with records.reading(hub) as session:
        facts = load_case(session, case.id)
        assert facts is not None
        found = next(person for person in facts.people if person.id == mother)
        assert [contact.channel for contact in found.contacts] == [Channel.EMAIL]


def test_a_contact_that_cannot_be_right_leaves_nobody_behind(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    wrong = NewSupporter("Ray", "Johnson", "uncle", "en", (NewContact(Channel.SMS, "12", AGREED),))
    with pytest.raises(BadAddress), records.writing(hub) as session:
        enroll_supporter(session, case.id, wrong, ROSA, NOW)
    with records.reading(hub) as session:
        assert session.exec(select(Supporter)).all() == []


def test_one_person_in_two_cases_is_told_to_both(records: Records, hub: str) -> None:
    first, second = (a_case(records, NOW, phone="") for _ in range(2))
    mother = a_mother(records, first, NOW)
    with records.writing(hub) as session:
        session.add(Supporter(case_id=second.id, person_id=mother, enrolled_at=NOW))
    with records.writing(hub) as session:
        assert [case.id for case in cases_of(session, mother)] == sorted([first.id, second.id])
        [contact] = contacts_at(session, "+13055550111")
        opt_out(session, contact, ROSA, NOW)
    assert revision(records, first) == 3
    assert revision(records, second) == 2


def test_a_hearing_keeps_what_the_paper_says_and_the_instant_derived_from_it(
    records: Records, hub: str
) -> None:
    case = a_case(records, NOW, phone="")
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW, zone="America/Boise")
    with records.reading(hub) as session:
        row = get_hearing(session, hearing.id)
        assert row.local_time == wall("2026-06-01 09:00")
        assert row.starts_at == utc("2026-06-01 15:00")
        assert (row.revision, row.announced_at, row.source) == (1, NOW, "staff")


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        (Setting(wall("2026-03-08 02:30"), ZONE), NoSuchTime),
        (Setting(wall("2026-06-01 09:00"), "Mars/Olympus"), UnknownZone),
    ],
)
def test_a_time_that_no_clock_shows_is_refused(
    records: Records, hub: str, setting: Setting, error: type[Exception]
) -> None:
    case = a_case(records, NOW, phone="")
    before = revision(records, case)
    with pytest.raises(error), records.writing(hub) as session:
        schedule_hearing(session, case.id, HearingKind.TRIAL, setting, ROSA, NOW)
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    with pytest.raises(error), records.writing(hub) as session:
        move_hearing(session, hearing.id, setting, ROSA, NOW)
    assert revision(records, case) == before + 1


def test_a_move_keeps_the_old_date_and_the_same_setting_again_changes_nothing(
    records: Records, hub: str
) -> None:
    case = a_case(records, NOW, phone="")
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    new = Setting(wall("2026-06-05 13:30"), ZONE, "5B", PLACE.place)
    with records.writing(hub) as session:
        move_hearing(session, hearing.id, PLACE, ROSA, LATER)
        assert get_hearing(session, hearing.id).revision == 1
        move_hearing(session, hearing.id, new, ROSA, LATER)
        move_hearing(session, hearing.id, new, ROSA, LATER)
    assert revision(records, case) == 3
    with records.reading(hub) as session:
        [old] = session.exec(select(HearingRevision)).all()
        assert (old.revision, old.local_time, old.room) == (1, PLACE.local_time, "3A")
        facts = load_case(session, case.id)
        assert facts is not None
        [seen] = facts.hearings
        assert (seen.revision, seen.announced_at) == (2, LATER)
        assert seen.history[1].local == PLACE.local_time
        assert seen.history[1].place_key != seen.when.place_key


def test_a_vacated_hearing_is_a_revision_and_an_end(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    with records.writing(hub) as session:
        vacate_hearing(session, hearing.id, ROSA, LATER)
        vacate_hearing(session, hearing.id, ROSA, LATER)
        assert get_hearing(session, hearing.id).revision == 2
        with pytest.raises(HearingClosed, match="schedule a new one"):
            move_hearing(session, hearing.id, PLACE, ROSA, LATER)
        with pytest.raises(HearingClosed):
            record_outcome(session, hearing.id, Appearance.APPEARED, ROSA, LATER)
    assert revision(records, case) == 3


def test_an_outcome_closes_what_was_asked_and_may_be_corrected(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    hearing, second = (a_hearing(records, case, f"2026-06-0{n} 09:00", NOW) for n in (1, 2))
    with records.writing(hub) as session:
        for number, row in enumerate((hearing, hearing, second)):
            session.add(
                HumanTask(
                    claim=f"t{number}",
                    kind="ask_outcome",
                    case_id=case.id,
                    hearing_id=row.id,
                    opened_at=NOW,
                )
            )
    with records.writing(hub) as session:
        record_outcome(session, hearing.id, Appearance.FAILED_TO_APPEAR, ROSA, LATER)
        record_outcome(session, hearing.id, Appearance.FAILED_TO_APPEAR, ROSA, LATER)
    assert revision(records, case) == 4
    with records.writing(hub) as session:
        held = record_outcome(session, hearing.id, Appearance.APPEARED, ROSA, LATER)
        assert (held.status, held.appearance) == (HearingStatus.HELD, Appearance.APPEARED)
        assert held.revision == 1
        with pytest.raises(HearingClosed):
            vacate_hearing(session, hearing.id, ROSA, LATER)
    with records.reading(hub) as session:
        tasks = session.exec(select(HumanTask).order_by(col(HumanTask.claim))).all()
        assert [(task.closed_at, task.closed_by) for task in tasks] == [
            (LATER, "rosa"),
            (LATER, "rosa"),
            (None, ""),
        ]


def test_nothing_of_another_hub_can_be_touched(records: Records, hub: str, other: str) -> None:
    with records.writing(hub) as session:
        case = open_case(session, NewCase("Marcus", "Johnson"), ROSA, NOW)
        hearing = schedule_hearing(session, case.id, HearingKind.TRIAL, PLACE, ROSA, NOW)
        new = NewSupporter("Denise", "Johnson", "mother")
        supporter = enroll_supporter(session, case.id, new, ROSA, NOW)
    contact = NewContact(Channel.SMS, "+13055550111", AGREED)
    with records.writing(other) as session:
        for attempt in (
            lambda: get_case(session, case.id),
            lambda: schedule_hearing(session, case.id, HearingKind.TRIAL, PLACE, ROSA, NOW),
            lambda: move_hearing(session, hearing.id, PLACE, ROSA, NOW),
            lambda: vacate_hearing(session, hearing.id, ROSA, NOW),
            lambda: record_outcome(session, hearing.id, Appearance.APPEARED, ROSA, NOW),
            lambda: enroll_supporter(session, case.id, new, ROSA, NOW),
            lambda: end_supporter(session, supporter.id, ROSA, NOW),
            lambda: add_contact(session, supporter.person_id, contact, ROSA, NOW),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert load_case(session, case.id) is None
        assert cases_of(session, supporter.person_id) == []
