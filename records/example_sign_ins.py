"""Passwords of the example's made-up people: new ones whenever somebody asks, shown once.

Such an account belongs to the example hub and reaches nothing else. A password still is a
random one that nobody can guess, is nowhere kept, and ends with the next one.
"""

import secrets

from sqlalchemy import delete
from sqlmodel import col, select

from records.access import hash_password
from records.database import Records
from records.example_removing import example_in
from records.tables import HalfSignIn, StaffMember, StaffSession

_PASSWORD_BYTES = 12


def new_passwords(records: Records, sign_ins: tuple[str, ...]) -> dict[str, str]:
    """New passwords for the example's people; whoever was signed in with an old one is out.

    Returns:
        Password by name for signing in; empty where no example is loaded.
    """
    passwords = {sign_in: secrets.token_urlsafe(_PASSWORD_BYTES) for sign_in in sign_ins}
    # Before the transaction: hashing is slow by design.
    hashed = {sign_in: hash_password(word) for sign_in, word in passwords.items()}
    with records.everywhere() as session:
        hub_id = example_in(session)
        members = session.exec(
            select(StaffMember).where(
                StaffMember.hub_id == hub_id,
                col(StaffMember.sign_in).in_(sign_ins),
                col(StaffMember.active).is_(True),
            )
        ).all()
        for member in members:
            member.password_hash = hashed[member.sign_in]
            session.add(member)
            for table in (StaffSession, HalfSignIn):
                session.execute(delete(table).where(col(table.staff_id) == member.id))
        found = {member.sign_in for member in members}
    return {sign_in: word for sign_in, word in passwords.items() if sign_in in found}
