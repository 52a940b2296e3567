"""Letters through the hub's hands: written down for somebody on the telephone, a paper letter
added, a translation kept beside the original."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from activities.documents.errors import StoreFull, UploadRefused
from activities.letter_uploads import take_letter
from api.pages import wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute
from api.pages.letter_desk import NotDone, back_to, refusing, url_of
from api.pages.letter_rows import letter_of, one_letter, prompts
from api.pages.people import participants
from api.pages.session import InHub, Visit
from api.pages.uploads import Uploaded
from domain.letters import (
    CONTACT,
    MOST_ANSWER,
    MOST_CONTACT,
    MOST_NAME,
    MOST_TRANSLATION,
    PROMPTS,
    Draft,
    compose,
)
from domain.packets import ENDED_PACKETS
from domain.vocabulary import LetterState
from records.database import HubSession
from records.letter_writing import (
    SavedMeanwhile,
    add_translation,
    draft_of,
    save_letter,
    send_letter,
)
from records.tables import Letter, Packet

router = APIRouter(
    route_class=PageRoute, prefix="/cases/{case_id}/packets/{packet_id}/letters/{letter_id}"
)


@router.get("/write")
def show_write(visit: InHub, case_id: str, packet_id: str, letter_id: str) -> Response:
    """The prompts, to be asked on the telephone."""
    with visit.reading() as session:
        letter = _open(session, case_id, packet_id, letter_id)
        draft = draft_of(letter)
        known = {name: draft.answers.get(name, "") for name in (*PROMPTS, CONTACT)}
        if draft.whole:
            known |= {**dict.fromkeys(PROMPTS, ""), "story": draft.whole}
        known |= {"language": letter.language, "revision": str(letter.revision)}
        return _write(visit, session, letter, Form(known))


@router.post("/write")
def save_write(visit: InHub, case_id: str, packet_id: str, letter_id: str, form: Sent) -> Response:
    """Save what was said; with the writer's name, it is sent as they said it."""
    answers = {name: form.text(name, most=MOST_ANSWER) for name in PROMPTS}
    answers[CONTACT] = form.text(CONTACT, most=MOST_CONTACT)
    language = form.choice("language", wording.LANGUAGES, "Choose the letter's language.")
    sends = form.kept("then") == "send"
    name = form.line("signed_as", "Type the writer's name." if sends else "", most=MOST_NAME)
    if sends and not form.ticked("agreed"):
        form.refuse("agreed", "Read the letter back to them, and tick this when they agree.")
    if sends and not compose(answers):
        form.refuse("story", "Write down what they say; there is no letter yet.")
    with refusing(), visit.writing() as session:
        letter = _open(session, case_id, packet_id, letter_id)
        if not form.ok:
            return _write(visit, session, letter, form)
        try:
            _save(session, visit, letter, answers, language, form)
        except SavedMeanwhile as error:
            form.put("revision", str(error.revision))
            form.refuse(
                "story", "This letter was changed meanwhile: the other text is above yours."
            )
            return _write(visit, session, letter, form, error.newer)
        if sends:
            _send(session, visit, letter, name, taken_down_by=visit.name)
    return back_to(case_id, packet_id, letter_id, "sent" if sends else "saved")


def _save(
    session: HubSession,
    visit: Visit,
    letter: Letter,
    answers: Mapping[str, str],
    language: str,
    form: Form,
) -> None:
    document = None if compose(answers) else draft_of(letter).document
    save_letter(
        session,
        letter.id,
        Draft(answers, document=document),
        visit.source,
        visit.now,
        seen_revision=form.number("revision"),
        language=language,
    )


def _send(
    session: HubSession, visit: Visit, letter: Letter, name: str, taken_down_by: str = ""
) -> None:
    send_letter(session, letter.id, name, visit.source, visit.now, taken_down_by=taken_down_by)


def _write(
    visit: Visit, session: HubSession, letter: Letter, form: Form, newer: Draft | None = None
) -> Response:
    packet = session.get_one(Packet, letter.packet_id)
    others = (
        {**newer.answers, "story": newer.whole or newer.answers.get("story", "")} if newer else {}
    )
    values = {
        **_around(visit, session, letter),
        "form": form,
        "prompts": prompts(participants(session, [packet.case_id])[packet.case_id], visit.language),
        "others": {
            name: text for name, text in others.items() if text.split() != form.kept(name).split()
        },
    }
    return visit.desk.page("letter_take_down.html", values, status=200 if form.ok else 422)


