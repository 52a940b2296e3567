"""The letters of a packet as its advocate sees them: who, how far, and what there is to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from activities.documents.binding import letter_versions
from activities.letter_sheets import letter_page
from activities.notices import the_phrases
from activities.packet_inputs import gather
from api.pages import dates, wording
from api.pages.people import Named, Way, participants, ways_of
from api.pages.session import Visit
from api.pages.wording import Status
from domain.letter_cautions import Caution, cautions
from domain.letters import CONTACT, PROMPTS
from domain.packets import ENDED_PACKETS
from domain.vocabulary import LetterState
from records.casework import NotFound, get_case
from records.database import HubSession
from records.letter_writing import has_unsent_changes, translation_now
from records.letters import get_letter, letters_of, writers_of
from records.packets import get_packet
from records.tables import Letter, Packet

COURT_LANGUAGE = "en"
"""What a judge reads; a letter in another language needs a translation beside it."""
CAUTIONS: Mapping[str, str] = {
    "guilt": "may be an opinion on guilt",
    "against": "may speak against someone",
    "facts": "may tell of the case",
    "number": "may be a private number",
    "long": "longer than a page and a half",
    "short": "very short",
}


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter as a list shows it.

    Attributes:
        untranslated: it is in, in another language, and nobody translated it as it is now.
        unsent: it is in, and its writer changed it since without signing.
        reachable: a text or an e-mail can carry the link.
        look: how many things its words should be looked at again for.
    """

    id: str
    writer: Named
    relationship: str
    language: str
    status: Status
    state: str
    untranslated: bool
    unsent: bool
    reachable: bool
    look: int

    @property
    def open(self) -> bool:
        """Whether it is still being waited for."""
        return self.state in (LetterState.ASKED, LetterState.OPENED, LetterState.STARTED)


@dataclass(frozen=True, slots=True)
class OneLetter:
    """Everything that the page of one letter shows.

    Attributes:
        versions: what stands on its pages, original and translation.
        cautions: (what it may be, the words that were found).
        stale: there is a translation, of an earlier text.
    """

    letter: Letter
    packet: Packet
    row: LetterRow
    who: Named
    ways: tuple[Way, ...]
    versions: tuple[Mapping[str, Any], ...]
    cautions: tuple[tuple[str, str], ...]
    stale: bool
    ended: bool


def packet_of(session: HubSession, case_id: str, packet_id: str) -> Packet:
    """The packet of a case.

    Raises:
        NotFound: the case has no such packet.
    """
    get_case(session, case_id)
    packet = get_packet(session, packet_id)
    if packet.case_id != case_id:
        raise NotFound("packet")
    return packet


def letter_of(session: HubSession, case_id: str, packet_id: str, letter_id: str) -> Letter:
    """The letter of a packet.

    Raises:
        NotFound: the packet has no such letter, or the case no such packet.
    """
    letter = get_letter(session, letter_id)
    if letter.packet_id != packet_of(session, case_id, packet_id).id:
        raise NotFound("letter")
    return letter


def letter_rows(session: HubSession, visit: Visit, packet: Packet) -> list[LetterRow]:
    """Every letter of a packet in its order; withdrawn ones last."""
    letters = letters_of(session, packet.id)
    letters.sort(key=lambda letter: letter.state == LetterState.WITHDRAWN)
    people = writers_of(session, letters)
    ways = ways_of(session, {letter.writer_id for letter in letters if letter.writer_id})
    return [
        _row(
            visit,
            letter,
            Named(person.id, person.first_name, person.last_name)
            if (person := people.get(letter.id))
            else Named("", letter.signed_as or "Somebody", ""),
            ways.get(letter.writer_id or "", ()),
        )
        for letter in letters
    ]


def one_letter(session: HubSession, visit: Visit, packet: Packet, letter: Letter) -> OneLetter:
    """One letter, whole. What was not sent yet is its writer's own and stays unread."""
    row = next(row for row in letter_rows(session, visit, packet) if row.id == letter.id)
    ways = ways_of(session, [letter.writer_id]) if letter.writer_id else {}
    page = letter_page(gather(session, packet, visit.now).packet, letter, row.writer.full)
    sent = letter.state == LetterState.SENT
    # Of an uploaded letter the words are in its file; what can be shown is the translation.
    shown = letter_versions(page) if sent and (page.body or page.translation) else []
    return OneLetter(
        letter=letter,
        packet=packet,
        row=row,
        who=participants(session, [packet.case_id])[packet.case_id],
        ways=ways.get(letter.writer_id or "", ()),
        versions=tuple(shown),
        cautions=tuple(_said(one) for one in _cautions(letter)),
        stale=bool(letter.translation and not page.translation),
        ended=packet.state in ENDED_PACKETS,
    )


def prompts(who: Named, language: str) -> list[tuple[str, str, str]]:
    """The five prompts in the language of whoever asks on the telephone: (name, question, hint)."""
    phrases = the_phrases("letter")

    def say(key: str) -> str:
        known = {"name": who.first, "full": who.full, "hub": "", "phone": ""}
        return phrases.say(language, key, **known)

    return [
        (name, say(f"prompt.{name}.label"), say(f"prompt.{name}.hint"))
        for name in (*PROMPTS, CONTACT)
    ]


def _row(visit: Visit, letter: Letter, writer: Named, ways: tuple[Way, ...]) -> LetterRow:
    sent = letter.state == LetterState.SENT
    foreign = letter.language != COURT_LANGUAGE
    return LetterRow(
        id=letter.id,
        writer=writer,
        relationship=letter.relationship,
        language=wording.language(letter.language),
        status=_status(visit, letter),
        state=letter.state,
        untranslated=sent and foreign and not translation_now(letter),
        unsent=has_unsent_changes(letter),
        reachable=any(not way.why_not for way in ways if way.channel in ("sms", "email")),
        look=len(_cautions(letter)),
    )


def _cautions(letter: Letter) -> tuple[Caution, ...]:
    return cautions(letter.body) if letter.state == LetterState.SENT else ()


def _said(caution: Caution) -> tuple[str, str]:
    return CAUTIONS[caution.code], " · ".join(caution.found)


def _status(visit: Visit, letter: Letter) -> Status:
    """How far a letter is: "opened yesterday, not sent"."""

    def ago(at: Any) -> str:
        return dates.ago(at, visit.now, visit.hub.zone) if at else ""

    match letter.state:
        case LetterState.ASKED:
            return Status(f"asked {ago(letter.asked_at)}, not opened", "ring")
        case LetterState.OPENED:
            return Status(f"opened {ago(letter.opened_at)}, not sent", "ring")
        case LetterState.STARTED:
            return Status(f"begun, saved {ago(letter.saved_at)}, not sent", "half")
        case LetterState.SENT:
            return Status(f"in, sent {ago(letter.sent_at)}".strip(), "disc", "good")
        case LetterState.DECLINED:
            return Status(f"would rather not, since {ago(letter.declined_at)}", "dash", "amber")
    return Status(f"withdrawn {ago(letter.withdrawn_at)}", "square")
