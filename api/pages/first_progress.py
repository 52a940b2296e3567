"""How far the first run is: five steps, in words, for the top of each of its pages."""

from dataclasses import dataclass
from typing import Final

from api.pages.own_words import marked
from api.pages.session import Visit
from api.pages.wording import Status
from records.first_run import ABOUT, CASE, COURT, MESSAGES, STEPS, is_done, steps_left

WHOLE: Final = "/hub/set-up"
"""Every step at a glance."""
FIRST: Final = "/hub/set-up/about"
YOU: Final = "you"
_NAMES: Final = marked(
    {
        YOU: "Who you are",
        ABOUT: "Your hub",
        COURT: "The first court",
        MESSAGES: "How messages leave",
        CASE: "The first case",
    }
)
_PLACES: Final = {
    YOU: "/me",
    ABOUT: FIRST,
    COURT: "/hub/set-up/court",
    MESSAGES: "/hub/set-up/messages",
    CASE: "/cases/new",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as the pages show it.

    Attributes:
        key: which one it is. place: where it is done; "" where it cannot be yet.
        left: whether it is still asked for.
    """

    key: str
    name: str
    place: str
    status: Status
    left: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """All five, in order."""

    steps: tuple[Step, ...]

    @property
    def left(self) -> tuple[Step, ...]:
        """What is still asked for."""
        return tuple(step for step in self.steps if step.left)

    @property
    def next(self) -> str:
        """Where to go on; Today when nothing is left."""
        return self.left[0].place if self.left else "/"

    def number(self, key: str) -> int:
        """The place of a step in the row, from one."""
        return [step.key for step in self.steps].index(key) + 1


def progress_without() -> Progress:
    """Before anybody is signed in: everything is still to be done."""
    to_do = _to_do()
    return Progress(tuple(Step(key, name, "", to_do, True) for key, name in _NAMES.items()))


def progress_of(visit: Visit) -> Progress:
    """How far the visitor's hub is."""
    with visit.reading() as session:
        left = [step for step in steps_left(session) if step != CASE or visit.sees_cases]
        done = {step for step in STEPS if is_done(session, step)}
    if visit.desk.sends_texts or visit.desk.sends_email:
        done |= {MESSAGES} - set(left)
    you = Step(YOU, _NAMES[YOU], _PLACES[YOU], _done(), False)
    return Progress((you, *(_step(key, left, done) for key in STEPS)))


def _step(key: str, left: list[str], done: set[str]) -> Step:
    if key in done:
        status = _done()
    elif key in left or key == ABOUT:
        status = _to_do()
    elif key == MESSAGES:
        status = Status("they stay in the outbox", "square")
    else:
        status = Status("later", "ring")
    return Step(key, _NAMES[key], _PLACES[key], status, key in left)


def _done() -> Status:
    return Status("done", "disc", "good")


def _to_do() -> Status:
    return Status("to do", "diamond", "amber")
