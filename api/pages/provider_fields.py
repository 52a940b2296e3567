"""The fields of the forms for a provider and for what it does."""

from typing import Any

from api.pages.forms import Form
from api.pages.provider_view import LANGUAGE_CHOICES, NEED_CHOICES
from domain.hours_text import BadHours, hours_words, read_hours
from records.directory import OpenHours, Place, ServiceDetail
from records.directory_search import degrees_of, hours_of

_PLACE = ("address_1", "address_2", "city", "state_province", "postal_code")
_TEXTS = ("description", "eligibility_description", "fees_description", "application_process")


def provider_fields(form: Form) -> dict[str, Any]:
    """What was said of an organization."""
    return {
        "name": form.line("name", "Enter the name of the organization.", most=120),
        "alternate_name": form.line("alternate_name", most=120),
        "description": form.text("description", most=5000),
        "phone": form.line("phone", most=60),
        "email": form.line("email", most=120),
        "website": form.line("website", most=200),
    }


def service_fields(form: Form) -> dict[str, Any]:
    """What was said of a service, by the names of `NewService`."""
    return {
        "name": form.line("name", "Say in a few words what they do.", most=120),
        **{name: form.text(name, most=5000) for name in _TEXTS},
        "needs": _ticked(form, "need", NEED_CHOICES),
        "phone": form.line("phone", most=60),
        "languages": _ticked(form, "language", LANGUAGE_CHOICES),
        "places": _places(form),
        "hours": _hours(form),
    }


def _ticked(form: Form, prefix: str, choices: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(value for value, _ in choices if form.ticked(f"{prefix}-{value}"))


def beyond_the_form(name: str, words: str) -> tuple[str, ...]:
    """Needs or languages of a service that the form has no box for: they stay."""
    offered = {value for value, _ in (NEED_CHOICES if name == "needs" else LANGUAGE_CHOICES)}
    return tuple(word for word in words.split() if word not in offered)


def _places(form: Form) -> tuple[Place, ...]:
    said = {name: form.line(name, most=120) for name in _PLACE}
    degrees = form.line("degrees", most=60)
    point = degrees_of(degrees) if degrees else None
    if degrees and point is None:
        form.refuse("degrees", "Write it like 25.7867, -80.2050, or leave it empty.")
    if not any(said.values()) and point is None:
        return ()
    where = (point.latitude, point.longitude) if point else (None, None)
    return (Place(**said, latitude=where[0], longitude=where[1]),)


def _hours(form: Form) -> tuple[OpenHours, ...]:
    found = []
    for line in form.lines("hours"):
        try:
            hours = read_hours(line)
        except BadHours as error:
            form.refuse("hours", str(error))
            continue
        found.append(OpenHours(hours.byday, hours.opens_at, hours.closes_at))
    return tuple(found)


def service_form(detail: ServiceDetail) -> Form:
    """The form filled with what is known. Where a service has several places, or hours of
    another sort than weekly, those fields are not in the form: it cannot show them."""
    service = detail.service
    known = {name: getattr(service, name) for name in ("name", *_TEXTS)}
    known["phone"] = detail.phones[0].number if detail.phones else ""
    known.update({f"need-{kind}": "yes" for kind in service.needs.split()})
    known.update({f"language-{code}": "yes" for code in service.spoken.split()})
    if len(detail.places) <= 1:
        known.update(_place_known(detail))
    if all(row.plain and row.service_id for row in detail.hours):
        known["hours"] = "\n".join(hours_words(hours_of(row)) for row in detail.hours)
    return Form(known)


def _place_known(detail: ServiceDetail) -> dict[str, str]:
    if not detail.places:
        return dict.fromkeys(_PLACE, "")
    place = detail.places[0]
    known = {name: str(getattr(place, name)) for name in _PLACE}
    if place.latitude is not None:
        known["degrees"] = f"{place.latitude}, {place.longitude}"
    return known
