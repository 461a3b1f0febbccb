"""The first lines of a leader's page: which unit and wave, the index in large, three things to mend."""

from __future__ import annotations

from survey.analyse.overview import Overview
from survey.disclose.release import Cell, Release
from survey.disseminate import sentences
from survey.disseminate.look import item_label, score_of
from survey.disseminate.sheet import addresses
from survey.disseminate.sheet.html import Html, element, joined
from survey.i18n import Locale

STYLE = """
.ln-about { font-size: 1.05rem; margin: 0; }
.ln-source { font-size: 0.9rem; margin: 0; overflow-wrap: anywhere; }
.ln-illustrative { white-space: nowrap; font-weight: 600; padding: .1rem .5rem; border: 1.5px solid currentColor; border-radius: 4px; color: #A8480A; }
@media (prefers-color-scheme: dark) { .ln-illustrative { color: #F0A060; } }
.ln-lead { display: flex; gap: 1.1rem; align-items: center; margin: 0; }
.ln-lead strong { font-size: 3.1rem; line-height: 1; font-weight: 600; font-variant-numeric: tabular-nums; }
.ln-lead strong small { display: block; font-size: .8rem; font-weight: 400; line-height: 1.3; max-width: 8rem; margin-top: .3rem; }
.ln-lead ul { margin: 0; padding: 0; list-style: none; font-size: .95rem; line-height: 1.5; }
.ln-mend { margin: 0; padding-left: 1.2rem; } .ln-mend li { margin-bottom: .45rem; line-height: 1.4; }
.ln-mend a { color: inherit; font-weight: 600; } .ln-mend small { display: block; font-size: .875rem; opacity: .85; }
"""


def about(release: Release, unit_name: str, locale: Locale) -> Html:
    """What the page speaks of: unit, wave, closing day; illustrative waves say so."""
    _, wave = locale, release.wave
    said = f" · {_.pick(wave.title_vi, wave.title_en)} · " + _("closed on {day}", day=_.day(wave.closes))
    mark = joined(" ", element("span", _("Illustrative figures"), class_="ln-illustrative")) if wave.illustrative else ""
    source = sentences.provenance(wave, locale)
    first = element("p", element("strong", unit_name), said, mark, class_="ln-about")
    return joined(first, element("p", source, class_="ln-source") if source else "")


def lead(of: Overview, locale: Locale) -> Html:
    """The index in large, with what is sure about it."""
    index = score_of(of.index, locale) if isinstance(of.index, Cell) else locale("hidden")
    large = element("strong", index, element("small", locale("Workplace culture index")))
    return element("div", large, element("ul", [element("li", one) for one in sentences.standing(of, locale)]), class_="ln-lead")


def to_mend(of: Overview, locale: Locale) -> Html:
    """The items to mend first; each leads to its question."""
    return element("ol", [_to_mend(of, number, locale) for number in range(len(of.to_mend))], class_="ln-mend")


def _to_mend(of: Overview, number: int, locale: Locale) -> Html:
    one = of.to_mend[number]
    link = element("a", item_label(one.item, locale), href=addresses.item(of.release.wave.id, of.unit, one.item.id, locale), target="_self")
    return element("li", link, element("small", sentences.priority(one, locale)))
