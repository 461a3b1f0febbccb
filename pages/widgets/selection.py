"""Filters that live in the address, so that a page can be sent to a colleague; remembered from page to page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.analyse.lineage import successor
from survey.design.units import UnitRegister
from survey.disclose.release import INDEX, Release
from survey.disseminate.choosing import home, tree_order
from survey.disseminate.look import measure_labels
from survey.errors import N_, SurveyError
from survey.errors import shown as short
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

PAGE = "page"  # session key: which page is being run


def turn_to(page: str) -> None:
    """Said once a run, before the page: its filters are its own, what was chosen is everybody's."""
    st.session_state[PAGE] = page


@dataclass(frozen=True)
class Chosen:
    """What the page is about: the wave's release and a unit of it; `place`: room for one more filter."""

    release: Release
    unit: str
    place: Any


def choose(services: Services, viewer: Viewer | None, locale: Locale, *, parents_only: bool = False, third: bool = False) -> Chosen | None:
    """Wave and unit pickers; None (and a sentence) where there is nothing to show."""
    _ = locale
    try:
        waves = services.results.waves(viewer)
        if not waves:
            st.info(_("Nothing has been published yet."))
            return None
        with st.container(key="filters"):
            columns = st.columns([3, 4, 4] if third else [3, 8])
        ids = [wave.id for wave in reversed(waves)]
        titles = {wave.id: _.pick(wave.title_vi, wave.title_en) for wave in waves}
        with columns[0]:
            wave_id = picked("wave", _("Wave"), ids, ids[0], lambda wave: titles[wave], locale=_)
        release = services.results.release(viewer, wave_id)
        register = services.results.register(viewer)
    except SurveyError as error:
        st.error(error.text(_))
        return None
    names = {unit: "\u2003" * depth + name for unit, depth, name in tree_order(release, locale, parents_only)}
    if not names:
        st.info(_("There is nothing to choose from here."))
        return None
    top, at_home = next(iter(names)), home(release, viewer, list(names))
    assert at_home is not None
    with columns[1]:
        name, label = ("group", _("Group of units")) if parents_only else ("unit", _("Unit"))
        start = _group_of(release, st.session_state.get("chosen.unit")) if parents_only else ""
        unit = picked(
            name, label, list(names), start if start in names else at_home, lambda one: names[one], silent=top,
            instead=lambda gone: successor(register, gone, release), locale=_,
            of_old=partial(old_name, register),
        )  # fmt: skip
    return Chosen(release, unit, columns[2] if third else st.container())


def picked(
    name: str,
    label: str,
    options: Sequence[str],
    default: str,
    show: Callable[[str], str],
    *,
    silent: str | None = None,
    instead: Callable[[str], str | None] | None = None,
    locale: Locale | None = None,
    of_old: Callable[[str], str] = str,
) -> str:
    """A select box whose value stands in the address as ?name=value, unless it is `silent` (the default).

    The address wins when the page is opened or the browser goes back; else what was chosen on the page
    before. `instead` may name a stand-in for a wanted value that is not among the options. With `locale`
    a reader whose address names what is not here, or not his to see, is told so (by its name, `of_old`), and what is shown.
    """
    silent = default if silent is None else silent
    here = st.session_state.get(PAGE, "")
    key, written, remembered = f"pick.{here}.{name}", f"address.{here}.{name}", f"chosen.{name}"
    address = st.query_params.get(name)
    new = address is not None and (key not in st.session_state or address != st.session_state.get(written))
    if key not in st.session_state:  # first run of this page
        wanted = address or st.session_state.get(remembered)
    elif address != st.session_state.get(written):  # the browser went back or forward
        wanted = address or silent
    else:
        wanted = st.session_state[key]
    if wanted is not None and wanted not in options and instead is not None:
        wanted = instead(wanted)
    st.session_state[key] = wanted if wanted in options else default
    value = str(st.selectbox(label, options, format_func=show, key=key))
    if new and locale is not None and value != address:
        instead_of(of_old(str(address)), show(value), locale)
    _write(name, None if value == silent else value)
    st.session_state[remembered], st.session_state[written] = value, st.query_params.get(name)
    return value


def several(
    name: str,
    label: str,
    options: Sequence[str],
    show: Callable[[str], str],
    most: int,
    *,
    beside: str,
    locale: Locale,
    of_old: Callable[[str], str] = str,
) -> list[str]:
    """Up to `most` of the options, none at first; in the address as ?name=a,b. `beside`: what stands there anyway.

    As with `picked`, a reader whose address names what is not here is told so.
    """
    key = f"pick.{st.session_state.get(PAGE, '')}.{name}"
    gone: list[str] = []
    if key not in st.session_state:
        wanted = list(dict.fromkeys(filter(None, (st.query_params.get(name) or "").split(","))))
        gone = [one for one in wanted if one not in options and one != beside]
        st.session_state[key] = [one for one in wanted if one in options][:most]
    else:  # another unit was chosen meanwhile
        st.session_state[key] = [one for one in st.session_state[key] if one in options]
    chosen = [str(one) for one in st.multiselect(label, options, format_func=show, max_selections=most, key=key)]
    if gone:
        instead_of(", ".join(map(of_old, gone)), ", ".join(show(one).strip() for one in (beside, *chosen)), locale)
    _write(name, ",".join(chosen) or None)
    return chosen


def old_name(register: UnitRegister, unit: str) -> str:
    """Of a unit that is not among those to choose from; nonsense stays as it is."""
    return register.by_id[unit].name_vi if unit in register else unit


def instead_of(asked: str, shown: str, locale: Locale) -> None:
    """What the address names is not there: said, with what is shown in its place."""
    said = N_("“{asked}” is not here, or not yours to see. Shown is: {shown}.")
    st.warning(locale(said, asked=plain(short(asked)), shown=plain(shown.strip())))


def _write(name: str, value: str | None) -> None:
    if value is None and name in st.query_params:
        del st.query_params[name]
    elif value is not None and st.query_params.get(name) != value:
        st.query_params[name] = value


def pick_measure(chosen: Chosen, locale: Locale, *, items: bool = False) -> tuple[str, str]:
    """A measure of the release and its label; `items`: single questions too."""
    labels = measure_labels(chosen.release, locale, items=items)
    with chosen.place:
        measure = picked("measure", locale("What"), list(labels), INDEX, lambda one: labels[one], locale=locale)
    return measure, labels[measure]


def _group_of(release: Release, unit: str | None) -> str:
    """The group to compare in when a unit was looked at before: the unit itself if others stand below it."""
    if unit is None or unit not in release.plan.by_id:
        return ""
    return unit if unit in release.plan.children else release.node(unit).parent or ""
