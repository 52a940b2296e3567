"""Whose counsel somebody is, on both databases: what they see is what they defend now."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.vocabulary import Role
from records.casework import NewCase, NotFound, get_case, open_case
from records.clients import (
    NotCounsel,
    client_case,
    clients_of,
    connect,
    counsel_of_staff,
    disconnect,
    drop_note,
    own_notes,
    share_note,
    shared_notes,
    write_note,
)
from records.counsel import NewCounsel, set_counsel, use_counsel
from records.database import HubSession, Records
from records.staff import change_role, remove
from records.tables import Counsel, CounselNote, StaffMember
from tests.houses import ROSA
from tests.records.rows import NOW


def an_account(session: HubSession, name: str, role: Role = Role.COUNSEL) -> str:
    member = StaffMember(name=name.title(), sign_in=name, role=role)
    session.add(member)
    session.flush()
    return member.id


def a_case(session: HubSession, last: str = "Johnson") -> str:
    return open_case(session, NewCase("Marcus", last), ROSA, NOW).id


def a_counsel(session: HubSession, case_id: str, last: str) -> str:
    return set_counsel(session, case_id, NewCounsel("Ana", last), ROSA, NOW).id


def test_counsel_who_is_replaced_sees_nothing_any_more(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        ana, ben = an_account(session, "ana"), an_account(session, "ben")
        case = a_case(session)
        connect(session, a_counsel(session, case, "Ruiz"), ana)
        assert client_case(session, ana, case).id == case
        note = write_note(session, ana, case, "Ask about the bus.", NOW, shared=True)
        connect(session, a_counsel(session, case, "Stone"), ben)
    with records.writing(hub) as session:
        assert clients_of(session, ana) == []
        for deed in (
            lambda: client_case(session, ana, case),
            lambda: own_notes(session, ana, case),
            lambda: write_note(session, ana, case, "x", NOW, shared=False),
            lambda: share_note(session, ana, case, note.id, NOW, shared=False),
            lambda: drop_note(session, ana, case, note.id),
            lambda: drop_note(session, ben, case, note.id),
        ):
            with pytest.raises(NotFound):
                deed()
        assert [one.id for one in clients_of(session, ben)] == [case]
        assert own_notes(session, ben, case) == []
        assert list(shared_notes(session, get_case(session, case))) == []


def test_a_note_is_counsels_alone_until_it_is_shared(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        ana, case = an_account(session, "ana"), a_case(session)
        connect(session, a_counsel(session, case, "Ruiz"), ana)
        note = write_note(session, ana, case, "Only mine.", NOW, shared=False)
        row = get_case(session, case)
        assert list(shared_notes(session, row)) == []
        share_note(session, ana, case, note.id, NOW, shared=True)
        assert [one.body for one in shared_notes(session, row)] == ["Only mine."]
        share_note(session, ana, case, note.id, NOW, shared=False)
        assert list(shared_notes(session, row)) == []
        drop_note(session, ana, case, note.id)
        assert session.exec(select(CounselNote)).all() == []


def test_an_account_is_one_counsels_and_a_counsel_has_one_account(
    records: Records, hub: str, other: str
) -> None:
    with records.writing(other) as session:
        stranger = a_counsel(session, a_case(session), "Stranger")
        foreign = an_account(session, "foreign")
    with records.writing(hub) as session:
        ana, ben = an_account(session, "ana"), an_account(session, "ben")
        rosa = an_account(session, "rosa", Role.ADVOCATE)
        first, second = (a_counsel(session, a_case(session), last) for last in ("Ruiz", "Stone"))
        connect(session, first, ana)
        with pytest.raises(NotCounsel):
            connect(session, first, ben)
        with pytest.raises(NotCounsel):
            connect(session, second, rosa)
        for wrong in ((stranger, ana), (first, foreign), ("0" * 32, ana)):
            with pytest.raises(NotFound):
                connect(session, *wrong)
        connect(session, second, ana)
        assert session.get_one(Counsel, first).staff_id is None
        connect(session, first, ben)
        disconnect(session, ana)
        assert counsel_of_staff(session, ana) is None


@pytest.mark.parametrize("how", ["removed", "another role"])
def test_an_account_that_is_no_counsels_any_more_lets_them_go(
    records: Records, hub: str, how: str
) -> None:
    with records.writing(hub) as session:
        an_account(session, "ada", Role.HUB_ADMIN)
        ana, case = an_account(session, "ana"), a_case(session)
        connect(session, a_counsel(session, case, "Ruiz"), ana)
    with records.writing(hub) as session:
        if how == "removed":
            remove(session, ana, NOW)
        else:
            change_role(session, ana, Role.ADVOCATE, NOW)
    with records.reading(hub) as session:
        assert clients_of(session, ana) == []


@given(moves=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=12))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_counsel_sees_is_what_they_defend_now(
    records: Records, hub: str, moves: list[tuple[int, int]]
) -> None:
    """Whatever the order in which cases change hands."""
    with records.writing(hub) as session:
        tag = str(session.exec(select(StaffMember)).all().__len__())
        accounts = [an_account(session, f"{name}{tag}") for name in ("ana", "ben", "cleo")]
        cases = [a_case(session, f"N{number}") for number in range(4)]
        counsels = []
        for account in accounts:
            spare = a_case(session, "Spare")
            counsels.append(a_counsel(session, spare, "Ruiz"))
            connect(session, counsels[-1], account)
            get_case(session, spare).counsel_id = None
        defends: dict[str, int] = {}
        for lawyer, case in moves:
            row = get_case(session, cases[case])
            use_counsel(session, row, session.get_one(Counsel, counsels[lawyer]), ROSA, NOW)
            defends[cases[case]] = lawyer
        session.flush()
        for number, account in enumerate(accounts):
            theirs = {case for case, lawyer in defends.items() if lawyer == number}
            assert {one.id for one in clients_of(session, account)} == theirs
