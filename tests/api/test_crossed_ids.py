"""Pages whose address has several ids, with one of them swapped for that of another case of the
same hub: what does not belong together is not opened, and no form sent there changes anything."""

import re
from typing import Any

import pytest

from domain.vocabulary import Role
from tests.api.programs import Installation
from tests.api.test_page_access import FIXED, Staff, filled, for_staff, scene
from tests.api.test_page_attacks import changed, everything_kept, opener


def with_several_ids() -> list[tuple[str, str]]:
    """Every page with more than one id, with each of its ids in turn."""
    found = []
    for page in for_staff():
        names = [name for name in re.findall(r"{(\w+_id)}", page) if name not in FIXED]
        if len(names) > 1:
            found += [(page, name) for name in names]
    return found


@pytest.fixture(scope="module")
def scenes(api: Installation) -> tuple[dict[str, str], dict[str, str]]:
    """One of everything, twice, in one hub."""
    return scene(api), scene(api)


def test_ids_of_two_cases_in_one_address_open_nothing(
    api: Installation, scenes: tuple[dict[str, str], dict[str, str]]
) -> None:
    ours, theirs = scenes
    browsers: dict[Role, Any] = {role: Staff(api, role) for role in Role}
    browsers[Role.COUNSEL].defends(ours["case"])
    before, opened = everything_kept(api), []
    for page, name in with_several_ids():
        who = opener(browsers, page)
        method, right = filled(page, ours)
        _, other = filled(page.replace(f"{{{name}}}", "SWAPPED"), ours)
        place = filled(page, theirs)[1].split("/")
        address = "/".join(
            theirs_part if part.startswith("SWAPPED") else part
            for part, theirs_part in zip(other.split("/"), place, strict=True)
        )
        assert address != right, (page, name)
        sent = {"Origin": "http://home"} if method == "POST" else {}
        answer = who.http.request(method, address, headers=sent)
        if answer.status_code != 404:
            opened.append((page, name, answer.status_code))
    assert opened == []
    assert changed(before, everything_kept(api)) == []
