"""Reading the tables of a file of words: what is not there or not right is told with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from domain.placeholders import BadTemplate, Template, compile_template


def toml(source: str, where: str) -> dict[str, Any]:
    """The tables of a source; `where` is the file, for the error."""
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate(where, f"is not valid TOML: {error}.") from error


def refuse_unknown(table: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """A misspelt entry would be a text that is never said."""
    for key in table:
        if key not in known:
            raise BadTemplate(where, f"unknown entry {key!r}; known: {', '.join(sorted(known))}.")


def subtable(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """The table of this name."""
    value = table.get(key)
    if not isinstance(value, dict):
        raise BadTemplate(where, f"needs a table [{key}].")
    return value


def text(table: Mapping[str, Any], key: str, where: str) -> str:
    """A text that is there, without the blanks around it."""
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadTemplate(where, f"needs a text {key!r}.")
    return value.strip()


def text_or_nothing(table: Mapping[str, Any], key: str, where: str) -> str:
    """A text that a language may do without."""
    value = table.get(key, "")
    if not isinstance(value, str):
        raise BadTemplate(f"{where} {key}", 'write a text; "" for nothing special.')
    return value


def template(table: Mapping[str, Any], key: str, allowed: Collection[str], where: str) -> Template:
    """A text with placeholders. A clause such as ", by {due}" keeps its place in the sentence."""
    text(table, key, where)
    return compile_template(str(table[key]).strip("\n"), allowed, f"{where} {key}")


def names(table: Mapping[str, Any], key: str, count: int, where: str) -> tuple[str, ...]:
    """A list of that many names."""
    said = table.get(key)
    if not isinstance(said, list) or len(said) != count or not all(map(_is_word, said)):
        raise BadTemplate(f"{where} {key}", f"list {count} names.")
    return tuple(said)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def periods(table: Mapping[str, Any], where: str) -> tuple[tuple[int, str], ...]:
    """Parts of the day: pairs of a first hour and a word, in order from hour 0."""
    said = table.get("periods")
    try:
        pairs = tuple((int(first), str(word)) for first, word in said)  # type: ignore[union-attr]
    except (TypeError, ValueError) as error:
        raise BadTemplate(f"{where} periods", 'write pairs such as [0, "AM"].') from error
    if not pairs or pairs[0][0] != 0 or list(pairs) != sorted(pairs):
        raise BadTemplate(f"{where} periods", "begin with hour 0 and go on in order.")
    return pairs
