"""Everything a release packet is made from, and the hash that says whether it changed."""

import hashlib
import json
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import col, select

import templates
from activities.documents.release_packet import (
    CounselOfRecord,
    CourtRoom,
    EnclosedLetter,
    Helper,
    HubLetterhead,
    ReleasePacket,
    Statement,
    SupportStep,
)
from activities.documents.release_packet import Hearing as PacketHearing
from activities.documents.release_packet import Person as PacketPerson
from domain.facts import PacketFacts
from domain.vocabulary import HearingStatus, PacketState
from records.case_facts import load_task_keys
from records.database import HubSession
from records.hubs import policy_of, the_hub
from records.packets import PacketContent, content_of, versions_of
from records.plans import steps_of
from records.tables import (
    Case,
    ContactPoint,
    Counsel,
    Court,
    Defendant,
    Docket,
    Hearing,
    HumanTask,
    Packet,
    Person,
    PlanStep,
    Supporter,
    SupportPlan,
)

TEMPLATE_FOLDER = Path(templates.__file__).parent / "packets"
DEFAULT_ASK = (
    "We ask the court to consider release to the community, with the support described here."
)


class NoSuchKind(ValueError):
    """There is no template for this kind of packet."""

    def __init__(self, kind: str, known: list[str]) -> None:
        super().__init__(f"There is no packet kind {kind!r}; there are {', '.join(known)}.")


def packet_kinds() -> list[str]:
    """The kinds that have a template."""
    return sorted(path.stem for path in TEMPLATE_FOLDER.glob("*.docx"))


@lru_cache(maxsize=16)
def template_of(kind: str) -> tuple[bytes, str]:
    """A kind's template and its version: a short hash of its bytes.

    Raises:
        NoSuchKind: no such template.
    """
    if kind not in packet_kinds():
        raise NoSuchKind(kind, packet_kinds())
    data = (TEMPLATE_FOLDER / f"{kind}.docx").read_bytes()
    return data, hashlib.sha256(data).hexdigest()[:12]


def load_packet(session: HubSession, packet_id: str) -> PacketFacts | None:
    """The facts of one packet, or None when there is no such packet in the hub."""
    packet = session.get(Packet, packet_id)
    if packet is None:
        return None
    hearing = hearing_of(session, packet)
    versions = versions_of(session, packet_id)
    return PacketFacts(
        id=packet.id,
        hub_id=session.hub_id,
        revision=packet.revision,
        state=PacketState(packet.state),
        policy=policy_of(the_hub(session)),
        requested_at=packet.requested_at,
        hearing_at=hearing.starts_at if hearing else None,
        inputs_hash=inputs_hash(session, packet),
        built_hash=versions[-1].inputs_hash if versions else "",
        task_keys=load_task_keys(session, HumanTask.packet_id, packet_id),
    )


def inputs_hash(session: HubSession, packet: Packet) -> str:
    """SHA-256 over everything that the packet is made from, and over its template."""
    return hash_of(release_packet(session, packet, date.min, 0), packet.kind)


def hash_of(content: ReleasePacket, kind: str) -> str:
    """The hash of one packet's inputs. Version and day of making are no inputs."""
    _, version = template_of(kind)
    text = json.dumps([version, _plain(content)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        skipped = {"prepared_on", "version"}
        return {
            name: _plain(getattr(value, name))
            for name in value.__dataclass_fields__
            if name not in skipped
        }
    return value


def hearing_of(session: HubSession, packet: Packet) -> Hearing | None:
    """The hearing that a packet is for: the one named, or the next on the calendar."""
    if packet.hearing_id:
        return session.get(Hearing, packet.hearing_id)
    return session.exec(
        select(Hearing)
        .where(Hearing.case_id == packet.case_id, Hearing.status == HearingStatus.SCHEDULED)
        .order_by(col(Hearing.starts_at))
    ).first()


def release_packet(
    session: HubSession, packet: Packet, prepared_on: date, version: int
) -> ReleasePacket:
    """All that a release packet says, gathered from the records."""
    content = content_of(packet)
    case = session.get_one(Case, packet.case_id)
    defendant = session.get_one(Defendant, case.defendant_id)
    person = session.get_one(Person, defendant.person_id)
    hub = the_hub(session)
    hearing = hearing_of(session, packet)
    court = session.get(Court, hearing.court_id) if hearing and hearing.court_id else None
    dockets = session.exec(
        select(Docket).where(Docket.case_id == case.id).order_by(col(Docket.id))
    ).all()
    return ReleasePacket(
        person=PacketPerson(f"{person.first_name} {person.last_name}".strip(), person.first_name),
        court=_court(hearing, court, content),
        hearing=_hearing(hearing),
        hub=HubLetterhead(hub.name, hub.phone),
        prepared_on=prepared_on,
        ask=content.ask or DEFAULT_ASK,
        version=version,
        docket_numbers=[docket.number for docket in dockets],
        counsel=_counsel(session, case),
        ties=[Statement(text) for text in content.ties],
        residence=[Statement(text) for text in content.residence],
        occupation=[Statement(text) for text in content.occupation],
        caregiving=[Statement(text) for text in content.caregiving],
        helpers=_helpers(session, case, content),
        conditions=list(content.conditions),
        plan=_plan(session, case),
        reminders=_reminders(list(hub.reminder_days)),
        transport=content.transport,
        letters=[EnclosedLetter(writer) for writer in content.letters],
        prepared_by=content.prepared_by,
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
    ways = session.exec(select(ContactPoint).where(ContactPoint.person_id == person.id)).all()
    found = {way.channel: way.address for way in ways}
    return CounselOfRecord(
        f"{person.first_name} {person.last_name}".strip(),
        counsel.office,
        found.get("sms", ""),
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
            f"{person.first_name} {person.last_name}".strip(),
            supporter.relationship,
            content.helpers.get(person.id, "Will help with reminders and getting to court."),
        )
        for supporter, person in rows
    ]


def _plan(session: HubSession, case: Case) -> list[SupportStep]:
    plan = session.exec(
        select(SupportPlan)
        .where(SupportPlan.case_id == case.id, SupportPlan.state == "in_progress")
        .order_by(col(SupportPlan.created_at).desc())
    ).first()
    if plan is None:
        return []
    words = {"active": "planned", "evidenced": "done", "verified": "done", "cured": "done"}
    return [
        SupportStep(
            step.title,
            "",
            f"by {step.due_on:%B} {step.due_on.day}" if step.due_on else "ongoing",
            words[step.state],
        )
        for step in steps_of(session, plan.id)
        if step.state in words and _may_show(step)
    ]


def _may_show(step: PlanStep) -> bool:
    """Treatment is shown to a court with consent only; until then it stays out."""
    return step.kind not in {"substance_use_treatment", "mental_health_care", "drug_screen"}


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
