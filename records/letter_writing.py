"""What becomes of one letter: opened, written, signed and sent, declined, withdrawn, translated.

Only what was signed counts for the packet. A writer goes on with a draft beside it, so a letter
that is in stays in until its writer signs anew; an approval falls by itself when they do.
"""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from domain.court_time import wall_time
from domain.letters import (
    MOST_NAME,
    MOST_TRANSLATION,
    MOST_WORDS,
    Draft,
    LetterStep,
    after,
    check_length,
    dump_draft,
    load_draft,
    tidy,
    tidy_draft,
    tidy_line,
)
from domain.vocabulary import LetterState
from records.casework import Source, get_case, touch
from records.circle import cases_of
from records.database import HubSession
from records.hubs import the_hub
from records.letters import (
    LetterProblem,
    end_links,
    get_letter,
    note_letter,
    open_for_change,
)
from records.packets import get_packet
from records.tables import HumanTask, Letter, Person

_EVENTS = {
    LetterStep.OPEN: "letter_opened",
    LetterStep.SAVE: "letter_started",
    LetterStep.DECLINE: "letter_declined",
    LetterStep.RESUME: "letter_resumed",
    LetterStep.WITHDRAW: "letter_withdrawn",
}


class SavedMeanwhile(LetterProblem):
    """The draft was saved from somewhere else since it was read; nothing was saved now.

    Attributes:
        newer: the draft as it is. `revision`: its number.
    """

    def __init__(self, newer: Draft, revision: int) -> None:
        self.newer, self.revision = newer, revision
        super().__init__("This letter was changed meanwhile. Read both, and save again.")


class Unsigned(LetterProblem):
    """No name was typed."""

    def __init__(self) -> None:
        super().__init__("Type the writer's name; it stands under the letter.")


class NothingToTranslate(LetterProblem):
    """The letter is not in yet."""

    def __init__(self) -> None:
        super().__init__("There is no letter to translate yet. Wait until it is sent.")


def draft_of(letter: Letter) -> Draft:
    """The letter as it is being written."""
    return load_draft(letter.answers)


def has_unsent_changes(letter: Letter) -> bool:
    """Whether a letter that is in was changed since, and not signed anew."""
    signed = _to_sign(draft_of(letter))
    return letter.state == LetterState.SENT and any(
        getattr(letter, name) != signed[name] for name in ("body", "contact", "sha256")
    )


def original_hash(letter: Letter) -> str:
    """What tells one signed text or file from another; "" while nothing is signed."""
    if letter.sha256:
        return letter.sha256
    return hashlib.sha256(letter.body.encode()).hexdigest() if letter.body else ""


def translation_now(letter: Letter) -> str:
    """The translation, where it is of the letter as it was signed last; "" for none."""
    return letter.translation if letter.translated_from == original_hash(letter) else ""


def open_letter(session: HubSession, letter_id: str, source: Source, now: datetime) -> Letter:
    """The writer pressed their link's button.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        LetterWithdrawn: the hub took it back.
    """
    letter = open_for_change(session, letter_id)
    letter.opened_at = letter.opened_at or now
    return _step(session, letter, LetterStep.OPEN, source, now)


def save_letter(
    session: HubSession,
    letter_id: str,
    draft: Draft,
    source: Source,
    now: datetime,
    *,
    seen_revision: int | None = None,
    language: str = "",
) -> Letter:
    """Save the draft, whole. The same once more changes nothing.

    Args:
        seen_revision: of the draft that the writer had before them; None saves over anything.
        language: of the letter; "" leaves it.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        LetterWithdrawn: the hub took it back.
        TextTooLong: a text is.
        SavedMeanwhile: another draft was saved since; nothing was saved.
    """
    letter = open_for_change(session, letter_id)
    new, old = tidy_draft(draft), draft_of(letter)
    if new == old and language in ("", letter.language):
        return letter
    if seen_revision is not None and letter.revision != seen_revision and new != old:
        raise SavedMeanwhile(old, letter.revision)
    letter.answers, letter.saved_at = dump_draft(new), now
    letter.revision += 1
    if language and language != letter.language:
        letter.language = language
        if letter.state == LetterState.SENT:
            note_letter(session, letter, "letter_corrected", source, now)
    return _step(session, letter, LetterStep.SAVE, source, now)


def send_letter(
    session: HubSession,
    letter_id: str,
    signed_as: str,
    source: Source,
    now: datetime,
    *,
    seen_revision: int | None = None,
    taken_down_by: str = "",
) -> Letter:
    """Sign the draft and hand it to counsel; sent twice it is sent once.

    Args:
        signed_as: the writer's name, typed.
        seen_revision: of the draft that was read before signing; None for whatever is there.
        taken_down_by: who wrote it down, for a writer on the telephone.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        LetterWithdrawn: the hub took it back.
        NothingWritten: there is nothing to sign.
        Unsigned, TextTooLong: the name is missing or too long.
        SavedMeanwhile: another draft was saved since; nothing was signed.
    """
    letter = open_for_change(session, letter_id)
    name, draft = tidy_line(signed_as), draft_of(letter)
    check_length("signed_as", name, MOST_NAME)
    if seen_revision is not None and letter.revision != seen_revision:
        raise SavedMeanwhile(draft, letter.revision)
    state = after(LetterState(letter.state), LetterStep.SEND, written=not draft.empty)
    if not name:
        raise Unsigned
    said = {"signed_as": name, "taken_down_by": tidy_line(taken_down_by)}
    same = all(getattr(letter, part) == value for part, value in said.items())
    if letter.state == state and same and not has_unsent_changes(letter):
        return letter
    for part, value in {**_to_sign(draft), **said}.items():
        setattr(letter, part, value)
    what = "letter_changed" if letter.state == LetterState.SENT else "letter_sent"
    letter.state, letter.sent_at, letter.signed_on = state, now, _today(session, now)
    session.add(letter)
    _close_tasks(session, letter, source.actor, now)
    note_letter(session, letter, what, source, now)
    return letter


