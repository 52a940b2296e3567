"""What the advocate writes into the release packet."""

from __future__ import annotations

from collections.abc import Mapping

from cli.demonstration.cast import Cast
from records.packets import PacketContent


def without_letter(cast: Cast, people: Mapping[str, str]) -> PacketContent:
    """The packet as first written.

    Args:
        cast: of the story.
        people: role by person id, of those in the circle.
    """
    return _content(cast, people, ())


def with_letter(cast: Cast, people: Mapping[str, str]) -> PacketContent:
    """The same with what the employer wrote."""
    return _content(cast, people, (f"{cast.job.reference}, {cast.job.at}",))


def _content(cast: Cast, people: Mapping[str, str], letters: tuple[str, ...]) -> PacketContent:
    her, mother, aunt = cast.defendant, cast.mother, cast.aunt
    job = f"She has worked as a {cast.job.trade} at {cast.job.at} for two years."
    kept = f" {cast.job.reference}, writes that her place is kept until the end of next week."
    helps = {
        mother.role: "Lives with her. Drives her to every court date and sits in the courtroom.",
        aunt.role: f"Looks after {cast.child} on court days and writes down every date.",
    }
    return PacketContent(
        ask=(
            f"We ask the court to release {her.name} to her family while the case goes on, with "
            "reminders before each date, a ride to court, and weekly contact with the hub."
        ),
        ties=(
            f"{her.first_name} {her.last_name} has lived in {cast.town} all her life. Her mother "
            "and her aunt live within ten minutes of each other.",
            "She sings in the choir of the church on the corner and has helped with its Saturday "
            "meals for the past four years.",
        ),
        residence=(
            f"She lives with her mother, {mother.name}, and can go home today. The lease is paid.",
        ),
        occupation=(job + (kept if letters else ""),),
        caregiving=(
            f"Her child {cast.child} is {cast.child_age}. She brings {cast.child} to school each "
            "morning and is the one the school calls.",
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
        letters=(f"{mother.name}, mother", *letters),
        helpers={person: helps[role] for person, role in people.items() if role in helps},
    )
