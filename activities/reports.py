"""What a provider reports later about a message it took, and what follows from it."""

from datetime import datetime
from urllib.parse import urlencode

from activities.channels import ChannelKind, RefusalKind, kind_of
from activities.channels.base import Fate
from activities.fates import follow_refusal, is_temporary
from activities.house import House
from domain.vocabulary import MessageState
from records.agency_news import tell_agencies_of_person
from records.casework import get_case, touch, touch_plan
from records.database import HubSession
from records.messages import finish_attempt, message_by_provider_id, settle
from records.plans import get_plan
from records.tables import Message

_NOT_ARRIVED = frozenset({Fate.UNDELIVERED, Fate.FAILED})


def status_address(house: House, carrier: ChannelKind, message_id: str) -> str:
    """Where the provider is to report what became of this message; "" for nowhere.

    The address names the message: a report that overtakes the provider's own answer (whose id
    for the message is not known here until then) finds it all the same.
    """
    addresses = {
        ChannelKind.SMS: house.sms_status_url,
        ChannelKind.VOICE: house.voice_status_url,
    }
    address = addresses.get(carrier, "")
    return f"{address}?{urlencode({'message': message_id})}" if address else ""


def message_reported(session: HubSession, provider_id: str, message_id: str) -> Message | None:
    """The message that a report is about: by the provider's id or, while that is unknown, ours."""
    message = message_by_provider_id(session, provider_id)
    if message is None and message_id:
        claimed = session.get(Message, message_id)
        message = claimed if claimed is not None and not claimed.provider_id else None
    if message is not None and session.hub_id:
        # Two reports at the same moment are settled one after the other.
        session.refresh(message, with_for_update=True)
    return message


def note_report(
    session: HubSession,
    message: Message,
    provider_id: str,
    fate: Fate,
    code: str,
    now: datetime,
    *,
    kind: RefusalKind | None = None,
) -> bool:
    """Record a report. Reports come more than once and out of order: a fate never goes back.

    What did not arrive has the same consequences as a refusal at the door (activities/fates):
    a dead number is not tried again, an opt-out is respected, a blocked sender is a task. The
    workflow is told, so that the ladder goes on.

    Args:
        kind: what the code asks of us; looked up among the SMS provider's codes if not said.

    Returns:
        Whether anything changed.
    """
    if message.state == MessageState.CLAIMED:
        finish_attempt(session, message, "reported")
    state = MessageState(fate)
    temporary = is_temporary(state, code)
    if not settle(
        session, message, state, now, provider_id=provider_id, code=code, temporary=temporary
    ):
        return False
    if fate not in _NOT_ARRIVED:
        return True
    if code:
        follow_refusal(session, message, code, kind or kind_of(code), now)
    if message.plan_id is not None:
        touch_plan(session, get_plan(session, message.plan_id), now)
    elif message.case_id is not None:
        touch(session, get_case(session, message.case_id), now)
    else:
        tell_agencies_of_person(session, message.person_id, now)
    return True
