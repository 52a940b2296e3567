"""Builds the e-mail that carries one message: text, HTML, and the hearing as an invitation.

Pure: words in, message out. Nothing here touches a network or a clock.
"""

from __future__ import annotations

import hashlib
import html
import re
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from activities.channels.base import Outgoing, RefusalKind, Refused

__all__ = ["build_email", "mailbox"]


class _Whole(BaseHeader):
    """A header that stays on its one line: an address that is cut and encoded opens nothing."""

    max_count = 1
    parse = staticmethod(UnstructuredHeader.parse)

    def fold(self, *, policy: Policy) -> str:
        """The line as it goes out."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _Whole)
_HEADERS.map_to_type("Message-ID", _Whole)
# 7 bits: every server can carry it unchanged
_POLICY = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)
_ADDR = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_MAILBOX = re.compile(rf"(?P<name>[^<>]*)<(?P<named>{_ADDR})>|(?P<bare>{_ADDR})")
_METHOD = re.compile(rb"^METHOD:(REQUEST|CANCEL|PUBLISH)\r?$", re.MULTILINE)
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_PAGE = """\
<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body style="font:17px/1.5 sans-serif;max-width:36em;margin:1em auto;padding:0 1em">
{paragraphs}
</body>
</html>
"""


def mailbox(address: str) -> Address:
    """One mailbox, written `name@host` or `Name <name@host>`.

    Raises `Refused` (permanent) when it is anything else, or needs letters that plain SMTP cannot
    carry in an address.
    """
    found = _MAILBOX.fullmatch(address)
    if found is None or not address.isprintable():
        raise Refused("address", RefusalKind.PERMANENT)
    try:
        return Address((found["name"] or "").strip(' "'), addr_spec=found["named"] or found["bare"])
    except (HeaderParseError, ValueError, IndexError):
        raise Refused("address", RefusalKind.PERMANENT) from None


def build_email(out: Outgoing, sender: Address, date: datetime) -> EmailMessage:
    """The whole message, ready for the wire.

    `date` is aware. The Message-ID depends on the message's id alone: a mailbox that gets it twice
    can tell. Raises `Refused`: permanent for the address, bad request for any line break in a
    header or an invitation without a known METHOD.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = mailbox(out.to)
    message["Subject"] = _one_line(out.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{_stable_id(out.message_id)}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday replies stay at home
    _add_unsubscribe(message, out.unsubscribe_url)
    message.set_content(out.text)
    message.add_alternative(_as_html(out), subtype="html")
    if out.invitation is not None:
        _add_invitation(message, out.invitation)
    message["Content-Language"] = _one_line(out.language)  # last: parts take such headers away
    return message


def _one_line(value: str) -> str:
    """The value, if no reader could take it for more than one header."""
    if value and not value.isprintable():
        raise Refused("header", RefusalKind.BAD_REQUEST)
    return value


def _stable_id(message_id: str) -> str:
    if _PLAIN_ID.fullmatch(message_id):
        return message_id
    return hashlib.sha256(message_id.encode()).hexdigest()[:32]


def _add_unsubscribe(message: EmailMessage, url: str) -> None:
    """RFC 2369; one click only over https, as RFC 8058 asks."""
    if not url:
        return
    if not url.isascii() or re.search(r"[\s<>,]", url):
        raise Refused("header", RefusalKind.BAD_REQUEST)
    message["List-Unsubscribe"] = f"<{_one_line(url)}>"
    if url.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _add_invitation(message: EmailMessage, invitation: bytes) -> None:
    """Once among the alternatives, where mail programs look for it, and once as a file to keep."""
    found = _METHOD.search(invitation)
    try:
        calendar = invitation.decode("utf-8")
    except UnicodeDecodeError:
        found = None
    if found is None:
        raise Refused("invitation", RefusalKind.BAD_REQUEST)
    method = found.group(1).decode("ascii")
    message.add_alternative(calendar, subtype="calendar", cte="base64", params={"method": method})
    message.add_attachment(
        invitation, maintype="application", subtype="ics", filename="invitation.ics"
    )


def _as_html(out: Outgoing) -> str:
    """The same words with nothing but paragraphs and links; a blank line parts paragraphs."""
    blocks = re.split(r"\n\s*\n", out.text.replace("\r\n", "\n").strip())
    return _PAGE.format(
        language=html.escape(out.language),
        title=html.escape(out.subject),
        paragraphs="\n".join(f"<p>{_paragraph(block)}</p>" for block in blocks),
    )


def _paragraph(block: str) -> str:
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(block):
        address = html.escape(link.group())
        parts += [html.escape(block[end : link.start()]), f'<a href="{address}">{address}</a>']
        end = link.end()
    parts.append(html.escape(block[end:]))
    return "".join(parts).replace("\n", "<br>\n")
