"""One e-mail from outside (RFC 5322): a delivery report, a person's words, or nothing of ours.

Whatever a stranger sends, nothing here raises, and nothing is believed: who wrote it is only what
the mail says. Delivery reports are those of RFC 3464, with the habits of Postfix, Exim, Exchange
and Gmail; programs that answer by themselves name themselves as RFC 3834 asks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import getaddresses
from enum import StrEnum
from itertools import islice
from typing import Final

from domain.mail_quotes import own_words, words_of_html

MOST_BYTES: Final = 2_000_000
"""How much of a mail is read: words and reports come first, pictures after them."""
MOST_WORDS: Final = 4000
_MOST_PARTS: Final = 100
_MOST_TEXT: Final = 200_000
_MOST_ID: Final = 250

_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45])\d\d\b")
_ANSWERED = re.compile(r"\s*(?:re|rv|fw|fwd|aw|tr|ref)\s?:", re.IGNORECASE)
_ANSWER_TO_INVITATION = re.compile(r"PARTSTAT=(ACCEPTED|DECLINED|TENTATIVE)", re.IGNORECASE)
_PROGRAMS = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)@.*", re.IGNORECASE)
_BY_ITSELF: Final = ("x-autoreply", "x-autorespond", "x-auto-reply")
_BULK: Final = frozenset({"bulk", "junk", "auto_reply"})
"""Not "list": a hub's own mailbox may be a group, which puts that on every person's mail."""


class Action(StrEnum):
    """What a mail system says that it did (RFC 3464, 2.3.3); the rest is of no consequence."""

    FAILED = "failed"
    DELIVERED = "delivered"


class Nothing(StrEnum):
    """A mail that changes nothing, and why."""

    AUTOMATIC = "automatic"
    """A program answered: a holiday reply, a list, a report of a delay."""
    EMPTY = "empty"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of a mail of ours.

    Attributes:
        status: enhanced status code (RFC 3463), e.g. "5.1.1".
        about: the Message-IDs that it may speak of, the surest first.
    """

    action: Action
    status: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonsWords:
    """What somebody wrote.

    Attributes:
        sender: the address that the mail claims to come from.
        text: their own words; "" when there is only something attached.
        message_id: the mail's own, or one made from its content.
    """

    sender: str
    text: str
    message_id: str


def read_mail(raw: bytes) -> DeliveryReport | PersonsWords | Nothing:
    """What one mail is. Never raises."""
    try:
        return _read(raw[:MOST_BYTES])
    except Exception:
        # The standard library's parser raises nearly anything on a mail that was made to harm.
        return Nothing.UNREADABLE


def _read(raw: bytes) -> DeliveryReport | PersonsWords | Nothing:
    mail = message_from_bytes(raw, policy=default)
    if not mail.keys():
        return Nothing.UNREADABLE
    parts = list(islice(mail.walk(), _MOST_PARTS))
    report = next((part for part in parts if _kind(part) == "message/delivery-status"), None)
    if report is not None or _header(mail, "X-Failed-Recipients"):
        return _report(mail, parts, report)
    sender = _sender(mail)
    if not sender:
        return Nothing.UNREADABLE
    if _is_automatic(mail, sender):
        return Nothing.AUTOMATIC
    return _words(mail, parts, sender, raw)


def _report(
    mail: Message, parts: Sequence[Message], report: Message | None
) -> DeliveryReport | Nothing:
    about = tuple(dict.fromkeys(_about(mail, parts)))
    told = list(_recipients(report)) if report is not None else [(Action.FAILED, "5.0.0")]
    for action in Action:
        for said, status in told:
            if said is action and about:
                return DeliveryReport(action, status, about)
    return Nothing.AUTOMATIC


def _recipients(report: Message) -> Iterator[tuple[Action, str]]:
    """What happened for each recipient; delays and relays are left out."""
    blocks = report.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action = _header(block, "Action").strip().lower()
        if action in frozenset(Action):
            yield Action(action), _status(block, Action(action))


def _status(block: Message, action: Action) -> str:
    """The most telling status: some systems say only "5.0.0" and give the reason beside it."""
    found = _STATUS.search(_header(block, "Status"))
    status = found.group(1) if found else ""
    if status and not status.endswith(".0.0"):
        return status
    why = _header(block, "Diagnostic-Code")
    closer = _STATUS.search(why)
    if closer:
        return closer.group(1)
    code = _REPLY_CODE.search(why)
    first = code.group(1) if code else "2" if action is Action.DELIVERED else "5"
    return status or f"{first}.0.0"


