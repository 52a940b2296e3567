"""The example hub: what it is, loading it, signing in to it, and removing it.

It is an administrator's of real work. From within the example nothing here can be done: an account
whose password is shown to whoever looks around reaches the example alone.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from activities.documents.errors import StoreError
from activities.example.people import SIGN_INS, STAFF
from api.pages.forms import Sent
from api.pages.guard import PageRoute, see_other
from api.pages.live import live_page
from api.pages.own_words import Words
from api.pages.problems import NotYours
from api.pages.session import SignedIn, Visit
from api.pages.staff_view import ROLES
from engine.example_hub import load_claimed, remove_with_documents
from records.example_loading import (
    ExampleNameTaken,
    Loading,
    LoadingNow,
    claim_loading,
    forget_failure,
    loading_now,
)
from records.example_removing import find_example
from records.example_sign_ins import new_passwords

router = APIRouter(route_class=PageRoute, prefix="/hub/example")

PAGE: Final = "/hub/example"
DONE: Final = {
    "removed": "The example is removed. Nothing of yours was touched.",
    "left": "The example is removed. Some of its documents could not be reached; `homeward sweep` "
    "removes them later.",
    "gone": "No example is loaded: there was nothing to remove.",
    "there": "The example is loaded already. Remove it to begin anew.",
    "loading": "It is being loaded already. Wait until it is there.",
}
TAKEN: Final = Words(
    "A real hub, or somebody who works in one, has a name that the example needs. "
    "Nothing was loaded."
)


class FromOutside(NotYours):
    """The example is loaded and removed from real work, not from within."""

    title = "You are in the example"
    text = "It is loaded and removed by an administrator of a real hub."


@dataclass(frozen=True, slots=True)
class SignInLine:
    """Somebody of the example: `password` is "" but in the one answer that shows it."""

    name: str
    sign_in: str
    role: str
    password: str = ""


def _from_real_work(visit: SignedIn) -> Visit:
    """The visit, where it is one of real work.

    Raises:
        FromOutside: it is one of the example itself.
    """
    if visit.hub.example:
        raise FromOutside
    return visit


InRealWork = Annotated[Visit, Depends(_from_real_work)]


@router.get("")
def show_example(request: Request, visit: InRealWork, done: str = "") -> Response:
    """What the example is and how it stands; kept up to date while it is being loaded."""
    page = _page(visit, DONE.get(done, ""), live=True)
    return live_page(request, page)


@router.post("/load")
def load_example(visit: InRealWork, form: Sent) -> Response:
    """Begin to load it; the answer does not wait for that. Twice, or two at once, is once."""
    desk = visit.desk
    try:
        mark = claim_loading(desk.records, SIGN_INS, visit.now)
    except LoadingNow:
        return see_other(f"{PAGE}?done=loading")
    except ExampleNameTaken:
        return _page(visit, "", problem=TAKEN, status=409)
    if not mark:
        return see_other(f"{PAGE}?done=there")
    _note(visit, "loaded the example hub")
    answer = see_other(PAGE)
    answer.background = BackgroundTask(_load, visit, mark)
    return answer


@router.post("/sign-ins")
def make_passwords(visit: InRealWork, form: Sent) -> Response:
    """New passwords for its people, shown in this one answer; the old ones end."""
    passwords = new_passwords(visit.desk.records, SIGN_INS)
    if not passwords:
        return see_other(f"{PAGE}?done=gone")
    _note(visit, "made passwords for the example hub")
    return _page(visit, "", passwords=passwords)


@router.get("/remove")
def ask_removal(visit: InRealWork) -> Response:
    """What removing it does, before it is done."""
    loaded = bool(find_example(visit.desk.records))
    return visit.desk.page("example_remove.html", {"visit": visit, "loaded": loaded})


@router.post("/remove")
def remove_example(visit: InRealWork, form: Sent) -> Response:
    """Remove it whole: rows, sign-ins, documents. A second time there is nothing to remove."""
    desk = visit.desk
    try:
        removed = remove_with_documents(desk.records, desk.store, visit.now)
    except StoreError:
        _note(visit, "removed the example hub")
        return see_other(f"{PAGE}?done=left")
    forget_failure(desk.records, visit.now)
    if removed is None:
        return see_other(f"{PAGE}?done=gone")
    _note(visit, "removed the example hub")
    return see_other(f"{PAGE}?done=removed")


def _load(visit: Visit, mark: str) -> None:
    """After the answer: what goes wrong is told under the claim, and stands in the log."""
    desk = visit.desk
    try:
        load_claimed(desk.settings, desk.records, mark, desk.clock)
    except Exception:
        return


def _page(
    visit: Visit,
    done: str,
    *,
    live: bool = False,
    passwords: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    records, shown = visit.desk.records, passwords or {}
    loading = loading_now(records)
    loaded = bool(find_example(records))
    values = {
        "visit": visit,
        "state": _state(visit, loading, loaded=loaded),
        "loading": loading,
        "lines": [
            SignInLine(name, sign_in, ROLES[role], shown.get(sign_in, ""))
            for name, sign_in, role, _ in STAFF
        ],
        "fresh": bool(shown),
        "problem": problem,
        "done": done,
        "stays_live": live,
    }
    return visit.desk.page("example.html", values, status=status)


def _state(visit: Visit, loading: Loading | None, *, loaded: bool) -> str:
    if loaded:
        return "loaded"
    if loading is None:
        return "none"
    return "loading" if loading.runs(visit.now) else "failed"


def _note(visit: Visit, action: str) -> None:
    with visit.writing() as session:
        visit.note(session, action, "hub", visit.hub.id)
