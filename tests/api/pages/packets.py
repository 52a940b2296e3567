"""One packet on its way through its readers: Marcus's, with his mother, a pastor and counsel.

Versions are made here as the workflow makes them, from the same inputs and with the same hashes,
but with files of a few bytes: what a build puts into them is tried elsewhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import select

from activities.packet_inputs import dump_inputs, gather, load_inputs, what_changed
from domain.vocabulary import Channel, ExhibitKind, LetterState, PacketKind
from records.casework import get_case
from records.circle import NewContact
from records.counsel import NewCounsel, set_counsel
from records.packet_reviews import counsel_link, newest_version, participant_link
from records.packets import PacketContent, get_packet, request_packet
from records.passages import Said
from records.private_links import path_of
from records.tables import (
    Approval,
    AuditEvent,
    Exhibit,
    Letter,
    Packet,
    PacketReview,
    PacketVersion,
    Person,
)
from tests.api.pages.office import NOW, Browser, Office
from tests.houses import ROSA, a_case, a_hearing, a_mother

SAID = {
    "ties": [Said("Marcus was born in Liberty City.", said_by="Denise Johnson", quote=True)],
    "residence": [Said("He lives with his mother.")],
}
COUNSEL = NewCounsel(
    "Ana",
    "Ruiz",
    office="Public Defender",
    contacts=(NewContact(Channel.EMAIL, "ana@example.org", "A work address."),),
)


@dataclass
class Scene:
    """One packet, with short ways to what tests ask of it."""

    office: Office
    case_id: str
    packet_id: str

    @property
    def url(self) -> str:
        """The packet's page for the hub."""
        return f"/cases/{self.case_id}/packets/{self.packet_id}"

    def packet(self) -> Packet:
        """The packet as it is now."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return get_packet(session, self.packet_id)

    def build(
        self, *, findings: Sequence[tuple[str, bool]] = (), problem: str = "", exhibits: bool = True
    ) -> PacketVersion:
        """Build the next version of what the records say now."""
        store = self.office.house.store
        with self.office.house.records.writing(self.office.hub_id) as session:
            packet = get_packet(session, self.packet_id)
            gathered, newest = gather(session, packet, NOW), newest_version(session, packet.id)
            number = newest.number + 1 if newest else 1
            before = load_inputs(newest.inputs) if newest else []
            changes = what_changed(before, list(gathered.inputs())) if newest else []
            files = {make: store.put(f"{make} {number} of {packet.id}".encode()) for make in MAKES}
            if problem:
                del files["pdf"]
            if not exhibits:
                del files["exhibits"]
            row = PacketVersion(
                packet_id=packet.id,
                number=number,
                inputs_hash=gathered.inputs_hash,
                content_hash=gathered.content_hash,
                approval_id=gathered.approval_id,
                template=packet.kind,
                template_version="1",
                pages=12,
                pdf_problem=problem,
                inputs=dump_inputs(gathered.inputs()),
                changes="\n".join(changes),
                preflight=json.dumps(
                    [{"code": "x", "words": words, "blocking": bad} for words, bad in findings]
                ),
                built_at=self.office.clock.at,
            )
            for make, stored in files.items():
                setattr(row, f"{make}_key", stored.key)
                setattr(row, f"{make}_sha256", stored.sha256)
                setattr(row, f"{make}_size", stored.size)
            session.add(row)
            session.flush()
            return row

    def newest(self) -> PacketVersion:
        """The version that holds."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            found = newest_version(session, self.packet_id)
        assert found is not None
        return found

    def counsel_path(self) -> str:
        """Counsel's private page."""
        with self.office.house.records.writing(self.office.hub_id) as session:
            packet = get_packet(session, self.packet_id)
            return path_of(counsel_link(session, packet, self.office.clock.at))

    def participant_path(self) -> str:
        """Marcus's private page."""
        with self.office.house.records.writing(self.office.hub_id) as session:
            packet = get_packet(session, self.packet_id)
            return path_of(participant_link(session, packet, self.office.clock.at))

    def approvals(self) -> list[Approval]:
        """Every approval that was ever given."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return list(session.exec(select(Approval)).all())

    def reviews(self) -> list[PacketReview]:
        """What readers said."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return list(
                session.exec(
                    select(PacketReview).where(PacketReview.packet_id == self.packet_id)
                ).all()
            )

    def taken(self) -> list[tuple[str, str, str]]:
        """Downloads in the audit trail: who, what, of what."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            rows = session.exec(select(AuditEvent)).all()
        return [
            (row.actor, row.action, row.subject_id) for row in rows if row.action.startswith("took")
        ]


MAKES = ("docx", "pdf", "exhibits")


def a_packet(office: Office, *, language: str = "en", phone: str = "+13055550110") -> Scene:
    """A release packet for the hearing of 8 December, with counsel named and nothing built."""
    records = office.house.records
    case = a_case(records, NOW, language=language, phone=phone)
    a_hearing(records, case, "2026-12-08 09:00", NOW)
    with records.writing(office.hub_id) as session:
        set_counsel(session, case.id, COUNSEL, ROSA, NOW)
        packet = request_packet(
            session,
            case.id,
            PacketKind.RELEASE,
            PacketContent(ask="We ask for release to his mother's home.", judge="Hon. A. Rivera"),
            ROSA,
            NOW,
            sections=SAID,
        )
    return Scene(office, case.id, packet.id)


def with_mother(scene: Scene) -> str:
    """Denise joins the circle; her person id."""
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        packet = get_packet(session, scene.packet_id)
        case = get_case(session, packet.case_id)
    return a_mother(scene.office.house.records, case, NOW)


def a_letter(
    scene: Scene,
    *,
    first: str = "Lee",
    last: str = "Mills",
    state: LetterState = LetterState.SENT,
    body: str = "I have known Marcus for ten years.",
) -> Letter:
    """A letter of the pastor's, in unless said otherwise."""
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        person = Person(first_name=first, last_name=last)
        session.add(person)
        session.flush()
        sent = state == LetterState.SENT
        letter = Letter(
            packet_id=scene.packet_id,
            writer_id=person.id,
            relationship="pastor",
            state=state,
            asked_at=NOW,
            sent_at=NOW if sent else None,
            body=body,
            signed_as=f"Pastor {first} {last}" if sent else "",
            signed_on=NOW.date() if sent else None,
        )
        session.add(letter)
        return letter


def an_exhibit(scene: Scene, *, title: str = "Pay stub", file_name: str = "stub.pdf") -> Exhibit:
    """An exhibit, in PDF."""
    stored = scene.office.house.store.put(f"exhibit {title}".encode())
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        exhibit = Exhibit(
            packet_id=scene.packet_id,
            kind=ExhibitKind.EMPLOYMENT,
            title=title,
            file_name=file_name,
            media_type="application/pdf",
            document_key=stored.key,
            sha256=stored.sha256,
            size=stored.size,
        )
        session.add(exhibit)
        return exhibit


def inside(office: Office, path: str) -> Browser:
    """A browser that pressed the button of a private link."""
    browser = office.browser()
    answer = browser.post(path)
    assert answer.status_code == 303, answer.status_code
    assert answer.headers["location"] == path
    return browser


def pass_time(office: Office, **more: float) -> None:
    """Let the clock go on."""
    office.clock.at += timedelta(**more)
