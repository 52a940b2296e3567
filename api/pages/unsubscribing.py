"""The page that ends e-mail: opened from an e-mail, by people and by mail programs.

Reading it changes nothing, because scanners open every link. Sending its form, or a mail
program's one click (RFC 8058), ends e-mail to that one mailbox. The address is the right:
no cookie, no sign-in.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.enclosures import STOP_PATH
from activities.notices import the_notices
from api.pages.browser_language import wished_language
from api.pages.desk import desk_of
from api.pages.guard import OpenRoute
from api.pages.session import Now
from domain.message_values import phone_words
from records.unsubscribing import WayOut, find_way_out, take_way_out

router = APIRouter(route_class=OpenRoute, include_in_schema=False)


@router.get(STOP_PATH + "{token}")
def ask(request: Request, token: str) -> Response:
    """Asks whether e-mail is to end. Changes nothing."""
    return _page(request, find_way_out(desk_of(request).records, token))


@router.post(STOP_PATH + "{token}")
def end(request: Request, token: str, now: Now) -> Response:
    """Ends e-mail to that mailbox, and says so; a second time it says so again."""
    return _page(request, take_way_out(desk_of(request).records, token, now))


def _page(request: Request, found: WayOut | None) -> Response:
    notices = the_notices()
    if found is None:
        language = wished_language(request, notices.everything)
        state = "unknown"
    else:
        language = notices.language(found.language, found.hub_language)
        state = "ended" if found.ended else "asks"
    hub = found.hub_name if found else ""
    phone = phone_words(found.hub_phone) if found else ""

    def say(name: str) -> str:
        return notices.say(language, f"unsubscribe.{name}", hub=hub, phone=phone)

    values = {"language": language, "state": state, "hub": hub, "phone": phone, "say": say}
    status = 404 if found is None else 200
    return desk_of(request).page("unsubscribe.html", values, status=status)
