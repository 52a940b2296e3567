"""Agencies in the records: what each may know, under whose consent, and who hears of changes."""

from datetime import datetime, time, timedelta
from itertools import product

import pytest
from sqlmodel import col, select

from domain.agenda import Subject, SubjectRef
from domain.consents import NoConsent
from domain.digests import plan_digests
from domain.tracks import CourtStage, Custody, Track
from domain.vocabulary import Appearance, Audience, Channel, HearingKind, ShareScope
from engine.reconcile import open_subjects
from records.agencies import (
    AgencyEnded,
    NewAgency,
    add_agency,
    agencies_of,
    change_agency,
    end_agency,
    get_agency,
    running_agency,
)
from records.agency_facts import digest_lines, load_agency
from records.agency_shares import (
    Agreement,
    end_share,
    get_share,
    share_case,
    shares_of,
)
from records.casework import NewCase, NotFound, get_case, move_track, open_case
from records.circle import NewContact, add_contact, mark_unreachable, opt_out
from records.consents import SHARING
from records.database import Records
from records.disclosures import note_digest
from records.hearings import (
    Setting,
    move_hearing,
    record_outcome,
    schedule_hearing,
    vacate_hearing,
)
from records.hub_changes import change_hub
from records.hubs import make_hub
from records.outbox import passed_on, pending
from records.tables import (
    Agency,
    AgencyShare,
    Case,
    CaseEvent,
    Consent,
    ContactPoint,
    Disclosure,
    Person,
)
from records.tasks import open_task
from tests.houses import AGREED, ROSA, ZONE, a_case, a_hearing, a_share, a_shelter, utc, wall

NOW = utc("2026-05-01 14:00")
"""A Friday, 10:00 in New York."""
LATER = NOW + timedelta(days=1)
SOON = LATER + timedelta(days=8)
SETTING = Setting(wall("2026-05-06 09:00"), ZONE, "3A", "1351 NW 12th St, Miami")


@pytest.fixture
def shelter(records: Records) -> Agency:
    """A shelter that is written to by e-mail."""
    return a_shelter(records, NOW)


def news(records: Records, kind: Subject = Subject.AGENCY) -> list[tuple[str, int]]:
    """What the relay would tell the agencies' workflows; it is told with that."""
    waiting = pending(records)
    passed_on(records, waiting)
    return [(one.subject.id, one.revision) for one in waiting if one.subject.kind is kind]


def names_told(records: Records, hub: str, agency: Agency, now: datetime = LATER) -> list[str]:
    """First names in what the agency would be told then."""
    with records.reading(hub) as session:
        lines = digest_lines(session, agency.id, now, now + timedelta(days=8))
    return [line.first_name for line in lines]


def test_an_agency_comes_with_a_person_who_agreed_to_be_written_to(
    records: Records, hub: str, shelter: Agency
) -> None:
    with records.reading(hub) as session:
        kept = get_agency(session, shelter.id)
        assert (kept.name, kept.kind, kept.weekday, kept.at) == (
            "Riverside Shelter",
            "shelter",
            0,
            time(9),
        )
        assert session.get_one(Person, kept.person_id).first_name == "Gloria"
        facts = load_agency(session, shelter.id)
        assert facts is not None
        assert facts.person.audience is Audience.AGENCY
        assert [contact.channel for contact in facts.person.contacts] == [Channel.EMAIL]
        assert (facts.entries, facts.messages, facts.ended) == ((), (), False)
        assert load_agency(session, "0" * 32) is None
    assert news(records) == [(shelter.id, 1)]


def test_what_is_shared_is_told_in_order_and_only_as_far_as_agreed(
    records: Records, hub: str, shelter: Agency
) -> None:
    marcus, other = a_case(records, NOW), a_case(records, NOW, phone="+13055550112")
    a_share(records, shelter, marcus, NOW)
    a_share(records, shelter, other, NOW, what=ShareScope.DATE)
    later = a_hearing(records, marcus, "2026-05-07 09:00", NOW)
    sooner = a_hearing(records, other, "2026-05-06 13:30", NOW)
    with records.reading(hub) as session:
        lines = digest_lines(session, shelter.id, LATER, SOON)
        assert [line.hearing_id for line in lines] == [sooner.id, later.id]
        date, place = lines
        assert (date.first_name, date.local, date.room, date.place) == (
            "Marcus",
            wall("2026-05-06 13:30"),
            "",
            "",
        )
        assert (place.room, place.place) == ("3A", "1351 NW 12th St, Miami")
        facts = load_agency(session, shelter.id)
        assert facts is not None
        assert [entry.hearing_id for entry in facts.entries] == [sooner.id, later.id]


