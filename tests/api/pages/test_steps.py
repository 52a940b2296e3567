"""A person's own steps on their phone: they went, could not, or want to be called."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from domain.tracks import Track
from domain.vocabulary import StepState
from records.casework import move_track
from records.own_steps import LINK_LASTS, own_steps, steps_link
from records.plans import NewStep, start_plan
from records.private_links import path_of
from records.replies import receive_text
from records.tables import Case, Defendant, Evidence, HumanTask, PlanStep
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import inside
from tests.houses import ROSA, a_case

TODAY = NOW.date()
DAY = timedelta(days=1)


class Own:
    """Marcus's steps, and his own page of them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.case = a_case(office.house.records, NOW)
        with office.house.records.writing(office.hub_id) as session:
            self.person_id = session.get_one(Defendant, self.case.defendant_id).person_id
            steps = (
                NewStep("employment", "Meet the job coach", due_on=TODAY - DAY),
                NewStep("check_in", "Talk with Rosa", due_on=TODAY + 3 * DAY),
                NewStep("substance_use_treatment", "Rehab intake", due_on=TODAY),
                NewStep("housing", "Far away", due_on=TODAY + 60 * DAY),
            )
            start_plan(session, self.case.id, steps, ROSA, NOW)
            self.path = path_of(steps_link(session, self.person_id, NOW))
            self.ids = {step.title: step.id for step in session.exec(select(PlanStep)).all()}
        self.phone: Browser = inside(office, self.path)

    def say(self, title: str, how: str, words: str = "") -> str:
        """Press a button; where it leads."""
        form = {"step": self.ids[title], "how": how, "words": words}
        answer = self.phone.post(f"{self.path}/say", form)
        assert answer.status_code == 303, said(answer)
        return str(answer.headers["location"])

    def step(self, title: str) -> PlanStep:
        with self.office.house.records.reading(self.office.hub_id) as session:
            return session.get_one(PlanStep, self.ids[title])

    def tasks(self) -> list[str]:
        with self.office.house.records.reading(self.office.hub_id) as session:
            return sorted(task.kind for task in session.exec(select(HumanTask)).all())


@pytest.fixture
def own(office: Office) -> Own:
    return Own(office)


def test_it_shows_what_is_near_and_neither_care_nor_a_name(own: Own) -> None:
    words = own.phone.words(own.path)
    assert "Meet the job coach" in words
    assert "An appointment" in words
    for hidden in ("Rehab", "Far away", "Marcus", "Johnson"):
        assert hidden not in words
    spanish = own.phone.words(f"{own.path}?lang=es")
    assert "Sus próximos pasos" in spanish
    assert "Una cita" in spanish


def test_i_went_is_their_word_that_somebody_checks(own: Own) -> None:
    for _ in range(2):
        assert own.say("Meet the job coach", "went").endswith("said=went")
    assert own.step("Meet the job coach").state == StepState.EVIDENCED
    with own.office.house.records.reading(own.office.hub_id) as session:
        [word] = session.exec(select(Evidence)).all()
        assert (word.kind, word.verified_at) == ("word", None)
    assert "Noted. Thank you." in own.phone.words(own.path)


def test_before_its_day_nobody_went_yet(own: Own) -> None:
    page = own.phone.get(own.path).text
    section = page[page.index("Talk with Rosa") :]
    assert "I can’t make it" in section
    assert 'value="went"' not in section
    form = {"step": own.ids["Talk with Rosa"], "how": "went"}
    answer = own.phone.post(f"{own.path}/say", form)
    assert answer.status_code == 422
    assert "Its day is still to come." in said(answer)
    assert own.step("Talk with Rosa").state == StepState.ACTIVE


def test_what_got_in_the_way_is_kept_with_the_step_and_becomes_one_task(own: Own) -> None:
    for _ in range(2):
        own.say("Meet the job coach", "could_not", "My bus did not come.")
    step = own.step("Meet the job coach")
    assert (step.state, step.what_got_in_the_way) == (StepState.ACTIVE, "My bus did not come.")
    assert own.tasks() == ["step_could_not"]
    assert "My bus did not come." in own.phone.words(own.path)


