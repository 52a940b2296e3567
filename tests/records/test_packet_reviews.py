"""A packet through its readers: what each may do when, and what an approval is bound to."""

import threading
import time
from datetime import date, timedelta

import pytest
from sqlmodel import select

from activities.packet_facts import load_packet
from activities.packet_inputs import gather
from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.packets import plan_packet
from domain.vocabulary import Appearance, ExhibitKind, PacketState, Reader, Verdict
from records.casework import NotFound
from records.counsel import NewCounsel, set_counsel
from records.database import HubSession, Records
from records.exhibits import (
    NewExhibit,
    add_exhibit,
    list_exhibits,
    remove_exhibit,
    restore_exhibit,
)
from records.hearings import record_outcome
from records.packet_replacing import replace_packet
from records.packet_reviews import (
    NotApproved,
    NothingBuilt,
    NotReadYet,
    NotUnderReview,
    PacketCancelled,
    PacketEnded,
    VersionChanged,
    approve,
    ask_participant,
    bound_hash,
    cancel_packet,
    comment,
    counsel_link,
    live_approval,
    mark_delivered,
    mark_filed,
    new_counsel_link,
    note_participant,
    resume_packet,
    reviews_of,
    send_back,
    send_to_counsel,
    start_drafting,
    times_changed,
    void_approval,
)
from records.packets import PacketContent, change_packet, get_packet, request_packet
from records.passages import Said, passages_of
from records.private_links import is_live
from records.tables import Approval, HumanTask, Packet, PacketVersion
from records.tasks import close_task, open_task
from tests.houses import ROSA, a_case, a_hearing, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(days=1)
DAY_AFTER = NOW + timedelta(days=2)
SAID = {"ties": [Said("She sings in the choir.", said_by="Denise, mother", quote=True)]}


@pytest.fixture
def packet(records: Records, hub: str) -> Packet:
    """A packet of a case with counsel, for a hearing."""
    case = a_case(records, NOW)
    hearing = a_hearing(records, case, "2026-06-12 09:00", NOW)
    with records.writing(hub) as session:
        set_counsel(session, case.id, NewCounsel("Elena", "Torres"), ROSA, NOW)
        return request_packet(
            session,
            case.id,
            "release",
            PacketContent(ask="Let her go home."),
            ROSA,
            NOW,
            hearing_id=hearing.id,
            sections=SAID,
        )


