"""A response to an alleged violation: what was kept, what got in the way, what has changed."""

from __future__ import annotations

from datetime import date, time

from activities.documents.packet_examples.people import full, sparse
from activities.documents.packet_values import (
    EnclosedExhibit,
    EnclosedLetter,
    Hearing,
    Helper,
    MitigationPacket,
    Passage,
    SupportStep,
)


def full_violation_packet() -> MitigationPacket:
    """Every part is filled."""
    return full(
        kind="violation",
        hearing=Hearing("probation violation", date(2028, 3, 9), time(8, 45)),
        prepared_on=date(2028, 3, 1),
        version=1,
        ask="We ask the court to continue Mr. Johnson on probation, under the revised plan below. "
        "In nine months he has kept forty-six of forty-nine appointments. The three that he "
        "missed fall into nineteen days, have one cause, and that cause is gone.",
        sections={
            "compliance": _COMPLIANCE,
            "cause": _CAUSE,
            "cure": _CURE,
            "alternative": _REVISED,
        },
        plan=_PLAN,
        conditions=(
            "A check-in by phone with the probation officer each Monday until June.",
            "Location of every appointment on the family's calendar, which the hub can see.",
        ),
        helpers=(
            Helper(
                "Tanya Johnson", "Sister, lives with him", "Drives him when the bus does not run."
            ),
            Helper(
                "Maria Santos", "Manager", "Moves his shift within the day when the officer calls."
            ),
            Helper(
                "Rosa Delgado", "Advocate", "Calls on the evening before, and sits in the room."
            ),
        ),
        reminders=(
            "Text messages three days and one day before each appointment, and on the morning of "
            "it.",
            "If he has not answered by noon on the day before, we call his sister.",
        ),
        transport="A monthly bus pass is paid through September, and his sister drives on the "
        "days on which the route to the probation office is cut.",
        letters=(
            EnclosedLetter("Tanya Johnson", "his sister", 1),
            EnclosedLetter("Maria Santos", "manager, Blue Heron Kitchen", 1),
        ),
        exhibits=(
            EnclosedExhibit("A", "Log of appointments, June 2027 to February 2028", 2),
            EnclosedExhibit("B", "Hospital discharge papers of Ruth Johnson", 2),
            EnclosedExhibit("C", "Notice of the transit department, January 24, 2028", 1),
        ),
    )


def sparse_violation_packet() -> MitigationPacket:
    """Nothing but what is required, approved."""
    return sparse(
        kind="violation",
        hearing=Hearing("probation violation", date(2026, 12, 3)),
        ask="We ask the court to continue supervision.",
    )


_COMPLIANCE = (
    Passage(
        "From June 2027 to January 2028 he kept every one of forty-three appointments with his "
        "probation officer and his counselor, and was early for most of them.",
        confirmed_by="log of appointments, Exhibit A",
    ),
    Passage(
        "He has paid $560 of the $640 in restitution, and finished the hundred hours of community "
        "work two months before they were due.",
        confirmed_by="log of appointments, Exhibit A",
    ),
    Passage(
        "In his file I have one note in red, and it is this one.",
        said_by="his counselor, Bayside Counseling, to our advocate on February 21",
        quote=True,
    ),
)
_CAUSE = (
    Passage(
        "On January 26 his grandmother, whom he drives to dialysis, was taken to the hospital, "
        "where she stayed for sixteen days. Two days before, the transit department had cut the "
        "evening route to the probation office.",
        confirmed_by="discharge papers, Exhibit B; notice of the transit department, Exhibit C",
    ),
    Passage(
        "He worked, slept at the hospital, and missed three appointments. He left a voice message "
        "for the first; for the other two he did not call. He says so himself, and says that he "
        "was ashamed of the first.",
        said_by="Mr. Johnson",
    ),
)
_CURE = (
    Passage(
        "He went to the probation office without being asked on February 14, two days after his "
        "grandmother came home, and has kept every appointment since.",
        confirmed_by="log of appointments, Exhibit A",
    ),
    Passage(
        "The county's van now takes his grandmother to dialysis. His appointments have been moved "
        "to Monday mornings, when the bus runs and his shift has not begun.",
    ),
)
_REVISED = (
    Passage(
        "The plan keeps what worked and mends the two places where it broke: the way there, and "
        "the silence after a miss. From now on a missed appointment has a second person who knows "
        "of it the same day.",
    ),
)
_PLAN = (
    SupportStep(
        "Probation office, in person", "Officer of record", "Mondays, 9:00 a.m.", "Three kept"
    ),
    SupportStep("Trauma counseling", "Bayside Counseling", "Thursdays, 6:30 p.m.", "Under way"),
    SupportStep("Last two payments of restitution", "Clerk of the court", "By April 30", "Set up"),
    SupportStep(
        "Call on the evening before each appointment",
        "Liberty City Community Defense",
        "Until June",
        "Under way",
    ),
)
