"""The page of one packet: asked for, what is missing, its way through its readers, its versions."""

import re
from datetime import date

import pytest
from sqlmodel import select

from domain.vocabulary import LetterState, PacketKind, PacketState, Verdict
from records.outbox import pending
from records.packet_reviews import approve, bound_hash, mark_delivered
from records.packets import content_of, get_packet
from records.passages import Said, replace_sections
from records.tables import Case, Hearing, HumanTask, Packet
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import Scene, a_letter, a_packet, an_exhibit, pass_time, with_mother
from tests.houses import ROSA, a_case, a_hearing


@pytest.fixture
def case(office: Office) -> Case:
    """A case with a date in court."""
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    return case


@pytest.fixture
def scene(office: Office) -> Scene:
    """A packet with nothing built."""
    return a_packet(office)


def packets_of(office: Office) -> list[Packet]:
    with office.house.records.reading(office.hub_id) as session:
        return list(session.exec(select(Packet)).all())


def hearing_id(office: Office) -> str:
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(Hearing)).one().id


def test_a_packet_is_asked_for_and_its_workflow_hears_of_it(
    office: Office, rosa: Browser, case: Case
) -> None:
    new = f"/cases/{case.id}/packets/new"
    page = rosa.words(new)
    for words in ("Sentencing mitigation packet", "Progress report", "Arraignment, Tue 8 Dec 2026"):
        assert words in page
    fields = {
        "kind": "sentencing",
        "hearing": hearing_id(office),
        "ask": "Let him go home.",
        "once": "1",
    }
    first, second = rosa.post(new, fields), rosa.post(new, fields)
    [packet] = packets_of(office)
    assert first.headers["location"] == f"/cases/{case.id}/packets/{packet.id}?done=asked"
    assert second.headers["location"] == first.headers["location"]
    assert (packet.kind, packet.hearing_id) == ("sentencing", hearing_id(office))
    assert content_of(packet).ask == "Let him go home."
    assert packet.id in {news.subject.id for news in pending(office.house.records)}


