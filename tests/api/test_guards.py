"""How large a body may be: small everywhere but where documents are sent."""

import re

import pytest
from fastapi.routing import APIRoute

from activities.documents.exhibits import MOST_BYTES as MOST_OF_A_DOCUMENT
from api.guards import LARGER, MOST_BYTES, MOST_DOCUMENT_BYTES, MOST_UPLOAD_BYTES, most_bytes
from api.pages.routes import OPEN_PARTS, PARTS
from api.pages.uploads import MOST_UPLOADED
from tests.api.programs import Installation, Program

ID = "0" * 32


@pytest.mark.parametrize(
    "path",
    [
        "/cases/new",
        "/api/v1/cases",
        f"/api/v1/packets/{ID}",
        f"/api/v1/packets/{ID}/exhibits/more",
        f"/cases/{ID}/packets/{ID}/exhibits/{ID}",
        f"/letter/{ID}/write",
        "/api/v1/importsx",
        "/x/api/v1/imports",
    ],
)
def test_a_form_without_documents_is_small(path: str) -> None:
    assert most_bytes(path) == MOST_BYTES


def test_a_body_has_room_for_what_its_form_takes() -> None:
    assert most_bytes(f"/api/v1/packets/{ID}/exhibits") > MOST_OF_A_DOCUMENT
    assert most_bytes(f"/cases/{ID}/packets/{ID}/exhibits") > MOST_UPLOADED
    assert most_bytes(f"/letter/{ID}/file") > MOST_UPLOADED
    assert MOST_DOCUMENT_BYTES < MOST_UPLOAD_BYTES


def test_every_larger_path_is_one_that_exists(api: Installation) -> None:
    paths = [path for path, item in api.app.openapi()["paths"].items() if "post" in item]
    for part in (*PARTS, *OPEN_PARTS):
        paths += [route.path for route in part.router.routes if isinstance(route, APIRoute)]
    filled = [re.sub(r"\{[^}]+\}", ID, path) for path in paths]
    for pattern in LARGER:
        assert any(re.fullmatch(pattern, path) for path in filled), pattern


def test_nobody_unknown_sends_a_large_body(api: Installation, rosa: Program) -> None:
    answer = api.http.post(f"/api/v1/packets/{ID}/exhibits", content=b"x" * (MOST_BYTES + 1))
    assert answer.status_code == 401
    page = api.http.post(
        f"/cases/{ID}/packets/{ID}/exhibits",
        files={"files": ("a.pdf", b"x" * (MOST_BYTES + 1))},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert page.status_code == 401
