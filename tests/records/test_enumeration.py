"""Nobody learns from an answer, or from how long it takes, who works in a hub."""

from typing import Any

import pytest

from domain.vocabulary import Role
from records import access
from records.access import hash_password, who_knows
from records.database import Records
from records.invitations import NewMember, invite
from records.staff import remove
from records.tables import StaffMember
from tests.records.rows import NOW

PASSWORD = "river stone lamp nine"


class Watched:
    """The real passwords, which note what each check costs: the kind of hash and its parameters."""

    def __init__(self) -> None:
        self.real, self.costs = access._passwords, list[str]()

    def verify(self, password: str, kept: str) -> bool:
        """As the real one."""
        self.costs.append("$".join(kept.split("$")[:4]))
        return self.real.verify(password, kept)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def test_a_name_that_exists_costs_what_one_costs_that_does_not(
    records: Records, hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = hash_password(PASSWORD)
    with records.writing(hub) as session:
        staff = {
            name: StaffMember(name=name, sign_in=name, role=role, password_hash=kept)
            for name, role in (("ada", Role.HUB_ADMIN), ("rosa", "advocate"), ("gone", "advocate"))
        }
        session.add_all(staff.values())
        session.flush()
        remove(session, staff["gone"].id, NOW)
        invite(session, NewMember("Bea", "bea", Role.ADVOCATE), NOW)
    watched = Watched()
    monkeypatch.setattr(access, "_passwords", watched)
    for name in ("rosa", "nobody", "gone", "bea", "", "x" * 300):
        assert who_knows(records, name, "a wrong password") is None
    assert watched.costs == ["$".join(kept.split("$")[:4])] * 6
    assert who_knows(records, "rosa", PASSWORD) is not None
    assert who_knows(records, "gone", PASSWORD) is None
    assert len(watched.costs) == 8
