"""Everything a packet is made from, gathered from the records, and the hash that says whether it
changed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import col, select

import templates
from activities.documents.packet_values import Approval as ApprovedBy
from activities.documents.packet_values import (
    CounselOfRecord,
    CourtRoom,
    EnclosedExhibit,
    EnclosedLetter,
    Helper,
    HubLetterhead,
    MitigationPacket,
    Passage,
)
from activities.documents.packet_values import Hearing as PacketHearing
from activities.documents.packet_values import Person as PacketPerson
from activities.plan_for_court import SharedKind, plan_for_court
from domain.consents import KIND_WORDS
from domain.court_time import wall_time
from domain.message_values import phone_words
from domain.packet_sections import ASKS, SECTIONS
from domain.vocabulary import LetterState, PacketKind
from records.casework import NotFound
from records.database import HubSession
from records.hubs import the_hub
from records.letter_writing import translation_now
from records.packet_consents import input_key
from records.packet_reviews import live_approval
from records.packets import PacketContent, content_of, hearing_of
from records.passages import passages_of
from records.tables import (
    Approval,
    Case,
    ContactPoint,
    Counsel,
    Court,
    Defendant,
    Docket,
    Exhibit,
    Hearing,
    Letter,
    Packet,
    PacketTemplate,
    Person,
    Supporter,
)

TEMPLATE_FOLDER = Path(templates.__file__).parent / "packets"
NO_DATE = date.min


class NoSuchKind(ValueError):
    """There is no such kind of packet."""

    def __init__(self, kind: str) -> None:
        known = ", ".join(PacketKind)
        super().__init__(f"There is no packet kind {kind!r}; there are {known}.")


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """Which Word template is used: the hub's own (`document_key` in the store) or Homeward's."""

    kind: str
    version: str
    document_key: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a packet is made from: `key` tells it from others, `label` names it to a
    person, `digest` changes with it."""

    key: str
    label: str
    digest: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that one version is made from, as the records stand.

    Attributes:
        packet: what the packet's own pages say, without photographs' bytes.
        letters, exhibits: what is bound behind them, in order.
        template: the Word template.
        approval_id: of the live approval; "" while it is a draft.
        shared: what the plan shows of treatment, and under which consents.
        consent_ends: when the next consent for the court runs out (UTC).
        filing_limit_mb, filing_refuses_links: of the court.
    """

    packet: MitigationPacket
    letters: tuple[Letter, ...]
    exhibits: tuple[Exhibit, ...]
    template: TemplateRef
    approval_id: str = ""
    shared: tuple[SharedKind, ...] = ()
    consent_ends: datetime | None = None
    filing_limit_mb: int = 25
    filing_refuses_links: bool = False

    def inputs(self) -> tuple[Input, ...]:
        """Everything that counts, but for the approval, the day and the number."""
        return tuple(_inputs(self))

    @property
    def content_hash(self) -> str:
        """SHA-256 over all inputs; the approval, the day and the number are none."""
        return _digest([[one.key, one.digest] for one in self.inputs()])

    @property
    def inputs_hash(self) -> str:
        """The same with the approval."""
        return _digest([self.content_hash, self.approval_id])


def check_kind(kind: str) -> None:
    """Refuse what is no kind of packet.

    Raises:
        NoSuchKind: it is none.
    """
    if kind not in set(PacketKind):
        raise NoSuchKind(kind)


@lru_cache(maxsize=32)
def built_in_template(kind: str) -> tuple[bytes, str]:
    """Homeward's own template of a kind and its version: a short hash of its bytes.

    Raises:
        NoSuchKind: no such template.
    """
    path = TEMPLATE_FOLDER / f"{kind}.docx"
    if not path.is_file():
        raise NoSuchKind(kind)
    data = path.read_bytes()
    return data, hashlib.sha256(data).hexdigest()[:12]


def template_in_use(session: HubSession, kind: str) -> TemplateRef:
    """The template that the hub uses for a kind.

    Raises:
        NoSuchKind: no such template.
    """
    own = session.exec(
        select(PacketTemplate).where(
            PacketTemplate.kind == kind,
            PacketTemplate.language == "en",
            col(PacketTemplate.in_use).is_(True),
        )
    ).first()
    if own is not None:
        return TemplateRef(kind, f"own-{own.number}-{own.sha256[:12]}", own.document_key)
    return TemplateRef(kind, built_in_template(kind)[1])


def letters_sent(session: HubSession, packet_id: str) -> list[Letter]:
    """The letters that are in, in the order in which they are bound."""
    return list(
        session.exec(
            select(Letter)
            .where(Letter.packet_id == packet_id, Letter.state == LetterState.SENT)
            .order_by(col(Letter.position), col(Letter.sent_at), col(Letter.id))
        ).all()
    )


def exhibits_of(session: HubSession, packet_id: str) -> list[Exhibit]:
    """The exhibits, in their order."""
    return list(
        session.exec(
            select(Exhibit)
            .where(Exhibit.packet_id == packet_id, col(Exhibit.removed_at).is_(None))
            .order_by(col(Exhibit.position), col(Exhibit.id))
        ).all()
    )


def exhibit_label(index: int) -> str:
    """ "A" to "Z", then "AA", "AB" …, for the exhibit at this index from 0."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def gather(
    session: HubSession,
    packet: Packet,
    now: datetime,
    prepared_on: date = NO_DATE,
    version: int = 0,
) -> Gathered:
    """All that a packet is made from at `now` (UTC): a consent may have run out since.

    An approval counts only while the packet says what counsel approved: in the moment between a
    change and the voiding nothing may come out as approved that counsel never read.

    Raises:
        NoSuchKind: there is no template for its kind.
        NotFound: its case is gone.
    """
    case = session.get(Case, packet.case_id)
    if case is None:
        raise NotFound("case")
    hearing = hearing_of(session, packet)
    court = session.get(Court, hearing.court_id) if hearing and hearing.court_id else None
    letters = letters_sent(session, packet.id)
    exhibits = exhibits_of(session, packet.id)
    writers = [_writer(session, letter) for letter in letters]
    said = _said(session, packet, case, hearing, court, prepared_on, version)
    plan = plan_for_court(session, case, now)
    gathered = Gathered(
        packet=MitigationPacket(
            **said,
            plan=list(plan.steps),
            approval=None,
            letters=writers,
            exhibits=[
                EnclosedExhibit(exhibit_label(n), exhibit.title, exhibit.pages or None)
                for n, exhibit in enumerate(exhibits)
            ],
        ),
        letters=tuple(letters),
        exhibits=tuple(exhibits),
        template=template_in_use(session, packet.kind),
        shared=plan.shared,
        consent_ends=plan.next_end,
        filing_limit_mb=court.filing_limit_mb if court else 25,
        filing_refuses_links=court.filing_refuses_links if court else False,
    )
    approval = live_approval(session, packet.id)
    if approval is None or approval.content_hash != gathered.content_hash:
        return gathered
    approved = replace(gathered.packet, approval=_approved(session, approval))
    return replace(gathered, packet=approved, approval_id=approval.id)


