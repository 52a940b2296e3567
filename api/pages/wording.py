"""Plain words for the records' short ones: stages, kinds, fates, languages, zones.

A word that is not listed is shown as it is written, with spaces: nothing is hidden because a
table here is behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from api.pages.own_words import Words, marked, own
from domain.languages import LANGUAGES as _LANGUAGES
from domain.message_values import phone_words
from domain.status_words import KEPT_HERE, status_words
from domain.step_kinds import EVIDENCE_KINDS as _EVIDENCE_KINDS
from domain.step_kinds import STEP_KINDS as _STEP_KINDS
from domain.vocabulary import MessageState

__all__ = ["EVIDENCE_KINDS", "LANGUAGES", "STEP_KINDS", "phone_words"]


LANGUAGES: Mapping[str, str] = marked(_LANGUAGES)
STEP_KINDS: Mapping[str, str] = marked(_STEP_KINDS)
EVIDENCE_KINDS: Mapping[str, str] = marked(_EVIDENCE_KINDS)


@dataclass(frozen=True, slots=True)
class Status:
    """A word with a shape: `shape` is one of the symbols in `templates/pages/shapes.html`."""

    word: str
    shape: str
    tone: str = "plain"

    def __post_init__(self) -> None:
        object.__setattr__(self, "word", Words(self.word))


HEARING_KINDS: Mapping[str, str] = marked(
    {
        "first_appearance": "first appearance",
        "arraignment": "arraignment",
        "bail_review": "bail review",
        "probable_cause": "probable cause hearing",
        "preliminary": "preliminary hearing",
        "status": "status hearing",
        "pretrial": "pretrial hearing",
        "motion": "motion hearing",
        "plea": "plea hearing",
        "trial": "trial",
        "sentencing": "sentencing",
        "review": "review hearing",
        "probation_violation": "probation violation hearing",
        "resentencing": "resentencing",
        "parole": "parole hearing",
        "other": "court date",
    }
)

CUSTODY: Mapping[str, Status] = {
    "detained": Status("in custody", "square"),
    "released": Status("released", "ring"),
    "warrant": Status("warrant out", "triangle", "amber"),
}

APPEARANCES: Mapping[str, str] = marked(
    {
        "appeared": "Was there",
        "excused": "Was excused",
        "not_brought": "In custody, and was not brought",
        "failed_to_appear": "Did not come",
    }
)

MESSAGE_STEPS: Mapping[str, str] = marked(
    {
        "enrolled": "welcome and date",
        "morning": "reminder on the day",
        "changed": "new date or place",
        "cancelled": "cancelled date",
        "post_miss": "the way back after a missed date",
        "plan_step": "reminder of a plan step",
        "plan_step_missed": "a missed plan step",
        "digest": "weekly digest",
        "letter_request": "request for a letter",
        "letter_nudge": "reminder of a letter",
        "interview_request": "request to tell about them",
        "packet_review": "packet to read",
        "counsel_review": "packet to read and approve",
        "counsel_again": "packet that changed after approval",
        "packet_ready": "approved packet",
        "report_review": "report to read and approve",
        "referral_request": "referral to a provider",
        "referral_nudge": "reminder of a referral",
        "referral_met": "question, did they meet",
        "first_meeting": "reminder of a first meeting",
        "consent_request": "link to a consent",
        "page_link": "new link to their page",
        "answer": "answer",
        "ack_stop": "confirmation, messages stop",
        "ack_start": "confirmation, messages go on",
        "ack_help": "who we are",
        "ack_confirmed": "thanks, for the yes",
        "ack_cannot": "thanks, somebody will call",
        "ack_ride": "thanks, somebody looks for a ride",
        "ack_wrong_number": "apology, for the wrong number",
        "ack_received": "receipt, somebody will read it",
        "ack_which": "question, which case is meant",
        "ack_step_went": "thanks, for a step",
        "ack_step_planned": "thanks, for the plan to go",
        "ack_step_why": "question, what got in the way",
        "ack_step_call": "thanks, somebody will call about a step",
        "ack_step_noted": "thanks, for saying what got in the way",
    }
)

CHANNELS: Mapping[str, str] = marked(
    {
        "sms": "text",
        "voice": "call",
        "email": "e-mail",
        "outbox": "outbox",
    }
)

_SHAPES: Mapping[str, tuple[str, str]] = {
    MessageState.CLAIMED: ("ring", "plain"),
    MessageState.QUEUED: ("ring", "plain"),
    MessageState.SENDING: ("ring", "plain"),
    MessageState.SENT: ("half", "plain"),
    MessageState.DELIVERED: ("disc", "good"),
    MessageState.UNDELIVERED: ("cross", "amber"),
    MessageState.FAILED: ("cross", "amber"),
    MessageState.WITHDRAWN: ("dash", "plain"),
}
"""Shape and tone of each state."""

AGREED_HOW: Mapping[str, str] = marked(
    {
        "in person": "In person",
        "by phone": "By phone",
        "on paper": "On paper",
        "by text": "By text",
    }
)
"""Ways of agreeing to messages."""

HEARD_BY: Mapping[str, str] = marked(
    {
        "sms": "by text",
        "voice": "in a call",
        "email": "by e-mail",
        "page": "on their own page",
        "link": "on a private page",
        "staff": "told the hub",
        "provider": "told the phone company",
    }
)
"""How a consent was given or taken back, where the records say it in short."""

SAID: Mapping[str, Status] = {
    "coming": Status("said yes", "disc", "good"),
    "cannot": Status("can't come", "triangle", "amber"),
    "ride": Status("needs a ride", "diamond", "amber"),
}
"""What people say about coming to a hearing."""

WANTS: Mapping[str, Status] = {
    "cannot_come": Status("can't come", "triangle", "red"),
    "ride_wanted": Status("asks for a ride", "diamond", "amber"),
    "verify_number": Status("says it is the wrong number", "diamond", "amber"),
    "step_call": Status("wants a call about a step", "triangle", "red"),
    "step_could_not": Status("could not do a step", "diamond", "amber"),
    "reply_waiting": Status("waits for an answer", "diamond", "amber"),
    "unknown_number": Status("number not known", "diamond", "amber"),
}
"""Why a conversation waits for a person, most pressing first."""

STEP_STATES: Mapping[str, Status] = {
    "proposed": Status("proposed", "ring"),
    "active": Status("to do", "ring"),
    "due": Status("to do now", "diamond"),
    "evidenced": Status("shown, not yet checked", "half"),
    "verified": Status("done", "disc", "good"),
    "cured": Status("done late", "target", "good"),
    "missed": Status("missed", "triangle", "amber"),
    "escalated": Status("missed, supervisor asked", "triangle", "amber"),
    "excused": Status("excused", "dash"),
    "cancelled": Status("cancelled", "dash"),
}

PLAN_STATES: Mapping[str, str] = marked(
    {
        "pending": "proposed, waiting to start",
        "denied": "not ordered by the court",
        "refused": "not wanted by the person",
        "in_progress": "under way",
        "discharged_successful": "completed",
        "discharged_unsuccessful": "ended without completion",
        "discharged_other": "ended",
    }
)

STEP_OWNERS: Mapping[str, str] = marked(
    {
        "person": "They themself",
        "mentor": "Their mentor",
        "advocate": "The hub",
        "provider": "The provider",
    }
)
"""Who is to do a step."""

US_ZONES: Mapping[str, str] = marked(
    {
        "America/New_York": "Eastern (New York, Miami)",
        "America/Chicago": "Central (Chicago, Houston)",
        "America/Denver": "Mountain (Denver, Salt Lake City)",
        "America/Phoenix": "Arizona (Phoenix)",
        "America/Los_Angeles": "Pacific (Los Angeles)",
        "America/Anchorage": "Alaska (Anchorage)",
        "Pacific/Honolulu": "Hawaii (Honolulu)",
        "America/Puerto_Rico": "Puerto Rico (San Juan)",
    }
)


def plain(word: str) -> str:
    """A short word of the records with spaces: "first appearance"."""
    return word.replace("_", " ")


def cut(words: str, most: int) -> str:
    """The beginning of a text, where it has more than `most` characters."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def capital(words: str) -> str:
    """The same words, beginning a line."""
    begun = words[:1].upper() + words[1:]
    return Words(begun) if isinstance(words, Words) else begun


