"""`ics` 0.7.3, with its gaps closed where it writes.

It knows only UTC and no VTIMEZONE; takes DTSTAMP from `created`; has no SEQUENCE; writes METHOD
after the events and alarms before the properties; mixes weeks with days in durations ("P1W1D");
turns a carriage return into an escape that no reader knows. Its serializers are found by name
and run in alphabetical order: each one here replaces one of its own, or joins them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ics import Calendar, DisplayAlarm, Event
from ics.grammar.parse import ContentLine
from ics.serializers.alarm_serializer import DisplayAlarmSerializer
from ics.serializers.event_serializer import EventSerializer
from ics.serializers.icalendar_serializer import CalendarSerializer
from ics.utils import arrow_to_iso

from domain.ics_text import escape


def _write(container: Any, name: str, value: str, **parameters: str) -> None:
    """Append a line whose value is already fit for the wire."""
    params = {key: [text] for key, text in parameters.items()}
    container.append(ContentLine(name, params=params, value=value))


def _nothing(component: Any, container: Any) -> None:
    """For a serializer of `ics` whose work is done elsewhere, or in another order."""


class _AlarmSerializer(DisplayAlarmSerializer):  # type: ignore[misc]
    @staticmethod
    def serialize_trigger(alarm: Any, container: Any) -> None:
        _write(container, "TRIGGER", f"-PT{alarm.minutes}M")

    @staticmethod
    def serialize_description(alarm: Any, container: Any) -> None:
        _write(container, "DESCRIPTION", escape(alarm.display_text))


class WrittenAlarm(DisplayAlarm):  # type: ignore[misc]
    """A reminder on the screen, some minutes before the start."""

    class Meta(DisplayAlarm.Meta):  # type: ignore[misc]
        serializer = _AlarmSerializer

    def __init__(self, minutes: int, text: str) -> None:
        super().__init__(trigger=timedelta(minutes=-minutes), display_text=text)
        self.minutes = minutes


class _EventSerializer(EventSerializer):  # type: ignore[misc]
    serialize_alarm = staticmethod(_nothing)
    serialize_organizer = staticmethod(_nothing)
    serialize_attendee = staticmethod(_nothing)

    @staticmethod
    def serialize_start(event: Any, container: Any) -> None:
        _write(container, "DTSTART", f"{event.local:%Y%m%dT%H%M%S}", TZID=event.zone)

    @staticmethod
    def serialize_duration(event: Any, container: Any) -> None:
        if event.minutes:
            _write(container, "DURATION", f"PT{event.minutes}M")

    @staticmethod
    def serialize_created(event: Any, container: Any) -> None:
        _write(container, "CREATED", arrow_to_iso(event.created))
        _write(container, "DTSTAMP", arrow_to_iso(event.last_modified))

    @staticmethod
    def serialize_summary(event: Any, container: Any) -> None:
        _write(container, "SUMMARY", escape(event.name))

    @staticmethod
    def serialize_description(event: Any, container: Any) -> None:
        if event.description:
            _write(container, "DESCRIPTION", escape(event.description))

    @staticmethod
    def serialize_location(event: Any, container: Any) -> None:
        if event.location:
            _write(container, "LOCATION", escape(event.location))

    @staticmethod
    def serialize_sequence(event: Any, container: Any) -> None:
        _write(container, "SEQUENCE", str(event.sequence))

    @staticmethod
    def serialize_z_people_then_alarms(event: Any, container: Any) -> None:
        container.extend([*event.people, *(alarm.serialize() for alarm in event.alarms)])


class WrittenEvent(Event):  # type: ignore[misc]
    """An event at the time on a court's wall.

    Args:
        local: naive wall time in `zone`, as DTSTART says it.
        minutes: how long it lasts as time passes, whatever the clocks do.
        people: ORGANIZER and ATTENDEE lines, fit for the wire.
        last_modified: becomes DTSTAMP as well: there is no later instance of the event.
    """

    class Meta(Event.Meta):  # type: ignore[misc]
        serializer = _EventSerializer

    def __init__(
        self,
        *,
        local: datetime,
        begin: datetime,
        minutes: int,
        zone: str,
        sequence: int,
        people: tuple[str, ...],
        **known: Any,
    ) -> None:
        super().__init__(begin=begin.astimezone(UTC), classification="PRIVATE", **known)
        self.local, self.minutes, self.zone = local, minutes, zone
        self.sequence, self.people = sequence, people


class _CalendarSerializer(CalendarSerializer):  # type: ignore[misc]
    serialize_event = staticmethod(_nothing)
    serialize_method = staticmethod(_nothing)

    @staticmethod
    def serialize_2head(calendar: Any, container: Any) -> None:
        _write(container, "METHOD", calendar.method)
        if calendar.method != "PUBLISH":
            return  # a name would have some apps open an invitation as a calendar of its own
        _write(container, "NAME", escape(calendar.title))
        _write(container, "X-WR-CALNAME", escape(calendar.title))
        every = f"PT{calendar.refresh_hours}H"
        _write(container, "REFRESH-INTERVAL", every, VALUE="DURATION")
        _write(container, "X-PUBLISHED-TTL", every)

    @staticmethod
    def serialize_z_zones_then_events(calendar: Any, container: Any) -> None:
        container.extend(calendar.zone_lines)
        container.extend(event.serialize() for event in calendar.in_order)


class WrittenCalendar(Calendar):  # type: ignore[misc]
    """A calendar whose head comes first and whose events keep the order they are given in."""

    class Meta(Calendar.Meta):  # type: ignore[misc]
        serializer = _CalendarSerializer

    def __init__(
        self,
        *,
        product: str,
        title: str,
        method: str,
        refresh_hours: int,
        zone_lines: list[str],
        in_order: list[WrittenEvent],
    ) -> None:
        super().__init__(creator=product)
        self.title, self.method, self.refresh_hours = title, method, refresh_hours
        self.zone_lines, self.in_order = zone_lines, in_order
        self.scale = "GREGORIAN"
