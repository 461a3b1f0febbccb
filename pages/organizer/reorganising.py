"""A reorganisation on the page: what happens, on which day, with which units; what that does; and then the storing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.tree import in_tree_order
from survey.access import Viewer
from survey.analyse.foreseen import Series, series_after
from survey.design.reorganisation import Kind, Operation, Part
from survey.design.units import UnitRegister
from survey.design.units_service import Foreseen
from survey.disseminate import reorganisation_words as words
from survey.errors import N_, InputRefused
from survey.i18n import Locale
from survey.limits import NAME, PEOPLE, UNIT_ID

if TYPE_CHECKING:
    from bootstrap import Services

KEPT = "reorganisation"
WHERE = {
    "on": N_("First day of the new arrangement"),
    "units": N_("Units"),
    "into": N_("What they become"),
    "name_vi": N_("Vietnamese name"),
    "name_en": N_("English name"),
    "headcount": N_("Number of staff"),
    "parent": N_("Parent"),
    "valid_to": N_("Units below it"),
    "successors": N_("Successors"),
}
MEANING = {
    Kind.MERGE: N_("Several units become one: a new one, or one of them keeps its id and takes the others in."),
    Kind.SPLIT: N_("One unit becomes several, or lives on and gives a part of its people to new ones."),
    Kind.RENAME: N_("The same people under a new name. A slip of the pen is corrected in the Excel file instead."),
    Kind.TRANSFER: N_("Units stand under another one from then on, with everything below them."),
    Kind.DISSOLVE: N_("Units end. Others take their people over, or nobody does."),
}
MOST_PARTS, MOST_NAMES = 20, 30


def render(services: Services, viewer: Viewer | None, register: UnitRegister, locale: Locale) -> None:
    _ = locale
    st.markdown(_("Past results stay with the units as they were: nothing is overwritten. First you see what happens, then you store it."))
    operation = _Form(register, services.clock.today(), _).operation()
    if st.button(_("Show what will happen"), type="primary"):
        desk.forget(KEPT)
        with _refusals(_):
            desk.keep(KEPT, services.reorganising.foresee(viewer, operation))
    foreseen = desk.kept(KEPT, Foreseen)
    if foreseen is None or foreseen.change.operation != operation:
        return  # nothing was looked at yet, or something else has been chosen since
    _preview(foreseen, _)
    _store(services, viewer, foreseen, _)


class _Form:
    """The fields of an operation; everything typed stays until it is stored."""

    def __init__(self, register: UnitRegister, today: date, locale: Locale) -> None:
        self._ = locale
        self._key = desk.renewed(KEPT)
        kind, day = st.columns(2)
        self.kind = Kind(
            kind.selectbox(locale("What happens"), list(Kind), format_func=lambda one: locale(words.KINDS[one]), key=f"{self._key}.kind")
        )
        self.day = day.date_input(locale(WHERE["on"]), today, format="DD/MM/YYYY", key=f"{self._key}.day") or today
        st.caption(locale(MEANING[self.kind]))
        self._there = register.at(self.day - timedelta(days=1))
        self._names = {unit.id: f"{locale.pick(unit.name_vi, unit.name_en)} ({unit.id})" for _depth, unit in in_tree_order(self._there)}

    def operation(self) -> Operation:
        units, into, parent = {
            Kind.MERGE: self._merge, Kind.SPLIT: self._split, Kind.RENAME: self._rename, Kind.TRANSFER: self._transfer, Kind.DISSOLVE: self._dissolve,
        }[self.kind]()  # fmt: skip
        return Operation(kind=self.kind, day=self.day, units=units, into=into, parent=parent)

    def _merge(self) -> tuple[tuple[str, ...], tuple[Part, ...], str]:
        _ = self._
        units = self._several(_("Units that merge"), "units")
        target = self._one(_("They become"), "target", _("a new unit"), first=units)
        if target:
            return units, (Part(id=target, headcount=self._people("size", _("Number of staff afterwards"))),), ""
        part = self._new(with_people=True)
        return units, (part,), self._one(_("The new unit stands under"), "parent", _("the same one as the first"))

    def _split(self) -> tuple[tuple[str, ...], tuple[Part, ...], str]:
        _ = self._
        unit = self._one(_("Unit that is split"), "unit", _("Choose"))
        lives = st.checkbox(_("The unit lives on with a part of its people"), key=f"{self._key}.lives")
        count = int(st.number_input(_("How many new units"), 1, MOST_PARTS, 1 if lives else 2, key=f"{self._key}.count.{lives}"))
        parts = [self._part(number) for number in range(1, count + 1)]
        return ((unit,) if unit else ()), ((Part(id=unit),) if lives and unit else ()) + tuple(parts), ""

    def _rename(self) -> tuple[tuple[str, ...], tuple[Part, ...], str]:
        _ = self._
        unit = self._one(_("Unit that gets another name"), "unit", _("Choose"))
        return ((unit,) if unit else ()), (self._new(with_people=False),), ""

    def _transfer(self) -> tuple[tuple[str, ...], tuple[Part, ...], str]:
        _ = self._
        units = self._several(_("Units that move"), "units")
        return units, (), self._one(_("From then on they stand under"), "parent", _("Choose"))

    def _dissolve(self) -> tuple[tuple[str, ...], tuple[Part, ...], str]:
        _ = self._
        units = self._several(_("Units that are dissolved"), "units")
        takers = self._several(_("Units that take the people over (may be left empty)"), "takers")
        label = N_("Number of staff of {unit} afterwards")
        sizes = {one: self._people(f"size.{one}", _(label, unit=self._names[one])) for one in takers} if len(takers) > 1 else {}
        return units, tuple(Part(id=one, headcount=sizes.get(one)) for one in takers), ""

    # Fields

    def _several(self, label: str, name: str) -> tuple[str, ...]:
        key = f"{self._key}.{name}"
        if key in st.session_state:  # another day, other units
            st.session_state[key] = [one for one in st.session_state[key] if one in self._names]
        return tuple(st.multiselect(label, list(self._names), format_func=self._names.__getitem__, key=key, placeholder=self._("Choose")))

    def _one(self, label: str, name: str, nothing: str, first: tuple[str, ...] = ()) -> str:
        key = f"{self._key}.{name}"
        options = ["", *dict.fromkeys((*first, *self._names))]
        if st.session_state.get(key, "") not in options:
            st.session_state[key] = ""
        return str(st.selectbox(label, options, format_func=lambda one: self._names.get(one, nothing), key=key))

    def _new(self, with_people: bool) -> Part:
        _ = self._
        vi, en = st.columns(2)
        name = vi.text_input(_("Vietnamese name"), max_chars=NAME, key=f"{self._key}.vi")
        english = en.text_input(_("English name (may be left empty)"), max_chars=NAME, key=f"{self._key}.en")
        size = self._people("size", _("Number of staff (left empty: those of the units together)")) if with_people else None
        return Part(id=self._id("id"), name_vi=name, name_en=english, headcount=size)

    def _part(self, number: int) -> Part:
        _ = self._
        name, people, mark = st.columns([5, 2, 3])
        with name:
            text = st.text_input(_("Name of new unit {number}", number=number), max_chars=NAME, key=f"{self._key}.part.{number}")
        with people:
            size = self._people(f"people.{number}", _("Staff"))
        with mark:
            return Part(id=self._id(f"mark.{number}"), name_vi=text, headcount=size)

    def _id(self, name: str) -> str:
        return st.text_input(
            self._("Unit id (left empty: made by itself)"), max_chars=UNIT_ID, key=f"{self._key}.{name}"
        ).strip()  # fmt: skip

    def _people(self, name: str, label: str) -> int | None:
        return st.number_input(label, 0, PEOPLE, None, key=f"{self._key}.{name}")


@contextmanager
def _refusals(locale: Locale) -> Iterator[None]:
    """What stands against it: where, what, how to cure it. What was typed stays."""
    _ = locale
    with desk.refusals(_):
        try:
            yield
        except InputRefused as refused:
            st.error(_("This cannot be done so; nothing was changed."))
            rows = [
                {
                    _("Where"): _(WHERE.get(problem.column or "", "")) if problem.column in WHERE else "",
                    _("What is wrong"): desk.plain(_(problem.message, **problem.values)),
                    _("What to do"): desk.plain(_(problem.cure, **problem.values)),
                }
                for problem in refused.problems
            ]
            st.table(rows, hide_index=True)


def _titled(operation: Operation, locale: Locale) -> str:
    return locale("{operation} on {day}", operation=locale(words.KINDS[operation.kind]), day=locale.day(operation.day))


def _preview(foreseen: Foreseen, locale: Locale) -> None:
    _ = locale
    change = foreseen.change
    st.subheader(_titled(change.operation, _))
    rows = words.rows_of_units(change, _)
    st.table([{name: desk.plain(value) for name, value in row.items()} for row in rows], hide_index=True)
    st.markdown(desk.plain(words.people(change, _)))
    st.markdown(f"**{_('Series of results:')}**")
    st.markdown("\n".join(f"- {line}" for line in _fates(series_after(change), _)))
    for note in words.notes(foreseen, _):
        st.warning(desk.plain(note))


def _fates(series: tuple[Series, ...], locale: Locale) -> list[str]:
    """One line for all units that share a fate."""
    _ = locale
    together: dict[str, list[str]] = {}
    for one in series:
        together.setdefault(words.fate(one, _), []).append(_.pick(one.unit.name_vi, one.unit.name_en))
    shown = {fate: ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "") for fate, names in together.items()}
    return [f"{desk.plain(names)}: **{desk.plain(fate)}**" for fate, names in shown.items()]


def _store(services: Services, viewer: Viewer | None, foreseen: Foreseen, locale: Locale) -> None:
    _ = locale
    held = ", ".join(wave.id for wave in foreseen.held)
    accept = not held or st.checkbox(_("The results of {waves} stay with the units as they were; that is meant", waves=desk.plain(held)))
    said = _titled(foreseen.change.operation, _)
    if st.button(_("Store this reorganisation"), type="primary", disabled=not accept):
        _do(lambda: services.reorganising.store(viewer, foreseen, accept), _("Stored. {what}.", what=said), _)


def _do(act: Callable[[], object], told: str, locale: Locale) -> None:
    with desk.refusals(locale):
        act()
        desk.forget(KEPT)
        desk.renew(KEPT)
        desk.tell(told)
        st.rerun()
