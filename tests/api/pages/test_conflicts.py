"""Who must not meet: declared by supervisors, kept by every way to a provider, told to nobody."""

import re

import pytest
from sqlmodel import select

from domain.vocabulary import Role
from records.casework import NewCase, open_case
from records.conflicts import NotOfferedHere, declare_conflict
from records.directory import NewProvider, add_provider
from records.plans import NewStep, add_step, choose_provider, start_plan, steps_of
from records.tables import AuditEvent, Defendant, HumanTask, PersonConflict
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA


class Wall:
    """Marcus and Dana, each with a plan; a supervisor who may keep them apart."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.sam: Browser = office.staff(Role.SUPERVISOR, name="sam")
        with office.house.records.writing(office.hub_id) as session:
            cases = [
                open_case(session, NewCase(first, last), ROSA, NOW)
                for first, last in (("Marcus", "Johnson"), ("Dana", "Cole"))
            ]
            self.cases = [case.id for case in cases]
            self.people = [
                session.get_one(Defendant, case.defendant_id).person_id for case in cases
            ]
            self.plans = [
                start_plan(session, case.id, [NewStep("housing", "A room")], ROSA, NOW).id
                for case in cases
            ]
            self.steps = [steps_of(session, plan)[0].id for plan in self.plans]
            self.grove = add_provider(session, NewProvider("Grove House")).id

    def conflicts(self) -> list[PersonConflict]:
        with self.office.house.records.reading(self.office.hub_id) as session:
            return list(session.exec(select(PersonConflict)).all())

    def declared(self) -> None:
        with self.office.house.records.writing(self.office.hub_id) as session:
            declare_conflict(session, self.people[0], self.people[1], ROSA, NOW)

    def choose(self, who: int) -> None:
        with self.office.house.records.writing(self.office.hub_id) as session:
            choose_provider(session, self.steps[who], self.grove, ROSA, NOW)


@pytest.fixture
def wall(office: Office) -> Wall:
    return Wall(office)


def test_a_supervisor_finds_two_people_keeps_them_apart_and_takes_it_down(wall: Wall) -> None:
    found = wall.sam.post("/conflicts/find", {"one_name": "marc", "other_name": "cole"})
    assert "Marcus Johnson" in found.text
    assert found.request.url.query == b""
    form = {"one_name": "marc", "other_name": "cole"}
    one, other = wall.people
    for _ in range(2):
        done = wall.sam.post("/conflicts", {**form, "one": one, "other": other})
        assert done.headers["location"] == "/conflicts?done=apart", said(done)
    [row] = wall.conflicts()
    assert "Marcus Johnson and Dana Cole" in wall.sam.words("/conflicts")
    assert wall.sam.post(f"/conflicts/{row.id}/end", {}).status_code == 303
    assert "Marcus Johnson and" not in wall.sam.words("/conflicts")
    assert wall.sam.post(f"/conflicts/{row.id}/end", {}).status_code == 404
    with wall.office.house.records.reading(wall.office.hub_id) as session:
        events = session.exec(
            select(AuditEvent).where(AuditEvent.subject_kind == "person_conflict")
        ).all()
        assert [event.action for event in events] == ["declared a conflict", "ended a conflict"]


def test_nobody_is_chosen_by_guessing_and_nobody_against_themselves(wall: Wall) -> None:
    form = {"one_name": "marc", "other_name": "marc"}
    one, other = wall.people
    same = wall.sam.post("/conflicts", {**form, "one": one, "other": one})
    assert "Choose two different people." in said(same)
    not_shown = wall.sam.post("/conflicts", {**form, "one": one, "other": other})
    assert "Choose who it is." in said(not_shown)
    empty = wall.sam.post("/conflicts/find", {})
    assert "Type a name" in said(empty)
    assert wall.conflicts() == []


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.COUNSEL, Role.HUB_ADMIN])
def test_nobody_else_sees_it(wall: Wall, role: Role) -> None:
    wall.declared()
    other = wall.office.staff(role, name="other")
    for answer in (
        other.get("/conflicts"),
        other.post("/conflicts/find", {"one_name": "a", "other_name": "b"}),
        other.post(f"/conflicts/{wall.conflicts()[0].id}/end", {}),
    ):
        assert answer.status_code == 403
        assert "Dana" not in answer.text
    assert "/conflicts" not in other.http.get("/cases").text


def test_a_step_of_one_bars_the_provider_for_the_other_by_every_way(wall: Wall) -> None:
    wall.declared()
    wall.choose(0)
    with pytest.raises(NotOfferedHere):
        wall.choose(1)
    with wall.office.house.records.writing(wall.office.hub_id) as session:
        new = NewStep("food", "Food", provider_id=wall.grove)
        with pytest.raises(NotOfferedHere):
            add_step(session, wall.plans[1], new, ROSA, NOW)
        with pytest.raises(NotOfferedHere):
            start_plan(session, wall.cases[1], [new], ROSA, NOW)
    rosa = wall.office.staff()
    step = wall.steps[1]
    page = rosa.post(f"/cases/{wall.cases[1]}/provider/{step}", {"provider": wall.grove})
    assert page.status_code == 422
    assert "cannot be offered here" in said(page)
    assert "Marcus" not in page.text
    added = rosa.post(
        f"/cases/{wall.cases[1]}/steps/new",
        {"kind": "food", "title": "Food", "provider": wall.grove, "plan": wall.plans[1]},
    )
    assert added.status_code == 422
    assert "cannot be offered here" in said(added)


def test_two_who_are_together_already_are_pointed_out_to_the_supervisor(wall: Wall) -> None:
    wall.choose(0)
    wall.choose(1)
    wall.declared()
    assert re.search("Both are with Grove House now", wall.sam.words("/conflicts"))


def test_the_task_of_it_is_a_supervisors_alone_and_names_nobody(wall: Wall) -> None:
    rosa = wall.office.staff(name="rosa")
    wall.choose(0)
    wall.choose(1)
    before = rosa.words("/")
    wall.declared()
    words = wall.sam.words("/")
    assert "Two people who must not meet are with one provider" in words
    for name in ("Marcus", "Dana", "Grove House"):
        assert name not in words
    assert "/conflicts" in wall.sam.get("/").text
    assert rosa.words("/") == before
    with wall.office.house.records.reading(wall.office.hub_id) as session:
        task = session.exec(select(HumanTask).where(HumanTask.kind == "conflict_together")).one()
    assert rosa.post(f"/tasks/{task.id}/done").status_code == 404
    assert wall.sam.post(f"/tasks/{task.id}/done").status_code == 303
    assert "must not meet" not in wall.sam.words("/")


def test_an_advocate_reads_the_same_before_and_after(wall: Wall) -> None:
    rosa = wall.office.staff(name="rosa")
    addresses = ["/", "/cases", "/referrals", "/outbox", "/inbox", "/progress"]
    addresses += [f"/cases/{case}{more}" for case in wall.cases for more in ("", "/referrals")]
    before = {address: rosa.words(address) for address in addresses}
    wall.declared()
    assert {address: rosa.words(address) for address in addresses} == before


def test_whoever_works_alone_is_their_own_supervisor(office: Office) -> None:
    admin = office.staff(Role.HUB_ADMIN, name="admin")
    assert "Nobody." in admin.words("/conflicts")
    office.staff()
    assert admin.get("/conflicts").status_code == 403


def test_two_people_of_one_name_are_told_apart_by_their_dockets(wall: Wall) -> None:
    with wall.office.house.records.writing(wall.office.hub_id) as session:
        for number in ("F26-000001", "F26-000002"):
            open_case(session, NewCase("Sam", "Reed", docket_number=number), ROSA, NOW)
    words = said(wall.sam.post("/conflicts/find", {"one_name": "sam", "other_name": "reed"}))
    assert words.count("participant, F26-000001") == words.count("participant, F26-000002") == 2


def test_another_hubs_supervisor_neither_finds_nor_ends_it(wall: Wall) -> None:
    wall.declared()
    [row] = wall.conflicts()
    stranger = wall.office.staff(Role.SUPERVISOR, hub_id=wall.office.other_hub(), name="zoe")
    found = stranger.post("/conflicts/find", {"one_name": "dana", "other_name": "johnson"})
    assert "Dana Cole" not in said(found)
    assert "Dana" not in stranger.words("/conflicts")
    assert stranger.post(f"/conflicts/{row.id}/end", {}).status_code == 404
    assert wall.conflicts()[0].ended_at is None
