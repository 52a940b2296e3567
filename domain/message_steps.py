"""What there is to say: the steps, for whom each is written, in which forms, with which facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SHORTEST: Final = "shortest"
SMS_FORMS: Final = ("sms", "short", SHORTEST)
"""Tried in this order until a text fits two segments."""
BARE: Final = "bare"
"""The shortest without its parts in [brackets]: made of it, and tried when nothing else fits."""
EMAIL: Final = "email"
VOICE: Final = "voice"

_FAMILY_TOO: Final = ("defendant", "family")
_CUSTODY_TOO: Final = (*_FAMILY_TOO, "family_detained")
_ANYONE: Final = ("anyone",)
VARIANTS: Final[Mapping[str, tuple[str, ...]]] = {
    "enrolled": tuple(v + no_date for v in _CUSTODY_TOO for no_date in ("", "_no_date")),
    "before_7": _CUSTODY_TOO,
    "before_3": _CUSTODY_TOO,
    "before_1": _CUSTODY_TOO,
    "morning": _CUSTODY_TOO,
    "changed": tuple(v + place for v in _CUSTODY_TOO for place in ("", "_place")),
    "cancelled": _CUSTODY_TOO,
    "post_miss": _FAMILY_TOO,
    "plan_step": _FAMILY_TOO,
    "plan_step_missed": _FAMILY_TOO,
    "ack_stop": _ANYONE,
    "ack_start": _ANYONE,
    "ack_help": _ANYONE,
    "ack_confirmed": _ANYONE,
    "ack_cannot": _ANYONE,
    "ack_ride": _ANYONE,
    "ack_wrong_number": _ANYONE,
    "ack_received": _ANYONE,
    "ack_which": _ANYONE,
    "ack_step_went": _ANYONE,
    "ack_step_planned": _ANYONE,
    "ack_step_why": _ANYONE,
    "ack_step_call": _ANYONE,
    "ack_step_noted": _ANYONE,
    "answer": _ANYONE,
    "letter_request": ("writer",),
    "letter_nudge": ("writer",),
    "interview_request": ("teller",),
    "packet_review": ("reader",),
    "counsel_review": ("counsel",),
    "counsel_again": ("counsel",),
    "packet_ready": ("counsel",),
    "report_review": ("counsel",),
    "referral_request": ("provider",),
    "referral_nudge": ("provider",),
    "referral_met": ("provider",),
    "first_meeting": ("participant",),
    "consent_request": ("signer",),
    "page_link": _ANYONE,
    "digest": ("agency",),
}
"""The steps and, for each, the variants that every language must have. The steps `ack_…` say that
an answer has arrived, `answer` carries an advocate's own words."""

LINKED: Final = frozenset(
    {
        *("letter_request", "letter_nudge", "interview_request", "packet_review"),
        *("counsel_review", "counsel_again", "packet_ready"),
        *("referral_request", "referral_nudge", "referral_met", "report_review"),
        "consent_request",
        "page_link",
    }
)
"""Steps whose messages lead to a private page, and cannot be said without its address."""

SPOKEN: Final = frozenset(step for step, variants in VARIANTS.items() if "family" in variants)
"""Steps that a call can tell; the others answer in writing what was asked in writing."""

PLACEHOLDERS: Final = frozenset(
    {
        "hub",
        "phone",
        "hello",
        "who",
        "day",
        "day_short",
        "date",
        "at",
        "clock",
        "place",
        "place_short",
        "kind",
        "old_day",
        "old_day_short",
        "old_at",
        "old_clock",
        "old_place",
        "old_place_short",
        "step",
        "by",
        "by_short",
        "more",
        "page",
        "steps_page",
        "link",
        "counsel",
        "choices",
        "words",
        "listed",
        "listed_places",
        "listed_short",
        "rest",
        "count",
        "stop",
        "stop_short",
    }
)
"""What a text of a message may hold; `domain.message_values` says what each becomes."""

SPOKEN_PLACEHOLDERS: Final = frozenset(
    {
        "hub",
        "phone",
        "hello",
        "who",
        "day",
        "date",
        "at",
        "place",
        "old_day",
        "old_at",
        "old_place",
        "step",
        "by",
    }
)
"""What a call may say: nothing that is only of use in writing, and no kind of hearing, since
others may be listening."""


def forms_of(step: str) -> tuple[str, ...]:
    """The forms that every variant of a step must have."""
    if step == "answer":
        return ("sms", EMAIL)
    return (*SMS_FORMS, EMAIL, VOICE) if step in SPOKEN else (*SMS_FORMS, EMAIL)
