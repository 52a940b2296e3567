"""Nothing of an example is ever handed to a carrier: every kind of message, over five weeks."""

import ast
from asyncio import to_thread
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlmodel import col, select
from temporalio.exceptions import ApplicationError

import activities
from activities.agendas import read_agenda
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.loopback_smtp import LoopbackMailServer
from activities.documents.store import DocumentStore
from activities.example.living import Life, SetClock
from activities.house import House
from activities.notifying import NeverLeaves, Notifying, _Reading
from activities.plan_reporting import ask_counsel, make_report
from domain.agenda import Act, AgendaItem, Doing, Subject, SubjectRef
from domain.consents import (
    ExpiryEvent,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Terms,
)
from domain.plan_reports import ReportKind
from domain.vocabulary import Channel, MessageState, ShareScope
from engine.building import build_house, open_the_records
from engine.example_hub import load_example
from records.agencies import NewAgency, add_agency
from records.agency_shares import Agreement, share_case
from records.casework import Source, touch
from records.circle import NewContact, add_contact, opt_out
from records.consent_drafts import completed
from records.consent_sending import send_consent_link
from records.consents import ask_consent
from records.database import HubSession
from records.example_removing import find_example
from records.hub_changes import plan_everything_again
from records.packet_reviews import ask_participant
from records.tables import (
    Case,
    ContactPoint,
    Defendant,
    Hub,
    Message,
    MessageAttempt,
    Packet,
    Person,
    SupportPlan,
)
from records.team import add_team_contact
from tests.houses import AGREED, FixedClock, settings_in, utc

NOW = utc("2026-12-02 15:00")
ADA = Source("Ada Example", "staff")
WAYS = {
    *("before_7", "before_3", "before_1", "plan_step", "answer", "ack_cannot", "changed"),
    *("letter_request", "letter_nudge", "packet_review", "counsel_review", "packet_ready"),
    *("report_review", "referral_request", "referral_nudge", "first_meeting"),
    *("consent_request", "digest", "enrolled"),
}
"""Kinds of messages that the weeks below must come to, to texts, calls and mailboxes: to family,
writers, readers, counsel, providers and agencies, with links, with calendars enclosed."""


class Providers:
    """Both providers on loopback, and a house that sends through them."""

    def __init__(self, folder: Path, texts: LoopbackSmsProvider, mail: LoopbackMailServer) -> None:
        self.texts, self.mail = texts, mail
        self.settings = settings_in(
            folder,
            public_url="https://hub.example.org",
            sms_url=texts.url,
            sms_account=texts.account_sid,
            sms_token=texts.auth_token,
            sms_sender="+13055550199",
            voice_sender="+13055550198",
            smtp_host="127.0.0.1",
            smtp_port=mail.port,
            smtp_sender="Hub <hub@example.org>",
            smtp_starttls="never",
            soffice=str(folder / "nowhere"),
        )
        self.records = open_the_records(self.settings)
        self.clock = SetClock(NOW)

    def house(self) -> House:
        """A worker's house, with the carriers of these settings."""
        return build_house(self.settings, self.records, self.clock)

    @property
    def left(self) -> int:
        """Whatever any carrier was given, or was even asked."""
        return len(self.texts.accepted()) + len(self.texts.calls()) + len(self.mail.messages)


@pytest_asyncio.fixture
async def providers(tmp_path: Path) -> AsyncIterator[Providers]:
    """Loopback providers, up."""
    async with LoopbackSmsProvider() as texts, LoopbackMailServer() as mail:
        made = Providers(tmp_path, texts, mail)
        yield made
        made.records.close()


async def load(providers: Providers) -> str:
    """The example, loaded as for anybody; its hub's id."""
    await to_thread(load_example, providers.settings, providers.records, FixedClock(NOW))
    return find_example(providers.records)


