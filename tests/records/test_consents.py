"""Consents to share in the records: signed, taken back, and what may leave under them."""

import csv
import io
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from activities.packet_inputs import dump_inputs, gather, what_changed
from domain.consents import (
    HEALTH,
    OUR_STATEMENTS,
    PART2_NOTICE,
    ExpiryEvent,
    Lack,
    Medium,
    NoConsent,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Signer,
    Terms,
)
from domain.tracks import CourtStage, Track
from domain.vocabulary import PacketState
from records.agency_facts import digest_lines
from records.agency_shares import get_share
from records.casework import NotFound, get_case, move_track
from records.consents import (
    AlreadySigned,
    NotSigned,
    ask_consent,
    consents_of,
    note_event,
    record_consent,
    revoke_consent,
    sign_consent,
    signature_of,
    terms_of,
)
from records.database import HubSession, Records
from records.disclosures import NotConsented, Telling, accounting_csv, disclose, disclosures_of
from records.packet_consents import THE_COURT, let_leave, let_read, may_leave, shown_in
from records.packets import PacketContent, get_packet, request_packet
from records.plans import NewStep, start_plan
from records.tables import (
    Case,
    Consent,
    ConsentTerms,
    Defendant,
    Disclosure,
    HumanTask,
    Packet,
    PacketVersion,
)
from tests.houses import ROSA, a_case, a_hearing, a_share, a_shelter, utc

NOW = utc("2026-12-02 15:00")
LATER = NOW + timedelta(days=1)
TODAY = date(2026, 12, 2)
CARE = frozenset({ShareKind.SUBSTANCE_USE, ShareKind.MENTAL_HEALTH})
CLINIC = Recipient(RecipientKind.PROVIDER, "Northside Clinic")
SIGNED = Signature(Medium.PAPER, "Marcus Johnson", TODAY, how="on paper")
TERMS = Terms(
    person="Marcus Johnson",
    discloser="Liberty City Defense",
    kinds=CARE,
    recipient=Recipient(RecipientKind.COURT, "My lawyer, and the court through my lawyer"),
    purpose=SharePurpose.COURT,
    revoke_how="Tell the hub, in any way.",
    event=ExpiryEvent.CASE_END,
    statements=OUR_STATEMENTS,
)
STEPS = (
    NewStep("substance_use_treatment", "Intake at the clinic", date(2026, 12, 20)),
    NewStep("mental_health_care", "First session", date(2026, 12, 21)),
    NewStep("drug_screen", "Weekly screen", date(2026, 12, 22)),
    NewStep("employment", "Warehouse job", date(2026, 12, 23)),
)


class Marcus:
    """His case, a plan with treatment, a packet for the next hearing."""

    def __init__(self, records: Records, hub: str) -> None:
        self.records, self.hub = records, hub
        self.case: Case = a_case(records, NOW)
        hearing = a_hearing(records, self.case, "2026-12-15 09:00", NOW)
        with records.writing(hub) as session:
            self.person_id = session.get_one(Defendant, self.case.defendant_id).person_id
            start_plan(session, self.case.id, STEPS, ROSA, NOW)
            self.packet_id = request_packet(
                session, self.case.id, "release", PacketContent(), ROSA, NOW, hearing_id=hearing.id
            ).id

    def agrees(self, now: Any = NOW, terms: Terms = TERMS, signed: Signature = SIGNED) -> str:
        """He signs; the consent's id."""
        with self.records.writing(self.hub) as session:
            return record_consent(session, self.person_id, terms, signed, ROSA, now).id

    def takes_back(self, consent_id: str, now: Any = LATER) -> None:
        """He takes it back by phone."""
        with self.records.writing(self.hub) as session:
            revoke_consent(session, consent_id, ROSA, now, how="by phone", words="Not any more.")

    def plan_lines(self, now: Any = NOW) -> list[str]:
        """What his packet says of the plan."""
        with self.records.reading(self.hub) as session:
            packet = get_packet(session, self.packet_id)
            return [step.step for step in gather(session, packet, now).packet.plan]

    def content_hash(self, now: Any = NOW) -> str:
        """The hash of what his packet says."""
        with self.records.reading(self.hub) as session:
            return gather(session, get_packet(session, self.packet_id), now).content_hash

    def a_version(self, now: Any = NOW, state: PacketState | None = None) -> str:
        """A version as the build files it; its id."""
        with self.records.writing(self.hub) as session:
            packet = get_packet(session, self.packet_id)
            gathered = gather(session, packet, now)
            row = PacketVersion(
                packet_id=packet.id,
                number=1,
                inputs_hash=gathered.inputs_hash,
                content_hash=gathered.content_hash,
                template="release",
                template_version="1",
                inputs=dump_inputs(gathered.inputs()),
                built_at=now,
            )
            session.add(row)
            if state:
                packet.state = state
                session.add(packet)
            session.flush()
            return row.id

    def log(self) -> list[Disclosure]:
        """What was disclosed of him, the newest first."""
        with self.records.reading(self.hub) as session:
            return disclosures_of(session, self.person_id)

    def flags(self) -> list[HumanTask]:
        """Tasks that point out what holds more than is covered."""
        with self.records.reading(self.hub) as session:
            return list(
                session.exec(select(HumanTask).where(HumanTask.kind == "consent_ended")).all()
            )


