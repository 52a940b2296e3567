"""Nobody is led away from this site, however the address is dressed."""

import pytest

from api.pages.own_paths import inside


@pytest.mark.parametrize(
    "wanted",
    ["/cases", "/cases/0a1b", "/me", "/me/passkeys/new", "/templates/x_y/z-1.docx", "/calendar/"],
)
def test_pages_of_ours_are_kept(wanted: str) -> None:
    assert inside(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "cases",
        "//elsewhere.example.org",
        "///elsewhere.example.org",
        "/\\elsewhere.example.org",
        "\\\\elsewhere.example.org",
        "/\t/elsewhere.example.org",
        "/\n/elsewhere.example.org",
        "\t//elsewhere.example.org",
        " //elsewhere.example.org",
        "https:elsewhere.example.org",
        "https:/elsewhere.example.org",
        "https://elsewhere.example.org/",
        "HTTPS://elsewhere.example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "/%2Felsewhere.example.org",
        "/%5Celsewhere.example.org",
        "%2F%2Felsewhere.example.org",
        "/cases//elsewhere.example.org",
        "/.//elsewhere.example.org",
        "/..//elsewhere.example.org",
        "/cases/../..//elsewhere",
        "/cases?next=//elsewhere.example.org",
        "/cases#//elsewhere",
        "/@elsewhere.example.org",
        "/cases\r\nSet-Cookie: a=b",
        "/cases\x00",
        "/sign-out",
        "/sign-in?next=/",
        "/me/proof",
        "/／elsewhere.example.org",
    ],
)
def test_anything_else_becomes_today(wanted: str) -> None:
    assert inside(wanted) == "/"
