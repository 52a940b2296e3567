"""A sentencing mitigation packet: a life in context, and a plan in place of prison."""

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
    Photograph,
    SupportStep,
)


def full_sentencing_packet() -> MitigationPacket:
    """Every part is filled."""
    return full(
        kind="sentencing",
        hearing=Hearing("sentencing", date(2027, 5, 20), time(10, 0)),
        prepared_on=date(2027, 5, 6),
        version=4,
        ask="We ask the court to consider two years of probation with the plan set out below, in "
        "place of a term of prison. Mr. Johnson has spent the six months since his arrest in "
        "work, in counseling and at home with his daughter. The plan keeps all three, is already "
        "under way, and can begin on the day of sentence.",
        sections={
            "who": _WHO,
            "background": _BACKGROUND,
            "family": _FAMILY,
            "education": _EDUCATION,
            "employment": _EMPLOYMENT,
            "health": _HEALTH,
            "circumstances": _CIRCUMSTANCES,
            "growth": _GROWTH,
            "corrections": _CORRECTIONS,
            "alternative": _ALTERNATIVE,
            "goals": _GOALS,
        },
        photographs=(
            Photograph(
                stand_in(LYING, 5),
                "Four generations on the porch, Thanksgiving 2026: Mr. Johnson stands behind his "
                "grandmother.",
            ),
            Photograph(
                stand_in(LYING, 0),
                "With his daughter Amara on her first day of school, August 2025.",
            ),
            Photograph(stand_in(LYING, 3), "At the pass of Blue Heron Kitchen, April 2027."),
            Photograph(stand_in(UPRIGHT, 4), "Amara reading to him at the kitchen table."),
            Photograph(
                stand_in(UPRIGHT, 2), "With his grandmother Ruth after church, Easter 2027."
            ),
        ),
        plan=_PLAN,
        conditions=_CONDITIONS,
        helpers=_HELPERS,
        letters=_LETTERS,
        exhibits=_EXHIBITS,
    )


def sparse_sentencing_packet() -> MitigationPacket:
    """Nothing but what is required, approved."""
    return sparse(
        kind="sentencing",
        hearing=Hearing("sentencing", date(2027, 1, 12)),
        ask="We ask the court to consider a sentence of community service.",
    )


