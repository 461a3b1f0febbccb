"""The column type: what a row asks, under every spelling that XLSForm, ODK and KoboToolbox know."""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey.errors import N_

_TIME = N_('type "{type}": the time of answering could tell who answered.')
_DEVICE = N_('type "{type}": a device, an account or a telephone number tells who answered.')
_PLACE = N_('type "{type}": a place could tell who answered.')
_MEDIA = N_('type "{type}": pictures, sound and files can tell who answered.')
REFUSED = {
    **dict.fromkeys(("start", "end", "today", "audit"), _TIME),
    **dict.fromkeys(("deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "imei"), _DEVICE),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "gps", "start-geopoint", "background-geopoint", "location"), _PLACE),
    **dict.fromkeys(("image", "photo", "audio", "background-audio", "video", "file", "barcode", "signature"), _MEDIA),
}
_PAIRS = re.compile(r"(begin|end)[ _](group|repeat|lgroup|loop|score|rank|kobomatrix|matrix)", re.IGNORECASE)
_AS = {"lgroup": "repeat", "loop": "repeat", "matrix": "kobomatrix"}
# The spellings of pyxform 4.5.0 (pyxform/aliases.py).
SELECTS = {
    **dict.fromkeys(("select_one", "select one", "select1", "select one from", "add select one prompt using"), "select_one"),
    **dict.fromkeys(
        ("select_multiple", "select all that apply", "select all that apply from", "add select multiple prompt using"), "select_multiple"
    ),
    **dict.fromkeys(
        ("select_one_from_file", "select one from file", "select_multiple_from_file", "select multiple from file"), "select_from_file"
    ),
    "select_one_external": "select_one_external",
    "rank": "rank",
}
_SELECTS = sorted(SELECTS, key=len, reverse=True)
_WRITTEN = {"string": "text", "int": "integer", "add note prompt": "note", "text_area": "text"}


@dataclass(frozen=True)
class Kind:
    """`name`: begin_group, select_one, text ...; `list`: of a select; `words`: what stands behind the list."""

    name: str
    list: str = ""
    words: str = ""


def kind_of(cell: str) -> Kind:
    """`select one from L or_other` -> select_one, L, or_other."""
    text = " ".join(cell.split())
    low = text.lower()
    if pair := _PAIRS.fullmatch(low):
        return Kind(f"{pair[1]}_{_AS.get(pair[2], pair[2])}")
    for spelled in _SELECTS:
        if low == spelled or low.startswith(spelled + " "):
            list_name, _, words = text[len(spelled) :].strip().removeprefix("from ").partition(" ")
            return Kind(SELECTS[spelled], list_name, words.lower())
    return Kind(_WRITTEN.get(low, low))
