"""Counsel's page: read, comment, approve what was read and nothing else, take the files, file."""

from datetime import date

import pytest
from httpx import Response
from sqlmodel import col, select

from domain.vocabulary import LetterState, LinkPurpose, PacketState, Verdict
from records.counsel import NewCounsel, set_counsel
from records.letter_writing import original_hash
from records.packet_reviews import (
    bound_hash,
    cancel_packet,
    mark_delivered,
    replace_packet,
    send_to_counsel,
)
from records.packets import PacketContent, change_packet, get_packet
from records.private_links import LinkFor, live_link, revoke_links
from records.tables import AuditEvent, Letter, PacketVersion, PrivateLink
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import (
    Scene,
    a_letter,
    a_packet,
    an_exhibit,
    inside,
    pass_time,
)
from tests.houses import ROSA


@pytest.fixture
def scene(office: Office) -> Scene:
    """A packet that counsel is asked to read: version 1."""
    scene = a_packet(office)
    scene.build()
    ask(scene)
    return scene


@pytest.fixture
def ana(scene: Scene) -> Browser:
    """Counsel, inside."""
    return inside(scene.office, scene.counsel_path())


def ask(scene: Scene) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        send_to_counsel(
            session, scene.packet_id, ROSA, scene.office.clock.at, unread_because="He is held."
        )


def change(scene: Scene, ask_for: str = "We ask for release today.") -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        change_packet(
            session, scene.packet_id, PacketContent(ask=ask_for), ROSA, scene.office.clock.at
        )


def approve(scene: Scene, ana: Browser, version: PacketVersion, name: str = "Ana Ruiz") -> Response:
    return ana.post(
        f"{scene.counsel_path()}/approve",
        {"version": version.id, "seen": bound_hash(version), "signed_as": name},
    )


def test_the_door_says_nothing_of_the_case_and_opening_the_link_changes_nothing(
    scene: Scene,
) -> None:
    path = scene.counsel_path()
    stranger = scene.office.browser()
    shown = stranger.words(path)
    for word in ("Marcus", "Johnson", "packet", "Ruiz", "release"):
        assert word not in shown
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        link = session.exec(select(PrivateLink)).one()
    assert link.opened_at is None
    assert scene.office.audit() == []
    for inner in ("/text", "/letters/0"):
        assert stranger.get(path + inner).headers["location"] == path


def test_counsel_sees_what_it_is_for_what_is_in_it_and_what_was_said(scene: Scene) -> None:
    a_letter(scene)
    an_exhibit(scene)
    scene.build(findings=[("Page 3 is an image without text.", False)])
    ana = inside(scene.office, scene.counsel_path())
    page = ana.words(scene.counsel_path())
    for words in (
        "Marcus Johnson",
        "Release packet, for the arraignment on Tue 8 Dec 2026, 9:00",
        "The hub asks you to read version 2",
        "What changed since version 1",
        "New: the letter of Pastor Lee Mills.",
        "Pastor Lee Mills · pastor",
        "A Pay stub",
        "Page 3 is an image without text.",
        "Participant has not read it",
        "He is held.",
        "The hub files nothing. You file.",
    ):
        assert words in page, words
    assert scene.newest().pdf_sha256 in page


def test_counsel_reads_the_text_and_every_letter_that_is_in(scene: Scene, ana: Browser) -> None:
    sent = a_letter(scene, body="He taught my son to read.")
    begun = a_letter(scene, first="June", state=LetterState.STARTED, body="Not finished")
    path = scene.counsel_path()
    text = ana.words(f"{path}/text")
    assert "Marcus was born in Liberty City." in text
    assert "— Denise Johnson" in text
    assert "He taught my son to read." in ana.words(f"{path}/letters/{sent.id}")
    assert ana.get(f"{path}/letters/{begun.id}").status_code == 404
    page = ana.words(path)
    assert "June Mills · pastor begun, not sent yet" in page
    assert "Not finished" not in page


