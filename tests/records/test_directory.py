"""The directory by hand: added, changed, ended."""

from datetime import time, timedelta

import pytest

from records.casework import NotFound
from records.database import Records
from records.directory import (
    NewProvider,
    NewService,
    OpenHours,
    Place,
    ProviderEnded,
    ProviderKnown,
    add_provider,
    add_service,
    change_provider,
    change_service,
    detail_of,
    end_provider,
    end_service,
    get_service,
    services_of,
)
from records.directory_search import Wanted, search_services
from tests.houses import wall
from tests.records.directories import by_hand
from tests.records.rows import NOW

LATER = NOW + timedelta(days=1)


def test_a_service_is_found_with_where_when_and_in_which_languages(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        provider = add_provider(session, NewProvider("Grove Center", email="desk@example.org"))
        new = NewService(
            "Sober living",
            needs=("housing", "substance_use_treatment", "Not a kind"),
            languages=("ht", "en"),
            phone="305-555-0120",
            places=(Place(address_1="4 Example Ct", city="Miami", postal_code="33136"),),
            hours=(OpenHours("MO,WE", time(9), time(12)),),
        )
        service = add_service(session, provider.id, new)
        assert service.needs == " housing substance_use_treatment "
    with records.reading(hub) as session:
        wanted = Wanted("housing", "grove", "ht", area="33136", open_at=wall("2026-12-02 10:00"))
        [found] = search_services(session, wanted).found
        detail = detail_of(session, found.service)
    assert detail.phones[0].number == found.provider.phone == "305-555-0120"
    assert (detail.places[0].address_1, detail.hours[0].byday) == ("4 Example Ct", "MO,WE")
    assert found.provider.services == "Sober living"


def test_changes_replace_what_is_below_and_keep_what_was(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        service = by_hand(session)
        changes = {"languages": ("ht",), "places": (), "name": "Housing circle"}
        change_service(session, service.id, changes, LATER)
    with records.reading(hub) as session:
        service = get_service(session, service.id)
        detail = detail_of(session, service)
        assert (service.spoken, service.needs, detail.places) == (" ht ", " housing ", [])
        assert search_services(session, Wanted(language="es")).total == 0


def test_a_new_name_of_the_provider_is_searched(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        service = by_hand(session)
        change_provider(session, service.organization_id, {"name": "Clínica del Sol"})
    with records.reading(hub) as session:
        assert search_services(session, Wanted(words="clinica sol")).total == 1
        assert search_services(session, Wanted(words="grove")).total == 0


def test_the_same_name_twice_is_refused_until_it_has_ended(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        first = add_provider(session, NewProvider("Grove Center"))
        with pytest.raises(ProviderKnown) as refused:
            add_provider(session, NewProvider("Grove Center"))
        assert refused.value.provider_id == first.id
        end_provider(session, first.id, NOW)
        assert add_provider(session, NewProvider("Grove Center")).id != first.id


def test_what_has_ended_takes_no_change(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        service = by_hand(session)
        provider_id = service.organization_id
        end_service(session, service.id, NOW)
        with pytest.raises(ProviderEnded):
            change_service(session, service.id, {"name": "X"}, LATER)
        end_provider(session, provider_id, NOW)
        assert end_provider(session, provider_id, LATER).ended_at == NOW
        assert services_of(session, provider_id) == []
        with pytest.raises(ProviderEnded):
            add_service(session, provider_id, NewService("Another"))
        with pytest.raises(ProviderEnded):
            change_provider(session, provider_id, {"name": "X"})


def test_another_hubs_providers_do_not_exist(records: Records, hub: str, other: str) -> None:
    with records.writing(hub) as session:
        service = by_hand(session)
    with records.writing(other) as session:
        for attempt in (
            lambda: end_service(session, service.id, NOW),
            lambda: end_provider(session, service.organization_id, NOW),
            lambda: add_service(session, service.organization_id, NewService("X")),
        ):
            with pytest.raises(NotFound):
                attempt()
