"""The advocate's side of letters: ask for one, see how far each is, put them in order, hand the
link over, take one out."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.errors import StoreError
from api.pages import once, wording
from api.pages.contact_fields import contacts
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.letter_rows import letter_of, letter_rows, one_letter, packet_of
from api.pages.letter_visits import file_answer
from api.pages.own_words import Words
from api.pages.people import named, participants
from api.pages.problems import FileGone, PageProblem
from api.pages.session import InHub, Visit
from domain.letters import MOST_NAME, LetterWithdrawn
from domain.packets import ENDED_PACKETS
from domain.vocabulary import LetterState
from records.casework import NotFound
from records.database import HubSession
from records.letter_writing import decline_letter, resume_letter, withdraw_letter
from records.letters import (
    LetterProblem,
    Writer,
    ask_for_letter,
    correct_letter,
    letter_link,
    letters_of,
    move_letter,
    open_for_change,
    possible_writers,
    renew_link,
)
from records.packet_reviews import PacketProblem
from records.private_links import path_of
from records.tables import HumanTask, Letter, Packet
from records.tasks import close_task

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/packets/{packet_id}/letters")

AGREEMENT = Words(
    "agreed, when asked by the hub, to messages about a letter of support at this number or "
    "address, and heard how to stop them"
)
"""The words of the agreement that are kept with it; the page shows them beside the box."""
DONE = {
    "asked": "Asked. Their private link goes to them by itself.",
    "handed": "Noted. Nothing can be sent to them: hand their private link over.",
    "again": "The old link has ended, and a new one goes to them by itself.",
    "saved": "Saved. It has not been sent yet.",
    "sent": "The letter is in.",
    "moved": "The order is changed.",
    "declined": "Noted. Nothing more is asked of them.",
    "resumed": "Noted. They are waited for again.",
    "withdrawn": "Withdrawn. It goes into no version, and its link has ended.",
    "corrected": "Corrected.",
    "translated": "The translation is saved beside the original.",
}
REFUSALS = (LetterProblem, PacketProblem, LetterWithdrawn)
"""Why the records do not take a step; each says what to do instead."""


class NotDone(PageProblem):
    """A letter does not take this step; `text` says why and what to do."""

    status = 409
    title = "That was not done"

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = str(why)


@contextmanager
def refusing() -> Iterator[None]:
    """What the records refuse is said as a page.

    Raises:
        NotDone: they refused.
    """
    try:
        yield
    except REFUSALS as error:
        raise NotDone(error) from error


def url_of(case_id: str, packet_id: str, letter_id: str = "") -> str:
    """The address of a packet's letters, or of one of them."""
    url = f"/cases/{case_id}/packets/{packet_id}/letters"
    return f"{url}/{letter_id}" if letter_id else url


def back_to(case_id: str, packet_id: str, letter_id: str, done: str) -> Response:
    """After a form: the letter's page, which says what was done."""
    return see_other(f"{url_of(case_id, packet_id, letter_id)}?done={done}")


@router.get("")
def show_letters(visit: InHub, case_id: str, packet_id: str, done: str = "") -> Response:
    """All letters, and how far each is."""
    with visit.reading() as session:
        packet = packet_of(session, case_id, packet_id)
        values = {
            "visit": visit,
            "url": url_of(case_id, packet_id),
            "packet": packet,
            "who": participants(session, [case_id])[case_id],
            "rows": letter_rows(session, visit, packet),
            "ended": packet.state in ENDED_PACKETS,
            "done": DONE.get(done, ""),
        }
        return visit.desk.page("letters.html", values)


@router.get("/new")
def show_new(visit: InHub, case_id: str, packet_id: str) -> Response:
    """The form for asking somebody."""
    with visit.reading() as session:
        packet = packet_of(session, case_id, packet_id)
        known = Form({"language": visit.hub.default_language})
        return _ask(visit, session, packet, known)


