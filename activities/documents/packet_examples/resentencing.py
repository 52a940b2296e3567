"""A packet for resentencing: who a man has become in twenty-two years, and who is waiting."""

from __future__ import annotations

from datetime import date, time

from activities.documents.packet_examples.people import LYING, UPRIGHT, full, sparse, stand_in
from activities.documents.packet_values import (
    EnclosedExhibit,
    EnclosedLetter,
    Hearing,
    Helper,
    MitigationPacket,
    Passage,
    Person,
    Photograph,
    SupportStep,
)


def full_resentencing_packet() -> MitigationPacket:
    """Every part is filled."""
    return full(
        kind="resentencing",
        person=Person("Walter James Ellis", called="Mr. Ellis"),
        hearing=Hearing("resentencing", date(2027, 3, 16), time(9, 0)),
        prepared_on=date(2027, 3, 2),
        version=5,
        ask="We ask that Mr. Ellis be resentenced to the time that he has served. He was nineteen "
        "when he was sentenced and is forty-one today. He has not had a disciplinary report since "
        "2011, has taught two hundred men to read, and has a home, work and a circle of people "
        "who have known him for all of those years.",
        docket_numbers=("F05-011873",),
        sections={
            "who": _WHO,
            "institutional": _INSIDE,
            "insight": _INSIGHT,
            "release_plan": _HOME,
            "sponsors": _SPONSORS,
        },
        photographs=(
            Photograph(
                stand_in(LYING, 6),
                "With his mother Lorraine and his niece, visiting day, December 2026.",
            ),
            Photograph(stand_in(UPRIGHT, 7), "Graduation, associate of arts, June 2019."),
        ),
        plan=_PLAN,
        conditions=(
            "Supervision for as long as the court sees fit.",
            "Residence with his sister, at the address given to the court.",
            "No contact with the family of the deceased unless they ask for it.",
        ),
        helpers=_HELPERS,
        letters=(
            EnclosedLetter("Lorraine Ellis", "his mother", 2),
            EnclosedLetter("Denise Ellis-Ward", "his sister", 1),
            EnclosedLetter("Chaplain Thomas Okafor", "chaplain of the institution", 1),
            EnclosedLetter("Ray Dominguez", "Dominguez & Sons Printing", 1),
        ),
        exhibits=(
            EnclosedExhibit("A", "Conduct record, 2005 to 2027", 5),
            EnclosedExhibit("B", "Certificates and transcripts", 9),
            EnclosedExhibit("C", "Offer of work, Dominguez & Sons Printing", 1),
            EnclosedExhibit("D", "Acceptance, Second Morning reentry house", 2),
        ),
    )


def sparse_resentencing_packet() -> MitigationPacket:
    """Nothing but what is required, approved."""
    return sparse(
        kind="resentencing",
        hearing=Hearing("parole", date(2026, 12, 9)),
        ask="We ask for release on parole.",
    )


_WHO = (
    Passage(
        "Walter Ellis is forty-one. He runs the literacy room of the institution, prints its "
        "newsletter, and has called his mother every Sunday since 2005. Officers send him the men "
        "who arrive at nineteen, as he did.",
    ),
    Passage(
        "He asks each new man in the literacy room to bring one letter that he could not read. "
        "They begin with that. It is most often from a mother, and more than once it was years "
        "old.",
        said_by="Chaplain Thomas Okafor",
        confirmed_by="letter of Chaplain Okafor, enclosed",
    ),
    Passage(
        "I have watched three wardens and a great many men come and go. I would have this one as "
        "my neighbor, and I have told him so.",
        said_by="Chaplain Thomas Okafor",
        quote=True,
        confirmed_by="letter of Chaplain Okafor, enclosed",
    ),
)
_INSIDE = (
    Passage(
        "No disciplinary report since August 2011. Before that there were seven, all but one of "
        "them in his first four years.",
        title="Conduct",
        confirmed_by="conduct record, Exhibit A",
    ),
    Passage(
        "Tutor in the literacy room since 2013, and its lead since 2017: two hundred and six men "
        "have learned to read there. Printer of the newsletter since 2015.",
        title="Work",
        confirmed_by="certificates, Exhibit B; letter of Chaplain Okafor, enclosed",
    ),
    Passage(
        "High-school equivalency in 2008; associate of arts in 2019, with honors; eleven credits "
        "toward a bachelor's degree.",
        title="Study",
        confirmed_by="transcripts, Exhibit B",
    ),
)
_INSIGHT = (
    Passage(
        "A man is dead, and I am why. For a long time I said that sentence with other words in "
        "it: I was young, I was scared, they made me. I take the other words out now.\n\nHis "
        "mother came to every day of my trial. I learned from my own mother, on Sundays, what "
        "those days were.",
        said_by="Walter Ellis",
        quote=True,
    ),
    Passage(
        "He completed the victim-awareness course twice, the second time as the one who opens the "
        "room and puts out the chairs. He wrote a letter to the family in 2014 and placed it with "
        "the state's victim services, unsent, to be given only if they ask.",
        confirmed_by="certificates, Exhibit B",
    ),
)
_HOME = (
    Passage(
        "For the first ninety days he will live at Second Morning, a reentry house with a curfew "
        "and staff on every night; after that with his sister, who has a room ready and no other "
        "person under supervision in the home.",
        confirmed_by="acceptance, Exhibit D; letter of Denise Ellis-Ward, enclosed",
    ),
    Passage(
        "Dominguez & Sons Printing has offered him full-time work at $19 an hour. The shop is on "
        "the bus line of both addresses.",
        confirmed_by="offer of work, Exhibit C",
    ),
)
_SPONSORS = (
    Passage(
        "Will meet him at the gate, and has him at her table on Sundays. She has visited once a "
        "month for twenty-two years.",
        title="Lorraine Ellis, mother",
    ),
    Passage(
        "Hired four men from the same institution; three are with him still. He trains each of "
        "them on the press himself.",
        title="Ray Dominguez, employer",
        confirmed_by="letter of Ray Dominguez, enclosed",
    ),
)
_PLAN = (
    SupportStep(
        "Residence, ninety days",
        "Second Morning reentry house",
        "From the day of release",
        "Bed held",
    ),
    SupportStep(
        "Identity card, health coverage, first doctor's visit",
        "Liberty City Community Defense",
        "First week",
        "Booked",
    ),
    SupportStep(
        "Full-time work at the press",
        "Dominguez & Sons Printing",
        "From the second Monday",
        "Offer in writing",
    ),
    SupportStep(
        "Group for men who come home after long sentences",
        "Second Morning",
        "Wednesdays",
        "Place held",
    ),
    SupportStep(
        "Move to his sister's home", "Denise Ellis-Ward", "After ninety days", "Room ready"
    ),
)
_HELPERS = (
    Helper("Lorraine Ellis", "Mother", "Meets him at the gate."),
    Helper("Denise Ellis-Ward", "Sister", "Gives him a home after the first ninety days."),
    Helper("Ray Dominguez", "Employer", "Picks him up on his first day, at 6:30 a.m."),
    Helper("Rosa Delgado", "Advocate", "Sees him twice a week at first, and reports to counsel."),
)