@own
def hearing_kind(kind: str) -> str:
    """What a hearing is called on the hub's own pages."""
    return HEARING_KINDS.get(kind, plain(kind))


def custody(word: str) -> Status:
    """Where the person is."""
    return CUSTODY.get(word, Status(plain(word), "ring"))


@own
def counsel_kind(kind: str) -> str:
    """How counsel came to the case, beginning a line."""
    return capital(plain(kind))


@own
def appearance(word: str | None) -> str:
    """What became of a person at a hearing that was held."""
    return APPEARANCES.get(word or "", plain(word or "not recorded"))


@own
def message_step(step: str) -> str:
    """What a message is: "reminder, 3 days before"."""
    if step.startswith("before_"):
        days = step.removeprefix("before_")
        return "reminder, the day before" if days == "1" else f"reminder, {days} days before"
    return MESSAGE_STEPS.get(step, plain(step))


@own
def message_line(step: str, person: str, channel_name: str) -> str:
    """One message in one line: "Reminder to Denise by text, 3 days before"."""
    what, _, detail = message_step(step).partition(", ")
    line = f"{capital(what)} to {person} by {channel(channel_name)}"
    return f"{line}, {detail}" if detail else line


def fate(
    state: str, transport: str, code: str = "", channel_name: str = "", again: str = ""
) -> Status:
    """What became of a message, and why. What never left this machine is never called sent.

    Args:
        state: a `MessageState`.
        transport: what carried it.
        code: the provider's word for what went wrong.
        channel_name: how it went.
        again: when the same was tried once more, in words.
    """
    words = status_words(state, transport, code, channel_name, again=again)
    if transport in ("trial", "example") or words == KEPT_HERE:
        return Status(words, "square")
    return Status(words, *_SHAPES.get(state, ("ring", "plain")))


