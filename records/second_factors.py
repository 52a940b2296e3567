"""Second factors of staff: codes from an app, recovery codes, and whether anybody owes one.

A code from an app is good for its own half minute and the one before and after, and works once:
the step of the newest used one is kept, and it and all before it are spent. Recovery codes work
once each. They are found by a keyed hash, so a copy of the database alone tries nothing.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from records.crypto import keys
from records.database import HubSession
from records.tables import Passkey, RecoveryCode, StaffMember, TotpSecret

RECOVERY_CODES: Final = 10
FEW_CODES: Final = 3
"""With no more than these left, people are asked to make new ones."""
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like another on paper."""
_GROUPS, _GROUP = 3, 4
_HASHED_FOR: Final = "recovery-code"
_WINDOW: Final = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class Factors:
    """What a member of staff has beside a password."""

    totp: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether a password alone is not enough."""
        return self.totp or self.passkeys > 0

    @property
    def few_codes(self) -> bool:
        """Whether to warn that recovery codes run out."""
        return self.any and self.codes_left <= FEW_CODES


def factors_of(session: HubSession, staff_id: str) -> Factors:
    """What a member of staff has beside a password."""
    totp = select(func.count(col(TotpSecret.id))).where(
        TotpSecret.staff_id == staff_id, col(TotpSecret.confirmed_at).is_not(None)
    )
    passkeys = select(func.count(col(Passkey.id))).where(Passkey.staff_id == staff_id)
    codes = select(func.count(col(RecoveryCode.id))).where(
        RecoveryCode.staff_id == staff_id, col(RecoveryCode.used_at).is_(None)
    )
    return Factors(
        session.exec(totp).one() > 0, session.exec(passkeys).one(), session.exec(codes).one()
    )


def staff_without_factor(session: HubSession) -> set[str]:
    """The ids of everybody in the hub whose password alone is enough."""
    everybody = session.exec(
        select(col(StaffMember.id)).where(col(StaffMember.active).is_(True))
    ).all()
    totp = session.exec(
        select(col(TotpSecret.staff_id)).where(col(TotpSecret.confirmed_at).is_not(None))
    ).all()
    return set(everybody) - set(totp) - set(session.exec(select(col(Passkey.staff_id))).all())


def begin_totp(session: HubSession, staff_id: str) -> None:
    """A new secret for an app, which counts for nothing until a code confirms it."""
    _drop_totp(session, staff_id, confirmed=False)
    session.add(TotpSecret(staff_id=staff_id, secret=pyotp.random_base32()))


def waiting_totp(session: HubSession, staff_id: str) -> str:
    """The secret that waits for its first code; "" where there is none."""
    row = session.exec(_totps(staff_id, confirmed=False)).first()
    return row.secret if row is not None else ""


def confirm_totp(session: HubSession, staff_id: str, code: str, now: datetime) -> bool:
    """Let the waiting secret count, and end the one before it, if this is a code of it."""
    row = _totp(session, staff_id, confirmed=False)
    if row is None or not _spend(session, row, code, now):
        return False
    _drop_totp(session, staff_id, confirmed=True)
    row.confirmed_at = now
    return True


def use_totp(session: HubSession, staff_id: str, code: str, now: datetime) -> bool:
    """Whether this is a code of theirs that was not used before; from now on it was."""
    row = _totp(session, staff_id, confirmed=True)
    return row is not None and _spend(session, row, code, now)


def remove_totp(session: HubSession, staff_id: str) -> None:
    """Codes of their app count no more; with the last second factor recovery codes end too."""
    _drop_totp(session, staff_id, confirmed=True)
    _drop_totp(session, staff_id, confirmed=False)
    end_lonely_codes(session, staff_id)


def make_recovery_codes(session: HubSession, staff_id: str) -> list[str]:
    """Ten new codes, to be shown this once; those before them end."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(staff_id=staff_id, code_hash=_hash(staff_id, code)) for code in codes
    )
    return codes


def use_recovery_code(session: HubSession, staff_id: str, typed: str, now: datetime) -> bool:
    """Whether this is a code of theirs that was not used before; from now on it was."""
    row = session.exec(
        select(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff_id,
            RecoveryCode.code_hash == _hash(staff_id, typed),
            col(RecoveryCode.used_at).is_(None),
        )
        .with_for_update()
    ).first()
    if row is None:
        return False
    row.used_at = now
    session.add(row)
    return True


def remove_second_factors(session: HubSession, staff_id: str) -> None:
    """A password alone is enough again."""
    for table in (TotpSecret, Passkey, RecoveryCode):
        session.execute(delete(table).where(col(table.staff_id) == staff_id))


def end_lonely_codes(session: HubSession, staff_id: str) -> None:
    """Recovery codes stand in for a second factor; without one there is nothing to recover."""
    if not factors_of(session, staff_id).any:
        session.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))


def _totps(staff_id: str, *, confirmed: bool) -> SelectOfScalar[TotpSecret]:
    known = col(TotpSecret.confirmed_at)
    return (
        select(TotpSecret)
        .where(
            TotpSecret.staff_id == staff_id,
            known.is_not(None) if confirmed else known.is_(None),
        )
        .order_by(col(TotpSecret.id).desc())
    )


def _totp(session: HubSession, staff_id: str, *, confirmed: bool) -> TotpSecret | None:
    """The secret, held until the transaction ends: nobody else spends the same code meanwhile."""
    return session.exec(_totps(staff_id, confirmed=confirmed).with_for_update()).first()


def _drop_totp(session: HubSession, staff_id: str, *, confirmed: bool) -> None:
    known = col(TotpSecret.confirmed_at)
    session.execute(
        delete(TotpSecret).where(
            col(TotpSecret.staff_id) == staff_id,
            known.is_not(None) if confirmed else known.is_(None),
        )
    )


def _spend(session: HubSession, row: TotpSecret, code: str, now: datetime) -> bool:
    step = _step(pyotp.TOTP(row.secret), "".join(code.split()), now)
    if step is None or step <= row.last_step:
        return False
    row.last_step = step
    session.add(row)
    return True


def _step(totp: pyotp.TOTP, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to; every candidate is compared, whichever fits."""
    present = totp.timecode(now)
    fits = [
        present + away
        for away in _WINDOW
        if hmac.compare_digest(totp.generate_otp(present + away).encode(), code.encode())
    ]
    return max(fits, default=None)


def _new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _hash(staff_id: str, code: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", code.casefold())
    return keys().index(f"{staff_id}|{plain}", _HASHED_FOR)
