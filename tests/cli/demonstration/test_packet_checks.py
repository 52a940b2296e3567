"""The checks on the demo's packet: silent when all is well, and each finds what it is there for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import lru_cache
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from activities.documents import full_release_packet, packet_context, render_docx
from activities.documents.binding import BoundPart, LetterPage, bind, letter_pdf
from activities.documents.packet_values import Approval as ApprovedBy
from cli.demonstration.almanac import almanac_of
from cli.demonstration.cast import cast_of
from cli.demonstration.lived import Files
from cli.demonstration.packet_checks import PACKET_CHECKS, Kept, packet_faults
from cli.demonstration.packet_words import letter, pay_stub_title
from cli.demonstration.story import Filing, Reading, Story
from domain.vocabulary import LinkPurpose, PacketState
from records.packet_reviews import bound_hash
from records.tables import Approval, Message, Packet, PacketVersion, PrivateLink
from templates.packets import packet_template
from tests.activities.documents.binding.pdfs import job, scan

APPROVED, FILED, MARKED, CONTENTS, TOLD = PACKET_CHECKS
NOW = datetime(2027, 3, 10, 16, 0, tzinfo=UTC)
CAST = cast_of(Random(5), 2027)
DAYS = almanac_of(Random(5), date(2027, 3, 5))
LETTER_KEY, COUNSEL_KEY = "AAAAAAAAAAAAAAAAAAAAA1", "BBBBBBBBBBBBBBBBBBBBB2"


@lru_cache
def word(*, draft: bool) -> bytes:
    """A packet's Word file."""
    approval = None if draft else ApprovedBy(CAST.counsel.name, date(2027, 3, 10))
    packet = replace(full_release_packet(), approval=approval)
    return render_docx(packet_template("release"), packet_context(packet))


@lru_cache
def pages(*, draft: bool) -> bytes:
    """A packet's bound PDF, with the story's letter and exhibit."""
    who, job_ = CAST.writer, CAST.job
    page = LetterPage(
        to=CAST.judge,
        person=CAST.defendant.name,
        writer=who.name,
        relationship=job_.their,
        date="March 9, 2027",
        body=letter(CAST).body,
        signed_as=who.name,
    )
    written = BoundPart(who.name, letter_pdf(page), job_.their)
    stub = BoundPart(pay_stub_title(CAST), scan(), label="A")
    return bind(job(draft=draft, letters=(written,), exhibits=(stub,))).pdf


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def version(number: int, docx: bytes, pdf: bytes, approval_id: str = "") -> PacketVersion:
    return PacketVersion(
        id=f"version {number}",
        packet_id="packet",
        number=number,
        inputs_hash=f"inputs {number}",
        content_hash="content",
        approval_id=approval_id,
        template="release",
        template_version="1",
        docx_sha256=digest(docx),
        pdf_sha256=digest(pdf),
        built_at=NOW,
    )


@dataclass
class Lived:
    """A packet that went its way as it should."""

    story: Any
    kept: Kept
    files: Files

    def faults(self, name: str) -> list[str]:
        story = cast("Story", self.story)
        return packet_faults(PACKET_CHECKS[name], story, self.kept, self.files)


def link(purpose: LinkPurpose, key: str, person: str) -> PrivateLink:
    return PrivateLink(
        purpose=purpose,
        token_hash=digest(key.encode()),
        token=key,
        packet_id="packet",
        person_id=person,
        expires_at=NOW,
    )


def message(step: str, person: str) -> Message:
    return Message(
        claim=f"{step} {person}",
        packet_id="packet",
        person_id=person,
        step=step,
        audience="family",
        language="en",
        channel="sms",
        transport="sms",
        template=step,
        template_version="1",
        claimed_at=NOW,
    )


def mail(words: str) -> SimpleNamespace:
    made = EmailMessage()
    made.set_content(words)
    return SimpleNamespace(recipients=(CAST.counsel.email,), message=made)


def text(phone: str, words: str) -> SimpleNamespace:
    return SimpleNamespace(to=phone, body=words)


