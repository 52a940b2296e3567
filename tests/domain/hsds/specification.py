"""The specification's own published examples, where they are at hand."""

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[4] / "shared/specs/hsds"

needs_examples = pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples are not here")

TABLES = ("tabular.json",)
NESTED = ("organization_full.json", "service_full.json", "service_at_location_full.json")
COUNSELLING = "ac148810-d857-441c-9679-408f346de14b"
"""The service of the examples."""


def csv_files() -> dict[str, bytes]:
    """The examples as CSV tables."""
    return {path.name: path.read_bytes() for path in (EXAMPLES / "csv").iterdir()}


def json_file(name: str) -> dict[str, bytes]:
    """One JSON example."""
    return {name: (EXAMPLES / name).read_bytes()}