def test_call_me_is_a_task_with_the_step(own: Own) -> None:
    own.say("Talk with Rosa", "call")
    assert own.tasks() == ["step_call"]
    rosa = own.office.staff()
    today = rosa.get("/").text
    assert "wants to be called about a step" in today
    assert re.search(rf'href="/cases/{own.case.id}/steps/{own.ids["Talk with Rosa"]}"', today)


def test_a_missed_step_that_was_done_after_all_is_checked_by_somebody(own: Own) -> None:
    with own.office.house.records.writing(own.office.hub_id) as session:
        step = session.get_one(PlanStep, own.ids["Meet the job coach"])
        step.state, step.missed_at = StepState.MISSED, NOW
        session.add(step)
    assert "We missed you." in own.phone.words(own.path)
    own.say("Meet the job coach", "went")
    assert own.step("Meet the job coach").state == StepState.CURED
    assert own.tasks() == ["step_check"]


def test_in_custody_the_page_shows_nothing_and_takes_nothing(own: Own) -> None:
    with own.office.house.records.writing(own.office.hub_id) as session:
        case = session.get_one(Case, own.case.id)
        move_track(session, case, Track.CUSTODY, "detained", ROSA, NOW)
    assert "Nothing is asked of you now." in own.phone.words(own.path)
    form = {"step": own.ids["Meet the job coach"], "how": "went"}
    assert own.phone.post(f"{own.path}/say", form).status_code == 404


def test_nobody_answers_for_a_step_that_is_not_theirs(own: Own) -> None:
    other = a_case(own.office.house.records, NOW, phone="+13055550112")
    with own.office.house.records.writing(own.office.hub_id) as session:
        start_plan(session, other.id, [NewStep("housing", "A room", due_on=TODAY)], ROSA, NOW)
        theirs = session.exec(select(PlanStep).where(PlanStep.due_on == TODAY)).all()
        foreign = next(one.id for one in theirs if one.title == "A room")
        mine = {one.step.id for one in own_steps(session, own.person_id, NOW)}
    assert foreign not in mine
    answer = own.phone.post(f"{own.path}/say", {"step": foreign, "how": "went"})
    assert answer.status_code == 404
    assert own.phone.post(f"{own.path}/say", {"step": "x", "how": "fly"}).status_code == 404


def test_what_the_hub_does_is_not_asked_of_them(own: Own) -> None:
    with own.office.house.records.writing(own.office.hub_id) as session:
        step = session.get_one(PlanStep, own.ids["Talk with Rosa"])
        step.owner = "advocate"
        session.add(step)
    assert "Talk with Rosa" not in own.phone.words(own.path)


def test_an_advocate_hands_over_the_link_and_that_is_written_down(own: Own) -> None:
    rosa = own.office.staff()
    plan = own.step("Talk with Rosa").plan_id
    url = f"/cases/{own.case.id}/plans/{plan}"
    assert "own page of steps" in rosa.get(url).text
    shown = rosa.post(f"{url}/link", {})
    assert own.path in shown.text
    assert "showed a private link" in own.office.audit()


def test_a_wrong_number_ends_every_page_that_was_named_there(own: Own) -> None:
    receive_text(own.office.house.records, "+13055550110", "Wrong number", "SM1", NOW)
    closed = own.phone.get(own.path)
    assert closed.status_code == 410
    assert "Meet the job coach" not in closed.text
    with own.office.house.records.writing(own.office.hub_id) as session:
        assert path_of(steps_link(session, own.person_id, NOW)) != own.path


def test_what_has_expired_does_not_open_again_with_the_next_message(own: Own) -> None:
    later = NOW + LINK_LASTS + timedelta(days=1)
    with own.office.house.records.writing(own.office.hub_id) as session:
        assert path_of(steps_link(session, own.person_id, NOW + timedelta(days=30))) == own.path
        far = later + timedelta(days=30)
        assert path_of(steps_link(session, own.person_id, far)) != own.path
