"""Referrals on the pages: made, answered by a provider without an account, offered again."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.plan_report_facts import report_sheet
from domain.agenda import Subject, SubjectRef
from domain.consents import (
    OUR_STATEMENTS,
    ExpiryEvent,
    Medium,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Terms,
)
from domain.plan_reports import NothingToReport, ReportKind
from domain.vocabulary import Role
from records.casework import NewCase, open_case
from records.conflicts import declare_conflict
from records.consents import record_consent, revoke_consent
from records.directory import NewProvider, NewService, add_provider, add_service
from records.plans import NewStep, add_step, start_plan, steps_of
from records.private_links import path_of
from records.referrals import HOW, NewReferral, draft_referral, provider_link
from records.tables import (
    Case,
    CaseEvent,
    ContactPoint,
    Defendant,
    Evidence,
    HumanTask,
    Message,
    PlanStep,
    Provider,
    Referral,
    StaffMember,
)
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_message


class Scene:
    """Marcus, a step of his plan, and two places for it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.case = a_case(office.house.records, NOW)
        self.rosa = office.staff(Role.ADVOCATE)
        with office.house.records.writing(office.hub_id) as session:
            self.grove, self.pine = (
                add_provider(session, NewProvider(name, email=f"{name[:4]}@example.org")).id
                for name in ("Grove House", "Pine House")
            )
            for one in (self.grove, self.pine):
                add_service(session, one, NewService("Rooms", needs=("housing",)))
            plan = start_plan(session, self.case.id, [NewStep("housing", "A room")], ROSA, NOW)
            self.step = steps_of(session, plan.id)[0].id
        self.url = f"/cases/{self.case.id}/referrals"

    def refer(self, **more: str) -> str:
        """A referral to Grove House as the form makes it; its page's address."""
        answer = self.rosa.post(
            f"{self.url}/new",
            {
                "provider": self.grove,
                "step": self.step,
                "need": "housing",
                "agreed_words": "Yes, tell them.",
                "agreed_how": "in person",
                "go": "send",
                **more,
            },
        )
        assert answer.status_code == 303, said(answer)
        return answer.headers["location"].partition("?")[0]

    def row(self) -> Referral:
        """The newest referral."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return session.exec(select(Referral).order_by(Referral.id.desc())).first()  # type: ignore[attr-defined,return-value]

    def provider(self) -> tuple[Browser, str]:
        """The provider, whose button is pressed, and the address of the page."""
        with self.office.house.records.writing(self.office.hub_id) as session:
            path = path_of(provider_link(session, session.get_one(Referral, self.row().id), NOW))
        visitor = self.office.browser()
        assert visitor.post(path, {}).status_code == 303
        return visitor, path


@pytest.fixture
def scene(office: Office) -> Scene:
    return Scene(office)


def test_a_provider_says_yes_meets_and_finishes_without_an_account(scene: Scene) -> None:
    url = scene.refer(note="He likes quiet.", introduced_by="Rosa")
    visitor, path = scene.provider()
    page = visitor.get(path)
    for words in ("Marcus", "Grove House", "A place to live", "He likes quiet.", "Rosa"):
        assert words in page.text
    assert len(page.content) < 14_000
    for secret in ("Johnson", "arrest", "hearing", "court"):
        assert secret not in page.text.replace("courtesy", "")
    again = {"day": "2026-12-04", "clock": "10:00", "words": "Bring nothing."}
    assert visitor.post(f"{path}/yes", again).status_code == 303
    row = scene.row()
    assert (row.state, row.reason) == ("accepted", "Bring nothing.")
    assert row.first_meeting_at is not None
    assert visitor.post(f"{path}/yes", again).status_code == 303, "the same button twice"
    assert visitor.post(f"{path}/visit", {"came": "yes", "day": "2026-12-01"}).status_code == 303
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        assert session.get_one(PlanStep, scene.step).state == "evidenced"
        evidence = session.exec(select(Evidence)).one()
    assert (evidence.kind, evidence.verified_at) == ("attestation", None)
    done = visitor.post(f"{path}/on", {"way": "done"})
    assert "Thank you" in done.text
    assert visitor.get(path).status_code == 410
    shown = said(scene.rosa.get(url))
    assert "finished" in shown
    assert "Closed" in shown


def test_a_no_says_why_and_the_advocate_offers_it_to_somebody_else(scene: Scene) -> None:
    url = scene.refer()
    visitor, path = scene.provider()
    assert "Choose a reason." in visitor.post(f"{path}/no", {"words": "Try Pine"}).text
    assert visitor.post(f"{path}/no", {"why": "full", "words": "Try Pine"}).status_code == 200
    page = scene.rosa.get(url)
    assert "no place free: Try Pine" in said(page)
    assert "Pine House" in said(page)
    moved = scene.rosa.post(f"{url}/re-offer", {"provider": scene.pine})
    assert moved.status_code == 303
    row = scene.row()
    assert (row.provider_id, row.state) == (scene.pine, "requested")
    assert "It follows" in said(scene.rosa.get(moved.headers["location"]))
    assert "with somebody else" in said(scene.rosa.get(url))


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_the_page_speaks_three_languages_at_every_stage(scene: Scene, language: str) -> None:
    scene.refer()
    visitor, path = scene.provider()
    for step in ("", "/yes", "/visit", "/on"):
        if step:
            fields = {"lang": language, "came": "yes", "day": "2026-12-01", "way": "hold"}
            if step == "/yes":
                fields = {"lang": language}
            assert visitor.post(path + step, fields).status_code == 303
        page = visitor.get(f"{path}?lang={language}")
        assert f'<html lang="{language}">' in page.text
        assert page.status_code == 200


def test_a_wrong_day_is_said_and_nothing_typed_is_lost(scene: Scene) -> None:
    scene.refer()
    visitor, path = scene.provider()
    for day, words in (("soon", "write it like"), ("2026-11-01", "still to come")):
        page = visitor.post(f"{path}/yes", {"day": day, "words": "Ask for Ms. Lee"})
        assert page.status_code == 422
        assert words in page.text
        assert "Ask for Ms. Lee" in page.text
    assert scene.row().state == "requested"


def test_nothing_is_sent_before_they_agree_and_health_needs_a_consent(scene: Scene) -> None:
    form = {"provider": scene.grove, "need": "housing", "agreed_how": "in person", "go": "send"}
    page = scene.rosa.post(f"{scene.url}/new", {**form, "note": "Quiet."})
    assert page.status_code == 422
    assert "Ask them first" in said(page)
    assert "Quiet." in page.text
    health = {**form, "need": "substance_use_treatment", "agreed_words": "Yes"}
    page = scene.rosa.post(f"{scene.url}/new", health)
    assert "No consent that holds now" in said(page)
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        assert session.exec(select(Referral)).all() == []
        assert session.exec(select(Message)).all() == []


def test_the_wall_says_nothing_of_whom(scene: Scene) -> None:
    scene.refer()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        other = open_case(session, NewCase("Dana", "Cole"), ROSA, NOW)
        people = [session.get_one(Defendant, c.defendant_id).person_id for c in (scene.case, other)]
        declare_conflict(session, people[0], people[1], ROSA, NOW)
    page = scene.rosa.post(
        f"/cases/{other.id}/referrals/new",
        {
            "provider": scene.grove,
            "need": "housing",
            "go": "send",
            "agreed_words": "Yes",
            "agreed_how": "in person",
        },
    )
    assert page.status_code == 422
    assert "cannot be offered here" in said(page)
    assert "Marcus" not in page.text
    assert "mediation" in page.text.lower(), "the kinds are offered"
    assert "conflict" not in page.text.lower().replace("conflict mediation", "").replace(
        "conflict_mediation", ""
    )


def test_a_survivors_referral_is_seen_by_their_advocate_and_supervisors_alone(scene: Scene) -> None:
    url = scene.refer(need="victim_survivor_advocacy", step="")
    assert scene.rosa.get(url).status_code == 404
    assert "Grove House" not in scene.rosa.get("/referrals").text
    assert "Grove House" not in scene.rosa.get(scene.url).text
    supervisor = scene.office.staff(Role.SUPERVISOR)
    assert "Grove House" in said(supervisor.get("/referrals"))
    assert supervisor.get(url).status_code == 200


def test_a_meeting_is_set_by_phone_and_the_form_twice_is_one(scene: Scene) -> None:
    url = scene.refer()
    scene.rosa.post(f"{url}/state", {"to": "accepted"})
    fields = {"day": "2026-12-09", "clock": "14:00", "introduced_by": "Rosa"}
    assert scene.rosa.post(f"{url}/meeting", fields).status_code == 303
    assert "Rosa introduces them" in said(scene.rosa.get(url))
    late = scene.rosa.post(f"{url}/meeting", {**fields, "day": "2026-11-09"})
    assert "still to come" in said(late)
    refused = scene.rosa.post(f"{url}/state", {"to": "completed"})
    assert "It can become" in said(refused)
    link = scene.rosa.post(f"{url}/link", {})
    assert re.search(r"/refer/[\w-]{20,}", link.text)


def test_the_step_leads_to_the_referral_and_the_desk_is_made_once(scene: Scene) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        session.get_one(PlanStep, scene.step).provider_id = scene.grove
    page = scene.rosa.get(f"/cases/{scene.case.id}/steps/{scene.step}")
    assert f"/referrals/new?step={scene.step}" in page.text
    form = scene.rosa.get(f"{scene.url}/new?step={scene.step}")
    assert "Grove House" in form.text
    scene.refer()
    scene.refer()
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        desk = session.get_one(Provider, scene.grove).desk_id
        rows = session.exec(select(Referral)).all()
    assert desk
    assert len(rows) == 2


def test_nothing_of_a_survivors_referral_stands_in_the_case_for_others(scene: Scene) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        case = session.get_one(Case, scene.case.id)
        [rosa] = session.exec(select(StaffMember).where(StaffMember.role == "advocate")).all()
        case.advocate_id = rosa.id
        session.add(case)
    scene.refer(need="victim_survivor_advocacy", step="")
    referral = scene.row()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        session.add(
            HumanTask(
                claim="task|referral_unanswered|x",
                kind="referral_unanswered",
                case_id=scene.case.id,
                referral_id=referral.id,
                opened_at=NOW,
            )
        )
        contact = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == referral.person_id)
        ).one()
        message = a_message(
            session,
            contact,
            "You meet on Friday.",
            NOW,
            case_id=scene.case.id,
            step="first_meeting",
        )
        message.referral_id = referral.id
        session.add(message)
        assert not session.exec(
            select(CaseEvent).where(col(CaseEvent.kind).startswith("referral_"))
        ).all()
    other = scene.office.staff(Role.ADVOCATE, name="ines")
    sam = scene.office.staff(Role.SUPERVISOR, name="sam")
    for address in (f"/cases/{scene.case.id}", "/", "/outbox"):
        words = other.words(address)
        for leak in ("You meet on Friday", "Grove House", "does not answer", "eferral"):
            assert leak not in words.replace("Referrals", ""), (address, leak)
    for one in (scene.rosa, sam):
        assert "You meet on Friday" in one.words("/outbox")
        assert "does not answer" in one.words("/")


def consented(scene: Scene, **more: Any) -> str:
    """Marcus signs that Grove House may know of his treatment; the consent's id."""
    terms = Terms(
        person="Marcus Johnson",
        discloser="Liberty City Defense",
        kinds=frozenset({ShareKind.SUBSTANCE_USE}),
        recipient=Recipient(RecipientKind.PROVIDER, "Grove House", scene.grove),
        purpose=SharePurpose.SUPPORT,
        revoke_how="Tell the hub, in any way.",
        event=ExpiryEvent.CASE_END,
        statements=OUR_STATEMENTS,
    )
    terms = replace(terms, **more)
    signed = Signature(Medium.PAPER, "Marcus Johnson", date(2026, 12, 1), how="on paper")
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        person_id = session.get_one(Defendant, scene.case.defendant_id).person_id
        return record_consent(session, person_id, terms, signed, ROSA, NOW).id


