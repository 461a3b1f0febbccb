"""The whole document: head with its style, the way back, the parts; and the page that says why there is no sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from survey.disseminate.sheet import addresses
from survey.disseminate.sheet.html import Html, element, joined, style_lines
from survey.disseminate.sheet.parts import parts
from survey.disseminate.sheet.reading import Sheet
from survey.i18n import LANGUAGE_NAMES, LANGUAGES, Locale

Way = tuple[str, str]  # words of a link, and where it leads


def sheet(of: Sheet) -> str:
    _, wave = of.locale, of.release.wave
    if of.public:
        ways = [(_("Public results"), addresses.address("/public", _))]
        others = [(LANGUAGE_NAMES[one], addresses.public(wave.id, Locale(one))) for one in LANGUAGES if one != _.language]
    else:
        ways = [(_("Overview"), addresses.overview(wave.id, of.unit, _))]
        ways += [(of.named(node), addresses.sheet(wave.id, node, _)) for node in of.above]
        others = [(LANGUAGE_NAMES[one], addresses.sheet(wave.id, of.unit, Locale(one))) for one in LANGUAGES if one != _.language]
    title = f"{of.name} · {of.wave_name} · Lắng Nghe"
    hint = element("p", _("To print or to save as a PDF, use your browser's menu: one unit takes a few pages of A4."), class_="screen note")
    mark = _("Illustrative figures") if wave.illustrative else ""
    return _document(_, title, joined(_links(ways, others), element("main", *parts(of)), element("footer", hint)), mark)


def refused(locale: Locale, heading: str, sentences: Sequence[str], ways: Sequence[Way]) -> str:
    """Instead of a sheet: why there is none, and ways on."""
    said = [element("p", text) for text in sentences]
    on = element("ul", [element("li", element("a", words, href=place)) for words, place in ways], class_="ways")
    return _document(locale, f"{heading} · Lắng Nghe", element("main", element("h1", heading), said, on))


def _links(ways: Sequence[Way], others: Sequence[Way]) -> Html:
    found = [element("li", element("a", words, href=place)) for words, place in ways]
    found += [element("li", element("a", words, href=place, lang=code, hreflang=code)) for words, place in others
              for code, name in LANGUAGE_NAMES.items() if name == words]  # fmt: skip
    return element("header", element("p", "Lắng Nghe", class_="name"), element("nav", element("ul", found), class_="screen"))


def _document(locale: Locale, title: str, body: Html, mark: str = "") -> str:
    # Every printed page says what it is, also when it travels alone.
    style = _style() + f'@page{{@bottom-left{{content:"{_in_css(title)}"}}@top-right{{content:"{_in_css(mark)}"}}}}'
    head = element(
        "head", element("meta", charset="utf-8"), element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"), element("meta", name="robots", content="noindex"),
        element("title", title), element("style", Html(style)),
    )  # fmt: skip
    return "<!doctype html>\n" + element("html", head, element("body", body), lang=locale.language)


@cache
def _style() -> str:
    return "".join(style_lines("pictures.css") + style_lines("sheet.css"))


def _in_css(text: str) -> str:
    """A text as a CSS string inside a style element: what could end either is written as its code."""
    return "".join(char if char.isalnum() or char in " .,()-·–" else f"\\{ord(char):x} " for char in text)
