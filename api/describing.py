"""The OpenAPI description: what programs may call, with the errors that they may get."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.gateway_events import GatewayEvent
from api.problems import Problem

TITLE = "Homeward"
VERSION = "1"
OPENAPI_PATH = "/api/v1/openapi.json"
DESCRIPTION = """
Court support and community defense: cases followed from arrest to home.

**Tokens.** Send `Authorization: Bearer …`. A token belongs to one hub and one role; ids of other
hubs do not exist for it (404).

**Times.** Instants are RFC 3339 in UTC. A court's time is the time on its wall: `local_time`
without an offset, beside its `zone`; `starts_at` is the instant derived from them.

**Lists** come in parts: follow `next` until it is null.

**Idempotency-Key.** Every POST takes one. The same key with the same request within a day gets
the same answer, and nothing is done twice.

**Problems** are told as `application/problem+json` (RFC 9457). `type` is stable, `detail` says
what to do, and nothing that was sent is repeated.
""".strip()

_OURS = ("/api/", "/healthz", "/readyz", "/calendar/", "/webhooks/")


def describe(app: FastAPI) -> None:
    """Give the application its description, made when it is first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def methods_at(app: FastAPI, path: str) -> list[str]:
    """The methods that a path takes, over all of its routes; none for a path of the pages."""
    said = path.split("/")
    found: set[str] = set()
    for template, item in app.openapi()["paths"].items():
        parts = template.split("/")
        fits = (part.startswith("{") or part == own for part, own in zip(parts, said, strict=False))
        if len(parts) == len(said) and all(fits):
            found.update(method.upper() for method in item)
    return sorted(found)


def _description(app: FastAPI) -> dict[str, Any]:
    said = get_openapi(title=TITLE, version=VERSION, description=DESCRIPTION, routes=app.routes)
    said["paths"] = {path: item for path, item in said["paths"].items() if path.startswith(_OURS)}
    schemas = said.setdefault("components", {}).setdefault("schemas", {})
    # Problems are no models of a route, and the gateway's events are read by hand.
    for model in (Problem, GatewayEvent):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return said
