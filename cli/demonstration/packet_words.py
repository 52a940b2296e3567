"""What people say in the release packet: the advocate, her mother, and who answers for her work."""

from __future__ import annotations

from collections.abc import Mapping

from cli.demonstration.cast import Cast
from domain.letters import CONTACT, Draft
from records.packets import PacketContent
from records.passages import Said, Sections


def content(cast: Cast, people: Mapping[str, str]) -> PacketContent:
    """What stands around the sections.

    Args:
        cast: of the story.
        people: role by person id, of those in the circle.
    """
    her, mother, aunt = cast.defendant, cast.mother, cast.aunt
    helps = {
        mother.role: "Lives with her. Drives her to every court date and sits in the courtroom.",
        aunt.role: f"Looks after {cast.child} on court days and writes down every date.",
    }
    return PacketContent(
        ask=(
            f"We ask the court to release {her.name} to her family while the case goes on, with "
            "reminders before each date, a ride to court, and weekly contact with the hub."
        ),
        conditions=(
            "A weekly check-in with the hub, in person or by phone.",
            f"Residence with her mother, {mother.name}.",
            "Help from Harbor Family Center, with a first visit within six weeks.",
        ),
        transport=(
            f"{mother.first_name} drives her to court. If the car fails, the hub sends a ride."
        ),
        judge=cast.judge,
        prepared_by=cast.advocate,
        helpers={person: helps[role] for person, role in people.items() if role in helps},
    )


def sections(cast: Cast) -> Sections:
    """What the packet says at first, each mother's word kept as hers."""
    her, mother = cast.defendant, cast.mother
    return {
        "ties": [
            Said(
                f"{her.name} has lived in {cast.town} all her life. Her mother and her aunt live "
                "within ten minutes of each other."
            ),
            Said(
                "She sings in the choir of the church on the corner and has helped with its "
                "Saturday meals for the past four years."
            ),
            _mothers_words(cast),
        ],
        "residence": [
            Said(
                f"She lives with her mother, {mother.name}, and can go home today. "
                "The lease is paid."
            )
        ],
        "occupation": [
            Said(f"She has worked as a {cast.job.trade} at {cast.job.at} for two years.")
        ],
        "caregiving": [
            Said(
                f"Her child {cast.child} is {cast.child_age}. She brings {cast.child} to school "
                "each morning and is the one the school calls."
            )
        ],
    }


def _mothers_words(cast: Cast) -> Said:
    """Her mother on the telephone; Spanish is kept beside the English that the judge reads."""
    her, mother = cast.defendant, cast.mother
    said_by = f"{mother.name}, her mother"
    english = (
        f"When my knee was done, {her.first_name} slept on my floor for three weeks and still "
        "made it to work. That is who you have in there."
    )
    if mother.language != "es":
        return Said(english, said_by=said_by, quote=True)
    spanish = (
        f"Cuando me operaron de la rodilla, {her.first_name} durmió tres semanas en el suelo de mi "
        "cuarto y no faltó al trabajo. Esa es la persona que tienen ahí."
    )
    said_by += f" (translated from Spanish by {cast.advocate})"
    return Said(english, said_by=said_by, quote=True, original=spanish, language="es")


def letter(cast: Cast) -> Draft:
    """What whoever answers for her work answers on the letter's page, prompt by prompt."""
    her, job = cast.defendant, cast.job
    name = her.first_name
    return Draft(
        {
            "who": f"I am the {job.their} at {job.at}.",
            "know": (
                f"I have known {name} for two years. I hired her as a {job.trade}, and I have "
                "worked beside her on most days since."
            ),
            "story": (
                "In January a storm flooded the road and half the staff could not come in. "
                f"{name} walked an hour, opened up by herself, and stayed until nine at night so "
                "that nobody went without. She never asked what she would be paid for it."
            ),
            "will": (
                f"I am keeping {name}'s place for her, and I will set her hours around every "
                "court date."
            ),
            CONTACT: f"{job.at}, {_shown(cast.writer.phone)}",
        }
    )


def pay_stub_title(cast: Cast) -> str:
    """What the exhibit is called."""
    return f"Pay stub, {cast.job.at}"


def _shown(phone: str) -> str:
    """ "(305) 555-0142" """
    return f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
