"""Building the house from settings: records, channels, words, documents."""

from datetime import datetime
from pathlib import Path

import templates
from activities.channels import (
    AndroidGatewayChannel,
    Misconfigured,
    OutboxChannel,
    SmtpChannel,
    TwilioChannel,
    TwilioVoiceChannel,
)
from activities.channels import Channel as CarryingChannel
from activities.documents.s3_store import Bucket, BucketStore
from activities.documents.sealing import Cipher
from activities.documents.store import DocumentStore, FolderStore
from activities.house import Clock, House, WallClock
from activities.traffic import Pace
from domain.vocabulary import Channel
from domain.words import Catalog
from engine.addresses import (
    gateway_url,
    public_url,
    sms_status_url,
    voice_keys_url,
    voice_status_url,
)
from engine.settings import Settings
from records.crypto import keys
from records.database import Records, open_records

WORDS = Path(templates.__file__).parent / "messages"


def open_the_records(settings: Settings, *, busy_seconds: float = 30.0) -> Records:
    """The records of this installation; makes them on first use.

    Raises:
        KeyProblem, RecordsProblem, DatabaseTooNew: with what to do.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    return open_records(settings.records_url, settings.keys_at, busy_seconds=busy_seconds)


def open_documents(settings: Settings, cipher: Cipher) -> DocumentStore:
    """The document store of this installation: a bucket where one is set, else a folder.

    Raises:
        Misconfigured: settings that contradict each other, or one that is missing.
        OSError: the folder cannot be made.
    """
    if not settings.documents_s3_url:
        return FolderStore(settings.documents_at, cipher)
    return BucketStore(_bucket(settings), cipher)


def _bucket(settings: Settings) -> Bucket:
    scheme, _, place = settings.documents_s3_url.partition("://")
    name, _, folder = place.partition("/")
    endpoint = settings.documents_s3_endpoint.rstrip("/")
    if scheme != "s3" or not name:
        raise Misconfigured("Write HOMEWARD_DOCUMENTS_S3_URL as s3://bucket or s3://bucket/folder.")
    if endpoint and not endpoint.startswith(("https://", "http://")):
        raise Misconfigured("HOMEWARD_DOCUMENTS_S3_ENDPOINT starts with https:// (or http://).")
    if bool(settings.documents_s3_key_id) != bool(settings.documents_s3_secret):
        raise Misconfigured(
            "Set HOMEWARD_DOCUMENTS_S3_KEY_ID and HOMEWARD_DOCUMENTS_S3_SECRET together."
        )
    return Bucket(
        name=name,
        folder=folder,
        endpoint=endpoint,
        region=settings.documents_s3_region,
        key_id=settings.documents_s3_key_id,
        secret=settings.documents_s3_secret,
    )


def carriers(settings: Settings, clock: Clock) -> dict[Channel, CarryingChannel]:
    """What carries each channel: the configured provider, or the outbox.

    Raises:
        Misconfigured: settings that contradict each other, or one that is missing.
    """
    return {
        Channel.SMS: _texts(settings),
        Channel.VOICE: _calls(settings),
        Channel.EMAIL: _mail(settings, clock),
    }


def _texts(settings: Settings) -> CarryingChannel:
    """An account, a phone of the hub's, or the outbox; never two at once."""
    if settings.gateway_url:
        calls_only = settings.voice_sender and not settings.sms_sender
        if settings.sms_url and not calls_only:
            raise Misconfigured(
                "Two providers are set for texts. Unset HOMEWARD_GATEWAY_URL, or unset "
                "HOMEWARD_SMS_SENDER (and HOMEWARD_SMS_URL, unless it is there for calls)."
            )
        return _gateway(settings)
    if settings.sms_url:
        return TwilioChannel(
            settings.sms_url, settings.sms_account, settings.sms_token, settings.sms_sender
        )
    return OutboxChannel()


def _gateway(settings: Settings) -> CarryingChannel:
    report_to = gateway_url(settings)
    if not (settings.gateway_signing_key and report_to):
        raise Misconfigured(
            "Nobody's STOP would be heard: set HOMEWARD_GATEWAY_SIGNING_KEY to the signing key "
            "of the gateway's app, and HOMEWARD_PUBLIC_URL to an https:// address for its reports."
        )
    return AndroidGatewayChannel(
        settings.gateway_url,
        settings.gateway_user,
        settings.gateway_password,
        report_to=report_to,
    )


def _calls(settings: Settings) -> CarryingChannel:
    if not settings.voice_sender:
        return OutboxChannel()
    if not settings.sms_url:
        raise Misconfigured("Calls use the SMS account: set HOMEWARD_SMS_URL, or unset the caller.")
    return TwilioVoiceChannel(
        settings.sms_url,
        settings.sms_account,
        settings.sms_token,
        settings.voice_sender,
        keys_url=voice_keys_url(settings),
    )


def _mail(settings: Settings, clock: Clock) -> CarryingChannel:
    async def now() -> datetime:
        return await clock.now()

    if not settings.smtp_host:
        return OutboxChannel()
    return SmtpChannel(
        settings.smtp_host,
        settings.smtp_port,
        username=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.smtp_sender,
        starttls=settings.smtp_starttls,
        timeout=15.0,
        clock=now,
    )


def build_house(settings: Settings, records: Records, clock: Clock | None = None) -> House:
    """Everything that activities work with.

    Args:
        settings: this installation's.
        records: opened.
        clock: the wall clock unless another is given.
    """
    clock = clock or WallClock()
    return House(
        records=records,
        clock=clock,
        carriers=carriers(settings, clock),
        catalog=Catalog.load(WORDS),
        store=open_documents(settings, keys()),
        soffice_profile=settings.data / "soffice",
        public_url=public_url(settings),
        soffice=settings.soffice,
        sms_status_url=sms_status_url(settings),
        pace=Pace({Channel.SMS: settings.sms_rate}),
        voice_status_url=voice_status_url(settings),
        mail_sender=settings.smtp_sender if settings.smtp_host else "",
    )
