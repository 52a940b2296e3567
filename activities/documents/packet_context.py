"""The words that a packet's template is given: every placeholder, as text.

Formatting is English and the same on every machine: no locale is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from activities.documents.errors import PacketIncomplete
from activities.documents.packet_values import CounselOfRecord, Hearing, MitigationPacket, Passage
from activities.documents.pictures import pictures_of
from domain.packet_sections import TITLES, sections_of
from domain.vocabulary import PacketKind

_SHORT = frozenset(
    {"status", "pretrial", "motion", "plea", "review", "parole", "preliminary"}
    | {"probable cause", "probation violation"}
)
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_QUOTATION_MARKS = (("“", "”"), ('"', '"'), ("«", "»"))
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def packet_context(packet: MitigationPacket, *, bound: bool = False) -> dict[str, Any]:
    """The packet as the placeholders of its template; every key is always there, and under
    `sections` every section of its kind.

    Dates come out as "Thursday, November 19, 2026", times as "9:00 a.m." Blank texts count as
    missing. With `bound` the pages are to be bound, where the whole is numbered and marked as a
    draft, and need not say so themselves.

    Raises `PacketIncomplete`, naming the fields, when a required text is blank, and
    `PhotographUnreadable`.
    """
    _require(packet)
    return {
        **_front(packet),
        "bound": bound,
        **pictures_of(packet.photographs),
        "sections": {
            section.key: _passages(packet.sections.get(section.key, ()))
            for section in sections_of(packet.kind)
        },
        "corrections": _corrections(packet.sections.get("corrections", ())),
        "helpers": [
            {"name": who.name, "relationship": who.relationship, "will_do": who.will_do}
            for who in packet.helpers
            if who.name.strip()
        ],
        "conditions": _texts(packet.conditions),
        "plan": [
            {"step": s.step, "provider": s.provider, "when": s.when, "status": s.status}
            for s in packet.plan
            if s.step.strip()
        ],
        "reminders": _texts(packet.reminders),
        "transport": packet.transport.strip(),
        "letters": [
            {"writer": x.writer, "relationship": x.relationship, "pages": _pages(x.pages)}
            for x in packet.letters
            if x.writer.strip()
        ],
        "exhibits": [
            {"label": x.label, "title": x.title.strip(), "pages": _pages(x.pages)}
            for x in packet.exhibits
        ],
        "prepared": {"on": long_date(packet.prepared_on), "by": packet.prepared_by.strip()},
    }


def long_date(day: date) -> str:
    """ "November 19, 2026", whatever the machine's locale."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def hearing_words(hearing: Hearing) -> str:
    """ "Bail review, Thursday, November 19, 2026, 9:00 a.m."."""
    said = [_capital(_hearing_kind(hearing)), _hearing_day(hearing.day)]
    return ", ".join([*said, clock_time(hearing.at)] if hearing.at else said)


def _hearing_kind(hearing: Hearing) -> str:
    """The court's word; a calendar's short ones are made whole: "status" is a status hearing."""
    kind = hearing.kind.strip()
    return "hearing" if kind == "other" else f"{kind} hearing" if kind in _SHORT else kind


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _hearing_day(day: date | None) -> str:
    return f"{_DAYS[day.weekday()]}, {long_date(day)}" if day else "Date to be set by the court"


def clock_time(at: time) -> str:
    """ "9:00 a.m.", "12:00 noon", "1:30 p.m."."""
    if (at.hour, at.minute) == (12, 0):
        return "12:00 noon"
    half = "a.m." if at.hour < 12 else "p.m."
    return f"{(at.hour - 1) % 12 + 1}:{at.minute:02} {half}"