def test_a_translation_is_shown_beside_the_letter_that_it_is_of(scene: Scene, ana: Browser) -> None:
    letter = a_letter(scene, body="Lo conozco bien.")
    page = f"{scene.counsel_path()}/letters/{letter.id}"
    for of, shown in ((original_hash(letter), True), ("of an earlier text", False)):
        with scene.office.house.records.writing(scene.office.hub_id) as session:
            row = session.get_one(Letter, letter.id)
            row.translation, row.translated_by, row.translated_from = "I know him.", "R. Cruz", of
            session.add(row)
        words = ana.words(page)
        assert ("I know him. Translated by R. Cruz" in words) is shown
        assert ("changed after it was translated" in words) is not shown
        assert "Lo conozco bien." in words


def test_an_approval_is_bound_to_what_was_shown(scene: Scene, ana: Browser) -> None:
    version = scene.newest()
    answer = approve(scene, ana, version)
    assert answer.headers["location"] == f"{scene.counsel_path()}?done=approved"
    [approval] = scene.approvals()
    assert approval.version_id == version.id
    assert approval.bound_hash == bound_hash(version)
    assert approval.signed_as == "Ana Ruiz"
    assert approval.approved_by.startswith("counsel:")
    assert scene.packet().state == PacketState.APPROVED


def test_approving_twice_is_harmless(scene: Scene, ana: Browser) -> None:
    version = scene.newest()
    first, second = approve(scene, ana, version), approve(scene, ana, version)
    assert first.headers["location"] == second.headers["location"]
    assert len(scene.approvals()) == 1
    assert [row.verdict for row in scene.reviews()].count(Verdict.APPROVES) == 1


def test_what_changed_after_counsel_read_it_is_said_and_nothing_is_approved(
    scene: Scene, ana: Browser
) -> None:
    read = scene.newest()
    change(scene)
    answer = approve(scene, ana, read)
    assert answer.status_code == 409
    page = said(answer)
    assert "Nothing was approved: the packet has changed since you read version 1" in page
    assert "Changed: what the court is asked." in page
    assert "is being made" in page
    scene.build()
    again = approve(scene, ana, read)
    assert again.status_code == 409
    assert "Version 2 says so." in said(again)
    assert scene.approvals() == []
    assert approve(scene, ana, scene.newest()).status_code == 303


def test_other_bytes_under_the_same_words_are_not_what_was_read(scene: Scene, ana: Browser) -> None:
    read = scene.newest()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        row = session.get_one(PacketVersion, read.id)
        row.pdf_sha256 = "0" * 64
        session.add(row)
    assert approve(scene, ana, read).status_code == 409
    assert scene.approvals() == []


def test_an_approval_needs_a_name(scene: Scene, ana: Browser) -> None:
    answer = approve(scene, ana, scene.newest(), name="  ")
    assert answer.status_code == 422
    assert "Type your name, as you sign." in said(answer)
    assert scene.approvals() == []


def test_the_page_says_that_an_approval_no_longer_holds_before_anything_voided_it(
    scene: Scene, ana: Browser
) -> None:
    approve(scene, ana, scene.newest())
    assert "Approved. The final version is being made" in ana.words(scene.counsel_path())
    change(scene)
    page = ana.words(scene.counsel_path())
    assert scene.approvals()[0].voided_at is None
    assert "The approval by Ana Ruiz no longer holds. Changed: what the court is asked." in page
    assert "Version 1 approval no longer holds" in page
    assert "Approved and ready: version" not in page


