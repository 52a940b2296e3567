"""Who will be told what if a court date changes: planned and composed, nothing written.

The same planner and the same words that run when the change is saved look at the case as it
would be. So the preview cannot promise what will not happen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from activities.composing import audience_of, compose
from api.pages import dates, wording
from api.pages.people import Member, circle
from domain.agenda import Act, AgendaItem
from domain.court_time import instant_of
from domain.facts import CaseFacts, HearingFacts, When
from domain.ledger import Ledger
from domain.reminders import case_items
from domain.vocabulary import HearingKind, HearingStatus
from domain.words import Catalog, WordsError
from records.case_facts import load_case
from records.casework import NotFound
from records.database import HubSession
from records.hearings import Setting
from records.hubs import the_hub
from records.matters import Matter, recipient_of
from records.tables import Hearing, HearingRevision

NEW = "new"
"""Stands for the id of a hearing that is not saved yet."""
NO_WAY = "has no phone or e-mail address that may be used"
ASLEEP = "is asleep until it is too late: one of us is asked to call"
_NOTICES = frozenset({"enrolled", "changed", "cancelled"})
_CALLS = frozenset({"call_now", "not_reached"})


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done to a court date.

    Attributes:
        hearing: as it is; None for a new one.
        setting: as it will be.
        cancelled: it is taken off the calendar.
        stand_in: stands for the id of a new one, where there are several.
    """

    hearing: Hearing | None
    kind: HearingKind
    setting: Setting
    cancelled: bool = False
    stand_in: str = NEW

    @property
    def id(self) -> str:
        """The hearing's id, or what stands for it."""
        return self.hearing.id if self.hearing else self.stand_in

    @property
    def revision(self) -> int:
        """The revision that the change makes."""
        return self.hearing.revision + 1 if self.hearing else 1

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        if self.hearing is None or self.cancelled:
            return False
        old = self.hearing
        return self.setting == Setting(old.local_time, old.zone, old.room, old.place)


