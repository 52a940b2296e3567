"""Mail from outside: what became of ours, and what people wrote back."""

import re
from datetime import datetime
from enum import StrEnum

from activities.channels.base import Fate
from activities.channels.mail_status import kind_of_status
from activities.reports import message_reported, note_report
from domain.incoming_mail import Action, DeliveryReport, Nothing, PersonsWords, read_mail
from domain.vocabulary import Channel
from records.database import HubSession, Records
from records.replies import receive_text
from records.tables import Message

WITHOUT_WORDS = "[An e-mail with an attachment and no words. Ask them what it is.]"
"""What an advocate reads where somebody sent a picture alone."""
_OUR_ID = re.compile(r"<([0-9a-f]{32})@[^<>@]+>")


class MailFate(StrEnum):
    """What came of one mail."""

    REPORT_TAKEN = "report taken"
    WORDS_TAKEN = "words taken"
    NOTHING_OF_OURS = "nothing of ours"
    UNREADABLE = "unreadable"


def take_in_mail(records: Records, raw: bytes, now: datetime) -> MailFate:
    """Take in one mail as the mail server received it (RFC 5322).

    The same mail twice changes nothing more. What a mail says of its sender is not proved: in
    anybody's name it can stop e-mail or come before an advocate, and no more. A report is
    believed when it names the Message-ID of a mail of ours, which only that mail's readers know.

    Raises:
        OperationalError: the records are locked; the mail is to be brought again.
    """
    mail = read_mail(raw)
    match mail:
        case DeliveryReport():
            return _note(records, mail, now)
        case PersonsWords():
            return _hear(records, mail, now)
        case Nothing.UNREADABLE:
            return MailFate.UNREADABLE
    return MailFate.NOTHING_OF_OURS


def _hear(records: Records, mail: PersonsWords, now: datetime) -> MailFate:
    heard = receive_text(
        records,
        mail.sender,
        mail.text or WITHOUT_WORDS,
        mail.message_id,
        now,
        channel=Channel.EMAIL,
    )
    return MailFate.WORDS_TAKEN if heard else MailFate.NOTHING_OF_OURS


def _note(records: Records, report: DeliveryReport, now: datetime) -> MailFate:
    """A failure has the consequences of a refusal at the door; a delivery is noted."""
    for mail_id in report.about:
        with records.reading("") as session:
            known = _ours(session, mail_id)
        if known is None:
            continue
        with records.writing(known.hub_id) as session:
            message = _ours(session, mail_id)
            if message is not None:
                _settle(session, message, mail_id, report, now)
        return MailFate.REPORT_TAKEN
    return MailFate.NOTHING_OF_OURS


def _ours(session: HubSession, mail_id: str) -> Message | None:
    """The e-mail of ours with this Message-ID, sent or about to be."""
    found = _OUR_ID.fullmatch(mail_id)
    message = message_reported(session, mail_id, found.group(1) if found else "")
    return message if message is not None and message.channel == Channel.EMAIL else None


def _settle(
    session: HubSession, message: Message, mail_id: str, report: DeliveryReport, now: datetime
) -> None:
    if report.action is Action.DELIVERED:
        note_report(session, message, mail_id, Fate.DELIVERED, "", now)
        return
    kind = kind_of_status(report.status)
    note_report(session, message, mail_id, Fate.UNDELIVERED, report.status, now, kind=kind)
