"""Cutting a long list into pages; a page that is not there is the nearest one that is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """One page of a list. Numbers begin at 1."""

    number: int
    last: int
    total: int
    size: int

    @classmethod
    def of(cls, asked: str, total: int, size: int) -> Pages:
        """The page that was asked for in an address, as far as there is one."""
        last = max(1, -(-total // size))
        number = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
        return cls(min(max(number, 1), last), last, total, size)

    @property
    def cut(self) -> slice:
        """Which part of the whole list it is."""
        return slice(self.size * (self.number - 1), self.size * self.number)
