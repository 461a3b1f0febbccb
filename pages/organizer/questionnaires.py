"""Questionnaires: what is stored, read as the respondent reads it; import with preview, export."""

from __future__ import annotations

import html
from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.new_version import questionnaire_name, save, what_changes
from pages.widgets.trying import frame, trying
from survey.access import Permission, Viewer
from survey.collect.paper_form_pdf import paper_form_pdf
from survey.design.questionnaire import Item, Questionnaire
from survey.design.questionnaire_file import same_document, write_questionnaire
from survey.i18n import LANGUAGE_NAMES, Locale

if TYPE_CHECKING:
    from bootstrap import Services

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STYLE = """<style>
.ln-q{border-left:3px solid #0F5C63;padding:.1rem 0 .1rem .9rem;margin:.9rem 0;max-width:46rem}
.ln-q p{margin:0 0 .3rem} .ln-q ul{margin:0;padding-left:1.2rem} .ln-q .id{opacity:.7;font-size:.85rem}
</style>"""


@desk.asks(Permission.QUESTIONNAIRES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Questionnaires"),
        _("Every version stays as it is once a wave has used it. A change is a new version, written here or imported from a file."),
    )
    stored = services.design.questionnaires(viewer)
    shown, load = st.tabs([_("Stored questionnaires"), _("Import a file")])
    with shown:
        _stored(services, viewer, stored, _)
    with load:
        _import(services, viewer, stored, _)


def _stored(services: Services, viewer: Viewer | None, stored: tuple[Questionnaire, ...], locale: Locale) -> None:
    _ = locale
    if not stored:
        st.info(_("No questionnaire is stored yet. Import one from a file."))
        desk.link(_, desk.EDITOR, _("Start an empty questionnaire"))
        return
    chosen = st.selectbox(_("Questionnaire"), range(len(stored))[::-1], format_func=lambda place: questionnaire_name(stored[place], _))
    questionnaire = stored[chosen]
    with st.container(horizontal=True):
        st.download_button(
            _("Export (YAML)"), lambda: write_questionnaire(questionnaire), f"{questionnaire.id}-{questionnaire.version}.yaml",
            "application/yaml", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            _("Export (Excel, XLSForm)"), lambda: _xlsform(questionnaire), f"{questionnaire.id}-{questionnaire.version}.xlsx",
            XLSX, on_click="ignore",
        )  # fmt: skip
    desk.link(_, desk.EDITOR, _("Start a new version from this one"), questionnaire=questionnaire.id, version=questionnaire.version)
    desk.link(_, desk.EDITOR, _("Start an empty questionnaire"))
    _paper(services, questionnaire, _)
    with st.expander(_("Try it on a phone; nothing is counted")):
        code = services.trials.of_questionnaire(viewer, questionnaire.id, questionnaire.version, services.clock.today())
        trying(desk.address_of(services), code, _)
    _read(questionnaire, _, "stored")


def _paper(services: Services, questionnaire: Questionnaire, locale: Locale) -> None:
    """The form for those who answer by hand, in each language."""
    _ = locale
    name, issuer = f"{questionnaire.id}-{questionnaire.version}", services.settings.issuer
    with st.container(horizontal=True):
        for language, label in desk.PAPER_FORMS.items():
            st.download_button(
                _(label), partial(paper_form_pdf, questionnaire, Locale(language), issuer=issuer(Locale(language))),
                f"phieu-giay-{name}-{language}.pdf", "application/pdf", on_click="ignore", key=f"paper.{language}",
            )  # fmt: skip


def _import(services: Services, viewer: Viewer | None, stored: tuple[Questionnaire, ...], locale: Locale) -> None:
    _ = locale
    st.markdown(
        _(
            "Accepted are the product's own YAML format, XLSForm (.xlsx, .xls, .ods, as used by KoboToolbox and ODK) and LimeSurvey (.lss). Nothing is stored before you have seen the preview."
        )
    )
    file = st.file_uploader(
        _("File of the questionnaire (.yaml, .xlsx, .xls, .ods, .lss)"), type=["yaml", "yml", "xlsx", "xls", "ods", "lss"],
        key=desk.renewed("questionnaire"),
    )  # fmt: skip
    if file is None:
        return
    leave_out = st.checkbox(
        _("Leave out, and list, what cannot be asked or scored here"), key=desk.renewed("questionnaire") + ".leave_out",
        help=_("Multiple choice, numbers, dates, files and rankings for example. Without the tick such a file is refused with the list."),
    )  # fmt: skip
    form = services.design.read_form(viewer, desk.source_of(file), leave_out)
    read = form.questionnaire
    if form.left_out:
        with st.expander(_("Left out: {count}.", count=len(form.left_out)), expanded=True):
            st.table(desk.problem_rows(form.left_out, _), hide_index=True)
    same = next((one for one in stored if (one.id, one.version) == (read.id, read.version)), None)
    st.success(
        _("The file can be read: {title}, {themes} themes, {items} questions, {optional} optional, {open} open questions.",
          title=desk.plain(questionnaire_name(read, _)), themes=len(read.themes), items=len(read.items), optional=len(read.optional_items), open=len(read.open_questions))
    )  # fmt: skip
    _became(read, _)
    if missing := _without_english(read):
        st.warning(
            _(
                "{n} texts have no English; readers in English will see Vietnamese there: {places}",
                n=len(missing),
                places=desk.plain(", ".join(missing[:20])),
            )
        )
    if same is not None and same_document(same.source, read.source):
        st.info(_("This version is stored already, word for word. There is nothing to save."))
    elif same is not None:
        st.error(
            _(
                "Version {version} is stored with other content. Give the file a new version number (meta: version) and choose it again.",
                version=desk.plain(read.version),
            )
        )
    else:
        what_changes(read, stored, _)
        if save(services, viewer, read, _):
            desk.renew("questionnaire")
            st.rerun()
    with st.expander(_("As it looks on a phone; nothing is stored")):
        # One code for what this session reads: a corrected file is shown where the reader was.
        code = services.trials.of_unsaved(viewer, read, desk.kept("unsaved", str) or "")
        desk.keep("unsaved", code)
        frame(code, crc32(repr(read.source).encode()), _)
    _read(read, _, "read")


