"""The ways a message leaves: the outbox, SMS and e-mail, behind one interface.

The loopback servers of demo and tests are not imported here: a service that runs needs none of
them. Import them from `activities.channels.loopback_sms` and `activities.channels.loopback_smtp`.
"""

from __future__ import annotations

from activities.channels.base import (
    Ambiguous,
    CannotAsk,
    Channel,
    ChannelError,
    ChannelKind,
    Clock,
    Fate,
    Misconfigured,
    Outgoing,
    Receipt,
    RefusalKind,
    Refused,
    Unavailable,
    wall_clock,
)
from activities.channels.email_smtp import SmtpChannel
from activities.channels.outbox import OutboxChannel
from activities.channels.sms_twilio import NotAStatus, TwilioChannel, parse_status_callback
from activities.channels.twilio_codes import kind_of
from activities.channels.twilio_signature import valid_signature

__all__ = [
    "Ambiguous",
    "CannotAsk",
    "Channel",
    "ChannelError",
    "ChannelKind",
    "Clock",
    "Fate",
    "Misconfigured",
    "NotAStatus",
    "OutboxChannel",
    "Outgoing",
    "Receipt",
    "RefusalKind",
    "Refused",
    "SmtpChannel",
    "TwilioChannel",
    "Unavailable",
    "kind_of",
    "parse_status_callback",
    "valid_signature",
    "wall_clock",
]
