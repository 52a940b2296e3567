"""Codes are spent once, on both databases, even by two at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest

from domain.vocabulary import Role
from records.database import Records
from records.half_sign_ins import MOST_TRIES, Answer, begin_half, finish_half, half_of
from records.second_factors import (
    begin_totp,
    confirm_totp,
    factors_of,
    make_recovery_codes,
    remove_second_factors,
    waiting_totp,
)
from records.tables import StaffMember
from tests.records.rows import NOW

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def rosa(records: Records, hub: str) -> StaffMember:
    """Rosa, without a second factor."""
    with records.writing(hub) as session:
        member = StaffMember(name="Rosa", sign_in="rosa", role=Role.ADVOCATE)
        session.add(member)
    return member


@pytest.fixture
def secret(records: Records, hub: str, rosa: StaffMember) -> str:
    """What her app holds."""
    with records.writing(hub) as session:
        begin_totp(session, rosa.id)
    with records.writing(hub) as session:
        made = waiting_totp(session, rosa.id)
        assert confirm_totp(session, rosa.id, pyotp.TOTP(made).at(NOW), NOW)
    return made


@pytest.fixture
def paper(records: Records, hub: str, rosa: StaffMember) -> str:
    """One of her recovery codes."""
    with records.writing(hub) as session:
        return make_recovery_codes(session, rosa.id)[0]


def at_once(records: Records, halves: list[str], answer: Answer) -> list[str]:
    """The sessions that come of the same answer, given in several browsers at one moment."""
    barrier = Barrier(len(halves))

    def finish(half: str) -> str | None:
        barrier.wait()
        return finish_half(records, half, answer, LATER)

    with ThreadPoolExecutor(len(halves)) as pool:
        return [token for token in pool.map(finish, halves) if token is not None]


@pytest.mark.parametrize("way", ["code", "recovery"])
def test_one_code_signs_one_browser_in(
    records: Records, rosa: StaffMember, secret: str, paper: str, way: str
) -> None:
    halves = [begin_half(records, rosa, LATER) for _ in range(4)]
    answer = Answer(code=pyotp.TOTP(secret).at(LATER)) if way == "code" else Answer("", paper)
    assert len(at_once(records, halves, answer)) == 1


def test_guesses_at_one_moment_are_all_counted(
    records: Records, rosa: StaffMember, secret: str
) -> None:
    half = begin_half(records, rosa, LATER)
    assert at_once(records, [half] * (MOST_TRIES + 3), Answer(code="000000")) == []
    assert half_of(records, half, LATER) is None


def test_nobody_shares_a_second_factor(
    records: Records, hub: str, rosa: StaffMember, secret: str, paper: str
) -> None:
    with records.writing(hub) as session:
        ana = StaffMember(name="Ana", sign_in="ana", role=Role.ADVOCATE)
        session.add(ana)
        session.flush()
        assert not factors_of(session, ana.id).any
        remove_second_factors(session, ana.id)
        assert factors_of(session, rosa.id).any
        assert factors_of(session, rosa.id).codes_left == 10


def test_everything_beside_the_password_is_removed_at_once(
    records: Records, hub: str, rosa: StaffMember, secret: str, paper: str
) -> None:
    with records.writing(hub) as session:
        remove_second_factors(session, rosa.id)
        left = factors_of(session, rosa.id)
    assert (left.totp, left.passkeys, left.codes_left) == (False, 0, 0)
