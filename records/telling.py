"""Telling in the records: what somebody of the circle says about the person, through a link of
their own.

Whoever tells reads and changes their own words alone. Their words are kept as they said them; what
the packet says of them stands beside that and is the hub's to write.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from domain.interview import question_of, takes_many
from domain.languages import is_english
from domain.packet_sections import OF_KIND
from domain.vocabulary import PacketKind
from records.casework import NotFound, Source
from records.database import HubSession
from records.interview import credited, is_open, note, open_packet, supporter_of
from records.packets import get_packet
from records.passage_order import place
from records.passages import (
    Said,
    all_passages,
    get_passage,
    remove_passage,
    restore_passage,
    said_in,
    save_passage,
    taken_back,
)
from records.tables import Case, Defendant, Packet, PacketPassage, Person, PrivateLink


class ToldMeanwhile(ValueError):
    """The teller changed the same answer on another page or phone; nothing was saved."""

    def __init__(self, newer: PacketPassage) -> None:
        self.newer = newer
        super().__init__("This answer was changed on another page. Read both, and save again.")


@dataclass(frozen=True, slots=True)
class Teller:
    """Someone of the circle with a link of their own.

    Attributes:
        called: the first name of the person whose packet it is.
        open: they can still tell and change what they told.
    """

    person: Person
    relationship: str
    packet: Packet
    called: str
    open: bool

    @property
    def credit(self) -> str:
        """Whose words theirs are, as a packet says it: "Denise Johnson, mother"."""
        parts = (f"{self.person.first_name} {self.person.last_name}".strip(), self.relationship)
        return credited(", ".join(part for part in parts if part), self.person.language)


@dataclass(frozen=True, slots=True)
class Telling:
    """One answer as its teller sends it.

    Attributes:
        passage_id: which of several answers; "" for the only one, or for one more.
        seen: `words_mark` of what they had read; "" for nothing.
    """

    section: str
    question: str
    words: str
    title: str = ""
    passage_id: str = ""
    seen: str = ""


def words_mark(title: str, words: str) -> str:
    """What tells one wording of an answer from another one."""
    return sha256(f"{title}\0{words}".encode("utf-8", "replace")).hexdigest()[:16]


def teller_of(session: HubSession, link: PrivateLink) -> Teller:
    """Who tells through a link, and for which packet.

    Raises:
        NotFound: the packet is gone, or they do not stand by this person any more.
    """
    packet = get_packet(session, link.packet_id or "")
    supporter = supporter_of(session, packet.case_id, link.person_id or "")
    if supporter is None:
        raise NotFound("person in this circle")
    case = session.get_one(Case, packet.case_id)
    defendant = session.get_one(Defendant, case.defendant_id)
    return Teller(
        person=session.get_one(Person, supporter.person_id),
        relationship=supporter.relationship,
        packet=packet,
        called=session.get_one(Person, defendant.person_id).first_name,
        open=is_open(session, packet),
    )


def told_by(session: HubSession, packet: Packet, person_id: str) -> list[PacketPassage]:
    """What somebody told through their link and did not take back, in order."""
    return [
        row
        for row in all_passages(session, packet)
        if row.teller_id == person_id and not taken_back(row)
    ]


def tell(
    session: HubSession, teller: Teller, telling: Telling, source: Source, now: datetime
) -> PacketPassage | None:
    """Save one answer of a teller; nothing written where something stood takes it back.

    In English the packet says their words, as a quote. In another language it says nothing until
    somebody writes the English beside them. Words that change later replace what the packet said,
    which is kept for whoever writes it anew.

    Raises:
        NotFound: no such question for family in this packet.
        PacketClosed: nothing is told for it any more.
        ToldMeanwhile: they changed it elsewhere since; nothing was saved.
        TooManyPassages: the section is full.
    """
    asked = question_of(telling.section, telling.question)
    in_packet = telling.section in OF_KIND[PacketKind(teller.packet.kind)]
    if asked is None or not asked.family or not in_packet:
        raise NotFound("question")
    packet = open_packet(session, teller.packet.id)
    row = _own_answer(session, packet, teller, telling)
    if row is None:
        if telling.seen == words_mark(telling.title, telling.words):
            # An old page still shows what they took back since.
            return None
        return _first_told(session, packet, teller, telling, source, now)
    if (row.original, row.title) == (telling.words, telling.title):
        return row
    if telling.seen != words_mark(row.title, row.original):
        raise ToldMeanwhile(row)
    if not telling.words.strip():
        take_back(session, teller, row.id, source, now)
        return None
    return _told_anew(session, packet, teller, telling, row, source, now)


def _first_told(
    session: HubSession,
    packet: Packet,
    teller: Teller,
    telling: Telling,
    source: Source,
    now: datetime,
) -> PacketPassage | None:
    language = teller.person.language
    said = Said(
        text=telling.words if is_english(language) else "",
        title=telling.title,
        said_by=teller.credit,
        quote=True,
        question=telling.question,
        original=telling.words,
        language=language,
        teller_id=teller.person.id,
    )
    row = save_passage(session, packet, telling.section, said, source, now)
    if row is not None:
        place(session, packet, row)
        note(session, packet, "told", teller.person.id, source, now)
    return row


def _told_anew(
    session: HubSession,
    packet: Packet,
    teller: Teller,
    telling: Telling,
    row: PacketPassage,
    source: Source,
    now: datetime,
) -> PacketPassage | None:
    before, earlier, title = row.text, row.earlier_text, row.title
    same = telling.words == row.original
    edited = bool(before) and before != row.original and not same
    said = replace(
        said_in(row),
        text=before if same else telling.words if is_english(row.language) else "",
        original=telling.words,
        title=telling.title,
    )
    saved = save_passage(
        session,
        packet,
        telling.section,
        said,
        source,
        now,
        passage_id=row.id,
        seen_revision=row.revision,
    )
    if saved is not None:
        saved.earlier_text = before if edited else earlier
        session.add(saved)
        if saved.title != title:
            place(session, packet, saved)
    note(session, packet, "told", teller.person.id, source, now)
    return saved


def take_back(
    session: HubSession, teller: Teller, passage_id: str, source: Source, now: datetime
) -> PacketPassage:
    """A teller takes an answer back: nobody else reads it any more, and no packet says it.

    Raises:
        NotFound: no such answer of theirs.
        PacketClosed: the packet was filed, or is closed.
    """
    packet = open_packet(session, teller.packet.id)
    row = get_passage(session, packet, passage_id)
    if row.teller_id != teller.person.id:
        raise NotFound("answer")
    if row.removed_at is not None:
        # An advocate had left it out; from now on it is the teller who took it back.
        row.removed_at = None
    remove_passage(session, packet, passage_id, source, now)
    note(session, packet, "took_back", teller.person.id, source, now)
    return row


def put_back(
    session: HubSession, teller: Teller, passage_id: str, source: Source, now: datetime
) -> PacketPassage:
    """A teller puts back what they took back.

    Raises:
        NotFound: no such answer of theirs (any more).
        PacketClosed: the packet was filed, or is closed.
        TooManyPassages: the section is full.
    """
    packet = open_packet(session, teller.packet.id)
    row = get_passage(session, packet, passage_id)
    if row.teller_id != teller.person.id:
        raise NotFound("answer")
    if taken_back(row):
        restore_passage(session, packet, passage_id, source, now)
        note(session, packet, "told", teller.person.id, source, now)
    return row


def _own_answer(
    session: HubSession, packet: Packet, teller: Teller, telling: Telling
) -> PacketPassage | None:
    """The answer that a teller changes; None for a new one."""
    own = [
        row
        for row in told_by(session, packet, teller.person.id)
        if (row.section, row.question) == (telling.section, telling.question)
    ]
    if telling.passage_id:
        own = [row for row in own if row.id == telling.passage_id]
    elif takes_many(telling.section, telling.question):
        own = [row for row in own if (row.original, row.title) == (telling.words, telling.title)]
    return own[0] if own else None
