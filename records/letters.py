"""Letters of support in the records: asked for, read in order, and the private link of each.

A writer is a person whom the hub knows, with the ways to reach them that they agreed to. They
belong to no circle through it, so nobody tells them a court date. What a writer does with their
letter is in `records.letter_writing`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.letters import MOST_NAME, check_length, tidy_line
from domain.packets import ENDED_PACKETS
from domain.vocabulary import LetterState, LinkPurpose
from records.attributing import adopt_all
from records.casework import NotFound, Source, get_case, record_event, touch_packet
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.packet_reviews import PacketCancelled, PacketEnded
from records.packets import close_packet_tasks, get_packet, take_matters_along
from records.private_links import LinkFor, make_link, revoke_links
from records.tables import Case, Defendant, Letter, Packet, Person, PrivateLink, Supporter

LINK_LASTS: Final = timedelta(days=90)
"""How long a writer's link may be used after it was last sent."""
MOST_LETTERS: Final = 60
"""Letters that one packet may have; a judge reads fewer."""


class LetterProblem(ValueError):
    """A letter cannot be asked for or used so; the message says what to do instead."""


class WrittenByDefendant(LetterProblem):
    """The defendant was named as the writer."""

    def __init__(self) -> None:
        super().__init__(
            "A letter of support is never written by the person whose case it is. "
            "Ask somebody who knows them."
        )


class AskedAlready(LetterProblem):
    """This person has a letter in this packet.

    Attributes:
        letter_id: of that one.
    """

    def __init__(self, letter_id: str) -> None:
        self.letter_id = letter_id
        super().__init__("This person was asked already. Send them their link anew instead.")


class TooManyLetters(LetterProblem):
    """The packet would have more letters than anybody reads."""

    def __init__(self) -> None:
        super().__init__(f"A packet holds {MOST_LETTERS} letters; withdraw some of them first.")


class LetterDeclined(LetterProblem):
    """The writer would rather not, and is not asked again."""

    def __init__(self) -> None:
        super().__init__(
            "This writer would rather not. If they changed their mind, note that first."
        )


@dataclass(frozen=True, slots=True)
class Writer:
    """Who is asked for a letter.

    Attributes:
        relationship: to the defendant, as the judge reads it: "pastor".
        language: in which they are asked, and will probably write.
        contacts: how to reach them, each with how they agreed; none for someone who is handed
            the link.
        person_id: of somebody who stands by this case already, or wrote for it before; the names
            are theirs then. "" for somebody new.
    """

    first_name: str
    last_name: str
    relationship: str
    language: str = "en"
    contacts: tuple[NewContact, ...] = ()
    person_id: str = ""


def ask_for_letter(
    session: HubSession, packet_id: str, writer: Writer, source: Source, now: datetime
) -> Letter:
    """Ask someone for a letter; the packet's workflow sends them their link.

    Raises:
        NotFound: no such packet, or the person is not of this case.
        BadAddress: a contact cannot be right.
        PacketEnded, PacketCancelled: nothing is asked for it (now).
        WrittenByDefendant, AskedAlready, TooManyLetters: not this letter.
        TextTooLong: the relationship is.
    """
    packet = get_packet(session, packet_id)
    # Another way to reach somebody is news for their case, and a case is held before its packets.
    session.lock(get_case(session, packet.case_id), "revision")
    session.lock(packet)
    if packet.state in ENDED_PACKETS:
        raise PacketEnded
    if packet.cancelled_at is not None:
        raise PacketCancelled
    letters = letters_of(session, packet_id)
    if len([letter for letter in letters if letter.state != LetterState.WITHDRAWN]) >= MOST_LETTERS:
        raise TooManyLetters
    person = _writer(session, packet, letters, writer)
    letter = Letter(
        packet_id=packet.id,
        writer_id=person.id,
        relationship=_relationship(writer.relationship),
        language=writer.language,
        state=LetterState.ASKED,
        position=max((letter.position for letter in letters), default=-1) + 1,
        asked_at=now,
    )
    session.add(letter)
    session.flush()
    for contact in writer.contacts:
        add_contact(session, person.id, contact, source, now)
    adopt_all(session, person.id, source, now)
    close_packet_tasks(session, packet.id, source.actor, now, kinds=("letters_to_ask",))
    note_letter(session, letter, "letter_asked", source, now)
    return letter


def get_letter(session: HubSession, letter_id: str) -> Letter:
    """The letter.

    Raises:
        NotFound: not in this hub.
    """
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise NotFound("letter")
    return letter


def letters_of(session: HubSession, packet_id: str) -> list[Letter]:
    """All letters of a packet in their order, withdrawn ones too."""
    return list(
        session.exec(
            select(Letter)
            .where(Letter.packet_id == packet_id)
            .order_by(col(Letter.position), col(Letter.asked_at), col(Letter.id))
        ).all()
    )


def writers_of(session: HubSession, letters: list[Letter]) -> dict[str, Person]:
    """Letter id → its writer, where one is named."""
    ids = [letter.writer_id for letter in letters if letter.writer_id]
    people = {
        person.id: person
        for person in session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    }
    return {letter.id: people[letter.writer_id] for letter in letters if letter.writer_id in people}


def move_letter(
    session: HubSession, letter_id: str, position: int, source: Source, now: datetime
) -> Letter:
    """Put a letter at a position from 0 among those of its packet; too far is the end.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
    """
    letter = open_for_change(session, letter_id)
    order = letters_of(session, letter.packet_id)
    before = [one.id for one in order]
    order.remove(letter)
    order.insert(max(position, 0), letter)
    for number, one in enumerate(order):
        one.position = number
        session.add(one)
    if [one.id for one in order] != before:
        note_letter(session, letter, "letter_moved", source, now)
    return letter


