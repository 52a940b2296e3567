"""The staff's pages in Spanish: nothing is missing from the catalog, and no page forgets it.

A pseudo-language that puts brackets around everything it translates shows what a page says past
the catalog: whatever stands outside of brackets must be what the scene's people wrote.
"""

import re
import time
from html import unescape

import pytest
from jinja2 import Environment
from sqlmodel import select

from api.pages import desk as desk_module
from api.pages.own_words import Phrases, values_of
from api.pages.segments import messages, places_of
from api.pages.translating import build, catalog, spoken_environment
from domain.vocabulary import Role
from records.tables import StaffMember
from scripts.staff_words import missing, source_of
from tests.api.programs import Installation
from tests.api.test_page_access import SIGNS_OUT, Staff, for_staff, scene

BOOK = catalog("es")
TEMPLATES = sorted(one.name for one in desk_module.FOLDER.iterdir() if one.name.endswith(".html"))
NOT_FOR_STAFF = frozenset(
    {
        *("counsel.html", "counsel_base.html", "counsel_letter.html", "counsel_refused.html"),
        *("counsel_text.html", "counsel_changed.html", "report_counsel.html"),
    }
)
"""What counsel reads by link. Families' pages have no English in their templates at all."""
EVERYDAY = (
    *("GET /", "GET /cases", "GET /cases/new", "GET /cases/{case_id}", "GET /calendar"),
    *("GET /inbox", "GET /inbox/{reply_id}", "GET /outbox", "GET /me", "GET /meeting"),
    *("GET /unreachable", "GET /cases/{case_id}/hearings/new", "POST /cases/new"),
    "GET /cases/{case_id}/hearings/{hearing_id}/move",
    "GET /cases/{case_id}/hearings/{hearing_id}/cancel",
    "GET /cases/{case_id}/hearings/{hearing_id}/outcome",
    "POST /cases/{case_id}/hearings/new",
    *("GET /cases/{case_id}/tracks/{track}", "POST /cases/{case_id}/tracks/{track}"),
    *("GET /cases/{case_id}/supporters/new", "POST /cases/{case_id}/supporters/new"),
    *("GET /cases/{case_id}/people/{person_id}/contact", "GET /cases/{case_id}/counsel"),
    *("POST /me/password", "POST /me/language", "GET /me/proof", "GET /me/second-factor"),
)
"""Pages on which everything is Spanish but what people wrote."""
WRITTEN = re.compile(
    r"Liberty City Defense|Marcus Johnson|Marcus|Denise Johnson|Denise|Gloria|Ana Ruiz|Ana|rosa"
    r"|ana\.ruiz@example\.org|mother|Where do I park\?|Yes, text me\.|Find a home|\bcounsel\b"
    r"|\bor\b|Hi Denise, Marcus has court on Tuesday\.|Rosa"
    r"|a \w+'s program|Ines|Court [0-9a-f]+|English|Español|a "
)
"""What people wrote in the scene, and what languages call themselves."""


class Bracketed(Phrases):
    """Says everything that the catalog knows, in brackets."""

    def known(self, text: str) -> str | None:
        """In brackets."""
        found = super().known(text)
        return None if found is None else f"⟦{found}⟧"


def bracketed() -> Environment:
    def page(text: str) -> str:
        return f"⟦{BOOK.pages[text]}⟧" if text in BOOK.pages else text

    made = build(page, Bracketed(BOOK.words), desk_module._environment())
    made.globals["speaks"] = "es"
    return made


def outside_of_brackets(page: str) -> list[str]:
    """The pieces of a page's visible text that nothing translated."""
    page = re.sub(r"<head>.*?</head>|<svg.*?</svg>|<script.*?</script>", "", page, flags=re.DOTALL)
    said = ""
    while said != page:
        said, page = page, re.sub(r"⟦[^⟦⟧]*⟧", " ", page)
    pieces = (unescape(piece).strip() for piece in re.sub(r"<[^>]*>", "\n", page).split("\n"))
    left = (WRITTEN.sub("", piece).strip() for piece in pieces)
    return [piece for piece in left if re.search("[^\\W\\d_]", piece)]