_WHO = (
    Passage(
        "Marcus Johnson is 24: a line cook who leads the evening shift, a tenor in the choir of "
        "his church, and the father of a girl of six whom he takes to school. Until November he "
        "had never been arrested.",
    ),
    Passage(
        "In thirty-one years of teaching I have written four letters to a judge. I write this one "
        "because I know what he did with the help he was given, once somebody gave it.",
        said_by="Coretta Hill, his teacher in ninth and tenth grade",
        quote=True,
        confirmed_by="letter of Coretta Hill, enclosed",
    ),
)
_BACKGROUND = (
    Passage(
        "He was born in Liberty City in 2002, the second of three children. His father, a dock "
        "worker, died in an accident at the port when Marcus was seven. His mother took a second "
        "job; his grandmother Ruth moved in, and raised the three of them in the evenings.",
        said_by="Denise Johnson, mother",
        confirmed_by="death certificate, Exhibit A",
    ),
    Passage(
        "When he was twelve a fire took the building. The family spent eight months in one room "
        "of a motel on Biscayne Boulevard. He changed schools three times that year, and on the "
        "way to the third of them, at a bus stop, saw a classmate shot. He was fourteen when it "
        "happened a second time.",
        said_by="Denise Johnson, mother",
    ),
    Passage(
        "He stopped sleeping with the light off. I thought it would pass. I was working nights, "
        "and I did not know where you take a child for that.",
        said_by="Denise Johnson, mother",
        quote=True,
    ),
)
_FAMILY = (
    Passage(
        "He shares an apartment with his sister Tanya, a postal clerk, two blocks from his mother "
        "and grandmother. Amara has her own room there, and is with him from Friday to Sunday and "
        "on four school mornings a week.",
        confirmed_by="lease, Exhibit B, and letter of Keisha Brown, enclosed",
    ),
    Passage(
        "Amara's mother leaves for the early shift at 5:30 a.m. If Mr. Johnson were away, nobody "
        "in the family could take the child to school. He also drives his grandmother to dialysis "
        "on Saturdays; the county's van has a waiting list of nine weeks.",
        confirmed_by="letter of Keisha Brown, enclosed; letter of the dialysis center, Exhibit C",
    ),
    Passage(
        "My dad makes the pancakes with the faces. He says the face is how the pancake feels.",
        said_by="Amara Johnson, six, in her mother's letter",
        quote=True,
    ),
)
_EDUCATION = (
    Passage(
        "He left eighth grade reading as a third-grader does. In ninth grade Ms. Hill had him "
        "tested: he has dyslexia. With an hour of help a day he passed every class within a year, "
        "and finished high school in June 2020, three months after his daughter was born.",
        confirmed_by="school records, Exhibit D",
    ),
    Passage(
        "In March he passed the examination for the food-safety manager's certificate, at the "
        "first try, with the questions read aloud.",
        confirmed_by="certificate, Exhibit E",
    ),
)
_EMPLOYMENT = (
    Passage(
        "He has worked since he was sixteen: bagging groceries, loading trucks, and since May "
        "2023 at Blue Heron Kitchen, where he went from the dish pit to the line in four months "
        "and was made shift lead in August 2026. He has missed two shifts in four years, both of "
        "them for court.",
        confirmed_by="letter of Maria Santos, enclosed, and pay stubs, Exhibit F",
    ),
    Passage(
        "I hired him to wash dishes, and he now teaches the people I hire to cook. His place on "
        "the line is his whatever the court decides; I only ask that it be soon.",
        said_by="Maria Santos, manager, Blue Heron Kitchen",
        quote=True,
    ),
)
_HEALTH = (
    Passage(
        "A licensed clinical social worker at Bayside Counseling found symptoms of trauma that go "
        "back to his twelfth year and had never been treated. He has attended nineteen of twenty "
        "weekly sessions. The counselor reports that he now names what startles him, and leaves "
        "the room before it has him. There is no history of substance use.",
        confirmed_by="report of Bayside Counseling, shared with his written consent, Exhibit G",
    ),
)
_CIRCUMSTANCES = (
    Passage(
        "The week of the arrest was the tenth anniversary of the second shooting. His grandmother "
        "was in the hospital, and he had worked eleven days without one off. None of this is "
        "offered as an excuse. It is what his counselor and he have worked on since, so that a "
        "week of that kind does not end in that way again.",
        said_by="Mr. Johnson and his counselor",
    ),
)
_GROWTH = (
    Passage(
        "He kept every court date and every appointment with pretrial services, completed a "
        "conflict-resolution group of twelve sessions, and worked sixty hours in the kitchen of "
        "the Overtown food pantry, twenty more than he had promised.",
        confirmed_by="certificate of completion, Exhibit H; log of the food pantry, Exhibit I",
    ),
    Passage(
        "He came to repair something, and stayed to wash up.",
        said_by="Brother Emile Joseph, Overtown food pantry",
        quote=True,
    ),
)
_CORRECTIONS = (
    Passage(
        "“The defendant reports sporadic employment.”\nHe has worked for one employer without a "
        "break since May 2023, four years this month, and has paid taxes in each of them.",
        title="Page 4, ¶ 12",
        confirmed_by="pay stubs and W-2 forms, Exhibit F",
    ),
    Passage(
        "“Did not complete high school.”\nHe graduated from Poinciana High School in June 2020. "
        "The diploma is in the school's records.",
        title="Page 5, ¶ 15",
        confirmed_by="school records, Exhibit D",
    ),
    Passage(
        "The report does not mention his daughter. She is six, lives with him for half of each "
        "week, and he pays $310 a month toward her support, without arrears.",
        title="Page 6",
        confirmed_by="statement of the clerk, Exhibit J",
    ),
)
_ALTERNATIVE = (
    Passage(
        "The plan below is built on what has already held for six months. Each part has a named "
        "person behind it who has agreed in writing, and each can be verified by the probation "
        "officer with one call.",
    ),
    Passage(
        "It costs the county a small part of a bed in prison, keeps a wage and a child's support "
        "paid, and leaves the court with every means of answering if a step is missed: our hub "
        "tells counsel of a missed step within two working days.",
    ),
)
_GOALS = (
    Passage(
        "He is saving for a lunch counter of his own, and has priced a used flat-top. Before that "
        "comes Sunday brunch at Blue Heron Kitchen, which is his to run from the summer.",
    ),
    Passage(
        "I want to be the person they call, not the person they are called about.",
        said_by="Marcus Johnson",
        quote=True,
    ),
)
_PLAN = (
    SupportStep(
        "Trauma counseling, to go on for twelve months",
        "Bayside Counseling",
        "Thursdays, 6:30 p.m.",
        "Under way",
    ),
    SupportStep(
        "Men's circle after the conflict-resolution group",
        "Overtown Family Center",
        "First Tuesdays",
        "Place held",
    ),
    SupportStep(
        "Full-time work as shift lead", "Blue Heron Kitchen", "Five shifts a week", "Under way"
    ),
    SupportStep(
        "One hundred hours of community work", "Overtown food pantry", "By Dec. 31, 2027", "60 done"
    ),
    SupportStep(
        "Weekly check-in, and a report every ninety days",
        "Liberty City Community Defense",
        "From the day of sentence",
        "Agreed",
    ),
)
_CONDITIONS = (
    "Probation with any reporting that the court sets.",
    "No contact with the complaining witness, in person, by phone or online.",
    "Restitution of $640, in eight payments from his wage.",
    "A curfew of midnight, an hour after the kitchen closes.",
)
_HELPERS = (
    Helper("Denise Johnson", "Mother", "Keeps Amara on Thursdays while he is with his counselor."),
    Helper(
        "Tanya Johnson",
        "Sister, lives with him",
        "Shares the rent, and tells the hub if anything changes at home.",
    ),
    Helper("Maria Santos", "Manager", "Gives him evenings that leave his appointments free."),
    Helper("Pastor Samuel Greene", "Pastor", "Sees him each Wednesday at choir."),
    Helper("Rosa Delgado", "Advocate", "Meets him every week, and writes the reports."),
)
_LETTERS = (
    EnclosedLetter("Denise Johnson", "his mother", 2),
    EnclosedLetter("Keisha Brown", "mother of his daughter", 1),
    EnclosedLetter("Coretta Hill", "his teacher", 1),
    EnclosedLetter("Maria Santos", "manager, Blue Heron Kitchen", 1),
    EnclosedLetter("Pastor Samuel Greene", "Mount Calvary Baptist Church", 2),
)
_EXHIBITS = (
    EnclosedExhibit("A", "Death certificate of his father", 1),
    EnclosedExhibit("B", "Lease of March 2, 2025", 4),
    EnclosedExhibit("C", "Letter of the dialysis center", 1),
    EnclosedExhibit("D", "School records, 2009 to 2020", 6),
    EnclosedExhibit("E", "Food-safety manager's certificate", 1),
    EnclosedExhibit("F", "Pay stubs and W-2 forms, 2023 to 2027", 8),
    EnclosedExhibit("G", "Report of Bayside Counseling", 3),
    EnclosedExhibit("H", "Certificate of completion, Overtown Family Center", 1),
    EnclosedExhibit("I", "Log of the Overtown food pantry", 2),
    EnclosedExhibit("J", "Statement of child-support payments", 1),
)
