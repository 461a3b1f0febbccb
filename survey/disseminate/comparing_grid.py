"""The comparison as a table of links: row heads stay while the columns scroll, and every cell can be pressed, with the keyboard too."""

from __future__ import annotations

from survey.disclose.release import FORMS, NOT_AVAILABLE, Cell, Suppressed
from survey.disseminate.comparing import Comparing
from survey.disseminate.figures.heatmap import cell_text, explained, ground, hover
from survey.disseminate.given import base_of
from survey.disseminate.look import INK, REASONS, state_words
from survey.disseminate.sheet import addresses
from survey.disseminate.sheet.html import Html, element, joined, style_lines

MOST_COLUMNS = 14  # from here on the style sheet counts no further
LONG_HEAD = 45  # letters
# As many columns as there are rules here: only where they do not fit, a line says so, and a shade at the edge goes when the last one is reached.
STYLE = f".ln-grid {{ --ln-ink: {INK}; }}" + "".join((*style_lines("comparing.css"), *(
    f".ln-of-{count} {{ --columns: {count}; }} @container (max-width: {9.5 + count * 3.4}rem) {{ .ln-of-{count} .ln-more {{ display: block; }}"
    f" .ln-of-{count} .ln-wide {{ mask: linear-gradient(to left, #0003, #000 2.2rem); animation: ln-end 1s linear; animation-timeline: scroll(self inline); }} }}"
    for count in range(1, MOST_COLUMNS + 1)
)))  # fmt: skip


def units_grid(of: Comparing) -> Html:
    """The group's own row on top, then its units; value, ▲▼ and difference in every cell, hatched where hidden."""
    _ = of.locale
    caption = _("Comparison of units")
    head = [element("th", _("Unit"), scope="col"), *(element("th", label, scope="col") for _measure, label in of.columns.shown)]
    rows = [_row(of, unit) for unit in (of.group, *of.drawn)]
    table = element("table", element("caption", caption, class_="ln-said"), element("thead", element("tr", head)), element("tbody", rows))
    colours = explained(of.against or of.names[of.group], of.columns.of, bool(of.found), of.change, _)
    more = element("p", f"{_('Scroll sideways: there are more columns.')} →", class_="ln-more", aria_hidden="true")
    frame = element("div", table, class_="ln-wide", tabindex="0", role="region", aria_label=caption)
    return element("div", element("p", colours), more, frame, _hidden(of), class_=f"ln-grid ln-of-{min(_columns(of), MOST_COLUMNS)}")


def _columns(of: Comparing) -> int:
    """How many columns of the usual width the table takes: whole questions as heads need two each."""
    heads = [label for _measure, label in of.columns.shown]
    return len(heads) * (2 if any(len(label) > LONG_HEAD for label in heads) else 1)


def _row(of: Comparing, unit: str) -> Html:
    forms = of.cell(unit, FORMS)
    base = element("small", f"n = {base_of(forms, of.locale)}") if isinstance(forms, Cell) else ""
    cells = [_cell(of, unit, measure, label) for measure, label in of.columns.shown]
    return element("tr", element("th", of.names[unit], base, scope="row"), cells, class_="ln-own" if unit == of.group else None)


def _cell(of: Comparing, unit: str, measure: str, label: str) -> Html:
    _, cell, one, number = of.locale, of.cell(unit, measure), of.found.get((unit, measure)), of.columns.of
    if isinstance(cell, Suppressed) or cell.score is None:
        reason = cell.reason if isinstance(cell, Suppressed) else NOT_AVAILABLE
        return element("td", element("span", _(REASONS[reason]), class_="ln-said"), class_=f"ln-{_class(reason)}", title=_(REASONS[reason]))
    value, _break, difference = cell_text(cell, one, number, _).partition("<br>")
    said = f", {state_words(one, _)}" if one is not None else ""
    words = joined(value, element("span", said, class_="ln-said"), element("small", difference) if difference else "")
    title = hover(cell, one, of.names[unit], label, number, _).replace("<br>", "\n")
    link = element("a", words, href=_address(of, unit, measure), target="_self", title=title)
    return element("td", link, style=f"background-color:{ground(cell, one, number, bool(of.found))}")


def _address(of: Comparing, unit: str, measure: str) -> str:
    """What a cell is made of: an item's answers, a theme's weakest item, behind the index the unit's overview."""
    wave, item = of.release.wave.id, of.made_of(unit, measure)
    return addresses.item(wave, unit, item, of.locale) if item else addresses.overview(wave, unit, of.locale)


def _class(reason: str) -> str:
    return {NOT_AVAILABLE: "none"}.get(reason, reason)


def _hidden(of: Comparing) -> Html:
    """What each hatching means, as far as it stands there."""
    cells = [of.cell(unit, measure) for unit in (of.group, *of.drawn) for measure, _label in of.columns.shown]
    found = {cell.reason for cell in cells if isinstance(cell, Suppressed)}
    said = [
        joined(element("i", "", class_=f"ln-{_class(one)}", aria_hidden="true"), of.locale(REASONS[one])) for one in REASONS if one in found
    ]
    return element("p", *(element("span", one) for one in said), class_="ln-keys") if said else Html("")
