"""People and roles on both databases: who comes, who goes, and whose the cases are then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from sqlmodel import col, select

from domain.tracks import CourtStage
from domain.vocabulary import HearingKind, Role
from records.access import begin_session, caller_of_session, hash_token, make_feed, who_knows
from records.casework import NewCase, NotFound, open_case
from records.database import HubSession, Records
from records.hearings import Setting, schedule_hearing
from records.invitations import (
    INVITATION_LASTS,
    InvitationOver,
    NewMember,
    SignInTaken,
    StaffProblem,
    WasHere,
    guest_of,
    invite,
    invite_again,
    join,
)
from records.roster import add_companion
from records.staff import (
    Handed,
    HasCases,
    LastAdministrator,
    caseloads,
    caseworkers,
    change_role,
    give_case,
    hand_over,
    member_of,
    members,
    remove,
)
from records.tables import (
    Case,
    CaseEvent,
    CourtSupport,
    FeedToken,
    HumanTask,
    StaffInvitation,
    StaffMember,
)
from tests.houses import ROSA
from tests.records.rows import NOW

HASHED = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$nobody"


def works_here(records: Records, hub: str, name: str, role: Role = Role.ADVOCATE) -> str:
    with records.writing(hub) as session:
        member = StaffMember(name=name.title(), sign_in=name, role=role, password_hash=HASHED)
        session.add(member)
    return member.id


def asked(records: Records, hub: str, name: str = "bea", role: Role = Role.ADVOCATE) -> str:
    """The token of an invitation."""
    with records.writing(hub) as session:
        return invite(session, NewMember(name.title(), name, role), NOW)[1]


def comes(records: Records, token: str) -> str:
    guest = guest_of(records, token, NOW)
    with records.writing(guest.hub_id) as session:
        join(session, guest, HASHED, NOW)
    return guest.staff_id


def a_case_of(session: HubSession, staff_id: str, last: str = "Johnson") -> Case:
    return open_case(session, NewCase("Marcus", last, advocate_id=staff_id), ROSA, NOW)


def test_whoever_is_invited_works_here_once_they_came(records: Records, hub: str) -> None:
    token = asked(records, hub)
    with records.reading(hub) as session:
        assert [one.name for one in members(session)] == ["Bea"]
        assert caseworkers(session) == []
    assert who_knows(records, "bea", "anything at all") is None
    guest = guest_of(records, token, NOW)
    assert (guest.hub_id, guest.name, guest.sign_in) == (hub, "Bea", "bea")
    staff_id = comes(records, token)
    with records.reading(hub) as session:
        assert [one.id for one in caseworkers(session)] == [staff_id]


@pytest.mark.parametrize(
    "spoil",
    ["used", "replaced", "removed", "expired", "unknown"],
)
def test_an_invitation_that_is_over_opens_nothing(records: Records, hub: str, spoil: str) -> None:
    works_here(records, hub, "ada", Role.HUB_ADMIN)
    token, when = asked(records, hub), NOW
    guest = guest_of(records, token, NOW)
    with records.writing(hub) as session:
        if spoil == "used":
            join(session, guest, HASHED, NOW)
        elif spoil == "replaced":
            invite_again(session, guest.staff_id, NOW)
        elif spoil == "removed":
            remove(session, guest.staff_id, NOW)
        elif spoil == "expired":
            when = NOW + INVITATION_LASTS
    with pytest.raises(InvitationOver):
        guest_of(records, "x" if spoil == "unknown" else token, when)
    if spoil != "unknown":
        with pytest.raises(InvitationOver), records.writing(hub) as session:
            join(session, guest, HASHED, when)


def test_an_invitation_is_used_by_one_of_two_at_one_moment(records: Records, hub: str) -> None:
    token = asked(records, hub)
    guest = guest_of(records, token, NOW)

    def come(session: HubSession) -> None:
        join(session, guest, HASHED, NOW)

    assert sorted(at_once(records, hub, [come, come])) == ["InvitationOver", "done"]


def test_a_name_for_signing_in_is_one_persons_over_all_hubs(
    records: Records, hub: str, other: str
) -> None:
    works_here(records, other, "rosa")
    with records.writing(hub) as session:
        with pytest.raises(SignInTaken):
            invite(session, NewMember("Rosa", " ROSA ", Role.ADVOCATE), NOW)
        invite(session, NewMember("Rosa", "rosa-2", Role.ADVOCATE), NOW)
    with records.reading(hub) as session:
        assert [one.sign_in for one in members(session)] == ["rosa-2"]


def test_whoever_was_removed_comes_back_as_themselves_if_somebody_says_so(
    records: Records, hub: str, other: str
) -> None:
    works_here(records, hub, "ada", Role.HUB_ADMIN)
    rosa = works_here(records, hub, "rosa")
    with records.writing(hub) as session:
        remove(session, rosa, NOW)
    again = NewMember("Rosa", "rosa", Role.SUPERVISOR, "es")
    with records.writing(hub) as session, pytest.raises(WasHere):
        invite(session, again, NOW)
    with records.writing(other) as session, pytest.raises(SignInTaken):
        invite(session, again, NOW, back=True)
    with records.writing(hub) as session:
        member, token = invite(session, again, NOW, back=True)
        _, second = invite_twice(session, rosa)
    assert member.id == rosa
    assert who_knows(records, "rosa", "river stone lamp nine") is None
    assert comes(records, token) == rosa
    with pytest.raises(InvitationOver):
        guest_of(records, second, NOW)
    with records.reading(hub) as session:
        (here,) = [one for one in members(session) if one.id == rosa]
        assert (here.role, here.language) == (Role.SUPERVISOR, "es")


def invite_twice(session: HubSession, staff_id: str) -> tuple[str, str]:
    """What another administrator made in the same moment."""
    token = "the-other-token"
    session.add(
        StaffInvitation(
            staff_id=staff_id, token_hash=hash_token(token), expires_at=NOW + INVITATION_LASTS
        )
    )
    return staff_id, token


def test_removal_ends_everything_that_opens_a_door(records: Records, hub: str) -> None:
    works_here(records, hub, "ada", Role.HUB_ADMIN)
    rosa = works_here(records, hub, "rosa")
    with records.writing(hub) as session:
        token = begin_session(session, rosa, hub, NOW)
        make_feed(session, staff_id=rosa)
    assert caller_of_session(records, token, NOW) is not None
    with records.writing(hub) as session:
        remove(session, rosa, NOW)
    assert caller_of_session(records, token, NOW) is None
    assert who_knows(records, "rosa", "") is None
    with records.reading(hub) as session:
        assert [one.name for one in members(session)] == ["Ada"]
        assert session.exec(select(FeedToken)).one().revoked_at is not None
        with pytest.raises(NotFound):
            member_of(session, rosa)


def test_nobody_leaves_open_cases_behind_by_leaving_or_by_another_role(
    records: Records, hub: str
) -> None:
    works_here(records, hub, "ada", Role.HUB_ADMIN)
    rosa, bea = works_here(records, hub, "rosa"), works_here(records, hub, "bea")
    with records.writing(hub) as session:
        first = a_case_of(session, rosa)
        second = a_case_of(session, rosa, "Reyes")
        closed = a_case_of(session, rosa, "Done")
        closed.stage = CourtStage.CLOSED
        task = HumanTask(
            claim="t", kind="call_now", case_id=first.id, assigned_to_id=rosa, opened_at=NOW
        )
        session.add_all([closed, task])
    with records.writing(hub) as session:
        with pytest.raises(HasCases) as refused:
            remove(session, rosa, NOW)
        assert refused.value.count == 2
        with pytest.raises(HasCases):
            change_role(session, rosa, Role.COUNSEL, NOW)
        assert hand_over(session, rosa, bea, ROSA, NOW) == Handed(2, 1)
        remove(session, rosa, NOW)
    with records.reading(hub) as session:
        assert caseloads(session) == {bea: 2}
        assert session.get_one(Case, closed.id).advocate_id == rosa
        assert session.exec(select(HumanTask)).one().assigned_to_id == bea
        told = session.exec(select(CaseEvent).where(CaseEvent.kind == "handed_over")).all()
        assert {(one.case_id, one.subject_id) for one in told} == {
            (first.id, bea),
            (second.id, bea),
        }


def test_a_caseload_can_wait_for_somebody(records: Records, hub: str) -> None:
    rosa = works_here(records, hub, "rosa")
    with records.writing(hub) as session:
        a_case_of(session, rosa)
        assert hand_over(session, rosa, None, ROSA, NOW) == Handed(1, 0)
    with records.reading(hub) as session:
        assert caseloads(session) == {"": 1}


@pytest.mark.parametrize("to", ["admin", "invited", "removed", "other hub", "nobody"])
def test_cases_go_to_whoever_works_on_cases_here_alone(
    records: Records, hub: str, other: str, to: str
) -> None:
    admin = works_here(records, hub, "ada", Role.HUB_ADMIN)
    rosa, gone = works_here(records, hub, "rosa"), works_here(records, hub, "gone")
    asked(records, hub, "guest")
    with records.writing(hub) as session:
        case = a_case_of(session, rosa)
        remove(session, gone, NOW)
        guest = session.exec(select(StaffMember).where(col(StaffMember.sign_in) == "guest")).one()
    wrong = {"admin": admin, "invited": guest.id, "removed": gone, "nobody": "0" * 32}
    wrong["other hub"] = works_here(records, other, "stranger")
    with records.writing(hub) as session:
        with pytest.raises(NotFound):
            hand_over(session, rosa, wrong[to], ROSA, NOW)
        with pytest.raises(NotFound):
            give_case(session, case.id, wrong[to], ROSA, NOW)


def test_one_case_is_given_with_its_tasks_and_once(records: Records, hub: str) -> None:
    rosa, bea = works_here(records, hub, "rosa"), works_here(records, hub, "bea")
    with records.writing(hub) as session:
        case, second = a_case_of(session, rosa), a_case_of(session, rosa, "Reyes")
        for number, one in enumerate((case, second)):
            session.add(
                HumanTask(
                    claim=f"t{number}",
                    kind="call_now",
                    case_id=one.id,
                    assigned_to_id=rosa,
                    opened_at=NOW,
                )
            )
    with records.writing(hub) as session:
        assert give_case(session, case.id, bea, ROSA, NOW)
        assert not give_case(session, case.id, bea, ROSA, NOW)
    with records.reading(hub) as session:
        tasks = session.exec(select(HumanTask)).all()
        assert {one.case_id: one.assigned_to_id for one in tasks} == {
            case.id: bea,
            second.id: rosa,
        }


def test_the_last_administrator_stays(records: Records, hub: str, other: str) -> None:
    ada = works_here(records, hub, "ada", Role.HUB_ADMIN)
    works_here(records, other, "eve", Role.HUB_ADMIN)
    asked(records, hub, "guest", Role.HUB_ADMIN)
    with records.writing(hub) as session:
        with pytest.raises(LastAdministrator):
            remove(session, ada, NOW)
        with pytest.raises(LastAdministrator):
            change_role(session, ada, Role.SUPERVISOR, NOW)


def test_two_administrators_cannot_remove_each_other_at_one_moment(
    records: Records, hub: str
) -> None:
    both = [works_here(records, hub, name, Role.HUB_ADMIN) for name in ("ada", "bob")]

    def leave(staff_id: str) -> Callable[[HubSession], None]:
        def go(session: HubSession) -> None:
            remove(session, staff_id, NOW + timedelta(seconds=1))

        return go

    assert sorted(at_once(records, hub, [leave(one) for one in both])) == [
        "LastAdministrator",
        "done",
    ]


@pytest.mark.parametrize("deed", ["removed", "another role"])
def test_nobody_is_given_a_case_at_the_moment_in_which_they_leave(
    records: Records, hub: str, deed: str
) -> None:
    works_here(records, hub, "ada", Role.HUB_ADMIN)
    rosa = works_here(records, hub, "rosa")
    with records.writing(hub) as session:
        case = open_case(session, NewCase("Marcus", "Johnson"), ROSA, NOW)
    given, leaving = Event(), Event()

    def give() -> str:
        with records.writing(hub) as session:
            give_case(session, case.id, rosa, ROSA, NOW)
            given.set()
            leaving.wait(0.5)
        return "given"

    def leave() -> str:
        given.wait(5)
        leaving.set()
        try:
            with records.writing(hub) as session:
                if deed == "removed":
                    remove(session, rosa, NOW)
                else:
                    change_role(session, rosa, Role.COUNSEL, NOW)
        except HasCases:
            return "stays"
        return "left"

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(give), pool.submit(leave)
        assert (first.result(), second.result()) == ("given", "stays")


def test_whoever_leaves_is_on_no_roster_any_more(records: Records, hub: str) -> None:
    works_here(records, hub, "ada", Role.HUB_ADMIN)
    rosa = works_here(records, hub, "rosa")
    with records.writing(hub) as session:
        case = open_case(session, NewCase("Marcus", "Johnson"), ROSA, NOW)
        when = Setting(NOW.replace(tzinfo=None) + timedelta(days=9), "America/New_York", "3A", "")
        hearing = schedule_hearing(session, case.id, HearingKind.ARRAIGNMENT, when, ROSA, NOW)
        add_companion(session, hearing, staff_id=rosa)
        add_companion(session, hearing, name="Pastor Lee")
        remove(session, rosa, NOW)
    with records.reading(hub) as session:
        assert [one.name for one in session.exec(select(CourtSupport)).all()] == ["Pastor Lee"]


def test_another_role_signs_out(records: Records, hub: str) -> None:
    rosa = works_here(records, hub, "rosa")
    with records.writing(hub) as session:
        token = begin_session(session, rosa, hub, NOW)
        change_role(session, rosa, Role.ADVOCATE, NOW)
    assert caller_of_session(records, token, NOW) is not None
    with records.writing(hub) as session:
        change_role(session, rosa, Role.SUPERVISOR, NOW)
    assert caller_of_session(records, token, NOW) is None


def test_nobody_of_another_hub_is_touched(records: Records, hub: str, other: str) -> None:
    stranger = works_here(records, other, "stranger")
    with records.writing(hub) as session:
        for deed in (
            lambda: member_of(session, stranger),
            lambda: remove(session, stranger, NOW),
            lambda: invite_again(session, stranger, NOW),
            lambda: change_role(session, stranger, Role.SUPERVISOR, NOW),
            lambda: hand_over(session, stranger, None, ROSA, NOW),
        ):
            with pytest.raises(NotFound):
                deed()


def at_once(records: Records, hub: str, deeds: list[Callable[[HubSession], None]]) -> list[str]:
    """What comes of deeds at one moment: "done", or why not."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[HubSession], None]) -> str:
        barrier.wait()
        try:
            with records.writing(hub) as session:
                deed(session)
        except StaffProblem as problem:
            return type(problem).__name__
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))
