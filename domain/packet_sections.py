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
        heading: for the hub's own pages, in English: they may have no name to call anybody by.
        in_packet: as the packet shows it; `{{ person.called }}` stands for the person.
        titled: its passages have a title of their own, such as a year or a page.
        optional: a packet is whole without it.
    """

    key: str
    heading: str
    in_packet: str
    titled: bool = False
    optional: bool = False


def _section(
    key: str, heading: str, in_packet: str = "", *, titled: bool = False, optional: bool = False
) -> Section:
    return Section(key, heading, in_packet or heading, titled, optional)


SECTIONS: Final[Mapping[str, Section]] = MappingProxyType(
    {
        section.key: section
        for section in (
            _section("ties", "Ties to the community"),
            _section("residence", "Home"),
            _section("occupation", "Work and school"),
            _section(
                "caregiving",
                "Those who depend on them",
                "Those who depend on {{ person.called }}",
                optional=True,
            ),
            _section("who", "Who they are", "Who {{ person.called }} is"),
            _section("timeline", "A life in dates", titled=True, optional=True),
            _section("family", "Family"),
            _section("background", "Where they come from", "Where {{ person.called }} comes from"),
            _section("education", "Education", optional=True),
            _section("employment", "Work"),
            _section("health", "Health", optional=True),
            _section("circumstances", "The circumstances"),
            _section("needs", "What they need", "What {{ person.called }} needs"),
            _section("alternative", "The alternative we propose"),
            _section(
                "acceptance",
                "Places held for them",
                "Places held for {{ person.called }}",
                optional=True,
            ),
            _section("growth", "Growth since the arrest"),
            _section(
                "corrections", "Corrections to the presentence report", titled=True, optional=True
            ),
            _section(
                "goals",
                "What they are working toward",
                "What {{ person.called }} is working toward",
                optional=True,
            ),
            _section("compliance", "What has been kept"),
            _section("cause", "What got in the way"),
            _section("cure", "What has been done about it"),
            _section("institutional", "Inside: work, study, conduct"),
            _section("insight", "Insight"),
            _section("release_plan", "The plan for coming home"),
            _section(
                "sponsors",
                "Those who stand ready",
                "Those who stand ready for {{ person.called }}",
                optional=True,
            ),
            _section("progress", "What has been done"),
        )
    }
)

_NAMED_OTHERWISE: Final[Mapping[tuple[PacketKind, str], Section]] = MappingProxyType(
    {
        (PacketKind.SENTENCING, "alternative"): _section(
            "alternative", "A plan in place of prison"
        ),
        (PacketKind.VIOLATION, "alternative"): _section("alternative", "The revised plan"),
    }
)
"""Sections that a judge looks for under another name in some kinds."""

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
        PacketKind.RESENTENCING: ("who", "institutional", "insight", "release_plan", "sponsors"),
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


ASKS: Final[Mapping[PacketKind, str]] = MappingProxyType(
    {
        PacketKind.RELEASE: "We ask the court to consider release to the community, with the "
        "support described here.",
        PacketKind.DIVERSION: "We ask that this case be resolved by the alternative described "
        "here.",
        PacketKind.BIOGRAPHY: "We ask everyone who decides in this case to know the whole person "
        "first.",
        PacketKind.SENTENCING: "We ask the court to consider a sentence that is served in the "
        "community, under the plan described here.",
        PacketKind.VIOLATION: "We ask the court to continue supervision, under the revised plan "
        "described here.",
        PacketKind.RESENTENCING: "We ask for release, under the plan described here.",
        PacketKind.PROGRESS: "This report says what has been done, what is still under way, and "
        "what comes next.",
    }
)
"""What a packet of each kind asks for until its author has written it."""


def sections_of(kind: str) -> tuple[Section, ...]:
    """The sections of a kind, in their order and by the names that they have in it.

    Raises:
        ValueError: no such kind.
    """
    known = PacketKind(kind)
    return tuple(_NAMED_OTHERWISE.get((known, key), SECTIONS[key]) for key in OF_KIND[known])
