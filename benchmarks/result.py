"""What every measurement answers."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement.

    Attributes:
        name: of the measurement.
        value: what was measured, in `unit`.
        floor: what it was compared with in the same run, or the limit that it must keep.
        ratio: value to floor (0 when there is nothing to compare with).
        wanted: the ratio or limit asked for, in words.
        ok: whether it was kept.
        details: everything else worth knowing.
    """

    name: str
    value: float
    unit: str
    floor: float
    ratio: float
    wanted: str
    ok: bool
    details: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)
