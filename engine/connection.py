"""Reaching Temporal: embedded, a cluster, or Temporal Cloud, by settings alone."""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RetryConfig, RPCError

from engine.codec import data_converter
from engine.settings import Settings
from records.crypto import keys

HOW_LONG = timedelta(seconds=10)


class TemporalUnreachable(Exception):
    """Temporal does not answer."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"Temporal does not answer at {address or 'the embedded address'}. Start everything "
            "with `homeward up`, or set TEMPORAL_ADDRESS to your server."
        )


def address_of(settings: Settings) -> str:
    """Where Temporal is now: the setting, or what the running embedded server noted; or ""."""
    if settings.temporal_address:
        return settings.temporal_address
    try:
        return settings.address_file.read_text().strip()
    except OSError:
        return ""


async def connect(settings: Settings, *, patience: float = 10.0) -> Client:
    """A client with the sealing data converter.

    Temporal's own environment variables (address, namespace, TLS, API key) are honoured, so
    that Temporal Cloud needs no code.

    Args:
        settings: this installation's.
        patience: seconds to keep trying.

    Raises:
        TemporalUnreachable: no answer in that time.
    """
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        address = address_of(settings)
        if address:
            try:
                return await _connect(settings, address)
            except (RuntimeError, RPCError, OSError):
                pass
        if asyncio.get_running_loop().time() >= deadline:
            raise TemporalUnreachable(address)
        await asyncio.sleep(0.3)


async def _connect(settings: Settings, address: str) -> Client:
    config = ClientConfig.load_client_connect_config()
    config.pop("target_host", None)
    config.pop("namespace", None)
    return await Client.connect(
        address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys()),
        retry_config=RetryConfig(max_elapsed_time_millis=5000),
        **{name: value for name, value in config.items() if value is not None},  # type: ignore[arg-type]
    )