@dataclass(frozen=True, slots=True)
class Telling:
    """Someone who will be told: when, how, in which words."""

    who: str
    relation: str
    how: str
    when: str
    language: str
    lang: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Someone who will not be told, and why."""

    who: str
    relation: str
    why: str
    call: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """Everybody in the circle: told, or not told and why not."""

    told: tuple[Telling, ...]
    silent: tuple[Silence, ...]


def preview(
    session: HubSession,
    catalog: Catalog,
    case_id: str,
    change: Change,
    now: datetime,
    *,
    beside: Iterable[Change] = (),
) -> Preview:
    """Who will be told what.

    Args:
        beside: other changes of the case that are saved in the same moment.

    Raises:
        NotFound: no such case in this hub.
    """
    facts = load_case(session, case_id)
    if facts is None:
        raise NotFound("case")
    planned = as_if(facts, change, now)
    for other in beside:
        planned = as_if(planned, other, now)
    items = _notices(planned, change, now)
    members = circle(session, case_id)
    reading = _Reading(session, catalog, change, planned, members[0].person.first, now)
    told: list[Telling] = []
    silent: list[Silence] = []
    for member in members:
        item = items.get(member.person.id)
        if item is not None and item.act is Act.SEND_MESSAGE:
            told.append(reading.telling(member, item))
        else:
            silent.append(reading.silence(member, item))
    return Preview(tuple(told), tuple(silent))


def _notices(planned: CaseFacts, change: Change, now: datetime) -> dict[str, AgendaItem]:
    """Person id → the message about the change itself, or the task that stands for it."""
    about = [
        item
        for item in case_items(planned, now)
        if item.subject_id == change.id and item.revision == change.revision
    ]
    calls = [item for item in about if item.step in _CALLS and item.due <= now]
    messages = [item for item in about if item.step in _NOTICES]
    return {item.person_id: item for item in (*calls, *messages)}


def as_if(facts: CaseFacts, change: Change, now: datetime) -> CaseFacts:
    """The case as it would be after the change, saved at `now` (UTC)."""
    setting = change.setting
    when = When(
        setting.local_time,
        setting.zone,
        instant_of(setting.local_time, setting.zone),
        f"{setting.room}\n{setting.place}",
    )
    status = HearingStatus.VACATED if change.cancelled else HearingStatus.SCHEDULED
    known = next((one for one in facts.hearings if one.id == change.id), None)
    history = {**known.history, known.revision: known.when} if known else {}
    changed = HearingFacts(change.id, change.revision, change.kind, status, when, now, history)
    others = tuple(one for one in facts.hearings if one.id != change.id)
    return replace(facts, hearings=(*others, changed))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is needed to find the words for one member of the circle."""

    session: HubSession
    catalog: Catalog
    change: Change
    facts: CaseFacts
    participant: str
    now: datetime

    def telling(self, member: Member, item: AgendaItem) -> Telling:
        """The message, in the recipient's own words."""
        matter = self._matter(member)
        subject, text, lang = self._words(member, item, matter)
        at_once = item.due <= self.now
        return Telling(
            who=member.person.full,
            relation=member.relation,
            how=wording.channel(item.channel),
            when="at once" if at_once else dates.moment_words(item.due, matter.hub.zone),
            language=wording.language(lang),
            lang=lang,
            subject=subject,
            text=text,
        )

    def _words(self, member: Member, item: AgendaItem, matter: Matter) -> tuple[str, str, str]:
        """Subject, text and language, or the reason why there are no words yet."""
        to = recipient_of(self.session, member.person.id, item.channel)
        assert to is not None
        audience = audience_of(self.facts, member.person.id)
        try:
            words = compose(self.catalog, item, audience, to, matter)
        except WordsError as error:
            return "", f"The words cannot be written yet. {error}", "en"
        return words.subject, words.text, words.language

    def silence(self, member: Member, item: AgendaItem | None) -> Silence:
        """Why nothing is said to this member."""
        why = next(self._reasons(member, item))
        return Silence(member.person.full, member.relation, why, call=why in (NO_WAY, ASLEEP))

    def _reasons(self, member: Member, item: AgendaItem | None) -> Iterator[str]:
        if self.facts.detained and member.participant:
            yield "is in custody: nothing is sent to a phone that may be in other hands"
        if not member.may_know:
            yield "may not hear of court dates: the participant has not agreed"
        if not member.reachable:
            yield NO_WAY
        if item is not None:
            yield ASLEEP
        if self.change.cancelled and self._told(member) is None:
            yield "was never told of this date"
        yield "knows this date already"

    def _matter(self, member: Member) -> Matter:
        change, setting = self.change, self.change.setting
        return Matter(
            hub=the_hub(self.session),
            participant_first_name=self.participant,
            detained=self.facts.detained,
            hearing=Hearing(
                case_id=self.facts.id,
                kind=change.kind,
                local_time=setting.local_time,
                zone=setting.zone,
                starts_at=instant_of(setting.local_time, setting.zone),
                room=setting.room,
                place=setting.place,
                announced_at=self.now,
            ),
            old=self._old(self._told(member)),
        )

    def _told(self, member: Member) -> int | None:
        """The newest revision of the hearing that this member was told."""
        ledger = Ledger(self.facts.messages, frozenset())
        return ledger.told_revision(member.person.id, self.change.id)

    def _old(self, told: int | None) -> HearingRevision | None:
        """The setting that this person was told before."""
        hearing = self.change.hearing
        if hearing is None or told is None:
            return None
        if told == hearing.revision:
            return HearingRevision(
                hearing_id=hearing.id,
                revision=told,
                local_time=hearing.local_time,
                zone=hearing.zone,
                starts_at=hearing.starts_at,
                room=hearing.room,
                place=hearing.place,
            )
        return self.session.exec(
            select(HearingRevision).where(
                HearingRevision.hearing_id == hearing.id, col(HearingRevision.revision) == told
            )
        ).first()
