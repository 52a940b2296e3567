"""What somebody who tells sees: the parts, and the questions of one with their own answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api.pages.private import PrivateVisit
from domain.interview import Question, asked_of_family, family_sections
from domain.packet_sections import SECTIONS
from records.tables import PacketPassage
from records.telling import Teller, words_mark


@dataclass(frozen=True, slots=True)
class Part:
    """One section as the list of parts shows it; `told` is how many answers they gave, "" for
    none."""

    key: str
    heading: str
    told: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One box for an answer.

    Attributes:
        name: of its fields: the question's key, with `.<id>` for one of several answers.
        id: of the answer that it shows; "" for a new one.
        mark: what they have read, for telling whether it changed meanwhile.
        problem: why it was not saved. `other`: what was saved elsewhere, where both are shown.
    """

    name: str
    words: str = ""
    title: str = ""
    mark: str = ""
    id: str = ""
    problem: str = ""
    other: str = ""
    other_title: str = ""

    @property
    def rows(self) -> int:
        """Lines of the box, enough for what stands in it."""
        return min(16, max(4, len(self.words) // 45 + self.words.count("\n") + 1))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its boxes; `gone` is the id of an answer that was just taken back."""

    key: str
    ask: str
    why: str
    example: str
    title_label: str
    slots: tuple[Slot, ...]
    gone: str = ""


def parts_of(visit: PrivateVisit, teller: Teller, told: list[PacketPassage]) -> list[Part]:
    """The parts of the interview that are for family, with how much they told in each."""
    counted = {
        section.key: len([row for row in told if row.section == section.key])
        for section in family_sections(teller.packet.kind)
    }
    return [
        Part(key, heading(visit, teller, key), str(count) if count else "")
        for key, count in counted.items()
    ]


def heading(visit: PrivateVisit, teller: Teller, section: str) -> str:
    """A section as family is told of it."""
    return visit.say(f"section.{section}", who=teller.called)


def section_after(teller: Teller, section: str) -> str:
    """The next part; "" after the last one."""
    keys = [part.key for part in family_sections(teller.packet.kind)]
    place = keys.index(section) + 1
    return keys[place] if place < len(keys) else ""


def slots_of(question: Question, told: list[PacketPassage]) -> tuple[Slot, ...]:
    """The boxes of a question: their answer, or each of several with one more to fill."""
    own = [row for row in told if (row.section, row.question) == (question.section, question.key)]
    shown = tuple(
        Slot(
            f"{question.key}.{row.id}" if question.many else question.key,
            row.original,
            row.title,
            words_mark(row.title, row.original),
            row.id,
        )
        for row in own
    )
    return (*shown, Slot(question.key)) if question.many or not shown else shown[:1]


def asked_of(
    visit: PrivateVisit,
    teller: Teller,
    section: str,
    told: list[PacketPassage],
    gone: PacketPassage | None,
    kept: Mapping[str, Slot],
) -> list[Asked]:
    """The questions of a section for family.

    Args:
        told: their own answers.
        gone: what they just took back.
        kept: by name, boxes whose words were not saved, as they stand on the form.
    """
    name = teller.called
    titled = SECTIONS[section].titled

    def one(question: Question) -> Asked:
        slots = slots_of(question, told)
        back = gone is not None and gone.question == question.key
        return Asked(
            key=question.key,
            ask=visit.say(f"{question.words}.ask", who=name),
            why=visit.say(f"{question.words}.why", who=name),
            example=visit.say(f"{question.words}.example", who=name),
            title_label=visit.say(f"title.{section}") if titled else "",
            slots=tuple(_kept(slot, kept) for slot in slots),
            gone=gone.id if gone is not None and back else "",
        )

    return [one(question) for question in asked_of_family(section)]


def _kept(slot: Slot, kept: Mapping[str, Slot]) -> Slot:
    found = kept.get(slot.name)
    return replace(found, id=slot.id or found.id) if found else slot
