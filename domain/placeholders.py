"""Texts with {placeholders}: strict at load, so that no message ever leaves half filled."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

_EXTRA: Final = re.compile(r"\[([^\[\]]*)\]")


class BadTemplate(ValueError):
    """A file of words that cannot be used; the message names the file, the place and the cure."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")


@dataclass(frozen=True, slots=True)
class Template:
    """A checked text: it holds plain {names} from an allow-list and nothing else."""

    text: str
    names: frozenset[str]

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with each placeholder replaced; braces inside the values stay as they are."""
        return self.text.format_map(values)


def without_extras(text: str) -> tuple[str, str]:
    """A text with its parts in [brackets], and without them: what is the first to go."""
    return _EXTRA.sub(r"\1", text), _EXTRA.sub("", text)


def compile_template(text: str, allowed: Collection[str], where: str) -> Template:
    """Check `text` and make a template of it.

    Args:
        allowed: the placeholders that may occur.
        where: file and place in it, for the error.

    Raises:
        BadTemplate: an unknown placeholder, a stray brace, or a format such as {day:>9}.
    """
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        raise BadTemplate(where, f"stray brace ({error}).") from error
    names = set()
    for _, name, spec, conversion in fields:
        if name is None:
            continue
        if name not in allowed:
            known = ", ".join(sorted(allowed)) or "none"
            raise BadTemplate(where, f"unknown placeholder {{{name}}}; known here: {known}.")
        if spec or conversion:
            raise BadTemplate(where, f"write {{{name}}} without a format.")
        names.add(name)
    return Template(text, frozenset(names))
