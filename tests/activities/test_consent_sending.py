"""The link to a consent leaves as a message: once, saying nothing of what is asked, or a task."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.house import House
from activities.notifying import Notifying
from domain.agenda import Act, AgendaItem, Doing, Subject, SubjectRef
from domain.consents import (
    ExpiryEvent,
    Medium,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Signer,
    Terms,
)
from domain.vocabulary import StepState
from records.answering import CannotAnswer
from records.casework import NotFound
from records.circle import opt_out
from records.consent_drafts import completed
from records.consent_sending import LINK_USEFUL, contacts_for, send_consent_link
from records.consents import (
    AlreadySigned,
    ask_consent,
    get_terms,
    revoke_consent,
    sign_consent,
)
from records.plan_templates import HOMEWARDS, start_from_template
from records.tables import (
    Answer,
    ConsentTerms,
    ContactPoint,
    Defendant,
    Message,
    PlanStep,
)
from tests.houses import ROSA, FixedClock, a_case, a_mother, hub_of, make_house, utc

NOW = utc("2026-12-02 15:00")
SITE = "https://hub.example.org"
ASKED = Terms(
    "",
    "",
    frozenset({ShareKind.SUBSTANCE_USE}),
    Recipient(RecipientKind.COURT),
    SharePurpose.COURT,
    event=ExpiryEvent.CASE_END,
)


class Asked:
    """Marcus is asked for a consent about treatment; nobody has sent him the link yet."""

    def __init__(self, folder: Path, *, custody: str = "released", language: str = "en") -> None:
        self.clock = FixedClock(NOW)
        self.house: House = make_house(folder, self.clock, public_url=SITE)
        self.hub = hub_of(self.house.records)
        self.case = a_case(self.house.records, NOW, custody=custody, language=language)
        with self.house.records.writing(self.hub) as session:
            self.person_id = session.get_one(Defendant, self.case.defendant_id).person_id
            terms = completed(session, self.person_id, ASKED, ours=True)
            self.consent_id = ask_consent(session, self.person_id, terms, ROSA, NOW).id
            self.contact_id = session.exec(
                select(col(ContactPoint.id)).where(ContactPoint.person_id == self.person_id)
            ).one()

    def send(self, contact_id: str = "") -> str:
        """Send the link; the answer's id."""
        with self.house.records.writing(self.hub) as session:
            row = get_terms(session, self.consent_id)
            to = contact_id or self.contact_id
            return send_consent_link(session, row, to, ROSA, self.clock.at).id

    def agenda(self) -> list[AgendaItem]:
        """What the case's workflow would do now."""
        subject = SubjectRef(Subject.CASE, self.case.id, self.hub)
        with self.house.records.reading(self.hub) as session:
            items = read_agenda(session, subject, self.clock.at).items
        return [item for item in items if "consent" in item.step]

    def live(self, until: datetime) -> None:
        """Send whatever is due, quarter by quarter of an hour, as the workflow would."""
        notifying = Notifying(self.house)
        subject = SubjectRef(Subject.CASE, self.case.id, self.hub)
        while self.clock.at <= until:
            for item in self.agenda():
                if item.act is Act.SEND_MESSAGE and item.due <= self.clock.at:
                    asyncio.run(notifying.send_message(Doing(subject, item)))
            self.clock.at += timedelta(minutes=15)

    def told(self) -> list[Message]:
        """The links that left, in order."""
        with self.house.records.reading(self.hub) as session:
            return list(
                session.exec(
                    select(Message)
                    .where(Message.step == "consent_request")
                    .order_by(col(Message.claimed_at))
                ).all()
            )


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_the_link_leaves_once_and_does_not_tell_what_is_asked(
    tmp_path: Path, language: str
) -> None:
    asked = Asked(tmp_path, language=language)
    assert asked.send() == asked.send()
    asked.live(NOW + timedelta(days=3))
    [message] = asked.told()
    assert message.language == language
    assert re.search(rf"{SITE}/agree/[\w-]{{20,}}", message.body)
    assert not re.search(
        "treatment|drug|alcohol|court|lawyer|consent|tratamiento|tribunal|trètman|dwòg|konsantman",
        message.body.partition(SITE)[0],
        re.IGNORECASE,
    )


