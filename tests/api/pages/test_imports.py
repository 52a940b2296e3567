"""Imported calendars on pages: what each changed, and only one's own hub's."""

import io
from datetime import timedelta

from records.calendar_import import apply
from tests.api.pages.office import Browser, Office
from tests.records.calendars.made_up import ALASKA, NOW, alaska, setting


def bring_in(office: Office, hub_id: str, *days: int) -> None:
    rows = [setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in days]
    source = io.BytesIO(alaska(*rows))
    records = office.house.records
    apply(
        records,
        hub_id,
        "Juneau list",
        ALASKA,
        source,
        {},
        now=NOW + timedelta(hours=len(days)),
        applied_by="Ana",
    )


def test_an_import_says_what_it_changed_and_who_did_it(office: Office, rosa: Browser) -> None:
    assert "No calendar was imported yet" in rosa.words("/imports")
    bring_in(office, office.hub_id, 1, 2, 3)
    bring_in(office, office.hub_id, 1, 2, 3, 4)
    page = rosa.words("/imports")
    assert "Juneau list" in page
    assert "by Ana" in page
    assert page.index("1 new · 0 moved · 0 no longer listed · 3 unchanged") < page.index("3 new")


def test_another_hubs_imports_are_not_shown(office: Office, rosa: Browser) -> None:
    bring_in(office, office.other_hub(), 1, 2)
    assert "No calendar was imported yet" in rosa.words("/imports")
    assert "Juneau list" not in rosa.words("/imports")