def a_version(session: HubSession, packet: Packet, content: str = "c1", number: int = 1) -> str:
    """A version as the build files it; its id."""
    row = PacketVersion(
        packet_id=packet.id,
        number=number,
        inputs_hash=f"i-{content}-{number}",
        content_hash=content,
        template="release",
        template_version="t",
        docx_sha256=f"docx-{number}",
        pdf_sha256=f"pdf-{number}",
        built_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


def read_and_sent(session: HubSession, packet: Packet) -> str:
    """A version that the participant agreed with and counsel is asked about."""
    version = a_version(session, packet)
    ask_participant(session, packet.id, ROSA, NOW)
    note_participant(session, packet.id, version, Verdict.AGREES, "", "Marcus", ROSA, NOW)
    return version


def approved(session: HubSession, packet: Packet) -> Approval:
    """The same, approved."""
    version = read_and_sent(session, packet)
    return approve(
        session,
        packet.id,
        version,
        seen_hash=seen(session, version),
        current_hash="c1",
        signed_as="Elena Torres",
        source=ROSA,
        now=LATER,
    )


def seen(session: HubSession, version: str) -> str:
    """The hash that a form shows."""
    return bound_hash(session.get_one(PacketVersion, version))


def state_of(session: HubSession, packet: Packet) -> str:
    """Where it stands."""
    return get_packet(session, packet.id).state


def test_a_packet_goes_from_collecting_to_filed(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        assert state_of(session, packet) == PacketState.COLLECTING
        start_drafting(session, packet.id, ROSA, NOW)
        assert state_of(session, packet) == PacketState.DRAFTING
        version = a_version(session, packet)
        ask_participant(session, packet.id, ROSA, NOW)
        assert state_of(session, packet) == PacketState.PARTICIPANT_REVIEW
        note_participant(session, packet.id, version, Verdict.AGREES, "", "Marcus", ROSA, NOW)
        assert state_of(session, packet) == PacketState.COUNSEL_REVIEW
        approve(
            session,
            packet.id,
            version,
            seen_hash=seen(session, version),
            current_hash="c1",
            signed_as="Elena Torres",
            source=ROSA,
            now=NOW,
        )
        assert state_of(session, packet) == PacketState.APPROVED
        mark_delivered(session, get_packet(session, packet.id), ROSA, LATER)
        assert state_of(session, packet) == PacketState.DELIVERED
        mark_filed(session, packet.id, date(2026, 5, 20), ROSA, LATER)
        filed = get_packet(session, packet.id)
        assert (filed.state, filed.filed_on) == (PacketState.FILED, date(2026, 5, 20))


def test_every_step_raises_the_revision_that_its_workflow_hears_of(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        before = get_packet(session, packet.id).revision
        version = a_version(session, packet)
        ask_participant(session, packet.id, ROSA, NOW)
        note_participant(session, packet.id, version, Verdict.AGREES, "", "", ROSA, NOW)
        assert get_packet(session, packet.id).revision == before + 2


def test_nobody_can_read_what_was_not_built(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        with pytest.raises(NothingBuilt):
            ask_participant(session, packet.id, ROSA, NOW)
        with pytest.raises(NothingBuilt):
            send_to_counsel(session, packet.id, ROSA, NOW, unread_because="no time")


def test_counsel_is_not_asked_before_the_participant_unless_somebody_says_why(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        a_version(session, packet)
        with pytest.raises(NotReadYet):
            send_to_counsel(session, packet.id, ROSA, NOW)
        send_to_counsel(
            session, packet.id, ROSA, NOW, unread_because="Held; no visits until Monday."
        )
        assert state_of(session, packet) == PacketState.COUNSEL_REVIEW
        assert [r.words for r in reviews_of(session, packet.id)] == [
            "Held; no visits until Monday."
        ]


def test_what_the_participant_wants_changed_goes_back_to_the_advocate(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        version = a_version(session, packet)
        ask_participant(session, packet.id, ROSA, NOW)
        words = "Do not tell about my brother."
        note_participant(session, packet.id, version, Verdict.CHANGES, words, "Marcus", ROSA, NOW)
        assert state_of(session, packet) == PacketState.DRAFTING
        reviews = reviews_of(session, packet.id)
        assert times_changed(reviews) == 1
        assert reviews[0].words == words


def test_nobody_agrees_to_an_older_version(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        old = a_version(session, packet)
        a_version(session, packet, "c2", 2)
        with pytest.raises(VersionChanged):
            note_participant(session, packet.id, old, Verdict.AGREES, "", "", ROSA, NOW)


def test_an_approval_is_bound_to_the_inputs_and_to_every_byte(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        version = session.get_one(PacketVersion, a_version(session, packet))
        before = bound_hash(version)
        hashes = {before}
        for name in ("content_hash", "docx_sha256", "pdf_sha256", "exhibits_sha256"):
            kept = getattr(version, name)
            setattr(version, name, "other")
            hashes.add(bound_hash(version))
            setattr(version, name, kept)
        assert len(hashes) == 5
        assert bound_hash(version) == before


@pytest.mark.parametrize("what", ["seen", "current", "newer"])
def test_counsel_cannot_approve_what_they_did_not_read(
    records: Records, hub: str, packet: Packet, what: str
) -> None:
    with records.writing(hub) as session:
        version = read_and_sent(session, packet)
        hashes = {"seen_hash": seen(session, version), "current_hash": "c1"}
        if what == "newer":
            a_version(session, packet, "c1", 2)
        else:
            hashes[f"{what}_hash"] = "something else"
        with pytest.raises(VersionChanged):
            approve(
                session,
                packet.id,
                version,
                **hashes,
                signed_as="Elena Torres",
                source=ROSA,
                now=NOW,
            )
        assert live_approval(session, packet.id) is None


def test_approving_twice_is_approving_once(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        first = approved(session, packet)
        again = approve(
            session,
            packet.id,
            first.version_id,
            seen_hash=first.bound_hash,
            current_hash="c1",
            signed_as="Elena Torres",
            source=ROSA,
            now=LATER,
        )
        assert again.id == first.id
        assert len(reviews_of(session, packet.id)) == 2


def test_counsel_who_was_not_asked_cannot_approve(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        version = a_version(session, packet)
        with pytest.raises(NotUnderReview):
            approve(
                session,
                packet.id,
                version,
                seen_hash=seen(session, version),
                current_hash="c1",
                signed_as="Elena Torres",
                source=ROSA,
                now=NOW,
            )
        with pytest.raises(NotUnderReview):
            send_back(session, packet.id, version, "Not yet.", ROSA, NOW)


def test_what_changes_voids_the_approval_says_what_and_asks_again(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        approval = approved(session, packet)
        changes = ["Changed: Home.", "New: the exhibit “Lease”."]
        void_approval(session, get_packet(session, packet.id), changes, ROSA, LATER)
        assert live_approval(session, packet.id) is None
        assert session.get_one(Approval, approval.id).void_reason == " ".join(changes)
        assert state_of(session, packet) == PacketState.COUNSEL_REVIEW


def test_sending_back_takes_an_approval_back(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        version = approved(session, packet).version_id
        send_back(session, packet.id, version, "Leave out the school.", ROSA, LATER)
        assert live_approval(session, packet.id) is None
        assert state_of(session, packet) == PacketState.DRAFTING


def test_a_comment_changes_nothing_but_is_kept(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        version = approved(session, packet).version_id
        comment(
            session, packet.id, version, "Well done.", Reader.COUNSEL, "Elena Torres", ROSA, LATER
        )
        assert state_of(session, packet) == PacketState.APPROVED
        assert reviews_of(session, packet.id)[-1].words == "Well done."


def test_only_what_was_approved_and_delivered_can_be_filed(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        read_and_sent(session, packet)
        with pytest.raises(NotApproved):
            mark_filed(session, packet.id, date(2026, 5, 20), ROSA, NOW)


def test_a_cancelled_packet_waits_where_it_stood(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        version = read_and_sent(session, packet)
        cancel_packet(session, packet.id, ROSA, NOW)
        with pytest.raises(PacketCancelled):
            send_back(session, packet.id, version, "Why?", ROSA, NOW)
        resume_packet(session, packet.id, ROSA, LATER)
        assert state_of(session, packet) == PacketState.COUNSEL_REVIEW


def test_a_packet_that_is_replaced_ends_and_the_new_one_says_what_both_have(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        new = replace_packet(session, packet.id, "release", ROSA, LATER)
        assert (new.replaces_id, new.hearing_id) == (packet.id, packet.hearing_id)
        [kept] = passages_of(session, new)["ties"]
        assert (kept.text, kept.said_by, kept.quote) == (
            "She sings in the choir.",
            "Denise, mother",
            True,
        )
        assert state_of(session, packet) == PacketState.SUPERSEDED
        with pytest.raises(PacketEnded):
            ask_participant(session, packet.id, ROSA, LATER)
        other = replace_packet(session, new.id, "sentencing", ROSA, LATER)
        assert passages_of(session, other) == {}


def test_the_exhibits_of_a_packet_that_is_replaced_go_along(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        lease = NewExhibit("Lease", "key", "sha", 7, "application/pdf", ExhibitKind.HOUSING)
        add_exhibit(session, packet.id, lease, ROSA, NOW)
        new = replace_packet(session, packet.id, "sentencing", ROSA, LATER)
        assert [one.title for one in list_exhibits(session, new.id)] == ["Lease"]
        assert [one.title for one in list_exhibits(session, packet.id)] == ["Lease"]


def test_nobody_speaks_of_a_version_of_another_packet(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        a_version(session, packet)
        other = request_packet(session, packet.case_id, "release", PacketContent(), ROSA, NOW)
        theirs = a_version(session, other)
        with pytest.raises(NotFound):
            comment(session, packet.id, theirs, "?", Reader.COUNSEL, "", ROSA, NOW)


def test_counsel_keeps_one_link_until_it_is_made_anew(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        row = get_packet(session, packet.id)
        first, same = counsel_link(session, row, NOW), counsel_link(session, row, LATER)
        assert first.token == same.token
        new = new_counsel_link(session, row, LATER)
        assert new.token != first.token
        assert not is_live(first, LATER)
        assert counsel_link(session, row, LATER).token == new.token


def test_without_counsel_there_is_no_link(records: Records, hub: str) -> None:
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        packet = request_packet(session, case.id, "release", PacketContent(), ROSA, NOW)
        with pytest.raises(NotFound):
            counsel_link(session, packet, NOW)


def test_what_counsel_read_is_no_newer_than_what_the_participant_read(
    records: Records, hub: str, packet: Packet
) -> None:
    """Agreement counts for a later version only when it says the same."""
    with records.writing(hub) as session:
        read_and_sent(session, packet)
        a_version(session, packet, "c1", 2)
        send_to_counsel(session, packet.id, ROSA, LATER)
        a_version(session, packet, "c2", 3)
        with pytest.raises(NotReadYet):
            send_to_counsel(session, packet.id, ROSA, LATER)


def test_a_change_that_the_participant_wants_outweighs_their_earlier_agreement(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        version = read_and_sent(session, packet)
        words = "I read it again: leave out my sister."
        note_participant(session, packet.id, version, Verdict.CHANGES, words, "", ROSA, LATER)
        with pytest.raises(NotReadYet):
            send_to_counsel(session, packet.id, ROSA, LATER)
        same = a_version(session, packet, "c1", 2)
        note_participant(session, packet.id, same, Verdict.AGREES, "", "", ROSA, DAY_AFTER)
        assert state_of(session, packet) == PacketState.COUNSEL_REVIEW


@pytest.mark.parametrize("named", [True, False])
def test_what_counsel_approved_stays_for_the_hearing_that_it_names(
    records: Records, hub: str, packet: Packet, named: bool
) -> None:
    """Once that was held, the packet is not one for the next hearing, which would void it."""
    with records.writing(hub) as session:
        row, hearing_id = get_packet(session, packet.id), packet.hearing_id or ""
        row.hearing_id = hearing_id if named else None
        before = gather(session, row, NOW).content_hash
        approved(session, row)
        record_outcome(session, hearing_id, Appearance.APPEARED, ROSA, LATER)
        assert row.hearing_id == hearing_id
        assert gather(session, row, NOW).content_hash == before


@pytest.mark.parametrize("of", ["a step that was taken", "somebody who marked it as done"])
def test_what_kept_a_packet_waiting_is_over_when_it_goes_on_and_is_asked_anew(
    records: Records, hub: str, packet: Packet, of: str
) -> None:
    with records.writing(hub) as session:
        version = read_and_sent(session, packet)
        task = a_task(session, packet, "counsel_waits")
        if of == "somebody who marked it as done":
            close_task(session, task.id, "rosa", "called", NOW)
        send_back(session, packet.id, version, "Leave out the school.", ROSA, LATER)
        assert task.closed_at is not None
        assert a_task(session, packet, "counsel_waits").id != task.id


def test_what_was_asked_of_people_is_asked_anew_of_a_packet_that_is_taken_up_again(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        task = a_task(session, packet, "packet_gaps")
        done = a_task(session, packet, "letter_declined")
        close_task(session, done.id, "rosa", "", NOW)
        cancel_packet(session, packet.id, ROSA, NOW)
        assert task.closed_at == NOW
        resume_packet(session, packet.id, ROSA, LATER)
        assert a_task(session, packet, "packet_gaps").id != task.id
        # What somebody saw to is not asked of them again.
        assert open_task(session, item_of(packet, "letter_declined"), ref(packet), LATER) is None


def test_approved_and_delivered_leave_no_task_behind(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        tasks = [
            a_task(session, packet, kind)
            for kind in ("packet_not_ready", "packet_to_read", "approval_voided", "packet_gaps")
        ]
        approved(session, packet)
        assert all(task.closed_at is not None for task in tasks)


def item_of(packet: Packet, kind: str) -> AgendaItem:
    """A task as the planner asks for it."""
    key = f"task|{kind}|{packet.id}|0|"
    return AgendaItem(Act.OPEN_TASK, key, NOW, DAY_AFTER, subject_id=packet.id, step=kind)


def ref(packet: Packet) -> SubjectRef:
    """Whose agenda it is on."""
    return SubjectRef(Subject.PACKET, packet.id, packet.hub_id)


def a_task(session: HubSession, packet: Packet, kind: str) -> HumanTask:
    """A task that is open now; opened where it may be."""
    item = item_of(packet, kind)
    task = open_task(session, item, ref(packet), NOW)
    assert task is not None
    session.flush()
    return task


@pytest.mark.parametrize("sooner", ["the change", "the approval"])
def test_an_approval_and_a_change_at_once_leave_nothing_approved_that_was_not_read(
    records: Records, hub: str, packet: Packet, sooner: str
) -> None:
    """Whoever comes second waits for the first, on both databases."""
    with records.writing(hub) as session:
        content = gather(session, get_packet(session, packet.id), NOW).content_hash
        version = read_and_sent(session, packet)
        session.get_one(PacketVersion, version).content_hash = content
    began, refused = threading.Event(), []

    def change() -> None:
        with records.writing(hub) as session:
            change_packet(session, packet.id, PacketContent(ask="Something else."), ROSA, LATER)
            session.flush()
            began.set()
            time.sleep(0.5 if sooner == "the change" else 0)

    def approval() -> None:
        try:
            with records.writing(hub) as session:
                row = get_packet(session, packet.id)
                session.lock(row)
                approve(
                    session,
                    packet.id,
                    version,
                    seen_hash=seen(session, version),
                    current_hash=gather(session, row, NOW).content_hash,
                    signed_as="Elena Torres",
                    source=ROSA,
                    now=LATER,
                )
                session.flush()
                began.set()
                time.sleep(0.5 if sooner == "the approval" else 0)
        except VersionChanged:
            refused.append(True)

    order = (change, approval) if sooner == "the change" else (approval, change)
    pair = [threading.Thread(target=deed) for deed in order]
    pair[0].start()
    assert began.wait(20)
    pair[1].start()
    for thread in pair:
        thread.join(30)
    with records.reading(hub) as session:
        row = get_packet(session, packet.id)
        found = live_approval(session, packet.id)
        facts = load_packet(session, packet.id, NOW)
        assert facts is not None
        assert facts.content_hash != content
        if sooner == "the change":
            assert (found, refused) == (None, [True])
            return
        assert found is not None
        # It is of what was read, the next version bears no approval, and it is voided.
        assert found.content_hash == content
        assert gather(session, row, NOW).approval_id == ""
        assert "void" in [item.step for item in plan_packet(facts, LATER).items]


def test_two_approvals_at_once_are_one(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        version = read_and_sent(session, packet)
    together, made = threading.Barrier(2), []

    def approval() -> None:
        together.wait(20)
        with records.writing(hub) as session:
            row = approve(
                session,
                packet.id,
                version,
                seen_hash=seen(session, version),
                current_hash="c1",
                signed_as="Elena Torres",
                source=ROSA,
                now=LATER,
            )
            made.append(row.id)

    pair = [threading.Thread(target=approval) for _ in range(2)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(30)
    with records.reading(hub) as session:
        assert len(session.exec(select(Approval)).all()) == 1
        said = [row.verdict for row in reviews_of(session, packet.id)]
        assert said.count(Verdict.APPROVES) == 1
    assert len(made) == 2
    assert len(set(made)) == 1


def test_an_approval_that_fell_stays_void_when_what_was_taken_out_comes_back(
    records: Records, hub: str, packet: Packet
) -> None:
    """Counsel was told that it fell, and is asked again; what was never noticed to be gone counts
    as never gone."""
    lease = NewExhibit("Lease", "key", "sha", 7, "application/pdf", ExhibitKind.HOUSING)
    with records.writing(hub) as session:
        row = get_packet(session, packet.id)
        exhibit = add_exhibit(session, packet.id, lease, ROSA, NOW)
        content = gather(session, row, NOW).content_hash
        approval = approved(session, row)
        approval.content_hash = content
        remove_exhibit(session, exhibit.id, ROSA, LATER)
        assert gather(session, row, NOW).approval_id == ""
        restore_exhibit(session, exhibit.id, ROSA, LATER)
        assert gather(session, row, NOW).approval_id == approval.id
        remove_exhibit(session, exhibit.id, ROSA, LATER)
        void_approval(session, row, ["Taken out: the exhibit “Lease”."], ROSA, LATER)
        restore_exhibit(session, exhibit.id, ROSA, LATER)
        assert gather(session, row, NOW).content_hash == content
        assert gather(session, row, NOW).approval_id == ""
        assert row.state == PacketState.COUNSEL_REVIEW