def ask_for_everything(session: HubSession, store: DocumentStore) -> None:
    """Whatever can be asked of Homeward that writes to somebody, and that the stories lack."""
    people = {one.first_name: one for one in session.exec(select(Person)).all()}
    cases = {
        session.get_one(Person, one.person_id).first_name: case
        for case in session.exec(select(Case)).all()
        if (one := session.get_one(Defendant, case.defendant_id))
    }
    for name, channel, address in (
        ("Jean-Marc", Channel.VOICE, "+13055550151"),
        ("Rosa", Channel.EMAIL, "rosa@example.org"),
        ("Ellis", Channel.EMAIL, "ellis@example.org"),
    ):
        new = NewContact(channel, address, AGREED, how="in person")
        add_contact(session, people[name].id, new, ADA, NOW)
    text = session.exec(
        select(ContactPoint).where(
            ContactPoint.person_id == people["Jean-Marc"].id, ContactPoint.channel == Channel.SMS
        )
    ).one()
    opt_out(session, text, ADA, NOW)  # from now on he is called
    way = NewContact(Channel.EMAIL, "desk@example.org", AGREED)
    agency = add_agency(session, NewAgency("Shelter", "Gloria", "Reyes", contacts=(way,)), ADA, NOW)
    agreed = Agreement("Yes, tell them.", "in person", "self", None)
    share_case(session, agency, cases["Rosa"].id, ShareScope.PLACE, agreed, ADA, NOW)
    packet = session.exec(select(Packet).where(Packet.kind == "sentencing")).one()
    ask_participant(session, packet.id, ADA, NOW)
    plan = session.exec(select(SupportPlan)).one()
    report = make_report(session, store, plan.id, ReportKind.SUMMARY, None, ADA, NOW)
    ask_counsel(session, report.id, ADA, NOW)
    pilar = people["Pilar"].id
    care, court = frozenset({ShareKind.MENTAL_HEALTH}), Recipient(RecipientKind.COURT)
    bare = Terms("", "", care, court, SharePurpose.COURT, event=ExpiryEvent.CASE_END)
    asked = ask_consent(session, pilar, completed(session, pilar, bare, ours=True), ADA, NOW)
    contact = session.exec(select(ContactPoint).where(ContactPoint.person_id == pilar)).one()
    send_consent_link(session, asked, contact.id, ADA, NOW)
    for case in cases.values():
        touch(session, case, NOW)


async def quiet(_: int, __: int) -> None:
    """Nobody looks how far it is."""


async def five_weeks(providers: Providers, hub_id: str) -> set[str]:
    """Ask for everything, and let a worker with real carriers do what falls due; kinds written."""
    with providers.records.writing(hub_id) as session:
        ask_for_everything(session, providers.house().store)
        plan_everything_again(session, NOW)

    life = Life(providers.house(), hub_id, providers.clock)
    await life.live([], NOW + timedelta(weeks=5), quiet)
    with providers.records.reading(hub_id) as session:
        return {message.step for message in session.exec(select(Message)).all()}


async def test_nothing_leaves_of_any_kind_in_any_way(providers: Providers) -> None:
    hub_id = await load(providers)
    steps = await five_weeks(providers, hub_id)
    assert steps >= WAYS, WAYS - steps
    assert providers.left == 0
    with providers.records.reading(hub_id) as session:
        rows = session.exec(select(Message)).all()
        assert {message.transport for message in rows} == {"example"}
        assert {message.channel for message in rows} == {"sms", "voice", "email"}
        assert session.exec(select(MessageAttempt)).all() == []


async def test_the_same_weeks_of_a_hub_of_real_work_do_leave(providers: Providers) -> None:
    """Otherwise the test above would be glad of providers that nothing reaches."""
    hub_id = await load(providers)
    with providers.records.everywhere() as session:
        session.get_one(Hub, hub_id).example = False
    await five_weeks(providers, hub_id)
    assert len(providers.texts.accepted()) > 5
    assert len(providers.texts.calls()) > 0
    assert len(providers.mail.messages) > 2


async def test_a_team_contact_gets_nothing_of_it_either(providers: Providers) -> None:
    hub_id = await load(providers)
    with providers.records.everywhere() as session:
        session.get_one(Hub, hub_id).trial = True
    with providers.records.writing(hub_id) as session:
        add_team_contact(session, "sms", "+13055550123", "Rosa’s phone")
    await five_weeks(providers, hub_id)
    assert providers.left == 0


