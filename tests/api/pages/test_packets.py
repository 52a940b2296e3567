"""Packets: asked for on a page, built by themselves, taken as files that are safe to take."""

import pytest
from sqlmodel import select

from records.outbox import pending
from records.packets import content_of
from records.tables import Case, Hearing, Packet, PacketVersion
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case, a_hearing

WORDS = b"PK a packet"


@pytest.fixture
def case(office: Office) -> Case:
    """A case with a date in court."""
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    return case


def hearing_of(office: Office) -> Hearing:
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(Hearing)).one()


def packet_of(office: Office) -> Packet:
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(Packet)).one()


def asked(office: Office, rosa: Browser, case: Case) -> Packet:
    """A packet that was asked for on its page."""
    fields = {
        "hearing": hearing_of(office).id,
        "ask": "Let him go home.",
        "ties": "Born here.\r\nSings in the choir.",
        "transport": "His mother drives him.",
    }
    answer = rosa.post(f"/cases/{case.id}/packets/new", fields)
    assert answer.headers["location"] == f"/cases/{case.id}?done=packet#packets"
    return packet_of(office)


def built(office: Office, packet: Packet, pdf_problem: str = "") -> str:
    """The id of a version that was built of it."""
    stored = office.house.store.put(WORDS)
    with office.house.records.writing(office.hub_id) as session:
        version = PacketVersion(
            packet_id=packet.id,
            number=1,
            inputs_hash="first",
            template="release",
            template_version="1",
            docx_key=stored.key,
            built_at=NOW,
            pdf_problem=pdf_problem,
        )
        session.add(version)
        session.flush()
        return version.id


def test_a_packet_is_asked_for_and_its_workflow_hears_of_it(
    office: Office, rosa: Browser, case: Case
) -> None:
    packet = asked(office, rosa, case)
    content = content_of(packet)
    assert content.ask == "Let him go home."
    assert content.ties == ("Born here.", "Sings in the choir.")
    assert packet.hearing_id == hearing_of(office).id
    assert packet.id in {news.subject.id for news in pending(office.house.records)}
    page = rosa.words(f"/cases/{case.id}")
    assert "Release packet draft · for Tue 8 Dec 2026, 9:00" in page
    assert "The first version is being built" in page


def test_a_packet_needs_a_court_date_to_be_for(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    answer = rosa.post(f"/cases/{case.id}/packets/new", {"ask": "Let him go home."})
    assert answer.status_code == 422
    assert "add the court date first" in said(answer)
    assert "Let him go home." in answer.text


def test_what_a_packet_says_can_be_changed(office: Office, rosa: Browser, case: Case) -> None:
    packet = asked(office, rosa, case)
    url = f"/cases/{case.id}/packets/{packet.id}/edit"
    form = rosa.get(url).text
    assert "Born here.\nSings in the choir.</textarea>" in form
    assert rosa.post(url, {"ask": "Let him go home today."}).status_code == 303
    changed = packet_of(office)
    assert content_of(changed).ask == "Let him go home today."
    assert changed.revision == packet.revision + 1
    assert rosa.post(url, {"ask": ""}).status_code == 422


def test_a_version_is_taken_as_a_file_and_that_is_kept(
    office: Office, rosa: Browser, case: Case
) -> None:
    version = built(office, asked(office, rosa, case))
    answer = rosa.get(f"/cases/{case.id}/packets/{version}/docx")
    assert answer.content == WORDS
    headers = answer.headers
    assert headers["content-disposition"] == 'attachment; filename="release-packet-v1.docx"'
    assert headers["content-type"].endswith("wordprocessingml.document")
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert office.audit() == ["took a packet as docx"]


def test_without_a_pdf_the_page_says_why(office: Office, rosa: Browser, case: Case) -> None:
    version = built(office, asked(office, rosa, case), pdf_problem="LibreOffice is not installed.")
    assert rosa.get(f"/cases/{case.id}/packets/{version}/pdf").status_code == 404
    page = rosa.words(f"/cases/{case.id}")
    assert "No PDF: LibreOffice is not installed." in page
    assert "Word file of version 1" in page


def test_a_file_that_is_gone_is_told_as_gone(office: Office, rosa: Browser, case: Case) -> None:
    version = built(office, asked(office, rosa, case))
    with office.house.records.reading(office.hub_id) as session:
        key = session.get_one(PacketVersion, version).docx_key
    office.house.store.delete(key)
    answer = rosa.get(f"/cases/{case.id}/packets/{version}/docx")
    assert answer.status_code == 410
    assert "not in the document store" in said(answer)


def test_no_other_case_and_no_other_hub_takes_the_file(
    office: Office, rosa: Browser, case: Case
) -> None:
    version = built(office, asked(office, rosa, case))
    other = a_case(office.house.records, NOW, phone="+13055550120")
    assert rosa.get(f"/cases/{other.id}/packets/{version}/docx").status_code == 404
    stranger = office.staff(hub_id=office.other_hub())
    assert stranger.get(f"/cases/{case.id}/packets/{version}/docx").status_code == 404
    assert rosa.get(f"/cases/{case.id}/packets/{version}/exe").status_code == 404