CONSENTS = ("holds", "withdrawn", "expired", "none", "someone else's", "for something else")


def test_an_agency_knows_what_is_shared_consented_and_open_of_people_who_are_free_and_no_more(
    records: Records, hub: str, shelter: Agency
) -> None:
    wanted = set()
    states = product(Custody, (False, True), CONSENTS, (False, True), ShareScope)
    with records.writing(hub) as session:
        for n, (custody, closed, consent, ended, what) in enumerate(states):
            case = open_case(session, NewCase(f"Person{n}", "Doe", custody=custody), ROSA, NOW)
            share = share_case(
                session,
                running_agency(session, shelter.id),
                case.id,
                what,
                Agreement("Yes.", "in person", expires_at=LATER + timedelta(days=30)),
                ROSA,
                NOW,
            )
            for hour in (9, 10, 11):
                setting = Setting(SETTING.local_time.replace(hour=hour), ZONE, "3A", "12th St")
                hearing = schedule_hearing(session, case.id, HearingKind.STATUS, setting, ROSA, NOW)
                if hour == 10:
                    vacate_hearing(session, hearing.id, ROSA, NOW)
                if hour == 11:
                    record_outcome(session, hearing.id, Appearance.EXCUSED, ROSA, NOW)
            given = session.get_one(Consent, share.consent_id)
            match consent:
                case "withdrawn":
                    given.withdrawn_at = NOW
                case "expired":
                    given.expires_at = LATER
                case "none":
                    share.consent_id = None
                case "someone else's":
                    given.person_id = shelter.person_id
                case "for something else":
                    given.purpose = "reminders"
            if ended:
                share.ended_at = NOW
            if closed:
                case.stage, case.closed_at = CourtStage.CLOSED, NOW
            session.add_all([given, share, case])
            free = custody is not Custody.DETAINED
            if free and not closed and not ended and consent == "holds":
                wanted.add((f"Person{n}", what, "3A" if what is ShareScope.PLACE else ""))
    with records.reading(hub) as session:
        lines = digest_lines(session, shelter.id, LATER, SOON)
        facts = load_agency(session, shelter.id)
    assert {(line.first_name, line.what, line.room) for line in lines} == wanted
    assert len(lines) == len(wanted) == 4
    assert facts is not None
    planned = {
        entry.hearing_id
        for entry in facts.entries
        if entry.starts is not None and entry.may_be_told(LATER)
    }
    assert planned == {line.hearing_id for line in lines}, "planned and told are the same"


def test_without_the_words_of_a_consent_that_holds_nothing_is_shared(
    records: Records, hub: str, shelter: Agency
) -> None:
    case = a_case(records, NOW)
    for agreement in (
        Agreement(" ", "in person"),
        Agreement("Yes.", ""),
        Agreement("Yes.", "in person", expires_at=NOW),
    ):
        with records.writing(hub) as session:
            running = running_agency(session, shelter.id)
            with pytest.raises(NoConsent):
                share_case(session, running, case.id, ShareScope.DATE, agreement, ROSA, NOW)
    with records.reading(hub) as session:
        assert session.exec(select(AgencyShare)).all() == []
        assert session.exec(select(Consent).where(Consent.purpose == SHARING)).all() == []


def test_a_consent_is_kept_with_its_words_and_ends_in_those_that_took_it_back(
    records: Records, hub: str, shelter: Agency
) -> None:
    case = a_case(records, NOW)
    a_hearing(records, case, "2026-05-06 09:00", NOW)
    share = a_share(records, shelter, case, NOW)
    assert names_told(records, hub, shelter) == ["Marcus"]
    with records.writing(hub) as session:
        end_share(session, share.id, ROSA, LATER, how="by phone", words="Not any more.")
        end_share(session, share.id, ROSA, SOON, how="again", words="again")
    assert names_told(records, hub, shelter) == []
    with records.reading(hub) as session:
        consent = session.exec(select(Consent).where(Consent.purpose == SHARING)).one()
        assert consent.words == "Yes, tell the shelter when I have court."
        assert (consent.how, consent.given_by, consent.given_at) == ("in person", "self", NOW)
        assert (consent.withdrawn_at, consent.withdrawn_how) == (LATER, "by phone")
        assert consent.withdrawn_words == "Not any more."
        assert get_share(session, share.id).ended_at == LATER
        events = session.exec(
            select(col(CaseEvent.kind)).where(CaseEvent.subject_id == shelter.id)
        ).all()
        assert list(events) == ["agency_told", "agency_not_told"]


