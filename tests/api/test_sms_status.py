"""Delivery receipts: signed, in any order, more than once, and what follows from them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlmodel import col, select

from activities.agendas import load_facts, read_agenda
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.twilio_signature import sign
from activities.house import House
from activities.notifying import Notifying
from api.app import build_app
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.facts import CaseFacts
from domain.reminders import case_items
from domain.vocabulary import Channel
from engine.addresses import SMS_STATUS_PATH, sms_status_url
from engine.embedded import free_port
from records.circle import NewContact, add_contact
from records.tables import ContactPoint, HumanTask, Message, OutboxRow
from tests.api.programs import NOW, Installation, installation
from tests.houses import (
    AGREED,
    ROSA,
    FixedClock,
    a_case,
    a_hearing,
    a_mother,
    hub_of,
    make_house,
    settings_in,
)

TOKEN = "12345"
PUBLIC = "https://hub.example.org"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose texts a provider carries."""
    more: dict[str, object] = {
        "sms_url": "http://127.0.0.1:1",
        "sms_account": "AC1",
        "sms_token": TOKEN,
        "sms_sender": "+13055550100",
        "public_url": PUBLIC,
    }
    with installation(tmp_path_factory.mktemp("var"), **more) as made:
        yield made


class Told:
    """Denise was sent a text, and the provider has it."""

    def __init__(self, hub: Installation, sid: str, state: str = "sent") -> None:
        self.hub, self.sid = hub, sid
        records = hub.house.records
        case = a_case(records, NOW, phone="")
        self.case_id = case.id
        a_hearing(records, case, "2026-12-15 09:00", NOW)
        self.person = a_mother(records, case, NOW, email="denise@example.org")
        with records.writing(hub_of_first(hub)) as session:
            contact = session.exec(
                select(ContactPoint).where(
                    ContactPoint.person_id == self.person, ContactPoint.channel == Channel.SMS
                )
            ).one()
            self.contact_id = contact.id
            facts = load_facts(session, SubjectRef(Subject.CASE, case.id, session.hub_id), NOW)
            assert isinstance(facts, CaseFacts)
            item = next(i for i in case_items(facts, NOW) if i.person_id == self.person)
            message = Message(
                claim=item.key,
                case_id=case.id,
                person_id=self.person,
                contact_id=contact.id,
                subject_id=item.subject_id,
                subject_revision=item.revision,
                step=item.step,
                audience="family",
                language="en",
                channel=item.channel,
                transport="sms",
                template="t",
                template_version="1",
                body="Hi Denise",
                state=state,
                claimed_at=NOW,
                provider_id=sid,
                attempts=1,
            )
            session.add(message)
            session.flush()
            self.message_id = message.id

    def report(self, status: str, *, sid: str = "", query: str = "", **more: str) -> int:
        """The provider reports; the answer's status."""
        fields = {"MessageSid": sid or self.sid, "MessageStatus": status, "To": "+1", **more}
        return reported(self.hub, fields, query)

    @property
    def state(self) -> str:
        """What became of the text, as far as is known here."""
        return self._read(Message, self.message_id).state

    def _read(self, table: type, row_id: str) -> Message:
        with self.hub.reading() as session:
            return session.get_one(table, row_id)

    @property
    def contact(self) -> ContactPoint:
        """Her phone."""
        with self.hub.reading() as session:
            return session.get_one(ContactPoint, self.contact_id)

    def news(self) -> int:
        """How often the case's workflow was told of a change."""
        with self.hub.reading() as session:
            statement = select(OutboxRow).where(OutboxRow.subject_id == self.case_id)
            return len(session.exec(statement).all())

    def next_channels(self, at: datetime = NOW) -> set[str]:
        """By which channels she is to be told of the date at a moment."""
        subject = SubjectRef(Subject.CASE, self.case_id, self.hub.hub_id())
        with self.hub.reading() as session:
            items = read_agenda(session, subject, at).items
        return {
            item.channel
            for item in items
            if item.person_id == self.person and item.step == "enrolled" and item.due <= at
        }


