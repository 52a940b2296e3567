"""Referrals on the pages: made, answered by a provider without an account, offered again."""

import re

import pytest
from sqlmodel import col, select

from domain.vocabulary import Role
from records.casework import NewCase, open_case
from records.conflicts import declare_conflict
from records.directory import NewProvider, NewService, add_provider, add_service
from records.plans import NewStep, start_plan, steps_of
from records.private_links import path_of
from records.referrals import provider_link
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
