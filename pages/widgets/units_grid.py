"""The table of units on the page, and its picture for whoever wants to save one."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

import plotly.graph_objects as go

from pages.widgets import chart
from survey.disseminate import figures, sentences, tables
from survey.disseminate.comparing import Comparing
from survey.disseminate.comparing_grid import MOST_COLUMNS, units_grid
from survey.disseminate.look import INK
from survey.i18n import Locale

OVERVIEW, ITEM = "results-overview", "results-item"
_STYLE = """<style>
.ln-grid { container-type: inline-size; position: relative; font-size: .875rem; }
.ln-wide { overflow-x: auto; position: relative; } .ln-wide:focus-visible { outline: 2px solid #1F7A83; outline-offset: 2px; }
.ln-grid table { border-collapse: separate; border-spacing: 0; width: 100%; min-width: calc(9.5rem + var(--columns) * 3.4rem); margin: 0; }
.ln-grid > p { margin: 0 0 .4rem; font-size: .875rem; }
.ln-grid :is(th, td) { padding: .25rem .3rem; border: 1px solid transparent; background-clip: padding-box; vertical-align: middle; line-height: 1.25; }
.ln-grid thead th { font-weight: 400; font-size: .8rem; vertical-align: bottom; min-width: 3.3rem; } .ln-grid thead th:first-child { text-align: left; }
.ln-grid tbody th { text-align: left; font-weight: 400; width: 15rem; min-width: 9.5rem; overflow-wrap: anywhere; }
/* Row heads stay while the columns scroll under them. */
.ln-grid tr > :first-child { position: sticky; left: 0; z-index: 1; background: var(--ln-page, #fff) border-box; }
.ln-grid .ln-own th { font-weight: 700; } .ln-grid small { display: block; font-size: .75rem; font-weight: 400; }
.ln-grid tbody tr > * { border-top-color: #DDE3E5; }
.ln-grid td { text-align: center; padding: 0; height: 2.75rem; color: var(--ln-ink); }
.ln-grid td a { display: flex; flex-direction: column; justify-content: center; height: 100%; min-height: 2.75rem; color: var(--ln-ink); text-decoration: none; }
.ln-grid td a:hover { text-decoration: underline; }
.ln-grid td a:focus-visible { outline: 3px solid #0F5C63; outline-offset: -3px; }
.ln-said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.ln-too-few { background: repeating-linear-gradient(135deg, #DDE3E5 0 5px, #97A5A9 5px 6.5px); }
.ln-protects-another { background: repeating-linear-gradient(45deg, #97A5A9 0 1.5px, transparent 1.5px 6.5px), repeating-linear-gradient(135deg, #DDE3E5 0 5px, #97A5A9 5px 6.5px); }
.ln-none { background: radial-gradient(#97A5A9 1.2px, #DDE3E5 1.4px) 0 0 / 7px 7px; }
.ln-keys span { display: inline-block; margin-right: 1.2rem; } .ln-keys i { display: inline-block; width: 1.4rem; height: .8rem; margin-right: .4rem; }
.ln-grid .ln-keys { margin: .4rem 0 0; }
.ln-grid .ln-more { display: none; font-weight: 600; }
@container (max-width: 60rem) { .ln-grid thead th { font-size: .75rem; padding-inline: .1rem; } }
@keyframes ln-end { 95% { mask-size: 100% 100%; } to { mask: none; } }
@media (prefers-color-scheme: dark) { .ln-grid { --ln-page: #12191B; } .ln-grid tbody tr > * { border-top-color: #3A484C; } }
@media (max-width: 640px) { .ln-grid tbody th { min-width: 8rem; max-width: 8rem; font-size: .8rem; } }
@media print { .ln-more { display: none !important; } .ln-wide { overflow: visible; mask: none !important; } }
</style>"""
# As many columns as there are rules here: only where they do not fit, a line says so, and a shade at the edge goes when the last one is reached.
_WIDTHS = f".ln-grid {{ --ln-ink: {INK}; }}" + "".join(
    f".ln-of-{count} {{ --columns: {count}; }} @container (max-width: {9.5 + count * 3.4}rem) {{ .ln-of-{count} .ln-more {{ display: block; }}"
    f" .ln-of-{count} .ln-wide {{ mask: linear-gradient(to left, #0003, #000 2.2rem); animation: ln-end 1s linear; animation-timeline: scroll(self inline); }} }}"
    for count in range(1, MOST_COLUMNS + 1)
)


def show(of: Comparing, locale: Locale) -> None:
    """Sentence, table, picture, base, downloads."""
    _ = locale
    rows = [of.group, *of.drawn]
    chart.grid(
        _STYLE.replace("</style>", f"{_WIDTHS}</style>") + units_grid(of, partial(_address, of, locale)), partial(_picture, of),
        tables.heatmap(of.release, rows, of.columns.shown, of.found, _, of.columns.of),
        sentences.units_and_calls({unit: of.names[unit] for unit in of.units}, of.found, of.hidden, _),
        f"so-sanh-{of.release.wave.id}-{of.group}", of.release, of.group, _,
    )  # fmt: skip


def _picture(of: Comparing) -> go.Figure:
    return figures.heatmap(
        of.release, of.group, of.drawn, of.columns.shown, of.found, of.locale, against=of.against, of=of.columns.of, change=of.change
    )


def _address(of: Comparing, locale: Locale, unit: str, measure: str) -> str:
    """What a cell is made of: an item's answers, a theme's weakest item, behind the index the unit's overview."""
    item = of.made_of(unit, measure)
    query = {"wave": of.release.wave.id, "unit": unit} | ({"item": item} if item else {}) | {"lang": locale.language}
    return f"{ITEM if item else OVERVIEW}?{urlencode(query)}"
