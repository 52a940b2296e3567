"""The Messages resource of Twilio's API as the loopback provider shows it: one text, one page, or
a problem. Field names follow the provider's OpenAPI description."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from activities.channels.loopback_http import Answer
from activities.channels.loopback_store import AcceptedText

__all__ = ["E164", "as_resource", "fault", "on_day", "page", "page_of", "problem"]

MAX_BODY = 1600
E164 = re.compile(r"\+[1-9]\d{6,14}")
_NOT_YET_SENT = ("accepted", "scheduled", "queued", "sending")


def as_resource(text: AcceptedText, account_sid: str) -> dict[str, object]:
    """One text. A text that is not sent yet has no sending date, as at the provider."""
    created = format_datetime(text.date_created)
    service = text.sender if text.sender.startswith("MG") else None
    return {
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": created,
        "date_sent": None if _waiting(text) else created,
        "date_updated": created,
        "direction": "outbound-api",
        "error_code": text.error_code or None,
        "error_message": None,
        "from": None if service else text.sender,
        "messaging_service_sid": service,
        "num_media": "0",
        "num_segments": None,
        "price": None,
        "price_unit": None,
        "sid": text.sid,
        "status": text.status,
        "subresource_uris": {},
        "to": text.to,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{text.sid}.json",
    }


def page(
    texts: Sequence[AcceptedText], path: str, query: Mapping[str, str], account_sid: str
) -> Answer:
    """One page of a list, newest first."""
    found = [as_resource(text, account_sid) for text in reversed(texts) if _matches(text, query)]
    return page_of(found, "messages", path, query)


def page_of(
    found: Sequence[dict[str, object]], resource: str, path: str, query: Mapping[str, str]
) -> Answer:
    """One page of what was found of a resource, in this order."""
    size = max(1, min(1000, _number(query.get("PageSize"), 50)))
    index = _number(query.get("Page"), 0)
    start = index * size
    more = start + size < len(found)
    following = urlencode({**query, "Page": index + 1, "PageToken": f"PA{start + size}"})
    rows = found[start : start + size]
    shown = {
        "page": index,
        "page_size": size,
        "start": start,
        "end": start + max(0, len(rows) - 1),
        "uri": f"{path}?{urlencode(query)}",
        "first_page_uri": f"{path}?{urlencode({**query, 'Page': 0})}",
        "previous_page_uri": None,
        "next_page_uri": f"{path}?{following}" if more else None,
        resource: rows,
    }
    return Answer(200, shown)


def problem(status: int, code: int, message: str) -> Answer:
    """An error as the API words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, {"code": code, "message": message, "more_info": more, "status": status})


def fault(form: Mapping[str, str]) -> int:
    """The code of what is wrong with a request for a text, or 0."""
    if not form.get("To"):
        return 21604
    if not (form.get("From") or form.get("MessagingServiceSid")):
        return 21603
    if not form.get("Body"):
        return 21602
    if len(form["Body"]) > MAX_BODY:
        return 21617
    return 0 if E164.fullmatch(form["To"]) else 21211


def _waiting(text: AcceptedText) -> bool:
    return text.status in _NOT_YET_SENT


def _matches(text: AcceptedText, query: Mapping[str, str]) -> bool:
    """Whether a text passes the filters From, DateSent, DateSent> and DateSent< (UTC days)."""
    if query.get("From", text.sender) != text.sender:
        return False
    return on_day(None if _waiting(text) else text.date_created, "DateSent", query)


def on_day(moment: datetime | None, name: str, query: Mapping[str, str]) -> bool:
    """Whether a moment passes the filters `name`, `name>` and `name<`; None passes none."""
    exactly, earliest, latest = days = [query.get(name + sign) for sign in ("", ">", "<")]
    if not any(days):
        return True
    if moment is None:
        return False
    day = moment.date().isoformat()
    return (exactly or day) == day and (earliest or day) <= day <= (latest or day)


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and value.isdecimal() else otherwise
