"""Building the house from settings: records, channels, words, documents."""

from datetime import datetime
from pathlib import Path

import templates
from activities.channels import Channel as CarryingChannel
from activities.channels import OutboxChannel, SmtpChannel, TwilioChannel
from activities.documents.store import FolderStore
from activities.house import Clock, House, WallClock
from domain.vocabulary import Channel
from domain.words import Catalog
from engine.addresses import public_url, sms_status_url
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


def carriers(settings: Settings, clock: Clock) -> dict[Channel, CarryingChannel]:
    """What carries each channel: the configured provider, or the outbox."""

    async def now() -> datetime:
        return await clock.now()

    sms: CarryingChannel = OutboxChannel()
    if settings.sms_url:
        sms = TwilioChannel(
            settings.sms_url, settings.sms_account, settings.sms_token, settings.sms_sender
        )
    email: CarryingChannel = OutboxChannel()
    if settings.smtp_host:
        email = SmtpChannel(
            settings.smtp_host,
            settings.smtp_port,
            username=settings.smtp_user,
            password=settings.smtp_password,
            sender=settings.smtp_sender,
            starttls=settings.smtp_starttls,
            timeout=15.0,
            clock=now,
        )
    return {Channel.SMS: sms, Channel.EMAIL: email}


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
        store=FolderStore(settings.documents_at, keys()),
        soffice_profile=settings.data / "soffice",
        public_url=public_url(settings),
        soffice=settings.soffice,
        sms_status_url=sms_status_url(settings),
        mail_sender=settings.smtp_sender if settings.smtp_host else "",
    )
