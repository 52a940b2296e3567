"""Eight court dates: tomorrow's that reached nobody, one with a ride, one that moved, and what
people wrote back in three languages."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from sqlmodel import col, select

from activities.example.living import Deed, Moment
from activities.example.people import (
    ADDRESS,
    BY,
    CAST,
    ZONE,
    Scene,
    arrive,
    furnish,
    phone_of,
)
from domain.vocabulary import Channel, HearingKind
from records.answering import write_answer
from records.circle import contacts_at
from records.database import HubSession
from records.hearings import Setting, get_hearing, move_hearing, schedule_hearing
from records.replies import Incoming, take_in
from records.roster import NewRide, add_companion, note_said, offer_ride, take_seat
from records.tables import HumanTask
from records.tasks import close_task

KINDS: Final = {
    "Mara": HearingKind.BAIL_REVIEW,
    "Tomas": HearingKind.ARRAIGNMENT,
    "Rosa": HearingKind.STATUS,
    "Jean-Marc": HearingKind.PRETRIAL,
    "Owen": HearingKind.SENTENCING,
    "Nadia": HearingKind.BAIL_REVIEW,
    "Pilar": HearingKind.STATUS,
}
_AHEAD: Final = {"Rosa": 3, "Jean-Marc": 6, "Owen": 14, "Nadia": 16, "Pilar": 30}
"""Days until each court date; two more are tomorrow, whatever weekday that is."""
ANSWERED_IN: Final = timedelta(minutes=25)


def moments(scene: Scene) -> Iterator[Moment]:
    """Everybody's arrival and court date, and what was said about it."""
    days = scene.days
    first = max(who.arrested for who in CAST.values())
    yield Moment(days.ago(first + 1, 9), lambda session, _: furnish(scene, session))
    for name in CAST:
        yield Moment(days.ago(max(CAST[name].arrested - 1, 1), 10), _arrives(scene, name))
    yield from _moved(scene)
    yield from _conversations(scene)
    yield from _roster(scene)
    yield from _everyday(scene)


def _arrives(scene: Scene, name: str) -> Deed:
    def deed(session: HubSession, now: datetime) -> None:
        case = arrive(scene, CAST[name], session, now)
        if name in KINDS:
            setting = Setting(_court(scene, name), ZONE, "4", ADDRESS)
            court = scene.more["court"]
            row = schedule_hearing(session, case.id, KINDS[name], setting, BY, now, court_id=court)
            scene.more[f"{name} hearing"] = row.id

    return deed


def _court(scene: Scene, name: str) -> datetime:
    """The wall time of somebody's court date as it was first set."""
    if name in _AHEAD:
        return scene.days.court(_AHEAD[name], 9)
    return datetime.combine(scene.days.day(1), time(9 if name == "Tomas" else 13, 30))


def _moved(scene: Scene) -> Iterator[Moment]:
    """Jean-Marc's date moved two days ago; he and his mother were told within the hour."""

    def deed(session: HubSession, now: datetime) -> None:
        later = Setting(scene.days.court(8, 13), ZONE, "2", ADDRESS)
        move_hearing(session, scene.more["Jean-Marc hearing"], later, BY, now)

    yield Moment(scene.days.ago(2, 11), deed)


def _conversations(scene: Scene) -> Iterator[Moment]:
    days, now = scene.days, scene.days.now
    yield from _says(days.ago(9, 16), "25", "What should I wear to court?", "EXA1")
    yield from _is_answered(
        scene, days.ago(9, 16) + ANSWERED_IN, "25", "Whatever you would wear to church. Ada"
    )
    yield from _says(days.ago(1, 11, 10), "34", "Ki kote tribinal la ye?", "EXA2")
    where = f"Bonjou Marie. {ADDRESS}, sal 2. M ap tann ou devan pòt la. Ada"
    yield from _is_answered(scene, days.ago(1, 11, 10) + ANSWERED_IN, "34", where)
    yield from _says(days.ago(1, 12), "24", "M ap la", "EXA3")
    yield from _says(days.ago(1, 15, 5), "22", "Sí", "EXA4")
    yield from _says(now - timedelta(hours=2), "23", "no puedo ir, trabajo", "EXA5")
    yield from _says(now - timedelta(minutes=50), "35", "Can my sister come too?", "EXA6")


def _says(at: datetime, digits: str, words: str, sid: str) -> Iterator[Moment]:
    def deed(session: HubSession, now: datetime) -> None:
        take_in(session, Incoming(Channel.SMS, phone_of(digits), words, sid), now)

    yield Moment(at, deed)


def _is_answered(scene: Scene, at: datetime, digits: str, words: str) -> Iterator[Moment]:
    """The advocate writes back, and what waited for it is done."""

    def deed(session: HubSession, now: datetime) -> None:
        contact = contacts_at(session, phone_of(digits))[0]
        write_answer(session, contact, words, BY, now)
        close(session, ("reply_waiting",), "Answered.", now)

    yield Moment(at, deed)


def _roster(scene: Scene) -> Iterator[Moment]:
    """Tomas comes with his cousin, who had no car and has a seat now; the advocate goes along."""

    def wishes(session: HubSession, now: datetime) -> None:
        hearing = get_hearing(session, scene.more["Tomas hearing"])
        note_said(session, hearing, scene.people["Luz"], "ride", BY, now)

    def rides(session: HubSession, now: datetime) -> None:
        hearing = get_hearing(session, scene.more["Tomas hearing"])
        leaves = hearing.local_time - timedelta(minutes=75)
        new = NewRide("Lee Mills", 3, leaves, "12 Palm Avenue", phone_of("41"))
        ride = offer_ride(session, hearing, new, BY, now)
        take_seat(session, hearing, ride.id, scene.people["Luz"], BY, now)
        add_companion(session, hearing, staff_id=scene.staff["example-advocate-2"])

    yield Moment(scene.days.ago(3, 14), wishes)
    yield Moment(scene.days.ago(2, 9, 30), rides)


def _everyday(scene: Scene) -> Iterator[Moment]:
    """What a team sees to in its days, so that the list of today is today's."""

    def deed(session: HubSession, now: datetime) -> None:
        kinds = ("not_told", "call_now", "not_reached", "unconfirmed", "letters_to_ask", "hand_off")
        close(session, kinds, "Done.", now)

    for day in (21, 14, 7, 4, 2):
        yield Moment(scene.days.ago(day, 16, 45), deed)


def close(session: HubSession, kinds: tuple[str, ...], outcome: str, now: datetime) -> None:
    """The advocate has done the open tasks of these kinds."""
    rows = session.exec(
        select(HumanTask).where(col(HumanTask.kind).in_(kinds), col(HumanTask.closed_at).is_(None))
    ).all()
    for task in rows:
        close_task(session, task.id, BY.actor, outcome, now)


__all__ = ["close", "moments"]