def taken_back(scene: Scene, consent_id: str) -> None:
    """He takes it back by phone."""
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        revoke_consent(session, consent_id, ROSA, NOW, how="by phone")


def agenda(scene: Scene, referral_id: str) -> list[str]:
    """What is due now about a referral."""
    subject = SubjectRef(Subject.REFERRAL, referral_id, scene.office.hub_id)
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        return [item.step for item in read_agenda(session, subject, NOW).items]


@pytest.mark.parametrize("state", ["requested", "accepted", "in-progress", "on-hold"])
def test_the_providers_page_closes_at_once_when_the_consent_is_taken_back(
    scene: Scene, state: str
) -> None:
    consent_id = consented(scene)
    url = scene.refer(need="substance_use_treatment", step="", note="He likes quiet.")
    if state != "requested":
        scene.rosa.post(f"{url}/state", {"to": "accepted"})
    if state not in ("requested", "accepted"):
        scene.rosa.post(f"{url}/state", {"to": state})
    visitor, path = scene.provider()
    assert "Marcus" in visitor.get(path).text
    before = scene.row()
    assert before.state == state
    taken_back(scene, consent_id)
    answers = [visitor.get(path), visitor.post(path)]
    fields = {"words": "Keep my words", "why": "full", "came": "yes", "day": "2026-12-01"}
    for way in ("yes", "no", "meeting", "visit", "on"):
        answers.append(visitor.post(f"{path}/{way}", {**fields, "way": "done"}))
        assert "Keep my words" in answers[-1].text, "what they wrote is given back"
    for answer in answers:
        assert answer.status_code == 410
        for told in ("Marcus", "Grove House", "substance", "quiet", "42 CFR"):
            assert told not in answer.text
    after = scene.row()
    assert (after.state, after.reason, after.met) == (before.state, before.reason, before.met)
    assert after.revision == before.revision + 1, "its workflow hears of it"
    assert agenda(scene, after.id) == ["referral_uncovered"]
    assert scene.rosa.post(f"{url}/link", {}).status_code == 409
    consented(scene)
    assert "Marcus" in visitor.get(path).text, "a new consent opens it again"
    assert scene.row().revision == before.revision + 2
    assert "referral_uncovered" not in agenda(scene, after.id)


