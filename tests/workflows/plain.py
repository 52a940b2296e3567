"""The data converter of recorded histories: our encoding, not sealed, so that they can be read."""

import dataclasses

from temporalio.converter import DataConverter

from engine.wire import HomewardPayloadConverter

PLAIN_CONVERTER = dataclasses.replace(
    DataConverter.default, payload_converter_class=HomewardPayloadConverter
)
