"""What follows from a provider's no: for the message, the contact, and the hub's people."""

from datetime import datetime

from activities.channels import Receipt, RefusalKind, Refused, kind_of
from domain.vocabulary import MessageState
from records.casework import Source
from records.circle import mark_unreachable, opt_out
from records.database import HubSession
from records.messages import finish_attempt, settle
from records.tables import ContactPoint, Message
from records.tasks import open_house_task

PROVIDER = Source("provider", "provider")
NOT_ARRIVED = frozenset({MessageState.UNDELIVERED, MessageState.FAILED})

_FATE = {
    RefusalKind.PERMANENT: MessageState.FAILED,
    RefusalKind.TEMPORARY: MessageState.UNDELIVERED,
    RefusalKind.OPTED_OUT: MessageState.FAILED,
    RefusalKind.FILTERED: MessageState.FAILED,
    RefusalKind.BAD_REQUEST: MessageState.FAILED,
    RefusalKind.UNAUTHORIZED: MessageState.WITHDRAWN,
}
_HOUSE_TASK = {
    RefusalKind.FILTERED: "carrier_filtering",
    RefusalKind.BAD_REQUEST: "message_refused",
    RefusalKind.UNAUTHORIZED: "channel_account_refused",
}


def note_receipt(
    session: HubSession,
    message: Message,
    receipt: Receipt,
    outcome: str,
    now: datetime,
    *,
    number: int = 0,
) -> None:
    """Record what the provider says of a message that it took, and what follows from that.

    Args:
        outcome: how the try ended: accepted at once, or found by asking.
        number: which try; 0 for the last.
    """
    finish_attempt(session, message, outcome, receipt.error_code, number=number)
    fate, code = MessageState(receipt.fate), receipt.error_code
    changed = settle(
        session,
        message,
        fate,
        now,
        provider_id=receipt.provider_id,
        code=code,
        temporary=is_temporary(fate, code),
    )
    if changed and fate in NOT_ARRIVED and code:
        follow_refusal(session, message, code, kind_of(code), now)


def is_temporary(fate: MessageState, code: str) -> bool:
    """Whether what did not arrive may arrive another time, by the provider's own code."""
    return fate in NOT_ARRIVED and bool(code) and kind_of(code) is RefusalKind.TEMPORARY


def note_refusal(
    session: HubSession, message: Message, no: Refused, now: datetime, *, number: int = 0
) -> None:
    """Record a refusal and its consequences: the ladder goes on from there by itself.

    Args:
        number: which try was refused; 0 for the last. While a later one is under way, that one
            decides the message's fate.
    """
    finish_attempt(session, message, "refused", no.code, number=number)
    if number in (0, message.attempts):
        temporary = no.kind is RefusalKind.TEMPORARY
        settle(session, message, _FATE[no.kind], now, code=no.code, temporary=temporary)
    follow_refusal(session, message, no.code, no.kind, now)


def follow_refusal(
    session: HubSession, message: Message, code: str, kind: RefusalKind, now: datetime
) -> None:
    """What follows from a no, whether it came at once or in a later report."""
    contact = session.get(ContactPoint, message.contact_id) if message.contact_id else None
    # What is known already keeps who said it first, and how: their own STOP is no provider's word.
    if contact is not None and kind is RefusalKind.PERMANENT and contact.unreachable_at is None:
        mark_unreachable(session, contact, code, PROVIDER, now)
    if contact is not None and kind is RefusalKind.OPTED_OUT and contact.opted_out_at is None:
        opt_out(session, contact, PROVIDER, now)
    if kind in _HOUSE_TASK:
        tell_house(session, _HOUSE_TASK[kind], message.channel, now)


def tell_house(session: HubSession, kind: str, channel: str, now: datetime) -> None:
    """One task a day for the hub's people about a channel that does not work."""
    claim = f"task|{kind}|{session.hub_id}|{channel}|{now:%Y-%m-%d}"
    open_house_task(session, kind, claim, now)
