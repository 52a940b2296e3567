"""Two packets: a sentencing packet that waits for counsel, a release packet that is approved."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from activities.documents.store import DocumentStore
from activities.example.living import Deed, Moment
from activities.example.people import BY, Scene, phone_of
from activities.exhibit_uploads import take_exhibit
from activities.packet_inputs import gather
from domain.letters import CONTACT, Draft
from domain.vocabulary import Channel, ExhibitKind, PacketKind, Verdict
from records.casework import Source
from records.circle import NewContact
from records.database import HubSession
from records.exhibits import NewExhibit, add_exhibit
from records.letter_writing import open_letter, save_letter, send_letter
from records.letters import Writer, ask_for_letter
from records.packet_reviews import approve, bound_hash, newest_version, note_participant
from records.packets import PacketContent, get_packet, request_packet
from records.passages import Said, Sections
from records.tables import PacketVersion

OWEN: Final[Sections] = {
    "who": [
        Said("Owen Marsh is forty-one and has lived in Example City since he was six."),
        Said(
            "He is the one who stays until the chairs are stacked.",
            said_by="Pastor Bell, in his letter",
            quote=True,
        ),
    ],
    "background": [Said("His father laid brick, and taught Owen to do it at fourteen.")],
    "family": [Said("He and his wife, June, have two children, who are seven and ten.")],
    "employment": [Said("He has laid brick for the same firm for eleven years.")],
    "circumstances": [
        Said("It was the week in which his brother died, and he had not slept. He says so himself.")
    ],
    "growth": [Said("Since the arrest he has been at every meeting of a fathers' group.")],
    "alternative": [
        Said("Supervision in the community, work on weekdays, and the fathers' group on Tuesdays.")
    ],
}
NADIA: Final[Sections] = {
    "ties": [Said("Nadia Frost has lived on the same street all her life; her mother does too.")],
    "residence": [Said("She can go home to her mother, Irene Frost, today. The rent is paid.")],
    "occupation": [Said("She has packed orders at Example Warehouse for three years.")],
    "caregiving": [Said("She drives her grandmother to dialysis twice a week.")],
}
_HELPS: Final = {
    "June": "Drives him to every court date.",
    "Irene": "Gives her a room, and comes to every court date.",
}


def moments(scene: Scene, store: DocumentStore) -> Iterator[Moment]:
    """Both packets, from asking to where they stand.

    Args:
        store: takes the one photograph that goes with them. Blocks: call it from a thread.
    """
    yield from _owens(scene)
    photograph = take_exhibit(store, "pay-stub.jpg", pay_stub())
    yield from _nadias(scene, photograph)


def _owens(scene: Scene) -> Iterator[Moment]:
    """A pastor has written, a coach has not; Owen has read it, and counsel has it."""
    days = scene.days
    yield Moment(
        days.ago(8, 10),
        _asked(scene, "Owen", PacketKind.SENTENCING, OWEN, "Judge Ames", "June"),
    )
    yield Moment(days.ago(8, 10, 20), _writer(scene, "Owen", "Bell", "Samuel", "pastor", "42"))
    yield Moment(days.ago(8, 10, 30), _writer(scene, "Owen", "Reed", "Toni", "coach", "43"))
    answers = {
        "who": "I am the pastor of Example Street Church.",
        "know": "I have known Owen for nine years, since he came to mend our wall and stayed.",
        "story": "When the hall flooded he was there before the fire brigade, and after it.",
        "will": "I will pick him up on Tuesdays for the fathers' group, as I do now.",
    }
    yield Moment(days.ago(5, 19), _written(scene, "Owen", "Bell", "Samuel Bell", answers))
    yield Moment(days.ago(3, 15), _agreed(scene, "Owen", "That is my life, as it is."))


def _nadias(scene: Scene, photograph: NewExhibit) -> Iterator[Moment]:
    """A manager has written, Nadia has agreed by telephone, and counsel has approved."""
    days = scene.days
    yield Moment(
        days.ago(12, 10),
        _asked(scene, "Nadia", PacketKind.RELEASE, NADIA, "Judge Orr", "Irene"),
    )
    yield Moment(days.ago(12, 10, 20), _writer(scene, "Nadia", "Hale", "Kit", "manager", "44"))
    answers = {
        "who": "I manage the evening shift at Example Warehouse.",
        "know": "I have worked beside Nadia for three years.",
        "story": "In the snow week she walked in, and taught two new people while she was at it.",
        "will": "Her place is open. I will set her hours around every court date.",
    }
    yield Moment(days.ago(10, 18), _written(scene, "Nadia", "Hale", "Kit Hale", answers))
    titled = replace(photograph, title="Pay stub, Example Warehouse", kind=ExhibitKind.EMPLOYMENT)

    def enclosed(session: HubSession, now: datetime) -> None:
        add_exhibit(session, scene.more["Nadia packet"], titled, BY, now)

    yield Moment(days.ago(10, 18) + timedelta(seconds=1), enclosed)
    yield Moment(days.ago(6, 14), _agreed(scene, "Nadia", "Yes. That is me."))
    yield Moment(days.ago(5, 10), _approved(scene, "Nadia"))


def _asked(
    scene: Scene, name: str, kind: PacketKind, sections: Sections, judge: str, helper: str
) -> Deed:
    def deed(session: HubSession, now: datetime) -> None:
        content = PacketContent(
            judge=judge,
            prepared_by="Ada Example",
            transport=f"{helper} drives. If the car fails, the hub sends a ride.",
            helpers={scene.people[helper]: _HELPS[helper]},
        )
        packet = request_packet(
            *(session, scene.cases[name], kind, content, BY, now),
            hearing_id=scene.more[f"{name} hearing"],
            sections=sections,
        )
        scene.more[f"{name} packet"] = packet.id

    return deed


def _writer(scene: Scene, name: str, last: str, first: str, relationship: str, phone: str) -> Deed:
    def deed(session: HubSession, now: datetime) -> None:
        words = "Yes. Text me the link."
        way = NewContact(Channel.SMS, phone_of(phone), words, how="by phone")
        writer = Writer(first, last, relationship, contacts=(way,))
        row = ask_for_letter(session, scene.more[f"{name} packet"], writer, BY, now)
        scene.more[f"{last} letter"] = row.id

    return deed


def _written(scene: Scene, name: str, last: str, signed_as: str, answers: dict[str, str]) -> Deed:
    """The writer answers the questions behind the link, and signs."""

    def deed(session: HubSession, now: datetime) -> None:
        letter, source = scene.more[f"{last} letter"], Source(f"letter:{last}", "link")
        open_letter(session, letter, source, now)
        draft = Draft({**answers, CONTACT: "Example City"})
        saved = save_letter(session, letter, draft, source, now)
        send_letter(session, letter, signed_as, source, now, seen_revision=saved.revision)

    return deed


def _agreed(scene: Scene, name: str, words: str) -> Deed:
    """The participant has heard the newest version, and agrees: it goes to counsel."""

    def deed(session: HubSession, now: datetime) -> None:
        packet_id = scene.more[f"{name} packet"]
        newest = _newest(session, packet_id)
        about = (packet_id, newest.id, Verdict.AGREES, words, name)
        note_participant(session, *about, BY, now)

    return deed


def _approved(scene: Scene, name: str) -> Deed:
    """Counsel approves what counsel read, behind the link."""

    def deed(session: HubSession, now: datetime) -> None:
        packet = get_packet(session, scene.more[f"{name} packet"])
        newest = _newest(session, packet.id)
        approve(
            *(session, packet.id, newest.id),
            seen_hash=bound_hash(newest),
            current_hash=gather(session, packet, now).content_hash,
            signed_as="Avery Example",
            source=Source("counsel:example", "link"),
            now=now,
        )

    return deed


def _newest(session: HubSession, packet_id: str) -> PacketVersion:
    newest = newest_version(session, packet_id)
    if newest is None:
        raise LookupError("The packet of the example was not built.")
    return newest


def pay_stub() -> bytes:
    """A photograph of a made-up pay stub: a JPEG of some 15 KB."""
    image = Image.new("RGB", (900, 560), (122, 96, 74))
    draw = ImageDraw.Draw(image)
    draw.rectangle((36, 36, 864, 524), fill=(251, 250, 245))
    lines = ("Example Warehouse", "Earnings statement", "Nadia Frost", "Hours 76.00", "Net $1,251")
    for number, line in enumerate(lines):
        font = ImageFont.load_default(34 if number == 0 else 26)
        draw.text((80, 80 + 76 * number), line, font=font, fill=(38, 41, 46))
    made = io.BytesIO()
    image.save(made, "JPEG", quality=70)
    return made.getvalue()