def correct_letter(
    session: HubSession,
    letter_id: str,
    relationship: str,
    language: str,
    source: Source,
    now: datetime,
) -> Letter:
    """Correct what the writer is to the defendant, and the language of the letter.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        TextTooLong: the relationship is.
    """
    letter = open_for_change(session, letter_id)
    wanted = (_relationship(relationship), language)
    if (letter.relationship, letter.language) != wanted:
        letter.relationship, letter.language = wanted
        session.add(letter)
        note_letter(session, letter, "letter_corrected", source, now)
    return letter


def letter_link(session: HubSession, letter: Letter, now: datetime) -> PrivateLink:
    """The writer's own link to their letter, which lasts `LINK_LASTS` from now."""
    return make_link(session, _link_for(letter), now + LINK_LASTS)


def renew_link(session: HubSession, letter_id: str, source: Source, now: datetime) -> PrivateLink:
    """Another link for the writer, which the workflow sends, and the end of the old one.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        LetterDeclined: the writer would rather not.
    """
    letter = open_for_change(session, letter_id)
    if letter.state in (LetterState.DECLINED, LetterState.WITHDRAWN):
        raise LetterDeclined
    end_links(session, letter, now)
    letter.asks += 1
    letter.asked_at = now
    session.add(letter)
    note_letter(session, letter, "letter_asked_again", source, now)
    return letter_link(session, letter, now)


def end_links(session: HubSession, letter: Letter, now: datetime) -> None:
    """No link opens this letter any more, until another is made."""
    revoke_links(session, _link_for(letter), now)
    session.flush()


def take_letters_along(session: HubSession, old_packet_id: str, new: Packet) -> list[Letter]:
    """The letters of a packet go on in the one that replaces it, with their writers' links: nobody
    is asked twice, for what was said and asked about them goes along. Withdrawn ones stay."""
    along = [
        letter
        for letter in letters_of(session, old_packet_id)
        if letter.state != LetterState.WITHDRAWN
    ]
    for letter in along:
        letter.packet_id = new.id
        session.add(letter)
        for link in session.exec(
            select(PrivateLink).where(PrivateLink.letter_id == letter.id)
        ).all():
            link.packet_id = new.id
            session.add(link)
    session.flush()
    take_matters_along(session, [letter.id for letter in along], new)
    return along


def open_for_change(session: HubSession, letter_id: str) -> Letter:
    """The letter, held, while its packet still takes changes.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
    """
    letter = get_letter(session, letter_id)
    while True:
        # The packet first, as whoever replaces it holds it; the letter may go along meanwhile.
        packet = get_packet(session, letter.packet_id)
        session.lock(packet)
        session.lock(letter)
        if letter.packet_id == packet.id:
            break
    if packet.state in ENDED_PACKETS:
        raise PacketEnded
    return letter


def note_letter(
    session: HubSession, letter: Letter, what: str, source: Source, now: datetime
) -> None:
    """Write into the case's history what became of a letter, by its writer and without a word of
    it, and tell the packet's workflow."""
    packet = get_packet(session, letter.packet_id)
    case = get_case(session, packet.case_id)
    who = letter.writer_id or packet.id
    record_event(session, case, "packet", what, source, now, subject_id=who)
    touch_packet(session, packet, now)


def _relationship(said: str) -> str:
    relationship = tidy_line(said)
    check_length("relationship", relationship, MOST_NAME)
    return relationship


def _link_for(letter: Letter) -> LinkFor:
    return LinkFor(LinkPurpose.LETTER, letter.packet_id, letter.id, letter.writer_id)


def _writer(session: HubSession, packet: Packet, letters: list[Letter], writer: Writer) -> Person:
    """The person who is asked: somebody of this case, or somebody new."""
    if not writer.person_id:
        person = Person(
            first_name=tidy_line(writer.first_name),
            last_name=tidy_line(writer.last_name),
            language=writer.language,
        )
        session.add(person)
        session.flush()
        return person
    for letter in letters:
        if letter.writer_id == writer.person_id and letter.state != LetterState.WITHDRAWN:
            raise AskedAlready(letter.id)
    return _known(session, packet, writer.person_id)


def _known(session: HubSession, packet: Packet, person_id: str) -> Person:
    """Somebody who stands by the case now, or wrote for it before.

    Raises:
        WrittenByDefendant: it is the defendant.
        NotFound: it is neither.
    """
    own = session.exec(
        select(col(Defendant.person_id))
        .join(Case, col(Case.defendant_id) == Defendant.id)
        .where(Case.id == packet.case_id)
    ).first()
    if own == person_id:
        raise WrittenByDefendant
    person = session.get(Person, person_id)
    if person is None or person_id not in possible_writers(session, packet.case_id):
        raise NotFound("person")
    return person


def possible_writers(session: HubSession, case_id: str) -> dict[str, str]:
    """Person id → what they are to the defendant, for everybody in the circle and everybody who
    was asked for a letter in this case before."""
    wrote = session.exec(
        select(Letter)
        .join(Packet, col(Packet.id) == Letter.packet_id)
        .where(Packet.case_id == case_id, col(Letter.writer_id).is_not(None))
        .order_by(col(Letter.asked_at))
    ).all()
    stands_by = session.exec(
        select(Supporter)
        .where(Supporter.case_id == case_id, col(Supporter.ended_at).is_(None))
        .order_by(col(Supporter.enrolled_at))
    ).all()
    found = {one.person_id: one.relationship for one in stands_by}
    for letter in wrote:
        if letter.writer_id:
            found.setdefault(letter.writer_id, letter.relationship)
    return found
