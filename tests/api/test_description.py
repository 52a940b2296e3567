"""The OpenAPI description: complete, readable, and about nothing but programs."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.api.programs import Installation

STATUSES_OF_ALL = {"400", "401", "403", "413", "422", "429", "500", "503"}


@pytest.fixture(scope="module")
def said(api: Installation) -> dict[str, Any]:
    """The description."""
    told: dict[str, Any] = api.http.get("/api/v1/openapi.json").json()
    return told


def every_operation(said: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    return [
        (path, method, operation)
        for path, item in said["paths"].items()
        for method, operation in item.items()
    ]


def test_pages_are_not_in_it(said: dict[str, Any]) -> None:
    roots = {path.split("/")[1] for path in said["paths"]}
    assert roots == {"api", "healthz", "readyz", "calendar", "webhooks"}


def test_every_operation_has_a_name_a_heading_a_summary_and_says_what_it_does(
    said: dict[str, Any],
) -> None:
    names = []
    for path, _, operation in every_operation(said):
        names.append(operation["operationId"])
        assert operation["tags"], path
        assert operation["summary"], path
        assert len(operation["description"].split()) >= 3, path
    assert len(names) == len(set(names))


def test_every_operation_documents_its_errors_as_problems(said: dict[str, Any]) -> None:
    for path, method, operation in every_operation(said):
        answers = operation["responses"]
        if path.startswith("/api/"):
            assert set(answers) >= STATUSES_OF_ALL, path
        if "{" in path:
            assert "404" in answers, (method, path)
        for status, answer in answers.items():
            if status >= "400" and path not in ("/readyz",):
                assert set(answer["content"]) == {"application/problem+json"}, (path, status)


def test_every_operation_of_the_api_needs_a_token(said: dict[str, Any]) -> None:
    for path, _, operation in every_operation(said):
        assert bool(operation.get("security")) == path.startswith("/api/"), path
    assert said["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_its_schemas_are_schemas_and_every_reference_leads_somewhere(said: dict[str, Any]) -> None:
    schemas = said["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert {"Problem", "FieldError"} <= set(schemas)
    assert "HTTPValidationError" not in schemas
    for name in references(said):
        assert name in schemas, name


def references(part: Any) -> set[str]:
    """Names of the schemas that are referred to."""
    if isinstance(part, list):
        return set().union(*(references(one) for one in part))
    if not isinstance(part, dict):
        return set()
    found = set().union(*(references(one) for one in part.values()))
    ref = part.get("$ref")
    return found | {ref.rpartition("/")[2]} if isinstance(ref, str) else found


def test_there_is_no_page_that_loads_scripts_from_elsewhere(api: Installation) -> None:
    assert api.http.get("/docs").status_code == 404
    assert api.http.get("/redoc").status_code == 404


def test_texts_and_lists_in_requests_are_bounded(said: dict[str, Any]) -> None:
    schemas = said["components"]["schemas"]
    for _, _, operation in every_operation(said):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            for field, schema in schemas[name]["properties"].items():
                assert unbounded(schema, schemas) == [], (name, field)


def unbounded(schema: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """Parts of a schema that take texts, lists or numbers of any size."""
    if "$ref" in schema:
        target = schemas[schema["$ref"].rpartition("/")[2]]
        parts = [*target.get("properties", {}).values()] or [target]
        return [bad for part in parts for bad in unbounded(part, schemas)]
    if "anyOf" in schema:
        return [bad for part in schema["anyOf"] for bad in unbounded(part, schemas)]
    match schema.get("type"):
        case "string":
            known = {"maxLength", "enum", "pattern", "format", "const"}
            return [] if known & set(schema) else [schema]
        case "integer" | "number":
            return [] if {"minimum", "maximum"} <= set(schema) else [schema]
        case "array":
            inner = unbounded(schema["items"], schemas)
            return inner if "maxItems" in schema else [schema, *inner]
    return []
