"""Parts of a case's history that can be looked at alone."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.pages.event_words import KINDS
from api.pages.own_words import Words


class Sort(StrEnum):
    """Which things that happened are shown, as in the page's address."""

    ALL = "all"
    MESSAGES = "messages"
    HEARINGS = "hearings"
    PACKET = "packet"
    PLAN = "plan"


SORTS: Final[Mapping[Sort, str]] = MappingProxyType(
    {
        Sort.ALL: Words("Everything"),
        Sort.MESSAGES: Words("Messages"),
        Sort.HEARINGS: Words("Hearings"),
        Sort.PACKET: Words("Packets"),
        Sort.PLAN: Words("Plan"),
    }
)
"""What each is called on the page, in the order in which they stand."""

_PACKET: Final = frozenset(
    {
        *("requested", "changed", "built", "invited", "invite_ended", "told", "took_back"),
        *("drafting", "participant_asked", "participant_agreed", "participant_changes"),
        *("counsel_asked", "commented", "approved", "sent_back", "approval_voided", "delivered"),
        *("filed", "cancelled", "resumed", "superseded"),
    }
)
_BEGIN: Final[Mapping[Sort, tuple[str, ...]]] = {
    Sort.MESSAGES: ("reply_",),
    Sort.HEARINGS: (
        "hearing_",
        "told_",
        "import_",
        "ride_",
        # What a court could impose, and what it did.
        "exposure_",
        "received_",
        "reply_confirmed",
        "reply_cannot_come",
        "reply_ride",
    ),
    Sort.PACKET: ("letter_", "exhibit_"),
    Sort.PLAN: ("plan_", "step_", "referral_", "report_", "mentor_", "contact_", "reply_step_"),
}
_ALSO: Final[Mapping[Sort, frozenset[str]]] = {
    Sort.MESSAGES: frozenset(
        {"opted_out", "unreachable", "contact_added", "language_changed", "page_asked"}
    ),
    Sort.PACKET: _PACKET,
}
_NOT: Final[Mapping[Sort, frozenset[str]]] = {Sort.PLAN: frozenset({"contact_added"})}


def sort_of(word: str) -> Sort:
    """The one that an address names; everything, for a word that is none."""
    return Sort(word) if word in SORTS else Sort.ALL


def kinds_of(sort: Sort) -> frozenset[str]:
    """The kinds of events that belong there. Meaningless for `Sort.ALL`, which asks for none."""
    begun = {kind for kind in KINDS if kind.startswith(_BEGIN.get(sort, ("\0",)))}
    return frozenset(begun | _ALSO.get(sort, frozenset())) - _NOT.get(sort, frozenset())
