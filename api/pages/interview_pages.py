"""The biography interview, for advocates: section by section, saved as it goes.

A section is one form: whichever button is pressed, everything that was typed is saved first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.interview_form import Conflict, Full, read_answers, save_answers
from api.pages.interview_view import (
    ask_languages,
    fill,
    invited,
    lines_of,
    phrases,
    questions_of,
    tellers,
    title_label,
)
from api.pages.people import circle
from api.pages.problems import PageProblem
from api.pages.session import InHub, Visit
from domain.languages import is_english
from domain.packet_sections import SECTIONS, TITLES, Section, sections_of
from domain.vocabulary import PacketKind
from records.casework import NotFound
from records.database import HubSession
from records.interview import (
    PacketClosed,
    invite,
    invites_of,
    is_open,
    move_answer,
    open_packet,
    remove_answer,
    restore_answer,
    revoke,
    save_answer,
)
from records.packets import get_packet
from records.passage_rows import stands
from records.passages import (
    TooManyPassages,
    adopt_legacy,
    all_passages,
    get_passage,
    said_in,
    taken_back,
)
from records.private_links import is_live, path_of
from records.tables import Packet

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/packets/{packet_id}/interview")

DONE = {
    "invited": "Asked. The message with the link leaves within minutes, in waking hours.",
    "revoked": "The link does not work any more. What was told through it stays here.",
}


class InterviewClosed(PageProblem):
    """The packet was filed or replaced meanwhile, or the case is over."""

    status = 409
    title = "This packet is closed"
    text = (
        "Nothing was changed. Use your browser's Back button to copy what you wrote. A new packet "
        "of this case begins with what this one says."
    )


@router.get("")
def show_interview(visit: InHub, case_id: str, packet_id: str, done: str = "") -> Response:
    """All sections and everybody who may tell. That it was read is written into the audit."""
    with visit.writing() as session:
        packet = _packet(session, case_id, packet_id)
        visit.note(session, "read an interview", "packet", packet.id)
        adopt_legacy(session, packet)
        lines = lines_of(session, packet)
        values = {
            **_frame(visit, session, packet),
            "lines": lines,
            "told": sum(line.asked - line.open for line in lines),
            "asked": sum(line.asked for line in lines),
            "next": next((line.section.key for line in lines if line.open), lines[0].section.key),
            "invited": invited(session, packet, visit, all_passages(session, packet)),
            "done": DONE.get(done, ""),
        }
    return visit.desk.page("interview.html", values)


@router.post("/people/{person_id}/ask")
def save_invite(visit: InHub, case_id: str, packet_id: str, person_id: str) -> Response:
    """Ask someone of the circle to tell: their link leaves with a message."""
    with visit.writing() as session:
        packet = _packet(session, case_id, packet_id)
        try:
            invite(session, packet.id, person_id, visit.source, visit.now)
        except PacketClosed:
            raise InterviewClosed from None
    return see_other(f"{_address(case_id, packet_id)}?done=invited#tell")


@router.post("/people/{person_id}/link")
def show_link(
    request: Request, visit: InHub, case_id: str, packet_id: str, person_id: str
) -> Response:
    """Show somebody's link, to hand it over. That it was shown is written into the audit trail."""
    with visit.writing() as session:
        packet = _packet(session, case_id, packet_id)
        link = invites_of(session, packet.id).get(person_id)
        members = circle(session, case_id)
        member = next((one for one in members if one.person.id == person_id), None)
        if member is None or link is None or not is_live(link, visit.now):
            raise NotFound("link")
        visit.note(session, "showed a private link", "private_link", link.id)
        values = {
            **_frame(visit, session, packet),
            "member": member,
            "address": (visit.desk.settings.public_url or str(request.base_url)).rstrip("/")
            + path_of(link),
            "until": link.expires_at,
        }
    return visit.desk.page("interview_link.html", values)


