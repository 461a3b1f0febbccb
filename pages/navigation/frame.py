"""What stands around every Streamlit page: name and mark, language, the quiet look, printing."""

from __future__ import annotations

import base64
import html
from contextlib import nullcontext
from urllib.parse import urlencode

import streamlit as st

from pages.plain.bodies import AGAIN_AFTER, STORES_AWAY
from pages.plain.sheet import NOT_WRITTEN
from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.disseminate.look import LINE
from survey.disseminate.sheet import first, pictures
from survey.errors import shown
from survey.i18n import DEFAULT_LANGUAGE, LANGUAGE_NAMES, LANGUAGES, Locale

MARK = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='#0F5C63'/>"
    "<path d='M9 12a7 7 0 0 1 14 0c0 5-5 5-5 9a3 3 0 0 1-5.6 1.5' fill='none' stroke='#fff' stroke-width='2.4' stroke-linecap='round'/>"
    "<path d='M13 12.5a3 3 0 0 1 6 0' fill='none' stroke='#fff' stroke-width='2.4' stroke-linecap='round'/></svg>"
)
WORDMARK = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 150 32' width='150' height='32'>"
    "<style>text{fill:#0F5C63}@media(prefers-color-scheme:dark){text{fill:#8fd3d8}}</style>"
    + MARK[MARK.index("<rect") : MARK.rindex("</svg>")]
    # textLength: as wide with whatever typeface the reader's machine has.
    + "<text x='42' y='23' font-family='system-ui, sans-serif' font-size='20' font-weight='700' textLength='102' "
    "lengthAdjust='spacingAndGlyphs'>Lắng Nghe</text></svg>"
)
_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding-top: 2.2rem; padding-bottom: 3rem; max-width: 78rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding-top: 4rem; } }
/* Beside the sidebar a small screen has no room to give away. */
@media (min-width: 641px) and (max-width: 1100px) { [data-testid="stMainBlockContainer"] { padding-inline: 2rem; } }
[data-testid="stDecoration"], footer { display: none; }
[data-testid="stSidebarNavLink"] { padding-block: .1rem; margin-block: 0; }
h1 { font-size: 1.75rem !important; padding-top: 0 !important; } h2 { font-size: 1.3rem !important; } h3 { font-size: 1.1rem !important; }
/* The browser itself shows a download; plotly's notices speak English only. */
.plotly-notifier { display: none !important; }
[data-testid="stTable"] td, [data-testid="stTable"] th { padding: .3rem .5rem !important; font-size: .875rem; }
[data-testid="stTable"] td:first-of-type { min-width: 10rem; }
[data-testid="stTable"] td:first-of-type [data-testid="stMarkdownContainer"] { max-width: 32rem; } /* the column may be wider than 25rem */
/* The table of a chart scrolls sideways: pressed into half a page, a name would stand on six lines and a reason on thirty. */
[class*="st-key-table-"] [data-testid="stTable"] table { width: max-content; min-width: 100%; }
[class*="st-key-table-"] [data-testid="stTable"] td:first-of-type { min-width: 0; }
[class*="st-key-table-"] [data-testid="stTable"] td [data-testid="stMarkdownContainer"] { max-width: min(18rem, 40vw); }
[class*="st-key-table-"] [data-testid="stTable"] th [data-testid="stMarkdownContainer"] { max-width: 5.5rem; }
/* On a phone the filters fold, two on a line: what they say stands in them. One that has something to explain takes a line. */
@media (max-width: 640px) { [class*="st-key-filters"] [data-testid="stHorizontalBlock"] { flex-wrap: wrap; gap: .5rem; }
  [class*="st-key-filters"] [data-testid="stColumn"] { min-width: calc(50% - .25rem) !important; flex: 1 1 0 !important; }
  [class*="st-key-filters"] [data-testid="stColumn"]:has([data-testid="stAlert"]) { min-width: 100% !important; }
  [class*="st-key-filters"] [data-testid="stWidgetLabel"] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
/* Why a file is not taken: Streamlit says it to screen readers and under a pointer alone. */
[data-testid="stFileChips"] div:has(> [role="alert"], [data-testid="stFileChip"] > [role="alert"]) {
  flex-wrap: wrap; width: auto !important; max-width: 100% !important; height: auto !important; }
[data-testid="stFileChip"] > [role="alert"] { position: static !important; width: 100% !important; height: auto !important; margin: 0 !important;
  clip: auto !important; clip-path: none !important; overflow: visible !important; white-space: normal !important; font-size: .875rem; }
[data-testid="stMain"] [data-testid="stPageLink"] a :is(span, p) { white-space: normal; overflow-wrap: anywhere; }
/* Rows of a chart that lead somewhere: plotly's layer for dragging would lie over them. */
.js-plotly-plot:has(.annotation a) .nsewdrag { pointer-events: none !important; }
.js-plotly-plot .annotation-text-g:has(a), .js-plotly-plot .annotation text:has(a), .js-plotly-plot .annotation a { pointer-events: all !important; }
/* A heatmap keeps its width: on a phone it scrolls sideways under the finger. */
[class*="st-key-said"][class*="-wide-"] { overflow-x: auto; } [class*="st-key-said"][class*="-wide-"] > div { min-width: 760px; }
.ln-link { display: inline-block; padding: .7rem 1.1rem; min-height: 44px; border-radius: 6px; border: 1.5px solid #0F5C63;
  color: #0F5C63; text-decoration: none; font-weight: 600; line-height: 1.4; }
.ln-link.ln-first { background: #0F5C63; color: #fff; }
.ln-link:hover { text-decoration: underline; }
.ln-language { display: inline-block; padding: .7rem 0; color: inherit; }
/* Streamlit's captions, and its white on the accent of the dark theme, have too little contrast (WCAG 1.4.3). */
[data-testid="stCaptionContainer"] { opacity: .85 !important; color: inherit !important; }
.ln-brand { display: flex; align-items: center; gap: .6rem; font-weight: 700; color: inherit; text-decoration: none; }
.ln-brand svg { width: 30px; height: 30px; }
@media (prefers-color-scheme: dark) { .ln-link { color: #8fd3d8; border-color: #5FB7BE; } .ln-link.ln-first { color: #fff; }
  [data-testid="stBaseButton-primary"]:enabled p, [data-testid="stBaseButton-primaryFormSubmit"]:enabled p, [data-tag-index], [data-tag-index] * { color: #08282D !important; } }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], .stButton, .stDownloadButton, .stButtonGroup,
  .modebar-container, [data-testid="stExpandSidebarButton"] { display: none !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
  .stApp, .stApp * { color: #000 !important; background-color: transparent !important; }
  .js-plotly-plot :is(.annotation, .xtick, .ytick) text, .js-plotly-plot .legendtext { fill: #000 !important; }
  [data-testid="stExpander"]:has(details:not([open])) { display: none !important; }
  [data-testid="stPlotlyChart"], [data-testid="stMetric"], tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  @page { size: A4; margin: 20mm 15mm 20mm 30mm; }
}
</style>
"""
# The first lines of a chart repeat what the page has said: on the page they lie above the picture's edge, only a saved picture shows them.
_SAID = "".join(
    f'[class*="st-key-said{count}-"] {{ margin-top: -{(high := count * LINE + 4)}px; clip-path: inset({high}px 0 0 0); }}'
    f'[class*="st-key-said{count}-"] .modebar-container {{ top: {high}px !important; }}'
    for count in range(1, 13)
)
_STYLE = _STYLE.replace("</style>", _SAID + pictures.STYLE + first.STYLE + "</style>")
_NOBODYS = (  # whoever is not signed in reads one column
    "<style>[data-testid='stMainBlockContainer'] { max-width: 46rem; padding-top: 4.5rem; }"
    "[data-testid='stFormSubmitButton'] button { background: #0F5C63; color: #fff; min-height: 44px; }</style>"
)


class _AsItIs(str):
    """Streamlit looks for common indents in every text it is given, which takes as long as to send it; not in what says it is HTML."""

    def _repr_html_(self) -> str:
        return str(self)


_OF_SOMEBODY, _OF_NOBODY = _AsItIs(_STYLE), _AsItIs(_STYLE + _NOBODYS)


def language(default: str) -> str:
    """The language of the address, else the one chosen before on this visit. One that is not there is neither."""
    wanted = (st.query_params.get("lang"), st.session_state.get("chosen.lang"), default)
    chosen = next((one for one in wanted if one in LANGUAGES), DEFAULT_LANGUAGE)
    st.session_state["chosen.lang"] = chosen
    return chosen


def begin(locale: Locale, viewer: Viewer | None) -> None:
    """Before the page: title of the tab, style, the mark, who is signed in."""
    icon = "data:image/svg+xml;base64," + base64.b64encode(MARK.encode()).decode()
    st.set_page_config(page_title="Lắng Nghe", page_icon=icon, layout="wide", initial_sidebar_state=248)
    st.html(_OF_NOBODY if viewer is None else _OF_SOMEBODY)
    st.logo(WORDMARK, size="large", link=None, icon_image=MARK)
    asked = st.query_params.get("lang")
    if asked is not None and asked not in LANGUAGES:
        # In every language there is: nobody knows which of them the reader reads.
        st.warning("  \n".join(plain(Locale(one)(NOT_WRITTEN, language=shown(asked, 20))) for one in LANGUAGES))
        del st.query_params["lang"]


def wait(locale: Locale) -> None:
    """In place of a page while a store does not answer; the page asks again by itself."""
    st.warning(locale(STORES_AWAY))

    @st.fragment(run_every=f"{AGAIN_AFTER}s")
    def again() -> None:
        if st.session_state.get("waiting.drawn"):
            del st.session_state["waiting.drawn"]
            st.rerun(scope="app")
        st.session_state["waiting.drawn"] = True

    again()


def end(locale: Locale, viewer: Viewer | None) -> None:
    """Below the page: the other language, what this is."""
    other = next(language for language in LANGUAGES if language != locale.language)
    name = LANGUAGE_NAMES[other]
    with st.sidebar if viewer is not None else nullcontext():
        query = urlencode({**st.query_params.to_dict(), "lang": other})
        st.html(f'<a class="ln-language" href="?{html.escape(query)}" target="_self" lang="{other}" hreflang="{other}">{name}</a>')
        if viewer is not None:
            st.caption(locale("Signed in as {name}", name=viewer.name))