def test_the_providers_page_closes_on_the_day_on_which_the_consent_ends(scene: Scene) -> None:
    consented(scene, expires_at=NOW + timedelta(days=2), event=None)
    scene.refer(need="substance_use_treatment", step="")
    visitor, path = scene.provider()
    scene.office.clock.at = NOW + timedelta(days=1)
    assert visitor.post(path).status_code == 303
    assert "Marcus" in visitor.get(path).text
    scene.office.clock.at = NOW + timedelta(days=2)
    assert visitor.get(path).status_code == 410


def test_what_needs_no_consent_stays_open_when_another_one_is_taken_back(scene: Scene) -> None:
    consent_id = consented(scene)
    scene.refer()
    visitor, path = scene.provider()
    taken_back(scene, consent_id)
    assert "Marcus" in visitor.get(path).text


@pytest.fixture
def survivor(scene: Scene) -> Scene:
    """Rosa's case; its step of advocacy is referred to Grove House, who took it and saw them."""
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        case = session.get_one(Case, scene.case.id)
        [rosa] = session.exec(select(StaffMember).where(StaffMember.role == "advocate")).all()
        case.advocate_id = rosa.id
        session.add(case)
        plan = session.get_one(PlanStep, scene.step).plan_id
        new = NewStep("victim_survivor_advocacy", "Somebody to talk to")
        scene.step = add_step(session, plan, new, ROSA, NOW).id
    scene.refer(need="victim_survivor_advocacy", note="She fears him.", introduced_by="Ines")
    visitor, path = scene.provider()
    assert visitor.post(f"{path}/yes", {"words": "Come at noon"}).status_code == 303
    assert visitor.post(f"{path}/visit", {"came": "yes", "day": "2026-12-01"}).status_code == 303
    return scene