def test_counsel_sends_it_back_in_words_and_once(scene: Scene, ana: Browser) -> None:
    fields = {"version": scene.newest().id, "back_words": "Name his employer."}
    path = f"{scene.counsel_path()}/send-back"
    assert ana.post(path, {**fields, "back_words": ""}).status_code == 422
    for _ in range(2):
        assert ana.post(path, fields).headers["location"].endswith("?done=back")
    assert scene.packet().state == PacketState.DRAFTING
    sent = [row for row in scene.reviews() if row.verdict == Verdict.SENDS_BACK]
    assert [(row.words, row.said_by) for row in sent] == [("Name his employer.", "Ana Ruiz")]
    assert "Name his employer." in ana.words(scene.counsel_path())
    late = approve(scene, ana, scene.newest())
    assert late.status_code == 409
    assert "has not sent this packet to counsel" in said(late)


def test_a_comment_leaves_the_packet_as_it_is(scene: Scene, ana: Browser) -> None:
    fields = {"version": scene.newest().id, "comment_words": "Good work."}
    ana.post(f"{scene.counsel_path()}/comment", fields)
    assert scene.packet().state == PacketState.COUNSEL_REVIEW
    assert "Ana Ruiz commented" in ana.words(scene.counsel_path())


def test_what_was_written_is_shown_again_when_it_comes_too_late(scene: Scene, ana: Browser) -> None:
    fields = {"version": scene.newest().id, "back_words": "Name his employer."}
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        replace_packet(session, scene.packet_id, "release", ROSA, NOW)
    answer = ana.post(f"{scene.counsel_path()}/send-back", fields)
    assert answer.status_code == 409
    assert "Name his employer." in said(answer)


def delivered(scene: Scene, ana: Browser) -> None:
    """Approved, built and handed over, as the workflow does it."""
    approve(scene, ana, scene.newest())
    scene.build()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        mark_delivered(session, get_packet(session, scene.packet_id), ROSA, NOW)


def test_after_delivery_counsel_takes_the_final_and_says_when_it_was_filed(
    scene: Scene, ana: Browser
) -> None:
    delivered(scene, ana)
    path = scene.counsel_path()
    page = ana.words(path)
    assert "Approved and ready: version 2" in page
    assert "Version 2 approved" in page
    filed = f"{path}/filed"
    for day, why in (("2026-12-25", "still to come"), ("soon", "not a date"), ("", "Enter")):
        answer = ana.post(filed, {"filed_on": day})
        assert answer.status_code == 422
        assert why in said(answer)
    assert ana.post(filed, {"filed_on": "2026-12-02"}).headers["location"].endswith("?done=filed")
    assert scene.packet().filed_on == date(2026, 12, 2)
    assert scene.packet().state == PacketState.FILED
    assert "You filed it on Wed 2 Dec 2026" in ana.words(path)


def test_nothing_can_be_filed_that_was_not_approved(scene: Scene, ana: Browser) -> None:
    answer = ana.post(f"{scene.counsel_path()}/filed", {"filed_on": "2026-12-02"})
    assert answer.status_code == 409
    assert scene.packet().filed_on is None


def test_a_form_that_names_another_packets_version_tells_nothing_of_it(
    scene: Scene, ana: Browser
) -> None:
    other = a_packet(scene.office, phone="+13055550120")
    a_letter(other, first="June", last="Banks")
    fields = {"version": other.build().id, "signed_as": "Ana", "filed_on": "2026-12-01"}
    refused = ana.post(f"{scene.counsel_path()}/filed", fields)
    assert refused.status_code == 409
    assert "June Banks" not in said(refused)


def test_who_read_what_is_kept(scene: Scene, ana: Browser) -> None:
    letter = a_letter(scene)
    path = scene.counsel_path()
    ana.get(f"{path}/text")
    ana.get(f"{path}/letters/{letter.id}")
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
        link = session.exec(select(PrivateLink)).one()
    assert [(row.action, row.subject_id) for row in rows] == [
        ("opened a packet's page", scene.packet_id),
        ("read a packet", scene.packet_id),
        ("read a letter", letter.id),
    ]
    assert {row.actor for row in rows} == {f"counsel:{link.person_id}"}


