"""`homeward doctor`: what it says about the ways a message leaves, and about the documents."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from activities.channels.loopback_gateway import SIGNING_KEY, LoopbackGateway
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.sms_android import EVENTS
from cli.doctor import Check, channel_checks, examine
from engine.addresses import GATEWAY_PATH
from tests.houses import settings_in
from tests.s3_server import KEY_ID, SECRET, S3Server

VOICE = {"voice_sender": "+13055550101"}


@pytest.fixture
async def account() -> AsyncIterator[dict[str, str]]:
    """Settings of an account with a provider that answers."""
    async with LoopbackSmsProvider() as provider:
        yield {
            "sms_url": provider.url,
            "sms_account": provider.account_sid,
            "sms_token": provider.auth_token,
            "sms_sender": "+13055550100",
        }


async def told(folder: Path, settings: dict[str, str]) -> dict[str, Check]:
    """What is said about each channel."""
    return {check.name: check for check in await channel_checks(settings_in(folder, **settings))}


async def test_what_stays_in_the_outbox_is_named_with_its_setting(tmp_path: Path) -> None:
    said = await told(tmp_path, {})
    assert {check.state for check in said.values()} == {"note"}
    assert "HOMEWARD_SMS_URL or HOMEWARD_GATEWAY_URL" in said["sms"].detail
    assert "HOMEWARD_VOICE_SENDER" in said["voice"].detail


async def test_an_account_is_asked_for_texts_and_for_calls(
    tmp_path: Path, account: dict[str, str]
) -> None:
    said = await told(tmp_path, {**account, **VOICE})
    assert (said["sms"].state, said["voice"].state) == ("ok", "ok")
    assert "10DLC" in said["sms"].detail
    assert "Haitian Creole" in said["voice"].detail
    wrong = await told(tmp_path, {**account, **VOICE, "sms_token": "wrong"})
    assert (wrong["sms"].state, wrong["voice"].state) == ("fail", "fail")
    assert "credentials" in wrong["voice"].detail


async def test_a_gateway_is_asked_whether_a_phone_is_there_and_reports_to_us(
    tmp_path: Path,
) -> None:
    async with LoopbackGateway() as gateway:
        user, password = gateway.login
        settings = {
            "gateway_url": gateway.url,
            "gateway_user": user,
            "gateway_password": password,
            "gateway_signing_key": SIGNING_KEY,
        }
        said = (await told(tmp_path, settings))["sms"]
        assert said.state == "fail"
        assert "sms:received" in said.detail
        gateway.phones = 0
        assert "No phone" in (await told(tmp_path, settings))["sms"].detail
        gateway.phones = 1
        for event in EVENTS:
            hook = {"event": event, "url": f"http://127.0.0.1:8000{GATEWAY_PATH}"}
            async with httpx.AsyncClient(auth=gateway.login, trust_env=False) as client:
                await client.post(f"{gateway.url}/webhooks", json=hook)
        said = (await told(tmp_path, settings))["sms"]
        assert said.state == "ok"
        assert "10DLC" not in said.detail


async def test_settings_that_contradict_each_other_are_one_failure(
    tmp_path: Path, account: dict[str, str]
) -> None:
    (check,) = (await told(tmp_path, {**account, "gateway_url": "http://127.0.0.1:9"})).values()
    assert (check.name, check.state) == ("channels", "fail")
    assert "Two providers" in check.detail


def documents(folder: Path, **settings: str) -> Check:
    """What is said about the document store."""
    checks = examine(settings_in(folder, **settings))
    return next(check for check in checks if check.name == "documents")


def test_documents_in_a_folder_are_written_to(tmp_path: Path) -> None:
    assert documents(tmp_path) == Check(
        "documents", "ok", "kept in a folder of this machine, encrypted"
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"documents_s3_url": "documents"}, "s3://bucket"),
        ({"documents_s3_endpoint": "http://127.0.0.1:9"}, "does not answer"),
    ],
)
def test_documents_in_a_bucket_that_cannot_be_used_are_a_failure(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    access = {"documents_s3_key_id": "id", "documents_s3_secret": "secret"}
    known = {"documents_s3_url": "s3://documents", **access, **settings}

    check = documents(tmp_path, **known)

    assert check.state == "fail"
    assert said in check.detail


def test_documents_in_a_bucket_are_written_to(tmp_path: Path, s3_server: S3Server) -> None:
    check = documents(
        tmp_path,
        documents_s3_url="s3://documents/doctor",
        documents_s3_endpoint=s3_server.url,
        documents_s3_key_id=KEY_ID,
        documents_s3_secret=SECRET,
    )

    assert check == Check("documents", "ok", "kept in a bucket, encrypted")
