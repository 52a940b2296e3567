"""Made-up packets of every kind: for the preview of an uploaded template, for demonstrations and
for tests.

The full ones fill every part that their kind has; the sparse ones hold nothing but what no packet
can do without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from activities.documents.packet_examples.biography import full_biography, sparse_biography
from activities.documents.packet_examples.diversion import (
    full_diversion_packet,
    sparse_diversion_packet,
)
from activities.documents.packet_examples.progress import (
    full_progress_report,
    sparse_progress_report,
)
from activities.documents.packet_examples.release import (
    full_release_packet,
    sparse_release_packet,
)
from activities.documents.packet_examples.resentencing import (
    full_resentencing_packet,
    sparse_resentencing_packet,
)
from activities.documents.packet_examples.sentencing import (
    full_sentencing_packet,
    sparse_sentencing_packet,
)
from activities.documents.packet_examples.violation import (
    full_violation_packet,
    sparse_violation_packet,
)
from activities.documents.packet_values import MitigationPacket
from domain.vocabulary import PacketKind

__all__ = [
    "complete_packet",
    "full_packet",
    "full_release_packet",
    "sparse_packet",
    "sparse_release_packet",
]

_Made = Callable[[], MitigationPacket]
_EXAMPLES: Mapping[PacketKind, tuple[_Made, _Made]] = MappingProxyType(
    {
        PacketKind.RELEASE: (full_release_packet, sparse_release_packet),
        PacketKind.DIVERSION: (full_diversion_packet, sparse_diversion_packet),
        PacketKind.BIOGRAPHY: (full_biography, sparse_biography),
        PacketKind.SENTENCING: (full_sentencing_packet, sparse_sentencing_packet),
        PacketKind.VIOLATION: (full_violation_packet, sparse_violation_packet),
        PacketKind.RESENTENCING: (full_resentencing_packet, sparse_resentencing_packet),
        PacketKind.PROGRESS: (full_progress_report, sparse_progress_report),
    }
)


def full_packet(kind: str) -> MitigationPacket:
    """A packet of this kind in which every part is filled: a draft.

    Raises:
        ValueError: no such kind.
    """
    return _EXAMPLES[PacketKind(kind)][0]()


def complete_packet(kind: str) -> MitigationPacket:
    """The full packet, with what its kind seldom shows as well: a hub's own template may.

    Raises:
        ValueError: no such kind.
    """
    packet, release, biography = full_packet(kind), full_release_packet(), full_biography()
    return replace(
        packet,
        charges=packet.charges or release.charges,
        helpers=packet.helpers or release.helpers,
        conditions=packet.conditions or release.conditions,
        plan=packet.plan or release.plan,
        reminders=packet.reminders or release.reminders,
        transport=packet.transport or release.transport,
        photographs=biography.photographs,
    )


def sparse_packet(kind: str) -> MitigationPacket:
    """A packet of this kind with nothing but what is required, approved.

    Raises:
        ValueError: no such kind.
    """
    return _EXAMPLES[PacketKind(kind)][1]()
