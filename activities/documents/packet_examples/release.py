"""A release packet: a young father before a bail review."""

from __future__ import annotations

from datetime import date, time

from activities.documents.packet_examples.people import CHARGES, full, sparse
from activities.documents.packet_values import (
    EnclosedExhibit,
    EnclosedLetter,
    Hearing,
    Helper,
    MitigationPacket,
    Passage,
    SupportStep,
)


def full_release_packet() -> MitigationPacket:
    """Every part is filled: a draft for a bail review."""
    return full(
        kind="release",
        hearing=Hearing("bail review", date(2026, 11, 19), time(9, 0)),
        prepared_on=date(2026, 11, 16),
        version=2,
        ask="We ask the court to release Mr. Johnson on his own recognizance, with the conditions "
        "offered below. He has lived in Liberty City for all of his 24 years, works full time, "
        "and takes his daughter to school in the morning. Four people who know him well, and our "
        "hub, have promised in writing to bring him to every court date. Even a bail of $500 "
        "would cost him his job, and his daughter her routine, before the case is heard.",
        charges=CHARGES,
        sections={
            "ties": _TIES,
            "residence": _RESIDENCE,
            "occupation": _OCCUPATION,
            "caregiving": _CAREGIVING,
        },
        helpers=_HELPERS,
        conditions=_CONDITIONS,
        plan=_PLAN,
        reminders=_REMINDERS,
        transport="A driver from our hub picks Mr. Johnson up at home at 7:45 a.m. on every court "
        "day; if the driver is held up, his mother drives. The courthouse is 25 minutes away, and "
        "a direct bus stops at his corner.",
        letters=_LETTERS,
        exhibits=_EXHIBITS,
    )


def sparse_release_packet() -> MitigationPacket:
    """Nothing but what is required, approved, for a first appearance."""
    return sparse(
        kind="release",
        hearing=Hearing("first appearance", date(2026, 11, 17)),
        ask="We ask the court to release Ms. Ruiz on her own recognizance.",
    )


_TIES = (
    Passage(
        "Mr. Johnson was born in this neighborhood and has never lived more than twelve blocks "
        "from where he was born. His mother, his two sisters and his grandmother live on the same "
        "street as he does.",
        confirmed_by="letter of Denise Johnson, enclosed",
    ),
    Passage(
        "He has sung in the choir of Mount Calvary Baptist Church since he was nine, and has "
        "coached its under-ten basketball team for the past three winters.",
        confirmed_by="letter of Pastor Samuel Greene, enclosed",
    ),
)
_RESIDENCE = (
    Passage(
        "He rents a two-bedroom apartment with his sister Tanya and can return there today. The "
        "rent is paid through December.",
        confirmed_by="lease of March 2, 2025, Exhibit A",
    ),
)
_OCCUPATION = (
    Passage(
        "He has worked as a line cook at Blue Heron Kitchen since May 2023, five shifts a week, "
        "and was made shift lead in August. His manager will hold the job until Friday, November "
        "20.",
        confirmed_by="pay stub of October 30, 2026, Exhibit B, and letter of Maria Santos, "
        "enclosed",
    ),
    Passage(
        "On Tuesday and Thursday evenings he studies for a food-safety manager's certificate; the "
        "examination is on December 8."
    ),
)
_CAREGIVING = (
    Passage(
        "His daughter Amara is six. He takes her to school four mornings a week and has her from "
        "Friday to Sunday. Her mother writes that no one else can bring the child to school while "
        "she works the early shift.",
        confirmed_by="letter of Keisha Brown, enclosed",
    ),
    Passage("He brings his grandmother, who does not drive, to dialysis on Saturdays."),
    Passage(
        "When Daddy takes me we count the buses. I am at school before the bell.",
        said_by="Amara, in the letter of her mother",
        quote=True,
    ),
)
_HELPERS = (
    Helper(
        "Denise Johnson",
        "Mother",
        "Calls him at 7:00 on court mornings, and drives him if the ride does not come.",
    ),
    Helper(
        "Tanya Johnson",
        "Sister, lives with him",
        "Keeps the court dates on the kitchen calendar; goes with him to the next two hearings.",
    ),
    Helper(
        "Pastor Samuel Greene",
        "Pastor",
        "Sits with him in the courtroom, and sees him each Wednesday at choir.",
    ),
    Helper(
        "Rosa Delgado",
        "Advocate, Liberty City Community Defense",
        "Sends reminders, arranges the ride, and meets him at the courthouse door at 8:30.",
    ),
)
_CONDITIONS = (
    "A weekly check-in by phone with our hub; counsel hears of a missed one the same day.",
    "Residence with his sister, at the address given to pretrial services.",
    "No contact with the complaining witness, in person, by phone or online.",
    "A conflict-resolution group at Overtown Family Center, first session on November 24.",
)
_PLAN = (
    SupportStep("Intake interview", "Overtown Family Center", "Nov. 23, 10:00 a.m.", "Booked"),
    SupportStep(
        "Conflict-resolution group, twelve sessions",
        "Overtown Family Center",
        "Tuesdays from Nov. 24",
        "Place confirmed",
    ),
    SupportStep("Food-safety certificate", "Evening college", "Exam Dec. 8", "Enrolled"),
    SupportStep("Child-support review", "Neighborhood law clinic", "Dec. 3, 2:00 p.m.", "Referred"),
)
_REMINDERS = (
    "Text messages seven days, three days and one day before each date, and on the morning of it; "
    "he has confirmed his number with us.",
    "If he has not answered by noon on the day before, we call his mother and his sister, as he "
    "has asked us to.",
)
_LETTERS = (
    EnclosedLetter("Denise Johnson", "mother", 1),
    EnclosedLetter("Keisha Brown", "mother of his daughter", 1),
    EnclosedLetter("Pastor Samuel Greene", "Mount Calvary Baptist Church", 2),
    EnclosedLetter("Maria Santos", "manager, Blue Heron Kitchen", 1),
)
_EXHIBITS = (
    EnclosedExhibit("A", "Lease of March 2, 2025", 4),
    EnclosedExhibit("B", "Pay stub of October 30, 2026, Blue Heron Kitchen", 1),
)
