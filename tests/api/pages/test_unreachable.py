"""Whom nothing reaches, and what is known of each phone and mailbox."""

from sqlmodel import select

from domain.vocabulary import Channel
from records.circle import NewContact, add_contact, mark_unreachable, opt_out
from records.replies import receive_text
from records.tables import Consent, ContactPoint
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing, a_message, a_mother


def ways(office: Office, person_id: str) -> dict[str, str]:
    """A person's contacts: channel → id."""
    with office.house.records.reading(office.hub_id) as session:
        rows = session.exec(select(ContactPoint).where(ContactPoint.person_id == person_id)).all()
        return {row.channel: row.id for row in rows}


def test_a_hub_that_reaches_everybody_says_what_would_stand_here(
    office: Office, rosa: Browser
) -> None:
    a_mother(office.house.records, a_case(office.house.records, NOW), NOW)
    assert "Messages have a way to everybody" in rosa.words("/unreachable")
    assert "Whom nothing reaches" in rosa.words("/inbox")


def test_each_says_why_and_what_to_do_next(office: Office, rosa: Browser) -> None:
    records = office.house.records
    case = a_case(records, NOW, phone="")
    denise = a_mother(records, case, NOW, email="denise@example.org")
    known = ways(office, denise)
    with records.writing(office.hub_id) as session:
        mark_unreachable(session, session.get_one(ContactPoint, known["sms"]), "30006", ROSA, NOW)
    page = rosa.words("/unreachable")
    assert "1 person is told nothing unless one of us tells them" in page
    assert page.index("no phone and no e-mail address is known") < page.index("Denise Johnson")
    assert "Text 305-555-0111: the number is a landline since Wed 2 Dec 2026" in page
    assert "Another way is open: messages go there." in page
    with records.writing(office.hub_id) as session:
        opt_out(session, session.get_one(ContactPoint, known["email"]), ROSA, NOW)
    page = rosa.words("/unreachable")
    assert "2 people are told nothing" in page
    assert "E-mail denise@example.org: asked for no more messages" in page
    assert f"/cases/{case.id}/people/{denise}/contact" in rosa.get("/unreachable").text


def test_the_case_shows_what_works_and_what_was_agreed_in_which_words(
    office: Office, rosa: Browser
) -> None:
    records = office.house.records
    case = a_case(records, NOW, phone="")
    denise = a_mother(records, case, NOW)
    with records.writing(office.hub_id) as session:
        calls = NewContact(Channel.VOICE, "305-555-0111", "Call me, too.", how="by phone")
        add_contact(session, denise, calls, ROSA, NOW)
        sms = session.exec(
            select(ContactPoint).where(
                ContactPoint.person_id == denise, ContactPoint.channel == Channel.SMS
            )
        ).one()
        arrived = a_message(session, sms, "court", NOW, case_id=case.id)
        arrived.settled_at = NOW
        session.add(arrived)
    page = rosa.words(f"/cases/{case.id}")
    assert "Text: 305-555-0111 Call: 305-555-0111 What Denise agreed to" in page
    assert "works: the last message arrived Wed 2 Dec 2026, 10:00" in page
    assert "may be used; nothing has arrived yet" in page
    assert "Agreed Wed 2 Dec 2026, 10:00, by phone, given by Denise: Call me, too." in page
    receive_text(records, "+13055550111", "STOP", "SM1", NOW)
    page = rosa.words(f"/cases/{case.id}")
    assert "does not work: asked for no more messages" in page
    assert "Taken back Wed 2 Dec 2026, 10:00, by text: STOP" in page
    assert "Denise wrote: no more messages" in page
    assert "STOP Open the conversation" in page


def test_a_phone_may_be_called_with_a_yes_of_its_own(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    denise = a_mother(office.house.records, case, NOW, phone="")
    address = f"/cases/{case.id}/people/{denise}/contact"
    assert "calls about court dates at this number, with a recorded voice" in rosa.words(address)
    nothing = rosa.post(address, {"calls": "yes"})
    assert "Enter the phone number that may be called" in said(nothing)
    mail = {"email": "denise@example.org", "phone": "305-555-0111", "calls": "yes"}
    assert "Tick this box once they have agreed" in said(rosa.post(address, mail))
    alone = {"phone": "305-555-0111", "calls": "yes", "how": "on paper"}
    assert rosa.post(address, alone).status_code == 303
    assert ways(office, denise).keys() == {"voice"}
    with office.house.records.reading(office.hub_id) as session:
        consent = session.exec(select(Consent).where(Consent.person_id == denise)).one()
        assert (consent.channel, consent.how) == ("voice", "on paper")
        assert "with a recorded voice" in consent.words
    both = {**alone, "agreed": "yes", "how": "shouted"}
    assert rosa.post(address, both).status_code == 303
    assert ways(office, denise).keys() == {"voice", "sms"}


def test_the_outbox_says_why_something_did_not_arrive(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    denise = a_mother(office.house.records, case, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    with office.house.records.writing(office.hub_id) as session:
        contact = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).one()
        for code, transport, state in (
            ("30006", "twilio", "failed"),
            ("no-carrier", "outbox", "failed"),
            ("", "trial", "sent"),
        ):
            row = a_message(session, contact, code, NOW, case_id=case.id, state=state)
            row.error_code, row.transport, row.claim = code, transport, f"{code}{transport}"
            session.add(row)
    for address in ("/outbox", f"/cases/{case.id}"):
        page = rosa.words(address)
        assert "could not be sent: the number is a landline" in page
        assert "could not be sent: no provider for texts is set up" in page
        assert "kept back: trial" in page