async def a_message_in_doubt(providers: Providers, hub_id: str) -> Doing:
    """A hub of real work wrote to somebody, and the provider did not say whether it has it."""
    providers.texts.behave(drop="before", times=1)
    with providers.records.reading(hub_id) as session:
        cases = session.exec(select(col(Case.id)).order_by(col(Case.id))).all()
        subjects = [SubjectRef(Subject.CASE, case_id, hub_id) for case_id in cases]
        agendas = [(ref, read_agenda(session, ref, providers.clock.at)) for ref in subjects]
    due = [
        Doing(ref, item)
        for ref, agenda in agendas
        for item in agenda.items
        if item.act is Act.SEND_MESSAGE and item.channel == Channel.SMS
    ]
    doing = min(due, key=lambda one: one.item.due)
    providers.clock.at = max(doing.item.due, providers.clock.at)
    with pytest.raises(ApplicationError, match="did not answer"):
        await Notifying(providers.house()).send_message(doing)
    return doing


async def test_a_message_in_doubt_is_withdrawn_and_nobody_is_asked_of_it(
    providers: Providers,
) -> None:
    hub_id = await load(providers)
    with providers.records.everywhere() as session:
        session.get_one(Hub, hub_id).example = False
    doing = await a_message_in_doubt(providers, hub_id)
    with providers.records.everywhere() as session:
        session.get_one(Hub, hub_id).example = True
    await providers.texts.stop()  # asking it would fail
    providers.clock.at += timedelta(minutes=1)
    await Notifying(providers.house()).send_message(doing)
    with providers.records.reading(hub_id) as session:
        message = session.exec(select(Message).where(Message.claim == doing.item.key)).one()
        assert message.state == MessageState.WITHDRAWN


async def test_it_neither_waits_for_a_provider_that_is_away_nor_looks_for_it(
    providers: Providers,
) -> None:
    hub_id, house = await load(providers), providers.house()
    for _ in range(10):
        house.line.silent(Channel.SMS, NOW)
    assert house.line.is_away(Channel.SMS)
    await Life(house, hub_id, providers.clock).live([], NOW + timedelta(days=2), quiet)
    with providers.records.reading(hub_id) as session:
        later = session.exec(select(Message).where(col(Message.claimed_at) > NOW)).all()
        assert {message.step for message in later} >= {"before_3"}
    real = SubjectRef(Subject.CASE, "real", "work")
    item = AgendaItem(Act.SEND_MESSAGE, "k", NOW, NOW + timedelta(days=3), channel=Channel.SMS)
    assert house.line.looks(Channel.SMS, item, real, NOW), "nobody of the example took the place"


ELSEWHERE = {
    # A test message to oneself; `tests/api/pages/test_first_run.py` shows that an example has none.
    "api/pages/first_messages.py:_send",
}
"""Ways to a carrier beside the one of all messages, each with a refusal of its own."""


def test_what_leaves_leaves_at_one_place() -> None:
    """Another way to a carrier needs a refusal of its own, and a test of it."""
    root = Path(activities.__file__).parent.parent
    folders = ("activities", "api", "cli", "engine", "records", "workflows")
    places = [
        f"{path.relative_to(root)}:{inside}"
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
        if "channels" not in path.parts
        for inside in _senders(path)
    ]
    assert {*places} - ELSEWHERE == {"activities/notifying.py:_carry"}
    assert {*places} >= ELSEWHERE


def _senders(path: Path) -> list[str]:
    """The functions of a file that hand something to a carrier."""
    return [
        function.name
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for one in ast.walk(function)
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr == "send"
    ]


async def test_the_door_itself_lets_nothing_of_an_example_through(providers: Providers) -> None:
    """Even a message that somehow came that far: about to be handed to a provider."""
    hub_id = await load(providers)
    notifying = Notifying(providers.house())
    with providers.records.writing(hub_id) as session:
        message = session.exec(select(Message).where(Message.channel == "sms")).all()[0]
        with pytest.raises(NeverLeaves):
            notifying._ready(session, message, "+13055550121", _Reading(NOW, 0.0))
    assert providers.left == 0