@pytest.fixture
def lived() -> Lived:
    read = version(3, word(draft=True), pages(draft=True))
    final = version(4, word(draft=False), pages(draft=False), "approval")
    approval = Approval(
        id="approval",
        packet_id="packet",
        version_id=read.id,
        approved_by="counsel:c",
        approved_at=NOW,
        content_hash="content",
        bound_hash=bound_hash(read),
    )
    packet = Packet(
        id="packet",
        case_id="case",
        state=PacketState.FILED,
        requested_at=NOW,
        filed_on=DAYS.packet_filed.date(),
    )
    at_letter, at_counsel = f"https://h.example.org/letter/{LETTER_KEY}", f"/counsel/{COUNSEL_KEY}"
    texts = [text(CAST.writer.phone, f"{n}: {at_letter} Thanks") for n in "12"]
    texts.append(text(CAST.defendant.phone, "court is tomorrow"))
    told = (
        *(("letter_request", "w"), ("letter_nudge", "w")),
        *(("counsel_review", "c"), ("packet_ready", "c")),
    )
    story = SimpleNamespace(
        cast=CAST,
        days=DAYS,
        people={"w": "writer", "c": "counsel", "d": "defendant"},
        reading=Reading(read.id, bound_hash(read)),
        filing=Filing("approval", "content", final.id),
        world=SimpleNamespace(
            texts=SimpleNamespace(accepted=lambda: texts),
            mail=SimpleNamespace(messages=[mail(f"Read it: https://h{at_counsel}")] * 2),
        ),
    )
    kept = Kept(
        packet,
        [read, final],
        [approval],
        [message(step, person) for step, person in told],
        [
            link(LinkPurpose.LETTER, LETTER_KEY, "w"),
            link(LinkPurpose.COUNSEL, COUNSEL_KEY, "c"),
        ],
    )
    files = Files(
        word(draft=False), pages(draft=False), "", b"", word(draft=True), pages(draft=True)
    )
    return Lived(story, kept, files)


@pytest.mark.parametrize("name", PACKET_CHECKS)
def test_a_packet_that_went_its_way_has_no_fault(lived: Lived, name: str) -> None:
    assert lived.faults(name) == []


def void(lived: Lived) -> None:
    lived.kept.approvals[0].voided_at = NOW


def approve_twice(lived: Lived) -> None:
    lived.kept.approvals.append(lived.kept.approvals[0])


def read_another(lived: Lived) -> None:
    lived.kept.approvals[0].version_id = lived.kept.versions[1].id


def change_before_filing(lived: Lived) -> None:
    lived.story.filing = replace(lived.story.filing, content_hash="other")


def swap_the_bytes(lived: Lived) -> None:
    lived.files = replace(lived.files, draft_pdf=lived.files.pdf)


@pytest.mark.parametrize(
    "wrong", [void, approve_twice, read_another, change_before_filing, swap_the_bytes]
)
def test_an_approval_that_does_not_hold_is_found(
    lived: Lived, wrong: Callable[[Lived], None]
) -> None:
    wrong(lived)
    assert lived.faults(APPROVED)


def leave_unfiled(lived: Lived) -> None:
    lived.kept.packet.state = PacketState.DELIVERED


def build_once_more(lived: Lived) -> None:
    lived.kept.versions.append(version(5, b"w", b"p"))


def write_the_draft(lived: Lived) -> None:
    lived.files = replace(lived.files, docx=lived.files.draft_docx)


@pytest.mark.parametrize("wrong", [leave_unfiled, build_once_more, write_the_draft])
def test_files_that_are_not_what_was_filed_are_found(
    lived: Lived, wrong: Callable[[Lived], None]
) -> None:
    wrong(lived)
    assert lived.faults(FILED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"docx": word(draft=True)},
        {"pdf": pages(draft=True)},
        {"draft_docx": word(draft=False)},
        {"draft_pdf": pages(draft=False)},
        {"draft_pdf": b"", "pdf": b"", "pdf_problem": "Install LibreOffice."},
        {"draft_docx": b"no Word file"},
    ],
)
def test_a_mark_too_many_or_too_few_is_found(lived: Lived, wrong: dict[str, Any]) -> None:
    lived.files = replace(lived.files, **wrong)
    assert lived.faults(MARKED)


def test_contents_without_the_letter_or_the_exhibit_are_found(lived: Lived) -> None:
    lived.files = replace(lived.files, pdf=bind(job(letters=(), exhibits=())).pdf)
    assert len(lived.faults(CONTENTS)) == 2
    lived.files = replace(lived.files, pdf=b"%PDF-1.7 torn")
    assert len(lived.faults(CONTENTS)) == 1


def send_it_again(lived: Lived) -> None:
    lived.kept.messages.append(message("counsel_review", "c"))


def forget_to_remind(lived: Lived) -> None:
    del lived.kept.messages[1]


def write_to_her(lived: Lived) -> None:
    words = text(CAST.defendant.phone, f"https://h.example.org/read/{LETTER_KEY}")
    lived.story.world.texts.accepted().append(words)


def hand_out_another_link(lived: Lived) -> None:
    lived.kept.links[0].token = "C" * 22


@pytest.mark.parametrize(
    "wrong", [send_it_again, forget_to_remind, write_to_her, hand_out_another_link]
)
def test_a_message_too_many_too_few_or_with_another_link_is_found(
    lived: Lived, wrong: Callable[[Lived], None]
) -> None:
    wrong(lived)
    faults = lived.faults(TOLD)
    assert faults
    assert not any(LETTER_KEY in fault or CAST.defendant.phone in fault for fault in faults)
