"""A court date is set, moved or cancelled only after it was seen who will be told what."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from domain.vocabulary import Channel
from records.circle import NewContact, NewSupporter, enroll_supporter
from records.hearings import Setting, move_hearing
from records.outbox import passed_on, pending
from records.tables import Case, Hearing, Message
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import AGREED, ROSA, ZONE, a_case, a_hearing, a_mother, wall

SAME_PLACE = {"zone": ZONE, "room": "3A", "place": "1351 NW 12th St, Miami"}


def with_date(office: Office) -> tuple[Case, Hearing]:
    """Marcus and Denise, told of an arraignment on Tuesday 8 December at 9:00."""
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW, language="es")
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    passed_on(office.house.records, pending(office.house.records))
    return case, hearing


def present(office: Office) -> Hearing:
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(Hearing)).one()


def bodies(office: Office, step: str) -> list[str]:
    with office.house.records.reading(office.hub_id) as session:
        rows = session.exec(select(Message).where(Message.step == step)).all()
    return sorted(row.body for row in rows)


def words_of(page: str) -> list[str]:
    """The messages on a preview, as they stand there."""
    return sorted(re.findall(r'<p class="words">(.*?)</p>', page, flags=re.DOTALL))


def test_moving_first_shows_who_is_told_what_and_saves_nothing(
    office: Office, rosa: Browser
) -> None:
    case, hearing = with_date(office)
    url = f"/cases/{case.id}/hearings/{hearing.id}/move"
    answer = rosa.post(url, {**SAME_PLACE, "date": "2026-12-10", "time": "13:30"})
    page = said(answer)
    assert answer.status_code == 200
    assert "Until now: Tue 8 Dec 2026, 9:00" in page
    assert "Thu 10 Dec 2026, 13:30 · in 8 days" in page
    assert "Hi Marcus, your court date has moved. Old: Tuesday, December 8" in page
    assert "jueves 10 de diciembre" in page
    assert present(office).revision == 1
    assert pending(office.house.records) == []


def test_the_preview_says_word_for_word_what_is_then_written(office: Office, rosa: Browser) -> None:
    case, hearing = with_date(office)
    url = f"/cases/{case.id}/hearings/{hearing.id}/move"
    fields = {**SAME_PLACE, "date": "2026-12-10", "time": "13:30"}
    preview = rosa.post(url, fields)
    saved = rosa.post(url, {**fields, "seen": "1"})
    assert saved.headers["location"] == f"/cases/{case.id}?done=moved"
    moved = present(office)
    assert (moved.revision, moved.local_time) == (2, wall("2026-12-10 13:30"))
    assert pending(office.house.records)
    office.live()
    assert words_of(preview.text) == bodies(office, "changed")
    assert len(bodies(office, "changed")) == 2
    page = rosa.words(f"/cases/{case.id}")
    assert "Arraignment moved from Tue 8 Dec 2026, 9:00 to Thu 10 Dec 2026, 13:30" in page


def test_a_new_date_is_previewed_and_then_told_in_the_same_words(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW)
    url = f"/cases/{case.id}/hearings/new"
    fields = {**SAME_PLACE, "kind": "trial", "date": "2026-12-14", "time": "9:00 am"}
    preview = rosa.post(url, fields)
    assert "2 messages" in said(preview)
    assert rosa.post(url, {**fields, "seen": "1"}).status_code == 303
    office.live()
    assert words_of(preview.text) == bodies(office, "enrolled")


def test_going_back_from_the_preview_keeps_what_was_typed(office: Office, rosa: Browser) -> None:
    case, hearing = with_date(office)
    url = f"/cases/{case.id}/hearings/{hearing.id}/move"
    fields = {**SAME_PLACE, "date": "2026-12-10", "time": "13:30", "seen": "1", "again": "yes"}
    answer = rosa.post(url, fields)
    assert answer.status_code == 200
    assert 'value="2026-12-10"' in answer.text
    assert present(office).revision == 1


def test_a_change_in_the_meantime_shows_the_preview_again(office: Office, rosa: Browser) -> None:
    case, hearing = with_date(office)
    with office.house.records.writing(office.hub_id) as session:
        elsewhere = Setting(wall("2026-12-09 09:00"), ZONE, "3A", "1351 NW 12th St, Miami")
        move_hearing(session, hearing.id, elsewhere, ROSA, NOW)
    url = f"/cases/{case.id}/hearings/{hearing.id}/move"
    fields = {**SAME_PLACE, "date": "2026-12-10", "time": "13:30", "seen": "1"}
    answer = rosa.post(url, fields)
    assert answer.status_code == 409
    assert "Somebody changed this court date" in said(answer)
    assert present(office).local_time == wall("2026-12-09 09:00")
    assert rosa.post(url, {**fields, "seen": "2"}).status_code == 303


def test_the_same_date_again_changes_and_tells_nothing(office: Office, rosa: Browser) -> None:
    case, hearing = with_date(office)
    url = f"/cases/{case.id}/hearings/{hearing.id}/move"
    answer = rosa.post(url, {**SAME_PLACE, "date": "2026-12-08", "time": "09:00"})
    assert answer.headers["location"] == f"/cases/{case.id}?done=same"
    assert pending(office.house.records) == []


def test_the_preview_names_everyone_who_is_not_told_and_why(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, custody="detained")
    with office.house.records.writing(office.hub_id) as session:
        for first, relation, may_know, contacts in (
            ("Denise", "mother", True, (NewContact(Channel.SMS, "+13055550111", AGREED),)),
            ("Samuel", "pastor", True, ()),
            ("Ray", "cousin", False, (NewContact(Channel.SMS, "+13055550112", AGREED),)),
        ):
            new = NewSupporter(first, "Lee", relation, "en", contacts, may_know)
            enroll_supporter(session, case.id, new, ROSA, NOW)
    fields = {**SAME_PLACE, "kind": "bail_review", "date": "2026-12-08", "time": "09:00"}
    page = said(rosa.post(f"/cases/{case.id}/hearings/new", fields))
    assert "1 message " in page
    assert "Denise Lee, mother" in page
    assert "Marcus Johnson not written to: is in custody" in page
    assert "Samuel Lee, pastor not written to: has no phone or e-mail address" in page
    assert "Ray Lee, cousin not written to: may not hear of court dates" in page


def test_at_night_the_preview_says_when_it_leaves_or_who_must_call(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_mother(office.house.records, case, NOW)
    office.live()
    office.clock.at = NOW + timedelta(hours=13)
    url = f"/cases/{case.id}/hearings/new"
    later = {**SAME_PLACE, "kind": "status", "date": "2026-12-08", "time": "09:00"}
    assert "kept in the outbox" in said(rosa.post(url, later))
    soon = later | {"date": "2026-12-03", "time": "07:30"}
    page = said(rosa.post(url, soon))
    assert "No message" in page
    assert "Denise Johnson, mother not written to: is asleep until it is too late" in page


def test_with_a_provider_the_preview_says_when_each_message_leaves(fresh_sms: Office) -> None:
    office, rosa = fresh_sms, fresh_sms.staff()
    case = a_case(office.house.records, NOW, phone="")
    a_mother(office.house.records, case, NOW)
    url = f"/cases/{case.id}/hearings/new"
    fields = {**SAME_PLACE, "kind": "status", "date": "2026-12-08", "time": "09:00"}
    assert "at once · text · English" in said(rosa.post(url, fields))
    office.clock.at = NOW + timedelta(hours=13)
    assert "Thu 3 Dec 2026, 8:00 · text · English" in said(rosa.post(url, fields))


def test_a_weekend_is_pointed_out(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    fields = {**SAME_PLACE, "kind": "trial", "date": "2026-12-12", "time": "09:00"}
    page = said(rosa.post(f"/cases/{case.id}/hearings/new", fields))
    assert "This is a Saturday" in page


def test_cancelling_shows_the_words_then_tells_whoever_was_told(
    office: Office, rosa: Browser
) -> None:
    case, hearing = with_date(office)
    url = f"/cases/{case.id}/hearings/{hearing.id}/cancel"
    preview = rosa.get(url)
    assert "cancelled: nobody needs to come" in said(preview)
    assert present(office).status == "scheduled"
    assert rosa.post(url, {"seen": "1"}).headers["location"].endswith("done=cancelled")
    assert present(office).status == "vacated"
    office.live()
    assert words_of(preview.text) == bodies(office, "cancelled")
    page = rosa.words(f"/cases/{case.id}")
    assert "Arraignment of Tue 8 Dec 2026, 9:00 cancelled" in page
    again = rosa.get(url)
    assert again.status_code == 409
    assert "schedule a new one instead" in said(again)


def test_cancelling_what_nobody_was_told_of_tells_nobody(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    page = rosa.words(f"/cases/{case.id}/hearings/{hearing.id}/cancel")
    assert "No message" in page
    assert "was never told of this date" in page


def test_the_same_new_date_sent_twice_is_one(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    url = f"/cases/{case.id}/hearings/new"
    fields = {**SAME_PLACE, "kind": "trial", "date": "2026-12-14", "time": "09:00", "seen": "1"}
    once = {"once": "a form that was opened once"}
    first, second = rosa.post(url, fields | once), rosa.post(url, fields | once)
    assert first.headers["location"] == second.headers["location"]
    assert present(office).kind == "trial"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("kind", "", "Choose what the hearing is for"),
        ("date", "", "Enter the date"),
        ("time", "late", "not a time of day"),
        ("zone", "Atlantis/Deep", "Choose a time zone"),
        ("date", "2026-11-30", "This moment has passed"),
        ("room", "x" * 80, "60 characters or fewer"),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    office: Office, rosa: Browser, field: str, value: str, why: str
) -> None:
    case = a_case(office.house.records, NOW)
    fields = {**SAME_PLACE, "kind": "trial", "date": "2026-12-14", "time": "09:00", field: value}
    answer = rosa.post(f"/cases/{case.id}/hearings/new", fields)
    assert answer.status_code == 422
    assert why in said(answer)