def test_nobody_is_asked_to_call_an_agency_about_somebody_who_took_the_consent_back(
    records: Records, hub: str, shelter: Agency
) -> None:
    case = a_case(records, NOW)
    hearing = a_hearing(records, case, "2026-05-02 09:00", NOW)
    share = a_share(records, shelter, case, NOW)
    subject = SubjectRef(Subject.AGENCY, shelter.id, hub)
    with records.writing(hub) as session:
        facts = load_agency(session, shelter.id)
        assert facts is not None
        [item] = plan_digests(facts, NOW).items
        task = open_task(session, item, subject, NOW)
        assert task is not None
        assert (task.kind, task.case_id, task.hearing_id) == ("tell_agency", case.id, hearing.id)
        told = load_agency(session, shelter.id)
        assert told is not None
        assert plan_digests(told, NOW).items == (), "it is asked once"
        end_share(session, share.id, ROSA, LATER)
        assert task.closed_at == LATER


def test_sharing_again_replaces_what_was_agreed(
    records: Records, hub: str, shelter: Agency
) -> None:
    case = a_case(records, NOW)
    first = a_share(records, shelter, case, NOW, what=ShareScope.DATE)
    renewed = a_share(records, shelter, case, LATER, what=ShareScope.DATE)
    assert (renewed.id, renewed.since) == (first.id, NOW), "it was told all the while"
    wider = a_share(records, shelter, case, LATER)
    assert (wider.id, wider.since) == (first.id, LATER), "the place is news"
    with records.writing(hub) as session:
        end_share(session, first.id, ROSA, LATER)
    again = a_share(records, shelter, case, SOON)
    assert (again.id, again.since, again.ended_at) == (first.id, SOON, None)
    with records.reading(hub) as session:
        consents = session.exec(
            select(Consent).where(Consent.purpose == SHARING).order_by(col(Consent.id))
        ).all()
        ways = [consent.withdrawn_how for consent in consents]
        assert ways == ["replaced", "replaced", "unshared", ""]


def test_every_change_that_a_digest_depends_on_is_told_to_the_agency_concerned_alone(
    records: Records, hub: str, shelter: Agency
) -> None:
    other = a_shelter(records, NOW, email="other@example.org")
    case = a_case(records, NOW, custody="detained")
    hearing = a_hearing(records, case, "2026-05-06 09:00", NOW)
    news(records)
    share = a_share(records, shelter, case, NOW)
    assert news(records) == [(shelter.id, 2)]
    with records.writing(hub) as session:
        move_hearing(session, hearing.id, SETTING, ROSA, NOW)
        moved = Setting(wall("2026-05-07 09:00"), ZONE)
        move_hearing(session, hearing.id, moved, ROSA, NOW)
    assert news(records) == [(shelter.id, 3)], "the same setting is no change"
    with records.writing(hub) as session:
        move_track(session, get_case(session, case.id), Track.CUSTODY, "released", ROSA, NOW)
    assert news(records) == [(shelter.id, 4)]
    with records.writing(hub) as session:
        new = NewContact(Channel.SMS, "+13055550120", AGREED)
        add_contact(session, shelter.person_id, new, ROSA, NOW)
    assert news(records) == [(shelter.id, 5)]
    with records.writing(hub) as session:
        text, mail = session.exec(
            select(ContactPoint)
            .where(ContactPoint.person_id == shelter.person_id)
            .order_by(col(ContactPoint.channel).desc())
        ).all()
        opt_out(session, text, ROSA, NOW)
        mark_unreachable(session, mail, "550", ROSA, NOW)
    assert news(records) == [(shelter.id, 7)]
    with records.writing(hub) as session:
        change_agency(session, shelter.id, {"weekday": 3, "language": "es"}, NOW)
    assert news(records) == [(shelter.id, 8)]
    with records.writing(hub) as session:
        end_share(session, share.id, ROSA, NOW)
    assert news(records) == [(shelter.id, 9)]
    with records.writing(hub) as session:
        vacate_hearing(session, hearing.id, ROSA, NOW)
    assert news(records) == [], "it is not shared any more"
    with records.writing(hub) as session:
        change_hub(session, {"quiet_to": time(7)}, NOW)
    assert sorted(news(records)) == sorted([(shelter.id, 10), (other.id, 2)])


