"""One look for every figure: palette, caption, layout, Vietnamese numbers, downloads as picture."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from survey.analyse.change import Comparison, State
from survey.design.questionnaire import Item
from survey.disclose.quality import Level
from survey.disclose.release import ABOUT, FORMS, INDEX, NOT_AVAILABLE, ONLY_SOME, PROTECTS, TOO_FEW, WITHHELD, Cell, Release
from survey.disseminate.given import forms_of
from survey.errors import N_
from survey.i18n import Locale

# Every colour of a mark keeps 3:1 to white paper and to the dark page; letters are TEXT on the page, INK on pale and white on dark areas,
# which keeps 4.5:1. No single colour but TEXT could: what is dark enough for white paper is too dark for the dark page.
ACCENT = "#1F7A83"
PALE = "#A9CDD0"
INK = "#1C2B2E"  # letters on pale areas
# Letters on the page itself: nearly black, which Streamlit's plotly theme turns into the page's own text colour, light or dark.
TEXT = "#000037"
GREY = "#74868B"
HIDDEN = "#DDE3E5"
WARM = "#C8641B"  # lower, unfavourable
COOL = "#2B73BD"  # higher, favourable
PLUM = "#9A63B5"  # reorganisations
GRID = "rgba(138,155,160,0.25)"
# Likert from unfavourable to favourable: orange to blue, telling apart in grey print by lightness.
DIVERGING = ("#B35806", "#F1A340", "#D9D9D9", "#92C5DE", "#2166AC")
# Differences that were called: orange lower, blue higher, as light as each other, so that grey print shows how far and the sign which way.
CHANGE = ((0.0, "#EB9C58"), (0.4999, "#FAE3D0"), (0.5, "#FFFFFF"), (0.5001, "#DAE7F5"), (1.0, "#86B2E0"))
# Level: lighter is lower, so that a black-and-white print keeps the order.
SEQUENTIAL = ((0.0, "#FFFFFF"), (0.5, "#BFDDE0"), (1.0, "#57A5AD"))

REASONS = {
    TOO_FEW: N_("hidden: too few answers"),
    PROTECTS: N_("hidden: another small number would follow from it"),
    ONLY_SOME: N_("hidden: only some people were asked this"),
    NOT_AVAILABLE: N_("no data"),
}
BOUNDS = N_("≥, ≤: all or all but one answered alike, so a bound stands for the number and nobody's answer follows from it.")
ROUNDED = N_("≈: in steps of two points, so that no number of a smaller group follows from it.")
PARTS_LACK = N_("The mean of what may be shown: a question or theme of it is hidden or was not answered.")
HATCHES = {TOO_FEW: "/", PROTECTS: "x", ONLY_SOME: "\\", NOT_AVAILABLE: "."}

# Beside a number only where a difference was called: never a colour alone.
SIGN = {State.HIGHER: "▲", State.LOWER: "▼", State.NO_CLEAR_DIFFERENCE: "", State.NOT_TESTED: "○"}

STATES = {
    State.HIGHER: N_("clearly higher"),
    State.LOWER: N_("clearly lower"),
    State.NO_CLEAR_DIFFERENCE: N_("no clear difference"),
    State.NOT_TESTED: N_("not tested"),
}
LEVELS = {Level.HIGH: N_("high"), Level.MEDIUM: N_("medium"), Level.LOW: N_("low")}

# The reader's own typeface: a saved picture cannot carry the page's, and letters measured in one and drawn in another are cut.
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif'
LINE = 17  # pixels of one line of text in a figure
WIDE = 46  # letters that fit a line on a 390 px phone
KEY = 40  # the same in bold, or beside the camera button


def measure_labels(release: Release, locale: Locale, *, items: bool = False) -> dict[str, str]:
    """measure -> label: the index, then every theme; `items`: then every single question."""
    asked = release.questionnaire
    themes = {f"theme:{theme.id}": locale.pick(theme.vi, theme.en) for theme in asked.themes}
    single = {f"item:{item.id}": f"{item.id}. {locale.pick(item.vi, item.en)}" for item in asked.items} if items else {}
    return {INDEX: locale("Workplace culture index"), **themes, **single}


def node_name(release: Release, unit: str, locale: Locale) -> str:
    node = release.node(unit)
    return locale.pick(node.name_vi, node.name_en)


def item_label(item: Item, locale: Locale) -> str:
    text = f"{item.id}. {locale.pick(item.vi, item.en)}"
    return f"{text} ({locale('reverse item: a high score is good')})" if item.reverse else text


def state_words(one: Comparison, locale: Locale) -> str:
    words = locale(STATES[one.state])
    return f"{words}: {locale(one.reason)}" if one.reason else words


def score_of(cell: Cell, locale: Locale, digits: int = 1) -> str:
    """The score as it may be read: "68,4", "≥ 90,0", "≈ 68"."""
    return _marked(sign := cell.bound("score"), locale.number(cell.score, 0 if sign == ABOUT else digits))


def share_of(cell: Cell, name: str, locale: Locale) -> str:
    """The share `name` as it may be read: "61%", "≥ 95%"."""
    return _marked(cell.bound(name), locale.percent(getattr(cell, name)))


def bound_of(cell: Cell, name: str) -> str:
    """The sign before a number that is no exact one: ≥, ≤, ≈ or nothing."""
    sign = cell.bound(name)
    return "" if sign == WITHHELD else sign


def _marked(sign: str, text: str) -> str:
    return f"{sign} {text}" if sign not in ("", WITHHELD) else text


def why_bounds(cell: Cell, locale: Locale) -> str:
    """What to say of a cell whose scores or shares are bounds or rounded, or that lacks a part; empty where nothing is."""
    signs = {cell.bound(name) for name in ("score", "favourable", "unfavourable")} - {""}
    said = [locale(ROUNDED if signs <= {ABOUT, WITHHELD} else BOUNDS)] if signs else []
    return " ".join([*said, *([locale(PARTS_LACK)] if cell.partial else [])])


def drawn(text: str) -> str:
    """A name as plotly draws it: of tags in it plotly would make bold type and links."""
    return html.escape(text, quote=False)


def lines(text: str, width: int = WIDE) -> list[str]:
    """One text, `drawn`, in lines of this width."""
    return [drawn(line) for line in textwrap.wrap(text, width, break_long_words=False) or [text]]


def wrapped(text: str, width: int = WIDE) -> str:
    """Long unit names and items break into lines instead of being cut."""
    return "<br>".join(lines(text, width))


class Caption(list[str]):
    """Lines above a picture; the first `title` of them the page says itself, so that only a saved picture shows them."""

    title: int = 0


def caption(what: str, release: Release, unit: str, locale: Locale, *, span: str = "") -> Caption:
    """What a picture must say when it travels alone: subject, unit, wave (or `span`), base, illustrative or not."""
    _ = locale
    forms = release.cell(unit, FORMS)
    base = forms_of(forms, _)
    about = Caption(f"<b>{line}</b>" for line in lines(f"{what} – {node_name(release, unit, locale)}", KEY))
    wave = _.pick(release.wave.title_vi, release.wave.title_en)
    about += lines(f"{span} · {wave}: {base}" if span else f"{wave} · {base}")
    if release.scores_only:
        about.append(_("Printed scores only"))
    if release.wave.illustrative:
        about.append(f"<b>{_('Illustrative figures')}</b>")
    about.title = len(about)
    return about


def label_room(labels: Sequence[str]) -> int:
    """Pixels that labels beside a plot (with <br> and <b>) take, rather more than less: an axis adds what is still missing."""
    longest = max((len(line) for label in labels for line in re.sub(r"</?b>", "", label).split("<br>")), default=0)
    return 6 * longest + 8


def weak(release: Release, unit: str, cell: Cell) -> bool:
    """Too few answers for a test, or a unit of low reliability: drawn hollow, so that it does not look as sure as the others."""
    found = release.quality and release.quality.units.get(unit)
    return (cell.base is not None and cell.base < release.policy["base_score"]) or bool(found and found.level is Level.LOW)


def weak_words(release: Release, locale: Locale) -> str:
    return locale("Hollow: under {n} answers or low reliability, a rough indication", n=release.policy["base_score"])


def rule(figure: go.Figure, at: float, rows: Sequence[tuple[float, float]], line: dict[str, Any]) -> None:
    """A reference line beside the marks of every row (top, bottom) only: drawn through, it would strike out the labels."""
    figure.add_scatter(
        x=[at, at, None] * len(rows), y=[end for top, bottom in rows for end in (top, bottom, None)], mode="lines", line=line,
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip


def finish(
    figure: go.Figure, said: Sequence[str], locale: Locale, plot_height: int, *,
    keys: Sequence[str] = (), above: int = 0, below: int = 30, left: int = 0,
) -> go.Figure:  # fmt: skip
    """The common layout.

    `said`: the `caption`; `keys`: lines under it that the page shows too; `plot_height`, `above`, `below`, `left`: pixels of the plot
    and of what stands around it. The height of what only a saved picture shows stands in `layout.meta`.
    """
    figure.update_layout(meta={"title": said.title if isinstance(said, Caption) else 0})
    said = [*said, *keys]
    top = 14 + LINE * len(said) + above
    figure.update_layout(
        height=top + plot_height + below,
        margin={"l": left + 6, "r": 14, "t": top, "b": below},
        font={"size": 13, "color": TEXT, "family": FONT},
        separators=",." if locale.language == "vi" else ".,",
        hoverlabel={"align": "left"},
        legend={"orientation": "h", "x": 0, "yanchor": "top", "itemclick": False, "itemdoubleclick": False, "font": {"size": 13}},
        dragmode=False,  # a finger on a chart scrolls the page
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": ACCENT},
    )
    heading = {
        "text": "<br>".join(said), "align": "left", "showarrow": False, "borderpad": 0, "x": 0, "xref": "paper", "xanchor": "left",
        "y": 1, "yref": "paper", "yanchor": "top", "yshift": top - 4, "xshift": -left,
    }  # fmt: skip
    texts = [*(one.to_plotly_json() for one in figure.layout.annotations), heading]
    figure.layout.annotations = [{**one, "font": {"color": TEXT, **one.get("font", {})}} for one in texts]  # all at once: 6 times as quick
    axis = {"gridcolor": GRID, "zeroline": False, "fixedrange": True, "tickfont_color": TEXT}
    figure.update_xaxes(automargin=True, **axis)
    figure.update_yaxes(**axis)
    return figure


def config(locale: Locale, name: str, image_format: str = "png") -> dict[str, Any]:
    """Plotly's configuration: only the picture download, in the reader's language."""
    words = {
        "Download plot as a PNG": locale("Download the picture (PNG)"),
        "Download plot as a png": locale("Download the picture (PNG)"),
        "Download plot": locale("Download the picture"),
    }
    months = [f"Tháng {number}" for number in range(1, 13)]
    vietnamese = {
        "dictionary": words,
        "format": {
            "months": months,
            "shortMonths": [f"Th{number}" for number in range(1, 13)],
            "date": "%d/%m/%Y",
            "decimal": ",",
            "thousands": ".",
        },
    }
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": image_format, "filename": name, "scale": 2 if image_format == "png" else 1},
        "locale": locale.language,
        "locales": {"vi": vietnamese},
    }
