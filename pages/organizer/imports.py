"""Past results made elsewhere: counts, or one row a person with a mapping; read first, stored after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.work import Work, finish
from survey.access import Permission, Viewer
from survey.design.questionnaire import Questionnaire
from survey.errors import N_
from survey.i18n import Locale
from survey.process.counts_file import read_counts
from survey.process.responses_file import read_responses
from survey.source import Source

if TYPE_CHECKING:
    from bootstrap import Services

COUNTS_EXAMPLE = (
    "wave;unit;breakdown;category;item;option;n\r\n2019;so.nv;;;KC1;1;2\r\n2019;so.nv;;;KC1;2;5\r\n2019;so.nv;gender;f;KC1;1;1\r\n"
)
SCORES_EXAMPLE = "wave;unit;measure;score;favourable;base;headcount;response_rate\r\n2019;tinh;index;64,3;;;1250;72\r\n2019;so.nv;item:KC1;;58,5;41;60;\r\n"
IMPORTING = N_("Counting, hiding what must be hidden, attacking the result")


@dataclass(frozen=True)
class Reading:
    """A checked file, what was found in it, and what was chosen when it was read."""

    source: Source
    mapping: Source | None
    questionnaire: Questionnaire
    chosen: tuple[object, ...]
    found: list[dict[str, Any]]


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Past results"),
        _(
            "Results of earlier surveys, so that trends can be shown. They pass the same protection as a wave closed here, and are published at once."
        ),
    )
    _finish(_)
    stored = services.design.questionnaires(viewer)
    if not stored:
        st.info(_("There is no questionnaire yet."))
        desk.link(_, desk.QUESTIONNAIRES, _("Import a questionnaire"))
        return
    _steps(services, viewer, stored, _)


def _steps(services: Services, viewer: Viewer | None, stored: tuple[Questionnaire, ...], locale: Locale) -> None:
    _ = locale
    kinds = {"counts": _("Counts: how many people gave which answer"), "responses": _("Answers: one row for each person, with a mapping"),
             "scores": _("Scores: what another body printed, without the answers")}  # fmt: skip
    kind = st.radio(_("What is in the file?"), list(kinds), format_func=kinds.__getitem__)
    place = st.selectbox(
        _("Questionnaire that was used"), range(len(stored))[::-1],
        format_func=lambda one: f"{_.pick(stored[one].title_vi, stored[one].title_en)} ({stored[one].id} {stored[one].version})",
    )  # fmt: skip
    elsewhere = False
    if kind == "counts":
        st.markdown(_("Columns: wave, unit, item, option, n; breakdown and category may be added."))
        st.download_button(
            _("Example of counts (CSV)"), COUNTS_EXAMPLE.encode("utf-8-sig"), "mau-so-dem.csv", "text/csv", on_click="ignore"
        )
        elsewhere = st.checkbox(
            _("These numbers have been published by another body already"),
            help=_(
                "Then only the minimum numbers of forms are checked again, totals are not taken to be sums of their parts, and every table says that the numbers come from elsewhere. Leave it empty for your own survey."
            ),
        )
    elif kind == "scores":
        _about_scores(_)
    else:
        st.markdown(
            _(
                "The mapping is a text file that says what each column means. Save the one below: it names every question already. "
                "Open it in Notepad and put in the headers of your columns. Single answers are counted in memory and never stored."
            )
        )
        st.download_button(
            _("Mapping to fill in (YAML)"), lambda: mapping_of(stored[place]), "anh-xa.yaml", "application/yaml", on_click="ignore"
        )
    trial = st.checkbox(_("A trial: mark every figure as illustrative"))
    file = st.file_uploader(_("File of results (.csv, .xlsx, .csv.gz)"), type=["csv", "xlsx", "gz"], key=desk.renewed("imports"))
    rules = None
    if kind == "responses":
        rules = st.file_uploader(_("File of the mapping (.yaml)"), type=["yaml", "yml"], key=desk.renewed("imports") + ".mapping")
    if file is None or (kind == "responses" and rules is None):
        return
    chosen = (kind, place, file.file_id, rules.file_id if rules else "")
    reading = desk.kept("reading", Reading)
    if reading is None or reading.chosen != chosen:
        if st.button(_("Check the file"), type="primary"):
            with st.spinner(_("Reading and checking…"), show_time=True):
                desk.keep("reading", _read(services, viewer, stored[place], file, rules, chosen, _))
            st.rerun()
        return
    _store(services, viewer, reading, elsewhere, trial, _)


def _about_scores(locale: Locale) -> None:
    _ = locale
    st.markdown(
        _(
            "Columns: wave, unit, measure (index, theme:ID, item:ID), score or favourable; base, headcount and response_rate where they "
            "were printed. Without a base there is no interval and no test, and every page says so."
        )
    )
    st.download_button(_("Example of scores (CSV)"), SCORES_EXAMPLE.encode("utf-8-sig"), "mau-diem.csv", "text/csv", on_click="ignore")


def mapping_of(questionnaire: Questionnaire) -> bytes:
    """A mapping that names every question; only the headers of the columns are to be put in."""
    scale = questionnaire.scales[questionnaire.items[0].scale]
    options = [*scale.points, *([scale.dont_know] if scale.dont_know else [])]
    lines = ['wave: "2021"', 'unit: {column: "Đơn vị", values: {"Sở Nội vụ": so.nv}}', "values:"]
    lines += [f"  {_quoted(option.vi)}: {option.value}" for option in options]
    lines.append("items:  # the header of the column of each question; delete what was not asked")
    lines += [f"  {item.id}: {_quoted(item.vi)}" for item in questionnaire.items]
    if questionnaire.breakdowns:
        lines.append("breakdowns:")
        for field in questionnaire.breakdowns:
            values = ", ".join(f"{_quoted(category.vi)}: {category.value}" for category in field.categories)
            lines.append(f"  {field.id}: {{column: {_quoted(field.vi)}, values: {{{values}}}}}")
    if questionnaire.open_questions:
        lines.append("comments:")
        lines += [f"  {question.id}: {_quoted(question.vi)}" for question in questionnaire.open_questions]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _read(
    services: Services,
    viewer: Viewer | None,
    questionnaire: Questionnaire,
    file: Any,
    rules: Any,
    chosen: tuple[object, ...],
    locale: Locale,
) -> Reading:
    _ = locale
    source, register = desk.source_of(file), services.design.units(viewer)
    if chosen[0] == "scores":
        previews = services.importing.prepare_scores(viewer, source, questionnaire).previews
        return Reading(source, None, questionnaire, chosen, [_scores_row(preview.as_dict(), _) for preview in previews])
    if rules is None:
        table = read_counts(source, questionnaire, register)
        found = [
            {
                _("Wave"): desk.plain(wave),
                _("Rows"): _.number(int((table.frame["wave"] == wave).sum()), 0),
                _("Units"): _.number(len(table.units(wave)), 0),
                _("Questions"): _.number(int(table.frame.loc[table.frame["wave"] == wave, "item"].nunique()), 0),
                _("Breakdowns"): desk.plain(", ".join(table.breakdowns(wave))) or _("none"),
            }
            for wave in table.waves
        ]
        return Reading(source, None, questionnaire, chosen, found)
    mapping = desk.source_of(rules)
    by_wave = read_responses(source, mapping, questionnaire, register).by_wave
    found = [
        {
            _("Wave"): desk.plain(wave),
            _("Rows"): _.number(len(responses), 0),
            _("Units"): _.number(len({response.unit for response in responses}), 0),
            _("Questions"): _.number(len({item for response in responses for item in response.answers}), 0),
            _("Breakdowns"): desk.plain(", ".join(sorted({field for response in responses for field in response.breakdowns}))) or _("none"),
        }
        for wave, responses in by_wave.items()
    ]
    return Reading(source, mapping, questionnaire, chosen, found)


def _scores_row(found: dict[str, Any], locale: Locale) -> dict[str, Any]:
    _ = locale
    return {
        _("Wave"): desk.plain(found["wave"]),
        _("Units"): _.number(found["units"], 0),
        _("Printed numbers"): _.number(found["numbers"], 0),
        _("of these without a base"): _.number(found["without_base"], 0),
        _("of these hidden"): _.number(found["hidden"], 0),
    }


def _store(services: Services, viewer: Viewer | None, reading: Reading, elsewhere: bool, trial: bool, locale: Locale) -> None:
    _ = locale
    st.success(_("The file can be read. Compare these figures with your own records:"))
    st.table(reading.found, hide_index=True)
    st.markdown(_("An imported wave is published at once and cannot be taken back. Nothing that exists is changed."))
    sure = st.checkbox(_("The figures are right"))
    if st.button(_("Import and publish"), type="primary", disabled=not sure):
        mapping, source, questionnaire = reading.mapping, reading.source, reading.questionnaire

        def do(progress: Any) -> Any:
            progress(0.1, IMPORTING)
            if reading.chosen[0] == "scores":
                prepared = services.importing.prepare_scores(viewer, source, questionnaire, illustrative=trial)
                services.importing.store(viewer, prepared.releases)
                return prepared.releases
            if mapping is None:
                return services.importing.counts(viewer, source, questionnaire, published=elsewhere, illustrative=trial)
            return services.importing.responses(viewer, source, questionnaire, mapping, illustrative=trial, progress=progress)

        desk.keep("importing", Work(do))
        _finish(_)


def _finish(locale: Locale) -> None:
    """Wait for an import that has begun, with its progress; then begin anew."""
    _ = locale
    with desk.refusals(_):
        releases = finish("importing", _, _("You may leave this page; the import goes on by itself."))
        if releases is not None:
            names = ", ".join(release.wave.id for release in releases)
            desk.forget("reading")
            desk.renew("imports")
            desk.tell(_("Imported and published: {waves}", waves=desk.plain(names)))
            st.rerun()
