"""Builds the packet templates: `python -m templates.packets.build`.

The words and their order are in `kinds.py`, the pieces in `front.py`, `told.py` and `listed.py`,
the looks in `typesetting.py`. The placeholders are those of `activities.documents.packet_context`.
"""

from __future__ import annotations

import io
from pathlib import Path

from activities.documents.docx_package import repack
from domain.vocabulary import PacketKind
from templates.packets.kinds import made


def built(kind: PacketKind) -> bytes:
    """The template of this kind as a .docx: the same bytes whenever the scripts are the same."""
    packed = io.BytesIO()
    made(kind).save(packed)
    return repack(packed.getvalue())


def main() -> None:
    """Write every template beside this script."""
    for kind in PacketKind:
        (Path(__file__).parent / f"{kind}.docx").write_bytes(built(kind))


if __name__ == "__main__":
    main()
