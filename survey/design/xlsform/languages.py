"""Which column of a form is Vietnamese, and which English, however its author has called them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from survey.vietnamese import without_marks

_CODES = {
    "vi": ("vi", "vn", "vie", "vi-vn", "vi_vn", "vietnamese", "tieng viet", "viet nam", "vietnam", "viet", "viet ngu"),
    "en": ("en", "eng", "en-us", "en-gb", "en_us", "en_gb", "english", "tieng anh", "anh", "anh ngu"),
}
_KNOWN = {said: code for code, names in _CODES.items() for said in names}
TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


def language(said: str) -> str:
    """`Tiếng Việt (vn)`, `vi-VN`, `Vietnamese (vie)` -> "vi"; another language as it is written."""
    code = re.search(r"\(\s*([\w-]+)\s*\)\s*$", said)
    name = without_marks(re.sub(r"\(.*?\)", "", said)).strip()
    for one in (without_marks(code[1]) if code else "", name):
        if one in _KNOWN:
            return _KNOWN[one]
    return f"{name} ({without_marks(code[1])})" if code else name


def settled(columns: Collection[str], default: str) -> tuple[dict[str, str], str]:
    """Column -> the column it is read as, and the language shown where a sheet has no Vietnamese ("" where it has).

    A bare label is Vietnamese, unless a Vietnamese one stands beside it: then it is the default language, wherever it stands.
    """
    renamed: dict[str, str] = {}
    instead = ""
    for base in TRANSLATED:
        spoken = [one.partition("::")[2] for one in columns if one.startswith(base + "::")]
        if base in columns and spoken:
            here = "en" if "vi" in spoken and "en" not in spoken else "vi" if "vi" not in spoken else ""
            if default == "en" and "en" not in spoken:
                here = "en"
            renamed[base] = f"{base}::{here}" if here else base
        found = {*spoken, *([renamed.get(base, base).partition("::")[2] or "vi"] if base in columns else [])}
        if found and "vi" not in found and (base == "label" or instead in found):
            chosen = instead or next(one for one in (default, "en", *spoken) if one in found)
            renamed[f"{base}::{chosen}"] = f"{base}::vi"
            instead = chosen
    return renamed, instead


def apply(cells: Mapping[str, str], renamed: Mapping[str, str], instead: str) -> dict[str, str]:
    """The cells of a row under their settled columns. English that stands for Vietnamese stays English, too."""
    found = {renamed.get(column, column): text for column, text in cells.items()}
    for column, text in cells.items():
        if instead == "en" and column.endswith("::en"):
            found[column] = text
        elif column in renamed and column in TRANSLATED:
            found.setdefault(f"{column}::vi", text)  # a Vietnamese cell left empty beside a bare one
    return found