def _inputs(gathered: Gathered) -> Iterator[Input]:
    packet = gathered.packet
    yield Input("template", "the Word template", gathered.template.version)
    for key, passages in packet.sections.items():
        yield Input(f"section:{key}", SECTIONS[key].heading, _digest(_plain(passages)))
    whole = {
        "ask": "what the court is asked",
        "person": "the person's name",
        "court": "the court",
        "hearing": "the hearing",
        "hub": "the hub",
        "docket_numbers": "the docket numbers",
        "charges": "the charges",
        "counsel": "counsel",
        "helpers": "who will help",
        "conditions": "the conditions offered",
        "plan": "the support plan",
        "reminders": "how the hub reminds",
        "transport": "how they get to court",
        "prepared_by": "who prepared it",
    }
    for name, label in whole.items():
        yield Input(name, label, _digest(_plain(getattr(packet, name))))
    for index, (letter, enclosed) in enumerate(zip(gathered.letters, packet.letters, strict=True)):
        translated = (translation_now(letter), letter.translated_by)
        signed = (letter.signed_as, letter.taken_down_by, letter.contact, letter.language)
        made = [
            letter.body,
            *translated,
            *signed,
            letter.sha256,
            _plain(letter.signed_on),
            enclosed.relationship,
            index,
        ]
        yield Input(f"letter:{letter.id}", f"the letter of {enclosed.writer}", _digest(made))
    for one in gathered.shared:
        label = f"{KIND_WORDS[one.kind]}, shared with consent"
        yield Input(input_key(one.consent_id, one.kind), label, _digest([one.consent_id]))
    for index, exhibit in enumerate(gathered.exhibits):
        made = [exhibit.sha256, exhibit.title, exhibit.caption, exhibit.in_body, index]
        yield Input(f"exhibit:{exhibit.id}", f"the exhibit “{exhibit.title}”", _digest(made))


def what_changed(before: list[Input], after: list[Input]) -> list[str]:
    """Plain lines that say what is new, changed and gone between two versions."""
    old = {one.key: one for one in before}
    new = {one.key: one for one in after}
    added = [f"New: {one.label}." for key, one in new.items() if key not in old]
    changed = [
        f"Changed: {one.label}."
        for key, one in new.items()
        if key in old and old[key].digest != one.digest
    ]
    gone = [f"Taken out: {one.label}." for key, one in old.items() if key not in new]
    return added + changed + gone