@router.post("/people/{person_id}/revoke")
def save_revoke(visit: InHub, case_id: str, packet_id: str, person_id: str) -> Response:
    """End somebody's link. What they told stays."""
    with visit.writing() as session:
        packet = _packet(session, case_id, packet_id)
        revoke(session, packet.id, person_id, visit.source, visit.now)
    return see_other(f"{_address(case_id, packet_id)}?done=revoked#tell")


@router.get("/{section}")
def show_section(
    visit: InHub,
    case_id: str,
    packet_id: str,
    section: str,
    by: str = "",
    ask: str = "",
    edit: str = "",
    saved: str = "",
    gone: str = "",
) -> Response:
    """The questions of one section with their answers.

    Args:
        by: person id of who is telling now, for whose words new answers are.
        ask: the language to ask in; "" for that of who is telling.
        edit: id of the passage to change.
        saved: what was just saved. `gone`: id of the passage that was just taken out.
    """
    form = Form({"by": by, "ask": ask})
    with visit.writing() as session:
        packet = _packet(session, case_id, packet_id)
        adopt_legacy(session, packet)
        visit.note(session, "read an interview", "packet", packet.id)
        shown = _Shown(_section(packet, section), edit=edit, saved=saved, gone=gone)
        return _page(visit, session, packet, shown, form)


@router.post("/{section}")
def save_section(visit: InHub, case_id: str, packet_id: str, section: str, form: Sent) -> Response:
    """Save everything that was typed, then do what the button says."""
    try:
        with visit.writing() as session:
            return _saved(visit, session, _packet(session, case_id, packet_id), section, form)
    except PacketClosed:
        raise InterviewClosed from None
    except Full as full:
        form.refuse(f"{full.at}_text", full.why)
    with visit.reading() as session:
        packet = _packet(session, case_id, packet_id)
        return _page(visit, session, packet, _Shown(_section(packet, section)), form)


def _saved(visit: Visit, session: HubSession, packet: Packet, key: str, form: Form) -> Response:
    do, _, about = form.kept("do").partition(":")
    section = _section(packet, key)
    open_packet(session, packet.id)
    adopt_legacy(session, packet)
    sent = read_answers(session, packet, section, form, leave=about if do == "remove" else "")
    if not form.ok:
        return _page(visit, session, packet, _Shown(section), form)
    conflicts = save_answers(visit, session, packet, section, sent, form)
    if conflicts:
        return _page(visit, session, packet, _Shown(section, conflicts=conflicts), form)
    try:
        more = _act(visit, session, packet, do, about)
    except NotFound:
        # Somebody else took it out meanwhile: the page shows that, and what was typed is saved.
        do, more = "save", {"saved": "before"}
    except TooManyPassages as full:
        form.refuse("do", str(full))
        return _page(visit, session, packet, _Shown(section), form)
    return see_other(_after(packet, section, form, do, more))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a section's page shows beside its questions."""

    section: Section
    edit: str = ""
    saved: str = ""
    gone: str = ""
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)


def _act(visit: Visit, session: HubSession, packet: Packet, do: str, about: str) -> dict[str, str]:
    """What a button says beside saving; what the page shows after it."""
    source, now = visit.source, visit.now
    match do:
        case "change":
            return {"edit": get_passage(session, packet, about).id}
        case "remove":
            return {"gone": remove_answer(session, packet.id, about, source, now).id}
        case "back":
            return {"saved": restore_answer(session, packet.id, about, source, now).id}
        case "use":
            return {"saved": _use(visit, session, packet, about)}
        case "up" | "down":
            move_answer(session, packet.id, about, -1 if do == "up" else 1, source, now)
            return {"saved": "order"}
        case "by" | "ask":
            return {do: about, "saved": "before"}
        case _:
            return {"saved": about or "before"}


def _use(visit: Visit, session: HubSession, packet: Packet, passage_id: str) -> str:
    """The words are English already: the packet says them as they are."""
    row = get_passage(session, packet, passage_id)
    said = replace(
        said_in(row),
        text=row.original,
        language="en",
        said_by=row.said_by.partition(" (translated from")[0],
    )
    save_answer(
        session,
        packet.id,
        row.section,
        said,
        visit.source,
        visit.now,
        passage_id=row.id,
        seen_revision=row.revision,
    )
    return row.id