@router.get("/upload")
def show_upload(visit: InHub, case_id: str, packet_id: str, letter_id: str) -> Response:
    """The form for a letter on paper, or one that came by mail."""
    with visit.reading() as session:
        letter = _open(session, case_id, packet_id, letter_id)
        return _upload(visit, session, letter, Form({"language": letter.language}))


@router.post("/upload")
def save_upload(
    visit: InHub, case_id: str, packet_id: str, letter_id: str, sent: Uploaded
) -> Response:
    """Take the file; the letter is in with it, under the name that is written on it."""
    form = sent.form
    name = form.line("signed_as", "Type the name under the letter.", most=MOST_NAME)
    language = form.choice("language", wording.LANGUAGES, "Choose the letter's language.")
    with visit.reading() as session:
        letter = _open(session, case_id, packet_id, letter_id)
    document = None
    if form.ok:
        try:
            document = take_letter(visit.desk.store, sent.files).document
        except (UploadRefused, StoreFull) as error:
            form.refuse("files", str(error))
    with refusing(), visit.writing() as session:
        letter = _open(session, case_id, packet_id, letter_id)
        if document is None:
            return _upload(visit, session, letter, form)
        draft = draft_of(letter)
        kept = Draft(draft.answers, draft.whole, document)
        save_letter(session, letter.id, kept, visit.source, visit.now, language=language)
        _send(session, visit, letter, name)
    return back_to(case_id, packet_id, letter_id, "sent")


def _upload(visit: Visit, session: HubSession, letter: Letter, form: Form) -> Response:
    values = {**_around(visit, session, letter), "form": form}
    return visit.desk.page("letter_upload.html", values, status=200 if form.ok else 422)


@router.get("/translation")
def show_translation(visit: InHub, case_id: str, packet_id: str, letter_id: str) -> Response:
    """The original beside its translation."""
    with visit.reading() as session:
        letter = letter_of(session, case_id, packet_id, letter_id)
        known = {"translation": letter.translation, "translated_by": letter.translated_by}
        return _translation(visit, session, letter, Form(known))


@router.post("/translation")
def save_translation(
    visit: InHub, case_id: str, packet_id: str, letter_id: str, form: Sent
) -> Response:
    """Keep it, with who translated; an empty one takes it away."""
    text = form.text("translation", most=MOST_TRANSLATION)
    missing = "Say who translated it." if text else ""
    name = form.line("translated_by", missing, most=MOST_NAME)
    with refusing(), visit.writing() as session:
        letter = letter_of(session, case_id, packet_id, letter_id)
        if not form.ok:
            return _translation(visit, session, letter, form)
        add_translation(session, letter.id, text, name, visit.source, visit.now)
    return back_to(case_id, packet_id, letter_id, "translated")


def _translation(visit: Visit, session: HubSession, letter: Letter, form: Form) -> Response:
    if letter.state != LetterState.SENT:
        raise NotDone(ValueError("The letter is not in yet. Translate it when it is."))
    values = {**_around(visit, session, letter), "form": form}
    return visit.desk.page("letter_translation.html", values, status=200 if form.ok else 422)


def _around(visit: Visit, session: HubSession, letter: Letter) -> dict[str, object]:
    packet = session.get_one(Packet, letter.packet_id)
    return {
        "visit": visit,
        "url": url_of(packet.case_id, packet.id),
        "one": one_letter(session, visit, packet, letter),
    }


def _open(session: HubSession, case_id: str, packet_id: str, letter_id: str) -> Letter:
    """The letter, while it can be written.

    Raises:
        NotFound: the packet has no such letter.
        NotDone: it was withdrawn, or its packet was filed or replaced.
    """
    letter = letter_of(session, case_id, packet_id, letter_id)
    if session.get_one(Packet, packet_id).state in ENDED_PACKETS:
        raise NotDone(ValueError("This packet was filed or replaced. Ask for a new one."))
    if letter.state == LetterState.WITHDRAWN:
        raise NotDone(ValueError("This letter was withdrawn. Ask for a new one."))
    return letter
