"""An administrator who signs in by password, for tests that are not about the first run."""

from domain.vocabulary import Role
from records.access import hash_password
from records.database import Records
from records.tables import StaffMember

PASSWORD = "lantern orchard pebble seven"


def an_administrator(records: Records) -> str:
    """Hire `admin` in the one hub of real work; their password."""
    with records.writing(records.sole_hub()) as session:
        session.add(
            StaffMember(
                name="Ines",
                sign_in="admin",
                role=Role.HUB_ADMIN,
                password_hash=hash_password(PASSWORD),
            )
        )
    return PASSWORD
