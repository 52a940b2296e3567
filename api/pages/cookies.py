"""The cookies of staff: secrets of one browser, for no script and no other site's forms."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from api.pages.desk import desk_of
from records.access import SESSION_LASTS


def is_secure(request: Request) -> bool:
    """Whether the browser reaches these pages through TLS."""
    public = desk_of(request).settings.public_url
    return request.url.scheme == "https" or public.startswith("https://")


def cookie_name(request: Request) -> str:
    """Over TLS the name itself keeps other hosts from setting the cookie."""
    return cookie_called(request, "homeward")


def cookie_called(request: Request, name: str) -> str:
    """How a cookie is called here."""
    return f"__Host-{name}" if is_secure(request) else name


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the session's token to the browser."""
    lend_cookie(request, response, cookie_name(request), token, SESSION_LASTS)


def drop_cookie(request: Request, response: Response) -> None:
    """Take the token away again."""
    take_cookie(request, response, cookie_name(request))


def lend_cookie(
    request: Request, response: Response, name: str, value: str, lasts: timedelta
) -> None:
    """Hand the browser a secret: for no script, for no other site's forms."""
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def take_cookie(request: Request, response: Response, name: str) -> None:
    """Take a secret away again."""
    response.delete_cookie(name, path="/", secure=is_secure(request), httponly=True, samesite="lax")