LEAKS = ("Grove House", "She fears him", "Come at noon", "Ines", "attest", "referral:")


def test_nothing_of_a_survivors_referral_is_written_into_the_case(survivor: Scene) -> None:
    with survivor.office.house.records.reading(survivor.office.hub_id) as session:
        step = session.get_one(PlanStep, survivor.step)
        assert (step.provider_id, step.state) == (None, "active")
        assert session.exec(select(Evidence)).all() == []
        events = session.exec(select(CaseEvent)).all()
        written = {event.kind for event in events if event.recorded_by != ROSA.actor}
        assert written == set(), "the provider's doings are no events of the case"
        assert "provider_chosen" not in {event.kind for event in events}
        assert survivor.row().id not in {event.subject_id for event in events}


def test_no_page_tells_another_advocate_of_a_survivors_referral(survivor: Scene) -> None:
    other = survivor.office.staff(Role.ADVOCATE, name="olga")
    with survivor.office.house.records.reading(survivor.office.hub_id) as session:
        plan = session.get_one(PlanStep, survivor.step).plan_id
    base = f"/cases/{survivor.case.id}"
    addresses = ["/", "/cases", "/referrals", "/outbox", "/inbox", "/unreachable"]
    addresses += [
        base,
        f"{base}/referrals",
        f"{base}/plans/{plan}",
        f"{base}/steps/{survivor.step}",
    ]
    for address in addresses:
        words = other.words(address)
        assert [leak for leak in LEAKS if leak in words] == [], address
    assert "Grove House" in survivor.rosa.words(f"{base}/referrals")


