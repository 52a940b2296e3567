"""What the advocate sees of one packet: how far it is, what is missing and who keeps it waiting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from activities.packet_facts import WITHOUT_LETTERS
from api.pages import packet_words
from api.pages.packet_reading import Reading, read_packet
from api.pages.people import Way, ways_of
from api.pages.session import Visit
from domain.packet_sections import sections_of
from domain.vocabulary import LetterState, LinkPurpose, PacketState
from records.database import HubSession
from records.passages import passages_of
from records.private_links import LinkFor, is_live, live_link
from records.tables import Case, Counsel, Defendant, Packet, PrivateLink

STEPS = packet_words.TRACK
_ORDER = [state for state, _ in STEPS]
_OPEN_LETTERS = frozenset({LetterState.ASKED, LetterState.OPENED, LetterState.STARTED})


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of the way: past, here or still to come."""

    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing, and where to see to it; `late` when the filing desk would refuse
    the packet for it."""

    words: str
    link: str
    act: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of the packet and how much it says."""

    heading: str
    told: int
    optional: bool


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A reader's private page, and whether they pressed its button. Its address is shown to whoever
    asks for it, and that is noted."""

    opened: bool


@dataclass(frozen=True, slots=True)
class DeskView:
    """One packet as the advocate works on it.

    Attributes:
        ways: how counsel can be reached.
        replaced_by: the packet that came in its place; "" while it stands.
        can_ask: there is a version, so that somebody can be asked to read it.
    """

    reading: Reading
    steps: Sequence[StepShown]
    gaps: Sequence[Gap]
    sections: Sequence[SectionRow]
    ways: Sequence[Way]
    counsel_link: LinkShown | None
    participant_link: LinkShown | None
    replaced_by: str
    running: bool
    can_ask: bool


def desk_view(session: HubSession, visit: Visit, packet: Packet) -> DeskView:
    """Read everything for the page of one packet."""
    reading = read_packet(session, packet, visit.hub, visit.now)
    case = session.get_one(Case, packet.case_id)
    counsel = session.get(Counsel, case.counsel_id) if case.counsel_id else None
    ways = ways_of(session, [counsel.person_id]).get(counsel.person_id, ()) if counsel else ()
    sections = _sections(session, packet)
    over = packet.state in (PacketState.FILED, PacketState.SUPERSEDED)
    running = not over and packet.cancelled_at is None
    successor = session.exec(select(col(Packet.id)).where(Packet.replaces_id == packet.id)).first()
    return DeskView(
        reading=reading,
        steps=_steps(packet),
        gaps=list(_gaps(reading, sections, ways)) if running else (),
        sections=sections,
        ways=ways,
        counsel_link=_shown(reader_link(session, packet, LinkPurpose.COUNSEL, visit.now)),
        participant_link=_shown(reader_link(session, packet, LinkPurpose.REVIEW, visit.now)),
        replaced_by=successor or "",
        running=running,
        can_ask=running and reading.newest is not None,
    )


def _steps(packet: Packet) -> list[StepShown]:
    if packet.state == PacketState.SUPERSEDED:
        return []
    here = _ORDER.index(PacketState(packet.state))
    places = ["was"] * here + ["here"] + ["later"] * (len(STEPS) - here - 1)
    return [StepShown(words, place) for (_, words), place in zip(STEPS, places, strict=True)]


def _sections(session: HubSession, packet: Packet) -> list[SectionRow]:
    said = passages_of(session, packet)
    return [
        SectionRow(section.heading, len(said.get(section.key, ())), section.optional)
        for section in sections_of(packet.kind)
    ]


def _gaps(reading: Reading, sections: Sequence[SectionRow], ways: Sequence[Way]) -> Iterator[Gap]:
    case, own = _urls(reading.packet)
    if reading.hearing is None:
        words = "No court date is known, so nothing can be counted back from it."
        yield Gap(words, f"{case}/hearings/new", "Add a court date")
    yield from _without_words(own, sections)
    yield from _letters(reading, own)
    if not reading.counsel:
        yield Gap("Nobody is named as counsel.", f"{case}/counsel", "Name counsel")
    elif not any(not way.why_not for way in ways):
        words = f"No message can go to {reading.counsel}: no phone or e-mail that may be used."
        yield Gap(words, f"{case}/counsel", "Add one")
    if not reading.gathered.packet.court.judge:
        yield Gap("The judge is not named.", f"{own}/edit", "Name the judge")
    newest = reading.newest
    if newest is not None and newest.why_no_pdf:
        yield Gap(f"There is no PDF. {newest.why_no_pdf}", "", "", late=True)
    for finding in newest.findings if newest else ():
        if finding.blocking:
            words = f"The court's filing desk would refuse it: {finding.words}"
            yield Gap(words, f"{own}/exhibits", "See the exhibits", late=True)


def _without_words(own: str, sections: Sequence[SectionRow]) -> Iterator[Gap]:
    empty = [row.heading for row in sections if not row.told and not row.optional]
    if empty:
        words = f"Nothing is told yet under {packet_words.listed(empty)}."
        yield Gap(words, f"{own}/interview", "Go on with the interview")


def _letters(reading: Reading, own: str) -> Iterator[Gap]:
    link = f"{own}/letters"
    if not reading.letters and reading.packet.kind not in set(WITHOUT_LETTERS):
        yield Gap("No letter was asked for yet.", link, "Ask for a letter")
    for letter in reading.letters:
        whose = f"The letter of {letter.writer}"
        if letter.relationship:
            whose = f"{whose} ({letter.relationship})"
        if letter.state in set(_OPEN_LETTERS):
            yield Gap(f"{whose}: {letter.status.word}. Asked {letter.asked}.", link, "See letters")
        if letter.state == LetterState.DECLINED:
            words = f"{letter.writer} would rather not write. Is there somebody else to ask?"
            yield Gap(words, link, "Ask somebody else")


def _urls(packet: Packet) -> tuple[str, str]:
    case = f"/cases/{packet.case_id}"
    return case, f"{case}/packets/{packet.id}"


def reader_link(
    session: HubSession, packet: Packet, purpose: LinkPurpose, now: datetime
) -> PrivateLink | None:
    """The link of counsel or of the participant, while it can be used at `now` (UTC); nothing is
    made by looking."""
    case = session.get_one(Case, packet.case_id)
    if purpose is LinkPurpose.COUNSEL:
        counsel = session.get(Counsel, case.counsel_id) if case.counsel_id else None
        person_id = counsel.person_id if counsel else None
    else:
        person_id = session.get_one(Defendant, case.defendant_id).person_id
    if person_id is None:
        return None
    link = live_link(session, LinkFor(purpose, packet_id=packet.id, person_id=person_id))
    return link if link is not None and is_live(link, now) else None


def _shown(link: PrivateLink | None) -> LinkShown | None:
    return None if link is None else LinkShown(link.opened_at is not None)