def _front(packet: MitigationPacket) -> dict[str, Any]:
    person, court, hearing, hub = packet.person, packet.court, packet.hearing, packet.hub
    counsel, approval = packet.counsel or CounselOfRecord(""), packet.approval
    approved_by = approval.counsel.strip() if approval else ""
    return {
        "draft": not approved_by,
        "title": f"{TITLES[PacketKind(packet.kind)]}: {person.name.strip()}",
        "kind": TITLES[PacketKind(packet.kind)],
        "version": packet.version,
        "person": {"name": person.name.strip(), "called": (person.called or person.name).strip()},
        "court": {
            "name": court.court.strip(),
            "judge": court.judge.strip(),
            "room": court.room.strip(),
            "address": court.address.strip(),
        },
        "hearing": {
            "kind": _hearing_kind(hearing),
            "title": _capital(_hearing_kind(hearing)),
            "date": _hearing_day(hearing.day),
            "time": clock_time(hearing.at) if hearing.at else "",
        },
        "docket_numbers": ", ".join(_texts(packet.docket_numbers)),
        "charges": _texts(packet.charges),
        "counsel": {
            "name": counsel.name.strip(),
            "office": counsel.office.strip(),
            "contact": _joined(counsel.phone, counsel.email),
        },
        "hub": {
            "name": hub.name.strip(),
            "contact": _joined(hub.phone, hub.email),
            "about": hub.about.strip(),
        },
        "approval": {
            "by": approved_by,
            "on": long_date(approval.on) if approval and approved_by else "",
        },
        "ask": packet.ask.strip(),
    }


def _require(packet: MitigationPacket) -> None:
    required: Mapping[str, str] = {
        "the person's name": packet.person.name,
        "the court": packet.court.court,
        "the kind of hearing": packet.hearing.kind,
        "the hub's name": packet.hub.name,
        "what the court is asked to consider": packet.ask,
    }
    if missing := [field for field, text in required.items() if not text.strip()]:
        raise PacketIncomplete(missing)


def _passages(passages: Sequence[Passage]) -> list[dict[str, Any]]:
    return [_passage(passage) for passage in passages if passage.text.strip()]


def _passage(passage: Passage) -> dict[str, Any]:
    """One passage. `paragraphs` is its text where blank lines part it; `source`, who told it and
    what bears it out, in one line."""
    said_by, confirmed_by = passage.said_by.strip(), passage.confirmed_by.strip()
    text = _unquoted(passage.text.strip()) if passage.quote else passage.text.strip()
    told = f"Told by {said_by}" if said_by and not passage.quote else ""
    return {
        "text": text,
        "paragraphs": _texts(_BLANK_LINES.split(text)),
        "title": passage.title.strip(),
        "said_by": said_by,
        "quote": passage.quote,
        "confirmed_by": confirmed_by,
        "source": _joined(told, f"Confirmed by: {confirmed_by}" if confirmed_by else ""),
    }


def _unquoted(text: str) -> str:
    """A quote without the marks around it: the template sets its own."""
    for opening, closing in _QUOTATION_MARKS:
        inner = text[len(opening) : len(text) - len(closing)]
        whole = len(text) > 1 and text.startswith(opening) and text.endswith(closing)
        if whole and not (opening in inner or closing in inner):
            return inner.strip()
    return text


def _corrections(passages: Sequence[Passage]) -> dict[str, Any]:
    """Corrections as `rows`: `where` in the report, what it `says` ("" when nobody wrote it down),
    and what is `right`. `report_quoted`: whether any of them says what the report says.

    The report's own words are a quote right before the passage that corrects it, or the first
    line of that passage, in quotation marks.
    """
    rows: list[dict[str, Any]] = []
    for one in _passages(passages):
        if one["quote"]:
            rows.append({"where": one["title"], "says": one["text"], "right": "", "source": ""})
            continue
        says, right = _report_and_right(one["text"])
        answer = {"right": right, "source": one["source"]}
        if rows and not rows[-1]["right"] and one["title"] in ("", rows[-1]["where"]):
            rows[-1].update(answer)
        else:
            rows.append({"where": one["title"], "says": says, **answer})
    return {"rows": rows, "report_quoted": any(row["says"] for row in rows)}


def _report_and_right(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    report = _unquoted(first.strip())
    return (report, rest.strip()) if report != first.strip() and rest.strip() else ("", text)


def _texts(texts: Sequence[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def _joined(*texts: str) -> str:
    return " · ".join(_texts(texts))


def _pages(pages: int | None) -> str:
    return "" if pages is None else f"{pages} page{'' if pages == 1 else 's'}"
