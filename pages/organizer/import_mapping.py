"""What every column of a file of past answers means: proposed, and put right by choosing from lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from pages.organizer import import_preview, import_values
from pages.widgets import organizer as desk
from survey.access import Viewer
from survey.design.questionnaire import Questionnaire
from survey.i18n import Locale
from survey.process.proposal import Assigned, Kind, Proposal, Proposer, Use, mapping_text
from survey.publish.import_options import ImportOptions
from survey.source import Source

if TYPE_CHECKING:
    from bootstrap import Services

_FIRST_YEAR = 1990


@dataclass
class Choices:
    """What was chosen for one file: `key` names file, sheet, header row and kept mapping; `base` is the proposal for them."""

    key: tuple[object, ...]
    base: Proposal
    uses: dict[str, Use] = field(default_factory=dict)
    values: import_values.Chosen = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the keys of its lists begin with: another sheet or mapping begins anew."""
        return f"{desk.renewed('imports')}.{hash(self.key)}"


def render(
    services: Services, viewer: Viewer | None, source: Source, questionnaire: Questionnaire, chosen: tuple[object, ...],
    options: ImportOptions, locale: Locale,
) -> None:  # fmt: skip
    _ = locale
    proposer = services.proposing.proposer(viewer, questionnaire)
    choices = _choices(services, viewer, proposer, source, chosen, _)
    proposal = _columns(proposer, choices, _)
    proposal = _whole_file(proposer, proposal, choices.name, services.clock.today().year, _)
    proposal = import_values.render(proposer, proposal, choices.values, choices.name, _)
    ready = _what_is_missing(proposer, proposal, _)
    mapping = mapping_text(proposal, questionnaire, _).encode()
    st.download_button(
        _("Keep this mapping (YAML)"), mapping, "anh-xa.yaml", "application/yaml", on_click="ignore",
        help=_("For the next file of the same form: choose it under the file, or give it to the command."),
    )  # fmt: skip
    if ready:
        rules = Source("anh-xa.yaml", mapping)
        before = {
            one.use.id: {value: (n, one.values.get(value)) for value, n in one.column.values.items()} for one in proposal.used(Kind.ITEM)
        }
        import_preview.render(
            services, viewer, lambda: services.importing.prepare_responses(viewer, source, questionnaire, rules, options),
            (*chosen, options, mapping), _, before,
        )  # fmt: skip


def _choices(
    services: Services, viewer: Viewer | None, proposer: Proposer, source: Source, chosen: tuple[object, ...], locale: Locale
) -> Choices:
    """The proposal for this file, read anew when another sheet, header row or kept mapping is chosen."""
    _ = locale
    with st.expander(_("I have a mapping from an earlier file")):
        kept = st.file_uploader(_("File of the mapping (.yaml)"), type=["yaml", "yml"], key=desk.renewed("imports") + ".mapping")
    held = desk.kept("mapping", Choices)
    sheet, row = "", None
    if held is not None and held.key[: len(chosen)] == chosen:
        sheet, row = _place(held.base, held.key[len(chosen)], _)
    key = (*chosen, sheet, row, kept.file_id if kept else "")
    if held is None or held.key != key:
        with st.spinner(_("Reading the file…")):
            base = proposer.propose(source, sheet=sheet, header_row=row)
            if kept is not None:
                base = services.proposing.adopt(viewer, proposer.questionnaire, base, desk.source_of(kept))
        # Sheet and row as found are what the two lists show from now on.
        desk.keep("mapping", Choices((*chosen, base.table.sheet, base.table.header_row, key[-1]), base))
        st.rerun()
    for said in held.base.told:
        st.info(desk.plain(said.text(_)))
    return held


def _place(base: Proposal, sheet: object, locale: Locale) -> tuple[str, int]:
    """The sheet and the row of the header: as found, or as chosen."""
    _ = locale
    table = base.table
    found = {
        "rows": _.number(table.rows, 0),
        "row": table.header_row,
        "columns": _.number(len(table.columns), 0),
        "sheet": desk.plain(table.sheet),
    }
    st.markdown(
        _('Found in the sheet "{sheet}": {rows} rows below the header in row {row}, {columns} columns.', **found)
        if table.sheet
        else _("Found: {rows} rows below the header in row {row}, {columns} columns.", **found)
    )
    name = desk.renewed("imports")
    places = iter(st.columns(2))
    if len(table.sheets) > 1:
        chosen = next(places).selectbox(_("Sheet"), table.sheets, table.sheets.index(table.sheet), key=f"{name}.sheet")
        if chosen != table.sheet:
            return chosen, 0
    rows = list(table.top)
    if table.header_row not in rows:
        rows.append(table.header_row)
    row = next(places).selectbox(
        _("Row of the header"), rows, rows.index(table.header_row), key=f"{name}.row.{table.sheet}",
        format_func=lambda one: f"{one}: {' · '.join(cell[:24] for cell in table.top.get(one, ())[:4])}",
    )  # fmt: skip
    return table.sheet, int(row)


# Columns


