"""Whose pages about packets open to whom: every address, tried with the ids of others."""

import re
from collections.abc import Iterator

import pytest

from api.pages import (
    exhibit_pages,
    interview_pages,
    letter_desk,
    letter_keeping,
    naming_counsel,
    packet_pages,
    packet_steps,
)
from domain.vocabulary import Role
from tests.api.pages.office import Browser, Office
from tests.api.pages.packets import a_letter, a_packet, an_exhibit, with_mother

PARTS = (
    packet_pages,
    packet_steps,
    interview_pages,
    letter_desk,
    letter_keeping,
    exhibit_pages,
    naming_counsel,
)
OWN_TO = ("packet_id", "version_id", "letter_id", "exhibit_id", "person_id")
"""What belongs to something above it in an address, from the top."""
OPEN_TO_ANY_PERSON = {("POST", "/interview/people/{person_id}/revoke")}
"""Ends a link that is not there: nothing."""


def addresses() -> Iterator[tuple[str, str]]:
    """Method and address of every page about packets."""
    for part in PARTS:
        for route in part.router.routes:
            for method in sorted({"GET", "POST"} & set(getattr(route, "methods", ()))):
                yield method, getattr(route, "path", "")


ADDRESSES = sorted(set(addresses()))


def ids(office: Office, phone: str) -> dict[str, str]:
    """One packet with one of everything."""
    scene = a_packet(office, phone=phone)
    mother = with_mother(scene)
    return {
        "case_id": scene.case_id,
        "packet_id": scene.packet_id,
        "version_id": scene.build().id,
        "letter_id": a_letter(scene).id,
        "exhibit_id": an_exhibit(scene).id,
        "person_id": mother,
        "section": "ties",
    }


def status(browser: Browser, method: str, path: str, known: dict[str, str]) -> int:
    """What an address answers with these ids."""
    address = re.sub(r"\{(\w+)\}", lambda name: known[name[1]], path)
    answer = browser.get(address) if method == "GET" else browser.post(address, {"hearing": "next"})
    return answer.status_code


def test_every_kind_of_page_is_tried() -> None:
    assert len(ADDRESSES) > 50
    named = {name for _, path in ADDRESSES for name in re.findall(r"\{(\w+)\}", path)}
    assert named == {"case_id", "section", *OWN_TO}


def test_another_hub_and_other_roles_reach_none_of_them(office: Office) -> None:
    known = ids(office, "+13055550110")
    stranger = office.staff(hub_id=office.other_hub())
    refused = {role: office.staff(role, name=role) for role in (Role.COUNSEL, Role.HUB_ADMIN)}
    office.staff(Role.ADVOCATE)
    for method, path in ADDRESSES:
        assert status(stranger, method, path, known) == 404, path
        for role, browser in refused.items():
            assert status(browser, method, path, known) == 403, (role, path)
    own = office.staff(Role.SUPERVISOR, name="dana")
    for method, path in ADDRESSES:
        if method == "GET":
            assert status(own, method, path, known) in (200, 303, 404), path


@pytest.mark.parametrize("foreign", OWN_TO)
def test_an_id_of_another_case_is_not_found_below_this_one(office: Office, foreign: str) -> None:
    known, other = ids(office, "+13055550110"), ids(office, "+13055550120")
    rosa = office.staff()
    mixed = {**known, **{name: other[name] for name in OWN_TO[OWN_TO.index(foreign) :]}}
    for method, path in ADDRESSES:
        below = path.partition("{packet_id}")[2]
        if f"{{{foreign}}}" in path and (method, below) not in OPEN_TO_ANY_PERSON:
            assert status(rosa, method, path, mixed) == 404, (method, path)
