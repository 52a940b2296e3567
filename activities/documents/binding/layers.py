"""Layers: what a part hides on a layer stays hidden when the part is bound."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Pdf


class Layers:
    """Gathers the parts' layers (optional content, ISO 32000-1, 8.11), and which are off."""

    def __init__(self, bound: Pdf) -> None:
        self._bound = bound
        self._all: list[Object] = []
        self._off: list[Object] = []

    def add(self, source: Pdf) -> None:
        """Take in the layers of a part whose pages are already in the bound document."""
        properties = source.Root.get(Name.OCProperties)
        if not isinstance(properties, Dictionary):
            return
        copied = self._bound.copy_foreign(source.make_indirect(properties))
        layers = _dictionaries(copied.get(Name.OCGs))
        shown = copied.get(Name.D)
        settings = shown if isinstance(shown, Dictionary) else Dictionary()
        named_on = {layer.objgen for layer in _dictionaries(settings.get(Name.ON))}
        named_off = {layer.objgen for layer in _dictionaries(settings.get(Name.OFF))}
        if settings.get(Name.BaseState) == Name.OFF:
            named_off |= {layer.objgen for layer in layers} - named_on
        self._all.extend(layers)
        self._off.extend(layer for layer in layers if layer.objgen in named_off)

    def write(self) -> None:
        """Make them the layers of the bound document."""
        if self._all:
            self._bound.Root[Name.OCProperties] = Dictionary(
                OCGs=Array(self._all), D=Dictionary(OFF=Array(self._off))
            )


def _dictionaries(listed: Object | None) -> list[Object]:
    return (
        [one for one in listed if isinstance(one, Dictionary)] if isinstance(listed, Array) else []
    )