def dump_inputs(inputs: tuple[Input, ...]) -> str:
    """The inputs of a version as the records keep them."""
    return json.dumps([[one.key, one.label, one.digest] for one in inputs], ensure_ascii=False)


def load_inputs(dumped: str) -> list[Input]:
    """The inputs of a version, read back."""
    return [Input(*one) for one in json.loads(dumped or "[]")]


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _said(
    session: HubSession,
    packet: Packet,
    case: Case,
    hearing: Hearing | None,
    court: Court | None,
    prepared_on: date,
    version: int,
) -> dict[str, Any]:
    """What the packet's own pages say, by field of `MitigationPacket`."""
    content = content_of(packet)
    defendant = session.get_one(Defendant, case.defendant_id)
    person = session.get_one(Person, defendant.person_id)
    hub = the_hub(session)
    dockets = session.exec(
        select(Docket).where(Docket.case_id == case.id).order_by(col(Docket.id))
    ).all()
    sections = passages_of(session, packet)
    return {
        "kind": packet.kind,
        "person": PacketPerson(_full_name(person), content.called or person.first_name),
        "court": _court(hearing, court, content),
        "hearing": _hearing(hearing),
        "hub": HubLetterhead(hub.name, phone_words(hub.phone)),
        "prepared_on": prepared_on,
        "ask": content.ask or ASKS[PacketKind(packet.kind)],
        "version": version,
        "docket_numbers": [docket.number for docket in dockets],
        "counsel": _counsel(session, case),
        "sections": {
            key: [
                Passage(row.text, row.title, row.said_by, row.quote, row.confirmed_by)
                for row in sections[key]
            ]
            for key in sections
        },
        "helpers": _helpers(session, case, content),
        "conditions": list(content.conditions),
        "reminders": _reminders(list(hub.reminder_days)),
        "transport": content.transport,
        "prepared_by": content.prepared_by,
    }


def _full_name(person: Person) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def _writer(session: HubSession, letter: Letter) -> EnclosedLetter:
    person = session.get(Person, letter.writer_id) if letter.writer_id else None
    name = letter.signed_as or (_full_name(person) if person else "")
    return EnclosedLetter(name, letter.relationship, letter.pages or None)


def _approved(session: HubSession, approval: Approval) -> ApprovedBy:
    return ApprovedBy(
        approval.signed_as, wall_time(approval.approved_at, the_hub(session).zone).date()
    )


def _court(hearing: Hearing | None, court: Court | None, content: PacketContent) -> CourtRoom:
    if court is not None:
        return CourtRoom(court.name, content.judge, hearing.room if hearing else "", court.address)
    return CourtRoom(
        "The Court",
        content.judge,
        hearing.room if hearing else "",
        hearing.place if hearing else "",
    )


def _hearing(hearing: Hearing | None) -> PacketHearing:
    if hearing is None:
        return PacketHearing("the next hearing", None)
    local = hearing.local_time
    return PacketHearing(hearing.kind.replace("_", " "), local.date(), local.time())


def _counsel(session: HubSession, case: Case) -> CounselOfRecord | None:
    counsel = session.get(Counsel, case.counsel_id) if case.counsel_id else None
    if counsel is None:
        return None
    person = session.get_one(Person, counsel.person_id)
    # The first of each kind: a database is free to give rows in any order, and another address
    # would be another packet.
    ways = session.exec(
        select(ContactPoint)
        .where(ContactPoint.person_id == person.id)
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    ).all()
    found = {way.channel: way.address for way in reversed(ways)}
    return CounselOfRecord(
        _full_name(person),
        counsel.office,
        phone_words(found.get("sms", "")),
        found.get("email", ""),
    )


def _helpers(session: HubSession, case: Case, content: PacketContent) -> list[Helper]:
    rows = session.exec(
        select(Supporter, Person)
        .join(Person, col(Person.id) == Supporter.person_id)
        .where(Supporter.case_id == case.id, col(Supporter.ended_at).is_(None))
        .order_by(col(Supporter.enrolled_at), col(Supporter.id))
    ).all()
    return [
        Helper(
            _full_name(person),
            supporter.relationship,
            content.helpers.get(person.id, "Will help with reminders and getting to court."),
        )
        for supporter, person in rows
    ]


def _reminders(days: list[int]) -> list[str]:
    first = (
        "The hub sends a text to the family and, on release, to the participant as soon as a "
        "hearing is set or moved."
    )
    if not days:
        return [first]
    *most, last = (str(day) for day in days)
    spelled = f"{', '.join(most)} and {last} days" if most else f"{last} days"
    if days == [1]:
        spelled = "the day"
    return [first, f"Reminders follow {spelled} before each hearing, in the person's language."]
