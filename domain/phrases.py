"""Words of pages for the public: one folder for each page, one TOML file for each language.

Every language of a folder says the same things with the same placeholders; what is missing is
found when the folder is read, never in front of a person.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any

from domain.message_choice import best_language
from domain.placeholders import BadTemplate, Template, compile_template


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one folder, by language code and by dotted name such as `prompt.who.help`."""

    everything: Mapping[str, Mapping[str, Template]]

    @classmethod
    def load(cls, folder: Traversable) -> Phrases:
        """Read a folder with one TOML file per language.

        Raises:
            BadTemplate: a file is no TOML, or lacks a text or a placeholder that another has.
        """
        files = sorted((file.name, file) for file in folder.iterdir())
        read = {
            name.removesuffix(".toml"): _read(f"{folder.name}/{name}", file.read_text("utf-8"))
            for name, file in files
            if name.endswith(".toml")
        }
        if "en" not in read:
            raise BadTemplate(folder.name, "there is no en.toml, which every folder has.")
        for language, said in read.items():
            _compare(f"{folder.name}/{language}.toml", said, read["en"])
        return cls(read)

    def language(self, wanted: str, default: str = "en") -> str:
        """The language to write in: the wanted one, the default, or English."""
        return best_language(wanted, self.everything, default)

    def say(self, language: str, name: str, /, **values: str) -> str:
        """One text in one of the languages, filled.

        Raises:
            KeyError: no such text, or a value that it needs is missing.
        """
        return self.everything[language][name].fill(values)

    def has(self, name: str) -> bool:
        """Whether there is such a text."""
        return name in self.everything["en"]

    def names(self, prefix: str) -> list[str]:
        """The names that begin with `prefix.`, in the order of the English file."""
        return [name for name in self.everything["en"] if name.startswith(f"{prefix}.")]


def _read(where: str, source: str) -> dict[str, Template]:
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate(where, f"is not valid TOML: {error}.") from error
    return {
        name: compile_template(text, _named(text, where), f"{where} {name}")
        for name, text in _flat(tables, "")
    }


def _named(text: str, where: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise BadTemplate(where, f"stray brace ({error}).") from error


def _flat(tables: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for key, value in tables.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", str(value)


def _compare(where: str, said: Mapping[str, Template], english: Mapping[str, Template]) -> None:
    if said.keys() != english.keys():
        odd = ", ".join(sorted(said.keys() ^ english.keys()))
        raise BadTemplate(where, f"every language says the same things; look at {odd}.")
    for name, text in said.items():
        if text.names != english[name].names:
            raise BadTemplate(where, f"{name} needs the same placeholders as in English.")