@pytest.fixture
def marcus(records: Records, hub: str) -> Marcus:
    """Marcus."""
    return Marcus(records, hub)


def tells(marcus: Marcus, session: HubSession, **more: Any) -> list[Disclosure]:
    """The clinic is told something."""
    telling = Telling(
        marcus.person_id, CLINIC, frozenset({ShareKind.HOUSING}), "Where he sleeps.", "by phone"
    )
    return disclose(session, replace(telling, **more), ROSA, LATER)


FOR_CLINIC = replace(
    TERMS,
    kinds=frozenset({ShareKind.HOUSING, ShareKind.SUBSTANCE_USE}),
    recipient=CLINIC,
    purpose=SharePurpose.SUPPORT,
)


def test_a_consent_is_kept_with_every_element(marcus: Marcus, records: Records, hub: str) -> None:
    consent_id = marcus.agrees()
    with records.reading(hub) as session:
        (kept,) = consents_of(session, marcus.person_id)
        assert kept.terms.id == consent_id
        assert terms_of(kept.terms) == TERMS
        assert signature_of(kept.terms) == replace(SIGNED, how="")
        assert kept.terms.case_id == marcus.case.id
        assert kept.consent is not None
        assert kept.consent.purpose == "sharing"
        assert kept.terms.recorded_by == "rosa"


def test_a_consent_that_lacks_an_element_is_refused_and_nothing_is_kept(
    marcus: Marcus, records: Records, hub: str
) -> None:
    with pytest.raises(NoConsent) as refused:
        marcus.agrees(terms=replace(TERMS, discloser=""), signed=replace(SIGNED, signed_as=""))
    assert refused.value.lacks == (Lack.DISCLOSER, Lack.SIGNATURE)
    with records.reading(hub) as session:
        assert session.exec(select(ConsentTerms)).all() == []