def test_it_may_be_sent_anew_once_the_first_one_is_old(asked: Asked) -> None:
    asked.send()
    asked.live(NOW + LINK_USEFUL)
    asked.clock.at = NOW + LINK_USEFUL + timedelta(hours=1)
    asked.send()
    asked.live(NOW + 2 * LINK_USEFUL)
    assert len(asked.told()) == 2


def test_what_was_taken_back_before_it_left_does_not_leave_and_is_no_task(asked: Asked) -> None:
    asked.clock.at = utc("2026-12-03 04:00")
    asked.send()
    assert [item.act for item in asked.agenda()] == [Act.SEND_MESSAGE]
    with asked.house.records.writing(asked.hub) as session:
        revoke_consent(session, asked.consent_id, ROSA, asked.clock.at, how="in person")
    assert asked.agenda() == []
    asked.live(asked.clock.at + timedelta(days=3))
    assert asked.told() == []
    with pytest.raises(AlreadySigned):
        asked.send()


def test_a_link_that_never_leaves_becomes_a_task(asked: Asked) -> None:
    asked.send()
    with asked.house.records.writing(asked.hub) as session:
        opt_out(session, session.get_one(ContactPoint, asked.contact_id), ROSA, NOW)
    [task] = asked.agenda()
    assert (task.act, task.step, task.person_id) == (
        Act.OPEN_TASK,
        "consent_unsent",
        asked.person_id,
    )


def test_it_goes_to_nobody_else(asked: Asked) -> None:
    mother = a_mother(asked.house.records, asked.case, NOW)
    with asked.house.records.reading(asked.hub) as session:
        hers = session.exec(
            select(col(ContactPoint.id)).where(ContactPoint.person_id == mother)
        ).one()
        offered = contacts_for(session, session.get_one(ConsentTerms, asked.consent_id))
        assert [one.id for one in offered] == [asked.contact_id]
    with pytest.raises(NotFound):
        asked.send(hers)


def test_nothing_is_sent_to_the_phone_of_someone_in_custody(tmp_path: Path) -> None:
    asked = Asked(tmp_path, custody="detained")
    with pytest.raises(CannotAnswer, match="custody"):
        asked.send()
    with asked.house.records.reading(asked.hub) as session:
        assert session.exec(select(Answer)).all() == []


def test_a_guardians_signature_checks_off_the_step_that_waited_for_it(asked: Asked) -> None:
    youth = HOMEWARDS["youth"]
    with asked.house.records.writing(asked.hub) as session:
        plan = start_from_template(session, asked.case.id, youth, NOW.date(), ROSA, NOW)
        plan_id = plan.id

    def waits() -> StepState:
        with asked.house.records.reading(asked.hub) as session:
            return StepState(
                session.exec(
                    select(PlanStep).where(
                        PlanStep.plan_id == plan_id, PlanStep.kind == "guardian_consent"
                    )
                )
                .one()
                .state
            )

    assert waits() is StepState.ACTIVE
    alone = Signature(Medium.PAPER, "Marcus Johnson", NOW.date())
    with_her = replace(
        alone,
        signer=Signer.BOTH,
        authority="mother",
        guardian_as="Denise Johnson",
        guardian_on=NOW.date(),
    )
    with asked.house.records.writing(asked.hub) as session:
        sign_consent(session, asked.consent_id, alone, ROSA, NOW)
    assert waits() is StepState.ACTIVE
    with asked.house.records.writing(asked.hub) as session:
        terms = completed(session, asked.person_id, ASKED, ours=True)
        row = ask_consent(session, asked.person_id, terms, ROSA, NOW)
        sign_consent(session, row.id, with_her, ROSA, NOW)
    assert waits() is StepState.VERIFIED