def test_a_packet_may_wait_for_whichever_court_date_comes(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    fields = {"kind": "biography", "hearing": "next", "ask": "Know him."}
    assert rosa.post(f"/cases/{case.id}/packets/new", fields).status_code == 303
    assert packets_of(office)[0].hearing_id is None


def test_mistakes_in_a_new_packet_are_said_and_nothing_is_lost(
    office: Office, rosa: Browser, case: Case
) -> None:
    answer = rosa.post(f"/cases/{case.id}/packets/new", {"kind": "poem", "ask": "Let him go."})
    assert answer.status_code == 422
    assert "Choose what kind of packet this is." in said(answer)
    assert "Let him go." in answer.text
    assert packets_of(office) == []


def test_the_case_page_leads_to_each_packet_in_a_line(scene: Scene, rosa: Browser) -> None:
    answer = rosa.get(f"/cases/{scene.case_id}")
    assert f'href="{scene.url}"' in answer.text
    assert "Release packet collecting · for Tue 8 Dec 2026, 9:00" in said(answer)


def test_the_page_says_how_far_it_is_and_what_is_missing_with_names(
    scene: Scene, rosa: Browser
) -> None:
    a_letter(scene, first="Lee", state=LetterState.OPENED)
    a_letter(scene, first="June", state=LetterState.DECLINED)
    page = rosa.words(scene.url)
    for words in (
        "Release packet",
        "Release packet, for the arraignment on Tue 8 Dec 2026, 9:00 (in 6 days)",
        "Collecting",
        "Nothing is told yet under Work and school.",
        "The letter of Lee Mills (pastor): opened, not begun. Asked Wed 2 Dec 2026.",
        "June Mills would rather not write.",
        "The first version is being made.",
    ):
        assert words in page, words
    assert "Those who depend on them" in page
    assert "empty, may stay so" in page


def test_lead_times_count_back_from_the_hearing_and_shrink(scene: Scene, rosa: Browser) -> None:
    page = rosa.words(scene.url)
    assert "Less time is left than usual" in page
    assert "Approved and ready Mon 7 Dec 2026" in page
    assert "In court Tue 8 Dec 2026" in page


def test_a_packet_without_counsel_or_with_no_way_to_counsel_says_so(
    office: Office, rosa: Browser, case: Case
) -> None:
    fields = {"kind": "release", "hearing": "next", "ask": "Let him go home."}
    rosa.post(f"/cases/{case.id}/packets/new", fields)
    page = rosa.words(f"/cases/{case.id}/packets/{packets_of(office)[0].id}")
    assert "Nobody is named as counsel." in page
    assert "The judge is not named." in page


def test_what_the_filing_desk_would_refuse_stands_among_what_is_missing(
    scene: Scene, rosa: Browser
) -> None:
    scene.build(findings=[("It has 30 MB; this court takes 25.", True)])
    page = rosa.words(scene.url)
    assert "The court's filing desk would refuse it: It has 30 MB; this court takes 25." in page


def test_versions_are_shown_with_what_changed_and_why_there_is_no_pdf(
    scene: Scene, rosa: Browser
) -> None:
    first = scene.build()
    an_exhibit(scene)
    scene.build(problem="LibreOffice is not installed.")
    page = rosa.words(scene.url)
    assert "Changed since version 1: New: the exhibit “Pay stub”." in page
    assert "There is no PDF. LibreOffice is not installed." in page
    assert first.pdf_sha256 in page


def test_what_changed_and_is_not_built_yet_is_said(scene: Scene, rosa: Browser) -> None:
    scene.build()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        packet = get_packet(session, scene.packet_id)
        replace_sections(session, packet, {"occupation": [Said("He bakes.")]}, ROSA, NOW)
    page = rosa.words(scene.url)
    assert "Changed since version 1; the next version is being made." in page
    assert "New: Work and school." in page


def test_what_stands_around_the_sections_can_be_changed(scene: Scene, rosa: Browser) -> None:
    mother = with_mother(scene)
    form = rosa.get(f"{scene.url}/edit").text
    assert "Hon. A. Rivera" in form
    fields = {
        "hearing": hearing_id(scene.office),
        "ask": "Let him go home today.",
        "judge": "Hon. B. Stone",
        "conditions": "Curfew at nine.\r\n\r\nA call each Monday.",
        "transport": "His mother drives him.",
        "prepared_by": "Rosa",
        f"help-{mother}": "Drives him to court.",
    }
    answer = rosa.post(f"{scene.url}/edit", fields)
    assert answer.headers["location"] == f"{scene.url}?done=changed"
    content = content_of(scene.packet())
    assert content.conditions == ("Curfew at nine.", "A call each Monday.")
    assert (content.judge, content.helpers) == ("Hon. B. Stone", {mother: "Drives him to court."})
    assert scene.packet().hearing_id == hearing_id(scene.office)
    assert "Drives him to court." in rosa.get(f"{scene.url}/edit").text
    assert rosa.post(f"{scene.url}/edit", {**fields, "ask": ""}).status_code == 422


def test_two_who_change_the_same_form_see_each_other_and_lose_nothing(
    scene: Scene, rosa: Browser
) -> None:
    mother = with_mother(scene)
    opened = re.search(r'name="seen" value="(\w+)"', rosa.get(f"{scene.url}/edit").text)
    assert opened is not None
    told = {"hearing": "next", "ask": "Let him go home.", "judge": "Hon. A. Rivera"}
    dana = {**told, "transport": "His mother drives.", f"help-{mother}": "Drives him."}
    step(rosa, scene, "edit", {**dana, "seen": opened[1]})
    rosas = {**told, "transport": "He takes the bus.", f"help-{mother}": "", "seen": opened[1]}
    refused = rosa.post(f"{scene.url}/edit", rosas)
    assert refused.status_code == 422
    assert "Somebody saved this meanwhile: “His mother drives.”" in said(refused)
    assert "Somebody saved this meanwhile: “Drives him.”" in said(refused)
    assert 'value="He takes the bus."' in refused.text
    assert content_of(scene.packet()).transport == "His mother drives."
    now = re.search(r'name="seen" value="(\w+)"', refused.text)
    assert now is not None
    step(rosa, scene, "edit", {**rosas, "seen": now[1]})
    content = content_of(scene.packet())
    assert (content.transport, content.helpers) == ("He takes the bus.", {})


def step(rosa: Browser, scene: Scene, where: str, fields: dict[str, str] | None = None) -> str:
    """Take a step on the packet's page; where that leads."""
    answer = rosa.post(f"{scene.url}/{where}", fields or {})
    assert answer.status_code == 303, said(answer)
    location: str = answer.headers["location"]
    return location


COUNSELS = {"whose": "counsel"}
PARTICIPANT = {"whose": "participant"}


def once_of(page: str, step: str = "") -> dict[str, str]:
    """What tells the form of a page from another one of the same kind."""
    found = re.search(rf'name="once" value="([^"]+{step})"', page)
    assert found is not None
    return {"once": found[1]}


def test_a_step_that_was_sent_twice_is_taken_once(scene: Scene, rosa: Browser) -> None:
    version = scene.build()
    step(rosa, scene, "draft")
    revision = scene.packet().revision
    asked = once_of(rosa.get(scene.url).text, "-ask")
    assert step(rosa, scene, "ask", asked) == step(rosa, scene, "ask", asked)
    assert scene.packet().revision == revision + 1
    said_so = {"version": version.id, "verdict": "changes", "words": "Not my street."}
    said_so |= once_of(rosa.get(f"{scene.url}/answer").text)
    unread = {"unread_because": "Held.", **once_of(rosa.get(f"{scene.url}/counsel").text)}
    for _ in range(2):
        step(rosa, scene, "answer", said_so)
    assert len(scene.reviews()) == 1
    for _ in range(2):
        step(rosa, scene, "counsel", unread)
    assert len(scene.reviews()) == 2
    made = once_of(rosa.get(scene.url).text, "-link")
    step(rosa, scene, "link", made)
    first = scene.counsel_path()
    step(rosa, scene, "link", made)
    assert scene.counsel_path() == first
    other = {"kind": "biography", **once_of(rosa.get(f"{scene.url}/replace").text)}
    assert step(rosa, scene, "replace", other) == step(rosa, scene, "replace", other)
    assert len(packets_of(scene.office)) == 2


def test_the_participant_is_asked_and_their_answer_in_person_is_noted(
    scene: Scene, rosa: Browser
) -> None:
    assert rosa.post(f"{scene.url}/ask").status_code == 409, "there is nothing to read yet"
    version = scene.build()
    step(rosa, scene, "draft")
    assert scene.packet().state == PacketState.DRAFTING
    step(rosa, scene, "ask")
    assert scene.packet().state == PacketState.PARTICIPANT_REVIEW
    page = rosa.words(scene.url)
    assert "Marcus is asked to read it" in page
    assert scene.participant_path() not in rosa.get(scene.url).text
    assert scene.participant_path() in rosa.post(f"{scene.url}/address", PARTICIPANT).text
    assert "Of version 1" in rosa.words(f"{scene.url}/answer")
    wordless = {"version": version.id, "verdict": "changes", "words": ""}
    assert rosa.post(f"{scene.url}/answer", wordless).status_code == 422
    step(rosa, scene, "answer", {**wordless, "words": "Not my street."})
    [review] = scene.reviews()
    assert (review.verdict, review.words) == (Verdict.CHANGES, "Not my street.")
    assert review.said_by == "Marcus Johnson"
    assert scene.packet().state == PacketState.DRAFTING
    assert "Not my street." in rosa.words(scene.url)


def test_an_answer_to_a_version_of_another_packet_is_refused(scene: Scene, rosa: Browser) -> None:
    scene.build()
    other = a_packet(scene.office, phone="+13055550120").build()
    fields = {"version": other.id, "verdict": "changes", "words": "x"}
    assert rosa.post(f"{scene.url}/answer", fields).status_code == 404
    assert scene.reviews() == []


def test_it_goes_to_counsel_unread_only_with_a_reason(scene: Scene, rosa: Browser) -> None:
    scene.build()
    refused = rosa.post(f"{scene.url}/counsel", {"unread_because": " "})
    assert refused.status_code == 422
    assert "has not read this version" in said(refused)
    step(rosa, scene, "counsel", {"unread_because": "Held, and visits are closed."})
    assert scene.packet().state == PacketState.COUNSEL_REVIEW
    assert "Participant has not read it" in rosa.words(scene.url)


def test_counsels_address_is_shown_and_can_be_ended(scene: Scene, rosa: Browser) -> None:
    assert "It has no address yet." in rosa.words(scene.url)
    assert rosa.post(f"{scene.url}/address", COUNSELS).status_code == 404
    step(rosa, scene, "link")
    first = scene.counsel_path()
    assert first not in rosa.get(scene.url).text, "it is shown to whoever asks for it"
    assert "Not opened yet." in rosa.words(scene.url)
    assert "showed a private link" not in scene.office.audit()
    shown = rosa.post(f"{scene.url}/address", COUNSELS)
    assert f"http://testserver{first}" in shown.text
    assert scene.office.audit()[-1] == "showed a private link"
    step(rosa, scene, "link")
    assert first not in rosa.post(f"{scene.url}/address", COUNSELS).text
    assert scene.office.browser().get(first).status_code == 410
    assert "made a new link for counsel" in scene.office.audit()


def test_nobody_elses_address_is_shown(scene: Scene, rosa: Browser) -> None:
    for whose in ({"whose": "letter"}, {"whose": ""}, {}):
        assert rosa.post(f"{scene.url}/address", whose).status_code == 404


def approved(scene: Scene) -> None:
    """Counsel approved the newest version."""
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        version = scene.newest()
        approve(
            session,
            scene.packet_id,
            version.id,
            seen_hash=bound_hash(version),
            current_hash=version.content_hash,
            signed_as="Ana Ruiz",
            source=ROSA,
            now=scene.office.clock.at,
        )


def test_the_approval_is_shown_while_it_holds_and_filing_is_noted(
    scene: Scene, rosa: Browser
) -> None:
    scene.build()
    step(rosa, scene, "counsel", {"unread_because": "Held."})
    approved(scene)
    assert rosa.post(f"{scene.url}/filed", {"filed_on": "2026-12-02"}).status_code == 409
    scene.build()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        mark_delivered(session, get_packet(session, scene.packet_id), ROSA, NOW)
    page = rosa.words(scene.url)
    assert "Approved and with counsel, who files it" in page
    assert "approved by Ana Ruiz" in page
    assert rosa.post(f"{scene.url}/filed", {"filed_on": "2026-12-24"}).status_code == 422
    step(rosa, scene, "filed", {"filed_on": "12/2/2026"})
    assert scene.packet().filed_on == date(2026, 12, 2)
    assert "Filed by counsel on Wed 2 Dec 2026" in rosa.words(scene.url)
    ended = rosa.post(f"{scene.url}/edit", {"ask": "More.", "hearing": "next"})
    assert ended.status_code == 422


def test_an_approval_that_no_longer_holds_is_said_at_once(scene: Scene, rosa: Browser) -> None:
    scene.build()
    step(rosa, scene, "counsel", {"unread_because": "Held."})
    approved(scene)
    step(rosa, scene, "edit", {"ask": "Something else.", "hearing": "next"})
    page = rosa.words(scene.url)
    assert "The approval by Ana Ruiz no longer holds." in page
    assert "Changed: what the court is asked." in page
    assert "approved by Ana Ruiz" not in page


def test_a_packet_is_cancelled_and_taken_up_again_where_it_stood(
    scene: Scene, rosa: Browser
) -> None:
    scene.build()
    step(rosa, scene, "draft")
    for _ in range(2):
        step(rosa, scene, "cancel")
    page = rosa.words(scene.url)
    assert "Cancelled. Everything is kept" in page
    assert "What is missing" not in page
    assert rosa.post(f"{scene.url}/ask").status_code == 409
    assert "cancelled, kept" in rosa.words(f"/cases/{scene.case_id}")
    step(rosa, scene, "resume")
    assert scene.packet().state == PacketState.DRAFTING
    assert "Cancelled" not in rosa.words(scene.url)


def test_another_kind_takes_its_place_and_begins_with_what_both_say(
    scene: Scene, rosa: Browser
) -> None:
    location = step(rosa, scene, "replace", {"kind": PacketKind.BIOGRAPHY})
    new = next(one for one in packets_of(scene.office) if one.id != scene.packet_id)
    assert location == f"/cases/{scene.case_id}/packets/{new.id}?done=replaced"
    assert (new.kind, new.replaces_id) == ("biography", scene.packet_id)
    old = rosa.get(scene.url)
    assert f"/packets/{new.id}" in old.text
    assert "Replaced by another packet" in said(old)
    assert rosa.post(f"{scene.url}/replace", {"kind": "release"}).status_code == 409
    assert rosa.post(f"{scene.url}/replace", {"kind": "poem"}).status_code == 422


def test_reading_the_page_is_noted_and_changes_nothing_else(scene: Scene, rosa: Browser) -> None:
    scene.build()
    pass_time(scene.office, minutes=1)
    revision = scene.packet().revision
    for inner in ("", "/edit", "/answer", "/counsel", "/replace", "/filed"):
        assert rosa.get(scene.url + inner).status_code == 200
    assert scene.packet().revision == revision
    assert scene.office.audit() == ["read a packet"]


def test_no_other_case_and_no_other_hub_reaches_a_packet(scene: Scene, rosa: Browser) -> None:
    version = scene.build()
    other = a_packet(scene.office, phone="+13055550120")
    wrong = f"/cases/{other.case_id}/packets/{scene.packet_id}"
    stranger = scene.office.staff(hub_id=scene.office.other_hub())
    steps = "ask draft cancel resume link address answer counsel replace filed"
    for browser, url in ((rosa, wrong), (stranger, scene.url)):
        for inner in ("", "/edit", "/answer", "/counsel", "/replace", "/filed"):
            assert browser.get(url + inner).status_code == 404, inner
        for where in steps.split():
            assert browser.post(f"{url}/{where}").status_code == 404, where
        taken = browser.post(f"{url}/take", {"take": f"version {version.id} pdf"})
        assert taken.status_code == 404
    assert scene.packet().state == PacketState.COLLECTING


def test_a_task_about_a_packet_leads_to_its_page(scene: Scene, rosa: Browser) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        for kind in ("packet_gaps", "no_counsel"):
            task = HumanTask(
                claim=f"task|{kind}",
                kind=kind,
                case_id=scene.case_id,
                packet_id=scene.packet_id,
                opened_at=NOW,
            )
            session.add(task)
    page = rosa.get("/").text
    assert f'href="{scene.url}"' in page
    assert f'href="/cases/{scene.case_id}/counsel"' in page