def decline_letter(
    session: HubSession, letter_id: str, words: str, source: Source, now: datetime
) -> Letter:
    """The writer would rather not, now or after all; what they wrote is kept and not used.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        LetterWithdrawn: the hub took it back.
        TextTooLong: their words are.
    """
    letter, said = open_for_change(session, letter_id), tidy(words)
    check_length("words", said, MOST_WORDS)
    if said:
        letter.decline_words = said
    if letter.state != LetterState.DECLINED:
        letter.declined_at = now
    return _step(session, letter, LetterStep.DECLINE, source, now)


def resume_letter(session: HubSession, letter_id: str, source: Source, now: datetime) -> Letter:
    """Whoever declined writes after all.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        LetterWithdrawn: the hub took it back.
    """
    letter = open_for_change(session, letter_id)
    return _step(session, letter, LetterStep.RESUME, source, now)


def prefer_language(
    session: HubSession, letter_id: str, language: str, source: Source, now: datetime
) -> Letter:
    """The writer reads this language better: their pages and messages go on in it, and so does
    the letter while nothing of it is written.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
    """
    packet = get_packet(session, get_letter(session, letter_id).packet_id)
    # Their language is news for their own case, too, and a case is held before its packets.
    session.lock(get_case(session, packet.case_id), "revision")
    letter = open_for_change(session, letter_id)
    person = session.get(Person, letter.writer_id) if letter.writer_id else None
    if person is not None and person.language != language:
        person.language = language
        session.add(person)
        for case in cases_of(session, person.id):
            touch(session, case, now)
    if draft_of(letter).empty and letter.state != LetterState.SENT:
        letter.language = language
        session.add(letter)
    return letter


def withdraw_letter(session: HubSession, letter_id: str, source: Source, now: datetime) -> Letter:
    """The hub takes a letter out, and its link back; it is kept, and goes into no version.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
    """
    letter = open_for_change(session, letter_id)
    if letter.state != LetterState.WITHDRAWN:
        letter.withdrawn_at = now
        end_links(session, letter, now)
        _close_tasks(session, letter, source.actor, now)
    return _step(session, letter, LetterStep.WITHDRAW, source, now)


def add_translation(
    session: HubSession,
    letter_id: str,
    translation: str,
    translated_by: str,
    source: Source,
    now: datetime,
) -> Letter:
    """Keep a translation beside the original, of the text as it was signed last; a blank one
    takes it away.

    Raises:
        NotFound: no such letter.
        PacketEnded: its packet was filed or replaced.
        NothingToTranslate: it was not sent yet.
        TextTooLong: the translation or the name is.
    """
    letter = open_for_change(session, letter_id)
    text, name = tidy(translation), tidy_line(translated_by)
    check_length("translation", text, MOST_TRANSLATION)
    check_length("translated_by", name, MOST_NAME)
    source_hash = original_hash(letter)
    if text and not source_hash:
        raise NothingToTranslate
    wanted = (text, name if text else "", source_hash if text else "")
    if (letter.translation, letter.translated_by, letter.translated_from) != wanted:
        letter.translation, letter.translated_by, letter.translated_from = wanted
        session.add(letter)
        note_letter(session, letter, "letter_translated", source, now)
    return letter


def _step(
    session: HubSession, letter: Letter, step: LetterStep, source: Source, now: datetime
) -> Letter:
    """Move a letter; a step that leaves its state as it is makes no news."""
    written = not draft_of(letter).empty
    state = after(LetterState(letter.state), step, written=written)
    changed = state != letter.state
    letter.state = state
    session.add(letter)
    session.flush()
    if changed:
        note_letter(session, letter, _EVENTS[step], source, now)
    return letter


_FILE = ("media_type", "sha256", "size", "pdf_key", "pages")


def _to_sign(draft: Draft) -> dict[str, Any]:
    """What a signature makes of a draft, by column."""
    file = draft.document
    if file is None:
        none = {"media_type": "", "sha256": "", "size": 0, "pdf_key": "", "pages": 0}
        words = {"body": draft.body, "contact": draft.contact}
        return {**words, "document_key": "", "document_name": "", **none}
    return {
        "body": "",
        "contact": draft.contact,
        "document_key": file.key,
        "document_name": file.name,
        **{name: getattr(file, name) for name in _FILE},
    }


def _today(session: HubSession, now: datetime) -> date:
    return wall_time(now, the_hub(session).zone).date()


def _close_tasks(session: HubSession, letter: Letter, by: str, now: datetime) -> None:
    """Nobody needs to look for this letter any more."""
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.subject_id == letter.id, col(HumanTask.closed_at).is_(None)
        )
    ).all():
        task.closed_at, task.closed_by = now, by
        session.add(task)
