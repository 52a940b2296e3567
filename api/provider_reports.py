"""A provider's report about one message, whichever provider and channel: found, and recorded."""

from typing import Any

from activities.channels.base import Fate
from activities.reports import message_reported, note_report
from records.database import Records

MOST_ID = 64


def settle_report(state: Any, provider_id: str, message_id: str, fate: Fate, code: str) -> None:
    """Record a report, once; one about a message that is not known here changes nothing.

    Args:
        state: the application's.
        provider_id: the provider's id of the message.
        message_id: ours, as far as the report names it; "" otherwise.
        fate: how far the message got.
        code: the provider's error code, or "".
    """
    if "\x00" in provider_id + message_id + code or len(provider_id) > MOST_ID:
        return
    records: Records = state.records
    with records.reading("") as session:
        known = message_reported(session, provider_id, message_id)
    if known is None:
        return
    with records.writing(known.hub_id) as session:
        message = message_reported(session, provider_id, message_id)
        if message is not None:
            note_report(session, message, provider_id, fate, code, state.door.now())
