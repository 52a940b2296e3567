"""A progress report for a status date: every step of the plan, and where it stands."""

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


def full_progress_report() -> MitigationPacket:
    """Every part is filled."""
    return full(
        kind="progress",
        hearing=Hearing("status", date(2027, 6, 17), time(13, 30)),
        prepared_on=date(2027, 6, 10),
        version=1,
        ask="In the four months since the case was diverted, Mr. Johnson has completed the "
        "conflict-resolution group, kept fifteen of sixteen counseling sessions, and worked all "
        "forty hours in the food pantry. One session was missed and made up in the same week. "
        "Counseling goes on until August.",
        sections={"progress": _PROGRESS, "who": _WHO, "goals": _GOALS},
        plan=_PLAN,
        conditions=(
            "Counseling until August 19, and a last report to the court.",
            "No contact with the complaining witness. There has been none.",
        ),
        helpers=(
            Helper("Denise Johnson", "Mother", "Keeps his daughter on Thursday evenings."),
            Helper("Maria Santos", "Manager", "Keeps his Thursdays free."),
        ),
        letters=(EnclosedLetter("Dr. Amina Yusuf", "Overtown Family Center", 1),),
        exhibits=(
            EnclosedExhibit("A", "Certificate of completion, conflict-resolution group", 1),
            EnclosedExhibit("B", "Attendance, Bayside Counseling (with his consent)", 1),
            EnclosedExhibit("C", "Log of the Overtown food pantry", 2),
        ),
    )


def sparse_progress_report() -> MitigationPacket:
    """Nothing but what is required, approved."""
    return sparse(
        kind="progress",
        hearing=Hearing("review", date(2026, 12, 15)),
        ask="Every step of the plan has been kept.",
    )


_PROGRESS = (
    Passage(
        "The group of twelve sessions ended on May 4. He attended all twelve, and has been asked "
        "to come back as a mentor in the fall.",
        confirmed_by="certificate, Exhibit A, and letter of Dr. Yusuf, enclosed",
    ),
    Passage(
        "The missed session was that of April 22: his daughter had a fever. He called the "
        "counselor that morning and our hub at noon, and went on the Saturday instead.",
        confirmed_by="attendance, Exhibit B",
    ),
)
_WHO = (
    Passage(
        "He speaks last in the group, and the others wait for it.",
        said_by="Dr. Amina Yusuf, Overtown Family Center",
        quote=True,
    ),
)
_GOALS = (
    Passage(
        "In March he passed the examination for the food-safety manager's certificate. From July "
        "he will run the Sunday brunch at Blue Heron Kitchen.",
    ),
)
_PLAN = (
    SupportStep(
        "Conflict-resolution group, twelve sessions",
        "Overtown Family Center",
        "Feb. 16 to May 4",
        "Completed",
    ),
    SupportStep(
        "Trauma counseling, six months",
        "Bayside Counseling",
        "Thursdays until Aug. 19",
        "15 of 16 kept",
    ),
    SupportStep(
        "Forty hours of community work", "Overtown food pantry", "By June 30", "Completed May 22"
    ),
    SupportStep("Report to the court", "Our hub", "Every sixty days", "This is the second"),
)