def in_spanish(api: Installation, page: str) -> Staff:
    """Somebody of a role that the page is for, who reads Spanish."""
    roles = for_staff()[page]
    role = Role.ADVOCATE if Role.ADVOCATE in roles else sorted(roles)[0]
    staff = Staff(api, role)
    with api.writing("") as session:
        for member in session.exec(select(StaffMember)).all():
            member.language = "es"
            session.add(member)
    return staff


@pytest.fixture(scope="module")
def ours(api: Installation) -> dict[str, str]:
    return scene(api)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    said = bracketed()
    monkeypatch.setattr(desk_module, "_spoken", lambda language: said)


@pytest.mark.parametrize("template", sorted(set(TEMPLATES) - NOT_FOR_STAFF))
def test_every_page_of_the_staff_is_translated(template: str) -> None:
    pages, words = missing("es", template)
    assert not pages, f"python -m scripts.staff_words es {template}"
    assert not words, f"python -m scripts.staff_words es {template}"


def test_the_catalog_holds_nothing_that_no_page_says() -> None:
    said = {text for template in TEMPLATES for text in messages(source_of(template))}
    assert not set(BOOK.pages) - said


def test_translated_messages_have_the_places_of_the_english() -> None:
    for english, spanish in BOOK.pages.items():
        assert places_of(spanish) == places_of(english), english
        assert not re.search(r"<(?!/?[0-9]+>)|\{(?![0-9]+\})", spanish), english
        assert english.startswith((",", ".")) == spanish.startswith((",", ".")), english


def test_translated_sentences_have_the_values_of_the_english() -> None:
    for english, spanish in BOOK.words.items():
        assert values_of(spanish) == values_of(english), english
        assert "<" not in spanish, english


@pytest.mark.parametrize("page", EVERYDAY)
@pytest.mark.usefixtures("pseudo")
def test_an_everyday_page_says_nothing_past_the_catalog(
    api: Installation, ours: dict[str, str], page: str
) -> None:
    answer = in_spanish(api, page).open(page, ours)
    assert answer.status_code in (200, 303, 422)
    assert outside_of_brackets(answer.text) == []


@pytest.mark.parametrize("page", sorted(set(for_staff()) - {SIGNS_OUT}))
def test_no_page_breaks_in_spanish(api: Installation, ours: dict[str, str], page: str) -> None:
    answer = in_spanish(api, page).open(page, ours)
    assert answer.status_code < 500
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert '<html lang="es">' in answer.text


def test_a_sign_in_page_speaks_as_the_browser_asks(api: Installation) -> None:
    nobody = Staff(api, None)
    spanish = nobody.http.get("/sign-in", headers={"Accept-Language": "es-MX,en;q=0.5"})
    assert '<html lang="es">' in spanish.text
    assert "Contraseña" in spanish.text
    english = nobody.http.get("/sign-in", headers={"Accept-Language": "fr,en;q=0.5"})
    assert '<html lang="en">' in english.text
    assert "Contraseña" not in english.text


def test_who_chooses_spanish_reads_spanish_from_then_on(api: Installation) -> None:
    staff = Staff(api, Role.ADVOCATE)
    assert "Your language" in staff.http.get("/me").text
    own = {"Sec-Fetch-Site": "same-origin"}
    staff.http.post("/me/language", data={"language": "es"}, headers=own)
    assert "Su idioma" in staff.http.get("/me").text
    staff.http.post("/me/language", data={"language": "en"}, headers=own)
    assert "Your language" in staff.http.get("/me").text


def test_spanish_costs_a_page_no_more_than_english(api: Installation) -> None:
    english = desk_module._environment()
    spanish = spoken_environment("es", english)
    values = {"title": "x", "text": "y", "link": ("/", "z"), "visit": None}
    took = {}
    for name, environment in (("en", english), ("es", spanish)):
        template = environment.get_template("problem.html")
        best = 1.0
        for _ in range(30):
            began = time.perf_counter()
            template.render(values)
            best = min(best, time.perf_counter() - began)
        took[name] = best
    # A template that was translated at each request would cost a hundred times as much.
    assert took["es"] < 10 * took["en"]