def hub_of_first(hub: Installation) -> str:
    """The first hub."""
    return hub.hub_id()


def reported(hub: Installation, fields: dict[str, str], query: str = "", token: str = TOKEN) -> int:
    """A signed report; the answer's status."""
    path = SMS_STATUS_PATH + (f"?{query}" if query else "")
    answer: httpx.Response = hub.http.post(
        path,
        content=urlencode(fields),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": sign(token, PUBLIC + path, fields),
        },
    )
    return answer.status_code


@pytest.fixture(autouse=True)
def one_hub(hub: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The factories write into the first of the two hubs."""
    monkeypatch.setattr(hub.house.records, "sole_hub", lambda slug="": hub.hub_id())


def test_a_text_is_settled_by_the_providers_id(hub: Installation) -> None:
    told = Told(hub, "SM1", state="queued")
    assert told.report("sent") == 204
    assert told.state == "sent"
    assert told.report("delivered") == 204
    assert told.state == "delivered"


def test_a_late_report_never_goes_backwards_and_a_repeated_one_changes_nothing(
    hub: Installation,
) -> None:
    told = Told(hub, "SM2")
    told.report("delivered")
    before = told.news()
    for status in ("sent", "queued", "delivered", "undelivered", "failed"):
        assert told.report(status, ErrorCode="30005") == 204
        assert told.state == "delivered"
    assert told.contact.unreachable_at is None
    assert told.news() == before


def test_a_number_that_does_not_exist_is_not_tried_again_and_the_next_channel_is(
    hub: Installation,
) -> None:
    told = Told(hub, "SM3")
    assert told.next_channels() == set()
    before = told.news()
    told.report("undelivered", ErrorCode="30005")
    assert told.state == "undelivered"
    assert told.contact.unreachable_code == "30005"
    assert told.news() > before, "the workflow is told, so that the ladder goes on"
    assert told.next_channels() == {"email"}


def test_a_passing_trouble_leaves_the_number_usable_and_it_is_tried_again_after_a_while(
    hub: Installation,
) -> None:
    told = Told(hub, "SM4")
    before = told.news()
    told.report("undelivered", ErrorCode="30003")
    assert told.contact.unreachable_at is None
    assert told.news() > before
    assert told.next_channels() == set(), "not at once"
    assert told.next_channels(NOW + timedelta(minutes=30)) == {"sms"}


def test_a_stop_that_only_the_provider_heard_is_respected(hub: Installation) -> None:
    told = Told(hub, "SM5")
    told.report("failed", ErrorCode="21610")
    assert told.contact.opted_out_at is not None


def test_a_carrier_that_blocks_us_is_a_task_for_a_person(hub: Installation) -> None:
    told = Told(hub, "SM6")
    told.report("undelivered", ErrorCode="30007")
    with hub.reading() as session:
        kinds = session.exec(select(col(HumanTask.kind))).all()
    assert "carrier_filtering" in kinds
    assert told.contact.unreachable_at is None


def test_a_report_that_overtakes_the_providers_own_answer_finds_its_message(
    hub: Installation,
) -> None:
    told = Told(hub, "", state="claimed")
    assert told.report("delivered", sid="SM7", query=f"message={told.message_id}") == 204
    assert told.state == "delivered"
    with hub.reading() as session:
        assert session.get_one(Message, told.message_id).provider_id == "SM7"


def test_our_own_id_settles_nothing_once_the_providers_is_known(hub: Installation) -> None:
    told = Told(hub, "SM8")
    assert told.report("failed", sid="SM-another", query=f"message={told.message_id}") == 204
    assert told.state == "sent"


def test_a_text_that_is_not_known_here_is_no_error(hub: Installation) -> None:
    assert reported(hub, {"MessageSid": "SM-unknown", "MessageStatus": "delivered"}) == 204
    assert reported(hub, {"MessageSid": "SM-unknown", "MessageStatus": "read aloud"}) == 204
    assert reported(hub, {"Body": "STOP"}) == 204


def test_what_nobody_signed_changes_nothing(hub: Installation) -> None:
    told = Told(hub, "SM9")
    fields = {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "30005"}
    assert reported(hub, fields, token="another") == 403
    unsigned = hub.http.post(SMS_STATUS_PATH, data=fields)
    assert unsigned.status_code == 403
    assert unsigned.headers["content-type"] == "application/problem+json"
    elsewhere = sign(TOKEN, "https://evil.example.org" + SMS_STATUS_PATH, fields)
    answer = hub.http.post(SMS_STATUS_PATH, data=fields, headers={"X-Twilio-Signature": elsewhere})
    assert answer.status_code == 403
    assert told.state == "sent"


def test_without_a_token_of_the_provider_nothing_is_valid(tmp_path: Path) -> None:
    with installation(tmp_path) as bare:
        fields = {"MessageSid": "SM1", "MessageStatus": "sent"}
        url = f"http://127.0.0.1:8000{SMS_STATUS_PATH}"
        headers = {"X-Twilio-Signature": sign("", url, fields)}
        assert bare.http.post(SMS_STATUS_PATH, data=fields, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("public", "provider", "expected"),
    [
        ("https://hub.example.org/", "https://api.example.org", f"{PUBLIC}{SMS_STATUS_PATH}"),
        ("", "https://api.example.org", ""),
        ("http://hub.example.org", "https://api.example.org", ""),
        ("http://127.0.0.1:8010", "https://api.example.org", ""),
        ("", "", ""),
        ("https://hub.example.org", "", ""),
        ("", "http://127.0.0.1:9", f"http://127.0.0.1:8000{SMS_STATUS_PATH}"),
        ("http://localhost:8010", "http://[::1]:9", f"http://localhost:8010{SMS_STATUS_PATH}"),
    ],
)
def test_a_provider_is_given_only_an_address_that_it_can_reach(
    tmp_path: Path, public: str, provider: str, expected: str
) -> None:
    settings = settings_in(tmp_path, public_url=public, sms_url=provider)
    assert sms_status_url(settings) == expected


@asynccontextmanager
async def served(house: House, folder: Path, port: int, **more: object) -> AsyncIterator[None]:
    """The web server of a house on a real port."""
    async with serving(build_app(settings_in(folder, port=port, **more), house.records), port):
        yield


@asynccontextmanager
async def serving(app: FastAPI, port: int) -> AsyncIterator[None]:
    """An application on a real port."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", access_log=False, lifespan="off")
    )
    running = asyncio.create_task(server.serve())
    async with httpx.AsyncClient(trust_env=False) as http:
        while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
            await asyncio.sleep(0.01)
        assert (await http.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
    try:
        yield
    finally:
        server.should_exit = True
        await running


async def test_a_text_goes_out_and_its_receipt_comes_back_over_real_sockets(tmp_path: Path) -> None:
    port = free_port()
    async with LoopbackSmsProvider() as provider:
        more: dict[str, object] = {
            "sms_url": provider.url,
            "sms_account": provider.account_sid,
            "sms_token": provider.auth_token,
            "sms_sender": "+13055550100",
        }
        house = make_house(tmp_path, FixedClock(NOW), port=port, **more)
        case = a_case(house.records, NOW, phone="")
        person = a_mother(house.records, case, NOW)
        with house.records.writing(hub_of(house.records)) as session:
            fallback = NewContact(Channel.EMAIL, "denise@example.org", AGREED)
            add_contact(session, person, fallback, ROSA, NOW)
        provider.behave(callbacks=("delivered", "sent", "delivered"))
        async with served(house, tmp_path, port, **more):
            subject = SubjectRef(Subject.CASE, case.id, hub_of(house.records))
            with house.records.reading(subject.hub_id) as session:
                items = read_agenda(session, subject, NOW).items
            item = next(i for i in items if i.act is Act.SEND_MESSAGE)
            await Notifying(house).send_message(Doing(subject, item))
            await provider.settle()
        assert [report.answered for report in provider.callbacks] == [204, 204, 204]
        with house.records.reading(subject.hub_id) as session:
            message = session.exec(select(Message)).one()
        assert message.state == "delivered"
        await house.carriers[Channel.SMS].aclose()
        house.records.close()
