"""Short words for the public outside of messages, by language: calendar titles, the page that
ends e-mail.

One TOML file for each language. Every language says everything: what is missing is found when
the files are read, never in front of a person.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from domain.message_choice import best_language
from domain.placeholders import BadTemplate, Template, compile_template

_SAYS: Final[Mapping[str, frozenset[str]]] = {
    "calendar.title": frozenset({"hub"}),
    "unsubscribe.title": frozenset(),
    "unsubscribe.ask": frozenset({"hub"}),
    "unsubscribe.warning": frozenset({"phone"}),
    "unsubscribe.button": frozenset(),
    "unsubscribe.done_title": frozenset(),
    "unsubscribe.done": frozenset({"hub"}),
    "unsubscribe.back": frozenset({"phone"}),
    "unsubscribe.unknown_title": frozenset(),
    "unsubscribe.unknown": frozenset(),
}
"""Every text, and the placeholders that it may hold."""


@dataclass(frozen=True, slots=True)
class Notices:
    """The words of all languages, by language code and by name such as `calendar.title`."""

    everything: Mapping[str, Mapping[str, Template]]

    @classmethod
    def load(cls, folder: Traversable) -> Notices:
        """Read a folder with one TOML file per language.

        Raises:
            BadTemplate: a file lacks a text, or says something that nobody asks for.
        """
        files = sorted((file.name, file) for file in folder.iterdir())
        return cls(
            {
                name.removesuffix(".toml"): _read(name, file.read_text(encoding="utf-8"))
                for name, file in files
                if name.endswith(".toml")
            }
        )

    def language(self, wanted: str, default: str = "en") -> str:
        """The language to write in: the wanted one, the default, or English."""
        return best_language(wanted, self.everything, default)

    def say(self, language: str, name: str, **values: str) -> str:
        """One text in one of the languages, filled."""
        return self.everything[language][name].fill(values)


def _read(name: str, source: str) -> Mapping[str, Template]:
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate(name, f"is not valid TOML: {error}.") from error
    said = {
        f"{table}.{key}": text
        for table, texts in tables.items()
        if isinstance(texts, dict)
        for key, text in texts.items()
        if isinstance(text, str)
    }
    if said.keys() != _SAYS.keys():
        odd = ", ".join(sorted(said.keys() ^ _SAYS.keys()))
        raise BadTemplate(name, f"every language says the same things; look at {odd}.")
    return {key: compile_template(text, _SAYS[key], f"{name} {key}") for key, text in said.items()}