def _about(mail: Message, parts: Sequence[Message]) -> Iterator[str]:
    """Message-IDs of the mail that a report is about: from what came back of it, then from what
    the report says that it answers, then from its words."""
    for part in parts[1:]:
        yield from _ID.findall(_header(part, "Message-ID"))
        if _kind(part) in ("text/rfc822-headers", "message/rfc822-headers"):
            yield from _told_ids(_text(part))
    for name in ("In-Reply-To", "References"):
        yield from _ID.findall(_header(mail, name))
    for part in parts:
        if _kind(part) == "text/plain":
            yield from _told_ids(_text(part))


def _told_ids(text: str) -> list[str]:
    return re.findall(
        r"^Message-ID:\s{0,3}(<[!-;=?-~]{1,250}>)", text, re.IGNORECASE | re.MULTILINE
    )


def _is_automatic(mail: Message, sender: str) -> bool:
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or any(_header(mail, name) for name in _BY_ITSELF)
        or _header(mail, "Precedence").strip().lower() in _BULK
        or _header(mail, "Return-Path").strip() == "<>"
        or _PROGRAMS.fullmatch(sender) is not None
        or _kind(mail) == "multipart/report"
    )


def _words(
    mail: Message, parts: Sequence[Message], sender: str, raw: bytes
) -> PersonsWords | Nothing:
    text = own_words(_body(parts))
    answered = next((part for part in parts if _kind(part) == "text/calendar"), None)
    said = _answer_to_invitation(answered) if answered is not None else ""
    if said == "ACCEPTED" and not text:
        return Nothing.AUTOMATIC  # many calendar programs accept by themselves
    if said in ("DECLINED", "TENTATIVE"):
        text = f"{text}\n[Answered the invitation in their calendar: {said.lower()}]".strip()
    subject = _header(mail, "Subject")
    if not text and not _ANSWERED.match(subject):
        text = " ".join(subject.split())
    if not text and not _brings_something(parts):
        return Nothing.EMPTY
    return PersonsWords(sender, text[:MOST_WORDS], _own_id(mail, raw))


def _body(parts: Sequence[Message]) -> str:
    """The text part; where it is missing or blank, the words of the HTML."""
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    for part in shown:
        if _kind(part) == "text/plain" and (text := _text(part)).strip():
            return text
    pages = (part for part in shown if _kind(part) == "text/html")
    return next((words_of_html(_text(page)) for page in pages), "")


def _answer_to_invitation(part: Message) -> str:
    """ACCEPTED, DECLINED or TENTATIVE; "" for a calendar that answers nothing (RFC 5546)."""
    text = re.sub(r"\r?\n[ \t]", "", _text(part))
    if "METHOD:REPLY" not in text.upper():
        return ""
    found = _ANSWER_TO_INVITATION.search(text)
    return found.group(1).upper() if found else ""


def _brings_something(parts: Sequence[Message]) -> bool:
    return any(_kind(part).partition("/")[0] in ("image", "application", "audio") for part in parts)


def _sender(mail: Message) -> str:
    """The one address in From, in lower case; "" where there is none or more than one."""
    found = {address for _, address in getaddresses([_header(mail, "From")]) if "@" in address}
    return found.pop().lower() if len(found) == 1 else ""


def _own_id(mail: Message, raw: bytes) -> str:
    found = _ID.search(_header(mail, "Message-ID")[:_MOST_ID])
    return found.group() if found else f"<{hashlib.sha256(raw).hexdigest()[:40]}>"


def _kind(part: Message) -> str:
    return part.get_content_type()


def _text(part: Message) -> str:
    """A part's text in whatever encoding it says; unknown letters are shown as such."""
    payload = part.get_payload(decode=True)
    data = payload[:_MOST_TEXT] if isinstance(payload, bytes) else b""
    charset = part.get_content_charset("utf-8")
    try:
        text = data.decode(charset, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    # Some charsets name halves of letters, which no database keeps.
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _header(part: Message, name: str) -> str:
    """A header's text, unfolded; "" where it is missing or cannot be read."""
    try:
        value = part.get(name)
    except Exception:
        # A header that the standard library trips over is as good as none.
        return ""
    return re.sub(r"[\r\n\x00]+", " ", str(value)) if value is not None else ""
