"""The advocate's interview: one form a section, nothing typed is lost, everybody's words apart."""

import re
from html import unescape

import pytest
from httpx import Response
from sqlmodel import col, select

from domain.interview import QUESTIONS
from domain.packet_sections import OF_KIND
from domain.vocabulary import PacketState
from records.casework import Source
from records.circle import NewSupporter, enroll_supporter
from records.interview import invite, save_answer
from records.packets import PacketContent, get_packet, request_packet
from records.passages import UNDO, Said, passages_of
from records.private_links import is_live, path_of
from records.tables import Case, Packet, PacketPassage, PrivateLink
from records.telling import Telling, take_back, tell, teller_of, words_mark
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_mother

PATIENT = "Patient. He waits for his sister."


@pytest.fixture
def case(office: Office) -> Case:
    """Marcus's case."""
    return a_case(office.house.records, NOW)


@pytest.fixture
def packet(office: Office, case: Case) -> Packet:
    """An empty biography."""
    return a_packet(office, case)


@pytest.fixture
def denise(office: Office, case: Case) -> str:
    """His mother's person id."""
    return a_mother(office.house.records, case, NOW)


@pytest.fixture
def ana(office: Office, case: Case) -> str:
    """His godmother, who speaks Spanish and whom no message reaches."""
    with office.house.records.writing(office.hub_id) as session:
        new = NewSupporter("Ana", "Ruiz", "godmother", "es")
        return enroll_supporter(session, case.id, new, ROSA, NOW).person_id


def a_packet(office: Office, case: Case, kind: str = "biography") -> Packet:
    """An empty packet of a kind."""
    with office.house.records.writing(office.hub_id) as session:
        return request_packet(session, case.id, kind, PacketContent(), ROSA, NOW, sections={})


def at(packet: Packet, more: str = "") -> str:
    """The address of an interview's page."""
    return f"/cases/{packet.case_id}/packets/{packet.id}/interview{more}"


def rows(office: Office, section: str = "who") -> list[PacketPassage]:
    """The passages of a section, in order."""
    with office.house.records.reading(office.hub_id) as session:
        return list(
            session.exec(
                select(PacketPassage)
                .where(PacketPassage.section == section)
                .order_by(col(PacketPassage.position))
            ).all()
        )


def says(office: Office, packet: Packet, section: str = "who") -> list[str]:
    """What a section of the packet says."""
    with office.house.records.reading(office.hub_id) as session:
        found = passages_of(session, get_packet(session, packet.id))
        return [row.text for row in found.get(section, [])]


def told(office: Office, packet: Packet, person: str, telling: Telling) -> PacketPassage:
    """Something that somebody tells through their link."""
    with office.house.records.writing(office.hub_id) as session:
        link = invite(session, packet.id, person, ROSA, NOW)
        source = Source(f"interview:{person}", "link")
        row = tell(session, teller_of(session, link), telling, source, NOW)
        assert row is not None
        return row


def box(answer: Response, name: str) -> str:
    """What stands in a text box."""
    found = re.search(rf'<textarea id="{name}"[^>]*>\n(.*?)</textarea>', answer.text, re.S)
    assert found, name
    return unescape(found[1])


