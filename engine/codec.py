"""What Temporal keeps is sealed: payloads by AES-GCM, error texts hidden.

Payloads hold ids and instants only; sealing them keeps even those from a borrowed database.
"""

import dataclasses
from collections.abc import Iterable, Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from engine.wire import HomewardPayloadConverter
from records.crypto import KeyRing

ENCODING = b"binary/homeward-aes-gcm"
_PLACE = b"temporal.payload"


class SealingCodec(PayloadCodec):
    """Seals every payload with the installation's own keys."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal."""
        return [
            Payload(
                metadata={"encoding": ENCODING},
                data=self._ring.seal(payload.SerializeToString(), _PLACE),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open; payloads that were never sealed (search attributes, headers) pass."""
        return list(self._opened(payloads))

    def _opened(self, payloads: Iterable[Payload]) -> Iterable[Payload]:
        for payload in payloads:
            if payload.metadata.get("encoding", b"") != ENCODING:
                yield payload
                continue
            plain = Payload()
            plain.ParseFromString(self._ring.open(payload.data, _PLACE))
            yield plain


def data_converter(ring: KeyRing) -> DataConverter:
    """The data converter that client and worker must share."""
    return dataclasses.replace(
        DataConverter.default,
        payload_converter_class=HomewardPayloadConverter,
        payload_codec=SealingCodec(ring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
