"""The Calls resource of Twilio's API as the loopback provider shows and plays it.

Field names follow the provider's OpenAPI description. A call is answered as its behaviour says;
a human who presses a key does so in the call's own `Gather`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from uuid import uuid4
from xml.etree.ElementTree import Element, ParseError, fromstring

from activities.channels.base import Fate
from activities.channels.loopback_behaviour import Answering, Behaviour
from activities.channels.loopback_http import Answer, Request
from activities.channels.loopback_messages import E164, on_day, page_of
from activities.channels.loopback_reports import Reports
from activities.channels.loopback_store import AcceptedCall, TextStore
from activities.channels.twilio_codes import call_fate_of
from activities.channels.voice_script import MOST_SCRIPT

__all__ = ["Calls", "call_fault", "call_resource", "new_call"]

_PICKED_UP = {
    Answering.HUMAN: "human",
    Answering.MACHINE: "machine_end_beep",
    Answering.FAX: "fax",
    Answering.UNKNOWN: "unknown",
}
_EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
"""The event that each status is told as; every other one is the end, `completed`."""


class Calls:
    """The calls of one account. `said` holds what our webhook answered to pressed keys."""

    def __init__(self, account_sid: str, store: TextStore, reports: Reports) -> None:
        self.said: list[str] = []
        self._account_sid = account_sid
        self._store = store
        self._reports = reports

    def accept(self, call: AcceptedCall, behaviour: Behaviour) -> None:
        """Remember a call and play it, beginning soon."""
        self._store.accept_call(call)
        self._reports.later(self._play(call, behaviour))

    def page(self, path: str, query: Mapping[str, str]) -> Answer:
        """One page of the list, newest first."""
        found = [call for call in reversed(self._store.calls()) if _matches(call, query)]
        rows = [call_resource(call, self._account_sid) for call in found]
        return page_of(rows, "calls", path, query)

    async def _play(self, call: AcceptedCall, behaviour: Behaviour) -> None:
        """Through every status to the end, with the key where somebody presses one."""
        for status in behaviour.call_statuses or _statuses(behaviour.answer):
            details = _details(status, behaviour)
            self._move(call.sid, status, details)
            if status == "in-progress" and behaviour.key:
                await self._press(call, behaviour.key)
            if call.status_callback and _EVENTS.get(status, "completed") in call.events:
                form = self._form(call, status) | details
                await self._reports.tell(call.sid, status, call.status_callback, form)

    def _move(self, sid: str, status: str, details: Mapping[str, str]) -> None:
        """Keep the furthest status: the provider itself knows the order."""
        call = self._store.call(sid)
        old, new = call_fate_of(call.status if call else ""), call_fate_of(status)
        if old is not None and new is not None and Fate.later(old[0], new[0]) is not old[0]:
            seconds = int(details.get("CallDuration", "0"))
            self._store.set_call(sid, status, details.get("AnsweredBy", ""), seconds)

    async def _press(self, call: AcceptedCall, key: str) -> None:
        """Press a key, where the call offers any."""
        script = _parsed(call.twiml)
        gather = script.find("Gather") if script is not None else None
        if gather is None:
            return
        form = self._form(call, "in-progress") | {"Digits": key}
        answer = await self._reports.signed(gather.get("action", ""), form)
        if answer is not None:
            self.said.append(answer.text)

    def _form(self, call: AcceptedCall, status: str) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "AccountSid": self._account_sid,
            "ApiVersion": "2010-04-01",
            "CallStatus": status,
            "Direction": "outbound-api",
            "From": call.sender,
            "To": call.to,
        }


def new_call(request: Request, now: datetime) -> AcceptedCall:
    """The call that a request asks for, under a new sid."""
    form = request.form
    return AcceptedCall(
        "CA" + uuid4().hex,
        form["To"],
        form["From"],
        form["Twiml"],
        now,
        status_callback=form.get("StatusCallback", ""),
        events=tuple(request.all_of("StatusCallbackEvent")) or ("completed",),
    )


def call_fault(form: Mapping[str, str]) -> int:
    """The code of what is wrong with a request for a call, or 0."""
    if not form.get("To"):
        return 21201
    if not form.get("From"):
        return 21213
    if not form.get("Twiml"):
        return 21205
    if not E164.fullmatch(form["To"]):
        return 21211
    if not E164.fullmatch(form["From"]):
        return 21212
    readable = len(form["Twiml"]) <= MOST_SCRIPT and _parsed(form["Twiml"]) is not None
    return 0 if readable else 12100


def call_resource(call: AcceptedCall, account_sid: str) -> dict[str, object]:
    """One call. One that was not dialled yet has no start, as at the provider."""
    created = format_datetime(call.date_created)
    over = call.status == "completed"
    return {
        "account_sid": account_sid,
        "answered_by": call.answered_by or None,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": created,
        "date_updated": created,
        "direction": "outbound-api",
        "duration": str(call.seconds) if over else None,
        "end_time": created if over else None,
        "forwarded_from": None,
        "from": call.sender,
        "from_formatted": call.sender,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": None if call.status == "queued" else created,
        "status": call.status,
        "subresource_uris": {},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Calls/{call.sid}.json",
    }


def _statuses(answer: Answering) -> tuple[str, ...]:
    if answer in _PICKED_UP:
        return ("initiated", "ringing", "in-progress", "completed")
    return ("initiated", "ringing", answer.value)


def _details(status: str, behaviour: Behaviour) -> dict[str, str]:
    """What a report says besides the status: who answered, how long, why not."""
    if status == "failed" and behaviour.error_code:
        return {"ErrorCode": str(behaviour.error_code)}
    if status not in ("in-progress", "completed") or behaviour.answer not in _PICKED_UP:
        return {}
    said = {"AnsweredBy": _PICKED_UP[behaviour.answer]}
    return said | ({"CallDuration": str(behaviour.seconds)} if status == "completed" else {})


def _matches(call: AcceptedCall, query: Mapping[str, str]) -> bool:
    """Whether a call passes the filters To, From, Status and StartTime (UTC days)."""
    values = {"To": call.to, "From": call.sender, "Status": call.status}
    if any(query.get(name, value) != value for name, value in values.items()):
        return False
    begun = None if call.status == "queued" else call.date_created
    return on_day(begun, "StartTime", query)


def _parsed(twiml: str) -> Element | None:
    try:
        return fromstring(twiml)  # noqa: S314 - our own words, on our own machine
    except ParseError:
        return None
