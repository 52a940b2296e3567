"""What each kind of packet holds: its sections, in the order in which a judge reads them.

The sections follow what defenders file: ties and conditions for release (18 U.S.C. § 3142(g) names
family ties, employment, residence, community ties), a life in context for sentencing (ABA
Criminal Justice Standards, Defense Function, 4-8.3), insight and a release plan for a board.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.vocabulary import PacketKind


@dataclass(frozen=True, slots=True)
class Section:
    """One section of packets.

    Attributes:
        key: its name in templates and records.
        heading: as a packet shows it, in English.
        titled: its passages have a title of their own, such as a year or a page.
        optional: a packet is whole without it.
    """

    key: str
    heading: str
    titled: bool = False
    optional: bool = False


SECTIONS: Final[Mapping[str, Section]] = MappingProxyType(
    {
        section.key: section
        for section in (
            Section("ties", "Ties to the community"),
            Section("residence", "Home"),
            Section("occupation", "Work and school"),
            Section("caregiving", "Those who depend on them", optional=True),
            Section("who", "Who they are"),
            Section("timeline", "A life in dates", titled=True, optional=True),
            Section("family", "Family"),
            Section("background", "Where they come from"),
            Section("education", "Education", optional=True),
            Section("employment", "Work"),
            Section("health", "Health", optional=True),
            Section("circumstances", "Circumstances"),
            Section("needs", "What they need"),
            Section("alternative", "The alternative proposed"),
            Section("acceptance", "Places that are held for them", optional=True),
            Section("growth", "Growth since the arrest"),
            Section(
                "corrections", "Corrections to the presentence report", titled=True, optional=True
            ),
            Section("goals", "What they want to do", optional=True),
            Section("compliance", "What was kept"),
            Section("cause", "What got in the way"),
            Section("cure", "What was done about it"),
            Section("institutional", "Inside: work, study, conduct"),
            Section("insight", "Insight"),
            Section("release_plan", "The plan for coming home"),
            Section("sponsors", "Those who stand ready", optional=True),
            Section("progress", "What was done"),
        )
    }
)

OF_KIND: Final[Mapping[PacketKind, tuple[str, ...]]] = MappingProxyType(
    {
        PacketKind.RELEASE: ("ties", "residence", "occupation", "caregiving"),
        PacketKind.DIVERSION: ("who", "background", "family", "needs", "alternative", "acceptance"),
        PacketKind.BIOGRAPHY: ("who", "timeline", "family", "background", "goals"),
        PacketKind.SENTENCING: (
            *("who", "background", "family", "education", "employment", "health"),
            *("circumstances", "growth", "corrections", "alternative", "goals"),
        ),
        PacketKind.VIOLATION: ("compliance", "cause", "cure", "alternative"),
        PacketKind.RESENTENCING: (
            *("who", "institutional", "insight", "release_plan", "sponsors"),
        ),
        PacketKind.PROGRESS: ("progress", "who", "goals"),
    }
)
"""The sections of each kind, in their order."""

TITLES: Final[Mapping[PacketKind, str]] = MappingProxyType(
    {
        PacketKind.RELEASE: "Release packet",
        PacketKind.DIVERSION: "Diversion packet",
        PacketKind.BIOGRAPHY: "Social biography",
        PacketKind.SENTENCING: "Sentencing mitigation packet",
        PacketKind.VIOLATION: "Response to an alleged violation",
        PacketKind.RESENTENCING: "Resentencing and parole packet",
        PacketKind.PROGRESS: "Progress report",
    }
)
"""What a packet of each kind is called on its cover."""


def sections_of(kind: str) -> tuple[Section, ...]:
    """The sections of a kind, in their order.

    Raises:
        ValueError: no such kind.
    """
    return tuple(SECTIONS[key] for key in OF_KIND[PacketKind(kind)])
