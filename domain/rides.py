"""Rides to court: how many fit, and when one may leave."""

from datetime import datetime, timedelta
from typing import Final

MOST_SEATS: Final = 14
"""Beside the driver: a van."""
LONGEST: Final = timedelta(hours=12)
"""No ride to court leaves earlier before the hearing than this; it was typed wrong."""


def seats_left(seats: int, taken: int) -> int:
    """How many more fit; never fewer than none."""
    return max(0, seats - taken)


def leaves_in_time(leaves_at: datetime, starts_at: datetime) -> bool:
    """Whether a ride leaves before the hearing, and on the same journey (both UTC)."""
    return timedelta(0) < starts_at - leaves_at <= LONGEST
