"""The participant's page: what was written about them, part by part, and their answers."""

import re

import pytest

from activities.notices import the_phrases
from api.pages.packet_text import HEADINGS
from domain.packet_sections import SECTIONS
from domain.vocabulary import PacketState, Verdict
from records.packet_reviews import ask_participant, cancel_packet
from records.packets import PacketContent, change_packet
from records.passages import Said
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import SAID, Scene, a_letter, a_packet, inside, pass_time
from tests.houses import ROSA

MOST_BYTES = 14 * 1024


@pytest.fixture
def scene(office: Office) -> Scene:
    """A packet that Marcus is asked to read."""
    return asked(a_packet(office))


def asked(scene: Scene) -> Scene:
    scene.build()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        ask_participant(session, scene.packet_id, ROSA, NOW)
    return scene


@pytest.fixture
def marcus(scene: Scene) -> Browser:
    """Marcus, inside."""
    return inside(scene.office, scene.participant_path())


def parts(browser: Browser, path: str) -> list[str]:
    """The parts of the page, in its order."""
    return list(dict.fromkeys(re.findall(path + r"/part/([a-z_]+)\"", browser.get(path).text)))


def answer(browser: Browser, path: str, part: str, choice: str, words: str = "") -> str:
    """Answer one part as its page asks; where that leads."""
    page = f"{path}/part/{part}"
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', browser.get(page).text)
    assert seen is not None
    sent = browser.post(page, {"choice": choice, "words": words, "seen": seen[1]})
    assert sent.status_code == 303, said(sent)
    where: str = sent.headers["location"]
    return where


def all_right(browser: Browser, path: str) -> None:
    for part in parts(browser, path):
        answer(browser, path, part, "right")


def rewrite(scene: Scene, home: str) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        change_packet(
            session,
            scene.packet_id,
            PacketContent(ask="We ask for release to his mother's home.", judge="Hon. A. Rivera"),
            ROSA,
            scene.office.clock.at,
            sections={**SAID, "residence": [Said(home)]},
        )


def test_the_door_says_nothing_of_a_case_in_any_language(office: Office) -> None:
    for number, language in enumerate(("en", "es", "ht")):
        scene = asked(a_packet(office, language=language, phone=f"+1305555011{number}"))
        answer = office.browser().get(scene.participant_path())
        assert f'lang="{language}"' in answer.text
        for word in ("Marcus", "judge", "juez", "jij", "court", "corte", "tribinal", "release"):
            assert word not in said(answer), (language, word)


def test_every_part_can_be_read_in_the_order_of_the_packet(scene: Scene, marcus: Browser) -> None:
    path = scene.participant_path()
    assert parts(marcus, path)[:3] == ["ask", "ties", "residence"]
    page = marcus.words(f"{path}/part/ties")
    assert "“Marcus was born in Liberty City.”" in page
    assert "Told by Denise Johnson" in page
    assert "Part 2 of" in page


def test_that_he_opened_it_is_kept(scene: Scene, marcus: Browser) -> None:
    marcus.get(f"{scene.participant_path()}/part/ties")
    assert scene.office.audit() == ["opened a packet's page"]


def test_agreement_sends_it_to_counsel(scene: Scene, marcus: Browser) -> None:
    path = scene.participant_path()
    assert marcus.post(f"{path}/send", {"more": ""}).status_code == 200, "nothing is sent yet"
    assert scene.reviews() == []
    all_right(marcus, path)
    sent = marcus.post(f"{path}/send", {"more": "Thank you all."})
    assert sent.headers["location"] == f"{path}/thanks"
    assert "Your lawyer reads it next" in marcus.words(f"{path}/thanks")
    [review] = scene.reviews()
    assert (review.verdict, review.words) == (Verdict.AGREES, "Thank you all.")
    assert (review.said_by, review.version_id) == ("Marcus Johnson", scene.newest().id)
    assert scene.packet().state == PacketState.COUNSEL_REVIEW


def test_what_must_change_and_what_is_not_to_be_told_come_back_in_his_words(
    scene: Scene, marcus: Browser
) -> None:
    path = scene.participant_path()
    assert answer(marcus, path, "ties", "untold") == f"{path}/part/residence"
    answer(marcus, path, "residence", "change", "I live with my aunt now.")
    page = marcus.words(f"{path}/send")
    assert "Your home Something must change I live with my aunt now." in page
    assert "You have not read every part yet. You can send what you have" in page
    marcus.post(f"{path}/send", {"more": "Call me."})
    [review] = scene.reviews()
    assert review.verdict == Verdict.CHANGES
    assert review.words.split("\n") == [
        "Ties to the community: not to be told.",
        "Home: something must change. I live with my aunt now.",
        "Call me.",
    ]
    assert scene.packet().state == PacketState.DRAFTING
    assert "I live with my aunt now." in inside(scene.office, scene.counsel_path()).words(
        scene.counsel_path()
    )


def test_answers_are_kept_until_he_comes_back(scene: Scene, marcus: Browser) -> None:
    path = scene.participant_path()
    answer(marcus, path, "residence", "change", "It is my aunt's.")
    pass_time(scene.office, hours=13)
    assert marcus.get(f"{path}/part/residence").headers["location"] == path
    marcus.post(path)
    page = marcus.get(f"{path}/part/residence").text
    assert "It is my aunt&#39;s.</textarea>" in page
    assert re.search(r'value="change" required checked', page)
    assert "Go on reading" in marcus.words(path)


