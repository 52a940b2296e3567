"""Links to family pages: made once, ended when they must, sent anew to known addresses alone."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from domain.mailing import ASKS_PAGE
from domain.tracks import Track
from domain.vocabulary import Channel
from records.access import hash_token
from records.casework import get_case, move_track
from records.circle import NewContact, NewSupporter, add_contact, end_supporter, enroll_supporter
from records.database import Records
from records.family_ending import feed_secret
from records.family_links import (
    LINK_LASTS,
    MOST_A_DAY,
    ask_for_a_new_link,
    family_link,
    family_path,
    tie_of,
)
from records.private_links import path_of
from records.replies import receive_text
from records.tables import (
    Answer,
    Case,
    ContactPoint,
    Defendant,
    FeedToken,
    PrivateLink,
    Supporter,
)
from tests.houses import AGREED, ROSA, a_case, a_mother, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + LINK_LASTS + timedelta(days=1)
PHONE = "+13055550111"


@pytest.fixture
def case(records: Records) -> Case:
    return a_case(records, NOW)


@pytest.fixture
def mother(records: Records, case: Case) -> str:
    return a_mother(records, case, NOW, phone=PHONE, email="denise@example.org")


def a_link(records: Records, hub: str, person_id: str, case: Case) -> PrivateLink:
    with records.writing(hub) as session:
        return family_link(session, person_id, case.id, NOW)


def links_of(records: Records, hub: str) -> list[PrivateLink]:
    with records.reading(hub) as session:
        return list(session.exec(select(PrivateLink).order_by(col(PrivateLink.id))).all())


def asked(records: Records, hub: str) -> list[str]:
    """To which channels a new link goes, by name."""
    with records.reading(hub) as session:
        rows = session.exec(
            select(col(ContactPoint.channel))
            .join(Answer, col(Answer.contact_id) == ContactPoint.id)
            .where(Answer.step == ASKS_PAGE)
        ).all()
        return sorted(rows)


def test_each_person_has_one_page_of_each_case(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    first = a_link(records, hub, mother, case)
    assert a_link(records, hub, mother, case).token == first.token
    assert path_of(first) == f"/f/{first.token}"
    with records.reading(hub) as session:
        son = session.get_one(Defendant, case.defendant_id).person_id
    assert a_link(records, hub, son, case).token != first.token
    other = a_case(records, NOW, phone="+13055550112")
    assert a_link(records, hub, mother, other).token != first.token


def test_a_reminder_writes_nothing_while_the_link_opens_long_enough(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    link = a_link(records, hub, mother, case)
    with records.reading(hub) as session:
        assert family_path(session, mother, case.id, NOW + timedelta(days=29)) == path_of(link)
    soon = NOW + timedelta(days=31)
    with records.writing(hub) as session:
        assert family_path(session, mother, case.id, soon) == path_of(link)
    assert links_of(records, hub)[0].expires_at == soon + LINK_LASTS


def test_a_link_that_had_expired_never_opens_again(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    old = a_link(records, hub, mother, case)
    with records.writing(hub) as session:
        path = family_path(session, mother, case.id, LATER)
    assert path != path_of(old)
    [kept, new] = links_of(records, hub)
    assert kept.expires_at == old.expires_at
    assert path == path_of(new)


def test_who_leaves_the_circle_has_no_page_of_it(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    link = a_link(records, hub, mother, case)
    elsewhere = a_case(records, NOW, phone="+13055550112")
    other = a_link(records, hub, mother, elsewhere)
    with records.writing(hub) as session:
        supporter = session.exec(select(Supporter)).one()
        end_supporter(session, supporter.id, ROSA, LATER)
    with records.reading(hub) as session:
        assert session.get_one(PrivateLink, link.id).revoked_at == LATER
        assert session.get_one(PrivateLink, other.id).revoked_at is None
        assert tie_of(session, link) is None


def test_who_may_not_know_of_dates_has_no_page_whatever_their_link(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    link = a_link(records, hub, mother, case)
    with records.writing(hub) as session:
        session.exec(select(Supporter)).one().may_know_hearings = False
    with records.reading(hub) as session:
        assert tie_of(session, link) is None


def test_the_pages_of_a_case_end_with_it(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    link = a_link(records, hub, mother, case)
    with records.writing(hub) as session:
        row = get_case(session, case.id)
        move_track(session, row, Track.COURT, "closed", ROSA, LATER, override_reason="done")
    [ended] = links_of(records, hub)
    assert (ended.id, ended.revoked_at) == (link.id, LATER)


def test_a_wrong_number_ends_every_page_and_calendar_that_its_messages_led_to(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    link = a_link(records, hub, mother, case)
    with records.writing(hub) as session:
        for secret in (feed_secret(link), "from staff"):
            session.add(FeedToken(person_id=mother, token_hash=hash_token(secret)))
    receive_text(records, PHONE, "wrong number", "SM1", LATER)
    assert [one.revoked_at for one in links_of(records, hub)] == [LATER]
    with records.reading(hub) as session:
        feeds = session.exec(select(FeedToken)).all()
        ended = {feed.token_hash: feed.revoked_at for feed in feeds}
    assert ended == {hash_token(feed_secret(link)): LATER, hash_token("from staff"): None}


def test_a_new_link_goes_to_the_first_phone_and_mailbox_they_have(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    link = a_link(records, hub, mother, case)
    with records.writing(hub) as session:
        add_contact(session, mother, NewContact(Channel.SMS, "+13055550119", AGREED), ROSA, NOW)
        assert not ask_for_a_new_link(session, link, NOW), "it opens: none is needed"
        assert ask_for_a_new_link(session, link, LATER)
    assert asked(records, hub) == ["email", "sms"]


def test_new_links_are_few_whoever_asks(
    records: Records, hub: str, case: Case, mother: str
) -> None:
    link = a_link(records, hub, mother, case)
    sent = []
    with records.writing(hub) as session:
        for minutes in (0, 1, 59, 61, 122, 183, 300):
            sent.append(ask_for_a_new_link(session, link, LATER + timedelta(minutes=minutes)))
    assert sent == [True, False, False, True, True, False, False]
    assert len(asked(records, hub)) == 2 * MOST_A_DAY


def test_no_link_goes_where_none_may(records: Records, hub: str, case: Case, mother: str) -> None:
    stranger = a_case(records, NOW, phone="+13055550113", custody="detained")
    with records.writing(hub) as session:
        held = session.get_one(Defendant, stranger.defendant_id).person_id
        revoked = family_link(session, mother, case.id, NOW)
        assert not ask_for_a_new_link(session, family_link(session, held, stranger.id, NOW), LATER)
        silent = enroll_supporter(session, case.id, NewSupporter("Lee", "M", "friend"), ROSA, NOW)
        bare = family_link(session, silent.person_id, case.id, NOW)
        assert not ask_for_a_new_link(session, bare, LATER)
        revoked.revoked_at = NOW
        assert not ask_for_a_new_link(session, revoked, LATER)
    assert asked(records, hub) == []
