"""A social biography: a young father, told by those who know him."""

from __future__ import annotations

from datetime import date, time

from activities.documents.packet_examples.people import LYING, UPRIGHT, full, sparse, stand_in
from activities.documents.packet_values import (
    EnclosedExhibit,
    EnclosedLetter,
    Hearing,
    MitigationPacket,
    Passage,
    Photograph,
)


def full_biography() -> MitigationPacket:
    """Every part is filled."""
    return full(
        kind="biography",
        hearing=Hearing("status", date(2027, 1, 21), time(13, 30)),
        prepared_on=date(2027, 1, 7),
        version=3,
        ask="Those who decide about Mr. Johnson will read about a single evening of his life. "
        "These pages tell of the other twenty-four years: they were gathered over five visits "
        "with him, his mother, his sister and his pastor, and he has read every line of them.",
        sections={
            "who": _WHO,
            "timeline": _TIMELINE,
            "family": _FAMILY,
            "background": _BACKGROUND,
            "goals": _GOALS,
        },
        photographs=(
            Photograph(
                stand_in(LYING, 0),
                "Mr. Johnson with his daughter Amara on her first day of school, August 2025.",
            ),
            Photograph(
                stand_in(LYING, 1),
                "Three winters of coaching: the under-ten team of Mount Calvary, January 2026.",
            ),
            Photograph(
                stand_in(UPRIGHT, 2),
                "With his grandmother Ruth Johnson after church, Easter 2026.",
            ),
            Photograph(
                stand_in(LYING, 3), "At the pass of Blue Heron Kitchen, where he leads a shift."
            ),
            Photograph(stand_in(UPRIGHT, 4), "Amara, six, reading to him at the kitchen table."),
        ),
        letters=(
            EnclosedLetter("Denise Johnson", "his mother", 2),
            EnclosedLetter("Pastor Samuel Greene", "Mount Calvary Baptist Church", 1),
            EnclosedLetter("Coretta Hill", "his teacher in ninth and tenth grade", 1),
        ),
        exhibits=(EnclosedExhibit("A", "Certificate of the regional choir festival, 2016", 1),),
    )


def sparse_biography() -> MitigationPacket:
    """Nothing but what is required, approved."""
    return sparse(
        kind="biography",
        hearing=Hearing("the next hearing", None),
        ask="We ask everyone who decides in this case to know the whole person first.",
    )


_WHO = (
    Passage(
        "Marcus Johnson is the one who stays to stack the chairs. Everybody who was asked about "
        "him began with something of that kind: the cook who closes so that another can catch the "
        "last bus, the coach who keeps a second pair of shoes in his bag because a boy once came "
        "without.\n\nHe is 24, a line cook, a tenor, and the father of a girl of six. He is quiet "
        "in a group and funny at a stove. He writes slowly and remembers everything he hears.",
    ),
    Passage(
        "If you need him he is there before you have hung up the phone. He got that from his "
        "grandmother. Nobody taught him; he watched her.",
        said_by="Denise Johnson, mother",
        quote=True,
    ),
    Passage(
        "I am better with my hands than with talking. If I cook for you, that is me saying it.",
        said_by="Marcus Johnson",
        quote=True,
    ),
)
_TIMELINE = (
    Passage("Born at home, on the street where his family still lives.", title="May 2002"),
    Passage(
        "His father, a dock worker, dies in an accident at the port. His mother takes a second "
        "job, and his grandmother Ruth moves in.",
        title="2009",
        confirmed_by="letter of Denise Johnson",
    ),
    Passage("Joins the choir of Mount Calvary Baptist Church, at nine.", title="2011"),
    Passage(
        "A fire in the building; eight months in a motel on Biscayne Boulevard, and three schools "
        "in one year.",
        title="2014",
    ),
    Passage(
        "His ninth-grade teacher has him tested. He has dyslexia, and nobody had looked. With an "
        "hour of help a day he passes every class within a year.",
        title="2016",
        confirmed_by="letter of Coretta Hill",
    ),
    Passage(
        "He read the whole program aloud at the festival, in front of two hundred people. A year "
        "before he would have left the room.",
        title="Spring 2017",
        said_by="Coretta Hill, teacher",
        quote=True,
    ),
    Passage("Amara is born in March; he finishes high school in June.", title="2020"),
    Passage(
        "Begins at Blue Heron Kitchen as a dishwasher; line cook within four months.",
        title="May 2023",
    ),
    Passage("Rents an apartment with his sister Tanya, with a room for Amara.", title="March 2025"),
    Passage("Made shift lead.", title="August 2026"),
)
_FAMILY = (
    Passage(
        "Three generations live within two blocks. Mr. Johnson's mother Denise is a home health "
        "aide; his sister Tanya, 27, a postal clerk, shares his apartment; his younger sister Joy "
        "is in eleventh grade and comes to him for algebra.",
    ),
    Passage(
        "His grandmother Ruth, 79, goes to dialysis three times a week. The Saturday ride is his, "
        "and has been for four years. He waits with her, and they do the crossword: she reads the "
        "clue, he knows the word.",
        confirmed_by="letter of Denise Johnson",
    ),
    Passage(
        "Amara is with him from Friday to Sunday and four school mornings a week. He and her "
        "mother, Keisha Brown, have not been a couple since 2022, and sit down together on the "
        "first Sunday of the month to plan the next.",
    ),
    Passage(
        "We disagree about plenty. We have never once disagreed about whether he would show up.",
        said_by="Keisha Brown, mother of his daughter",
        quote=True,
    ),
)
_BACKGROUND = (
    Passage(
        "Liberty City raised him: a church with its lights on every evening, a landlord who let "
        "the rent wait in the year of the funeral, and a corner where, by the time he was "
        "fourteen, he had seen two people shot. He walked a longer way to school from then on, "
        "and still does when he takes Amara.",
        said_by="Marcus Johnson and Denise Johnson",
    ),
    Passage(
        "The months in the motel are the part that he would rather leave out, and asked us to "
        "leave in. He shared a bed with two sisters, fell behind, and began to sit at the back.",
    ),
)
_GOALS = (
    Passage(
        "He will take the examination for the food-safety manager's certificate in March. With "
        "it, Blue Heron Kitchen will give him the Sunday brunch to run.",
        confirmed_by="letter of Pastor Samuel Greene, who drives him to the course",
    ),
    Passage(
        "In three years he wants a lunch counter of his own, with his grandmother's name over the "
        "door. He has priced a used flat-top and saves forty dollars a week.",
    ),
    Passage(
        "I want Amara to do her homework at the end of my counter.",
        said_by="Marcus Johnson",
        quote=True,
    ),
)
