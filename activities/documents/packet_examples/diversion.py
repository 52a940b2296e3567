"""A diversion packet: what a young man needs, and the places that have one for him."""

from __future__ import annotations

from datetime import date, time

from activities.documents.packet_examples.people import CHARGES, LYING, full, sparse, stand_in
from activities.documents.packet_values import (
    EnclosedExhibit,
    EnclosedLetter,
    Hearing,
    Helper,
    MitigationPacket,
    Passage,
    Photograph,
    SupportStep,
)


def full_diversion_packet() -> MitigationPacket:
    """Every part is filled."""
    return full(
        kind="diversion",
        hearing=Hearing("pretrial conference", date(2027, 2, 11), time(9, 30)),
        prepared_on=date(2027, 2, 1),
        version=2,
        ask="We propose that this case be diverted for twelve months. In that time Mr. Johnson "
        "would complete a conflict-resolution group and trauma counseling, keep his job and his "
        "home, and report to the court every sixty days. Both providers have accepted him in "
        "writing, and he can begin on Tuesday, February 16.",
        charges=CHARGES,
        sections={
            "who": _WHO,
            "background": _BACKGROUND,
            "family": _FAMILY,
            "needs": _NEEDS,
            "alternative": _ALTERNATIVE,
            "acceptance": _ACCEPTANCE,
        },
        photographs=(
            Photograph(
                stand_in(LYING, 0),
                "Mr. Johnson with his daughter Amara on her first day of school, August 2025.",
            ),
            Photograph(
                stand_in(LYING, 5),
                "The Saturday table: his grandmother, his mother, and his sisters Tanya and Joy.",
            ),
            Photograph(
                stand_in(LYING, 1),
                "Coaching the under-ten team of Mount Calvary Baptist Church, January 2026.",
            ),
        ),
        plan=_PLAN,
        conditions=_CONDITIONS,
        helpers=_HELPERS,
        letters=(
            EnclosedLetter("Denise Johnson", "his mother", 1),
            EnclosedLetter("Maria Santos", "manager, Blue Heron Kitchen", 1),
        ),
        exhibits=(
            EnclosedExhibit("A", "Acceptance letter, Overtown Family Center", 1),
            EnclosedExhibit("B", "Acceptance letter, Bayside Counseling", 2),
            EnclosedExhibit("C", "Pay stubs, October to December 2026", 3),
        ),
    )


def sparse_diversion_packet() -> MitigationPacket:
    """Nothing but what is required, approved."""
    return sparse(
        kind="diversion",
        hearing=Hearing("plea", date(2026, 12, 1)),
        ask="We ask that this case be resolved by six months of community service.",
    )


_WHO = (
    Passage(
        "Mr. Johnson is 24, a shift lead in a restaurant kitchen, and the father of a girl of "
        "six. He has never been in trouble before. He coaches, sings in a choir, and drives his "
        "grandmother to dialysis on Saturdays.",
    ),
    Passage(
        "He is the calmest person on my line. When a pan goes up he says the next three things to "
        "do, in order, and nobody shouts.",
        said_by="Maria Santos, manager, Blue Heron Kitchen",
        quote=True,
        confirmed_by="letter of Maria Santos, enclosed",
    ),
)
_BACKGROUND = (
    Passage(
        "He lost his father at seven and his home to a fire at twelve. By fourteen he had seen "
        "two people shot on the corner where he waited for the bus. He went to three schools in "
        "one year, and his dyslexia was found only in ninth grade.",
        said_by="Denise Johnson, mother",
    ),
    Passage(
        "Nobody offered the family any counseling, then or later. What he learned to do with fear "
        "was to walk the long way home and say nothing.",
    ),
)
_FAMILY = (
    Passage(
        "He lives with his sister Tanya, two blocks from his mother and grandmother. Amara is "
        "with him from Friday to Sunday and four school mornings a week; her mother, who works "
        "the early shift, has nobody else to take her.",
        confirmed_by="letter of Denise Johnson, enclosed",
    ),
)
_NEEDS = (
    Passage(
        "The intake assessment at Bayside Counseling found symptoms of trauma that have gone "
        "untreated for ten years, and no substance use. It recommends weekly counseling for six "
        "months, and skills for the moments when he is startled or cornered.",
        confirmed_by="acceptance letter of Bayside Counseling, Exhibit B",
    ),
    Passage(
        "He needs evening hours: a program by day would cost him the job that pays for his "
        "daughter.",
    ),
)
_ALTERNATIVE = (
    Passage(
        "A conflict-resolution group of twelve sessions, on Tuesday evenings; weekly trauma "
        "counseling for six months, on Thursdays; forty hours of work in the kitchen of the "
        "Overtown food pantry, where cooks are short.",
    ),
    Passage(
        "Our hub meets him every week, drives him where the bus does not, and writes to counsel "
        "every sixty days what was kept and what was missed. A missed session is told within two "
        "working days.",
    ),
)
_ACCEPTANCE = (
    Passage(
        "A place in the group that begins on February 16. There is no waiting list and no fee; "
        "attendance is reported to counsel with Mr. Johnson's written consent.",
        title="Overtown Family Center",
        confirmed_by="Exhibit A",
    ),
    Passage(
        "Weekly sessions with a licensed clinical social worker, Thursdays at 6:30 p.m., covered "
        "by his insurance.",
        title="Bayside Counseling",
        confirmed_by="Exhibit B",
    ),
)
_PLAN = (
    SupportStep(
        "Conflict-resolution group, twelve sessions",
        "Overtown Family Center",
        "Tuesdays from Feb. 16",
        "Place held",
    ),
    SupportStep(
        "Trauma counseling, six months", "Bayside Counseling", "Thursdays, 6:30 p.m.", "Intake done"
    ),
    SupportStep("Forty hours of community work", "Overtown food pantry", "By June 30", "Agreed"),
    SupportStep("Report to the court", "Our hub", "Every sixty days", "First one on April 12"),
)
_CONDITIONS = (
    "To complete the group and the counseling, and to keep every court date.",
    "No contact with the complaining witness, in person, by phone or online.",
    "To stay in work, and to tell the hub within a day of any change.",
)
_HELPERS = (
    Helper(
        "Denise Johnson",
        "Mother",
        "Keeps his daughter on Tuesday evenings while he is at the group.",
    ),
    Helper("Maria Santos", "Manager", "Has set his shifts so that both evenings are free."),
    Helper("Pastor Samuel Greene", "Pastor", "Drives him to the counselor's office when it rains."),
    Helper(
        "Rosa Delgado",
        "Advocate, Liberty City Community Defense",
        "Sees him every week, and writes the reports.",
    ),
)
