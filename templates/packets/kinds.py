"""The seven kinds of packets: what each holds, in which order, and in whose words.

The headings of sections are those of `domain.packet_sections`; what stands here is what a reader
of this kind looks for: a bail judge who will bring the person back, a sentencing judge what could
be done in place of prison, a board who is waiting at home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from domain.packet_sections import sections_of
from domain.vocabulary import PacketKind
from templates.packets import front, listed, told


def _release() -> Any:
    """For first appearance and bail review (18 U.S.C. § 3142(g): family, work, home, community)."""
    packet = front.begin("{{ kind }} for {{ hearing.kind }}", "What we ask the court to consider")
    _tell(packet, PacketKind.RELEASE, {"caregiving": _pictures})
    listed.helpers(packet, "Who will help {{ person.called }} come to court")
    listed.conditions(packet, "Conditions offered")
    listed.plan(packet, "Support plan")
    listed.getting_to_court(packet)
    return packet


def _diversion() -> Any:
    """For the prosecutor and the court: a person, what they need, and who has a place for them."""
    packet = front.begin("{{ kind }}", "What we propose")
    _tell(packet, PacketKind.DIVERSION, {"family": _pictures})
    listed.plan(packet, "The plan, step by step")
    listed.conditions(packet, "What {{ person.called }} agrees to")
    listed.helpers(packet, "Who stands beside {{ person.called }}")
    return packet


def _biography() -> Any:
    """The person, told by those who know them; it asks for nothing but to be read."""
    packet = front.begin("{{ kind }}", "Why this was written")
    _tell(packet, PacketKind.BIOGRAPHY, {"family": _pictures})
    return packet


def _sentencing() -> Any:
    """A life in context, and a sentence that can be served outside (18 U.S.C. § 3553(a))."""
    packet = front.begin("{{ kind }}", "What we ask the court to consider")
    _tell(packet, PacketKind.SENTENCING, {"family": _pictures, "alternative": _plan_in_place})
    return packet


def _plan_in_place(packet: Any) -> None:
    listed.plan(packet, "The plan, step by step")
    listed.conditions(packet, "Conditions that {{ person.called }} accepts")
    listed.helpers(packet, "Who stands beside {{ person.called }}")


def _violation() -> Any:
    """What was kept comes first; what went wrong, and what has changed, after it."""
    packet = front.begin("{{ kind }}", "What we ask the court to do")
    _tell(packet, PacketKind.VIOLATION, {"cure": _pictures})
    listed.plan(packet, "The revised plan, step by step")
    listed.conditions(packet, "Conditions offered")
    listed.helpers(packet, "Who will help {{ person.called }} keep to it")
    listed.getting_to_court(packet)
    return packet


def _resentencing() -> Any:
    """For a court or a board: who the person has become, and what waits outside."""
    packet = front.begin("{{ kind }}", "What we ask")
    _tell(packet, PacketKind.RESENTENCING, {"who": _pictures, "release_plan": _coming_home})
    listed.helpers(packet, "Who will be there")
    return packet


def _coming_home(packet: Any) -> None:
    listed.plan(packet, "The first months, step by step")
    listed.conditions(packet, "Conditions that {{ person.called }} accepts")


def _progress() -> Any:
    """For a status date: the plan's steps, each with where it stands."""
    packet = front.begin("{{ kind }}", "In short")
    listed.plan(packet, "The plan, step by step")
    _tell(packet, PacketKind.PROGRESS, {"progress": _pictures})
    listed.conditions(packet, "What {{ person.called }} keeps to")
    listed.helpers(packet, "Who stands beside {{ person.called }}")
    return packet


def _pictures(packet: Any) -> None:
    told.photographs(packet, "Photographs")


def _tell(
    packet: Any, kind: PacketKind, after: Mapping[str, Callable[[Any], None]] | None = None
) -> None:
    """Every section of the kind, in its order; `after` some of them stands something more."""
    for section in sections_of(kind):
        if section.key == "timeline":
            told.timeline(packet, section.in_packet, section.key)
        elif section.key == "corrections":
            told.corrections(packet, section.in_packet)
        else:
            told.prose(packet, section.in_packet, section.key)
        if after and section.key in after:
            after[section.key](packet)


_MADE: Mapping[PacketKind, Callable[[], Any]] = MappingProxyType(
    {
        PacketKind.RELEASE: _release,
        PacketKind.DIVERSION: _diversion,
        PacketKind.BIOGRAPHY: _biography,
        PacketKind.SENTENCING: _sentencing,
        PacketKind.VIOLATION: _violation,
        PacketKind.RESENTENCING: _resentencing,
        PacketKind.PROGRESS: _progress,
    }
)


def made(kind: PacketKind) -> Any:
    """The template of this kind, as a python-docx document."""
    packet = _MADE[kind]()
    listed.letters(packet)
    listed.exhibits(packet)
    front.end(packet)
    return packet
