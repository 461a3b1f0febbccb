"""What stands around every Streamlit page: name and mark, language, the quiet look, printing."""

from __future__ import annotations

import base64

import streamlit as st

from survey.access import Viewer
from survey.i18n import DEFAULT_LANGUAGE, LANGUAGES, Locale

MARK = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='#0F5C63'/>"
    "<path d='M9 12a7 7 0 0 1 14 0c0 5-5 5-5 9a3 3 0 0 1-5.6 1.5' fill='none' stroke='#fff' stroke-width='2.4' stroke-linecap='round'/>"
    "<path d='M13 12.5a3 3 0 0 1 6 0' fill='none' stroke='#fff' stroke-width='2.4' stroke-linecap='round'/></svg>"
)
WORDMARK = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 150 32' width='150' height='32'>"
    + MARK[MARK.index("<rect") : MARK.rindex("</svg>")]
    + "<text x='42' y='23' font-family='Source Sans, system-ui, sans-serif' font-size='20' font-weight='700' fill='#0F5C63'>Lắng Nghe</text></svg>"
)
_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding-top: 2.2rem; max-width: 78rem; }
[data-testid="stDecoration"], footer { display: none; }
h1 { font-size: 1.9rem !important; } h2 { font-size: 1.35rem !important; } h3 { font-size: 1.1rem !important; }
.ln-link { display: inline-block; padding: .7rem 1.1rem; min-height: 44px; border-radius: 6px; border: 1.5px solid #0F5C63;
  color: #0F5C63; text-decoration: none; font-weight: 600; line-height: 1.4; }
.ln-link.ln-first { background: #0F5C63; color: #fff; }
.ln-link:hover { text-decoration: underline; }
.ln-brand { display: flex; align-items: center; gap: .6rem; font-weight: 700; color: inherit; text-decoration: none; }
.ln-brand svg { width: 30px; height: 30px; }
@media (prefers-color-scheme: dark) { .ln-link { color: #8fd3d8; border-color: #5FB7BE; } .ln-link.ln-first { color: #fff; } }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], .stButton, .stDownloadButton { display: none !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
  @page { size: A4; margin: 20mm 15mm 20mm 30mm; }
}
</style>
"""


def begin(locale: Locale, viewer: Viewer | None) -> None:
    """Before the page: title of the tab, style, the mark, who is signed in."""
    icon = "data:image/svg+xml;base64," + base64.b64encode(MARK.encode()).decode()
    st.set_page_config(page_title="Lắng Nghe", page_icon=icon, layout="wide", initial_sidebar_state="auto")
    st.html(_STYLE)
    if viewer is None:
        st.html("<style>[data-testid='stMainBlockContainer'] { max-width: 46rem; }</style>")
    st.logo(WORDMARK, size="large", link=None, icon_image=MARK)


def end(locale: Locale, viewer: Viewer | None) -> None:
    """Below the page: the other language, what this is."""
    other = next(language for language in LANGUAGES if language != locale.language)
    name = {"vi": "Tiếng Việt", "en": "English"}[other]
    place = st.sidebar if viewer is not None else st.container()
    with place:
        query = "" if other == DEFAULT_LANGUAGE else f"?lang={other}"
        st.html(f'<a href="{query or "?"}" target="_self" lang="{other}" hreflang="{other}">{name}</a>')
        if viewer is not None:
            st.caption(locale("Signed in as {name}", name=viewer.name))
