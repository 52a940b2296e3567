"""The sections of a packet, passage by passage: what the interview asks, and what it says."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field, StrictBool
from starlette.responses import Response

from activities.notices import the_phrases
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Instant, Language, Line, Out, Text
from api.once import AtOnce
from api.problems import documented
from api.v1.packets import PacketId
from domain.interview import QUESTIONS, WORDS
from domain.packet_sections import Section, sections_of
from records.casework import NotFound, get_case
from records.database import HubSession
from records.interview import remove_answer, save_answer
from records.packets import get_packet
from records.passages import (
    Said,
    adopt_legacy,
    all_passages,
    get_passage,
    said_in,
    taken_back,
)
from records.tables import Defendant, Packet, PacketPassage, Person

router = guarded_router("packets")

PassageId = Annotated[Id, Path(description="Id of a passage.")]
Key = Annotated[str, Path(pattern="^[a-z_]{1,40}$", description="Key of a section, e.g. `ties`.")]
QuestionKey = Annotated[str, Field(pattern="^[a-z_]{0,40}$")]


class QuestionOut(Out):
    """One question of the interview, with its help."""

    section: str
    key: str
    ask: str
    why: str
    example: str
    family: bool = Field(description="Family may be asked it through their link.")
    many: bool = Field(description="It takes several answers, e.g. one for each year.")


class QuestionsOut(Out):
    """The questions of a packet, in the order in which they are asked."""

    language: str
    questions: list[QuestionOut]


class PassageOut(Out):
    """One paragraph of a section."""

    id: Id
    section: str
    question: str = Field(description="The question that it answers; empty for a free paragraph.")
    title: str
    text: str = Field(description="What the packet says, in English; empty until translated.")
    said_by: str
    quote: bool
    confirmed_by: str
    original: str = Field(description="The words as they were said, where the text is not they.")
    language: str = Field(description="Of the original.")
    teller_id: Id | None = Field(description="Who told it through a link of their own.")
    left_out: bool = Field(description="A teller's words that stand in no packet.")
    written_at: Instant
    revision: int


class SectionOut(Out):
    """A section with its passages, in their order."""

    key: str
    heading: str
    titled: bool = Field(description="Its passages have a title: a year, a page.")
    passages: list[PassageOut]


class SectionsOut(Out):
    """All sections of a packet."""

    sections: list[SectionOut]


class PassageIn(In):
    """A paragraph to add. With no text, the original waits for its translation."""

    question: QuestionKey = ""
    title: Line = ""
    text: Text = ""
    said_by: Line = ""
    quote: StrictBool = False
    confirmed_by: Line = ""
    original: Text = ""
    language: Language = "en"

    def said(self) -> Said:
        """The same for the records."""
        return Said(**self.model_dump())


class PassageChange(In):
    """What a paragraph says from now on, whole, but for the question that it answers.

    `revision` is what you have read: if somebody else has changed it since, nothing is saved.
    """

    revision: Annotated[int, Field(ge=1, le=1_000_000)]
    title: Line = ""
    text: Text = ""
    said_by: Line = ""
    quote: StrictBool = False
    confirmed_by: Line = ""
    original: Text | None = Field(None, description="Left out, it stays as it is.")
    language: Language | None = None

    def said(self, before: Said) -> Said:
        """The same for the records."""
        return Said(
            self.text,
            self.title,
            self.said_by,
            self.quote,
            self.confirmed_by,
            before.question,
            before.original if self.original is None else self.original,
            self.language or before.language,
            before.teller_id,
        )


@router.get(
    "/packets/{packet_id}/questions",
    summary="What the interview asks",
    responses=documented(problems.NOT_FOUND),
)
def list_questions(
    desk: AtDesk, packet_id: PacketId, language: Annotated[Language, Query()] = "en"
) -> QuestionsOut:
    """The questions of every section of a packet, in a language; in English where there is none."""
    phrases = the_phrases(WORDS)
    chosen = phrases.language(language)
    with desk.reading() as session:
        packet = get_packet(session, packet_id)
        who = _called(session, packet)
    found = [
        QuestionOut(
            section=asked.section,
            key=asked.key,
            family=asked.family,
            many=asked.many,
            **{
                name: phrases.say(chosen, f"{asked.words}.{name}", who=who)
                for name in ("ask", "why", "example")
            },
        )
        for section in sections_of(packet.kind)
        for asked in QUESTIONS[section.key]
    ]
    return QuestionsOut(language=chosen, questions=found)


@router.get(
    "/packets/{packet_id}/sections",
    summary="What the sections of a packet say",
    responses=documented(problems.NOT_FOUND),
)
def read_sections(desk: AtDesk, packet_id: PacketId) -> SectionsOut:
    """Every section with its passages in order: what waits for a translation and what was left
    out too, so that nothing that was told is missed."""
    with desk.writing() as session:
        packet = get_packet(session, packet_id)
        adopt_legacy(session, packet)
        desk.audit(session, "read the sections of a packet", "packet", packet.id)
        rows = [row for row in all_passages(session, packet) if _shown(row)]
        sections = [_section_out(section, rows) for section in sections_of(packet.kind)]
    return SectionsOut(sections=sections)


@router.post(
    "/packets/{packet_id}/sections/{section}/passages",
    summary="Add a paragraph to a section",
    status_code=201,
    response_model=PassageOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.CONFLICT),
)
def add_passage(desk: AtOnce, packet_id: PacketId, section: Key, new: PassageIn) -> Response:
    """Add a free paragraph, or the hub's own answer to a question. An answer that is there already
    is in conflict: change that one."""

    def make(session: HubSession) -> PassageOut:
        row = save_answer(session, packet_id, section, new.said(), desk.source, desk.now)
        if row is None:
            raise problems.Refusal(problems.INVALID, "Give a text, or the original words.")
        return _out(row)

    return desk.do(new, make)


@router.put(
    "/packets/{packet_id}/passages/{passage_id}",
    summary="Change a paragraph",
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.CONFLICT),
)
def change_passage(
    desk: AtDesk, packet_id: PacketId, passage_id: PassageId, change: PassageChange
) -> PassageOut:
    """Say something else in its place. What a teller said stays as they said it."""
    with desk.writing() as session:
        row = _passage(session, packet_id, passage_id)
        saved = save_answer(
            session,
            packet_id,
            row.section,
            change.said(said_in(row)),
            desk.source,
            desk.now,
            passage_id=row.id,
            seen_revision=change.revision,
        )
        if saved is None:
            raise problems.Refusal(problems.INVALID, "Give a text, or remove the paragraph.")
        return _out(saved)


@router.delete(
    "/packets/{packet_id}/passages/{passage_id}",
    summary="Take a paragraph out of a packet",
    status_code=204,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def remove_passage(desk: AtDesk, packet_id: PacketId, passage_id: PassageId) -> None:
    """Take it out. A teller's words are left out of the packet, and stay theirs."""
    with desk.writing() as session:
        row = _passage(session, packet_id, passage_id)
        remove_answer(session, packet_id, row.id, desk.source, desk.now)


def _passage(session: HubSession, packet_id: str, passage_id: str) -> PacketPassage:
    packet = get_packet(session, packet_id)
    adopt_legacy(session, packet)
    row = get_passage(session, packet, passage_id)
    if not _shown(row):
        raise NotFound("passage")
    return row


def _shown(row: PacketPassage) -> bool:
    """Whether it may be read: neither taken back by its teller, nor removed by the hub."""
    return not taken_back(row) and (row.removed_at is None or row.teller_id is not None)


def _section_out(section: Section, rows: list[PacketPassage]) -> SectionOut:
    return SectionOut(
        key=section.key,
        heading=section.heading,
        titled=section.titled,
        passages=[_out(row) for row in rows if row.section == section.key],
    )


def _out(row: PacketPassage) -> PassageOut:
    told = {name: getattr(row, name) for name in PassageOut.model_fields if name != "left_out"}
    return PassageOut(**told, left_out=row.removed_at is not None)


def _called(session: HubSession, packet: Packet) -> str:
    """The first name of the person whose packet it is."""
    case = get_case(session, packet.case_id)
    defendant = session.get_one(Defendant, case.defendant_id)
    return session.get_one(Person, defendant.person_id).first_name
