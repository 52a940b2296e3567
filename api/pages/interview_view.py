"""What an advocate sees of an interview: its sections, who told what, and who was asked to tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from activities.notices import the_phrases
from api.pages import dates
from api.pages.forms import Form
from api.pages.own_words import Words
from api.pages.people import Member, circle
from api.pages.session import Visit
from api.pages.wording import Status
from domain.interview import QUESTIONS, WORDS, Question
from domain.languages import is_english, language_name
from domain.packet_sections import Section, sections_of
from domain.phrases import Phrases
from records.database import HubSession
from records.interview import invites_of
from records.passages import all_passages, taken_back
from records.private_links import is_live
from records.tables import Packet, PacketPassage, PrivateLink

FREE = "free"
"""What paragraphs that answer no question are filed under on the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One section in the overview.

    Attributes:
        told: how many passages stand in it. `by`: whose words they are, and who wrote the rest.
        open: questions without any answer.
        wants: what somebody has to do about it.
    """

    section: Section
    told: int
    by: str
    open: int
    asked: int
    wants: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """Someone of the circle, and how it stands with their telling; `live`: their link holds."""

    member: Member
    live: bool
    status: Status


@dataclass(frozen=True, slots=True)
class Answer:
    """One passage as the page shows it.

    Attributes:
        original: the words as they were said, where the text is not simply them.
        status: why it stands in no packet, or what changed; None when all is well.
        left_out: an advocate took it out; it can be put back.
        english: the words are English already, so they can be used as they are.
    """

    row: PacketPassage
    original: str
    language: str
    status: Status | None
    left_out: bool
    told: bool
    english: bool
    written: tuple[str, str]

    @property
    def by(self) -> str:
        """Whose words they are, without saying that they were translated."""
        return self.row.said_by.partition(" (translated from")[0]

    @property
    def fields(self) -> str:
        """What the names of its fields begin with."""
        return f"r_{self.row.id}"


@dataclass(frozen=True, slots=True)
class AskedView:
    """One question with its answers; `blank` begins the names of the fields of a new one, "" where
    none is offered. `ask_own` is the question in the advocate's own language
    where `ask` is in another."""

    key: str
    ask: str
    ask_own: str
    why: str
    example: str
    family: bool
    many: bool
    answers: tuple[Answer, ...]
    blank: str


def phrases() -> Phrases:
    """The words of the interview."""
    return the_phrases(WORDS)


def ask_languages() -> dict[str, str]:
    """The languages in which the questions can be asked, by their names."""
    return {code: Words(language_name(code)) for code in sorted(phrases().everything)}


def title_label(section: Section, language: str = "en") -> str:
    """What stands at the left of each passage of a titled section: "Year"."""
    return phrases().say(language, f"title.{section.key}")


def lines_of(session: HubSession, packet: Packet) -> list[Line]:
    """The sections of a packet with what is told in each."""
    rows = [row for row in all_passages(session, packet) if not taken_back(row)]
    return [
        _line(section, [row for row in rows if row.section == section.key])
        for section in sections_of(packet.kind)
    ]


def _line(section: Section, rows: Sequence[PacketPassage]) -> Line:
    kept = [row for row in rows if row.removed_at is None]
    answered = {row.question for row in kept}
    by = dict.fromkeys(row.said_by or row.written_by for row in kept)
    return Line(
        section=section,
        told=len(kept),
        by=" · ".join(name for name in by if name),
        open=len([asked for asked in QUESTIONS[section.key] if asked.key not in answered]),
        asked=len(QUESTIONS[section.key]),
        wants=tuple(dict.fromkeys(filter(None, map(status_of, kept)))),
    )


def status_of(row: PacketPassage) -> Status | None:
    """What somebody has to do about a passage; None when nothing."""
    if row.earlier_text:
        return Status("the words were changed since", "diamond", "amber")
    if row.text.strip() or not row.original:
        return None
    if is_english(row.language):
        return Status("not in the packet: no text", "diamond", "amber")
    return Status(f"needs translating from {language_name(row.language)}", "diamond", "amber")


def invited(
    session: HubSession, packet: Packet, visit: Visit, rows: Sequence[PacketPassage]
) -> list[Invited]:
    """Everybody who stands by the person, with their link if they have one."""
    links = invites_of(session, packet.id)
    found = []
    for member in circle(session, packet.case_id):
        if member.participant:
            continue
        told = [row for row in rows if row.teller_id == member.person.id and not taken_back(row)]
        link = links.get(member.person.id)
        live = link is not None and is_live(link, visit.now)
        found.append(Invited(member, live, _how_it_stands(link, len(told), visit)))
    return found


def _how_it_stands(link: PrivateLink | None, told: int, visit: Visit) -> Status:
    zone = visit.hub.zone
    if told:
        return Status(f"told {told} {'answer' if told == 1 else 'answers'}", "disc", "good")
    if link is None:
        return Status("not asked to tell", "ring")
    if not is_live(link, visit.now):
        return Status("the link has ended", "dash")
    if link.opened_at:
        return Status(f"opened the link {dates.moment_words(link.opened_at, zone)}", "half")
    return Status(f"asked {dates.moment_words(link.created_at, zone)}, not opened yet", "ring")


def questions_of(
    section: str,
    rows: Sequence[PacketPassage],
    name: str,
    language: str,
    zone: str,
    spoken: str,
) -> list[AskedView]:
    """The questions of a section with their answers, those that a teller gave and an advocate left
    out too, and the paragraphs that answer none.

    Args:
        rows: of this section.
        name: the first name of the person whose packet it is.
        language: to ask in.
        zone: of the hub, for when something was written.
        spoken: the language of the advocate who asks.
    """
    shown = [row for row in rows if not taken_back(row) and (row.teller_id or not row.removed_at)]
    asked = [
        _asked(
            question,
            [row for row in shown if row.question == question.key],
            name,
            (language, spoken),
            zone,
        )
        for question in QUESTIONS[section]
    ]
    keys = {question.key for question in QUESTIONS[section]}
    free = [_answer(row, zone) for row in shown if row.question not in keys]
    asked.append(AskedView(FREE, "", "", "", "", False, True, tuple(free), f"n_{FREE}"))
    return asked


def _asked(
    question: Question,
    rows: list[PacketPassage],
    name: str,
    languages: tuple[str, str],
    zone: str,
) -> AskedView:
    say, (language, spoken) = phrases().say, languages
    own = [row for row in rows if row.teller_id is None and row.removed_at is None]
    return AskedView(
        key=question.key,
        ask=say(language, f"{question.words}.ask", who=name),
        ask_own="" if language == spoken else say(spoken, f"{question.words}.ask", who=name),
        why=say(spoken, f"{question.words}.why", who=name),
        example=say(spoken, f"{question.words}.example", who=name),
        family=question.family,
        many=question.many,
        answers=tuple(_answer(row, zone) for row in rows),
        blank="" if own and not question.many else f"n_{question.key}",
    )


def _answer(row: PacketPassage, zone: str) -> Answer:
    told = row.teller_id is not None
    by_link = row.written_by.startswith("interview:")
    when = dates.moment_words(row.written_at, zone)
    written = (Words("told"), when) if by_link else (row.written_by, when)
    return Answer(
        row=row,
        original=row.original if row.original != row.text else "",
        language=Words(language_name(row.language)),
        status=status_of(row),
        left_out=row.removed_at is not None,
        told=told,
        english=bool(row.original) and row.text != row.original,
        written=written,
    )


def tellers(session: HubSession, packet: Packet) -> dict[str, tuple[str, str]]:
    """Person id → whose words theirs are ("Denise Johnson, mother") and their language."""
    return {
        member.person.id: (
            ", ".join(part for part in (member.person.full, member.relation) if part),
            member.language,
        )
        for member in circle(session, packet.case_id)
    }


def fill(form: Form, answer: Answer) -> None:
    """Put a passage into the fields in which it is changed, unless they were sent already."""
    row, at = answer.row, answer.fields
    if form.holds(f"{at}_seen"):
        return
    for name, value in (
        ("text", row.text),
        ("title", row.title),
        ("by", row.said_by),
        ("quote", "yes" if row.quote else ""),
        ("bears", row.confirmed_by),
        ("original", row.original),
        ("language", row.language),
        ("seen", str(row.revision)),
    ):
        form.put(f"{at}_{name}", value)
