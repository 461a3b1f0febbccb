"""Filters that live in the address, so that a page can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from survey.access import Viewer
from survey.disclose.release import Release
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.vietnamese import sort_key

if TYPE_CHECKING:
    from bootstrap import Services


@dataclass(frozen=True)
class Chosen:
    """What the page is about: the wave's release and a unit of it."""

    release: Release
    unit: str


def choose(services: Services, viewer: Viewer | None, locale: Locale, *, parents_only: bool = False) -> Chosen | None:
    """Wave and unit pickers; None (and a sentence) where there is nothing to show."""
    _ = locale
    try:
        waves = services.results.waves(viewer)
    except SurveyError as error:
        st.error(error.text(_))
        return None
    if not waves:
        st.info(_("Nothing has been published yet."))
        return None
    left, right = st.columns([1, 2])
    ids = [wave.id for wave in reversed(waves)]
    titles = {wave.id: _.pick(wave.title_vi, wave.title_en) for wave in waves}
    with left:
        wave_id = picked("wave", _("Wave"), ids, ids[0], lambda wave: titles[wave])
    try:
        release = services.results.release(viewer, wave_id)
    except SurveyError as error:
        st.error(error.text(_))
        return None
    nodes = tree_order(release, locale, parents_only)
    names = {unit: "\u2003" * depth + name for unit, depth, name in nodes}
    if not names:
        st.info(_("There is nothing to choose from here."))
        return None
    with right:
        unit = picked("unit", _("Unit"), list(names), _home(release, viewer, list(names)), lambda one: names[one])
    return Chosen(release, unit)


def picked(name: str, label: str, options: Sequence[str], default: str, show: object) -> str:
    """A select box whose value stands in the address as ?name=value."""
    wanted = st.query_params.get(name, default)
    if wanted not in options:
        wanted = default
    value = st.selectbox(label, options, index=list(options).index(wanted), format_func=show, key=f"pick.{name}.{hash(tuple(options))}")  # type: ignore[arg-type]
    if (value != st.query_params.get(name) and value != default) or (value == default and name in st.query_params and st.query_params[name] != value):
        st.query_params[name] = value
    return str(value)


def tree_order(release: Release, locale: Locale, parents_only: bool = False) -> list[tuple[str, int, str]]:
    """(unit, depth, name) of the nodes of a release, parents first, siblings in Vietnamese order."""
    held = {node.id: node for node in release.nodes()}
    children: dict[str | None, list[str]] = {}
    for node in held.values():
        children.setdefault(node.parent if node.parent in held else None, []).append(node.id)
    found: list[tuple[str, int, str]] = []

    def walk(parent: str | None, depth: int) -> None:
        listed = [(locale.pick(held[unit].name_vi, held[unit].name_en), unit) for unit in children.get(parent, ())]
        for name, unit in sorted(listed, key=lambda pair: sort_key(pair[0])):
            if not parents_only or unit in children:
                found.append((unit, depth, name))
            walk(unit, depth + 1)

    walk(None, 0)
    return found


def _home(release: Release, viewer: Viewer | None, options: list[str]) -> str:
    """A leader of a unit begins there, everybody else at the top."""
    if viewer is not None and viewer.unit is not None:
        own = release.plan.reporting_unit.get(viewer.unit, viewer.unit)
        if own in options:
            return own
    return options[0]