def _xlsform(questionnaire: Questionnaire) -> bytes:
    from survey.design.xlsform import write_xlsform  # xlsxwriter is slow to import, and rarely needed

    return write_xlsform(questionnaire)


def _became(read: Questionnaire, locale: Locale) -> None:
    """What every question was taken for: a fact about the person read as a score is seen here, not after the survey."""
    _ = locale
    items = (*read.items, *read.optional_items)
    rows = []
    for scale in read.scales.values():
        scored = [item.id for item in items if item.scale == scale.id]
        points = " → ".join(f"{point.value} {_.pick(point.vi, point.en)}" for point in scale.points)
        rows += [(_("Scored questions, from low to high"), points, scored)] if scored else []
    rows += [(_("Breakdown, never scored"), " / ".join(_.pick(c.vi, c.en) for c in one.categories), [one.id]) for one in read.breakdowns]
    rows += [(_("Open questions"), "", [one.id for one in read.open_questions])] if read.open_questions else []
    st.header(_("What the questions became"))
    heads = (_("Read as"), _("Answers"), _("Questions"))
    st.table([dict(zip(heads, map(desk.plain, (kind, answers, _some(ids))), strict=True)) for kind, answers, ids in rows], hide_index=True)
    if len(items) > 1 and (alone := [item for item in items if sum(other.scale == item.scale for other in items) == 1]):
        st.warning(
            _(
                "Look closely at {questions}: no other question has these answers, and they are scored as better or worse. "
                "A fact about the person (gender, age, post) must be a breakdown: write breakdown in the column lng_role of its row, or move it to breakdown_fields.",
                questions=desk.plain(", ".join(f"{one.id} ({_.pick(one.vi, one.en)})" for one in alone)),
            )
        )


def _some(ids: list[str]) -> str:
    return f"{len(ids)}: {', '.join(ids[:12])}{'…' if len(ids) > 12 else ''}"


def _without_english(questionnaire: Questionnaire) -> list[str]:
    texts = [
        *questionnaire.themes, *questionnaire.items, *questionnaire.optional_items, *questionnaire.open_questions,
        *questionnaire.breakdowns,
    ]  # fmt: skip
    return [one.id for one in texts if not one.en]


def _read(questionnaire: Questionnaire, locale: Locale, place: str) -> None:
    """The questionnaire as the respondent will read it, one language at a time."""
    _ = locale
    language = st.segmented_control(
        _("Read it in"),
        list(LANGUAGE_NAMES),
        default=_.language,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key=f"language.{place}",
    )
    reader = Locale(language or _.language)
    st.header(desk.plain(reader.pick(questionnaire.title_vi, questionnaire.title_en)))
    intro = (questionnaire.intro_en if reader.language == "en" else ()) or questionnaire.intro_vi
    if intro:  # st.html refuses an empty text
        st.html("".join(f"<p>{html.escape(line)}</p>" for line in intro))
    for theme in questionnaire.themes:
        items = questionnaire.items_of(theme.id)
        with st.expander(f"{desk.plain(reader.pick(theme.vi, theme.en))} ({len(items)})"):
            st.html(_STYLE + "".join(_item(questionnaire, item, reader) for item in items))
    if questionnaire.optional_items:
        with st.expander(_("Optional questions, asked only where a wave chooses them ({n})", n=len(questionnaire.optional_items))):
            st.html(_STYLE + "".join(_item(questionnaire, item, reader) for item in questionnaire.optional_items))
    if questionnaire.open_questions:
        with st.expander(_("Open questions ({n})", n=len(questionnaire.open_questions))):
            st.html(f"<p>{html.escape(reader.pick(questionnaire.warning_vi, questionnaire.warning_en))}</p>")
            st.html(_STYLE + "".join(_question(one.id, reader.pick(one.vi, one.en), ()) for one in questionnaire.open_questions))
    if questionnaire.breakdowns:
        with st.expander(_("About the respondent, every answer optional ({n})", n=len(questionnaire.breakdowns))):
            texts = [
                _question(b.id, reader.pick(b.vi, b.en), [reader.pick(c.vi, c.en) for c in b.categories]) for b in questionnaire.breakdowns
            ]
            st.html(_STYLE + "".join(texts))


def _item(questionnaire: Questionnaire, item: Item, reader: Locale) -> str:
    scale = questionnaire.scales[item.scale]
    options = [*scale.points, *([scale.dont_know] if scale.dont_know else [])]
    return _question(item.id, reader.pick(item.vi, item.en), [reader.pick(option.vi, option.en) for option in options])


def _question(name: str, text: str, options: list[str] | tuple[str, ...]) -> str:
    listed = "".join(f"<li>{html.escape(option)}</li>" for option in options)
    return f'<div class="ln-q"><p><span class="id">{html.escape(name)}</span><br>{html.escape(text)}</p><ul>{listed}</ul></div>'
