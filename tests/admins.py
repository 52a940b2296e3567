"""Administrators who sign in by password, of the hub and of an example beside it."""

from domain.vocabulary import Role
from records.access import hash_password
from records.database import Records
from records.hubs import make_hub
from records.tables import Hub, StaffMember

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


def an_example(records: Records) -> str:
    """An example hub with nothing in it but its administrator, `example-admin`; their password."""
    hub_id = make_hub(records, name="Example hub", slug="example").id
    with records.writing(hub_id) as session:
        session.get_one(Hub, hub_id).example = True
        session.add(
            StaffMember(
                name="Ines",
                sign_in="example-admin",
                role=Role.HUB_ADMIN,
                password_hash=hash_password(PASSWORD),
            )
        )
    return PASSWORD