@pytest.mark.parametrize("kind", list(ReportKind))
def test_no_report_for_counsel_and_the_court_names_a_survivors_provider(
    survivor: Scene, kind: ReportKind
) -> None:
    with survivor.office.house.records.reading(survivor.office.hub_id) as session:
        plan = session.get_one(PlanStep, survivor.step).plan_id
        try:
            said_there = repr(report_sheet(session, plan, kind, None, NOW))
        except NothingToReport:
            return
    assert [leak for leak in LEAKS if leak in said_there] == []


def test_a_task_behind_the_wall_is_closed_by_nobody_outside(survivor: Scene) -> None:
    with survivor.office.house.records.writing(survivor.office.hub_id) as session:
        task = HumanTask(
            claim="task|referral_met_unknown|x",
            kind="referral_met_unknown",
            case_id=survivor.case.id,
            referral_id=survivor.row().id,
            opened_at=NOW,
        )
        session.add(task)
        session.flush()
        task_id = task.id
    other = survivor.office.staff(Role.ADVOCATE, name="olga")
    assert other.post(f"/tasks/{task_id}/done").status_code == 404
    assert "Grove House" in survivor.rosa.words("/")
    assert survivor.rosa.post(f"/tasks/{task_id}/done").status_code == 303


def test_whoever_works_alone_hears_of_a_survivors_referral(office: Office) -> None:
    admin = office.staff(Role.HUB_ADMIN, name="admin")
    case = a_case(office.house.records, NOW)
    with office.house.records.writing(office.hub_id) as session:
        grove = add_provider(session, NewProvider("Grove House")).id
        new = NewReferral(grove, "victim_survivor_advocacy", agreed_words="Yes", agreed_how=HOW[0])
        row = draft_referral(session, case.id, new, ROSA, NOW)
        session.add(
            HumanTask(
                claim="task|referral_unanswered|x",
                kind="referral_unanswered",
                case_id=case.id,
                referral_id=row.id,
                opened_at=NOW,
            )
        )
    assert "Grove House does not answer" in admin.words("/")
