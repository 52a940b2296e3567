"""The channel for a hub without any account: nothing leaves the machine.

The records already hold every message, so a page and `homeward outbox` can show them; this
channel only says that the message is where it should be.
"""

from __future__ import annotations

from datetime import datetime

from activities.channels.base import ChannelKind, Fate, Outgoing, Receipt

__all__ = ["OutboxChannel"]


class OutboxChannel:
    """Accepts everything at once and carries nothing."""

    kind = ChannelKind.OUTBOX

    async def send(self, out: Outgoing) -> Receipt:
        """Answer `sent`: the message can be read in the records. Never raises."""
        return Receipt(provider_id=f"outbox-{out.message_id}", fate=Fate.SENT)

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """None: nothing can be lost between here and the records, so sending again is safe."""
        return None

    async def check(self) -> None:
        """Always in order."""

    async def aclose(self) -> None:
        """Nothing to let go of."""
