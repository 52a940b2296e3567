"""Lists in pages: how a request asks for one, and how an answer points to the next."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request

from api.fields import Id, Out
from records.listing_queries import Page, Window
from records.tables import HubOwned

Item = TypeVar("Item")
Row = TypeVar("Row", bound=HubOwned)

MOST = 200


class Listed(Out, Generic[Item]):
    """Part of a list."""

    items: list[Item]
    next: str | None = Field(description="Address of the next part; null at the end.")


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of a list that a request asks for, and its own address."""

    window: Window
    path: str
    query: tuple[tuple[str, str], ...]

    def answer(self, items: Iterable[Item], after: str) -> "Listed[Item]":
        """The items with the address of the next part."""
        if not after:
            return Listed(items=list(items), next=None)
        query = [(name, value) for name, value in self.query if name != "after"]
        return Listed(
            items=list(items), next=f"{self.path}?{urlencode([*query, ('after', after)])}"
        )


def listed(asked: Asked, page: Page[Row], shape: Callable[[Row], Item]) -> "Listed[Item]":
    """A page of rows, each in the shape in which it is told."""
    return asked.answer((shape(row) for row in page.rows), page.after)


def _asked(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 50,
    after: Annotated[
        Id | None, Query(description="Go on after this id: the last one of the part before.")
    ] = None,
) -> Asked:
    query = tuple(request.query_params.multi_items())
    return Asked(Window(limit, after or ""), request.url.path, query)


PartAsked = Annotated[Asked, Depends(_asked)]
