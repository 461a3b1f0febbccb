"""`langnghe wave`: the life of a wave, from draft to published; each command lives in a file of its own kind."""

from __future__ import annotations

from commands.catalogue import WAVE, Catalogued

wave = Catalogued(
    "wave",
    entries=WAVE,
    help="The life of a wave: create, codes, open, close, protocol, publish; and off the straight road.",
)