@router.post("/new")
def save_new(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Ask them; their link leaves by itself, or is handed over."""
    with refusing(), visit.writing() as session:
        packet = packet_of(session, case_id, packet_id)
        writer = _writer(session, packet, form)
        if not form.ok:
            return _ask(visit, session, packet, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        letter = ask_for_letter(session, packet.id, writer, visit.source, visit.now)
        _close_asking(session, visit, packet)
        session.flush()
        row = next(row for row in letter_rows(session, visit, packet) if row.id == letter.id)
        done = "asked" if row.reachable else "handed"
        location = f"{url_of(case_id, packet_id, letter.id)}?done={done}"
        return see_other(once.keep(session, visit, form, location))


def _writer(session: HubSession, packet: Packet, form: Form) -> Writer:
    """Who is asked, as the form says."""
    known = possible_writers(session, packet.case_id)
    person_id = form.choice("person", known, "") if form.kept("person") else ""
    form.errors.pop("person", None)
    first = form.line("first_name", "" if person_id else "Enter their first name.", most=80)
    missing = "" if known.get(person_id) else "Say who they are to the participant, e.g. pastor."
    relationship = form.line("relationship", missing, most=MOST_NAME)
    return Writer(
        first_name=first,
        last_name=form.line("last_name", most=80),
        relationship=relationship or known.get(person_id, ""),
        language=form.choice("language", wording.LANGUAGES, "Choose the language they prefer."),
        contacts=contacts(form, "", who="The writer", agreement=AGREEMENT),
        person_id=person_id,
    )


def _ask(visit: Visit, session: HubSession, packet: Packet, form: Form) -> Response:
    if packet.state in ENDED_PACKETS:
        raise NotDone(ValueError("This packet was filed or replaced. Ask for a new one."))
    wrote = {
        letter.writer_id
        for letter in letters_of(session, packet.id)
        if letter.state != LetterState.WITHDRAWN
    }
    known = possible_writers(session, packet.case_id)
    people = named(session, known)
    values = {
        "visit": visit,
        "form": form,
        "url": url_of(packet.case_id, packet.id),
        "who": participants(session, [packet.case_id])[packet.case_id],
        "known": [
            (person, f"{people[person].full}, {relation}" if relation else people[person].full)
            for person, relation in known.items()
            if person in people and person not in wrote
        ],
        "agreement": AGREEMENT,
    }
    return visit.desk.page("letter_ask.html", values, status=200 if form.ok else 422)


def _close_asking(session: HubSession, visit: Visit, packet: Packet) -> None:
    """Somebody was asked: the task that wanted it is done."""
    tasks = session.exec(
        select(HumanTask).where(
            HumanTask.packet_id == packet.id,
            HumanTask.kind == "letters_to_ask",
            col(HumanTask.closed_at).is_(None),
        )
    ).all()
    for task in tasks:
        close_task(session, task.id, visit.source.actor, "", visit.now)


@router.get("/{letter_id}")
def show_letter(
    visit: InHub, case_id: str, packet_id: str, letter_id: str, done: str = ""
) -> Response:
    """One letter. That it was read is written into the audit trail."""
    with visit.writing() as session:
        letter = letter_of(session, case_id, packet_id, letter_id)
        if letter.state == LetterState.SENT:
            visit.note(session, "read a letter", "letter", letter.id)
        return letter_page(visit, session, letter, DONE.get(done, ""))


def letter_page(
    visit: Visit,
    session: HubSession,
    letter: Letter,
    done: str = "",
    *,
    link: str = "",
    form: Form | None = None,
) -> Response:
    """The page of one letter; `link` is the whole private address, shown this once."""
    packet = session.get_one(Packet, letter.packet_id)
    form = form or Form({"relationship": letter.relationship, "language": letter.language})
    values = {
        "visit": visit,
        "form": form,
        "url": url_of(packet.case_id, packet.id),
        "one": one_letter(session, visit, packet, letter),
        "done": done,
        "link": link,
    }
    return visit.desk.page("letter.html", values, status=200 if form.ok else 422)


@router.post("/{letter_id}/move")
def move(visit: InHub, case_id: str, packet_id: str, letter_id: str, form: Sent) -> Response:
    """One place up or down in the packet."""
    with refusing(), visit.writing() as session:
        letter_of(session, case_id, packet_id, letter_id)
        shown = [row.id for row in letter_rows(session, visit, session.get_one(Packet, packet_id))]
        step = -1 if form.kept("to") == "up" else 1
        at = min(max(shown.index(letter_id) + step, 0), len(shown) - 1)
        # Withdrawn letters are shown last, wherever they stand among the others.
        order = [letter.id for letter in letters_of(session, packet_id)]
        move_letter(session, letter_id, order.index(shown[at]), visit.source, visit.now)
    return see_other(f"{url_of(case_id, packet_id)}?done=moved")


@router.post("/{letter_id}/link")
def show_link(
    request: Request, visit: InHub, case_id: str, packet_id: str, letter_id: str
) -> Response:
    """The private link itself, to hand over in person. That it was shown is kept."""
    with refusing(), visit.writing() as session:
        letter_of(session, case_id, packet_id, letter_id)
        letter = open_for_change(session, letter_id)
        if letter.state in (LetterState.WITHDRAWN, LetterState.DECLINED):
            raise NotDone(ValueError("This letter is not open. Ask anew if they want to write."))
        path = path_of(letter_link(session, letter, visit.now))
        visit.note(session, "showed a private link", "letter", letter.id)
        site = visit.desk.settings.public_url or str(request.base_url)
        link = site.rstrip("/") + path
        return letter_page(visit, session, letter, link=link)


@router.post("/{letter_id}/again")
def send_again(visit: InHub, case_id: str, packet_id: str, letter_id: str, form: Sent) -> Response:
    """A new link, which leaves by itself, and the end of the old one. Sent twice, one leaves."""
    with refusing(), visit.writing() as session:
        letter_of(session, case_id, packet_id, letter_id)
        location = f"{url_of(case_id, packet_id, letter_id)}?done=again"
        if once.earlier(session, visit, form) is None:
            renew_link(session, letter_id, visit.source, visit.now)
            once.keep(session, visit, form, location)
    return see_other(location)


@router.post("/{letter_id}/decline")
def decline(visit: InHub, case_id: str, packet_id: str, letter_id: str, form: Sent) -> Response:
    """They told the hub that they would rather not."""
    with refusing(), visit.writing() as session:
        letter_of(session, case_id, packet_id, letter_id)
        words = form.text("words", most=1000)
        decline_letter(session, letter_id, words[:1000], visit.source, visit.now)
    return back_to(case_id, packet_id, letter_id, "declined")


@router.post("/{letter_id}/resume")
def resume(visit: InHub, case_id: str, packet_id: str, letter_id: str) -> Response:
    """They write after all."""
    with refusing(), visit.writing() as session:
        letter_of(session, case_id, packet_id, letter_id)
        resume_letter(session, letter_id, visit.source, visit.now)
    return back_to(case_id, packet_id, letter_id, "resumed")


@router.post("/{letter_id}/withdraw")
def withdraw(visit: InHub, case_id: str, packet_id: str, letter_id: str) -> Response:
    """The hub takes it out, and its link back."""
    with refusing(), visit.writing() as session:
        letter_of(session, case_id, packet_id, letter_id)
        withdraw_letter(session, letter_id, visit.source, visit.now)
    return see_other(f"{url_of(case_id, packet_id)}?done=withdrawn")


@router.post("/{letter_id}/correct")
def correct(visit: InHub, case_id: str, packet_id: str, letter_id: str, form: Sent) -> Response:
    """What the writer is to the participant, and the language of the letter."""
    with refusing(), visit.writing() as session:
        letter = letter_of(session, case_id, packet_id, letter_id)
        relation = form.line("relationship", "Say who they are, e.g. pastor.", most=MOST_NAME)
        language = form.choice("language", wording.LANGUAGES, "Choose the letter's language.")
        if not form.ok:
            return letter_page(visit, session, letter, form=form)
        correct_letter(session, letter_id, relation, language, visit.source, visit.now)
    return back_to(case_id, packet_id, letter_id, "corrected")


@router.get("/{letter_id}/file")
def download(visit: InHub, case_id: str, packet_id: str, letter_id: str) -> Response:
    """The file that a letter is. That it was taken is written into the audit trail first."""
    with visit.writing() as session:
        letter = letter_of(session, case_id, packet_id, letter_id)
        if not letter.document_key or letter.state != LetterState.SENT:
            raise NotFound("file")
        visit.note(session, "took a letter", "letter", letter.id)
    try:
        content = visit.desk.store.get(letter.document_key)
    except StoreError:
        raise FileGone from None
    return file_answer(content, letter.media_type)
