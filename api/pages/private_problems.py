"""What stands in the way of a page behind a private link, said in the visitor's language.

Whoever wrote something gets it back on the page that says why it was not saved.
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from activities.notices import the_phrases
from api.pages.browser_language import wished_language
from api.pages.desk import desk_of
from api.pages.forms import Form
from api.pages.guard import PageRoute
from api.pages.problems import (
    Broken,
    Busy,
    ForeignForm,
    FormTooLarge,
    NotStored,
    PageProblem,
)
from domain.message_values import phone_words

_WRITTEN: Final = frozenset(
    {"who", "know", "story", "will", "contact", "words", "more", "back_words", "comment_words"}
)
_ANSWER: Final = "w."
_SAID: Mapping[type[PageProblem], str] = {
    Broken: "broken",
    Busy: "busy",
    NotStored: "busy",
    ForeignForm: "foreign",
    FormTooLarge: "large",
}
"""How each problem is said here; any other is said as "missing"."""


class PrivateRoute(PageRoute):
    """A route behind a private link: its visitors may not read English, and have no sign-in."""

    def problem_page(self, request: Request, problem: PageProblem) -> Response:
        """The page of a problem, with what was written in the form that met it."""
        return private_page(request, problem)


def private_page(request: Request, problem: PageProblem) -> Response:
    """The page of a problem, with what was written in the form that met it."""
    form: Form | None = getattr(request.state, "form", None)
    values = {
        **door_words(request),
        "what": _SAID.get(type(problem), "missing"),
        "number": getattr(problem, "number", ""),
        "written": written_in(form) if form is not None else (),
        "again": "/".join(request.url.path.split("/")[:3]),
    }
    page = desk_of(request).page("private_problem.html", values, status=problem.status)
    page.headers.update(problem.headers)
    return page


def written_in(form: Form) -> list[str]:
    """What somebody wrote in a form of a private page, without what only steers the page."""
    names = [name for name in form.names("") if name in _WRITTEN or name.startswith(_ANSWER)]
    return [text for text in map(form.kept, names) if text.strip()]


def door_words(
    request: Request, language: str = "", hub: str = "", phone: str = ""
) -> dict[str, Any]:
    """What a page needs that speaks with the words of all doors.

    Args:
        language: of the visitor; "" for what their browser asks for.
        hub: its name. `phone`: its phone. "" where nobody knows whose page it is.
    """
    phrases = the_phrases("door")
    spoken = phrases.language(language or wished_language(request, phrases.everything))
    known = {"hub": hub, "phone": phone_words(phone) if phone else ""}

    def say(name: str, **values: str) -> str:
        return phrases.say(spoken, name, **{**known, **values})

    return {"language": spoken, "say": say, "door_say": say, **known}
