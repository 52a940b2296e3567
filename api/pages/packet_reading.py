"""A packet as its readers see it: for which hearing, how it stands, and what is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from activities.packet_inputs import Gathered, gather, load_inputs, what_changed
from api.pages import dates, packet_words, wording
from api.pages.own_words import Words
from api.pages.packet_rows import (
    ExhibitRow,
    LetterRow,
    ReviewRow,
    VersionRow,
    exhibits_shown,
    letters_shown,
    reviews_shown,
    versions_shown,
)
from api.pages.people import Named, participants
from domain.court_time import wall_time
from domain.packets import Milestones, milestones, wanted_by
from records.database import HubSession
from records.hubs import leads_of
from records.packet_reviews import live_approval
from records.packets import hearing_of, versions_of
from records.tables import Approval, Case, Court, Docket, Hearing, Hub, Packet, PacketVersion


@dataclass(frozen=True, slots=True)
class Lead:
    """A moment that a packet works towards; `past` once its day is over."""

    words: str
    day: date
    away: str
    past: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How counsel's word stands.

    Attributes:
        approval: the live one, or else the last that was voided; None when there never was one.
        holds: it is live, and what the packet says now is what was approved.
        changed: what changed since, where it does not hold any more.
    """

    approval: Approval | None
    holds: bool
    changed: Sequence[str]

    @property
    def lapsed(self) -> bool:
        """Whether something was approved that is not so any more."""
        return self.approval is not None and not self.holds


@dataclass(frozen=True, slots=True)
class Reading:
    """A packet, whole.

    Attributes:
        title: of its kind.
        when: the hearing, in words; "" while there is none.
        current: the content hash of what the records say now.
        waiting: what changed since the newest version, which is not built yet.
        leads: in their order; empty without a hearing. `shrunk`: less time is left than usual.
    """

    packet: Packet
    title: str
    who: Named
    counsel: str
    counsel_office: str
    dockets: Sequence[str]
    hearing: Hearing | None
    kind_of_hearing: str
    when: str
    away: str
    place: str
    gathered: Gathered
    current: str
    standing: Standing
    versions: Sequence[VersionRow]
    waiting: Sequence[str]
    reviews: Sequence[ReviewRow]
    letters: Sequence[LetterRow]
    exhibits: Sequence[ExhibitRow]
    leads: Sequence[Lead]
    shrunk: bool

    @property
    def newest(self) -> VersionRow | None:
        """The version that holds."""
        return self.versions[0] if self.versions else None


def read_packet(session: HubSession, packet: Packet, hub: Hub, now: datetime) -> Reading:
    """A packet at `now` (UTC), on the clock of the hub.

    Raises:
        NoSuchKind: there is no template for its kind.
    """
    case = session.get_one(Case, packet.case_id)
    hearing = hearing_of(session, packet)
    gathered = gather(session, packet, now)
    versions = versions_of(session, packet.id)
    standing = standing_of(session, packet, gathered, versions)
    times = times_of(packet, hearing, hub)
    counsel = gathered.packet.counsel
    newest = versions[-1] if versions else None
    return Reading(
        packet=packet,
        title=packet_words.title(packet.kind),
        who=participants(session, [case.id])[case.id],
        counsel=counsel.name if counsel else "",
        counsel_office=counsel.office if counsel else "",
        dockets=_dockets(session, case.id),
        hearing=hearing,
        kind_of_hearing=wording.hearing_kind(hearing.kind) if hearing else "",
        when=dates.when_words(hearing.local_time) if hearing else "",
        away=_away(hearing, now),
        place=_place(session, hearing),
        gathered=gathered,
        current=gathered.content_hash,
        standing=standing,
        versions=versions_shown(packet, versions, standing, hub.zone),
        waiting=_waiting(newest, gathered),
        reviews=reviews_shown(session, packet, versions, hub),
        letters=letters_shown(session, packet.id, hub.zone),
        exhibits=exhibits_shown(session, packet.id),
        leads=_leads(times, hearing, hub.zone, now),
        shrunk=bool(times and times.shrunk),
    )


def standing_of(
    session: HubSession, packet: Packet, gathered: Gathered, versions: Sequence[PacketVersion]
) -> Standing:
    """How counsel's word stands, whether or not the workflow has noticed a change yet."""
    live = live_approval(session, packet.id)
    if live is None:
        last = session.exec(
            select(Approval)
            .where(Approval.packet_id == packet.id)
            .order_by(col(Approval.approved_at).desc())
        ).first()
        return Standing(last, False, [last.void_reason] if last and last.void_reason else [])
    if live.content_hash == gathered.content_hash:
        return Standing(live, True, ())
    approved = next((v for v in versions if v.id == live.version_id), None)
    before = load_inputs(approved.inputs) if approved else []
    return Standing(live, False, what_changed(before, list(gathered.inputs())))


def times_of(packet: Packet, hearing: Hearing | None, hub: Hub) -> Milestones | None:
    """When each part of a packet is wanted; None without a hearing."""
    if hearing is None:
        return None
    return milestones(packet.requested_at, hearing.starts_at, leads_of(hub))


def changes_since(session: HubSession, version_id: str, gathered: Gathered) -> list[str]:
    """What changed between a version and what the records say now."""
    version = session.get(PacketVersion, version_id)
    before = load_inputs(version.inputs) if version else []
    return what_changed(before, list(gathered.inputs()))


def _waiting(newest: PacketVersion | None, gathered: Gathered) -> list[str]:
    if newest is None or newest.content_hash == gathered.content_hash:
        return []
    return what_changed(load_inputs(newest.inputs), list(gathered.inputs()))


def _leads(
    times: Milestones | None, hearing: Hearing | None, zone: str, now: datetime
) -> list[Lead]:
    if times is None or hearing is None:
        return []
    today = dates.today_in(zone, now)
    moments = (
        ("Letters asked for", times.letters),
        ("Draft to read", times.draft),
        ("With counsel", times.counsel),
        ("Approved and ready", times.ready),
    )
    found = []
    for words, moment in moments:
        day = wanted_by(moment, zone, now) if moment > now else wall_time(moment, zone).date()
        found.append(Lead(words, day, dates.away(day, today), day < today))
    day = hearing.local_time.date()
    return [*found, Lead("In court", day, dates.away(day, today), day < today)]


def _away(hearing: Hearing | None, now: datetime) -> str:
    if hearing is None:
        return ""
    return dates.away(hearing.local_time.date(), dates.today_in(hearing.zone, now))


def _place(session: HubSession, hearing: Hearing | None) -> str:
    if hearing is None:
        return ""
    court = session.get(Court, hearing.court_id) if hearing.court_id else None
    parts = [court.name if court else "", hearing.place, hearing.room and f"room {hearing.room}"]
    return wording.capital(Words(", ".join(part for part in parts if part)))


def _dockets(session: HubSession, case_id: str) -> list[str]:
    return list(
        session.exec(
            select(col(Docket.number)).where(Docket.case_id == case_id).order_by(col(Docket.id))
        ).all()
    )