def test_planner_sees_when_it_was_shared_released_and_moved(
    records: Records, hub: str, shelter: Agency
) -> None:
    case = a_case(records, NOW, custody="detained")
    hearing = a_hearing(records, case, "2026-05-06 09:00", NOW)
    a_share(records, shelter, case, NOW, expires_at=SOON)
    with records.writing(hub) as session:
        move_track(session, get_case(session, case.id), Track.CUSTODY, "released", ROSA, LATER)
        first = load_agency(session, shelter.id)
        moved_at = LATER + timedelta(hours=1)
        moved = Setting(wall("2026-05-08 10:00"), ZONE)
        move_hearing(session, hearing.id, moved, ROSA, moved_at)
        second = load_agency(session, shelter.id)
        vacate_hearing(session, hearing.id, ROSA, SOON)
        third = load_agency(session, shelter.id)
    assert first is not None
    assert second is not None
    assert third is not None
    assert [(entry.since, entry.shared_at) for entry in first.entries] == [(LATER, NOW)]
    [entry] = second.entries
    assert (entry.revision, entry.since, entry.expires_at) == (2, moved_at, SOON)
    assert entry.before == (utc("2026-05-06 13:00"),)
    [gone] = third.entries
    assert (gone.starts, sorted(gone.before)) == (
        None,
        [utc("2026-05-06 13:00"), utc("2026-05-08 14:00")],
    )


def test_an_agency_that_ends_is_told_nothing_and_takes_no_change(
    records: Records, hub: str, shelter: Agency
) -> None:
    case = a_case(records, NOW)
    a_hearing(records, case, "2026-05-06 09:00", NOW)
    a_share(records, shelter, case, NOW)
    assert (Subject.AGENCY, shelter.id) in [(ref.kind, ref.id) for ref, _ in open_subjects(records)]
    with records.writing(hub) as session:
        end_agency(session, shelter.id, ROSA, LATER)
        end_agency(session, shelter.id, ROSA, SOON)
    with records.writing(hub) as session:
        assert get_agency(session, shelter.id).ended_at == LATER
        assert shares_of(session, shelter.id) == []
        assert digest_lines(session, shelter.id, LATER, SOON) == ()
        assert agencies_of(session) == []
        assert [agency.id for agency in agencies_of(session, ended=True)] == [shelter.id]
        consent = session.exec(select(Consent).where(Consent.purpose == SHARING)).one()
        assert consent.withdrawn_at == LATER
        with pytest.raises(AgencyEnded):
            change_agency(session, shelter.id, {"weekday": 2}, SOON)
    assert all(ref.kind is not Subject.AGENCY for ref, _ in open_subjects(records))


def test_another_hubs_agency_is_not_there(records: Records, hub: str, shelter: Agency) -> None:
    marcus = a_case(records, NOW)
    other = make_hub(records, name="Another hub", slug="another").id
    agreed = Agreement("Yes.", "in person")
    with records.writing(other) as session:
        assert load_agency(session, shelter.id) is None
        assert agencies_of(session, ended=True) == []
        with pytest.raises(NotFound):
            get_agency(session, shelter.id)
        theirs = add_agency(session, NewAgency("Another", "Ana"), ROSA, NOW)
        with pytest.raises(NotFound):
            share_case(session, theirs, marcus.id, ShareScope.DATE, agreed, ROSA, NOW)


def test_each_case_told_is_noted_once_for_each_digest_however_many_ways_it_takes(
    records: Records, hub: str, shelter: Agency
) -> None:
    cases: list[Case] = [a_case(records, NOW), a_case(records, NOW, phone="+13055550112")]
    scopes = (ShareScope.PLACE, ShareScope.DATE)
    shares = [
        a_share(records, shelter, case, NOW, what=what)
        for case, what in zip(cases, scopes, strict=True)
    ]
    for case in cases:
        a_hearing(records, case, "2026-05-06 09:00", NOW)
    a_hearing(records, cases[0], "2026-05-07 09:00", NOW)
    due = LATER
    with records.writing(hub) as session:
        lines = digest_lines(session, shelter.id, LATER, SOON)
        note_digest(session, shelter.id, due, lines, due)
        note_digest(session, shelter.id, due, lines, due + timedelta(minutes=5))
    with records.reading(hub) as session:
        rows = session.exec(select(Disclosure)).all()
        assert {row.consent_id for row in rows} == {share.consent_id for share in shares}
        assert [row.recipient for row in rows] == ["Riverside Shelter"] * 2
        assert {row.disclosed_at for row in rows} == {due + timedelta(minutes=5)}
        assert {row.what for row in rows} == {
            "first name; court 2026-05-06 09:00, room and address; "
            "court 2026-05-07 09:00, room and address",
            "first name; court 2026-05-06 09:00",
        }
    with records.writing(hub) as session:
        next_week = due + timedelta(days=7)
        note_digest(session, shelter.id, next_week, lines, next_week)
        assert len(session.exec(select(Disclosure)).all()) == 4