def _columns(proposer: Proposer, choices: Choices, locale: Locale) -> Proposal:
    """Each column that means something, the doubtful ones first and open; then the others."""
    _ = locale
    st.header(_("What the columns mean"))
    uses = [Use(), Use(Kind.UNIT), Use(Kind.WAVE), *proposer.questions]
    shown = proposer.with_uses(choices.base, choices.uses)
    groups = {
        _("Please look at these columns"): [one for one in shown.used() if not one.sure],
        _("Unit and wave"): [one for one in shown.used(Kind.UNIT, Kind.WAVE) if one.sure],
        _("Questions"): [one for one in shown.used(Kind.ITEM) if one.sure],
        _("About the person"): [one for one in shown.used(Kind.BREAKDOWN) if one.sure],
        _("Comments"): [one for one in shown.used(Kind.COMMENT) if one.sure],
    }
    for number, (title, columns) in enumerate(groups.items()):
        if columns:
            with st.expander(f"{title} ({len(columns)})", expanded=number < 2):
                for one in columns:
                    choices.uses[one.column.head] = _column(one, uses, choices, proposer, _)
    _others(shown, uses, choices, proposer, _)
    return proposer.with_uses(choices.base, choices.uses)


def _column(one: Assigned, uses: list[Use], choices: Choices, proposer: Proposer, locale: Locale) -> Use:
    _ = locale
    place = [other.column.head for other in choices.base.columns].index(one.column.head)
    left, right = st.columns(2, vertical_alignment="center")
    left.markdown(f"**{desk.plain(one.column.head[:160])}**  \n{desk.plain(_examples(one, _))}")
    return right.selectbox(
        _("Meaning of {column}", column=one.column.head[:60]), uses, uses.index(one.use), label_visibility="collapsed",
        format_func=lambda use: use_label(use, proposer, _), key=f"{choices.name}.use.{place}",
    )  # fmt: skip


def _examples(one: Assigned, locale: Locale) -> str:
    if not one.column.values:
        return locale("empty")
    return locale("for example: {values}", values=" · ".join(value[:40] for value in one.column.examples))


def _others(shown: Proposal, uses: list[Use], choices: Choices, proposer: Proposer, locale: Locale) -> None:
    """Columns that mean nothing yet: one is chosen, with its meaning."""
    _ = locale
    others = {one.column.head: one for one in shown.columns if one.use.kind is Kind.NOTHING}
    if not others:
        return
    name = choices.name
    with st.expander(_("Columns that are not used ({n})", n=len(others))):
        head = st.selectbox(
            _("Column"),
            list(others),
            format_func=lambda one: f"{one[:60]} ({_examples(others[one], _)})",
            key=f"{name}.other",
        )
        use = st.selectbox(_("Meaning"), uses[1:], format_func=lambda one: use_label(one, proposer, _), key=f"{name}.other.use")
        if st.button(_("Use this column"), key=f"{name}.other.go"):
            choices.uses[head] = use
            st.rerun()


def use_label(use: Use, proposer: Proposer, locale: Locale) -> str:
    _ = locale
    plain = {Kind.NOTHING: _("(not used)"), Kind.UNIT: _("Unit where the person works"), Kind.WAVE: _("Wave, or day of the answer")}
    if use.kind in plain:
        return plain[use.kind]
    question = proposer.questions[use]
    return f"{use.id}: {_.pick(question.vi, question.en)}"


# The file as a whole


def _whole_file(proposer: Proposer, proposal: Proposal, name: str, today: int, locale: Locale) -> Proposal:
    """Wave and unit of every row, where no column says them."""
    _ = locale
    one, two = st.columns(2)
    if not proposal.used(Kind.WAVE):
        years = [str(year) for year in range(today, _FIRST_YEAR, -1)]
        if proposal.wave and proposal.wave not in years:
            years.insert(0, proposal.wave)
        wave = one.selectbox(
            _("Wave of all rows"), years, years.index(proposal.wave) if proposal.wave else None, accept_new_options=True, key=f"{name}.wave",
            placeholder=_("Choose the year"), help=_("The year of the survey; a month or day may follow: 2019-11."),
        )  # fmt: skip
        proposal = proposer.with_wave(proposal, wave or "")
    if not proposal.used(Kind.UNIT):
        units = {unit.id: f"{unit.name_vi} ({unit.id})" for unit in proposer.register}
        unit = two.selectbox(
            _("Unit of all rows"), list(units), list(units).index(proposal.unit) if proposal.unit in units else None,
            format_func=units.__getitem__, placeholder=_("Choose the unit"), key=f"{name}.unit",
        )  # fmt: skip
        proposal = proposal.with_unit(unit or "")
    return proposal


def _what_is_missing(proposer: Proposer, proposal: Proposal, locale: Locale) -> bool:
    """Says what has to be chosen still; is it nothing?"""
    _ = locale
    missing = [said.text(_) for said in proposal.missing()]
    unknown = sum(len(group.unknown) for group in proposal.answers(proposer.questionnaire))
    if unknown:
        missing.append(_("{n} values have no meaning yet.", n=_.number(unknown, 0)))
    if missing:
        st.warning("  \n".join(desk.plain(one) for one in missing))
    there = {one.use.id for one in proposal.used(Kind.ITEM)}
    if left := [item.id for item in proposer.questionnaire.items if item.id not in there]:
        st.info(_("Questions without a column, so without results: {questions}", questions=desk.plain(", ".join(left))))
    return not missing