def _after(packet: Packet, section: Section, form: Form, do: str, more: Mapping[str, str]) -> str:
    """Where a form leads."""
    keys = [one.key for one in sections_of(packet.kind)]
    place = keys.index(section.key)
    here = _address(packet.case_id, packet.id)
    if do == "next" and place + 1 == len(keys):
        return here
    key = keys[place + 1] if do == "next" else section.key
    asked = {name: form.kept(name) for name in ("by", "ask") if form.kept(name).isalnum()}
    query = urlencode({**asked, **more})
    anchors = {"change": f"#p_{more.get('edit', '')}", "up": "#order", "down": "#order"}
    saved = more.get("saved", "")
    anchors |= {"save": f"#q_{saved}", "back": f"#p_{saved}", "use": f"#p_{saved}"}
    return f"{here}/{key}?{query}{anchors.get(do, '')}"


def _page(visit: Visit, session: HubSession, packet: Packet, shown: _Shown, form: Form) -> Response:
    section, name = shown.section, circle(session, packet.case_id)[0].person.first
    known = tellers(session, packet)
    by, language = known.get(form.kept("by"), ("", ""))
    spoken = phrases().language(language or visit.language)
    ask = form.kept("ask") if form.kept("ask") in ask_languages() else spoken
    rows = [row for row in all_passages(session, packet) if row.section == section.key]
    questions = questions_of(section.key, rows, name, ask, visit.hub.zone, visit.language)
    answers = [answer for asked in questions for answer in asked.answers]
    editing = {shown.edit, *shown.conflicts}
    for answer in answers:
        if answer.row.id in editing or form.holds(f"{answer.fields}_seen"):
            fill(form, answer)
    for asked in questions:
        if asked.blank and not form.holds(f"{asked.blank}_text"):
            form.put(f"{asked.blank}_by", by)
            form.put(f"{asked.blank}_language", language or "en")
    sections = [one.key for one in sections_of(packet.kind)]
    gone = next((row for row in rows if row.id == shown.gone and not taken_back(row)), None)
    values = {
        **_frame(visit, session, packet),
        "form": form,
        "section": section,
        "number": sections.index(section.key) + 1,
        "all": len(sections),
        "questions": questions,
        "order": [row for row in rows if stands(row)],
        "title_label": title_label(section, visit.language) if section.titled else "",
        "tellers": known,
        "by": form.kept("by") if by else "",
        "ask": ask,
        "in_english": is_english(language),
        "languages": ask_languages(),
        "saved": shown.saved,
        "gone": gone if gone is not None and gone.removed_at else None,
        "conflicts": shown.conflicts,
    }
    wrong = 409 if shown.conflicts else 200 if form.ok else 422
    return visit.desk.page("interview_section.html", values, status=wrong)


def _frame(visit: Visit, session: HubSession, packet: Packet) -> dict[str, object]:
    """What every page of an interview shows."""
    return {
        "visit": visit,
        "case_id": packet.case_id,
        "who": circle(session, packet.case_id)[0].person,
        "packet": packet,
        "kind": TITLES[PacketKind(packet.kind)],
        "url": _address(packet.case_id, packet.id),
        "open": is_open(session, packet),
        "zone": visit.hub.zone,
    }


def _packet(session: HubSession, case_id: str, packet_id: str) -> Packet:
    packet = get_packet(session, packet_id)
    if packet.case_id != case_id:
        raise NotFound("packet")
    return packet


def _section(packet: Packet, key: str) -> Section:
    if key not in [section.key for section in sections_of(packet.kind)]:
        raise NotFound("section")
    return SECTIONS[key]


def _address(case_id: str, packet_id: str) -> str:
    return f"/cases/{case_id}/packets/{packet_id}/interview"
