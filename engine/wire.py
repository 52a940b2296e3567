"""How agendas travel through Temporal: short JSON lists instead of annotated objects.

The default converter spends half a millisecond on the type hints of each agenda, which is more
than everything else that a reminder does. The lists are read by position; fields that were
added later fall back to their defaults, so histories written by an older program still replay.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    CompositePayloadConverter,
    DefaultPayloadConverter,
    EncodingPayloadConverter,
)

from domain.agenda import Act, Agenda, AgendaItem, Doing, Subject, SubjectRef

_KIND = "homeward-type"


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def _from_item(item: AgendaItem) -> list[Any]:
    return [
        item.act,
        item.key,
        item.due.isoformat(),
        item.until.isoformat(),
        item.person_id,
        item.subject_id,
        item.revision,
        item.step,
        item.channel,
        item.contact_id,
    ]


def _to_item(values: list[Any]) -> AgendaItem:
    act, key, due, until, *rest = values
    return AgendaItem(
        Act(act), key, datetime.fromisoformat(due), datetime.fromisoformat(until), *rest
    )


def _from_subject(subject: SubjectRef) -> list[Any]:
    return [subject.kind, subject.id, subject.hub_id]


def _to_subject(values: list[Any]) -> SubjectRef:
    kind, *rest = values
    return SubjectRef(Subject(kind), *rest)


def _from_agenda(agenda: Agenda) -> list[Any]:
    return [
        agenda.revision,
        _text(agenda.due),
        [_from_item(item) for item in agenda.items],
        _text(agenda.then),
        agenda.stage,
        agenda.ended,
    ]


def _to_agenda(values: list[Any]) -> Agenda:
    revision, due, items, then, *rest = values
    return Agenda(
        revision, _moment(due), tuple(_to_item(item) for item in items), _moment(then), *rest
    )


def _from_doing(doing: Doing) -> list[Any]:
    return [_from_subject(doing.subject), _from_item(doing.item)]


def _to_doing(values: list[Any]) -> Doing:
    return Doing(_to_subject(values[0]), _to_item(values[1]))


_OUT: dict[type, tuple[str, Callable[[Any], list[Any]]]] = {
    Agenda: ("agenda", _from_agenda),
    Doing: ("doing", _from_doing),
    SubjectRef: ("subject", _from_subject),
}
_IN: dict[str, Callable[[list[Any]], Any]] = {
    "agenda": _to_agenda,
    "doing": _to_doing,
    "subject": _to_subject,
}


class AgendaPayloadConverter(EncodingPayloadConverter):
    """Agendas, items and subjects as short lists; everything else is left to the others."""

    @property
    def encoding(self) -> str:
        """The name of this encoding."""
        return "json/homeward"

    def to_payload(self, value: Any) -> Payload | None:
        """A payload, or None for values that are not ours."""
        known = _OUT.get(type(value))
        if known is None:
            return None
        kind, write = known
        return Payload(
            metadata={"encoding": b"json/homeward", _KIND: kind.encode()},
            data=json.dumps(write(value), separators=(",", ":")).encode(),
        )

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The value as it was written."""
        return _IN[payload.metadata[_KIND].decode()](json.loads(payload.data))


class HomewardPayloadConverter(CompositePayloadConverter):
    """Ours first, then Temporal's own."""

    def __init__(self) -> None:
        super().__init__(
            AgendaPayloadConverter(), *DefaultPayloadConverter.default_encoding_payload_converters
        )