def test_a_part_that_changed_is_read_again_and_his_words_are_not_lost(
    scene: Scene, marcus: Browser
) -> None:
    path = scene.participant_path()
    all_right(marcus, path)
    answer(marcus, path, "residence", "right", "My mother is Denise.")
    rewrite(scene, "He lives with his aunt.")
    assert "changed since you read it" in marcus.words(path)
    page = marcus.get(f"{path}/part/residence").text
    assert "He lives with his aunt." in page
    assert "My mother is Denise." in page
    assert "checked" not in page
    marcus.post(f"{path}/send", {"more": ""})
    assert scene.reviews() == []
    answer(marcus, path, "residence", "right")
    waiting = marcus.post(f"{path}/send", {"more": ""})
    assert waiting.status_code == 409, "the version that says so is still being built"
    assert "Your answers are kept" in said(waiting)
    scene.build()
    assert marcus.post(f"{path}/send", {"more": ""}).status_code == 303
    assert scene.reviews()[0].version_id == scene.newest().id


def test_an_answer_to_an_old_page_shows_the_new_text(scene: Scene, marcus: Browser) -> None:
    path = f"{scene.participant_path()}/part/residence"
    old = re.search(r'name="seen" value="([0-9a-f]+)"', marcus.get(path).text)
    assert old is not None
    rewrite(scene, "He lives with his aunt.")
    sent = marcus.post(path, {"choice": "right", "words": "", "seen": old[1]})
    assert sent.headers["location"] == path
    assert "not read yet" in marcus.words(scene.participant_path())


def test_mistakes_are_said_in_plain_words(scene: Scene, marcus: Browser) -> None:
    path = f"{scene.participant_path()}/part/ask"
    for fields, why in (
        ({"choice": "change", "words": ""}, "Please write what must change."),
        ({"choice": "", "words": "x"}, "Please choose one of the three."),
        ({"choice": "right", "words": "x" * 3001}, "That is too long for one part."),
    ):
        answer = marcus.post(path, {**fields, "seen": "0"})
        assert answer.status_code == 422
        assert why in said(answer)


def test_the_letters_of_others_are_named_and_not_shown(scene: Scene, marcus: Browser) -> None:
    a_letter(scene, body="He taught my son to read.")
    scene.build()
    path = scene.participant_path()
    assert "Pastor Lee Mills, pastor" in marcus.words(f"{path}/part/letters")
    for part in parts(marcus, path):
        assert "He taught my son to read." not in marcus.words(f"{path}/part/{part}")
    page = marcus.words(path)
    assert "Letters that others wrote for you are read by your lawyer and the judge." in page
    assert "PDF" not in page


def test_when_there_is_nothing_to_read_the_page_says_so(scene: Scene, marcus: Browser) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        cancel_packet(session, scene.packet_id, ROSA, NOW)
    page = marcus.words(scene.participant_path())
    assert "There is nothing to read here now" in page
    sent = marcus.post(f"{scene.participant_path()}/part/ask", {"choice": "right", "seen": "0"})
    assert "nothing to read" in said(sent)


def test_his_link_opens_no_other_packet_and_no_page_of_counsel(
    scene: Scene, marcus: Browser
) -> None:
    other = asked(a_packet(scene.office, phone="+13055550120"))
    token = scene.participant_path().rpartition("/")[2]
    assert marcus.get(f"/counsel/{token}").status_code == 404
    there = marcus.words(other.participant_path())
    assert "Open the page" in there
    sent = marcus.post(
        f"{scene.participant_path()}/take", {"take": f"version {other.newest().id} pdf"}
    )
    assert sent.headers["location"] == scene.participant_path()


def test_after_his_answer_the_page_thanks_him_and_he_may_read_it_again(
    scene: Scene, marcus: Browser
) -> None:
    path = scene.participant_path()
    all_right(marcus, path)
    marcus.post(f"{path}/send", {"more": ""})
    page = marcus.words(path)
    assert "You said that this is right." in page
    assert "Start reading" in page


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_every_page_is_small_and_in_his_language(office: Office, language: str) -> None:
    scene = asked(a_packet(office, language=language))
    marcus = inside(office, scene.participant_path())
    path = scene.participant_path()
    sheet = len(marcus.get("/plain.css").content)
    for part in parts(marcus, path):
        answer(marcus, path, part, "untold", "Non.")
    for inner in ("", "/part/ties", "/send"):
        page = marcus.get(path + inner)
        assert f'<html lang="{language}">' in page.text
        assert len(page.content) + sheet < MOST_BYTES, inner
        assert "<script" not in page.text
        assert "http" not in page.text
    assert marcus.get(f"{path}/thanks").headers["location"] == path, "nothing is sent yet"
    marcus.post(f"{path}/send", {"more": ""})
    assert f'<html lang="{language}">' in marcus.get(f"{path}/thanks").text


def test_every_part_has_a_heading_in_every_language() -> None:
    phrases = the_phrases("review")
    known = {name.removeprefix("heading.") for name in phrases.names("heading")}
    assert known == set(SECTIONS) | set(HEADINGS)
    assert {"en", "es", "ht"} <= set(phrases.everything)