def test_a_link_leads_to_one_packet_alone(scene: Scene, ana: Browser) -> None:
    other = a_packet(scene.office, phone="+13055550120")
    theirs = other.build()
    letter = a_letter(other)
    exhibit = an_exhibit(other)
    path = scene.counsel_path()
    for what in (
        f"version {theirs.id} pdf",
        f"letter {letter.id} uploaded",
        f"exhibit {exhibit.id} uploaded",
    ):
        assert ana.post(f"{path}/take", {"take": what}).status_code == 404
    assert ana.get(f"{path}/letters/{letter.id}").status_code == 404
    fields = {"version": theirs.id, "seen": bound_hash(theirs), "signed_as": "Ana Ruiz"}
    assert ana.post(f"{path}/approve", fields).status_code == 404
    for where, words in (("comment", "comment_words"), ("send-back", "back_words")):
        sent = ana.post(f"{path}/{where}", {"version": theirs.id, words: "Hello"})
        assert sent.status_code == 404
    assert ana.get(other.counsel_path()).status_code == 200
    assert "Marcus" not in ana.words(other.counsel_path()), "its own button was not pressed"
    assert other.reviews() == []
    assert scene.approvals() == []


def test_a_link_ends_when_it_is_revoked_or_somebody_else_defends(
    scene: Scene, ana: Browser
) -> None:
    path = scene.counsel_path()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        new = NewCounsel("Ben", "Ode", contacts=())
        set_counsel(session, scene.case_id, new, ROSA, NOW)
    for answer in (ana.get(path), ana.get(f"{path}/text"), ana.post(path)):
        assert answer.status_code == 410
        assert "Marcus" not in answer.text
    now = scene.counsel_path()
    assert now != path
    ben = inside(scene.office, now)
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        link = session.exec(select(PrivateLink).where(PrivateLink.purpose == "counsel")).all()[-1]
        wanted = LinkFor(LinkPurpose.COUNSEL, packet_id=scene.packet_id, person_id=link.person_id)
        assert live_link(session, wanted) is not None
        revoke_links(session, wanted, NOW)
    assert ben.get(now).status_code in (410, 200)
    assert "Marcus" not in ben.get(now).text


def test_a_cancelled_packet_asks_nothing_of_counsel(scene: Scene, ana: Browser) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        cancel_packet(session, scene.packet_id, ROSA, NOW)
    page = ana.words(scene.counsel_path())
    assert "The hub has stopped work on it" in page
    assert "Approve version" not in page
    assert approve(scene, ana, scene.newest()).status_code == 409


def test_forms_of_other_sites_are_refused(scene: Scene, ana: Browser) -> None:
    answer = ana.post(
        f"{scene.counsel_path()}/approve",
        {"version": scene.newest().id, "signed_as": "Ana Ruiz"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert scene.approvals() == []


def test_reading_the_page_changes_nothing(scene: Scene, ana: Browser) -> None:
    before = scene.office.audit()
    pass_time(scene.office, minutes=1)
    revision = scene.packet().revision
    for inner in ("", "/text"):
        assert ana.get(scene.counsel_path() + inner).status_code == 200
    assert scene.office.audit() == [*before, "read a packet"], "who read it is kept"
    assert scene.packet().revision == revision


def test_whatever_people_write_is_shown_as_text(scene: Scene, ana: Browser) -> None:
    evil = "<script>alert(1)</script> \u202egnilaets \U0001f600 {{ 7777 * 7777 }}"
    letter = a_letter(scene, first="<b>Lee", body=evil)
    an_exhibit(scene, title=evil)
    scene.build(findings=[(evil, True)])
    path = scene.counsel_path()
    fields = {"version": scene.newest().id, "comment_words": evil}
    ana.post(f"{path}/comment", fields)
    for inner in ("", "/text", f"/letters/{letter.id}"):
        page = ana.get(path + inner).text
        assert "<script>" not in page, inner
        assert "<b>Lee" not in page, inner
        assert "60481729" not in page, inner
    assert "&lt;script&gt;alert(1)" in ana.get(path).text
