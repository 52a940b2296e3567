"""A TOML table that is read key by key, so that no wrong or unknown key passes silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from domain.listings.errors import MappingError

T = TypeVar("T")


class CheckedTable:
    """One table of a mapping file.

    Each method reads one key and remembers that it is known; `finish` then refuses every key
    that nobody asked for.

    Raises:
        MappingError: from every method, naming the file, the dotted key and what is allowed.
    """

    __slots__ = ("_data", "_file", "_known", "_path")

    def __init__(self, file: str, data: Mapping[str, object], path: str = "") -> None:
        self._file = file
        self._data = data
        self._path = path
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def names(self) -> tuple[str, ...]:
        """The keys as written."""
        return tuple(self._data)

    def holds_table(self, key: str) -> bool:
        """Whether `key` is a table and not a single value."""
        return isinstance(self._data.get(key), dict)

    def only(self, allowed: Collection[str]) -> None:
        """Refuse every key but these."""
        for key in self._data:
            if key not in allowed:
                raise self.refusal(key, f"not known here; allowed: {', '.join(allowed) or 'none'}")

    def refusal(self, key: str, problem: str) -> MappingError:
        """The error to raise about `key`, "" for the table itself."""
        return MappingError(
            self._file, ".".join(part for part in (self._path, key) if part), problem
        )

    def text(
        self, key: str, default: str | None = None, allowed: Collection[str] | None = None
    ) -> str:
        """A text; it must be there unless there is a default."""
        self._known.add(key)
        if key not in self._data and default is not None:
            return default
        value = self._data.get(key)
        if not isinstance(value, str):
            raise self.refusal(key, "write a text in quotes" if value is None else "must be a text")
        if allowed is not None and value not in allowed:
            raise self.refusal(key, f"{value!r} is not known; allowed: {', '.join(allowed)}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts, not empty; one text stands for a list of one."""
        self._known.add(key)
        if key not in self._data and default is not None:
            return default
        value = self._data.get(key)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not value:
            raise self.refusal(key, "write one text or a list of texts")
        if not all(isinstance(item, str) for item in value):
            raise self.refusal(key, "every item of the list must be a text")
        return tuple(value)

    def table(self, key: str) -> CheckedTable:
        """A table inside this one; an empty one when it is absent."""
        self._known.add(key)
        value = self._data.get(key, {})
        if not isinstance(value, dict):
            raise self.refusal(key, "must be a table")
        return CheckedTable(self._file, value, f"{self._path}.{key}" if self._path else key)

    def each(self, read: Callable[[str], T]) -> dict[str, T]:
        """Every key of this table (a table of free words), each read by `read`."""
        return {key: read(key) for key in self._data}

    def pattern(
        self, key: str, groups: Collection[str], *, unnamed: bool = False
    ) -> re.Pattern[str] | None:
        """A regular expression, or None when absent.

        Args:
            key: its key.
            groups: the named groups that it may have.
            unnamed: whether it may do without any of them.
        """
        self._known.add(key)
        if key not in self._data:
            return None
        return self._compiled(key, self.text(key), groups, unnamed=unnamed)

    def patterns(self, key: str, groups: Collection[str]) -> tuple[re.Pattern[str], ...]:
        """A list of regular expressions; empty when absent."""
        texts = self.texts(key, ())
        return tuple(self._compiled(key, text, groups, unnamed=False) for text in texts)

    def finish(self) -> None:
        """Refuse every key that was not read."""
        self.only(sorted(self._known))

    def _compiled(
        self, key: str, text: str, groups: Collection[str], *, unnamed: bool
    ) -> re.Pattern[str]:
        allowed = ", ".join(groups)
        try:
            found = re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            raise self.refusal(key, f"is not a regular expression: {error}") from None
        for name in found.groupindex:
            if name not in groups:
                raise self.refusal(key, f"group {name!r} is not known; allowed: {allowed}")
        if not unnamed and not found.groupindex:
            raise self.refusal(key, f"name at least one group: {allowed}")
        return found
