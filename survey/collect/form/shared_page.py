"""The page of a form, and what a code opens on it, packed once for all who are shown the same.

What differs from one person to the next (the code, the name of the draft, the unit) stands at its very end and is put in when
somebody asks. It is kept nowhere, and is not packed together with anything.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from struct import pack
from threading import Lock
from typing import Any

KEPT = 128  # pages of 30 kB: waves by languages by what units are told that others are not
_GZIP = b"\x1f\x8b\x08\x00\0\0\0\0\x02\xff"  # deflate, no name, no time, best packing, unknown system (RFC 1952)
_BARE, _SMALL = -zlib.MAX_WBITS, -9  # deflate without a frame; a window of half a kilobyte is enough for the end


class SharedPage:
    """The text that `written` makes of a configuration, with holes for what is of one: the unit's id, its name, the draft's name, and the code
    where the configuration has one, in that order."""

    def __init__(self, config: dict[str, Any], written: Callable[[dict[str, Any]], str]) -> None:
        hole = secrets.token_hex(16)  # found in no text
        stored = config["form"]["stored"] | {"template": {"unit": hole}}
        form = config["form"] | {"stored": stored, "unit": hole, "draft_key": hole}
        code = {"code": hole} if "code" in config else {}
        beginning, *self._between = written(config | {"form": form} | code).split(hole)
        self._beginning = beginning.encode()
        packing = zlib.compressobj(9, zlib.DEFLATED, _BARE)
        # Up to a full flush: what follows begins on a byte of its own and looks back at nothing.
        self._packed = _GZIP + packing.compress(self._beginning) + packing.flush(zlib.Z_FULL_FLUSH)
        self._checksum = zlib.crc32(self._beginning)

    def plain(self, own: Sequence[str]) -> bytes:
        return self._beginning + self._end(own)

    def packed(self, own: Sequence[str]) -> bytes:
        """As gzip, in one piece: some browsers read no second one."""
        end = self._end(own)
        packing = zlib.compressobj(1, zlib.DEFLATED, _SMALL, 1)
        size = len(self._beginning) + len(end)
        return b"".join(
            (self._packed, packing.compress(end), packing.flush(), pack("<II", zlib.crc32(end, self._checksum), size & 0xFFFFFFFF))
        )

    def _end(self, own: Sequence[str]) -> bytes:
        """Written into the configuration as plain_page writes it, which is how any JSON may be written."""
        words = (json.dumps(word, ensure_ascii=False)[1:-1].replace("<", "\\u003c") for word in own)
        return "".join(word + after for word, after in zip(words, self._between, strict=True)).encode()


class Shelf:
    """Pages by what they are of; one is made anew when that has changed."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._pages: OrderedDict[Hashable, tuple[object, SharedPage]] = OrderedDict()
        self._turn = Lock()

    def page(self, key: Hashable, made_of: object, make: Callable[[], SharedPage]) -> SharedPage:
        """The page under `key`, if it was made of the same."""
        with self._turn:
            held = self._pages.get(key)
            if held is not None and held[0] == made_of:
                self._pages.move_to_end(key)
                return held[1]
        page = make()
        with self._turn:
            self._pages[key] = (made_of, page)
            self._pages.move_to_end(key)
            while len(self._pages) > self._kept:
                self._pages.popitem(last=False)
        return page
