"""Reports about calls: signed, in any order, more than once, and what follows from them."""

from collections.abc import Iterator
from itertools import permutations

import pytest
from sqlmodel import col, select

from engine.addresses import VOICE_STATUS_PATH
from records.tables import HumanTask
from tests.api.calls import CALLER, PUBLIC, TOKEN, Carried, posted
from tests.api.programs import Installation, installation

DENISE = "+13055550131"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose calls a provider carries."""
    more: dict[str, object] = {"sms_token": TOKEN, "public_url": PUBLIC}
    with installation(tmp_path_factory.mktemp("var"), **more) as made:
        yield made


@pytest.fixture(autouse=True)
def one_hub(hub: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The factories write into the first of the two hubs."""
    monkeypatch.setattr(hub.house.records, "sole_hub", lambda slug="": hub.hub_id())


def report(
    hub: Installation, sid: str, status: str, query: str = "", token: str = TOKEN, **more: str
) -> int:
    """The provider reports; the answer's status."""
    fields = {"CallSid": sid, "CallStatus": status, "Direction": "outbound-api", "To": DENISE}
    fields |= {"From": CALLER, **more}
    return posted(hub, VOICE_STATUS_PATH, fields, query=query, token=token).status_code


def test_a_person_who_listened_was_reached(hub: Installation) -> None:
    called = Carried(hub, "CA1", DENISE)
    for status in ("initiated", "in-progress"):
        assert report(hub, "CA1", status) == 204
        assert called.message.state in ("queued", "sending")
    assert report(hub, "CA1", "completed", AnsweredBy="human", CallDuration="40") == 204
    assert called.message.state == "delivered"


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"AnsweredBy": "machine_end_beep", "CallDuration": "40"}, "sent"),
        ({"AnsweredBy": "unknown"}, "sent"),
        ({"AnsweredBy": "human", "CallDuration": "2"}, "sent"),
        ({}, "sent"),
        ({"AnsweredBy": "fax"}, "undelivered"),
    ],
)
def test_a_machine_or_a_moment_is_not_a_person_who_listened(
    hub: Installation, more: dict[str, str], state: str
) -> None:
    sid = f"CA2{state}{len(more)}{more.get('AnsweredBy', '')}"
    called = Carried(hub, sid, DENISE)
    assert report(hub, sid, "completed", **more) == 204
    assert called.message.state == state
    assert called.contact.unreachable_at is None


@pytest.mark.parametrize("status", ["busy", "no-answer"])
def test_nobody_at_the_phone_now_is_no_lasting_trouble(hub: Installation, status: str) -> None:
    called = Carried(hub, f"CA3{status}", DENISE)
    before = called.news()
    assert report(hub, f"CA3{status}", status) == 204
    assert (called.message.state, called.message.error_code) == ("undelivered", status)
    assert called.contact.unreachable_at is None
    assert called.news() > before, "the workflow is told, so that the ladder goes on"


def test_a_number_that_does_not_exist_is_not_called_again(hub: Installation) -> None:
    called = Carried(hub, "CA4", DENISE)
    assert report(hub, "CA4", "failed", SipResponseCode="404") == 204
    assert called.message.state == "failed"
    assert called.contact.unreachable_code == "sip-404"


def test_a_network_that_blocks_our_calls_is_a_task_for_a_person(hub: Installation) -> None:
    called = Carried(hub, "CA5", DENISE)
    assert report(hub, "CA5", "failed", SipResponseCode="608") == 204
    with hub.reading() as session:
        assert "carrier_filtering" in session.exec(select(col(HumanTask.kind))).all()
    assert called.contact.unreachable_at is None


def test_reports_in_any_order_and_repeated_end_at_the_same_state(hub: Installation) -> None:
    told = [
        ("initiated", {}),
        ("in-progress", {"AnsweredBy": "human"}),
        ("completed", {"AnsweredBy": "human", "CallDuration": "33"}),
    ]
    for number, order in enumerate(permutations(told)):
        called = Carried(hub, f"CA6{number}", DENISE)
        for status, more in (*order, *order):
            assert report(hub, f"CA6{number}", status, **more) == 204
        assert called.message.state == "delivered"


def test_a_replayed_report_changes_nothing(hub: Installation) -> None:
    called = Carried(hub, "CA7", DENISE)
    report(hub, "CA7", "completed", AnsweredBy="human", CallDuration="33")
    before = called.news()
    for status in ("busy", "no-answer", "failed", "completed", "initiated"):
        assert report(hub, "CA7", status, SipResponseCode="404") == 204
    assert called.message.state == "delivered"
    assert called.contact.unreachable_at is None
    assert called.news() == before


def test_a_report_that_overtakes_the_providers_own_answer_finds_its_message(
    hub: Installation,
) -> None:
    called = Carried(hub, "", DENISE, state="claimed")
    assert report(hub, "CA8", "initiated", query=f"message={called.message_id}") == 204
    assert (called.message.state, called.message.provider_id) == ("queued", "CA8")


def test_what_nobody_signed_changes_nothing(hub: Installation) -> None:
    called = Carried(hub, "CA9", DENISE)
    assert report(hub, "CA9", "failed", token="another", ErrorCode="13224") == 403
    assert report(hub, "CA9", "failed", token="", ErrorCode="13224") == 403
    unsigned = hub.http.post(VOICE_STATUS_PATH, data={"CallSid": "CA9", "CallStatus": "busy"})
    assert unsigned.status_code == 403
    assert called.message.state == "queued"


@pytest.mark.parametrize(
    "fields",
    [
        {"CallSid": "CA-unknown", "CallStatus": "completed"},
        {"CallSid": "CA-unknown", "CallStatus": "teleported"},
        {"CallSid": "CA\x001", "CallStatus": "completed"},
        {"CallSid": "C" * 500, "CallStatus": "completed"},
        {"CallStatus": "completed"},
        {},
    ],
)
def test_a_call_that_is_not_known_here_is_no_error(
    hub: Installation, fields: dict[str, str]
) -> None:
    assert posted(hub, VOICE_STATUS_PATH, fields).status_code == 204