def test_a_minors_consent_needs_a_guardian(marcus: Marcus, records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        defendant = session.get_one(Defendant, marcus.case.defendant_id)
        defendant.birth_date = "2010-06-01"
        session.add(defendant)
    with pytest.raises(NoConsent, match="parent or guardian signs too"):
        marcus.agrees()
    both = replace(
        SIGNED, signer=Signer.BOTH, guardian_as="Denise", guardian_on=TODAY, authority="mother"
    )
    assert marcus.agrees(signed=both)


def test_what_is_asked_for_covers_nothing_until_it_is_signed(
    marcus: Marcus, records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        row = ask_consent(session, marcus.person_id, FOR_CLINIC, ROSA, NOW)
        with pytest.raises(NotConsented):
            tells(marcus, session)
        with pytest.raises(NotSigned):
            note_event(session, row.id, ROSA, NOW)
        sign_consent(session, row.id, SIGNED, ROSA, NOW)
        assert tells(marcus, session)
        with pytest.raises(AlreadySigned):
            sign_consent(session, row.id, SIGNED, ROSA, NOW)


def test_what_was_withdrawn_before_it_was_signed_cannot_be_signed(
    marcus: Marcus, records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        row = ask_consent(session, marcus.person_id, TERMS, ROSA, NOW)
        revoke_consent(session, row.id, ROSA, NOW, how="link")
        with pytest.raises(AlreadySigned):
            sign_consent(session, row.id, SIGNED, ROSA, NOW)
        assert session.exec(select(Consent).where(Consent.purpose == "sharing")).all() == []


def test_each_disclosure_is_logged_under_its_consent_with_the_notice(
    marcus: Marcus, records: Records, hub: str
) -> None:
    consent_id = marcus.agrees(terms=FOR_CLINIC)
    with records.writing(hub) as session:
        (plain,) = tells(marcus, session)
        (treatment,) = tells(marcus, session, kinds=frozenset({ShareKind.SUBSTANCE_USE}))
    assert (plain.consent_id, plain.notice) == (consent_id, False)
    assert treatment.notice is True
    assert (treatment.recipient, treatment.purpose) == ("Northside Clinic", "support")
    assert (treatment.disclosed_by, treatment.disclosed_at) == ("rosa", LATER)


def test_of_two_kinds_without_a_consent_for_one_nothing_is_shared(
    marcus: Marcus, records: Records, hub: str
) -> None:
    marcus.agrees(terms=FOR_CLINIC)
    with records.writing(hub) as session, pytest.raises(NotConsented, match="drug screens") as no:
        tells(marcus, session, kinds=frozenset({ShareKind.HOUSING, ShareKind.DRUG_SCREENS}))
    assert no.value.kinds == {ShareKind.DRUG_SCREENS}
    assert marcus.log() == []


@pytest.mark.parametrize("end", ["revoked", "expired", "event", "case"])
def test_nothing_is_shared_from_the_moment_at_which_a_consent_ends(
    marcus: Marcus, records: Records, hub: str, end: str
) -> None:
    terms = FOR_CLINIC
    if end == "expired":
        terms = replace(terms, event=None, expires_at=LATER)
    consent_id = marcus.agrees(terms=terms)
    with records.writing(hub) as session:
        match end:
            case "revoked":
                revoke_consent(session, consent_id, ROSA, LATER, how="by phone")
            case "event":
                note_event(session, consent_id, ROSA, LATER)
            case "case":
                case = get_case(session, marcus.case.id)
                source = ROSA
                move_track(
                    session,
                    case,
                    Track.COURT,
                    CourtStage.CLOSED,
                    source,
                    LATER,
                    override_reason="Dropped.",
                )
        with pytest.raises(NotConsented):
            tells(marcus, session)
    assert marcus.log() == []


def test_a_consent_that_is_taken_back_twice_ends_once_and_says_who_took_it(
    marcus: Marcus, records: Records, hub: str
) -> None:
    consent_id = marcus.agrees()
    marcus.takes_back(consent_id)
    marcus.takes_back(consent_id, LATER + timedelta(days=1))
    with records.reading(hub) as session:
        consent = session.get_one(Consent, consent_id)
        assert (consent.withdrawn_at, consent.withdrawn_how) == (LATER, "by phone")
        assert consent.withdrawn_words == "Not any more."
        assert session.get_one(ConsentTerms, consent_id).revoked_by == "rosa"


def test_treatment_is_in_a_packet_only_while_a_consent_for_the_court_holds(
    marcus: Marcus,
) -> None:
    assert marcus.plan_lines() == ["Warehouse job"]
    before = marcus.content_hash()
    consent_id = marcus.agrees()
    *steps, notice = marcus.plan_lines()
    assert steps == ["Intake at the clinic", "First session", "Warehouse job"]
    assert notice.startswith(PART2_NOTICE)
    assert "substance use treatment, mental health care, and nobody else" in notice
    assert marcus.content_hash() != before
    marcus.takes_back(consent_id)
    assert marcus.plan_lines(LATER) == ["Warehouse job"]
    assert marcus.content_hash(LATER) == before


def test_a_consent_for_somebody_else_lets_nothing_into_a_packet(marcus: Marcus) -> None:
    marcus.agrees(terms=FOR_CLINIC)
    assert marcus.plan_lines() == ["Warehouse job"]


def test_mental_health_alone_needs_no_notice_of_part_2(marcus: Marcus) -> None:
    marcus.agrees(terms=replace(TERMS, kinds=frozenset({ShareKind.MENTAL_HEALTH})))
    *_, last = marcus.plan_lines()
    assert "42 CFR" not in last
    assert "written consent of December 2, 2026" in last


def test_a_consent_that_runs_out_takes_its_steps_along_at_that_moment(
    marcus: Marcus, records: Records, hub: str
) -> None:
    marcus.agrees(terms=replace(TERMS, event=None, expires_at=LATER))
    assert "First session" in marcus.plan_lines(LATER - timedelta(seconds=1))
    assert marcus.plan_lines(LATER) == ["Warehouse job"]
    with records.reading(hub) as session:
        packet = get_packet(session, marcus.packet_id)
        assert gather(session, packet, NOW).consent_ends == LATER
        assert gather(session, packet, LATER).consent_ends is None


def test_giving_and_taking_back_is_news_for_the_packet(
    marcus: Marcus, records: Records, hub: str
) -> None:
    def revision() -> int:
        with records.reading(hub) as session:
            return get_packet(session, marcus.packet_id).revision

    first = revision()
    consent_id = marcus.agrees()
    second = revision()
    marcus.takes_back(consent_id)
    assert first < second < revision()


def test_a_version_that_shows_treatment_is_logged_once_before_it_leaves(
    marcus: Marcus, records: Records, hub: str
) -> None:
    consent_id = marcus.agrees()
    version_id = marcus.a_version()
    with records.writing(hub) as session:
        version = session.get_one(PacketVersion, version_id)
        assert shown_in(version) == {consent_id: CARE}
        for _ in range(2):
            let_leave(session, version, THE_COURT, "download", ROSA, NOW)
    (row,) = marcus.log()
    assert (row.subject_kind, row.subject_id, row.notice) == ("packet_version", version_id, True)
    assert set(row.kinds) == CARE


def test_a_version_may_not_leave_once_the_consent_is_taken_back(
    marcus: Marcus, records: Records, hub: str
) -> None:
    consent_id = marcus.agrees()
    version_id = marcus.a_version()
    with records.writing(hub) as session:
        version = session.get_one(PacketVersion, version_id)
        let_leave(session, version, THE_COURT, "download", ROSA, NOW)
    marcus.takes_back(consent_id)
    with records.writing(hub) as session:
        version = session.get_one(PacketVersion, version_id)
        assert not may_leave(session, version, LATER)
        with pytest.raises(NotConsented):
            let_leave(session, version, THE_COURT, "download", ROSA, LATER)
        packet = get_packet(session, marcus.packet_id)
        with pytest.raises(NotConsented):
            let_read(session, packet, CARE, THE_COURT, ROSA, LATER)
    assert len(marcus.log()) == 1


def test_a_version_without_treatment_is_no_disclosure(
    marcus: Marcus, records: Records, hub: str
) -> None:
    version_id = marcus.a_version()
    with records.writing(hub) as session:
        version = session.get_one(PacketVersion, version_id)
        let_leave(session, version, THE_COURT, "download", ROSA, NOW)
    assert marcus.log() == []


@pytest.mark.parametrize("state", [PacketState.APPROVED, PacketState.FILED])
def test_an_approved_packet_that_holds_what_ended_is_pointed_out_once(
    marcus: Marcus, state: PacketState
) -> None:
    consent_id = marcus.agrees()
    marcus.a_version(state=state)
    marcus.takes_back(consent_id)
    marcus.takes_back(consent_id)
    (task,) = marcus.flags()
    assert (task.packet_id, task.case_id) == (marcus.packet_id, marcus.case.id)


def test_a_draft_that_nobody_was_shown_is_not_pointed_out(marcus: Marcus) -> None:
    consent_id = marcus.agrees()
    marcus.a_version()
    marcus.takes_back(consent_id)
    assert marcus.flags() == []


def test_a_change_names_what_was_taken_out(marcus: Marcus, records: Records, hub: str) -> None:
    consent_id = marcus.agrees()
    with records.reading(hub) as session:
        packet: Packet = get_packet(session, marcus.packet_id)
        before = list(gather(session, packet, NOW).inputs())
    marcus.takes_back(consent_id)
    with records.reading(hub) as session:
        packet = get_packet(session, marcus.packet_id)
        changes = what_changed(before, list(gather(session, packet, LATER).inputs()))
    assert "Taken out: substance use treatment, shared with consent." in changes


def test_an_agencys_share_is_a_consent_like_every_other_and_ends_with_it(
    marcus: Marcus, records: Records, hub: str
) -> None:
    shelter = a_shelter(records, NOW)
    share = a_share(records, shelter, marcus.case, NOW)
    assert share.consent_id is not None
    with records.reading(hub) as session:
        (kept,) = consents_of(session, marcus.person_id)
        assert kept.terms.id == share.consent_id
        assert kept.terms.recipient == "Riverside Shelter"
        assert kept.sharing is not None
        assert kept.sharing.kinds == {ShareKind.COURT_DATES}
        assert digest_lines(session, shelter.id, LATER, LATER + timedelta(days=20))
    marcus.takes_back(share.consent_id)
    with records.reading(hub) as session:
        assert get_share(session, share.id).ended_at == LATER
        assert digest_lines(session, shelter.id, LATER, LATER + timedelta(days=20)) == ()


def test_the_accounting_lists_every_disclosure_and_no_cell_is_a_formula(
    marcus: Marcus, records: Records, hub: str
) -> None:
    consent_id = marcus.agrees(terms=FOR_CLINIC)
    with records.writing(hub) as session:
        tells(marcus, session, what="=HYPERLINK()", kinds=frozenset({ShareKind.SUBSTANCE_USE}))
    with records.reading(hub) as session:
        rows = list(csv.DictReader(io.StringIO(accounting_csv(session, marcus.person_id))))
    (row,) = rows
    assert row["when"] == "2026-12-03 10:00"
    assert row["to whom"] == "Northside Clinic"
    assert row["what was shared"] == "'=HYPERLINK()"
    assert row["kinds"] == "substance use treatment"
    assert row["42 CFR 2.32 notice"] == "yes"
    assert (row["consent"], row["consent given"]) == (consent_id, "2026-12-02")


def test_another_hub_knows_no_consent_of_ours(marcus: Marcus, records: Records, other: str) -> None:
    consent_id = marcus.agrees()
    with records.writing(other) as session:
        assert consents_of(session, marcus.person_id) == []
        with pytest.raises(NotFound):
            revoke_consent(session, consent_id, ROSA, LATER, how="by phone")


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["agree", "revoke", "event", "tell", "read"]),
        st.sampled_from(sorted(HEALTH)),
        st.integers(1, 72),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DEEDS)
def test_whatever_happens_nothing_is_disclosed_when_no_live_consent_covers_it(
    records: Records, hub: str, deeds: list[tuple[str, ShareKind, int]]
) -> None:
    marcus, now = Marcus(records, hub), NOW
    held: list[tuple[str, ShareKind, Any]] = []
    """Consents that a plain book says hold: id, kind, until when."""
    for deed, kind, hours in deeds:
        now += timedelta(hours=hours)
        alive = [one for one in held if now < one[2]]
        with records.writing(hub) as session:
            match deed:
                case "agree":
                    ends = now + timedelta(hours=60)
                    terms = replace(TERMS, kinds=frozenset({kind}), event=None, expires_at=ends)
                    signed = replace(SIGNED, signed_on=TODAY)
                    made = record_consent(session, marcus.person_id, terms, signed, ROSA, now)
                    held.append((made.id, kind, ends))
                case "revoke" | "event" if held:
                    consent_id, *_ = held.pop()
                    if deed == "revoke":
                        revoke_consent(session, consent_id, ROSA, now, how="by phone")
                    else:
                        note_event(session, consent_id, ROSA, now)
                case "tell":
                    telling = Telling(
                        marcus.person_id, THE_COURT, frozenset({kind}), "How it goes.", "letter"
                    )
                    covered = {one[0] for one in alive if one[1] == kind}
                    try:
                        rows = disclose(session, telling, ROSA, now)
                    except NotConsented:
                        assert not covered
                    else:
                        assert {row.consent_id for row in rows} <= covered
                case "read":
                    gathered = gather(session, get_packet(session, marcus.packet_id), now)
                    shown = {one.kind for one in gathered.shared}
                    assert shown <= {one[1] for one in alive}


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_consent_cannot_be_taken_back_while_something_leaves_under_it(
    marcus: Marcus, records: Records, hub: str
) -> None:
    consent_id = marcus.agrees(terms=FOR_CLINIC)
    order: list[str] = []
    with ThreadPoolExecutor(1) as threads:
        with records.writing(hub) as session:
            tells(marcus, session)
            revoking = threads.submit(marcus.takes_back, consent_id)
            time.sleep(0.5)
            assert not revoking.done()
            order.append("told")
        revoking.result(timeout=20)
        order.append("taken back")
    assert order == ["told", "taken back"]
    with records.writing(hub) as session, pytest.raises(NotConsented):
        tells(marcus, session)


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_what_waits_for_a_consent_that_is_being_taken_back_is_not_shared(
    marcus: Marcus, records: Records, hub: str
) -> None:
    consent_id = marcus.agrees(terms=FOR_CLINIC)

    def tell() -> None:
        with records.writing(hub) as session:
            tells(marcus, session)

    with ThreadPoolExecutor(1) as threads:
        with records.writing(hub) as session:
            revoke_consent(session, consent_id, ROSA, NOW, how="by phone")
            telling = threads.submit(tell)
            time.sleep(0.5)
            assert not telling.done()
        with pytest.raises(NotConsented):
            telling.result(timeout=20)
    assert marcus.log() == []
