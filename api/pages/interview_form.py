"""The answers on the form of an interview's section: reading what was typed, and saving it."""

from dataclasses import dataclass, replace

from api.pages import wording
from api.pages.forms import Form
from api.pages.interview_view import FREE, title_label
from api.pages.session import Visit
from domain.interview import QUESTIONS
from domain.languages import is_english
from domain.packet_sections import Section
from records.casework import NotFound
from records.database import HubSession
from records.interview import save_answer
from records.passages import (
    Said,
    SavedMeanwhile,
    TooManyPassages,
    get_passage,
    said_in,
    taken_back,
)
from records.tables import Packet, PacketPassage

MOST_WORDS = 5000
"""Characters of one answer."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A passage that somebody else changed while it was being written."""

    newer: PacketPassage
    by: str


class Full(Exception):
    """A section takes no more passages; `at` begins the names of the fields of the first that is
    too many."""

    def __init__(self, at: str, why: str) -> None:
        self.at, self.why = at, why
        super().__init__("full")


@dataclass(frozen=True, slots=True)
class Typed:
    """One answer of the form: `at` begins the names of its fields."""

    at: str
    said: Said
    passage_id: str = ""
    seen: int = 0


def read_answers(
    session: HubSession, packet: Packet, section: Section, form: Form, leave: str
) -> list[Typed]:
    """The answers of a form, but for the passage `leave`; what is wrong is noted on the form."""
    keys = {asked.key for asked in QUESTIONS[section.key]} | {FREE}
    found = []
    for at in _sent_at(form, "n_", "_text"):
        key = at.removeprefix("n_")
        if key in keys:
            said = Said("", question="" if key == FREE else key)
            found.append(Typed(at, _said(form, at, said, section)))
    for at in _sent_at(form, "r_", "_seen"):
        if at != f"r_{leave}":
            found += _changed(session, packet, section, form, at)
    return [one for one in found if one.passage_id or not one.said.blank]


def _sent_at(form: Form, prefix: str, suffix: str) -> list[str]:
    """What begins the names of the fields of each answer that a form holds."""
    return [name.removesuffix(suffix) for name in form.names(prefix) if name.endswith(suffix)]


def _changed(
    session: HubSession, packet: Packet, section: Section, form: Form, at: str
) -> list[Typed]:
    """A passage that was there before. What an advocate took out meanwhile is written anew; what
    its teller took back is not."""
    try:
        row = get_passage(session, packet, at.removeprefix("r_"))
    except NotFound:
        return [Typed(at, _said(form, at, Said(""), section))]
    if taken_back(row):
        return []
    said = _said(form, at, said_in(row), section)
    if row.removed_at is not None and row.teller_id is None:
        return [Typed(at, said)]
    return [Typed(at, said, row.id, form.number(f"{at}_seen"))]


def _said(form: Form, at: str, before: Said, section: Section) -> Said:
    """What stands in the fields of one answer."""
    text = form.text(f"{at}_text", most=MOST_WORDS)
    original, language = before.original, before.language
    if before.teller_id is None:
        # A teller's own words are on no form of ours: they are not the hub's to change.
        original = form.text(f"{at}_original", most=MOST_WORDS)
        language = form.kept(f"{at}_language") or before.language
        if language not in wording.LANGUAGES:
            form.refuse(f"{at}_language", "Choose the language that it is written in.")
        if not form.holds(f"{at}_original") and not is_english(language):
            original, text = text, ""
    said = replace(
        before,
        text=text,
        original=original,
        title=form.line(f"{at}_title") if section.titled else before.title,
        said_by=form.line(f"{at}_by"),
        quote=form.ticked(f"{at}_quote"),
        confirmed_by=form.line(f"{at}_bears", most=300),
        language=language if original else "en",
    )
    if said.blank:
        return said
    if section.titled and not said.title:
        form.refuse(f"{at}_title", f"Give the {title_label(section).lower()}.")
    if said.quote and not said.said_by:
        form.refuse(f"{at}_by", "Say whose words they are, or take out the tick for a quote.")
    return said


def save_answers(
    visit: Visit,
    session: HubSession,
    packet: Packet,
    section: Section,
    sent: list[Typed],
    form: Form,
) -> dict[str, Conflict]:
    """Save every answer; those that somebody else changed meanwhile, by id, are not saved.

    Raises:
        Full: the section takes no more.
    """
    conflicts: dict[str, Conflict] = {}
    saved = []
    for one in sent:
        try:
            save_answer(
                session,
                packet.id,
                section.key,
                one.said,
                visit.source,
                visit.now,
                passage_id=one.passage_id,
                seen_revision=one.seen,
            )
        except SavedMeanwhile as error:
            conflicts[error.newer.id] = _keep_both(form, one, error.newer)
        except TooManyPassages as error:
            raise Full(one.at, str(error)) from None
        else:
            saved.append(one.at)
    for at in saved:
        _forget(form, at)
    return conflicts


def _keep_both(form: Form, one: Typed, newer: PacketPassage) -> Conflict:
    """Show what somebody else saved beside what was typed, which is saved over it next time."""
    at, mine = f"r_{newer.id}", one.said
    for name, value in (
        ("text", mine.text),
        ("title", mine.title),
        ("by", mine.said_by),
        ("quote", "yes" if mine.quote else ""),
        ("bears", mine.confirmed_by),
        ("original", mine.original or newer.original),
        ("language", mine.language if mine.original else newer.language),
    ):
        form.put(f"{at}_{name}", value)
    form.put(f"{at}_seen", str(newer.revision))
    if one.at != at:
        _forget(form, one.at)
    return Conflict(newer, "" if newer.teller_id else newer.written_by)


def _forget(form: Form, at: str) -> None:
    """What is saved needs to stand on the form no more."""
    for name in form.names(f"{at}_"):
        form.drop(name)
