"""A checklist: numbered steps whose state stands in words."""

from __future__ import annotations

import html

import streamlit as st

from survey.errors import N_
from survey.i18n import Locale

DONE, NEXT, LATER = N_("Done"), N_("Now"), N_("Later")
_STYLE = """<style>
.ln-steps{list-style:none;margin:0!important;padding:0!important;max-width:46rem}
.ln-steps li{margin:0!important;display:grid;grid-template-columns:2rem 1fr auto;gap:.25rem .75rem;padding:.45rem 0;border-bottom:1px solid #8A9BA055;align-items:baseline}
.ln-steps li:last-child{border-bottom:0}
.ln-steps .n{font-variant-numeric:tabular-nums;opacity:.75}
.ln-steps .now{font-weight:600}
.ln-steps .note{grid-column:2/-1;opacity:.8;font-size:.9rem}
</style>"""


def checklist(steps: list[tuple[str, str, str]], locale: Locale) -> None:
    """Steps as (name, DONE | NEXT | LATER, note); the state stands in words."""
    lines = []
    for number, (name, state, note) in enumerate(steps, start=1):
        now = ' class="now" aria-current="step"' if state == NEXT else ""
        extra = f'<span class="note">{html.escape(note)}</span>' if note else ""
        mark = "✓ " if state == DONE else "→ " if state == NEXT else ""
        lines.append(
            f'<li{now}><span class="n">{number}.</span><span>{html.escape(name)}</span>'
            f'<span><span aria-hidden="true">{mark}</span>{html.escape(locale(state))}</span>{extra}</li>'
        )
    st.html(f'{_STYLE}<ol class="ln-steps">{"".join(lines)}</ol>')
