"""The fields of a hearing: what for, when on the court's clock, where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages import wording
from api.pages.forms import Form
from api.pages.own_words import Words
from domain.court_time import CourtTimeError, zone_of
from domain.vocabulary import HearingKind
from records.hearings import Setting

KINDS = [(str(kind), wording.capital(wording.hearing_kind(kind))) for kind in HearingKind]


@dataclass(frozen=True, slots=True)
class TypedHearing:
    """A hearing as it was typed, checked."""

    kind: HearingKind
    setting: Setting


def hearing(form: Form, hub_zone: str, now: datetime) -> TypedHearing | None:
    """The hearing in `kind`, `date`, `time`, `zone`, `room`, `place`; None after a mistake.

    Args:
        form: notes the mistakes.
        hub_zone: IANA zone that is meant when none was chosen.
        now: UTC; what lies before it is refused.
    """
    kind = form.choice("kind", [str(k) for k in HearingKind], "Choose what the hearing is for.")
    day = form.day("date", "Enter the date of the hearing.")
    at = form.clock("time", "Enter the time at which it begins.")
    zone = form.line("zone") or hub_zone
    room, place = form.line("room", most=60), form.line("place", most=160)
    if not _known(zone):
        form.refuse("zone", "Choose a time zone from the list.")
        return None
    if not kind or day is None or at is None:
        return None
    local = datetime.combine(day, at)
    instant = form.instant("time", local, zone)
    if instant is not None and instant <= now:
        form.refuse("date", "This moment has passed. Enter a date that is still to come.")
    if not form.ok:
        return None
    return TypedHearing(HearingKind(kind), Setting(local, zone, room, place))


def zones(hub_zone: str) -> Sequence[tuple[str, str]]:
    """The zones that a form offers: the hub's own first, then those of the United States."""
    own = (hub_zone, Words(f"{wording.zone(hub_zone)}, our own"))
    return [own, *((code, name) for code, name in wording.US_ZONES.items() if code != hub_zone)]


def _known(zone: str) -> bool:
    try:
        zone_of(zone)
    except CourtTimeError:
        return False
    return True
