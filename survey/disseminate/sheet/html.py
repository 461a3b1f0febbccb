"""HTML and SVG put together from elements: text is escaped where it enters, so nothing has to be remembered later."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

_EMPTY = frozenset({"meta", "br", "line", "path", "rect", "circle", "polygon", "link", "img"})


class Html(str):
    """Markup, ready as it is; any other text is escaped when it is put into an element."""

    __slots__ = ()


def element(name: str, /, *inside: str | Iterable[str], **attributes: str | float | bool | None) -> Html:
    """`class_` becomes class, `aria_label` aria-label; True is an attribute without a value, None and False none at all."""
    said = "".join(f" {_name(key)}{_value(value)}" for key, value in attributes.items() if value is not None and value is not False)
    if name in _EMPTY:
        return Html(f"<{name}{said}>" if name in ("meta", "br", "link", "img") else f"<{name}{said}/>")
    return Html(f"<{name}{said}>{joined(*inside)}</{name}>")


def joined(*parts: str | Iterable[str]) -> Html:
    """Elements and texts one after the other."""
    return Html("".join(_text(part) if isinstance(part, str) else joined(*part) for part in parts))


def _text(part: str) -> str:
    return part if isinstance(part, Html) else escape(part, quote=False)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float | bool) -> str:
    if value is True:
        return ""
    return f'="{number(value) if isinstance(value, float) else escape(str(value))}"'


def number(value: float) -> str:
    """A length in a picture: a tenth of a pixel is fine enough."""
    return f"{value:.1f}".removesuffix(".0")


@cache
def style_lines(name: str) -> tuple[str, ...]:
    """A style sheet of this folder, a rule a line, without comments."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if not line.strip().startswith("/*"))
