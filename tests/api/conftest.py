"""An installation for each test file, and programs with a token of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.programs import Installation, Program, installation


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all tests of a file; each makes cases of its own."""
    folder: Path = tmp_path_factory.mktemp("var")
    with installation(folder) as made:
        yield made


@pytest.fixture
def rosa(api: Installation) -> Program:
    """An advocate's program."""
    return api.program("advocate")
