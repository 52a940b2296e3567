"""The directory: finding a service, a provider's page, adding and changing both."""

from dataclasses import fields
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import once
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.provider_fields import (
    beyond_the_form,
    provider_fields,
    service_fields,
    service_form,
)
from api.pages.provider_view import (
    LANGUAGE_CHOICES,
    MILES,
    NEED_CHOICES,
    provider_view,
    search_view,
)
from api.pages.session import InHub, Visit
from records import directory as book
from records.casework import NotFound
from records.database import HubSession
from records.directory import NewProvider, NewService, ProviderEnded, ProviderKnown
from records.tables import Provider, Service

router = APIRouter(route_class=PageRoute, prefix="/providers")

DONE = {
    "added": "Added. Now say what they do, so that it can be found.",
    "changed": "Saved. It stays so when the directory is imported again.",
    "service": "Saved. It can be found from now on.",
    "service-ended": "This is offered no more.",
    "ended": "This provider is offered no more. Steps that name it keep it.",
}


@router.get("")
def show_search(visit: InHub, request: Request, page: str = "1", done: str = "") -> Response:
    """The form, and what fits; without words, everything by name."""
    form = Form(dict(request.query_params))
    with visit.reading() as session:
        view = search_view(session, visit, form, page)
    values = {**search_values(visit, form), "view": view, "done": DONE.get(done, "")}
    return visit.desk.page("providers.html", values, status=200 if form.ok else 422)


def search_values(visit: Visit, form: Form) -> dict[str, Any]:
    """What every page with a search form needs."""
    return {
        "visit": visit,
        "form": form,
        "needs": NEED_CHOICES,
        "languages": LANGUAGE_CHOICES,
        "miles": list(MILES.items()),
    }


@router.get("/new")
def show_new(visit: InHub) -> Response:
    """The form for one more provider."""
    return _provider_form(visit, Form())


@router.post("/new")
def save_new(visit: InHub, form: Sent) -> Response:
    """Add an organization."""
    said = provider_fields(form)
    with visit.writing() as session:
        if not form.ok:
            return _provider_form(visit, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        try:
            provider = book.add_provider(session, NewProvider(**said))
        except ProviderKnown as error:
            form.refuse("name", str(error))
            return _provider_form(visit, form)
        location = once.keep(session, visit, form, f"/providers/{provider.id}?done=added")
    return see_other(location)


@router.get("/{provider_id}")
def show_provider(visit: InHub, provider_id: str, done: str = "") -> Response:
    """One provider with everything that it does."""
    with visit.reading() as session:
        view = provider_view(session, book.get_provider(session, provider_id))
    values = {"visit": visit, "view": view, "done": DONE.get(done, "")}
    return visit.desk.page("provider.html", values)


@router.get("/{provider_id}/edit")
def show_edit(visit: InHub, provider_id: str) -> Response:
    """The form with what is known."""
    with visit.reading() as session:
        provider = _offered(session, provider_id)
    known = {one.name: str(getattr(provider, one.name)) for one in fields(NewProvider)}
    return _provider_form(visit, Form(known), provider)


@router.post("/{provider_id}/edit")
def save_edit(visit: InHub, provider_id: str, form: Sent) -> Response:
    """Keep what was said."""
    said = provider_fields(form)
    with visit.writing() as session:
        provider = _offered(session, provider_id)
        if not form.ok:
            return _provider_form(visit, form, provider)
        book.change_provider(session, provider_id, said)
    return see_other(f"/providers/{provider_id}?done=changed")


@router.post("/{provider_id}/end")
def end(visit: InHub, provider_id: str, form: Sent) -> Response:
    """It is offered no more."""
    with visit.writing() as session:
        book.end_provider(session, provider_id, visit.now)
    return see_other("/providers?done=ended")


@router.get("/{provider_id}/services/new")
def show_new_service(visit: InHub, provider_id: str) -> Response:
    """The form for one more thing that they do."""
    with visit.reading() as session:
        provider = _offered(session, provider_id)
    return _service_page(visit, Form(), provider)


@router.post("/{provider_id}/services/new")
def save_new_service(visit: InHub, provider_id: str, form: Sent) -> Response:
    """Add what they do."""
    said = service_fields(form)
    with visit.writing() as session:
        provider = _offered(session, provider_id)
        if not form.ok:
            return _service_page(visit, form, provider)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        new = NewService(**{**said, "needs": said["needs"] or None})
        book.add_service(session, provider_id, new)
        location = once.keep(session, visit, form, f"/providers/{provider_id}?done=service")
    return see_other(location)


@router.get("/{provider_id}/services/{service_id}")
def show_service(visit: InHub, provider_id: str, service_id: str) -> Response:
    """The form with what is known of a service."""
    with visit.reading() as session:
        provider, service = _service(session, provider_id, service_id)
        form = service_form(book.detail_of(session, service))
    return _service_page(visit, form, provider, service)


@router.post("/{provider_id}/services/{service_id}")
def save_service(visit: InHub, provider_id: str, service_id: str, form: Sent) -> Response:
    """Keep what was said; where and when it is stay as they were unless they were changed."""
    said = service_fields(form)
    with visit.writing() as session:
        provider, service = _service(session, provider_id, service_id)
        if not form.ok:
            return _service_page(visit, form, provider, service)
        before = service_fields(service_form(book.detail_of(session, service)))
        changes = {name: value for name, value in said.items() if value != before[name]}
        for name, kept in (("needs", service.needs), ("languages", service.spoken)):
            if name in changes:
                changes[name] = (*changes[name], *beyond_the_form(name, kept))
        for name, field in (("places", "address_1"), ("hours", "hours")):
            if not form.holds(field):
                changes.pop(name, None)
        book.change_service(session, service_id, changes, visit.now)
    return see_other(f"/providers/{provider_id}?done=service")


@router.post("/{provider_id}/services/{service_id}/end")
def end_service(visit: InHub, provider_id: str, service_id: str, form: Sent) -> Response:
    """It is offered no more."""
    with visit.writing() as session:
        _service(session, provider_id, service_id)
        book.end_service(session, service_id, visit.now)
    return see_other(f"/providers/{provider_id}?done=service-ended")


def _offered(session: HubSession, provider_id: str) -> Provider:
    """The provider, where it takes changes.

    Raises:
        NotFound: there is none, or it has ended.
    """
    try:
        return book.offered_provider(session, provider_id)
    except ProviderEnded:
        raise NotFound("provider") from None


def _service(session: HubSession, provider_id: str, service_id: str) -> tuple[Provider, Service]:
    provider, service = _offered(session, provider_id), book.get_service(session, service_id)
    if service.organization_id != provider_id or service.ended_at is not None:
        raise NotFound("service")
    return provider, service


def _provider_form(visit: Visit, form: Form, provider: Provider | None = None) -> Response:
    values = {"visit": visit, "form": form, "provider": provider}
    return visit.desk.page("provider_form.html", values, status=200 if form.ok else 422)


def _service_page(
    visit: Visit, form: Form, provider: Provider, service: Service | None = None
) -> Response:
    values = {
        **search_values(visit, form),
        "provider": provider,
        "service": service,
        "new": service is None,
    }
    return visit.desk.page("service_form.html", values, status=200 if form.ok else 422)