@own
def how_words(how: str) -> str:
    """How somebody agreed, or took it back: "in person", "by text"."""
    return HEARD_BY.get(how, how)


def said(word: str) -> Status:
    """What somebody said about coming."""
    return SAID.get(word, Status(plain(word), "ring"))


def worst_first(kinds: Iterable[str]) -> list[str]:
    """Why a conversation waits, the most pressing first."""
    order = list(WANTS)
    return sorted(kinds, key=lambda kind: order.index(kind) if kind in order else len(order))


def wants(kind: str) -> Status:
    """Why a conversation waits."""
    return WANTS.get(kind, Status(plain(kind), "diamond", "amber"))


def step_state(state: str) -> Status:
    """How a step of a support plan stands."""
    return STEP_STATES.get(state, Status(plain(state), "ring"))


@own
def language(code: str) -> str:
    """A language's name in English."""
    return LANGUAGES.get(code, code)


@own
def channel(name: str) -> str:
    """How a message travels."""
    return CHANNELS.get(name, name)


@own
def zone(name: str) -> str:
    """A time zone as people know it."""
    return US_ZONES.get(name, plain(name.rpartition("/")[2]))


@lru_cache(maxsize=1)
def other_zones() -> tuple[str, ...]:
    """Every IANA zone of a place, apart from those that have a name of their own here."""
    places = {name for name in available_timezones() if name.split("/")[0] in _REGIONS}
    return tuple(sorted(places - set(US_ZONES)))


_REGIONS = frozenset(
    {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