def field(answer: Response, name: str) -> str:
    """What stands in a field of one line."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', answer.text)
    assert found, name
    return unescape(found[1])


@pytest.mark.parametrize("kind", list(OF_KIND))
def test_every_section_of_every_kind_can_be_opened_and_told(
    office: Office, rosa: Browser, case: Case, kind: str
) -> None:
    packet = a_packet(office, case, kind)
    overview = rosa.get(at(packet))
    for section in OF_KIND[packet.kind]:  # type: ignore[index]
        assert f'href="{at(packet, f"/{section}")}"' in overview.text
        page = rosa.get(at(packet, f"/{section}"))
        assert page.status_code == 200
        for question in QUESTIONS[section]:
            assert f'name="n_{question.key}_text"' in page.text
            sent = {f"n_{question.key}_text": "So.", f"n_{question.key}_title": "2001"}
            assert rosa.post(at(packet, f"/{section}"), sent).status_code == 303
        assert len(rows(office, section)) == len(QUESTIONS[section])
    assert "0 questions open" not in rosa.words(at(packet))


def test_an_answer_is_saved_with_whose_words_it_is_and_what_bears_it_out(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    sent = {
        "n_words_text": PATIENT,
        "n_words_by": "Tia Johnson, sister",
        "n_words_quote": "yes",
        "n_words_bears": "Letter of Tia, Exhibit A",
        "do": "save:words",
    }
    answer = rosa.post(at(packet, "/who"), sent)
    assert answer.headers["location"] == at(packet, "/who?saved=words#q_words")
    [row] = rows(office)
    assert (row.text, row.said_by, row.quote) == (PATIENT, "Tia Johnson, sister", True)
    assert (row.confirmed_by, row.question) == ("Letter of Tia, Exhibit A", "words")
    page = rosa.words(at(packet, "/who?saved=words"))
    assert f"“{PATIENT}”" in page
    assert "Tia Johnson, sister · borne out by Letter of Tia, Exhibit A" in page
    assert "Saved." in page
    overview = rosa.words(at(packet))
    assert "1 paragraph · 4 of 5 questions open Tia Johnson, sister" in overview


def test_whichever_button_is_pressed_everything_typed_is_saved(
    office: Office, rosa: Browser, packet: Packet, denise: str
) -> None:
    def press(do: str) -> str:
        count = len(rows(office, "goals"))
        answer = rosa.post(at(packet, "/goals"), {"n_free_text": f"Paragraph {count}.", "do": do})
        assert len(rows(office, "goals")) == count + 1, do
        return answer.headers["location"]

    assert press("save") == at(packet, "/goals?saved=before#q_before")
    assert press("") == at(packet, "/goals?saved=before")
    assert press("next") == at(packet), "the last section leads to the overview"
    assert press(f"by:{denise}") == at(packet, f"/goals?by={denise}&saved=before")
    assert press("ask:ht") == at(packet, "/goals?ask=ht&saved=before")
    [first, *_] = rows(office, "goals")
    assert press(f"change:{first.id}") == at(packet, f"/goals?edit={first.id}#p_{first.id}")
    assert press(f"down:{first.id}") == at(packet, "/goals?saved=order#order")
    assert press(f"remove:{first.id}") == at(packet, f"/goals?gone={first.id}")
    assert press(f"back:{first.id}") == at(packet, f"/goals?saved={first.id}#p_{first.id}")
    following = rosa.post(at(packet, "/who"), {"n_joy_text": "Birds.", "do": "next"})
    assert following.headers["location"] == at(packet, "/timeline?saved=before")


def test_who_is_telling_fills_whose_words_and_the_language(
    office: Office, rosa: Browser, packet: Packet, ana: str
) -> None:
    page = rosa.get(at(packet, f"/who?by={ana}"))
    assert "¿Qué sabe hacer bien Marcus?" in said(page)
    assert "What is Marcus good at?" in said(page)
    assert field(page, "n_good_by") == "Ana Ruiz, godmother"
    assert '<h2 lang="es">' in page.text
    english = rosa.get(at(packet, f"/who?by={ana}&ask=en"))
    assert "¿Qué sabe hacer" not in english.text
    assert field(english, "by") == ana
    assert field(rosa.get(at(packet, "/who?by=nobody")), "n_good_by") == ""


def test_an_answer_in_another_language_waits_and_is_translated_beside_itself(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    sent = {
        "n_kind_text": "Siempre viene.",
        "n_kind_language": "es",
        "n_kind_by": "Ana Ruiz, godmother",
        "n_kind_quote": "yes",
    }
    rosa.post(at(packet, "/who"), sent)
    assert says(office, packet) == []
    [row] = rows(office)
    assert (row.text, row.original, row.language) == ("", "Siempre viene.", "es")
    assert "needs translating from Spanish" in rosa.words(at(packet))
    assert "needs translating from Spanish" in rosa.words(at(packet, "/who"))
    page = rosa.get(at(packet, f"/who?edit={row.id}"))
    assert box(page, f"r_{row.id}_original") == "Siempre viene."
    translated = {
        f"r_{row.id}_text": "He always comes.",
        f"r_{row.id}_original": "Siempre viene.",
        f"r_{row.id}_language": "es",
        f"r_{row.id}_by": field(page, f"r_{row.id}_by"),
        f"r_{row.id}_quote": "yes",
        f"r_{row.id}_seen": field(page, f"r_{row.id}_seen"),
    }
    rosa.post(at(packet, "/who"), translated)
    assert says(office, packet) == ["He always comes."]
    [row] = rows(office)
    assert row.original == "Siempre viene."
    assert row.said_by == "Ana Ruiz, godmother (translated from Spanish)"
    words = rosa.words(at(packet, "/who"))
    assert "In their words, Spanish: Siempre viene." in words
    assert "needs translating" not in words


def test_a_tellers_words_are_shown_translated_and_never_rewritten(
    office: Office, rosa: Browser, packet: Packet, ana: str
) -> None:
    row = told(office, packet, ana, Telling("who", "kind", "Siempre viene."))
    page = rosa.get(at(packet, f"/who?edit={row.id}"))
    assert "Ana Ruiz, godmother wrote in Spanish: Siempre viene." in said(page)
    assert f"r_{row.id}_original" not in page.text
    sent = {
        f"r_{row.id}_text": "He always comes.",
        f"r_{row.id}_original": "Forged.",
        f"r_{row.id}_by": row.said_by,
        f"r_{row.id}_quote": "yes",
        f"r_{row.id}_seen": "1",
    }
    rosa.post(at(packet, "/who"), sent)
    [row] = rows(office)
    assert (row.text, row.original, row.teller_id) == ("He always comes.", "Siempre viene.", ana)


def test_words_that_are_english_already_are_used_as_they_are(
    office: Office, rosa: Browser, packet: Packet, ana: str
) -> None:
    row = told(office, packet, ana, Telling("who", "kind", "He always comes."))
    assert "It is English already" in rosa.words(at(packet, "/who"))
    answer = rosa.post(at(packet, "/who"), {"do": f"use:{row.id}"})
    assert answer.headers["location"] == at(packet, f"/who?saved={row.id}#p_{row.id}")
    assert says(office, packet) == ["He always comes."]
    assert rows(office)[0].said_by == "Ana Ruiz, godmother"
    assert "It is English already" not in rosa.words(at(packet, "/who"))


def test_words_that_changed_after_the_edit_are_shown_with_what_the_packet_said(
    office: Office, rosa: Browser, packet: Packet, denise: str
) -> None:
    row = told(office, packet, denise, Telling("who", "words", PATIENT))
    sent = {f"r_{row.id}_text": "Patient.", f"r_{row.id}_by": row.said_by, f"r_{row.id}_seen": "1"}
    rosa.post(at(packet, "/who"), sent)
    told(office, packet, denise, Telling("who", "words", "Shy.", seen=words_mark("", PATIENT)))
    words = rosa.words(at(packet, "/who"))
    assert "the words were changed since" in words
    assert "Before that, the packet said: Patient." in words
    assert "the words were changed since" in rosa.words(at(packet))
    page = rosa.get(at(packet, f"/who?edit={row.id}"))
    kept = {
        f"r_{row.id}_text": box(page, f"r_{row.id}_text"),
        f"r_{row.id}_by": row.said_by,
        f"r_{row.id}_seen": field(page, f"r_{row.id}_seen"),
    }
    rosa.post(at(packet, "/who"), kept)
    assert "changed since" not in rosa.words(at(packet, "/who"))


def test_two_advocates_see_both_texts_and_the_rest_is_saved(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    sam = office.staff(name="sam")
    rosa.post(at(packet, "/who"), {"n_words_text": PATIENT})
    answer = sam.post(at(packet, "/who"), {"n_words_text": "Shy.", "n_joy_text": "Birds."})
    assert answer.status_code == 409
    assert says(office, packet) == [PATIENT, "Birds."]
    [row, _] = rows(office)
    assert "changed this while you wrote, and yours is not saved yet" in said(answer)
    assert PATIENT in said(answer)
    assert box(answer, f"r_{row.id}_text") == "Shy."
    again = {
        f"r_{row.id}_text": "Shy, and patient.",
        f"r_{row.id}_seen": field(answer, f"r_{row.id}_seen"),
    }
    assert sam.post(at(packet, "/who"), again).status_code == 303
    assert says(office, packet) == ["Shy, and patient.", "Birds."]
    stale = {f"r_{row.id}_text": "Mine.", f"r_{row.id}_seen": "1"}
    assert rosa.post(at(packet, "/who"), stale).status_code == 409
    assert says(office, packet)[0] == "Shy, and patient."


def test_a_teller_who_changes_their_words_meanwhile_is_heard(
    office: Office, rosa: Browser, packet: Packet, ana: str
) -> None:
    row = told(office, packet, ana, Telling("who", "kind", "Siempre viene."))
    page = rosa.get(at(packet, f"/who?edit={row.id}"))
    seen = words_mark("", "Siempre viene.")
    told(office, packet, ana, Telling("who", "kind", "Viene los domingos.", seen=seen))
    sent = {
        f"r_{row.id}_text": "He always comes.",
        f"r_{row.id}_by": row.said_by,
        f"r_{row.id}_seen": field(page, f"r_{row.id}_seen"),
    }
    answer = rosa.post(at(packet, "/who"), sent)
    assert answer.status_code == 409
    assert "Viene los domingos." in said(answer)
    assert box(answer, f"r_{row.id}_text") == "He always comes."
    assert says(office, packet) == []


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    sent = {"n_words_text": PATIENT, "n_words_quote": "yes", "n_joy_text": "Birds."}
    answer = rosa.post(at(packet, "/who"), sent)
    assert answer.status_code == 422
    assert "Say whose words they are" in said(answer)
    assert (box(answer, "n_words_text"), box(answer, "n_joy_text")) == (PATIENT, "Birds.")
    assert rows(office) == []
    year = rosa.post(at(packet, "/timeline"), {"n_years_text": "He was born."})
    assert year.status_code == 422
    assert "Give the year." in said(year)
    long = rosa.post(at(packet, "/who"), {"n_words_text": "x" * 5001})
    assert "Use 5000 characters or fewer." in said(long)
    odd = {"n_words_text": "x", "n_words_language": "xx"}
    assert rosa.post(at(packet, "/who"), odd).status_code == 422


def test_a_full_section_says_so_and_saves_nothing_of_the_form(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    with office.house.records.writing(office.hub_id) as session:
        for n in range(49):
            save_answer(session, packet.id, "who", Said(f"Paragraph {n}."), ROSA, NOW)
    sent = {"n_words_text": PATIENT, "n_joy_text": "Birds."}
    answer = rosa.post(at(packet, "/who"), sent)
    assert answer.status_code == 422
    assert "A section holds 50 paragraphs" in said(answer)
    assert (box(answer, "n_words_text"), box(answer, "n_joy_text")) == (PATIENT, "Birds.")
    assert len(rows(office)) == 49


def test_a_removed_answer_can_be_undone(office: Office, rosa: Browser, packet: Packet) -> None:
    rosa.post(at(packet, "/who"), {"n_words_text": PATIENT})
    [row] = rows(office)
    location = rosa.post(at(packet, "/who"), {"do": f"remove:{row.id}"}).headers["location"]
    assert says(office, packet) == []
    page = rosa.words(location)
    assert f"Removed: “{PATIENT}” Undo" in page
    rosa.post(at(packet, "/who"), {"do": f"back:{row.id}"})
    assert says(office, packet) == [PATIENT]


def test_clearing_a_box_removes_it_with_undo(office: Office, rosa: Browser, packet: Packet) -> None:
    rosa.post(at(packet, "/who"), {"n_words_text": PATIENT})
    [row] = rows(office)
    sent = {f"r_{row.id}_text": "", f"r_{row.id}_seen": "1"}
    rosa.post(at(packet, "/who"), sent)
    assert says(office, packet) == []
    rosa.post(at(packet, "/who"), {"do": f"back:{row.id}"})
    assert says(office, packet) == [PATIENT]


def test_what_a_colleague_removed_while_it_was_edited_is_written_anew(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    rosa.post(at(packet, "/who"), {"n_words_text": PATIENT})
    [row] = rows(office)
    sent = {f"r_{row.id}_text": "Shy.", f"r_{row.id}_seen": "1"}
    office.staff(name="sam").post(at(packet, "/who"), {"do": f"remove:{row.id}"})
    assert rosa.post(at(packet, "/who"), sent).status_code == 303
    assert says(office, packet) == ["Shy."]
    office.clock.at = NOW + UNDO
    sam = office.staff(name="sam")
    [_, second] = rows(office)
    sam.post(at(packet, "/who"), {"do": f"remove:{second.id}"})
    late = {f"r_{row.id}_text": "Shy, once more.", f"r_{row.id}_seen": "1"}
    assert office.staff().post(at(packet, "/who"), late).status_code == 303
    assert says(office, packet) == ["Shy, once more."]


def test_what_was_left_out_stays_on_the_page_and_what_was_taken_back_does_not(
    office: Office, rosa: Browser, packet: Packet, denise: str
) -> None:
    row = told(office, packet, denise, Telling("who", "words", PATIENT))
    editing = {f"r_{row.id}_text": "Patient.", f"r_{row.id}_seen": "1"}
    rosa.post(at(packet, "/who"), {"do": f"remove:{row.id}"})
    page = rosa.words(at(packet, "/who"))
    assert "left out of the packet" in page
    assert "Put it back" in page
    with office.house.records.writing(office.hub_id) as session:
        link = session.exec(select(PrivateLink)).one()
        source = Source(f"interview:{denise}", "link")
        take_back(session, teller_of(session, link), row.id, source, NOW)
    for address in ("/who", f"/who?edit={row.id}", f"/who?gone={row.id}", ""):
        assert PATIENT not in rosa.get(at(packet, address)).text
    assert rosa.post(at(packet, "/who"), editing).status_code == 303
    rosa.post(at(packet, "/who"), {"do": f"back:{row.id}"})
    assert PATIENT not in rosa.get(at(packet, "/who")).text
    assert says(office, packet) == []


def test_someone_of_the_circle_is_asked_to_tell_and_their_link_ends(
    office: Office, rosa: Browser, packet: Packet, denise: str
) -> None:
    assert "Ask Denise to tell" in rosa.words(at(packet))
    answer = rosa.post(at(packet, f"/people/{denise}/ask"))
    assert answer.headers["location"] == at(packet, "?done=invited#tell")
    words = rosa.words(at(packet, "?done=invited"))
    assert "asked Wed 2 Dec 2026, 10:00, not opened yet" in words
    with office.house.records.reading(office.hub_id) as session:
        link = session.exec(select(PrivateLink)).one()
    assert link.token not in rosa.get(at(packet)).text
    shown = rosa.post(at(packet, f"/people/{denise}/link"))
    assert f'value="http://testserver{path_of(link)}" readonly' in shown.text
    assert "showed a private link" in office.audit()
    office.browser().post(path_of(link))
    assert "opened the link" in rosa.words(at(packet))
    told(office, packet, denise, Telling("who", "words", PATIENT))
    assert "told 1 answer" in rosa.words(at(packet))
    rosa.post(at(packet, f"/people/{denise}/revoke"))
    with office.house.records.reading(office.hub_id) as session:
        assert not is_live(session.exec(select(PrivateLink)).one(), NOW)
    assert rosa.post(at(packet, f"/people/{denise}/link")).status_code == 404
    assert PATIENT in rosa.words(at(packet, "/who")), "what was told stays"


def test_whom_no_message_reaches_gets_a_link_to_hand_over(
    office: Office, rosa: Browser, packet: Packet, ana: str
) -> None:
    words = rosa.words(at(packet))
    assert "No message reaches Ana: make the link and hand it over." in words
    assert "Make a link for Ana" in words
    assert "Marcus is not sent a link" in words


def test_the_way_to_the_link_is_closed_to_strangers(
    office: Office, rosa: Browser, packet: Packet, case: Case
) -> None:
    stranger = a_mother(office.house.records, a_case(office.house.records, NOW), NOW, phone="")
    assert rosa.post(at(packet, f"/people/{stranger}/ask")).status_code == 404
    elsewhere = at(packet).replace(case.id, a_case(office.house.records, NOW).id)
    for address in (elsewhere, f"{elsewhere}/who", at(packet, "/ties"), at(packet, "/nothing")):
        assert rosa.get(address).status_code == 404
    other = office.staff(hub_id=office.other_hub(), name="eve")
    assert other.get(at(packet)).status_code == 404
    assert other.post(at(packet, "/who"), {"n_words_text": "x"}).status_code == 404
    assert office.browser().get(at(packet)).status_code == 303
    assert rows(office) == []


def test_a_closed_packet_is_read_and_not_changed(
    office: Office, rosa: Browser, packet: Packet, denise: str
) -> None:
    rosa.post(at(packet, "/who"), {"n_words_text": PATIENT})
    with office.house.records.writing(office.hub_id) as session:
        get_packet(session, packet.id).state = PacketState.FILED
    page = rosa.get(at(packet, "/who"))
    assert PATIENT in said(page)
    assert "<textarea" not in page.text
    assert "closed" in rosa.words(at(packet))
    answer = rosa.post(at(packet, "/who"), {"n_joy_text": "Birds."})
    assert answer.status_code == 409
    assert "This packet is closed" in said(answer)
    assert rosa.post(at(packet, f"/people/{denise}/ask")).status_code == 409
    assert says(office, packet) == [PATIENT]


def test_reading_an_interview_is_written_into_the_audit(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    rosa.get(at(packet))
    rosa.get(at(packet, "/who"))
    assert office.audit().count("read an interview") == 2


def test_hostile_words_are_words(office: Office, rosa: Browser, packet: Packet) -> None:
    hostile = '"><script>alert(1)</script> {{ 7 * 7 }} \u202e\x00 & <b>'
    rosa.post(at(packet, "/who"), {"n_words_text": hostile, "n_words_by": '"><i>'})
    page = rosa.get(at(packet, "/who"))
    assert "<script" not in page.text
    assert "<i>" not in page.text
    assert "{{ 7 * 7 }}" in unescape(page.text)
    assert "\u202e" not in rows(office)[0].text


def test_what_somebody_took_out_meanwhile_costs_nobody_what_they_typed(
    office: Office, rosa: Browser, packet: Packet, denise: str
) -> None:
    row = told(office, packet, denise, Telling("who", "words", PATIENT))
    with office.house.records.writing(office.hub_id) as session:
        link = invite(session, packet.id, denise, ROSA, NOW)
        source = Source(f"interview:{denise}", "link")
        take_back(session, teller_of(session, link), row.id, source, NOW)
    for do in ("change", "remove", "use", "back"):
        typed = f"Birds, {do}."
        answer = rosa.post(at(packet, "/who"), {"n_free_text": typed, "do": f"{do}:{row.id}"})
        assert answer.status_code == 303
        assert typed in says(office, packet)
        assert PATIENT not in said(rosa.get(answer.headers["location"]))


def test_what_does_not_fit_back_into_a_section_is_said(
    office: Office, rosa: Browser, packet: Packet
) -> None:
    rosa.post(at(packet, "/who"), {"n_words_text": PATIENT})
    [row] = rows(office)
    rosa.post(at(packet, "/who"), {"do": f"remove:{row.id}"})
    with office.house.records.writing(office.hub_id) as session:
        for n in range(50):
            save_answer(session, packet.id, "who", Said(f"Paragraph {n}."), ROSA, NOW)
    answer = rosa.post(at(packet, "/who"), {"do": f"back:{row.id}"})
    assert answer.status_code == 422
    assert "A section holds 50 paragraphs" in said(answer)


def test_a_revision_of_five_thousand_digits_is_no_fault(
    rosa: Browser, office: Office, packet: Packet
) -> None:
    rosa.post(at(packet, "/who"), {"n_words_text": PATIENT})
    [row] = rows(office)
    dana = office.staff(name="dana")
    for number in ("9" * 5000, "\u0661", "-1", "x"):
        sent = {f"r_{row.id}_text": "Other.", f"r_{row.id}_seen": number}
        assert dana.post(at(packet, "/who"), sent).status_code == 409
    assert says(office, packet) == [PATIENT]
