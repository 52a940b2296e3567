"""Where passkeys hold: this site's domain and origin, as a browser will name them."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from api.pages.cookies import cookie_called, cookie_name
from api.pages.desk import desk_of
from records.passkeys import Holder, Place

KEY_COOKIE = "homeward-passkey"


def place_of(request: Request) -> Place | None:
    """The public address; without one, this machine's own name and no other, since anybody may
    write anything into `Host`. None where no passkey can hold: the standard knows no bare IP
    address, and no HTTP beyond `localhost`."""
    public = desk_of(request).settings.public_url
    if public:
        return _place(public)
    if request.url.hostname != "localhost":
        return None
    return _place(f"{request.url.scheme}://{request.url.netloc}")


def _place(address: str) -> Place | None:
    parts = urlsplit(address)
    name = (parts.hostname or "").lower()
    if not name or (parts.scheme != "https" and name != "localhost") or _is_number(name):
        return None
    port = parts.port if parts.port != {"https": 443, "http": 80}.get(parts.scheme) else None
    return Place(name, f"{parts.scheme}://{name}{f':{port}' if port else ''}")


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def holder_of_browser(request: Request) -> Holder:
    """Whose challenge it is while nobody is signed in: a cookie's, made for this alone."""
    return Holder("sign in", request.cookies.get(cookie_called(request, KEY_COOKIE), ""))


def holder_of_session(request: Request) -> Holder:
    """Whose challenge it is when a passkey is registered: the session's."""
    return Holder("register", request.cookies.get(cookie_name(request), ""))
