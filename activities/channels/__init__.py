"""The ways a message leaves: the outbox, SMS, calls and e-mail, behind one interface.

The loopback servers of demo and tests are not imported here: a service that runs needs none of
them. Import them from `activities.channels.loopback_sms`, `…loopback_gateway` and `…loopback_smtp`.
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
    NotAStatus,
    Outgoing,
    Receipt,
    RefusalKind,
    Refused,
    Unavailable,
    wall_clock,
)
from activities.channels.email_smtp import SmtpChannel
from activities.channels.outbox import OutboxChannel
from activities.channels.sms_android import AndroidGatewayChannel
from activities.channels.sms_twilio import TwilioChannel, parse_status_callback
from activities.channels.twilio_codes import kind_of
from activities.channels.twilio_signature import valid_signature
from activities.channels.voice_twilio import TwilioVoiceChannel, parse_call_report

__all__ = [
    "Ambiguous",
    "AndroidGatewayChannel",
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
    "TwilioVoiceChannel",
    "Unavailable",
    "kind_of",
    "parse_call_report",
    "parse_status_callback",
    "valid_signature",
    "wall_clock",
]
