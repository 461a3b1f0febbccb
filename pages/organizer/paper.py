"""Forms on paper: typed in on this page, some of them again by a second person, then sent into the box."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.organizer import paper_file
from pages.plain.respondent import open_form
from pages.widgets import form
from pages.widgets import organizer as desk
from pages.widgets.waves import choose_wave
from survey.access import Permission, Viewer
from survey.collect.form.view import configuration
from survey.collect.forms_workbook import asked, options_of, written
from survey.collect.pile import SAMPLE, Pile
from survey.collect.slips import CodeOfAnotherWave, in_groups
from survey.design.acceptance import AnswersRejected
from survey.design.questionnaire import OpenQuestion, Questionnaire
from survey.design.wave import Wave, WaveState
from survey.errors import SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_FORM = "langnghe_paper"


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Paper forms"),
        _(
            "For staff without a phone: each fills in a paper form and hands it in, folded, together with a slip. Here the form is typed in under the code of that slip; it goes into the same box as all others."
        ),
    )
    st.markdown(
        _(
            "A shared device in a hall asks for no paper: open {address} on it, in full screen. Nothing of one person is left there for the next.",
            address=f"`{services.settings.address}/p?kiosk=1`",
        )
    )
    wave = choose_wave(services, viewer, _, (WaveState.OPEN,), _("No wave is in the field."))
    if wave is None:
        return
    if wave.state is not WaveState.OPEN:
        st.info(_("This wave is not in the field; paper forms are typed in while it is."))
        return
    here, file = st.tabs([_("Type the forms here"), _("From an Excel file")])
    with here:
        _typing(services, viewer, _, wave)
    with file, desk.refusals(_):
        paper_file.render(services, viewer, _, wave)


def _typing(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    questionnaire = services.entering.questionnaire(viewer, wave.id)
    pile = desk.kept("pile", Pile)
    if pile is None or pile.wave != wave.id:
        pile = Pile(wave.id)
        desk.keep("pile", pile)
    st.markdown(
        _(
            "The pile is kept by this page alone until it is sent: nothing of it is stored, and a page that is closed or reloaded forgets it. Keep the papers until the pile is sent."
        )
    )
    if pile.sample:
        _second(services, viewer, _, pile, questionnaire)
    else:
        _first(services, viewer, _, pile, questionnaire)


def _first(services: Services, viewer: Viewer | None, locale: Locale, pile: Pile, questionnaire: Questionnaire) -> None:
    _ = locale
    _form(services, _, pile, questionnaire)
    count = len(pile.entries)
    st.markdown(_("**{n}** forms in this pile, not sent yet.", n=_.number(count, 0)))
    if not count:
        return
    st.subheader(_("Second entry by another person"))
    st.markdown(
        _("Some forms, chosen by chance, are typed in again by somebody who does not see the first entry. Then the two are compared.")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        again = int(st.number_input(_("Forms to type in again"), 1, count, max(1, math.ceil(SAMPLE * count)), width=220))
        if st.button(_("Choose the forms"), type="primary"):
            pile.draw(again)
            st.rerun()
        if st.button(_("Send without a second entry")):
            _send(services, viewer, _, pile)


def _second(services: Services, viewer: Viewer | None, locale: Locale, pile: Pile, questionnaire: Questionnaire) -> None:
    _ = locale
    left = pile.left()
    if left:
        st.subheader(_("Second entry by another person"))
        st.markdown(_("Please take the papers with these codes and type them in once more; the first entry is not shown."))
        st.markdown("\n".join(f"- `{in_groups(code)}`" for code in left))
        _form(services, _, pile, questionnaire)
    _differences(_, pile, questionnaire)
    with st.container(horizontal=True):
        done = not left and not pile.differing(questionnaire)
        if done:
            st.success(_("The two entries agree."))
        if st.button(_("Send the {n} forms", n=len(pile.entries)), type="primary", disabled=not done):
            _send(services, viewer, _, pile)
        if st.button(_("Back to typing")):
            pile.sample = ()
            st.rerun()


def _form(services: Services, locale: Locale, pile: Pile, questionnaire: Questionnaire) -> None:
    """The respondent's own form, without its drafts; what it sends is held in the pile."""
    _ = locale

    def opening(sent: dict[str, Any]) -> dict[str, Any]:
        try:
            if pile.sample:
                pile.wanted(str(sent.get("code", "")))
            elif services.collect.wave_of(str(sent.get("code", "")), services.clock.today()).id != pile.wave:
                raise CodeOfAnotherWave()
        except SurveyError as refusal:
            return {"error": {"status": refusal.code, "message": refusal.text(_)}}
        return open_form(services, sent, _)

    def sending(sent: dict[str, Any]) -> dict[str, Any]:
        code = str(sent.get("code", ""))
        raw = {name: sent.get(name, {}) for name in ("answers", "comments", "breakdowns")}
        try:
            questionnaire.accept(raw, "")
            if pile.sample:
                pile.enter_again(code, raw)
            else:
                pile.hold(code, raw, str(sent.get("attempt", "")))
        except AnswersRejected as error:
            return {"status": "rejected", "message": error.text(_), "errors": error.messages(_)}
        except SurveyError as refusal:
            return {"status": refusal.code, "message": refusal.text(_)}
        return {"status": "received", "receipt": "", "message": ""}

    configured = configuration(_, kiosk=True)
    words = {
        "code_title": _("Code of the slip handed in with the form"),
        "kiosk_note": "",
        "stored_title": _("As typed in"),
        "send": _("Put on the pile"),
        "receipt_title": _("The form is on the pile"),
        "thanks": "",
        "finish": _("Next form"),
    }
    form.show(_FORM, {**configured, "languages": {}, "strings": configured["strings"] | words}, opening=opening, sending=sending)


def _differences(locale: Locale, pile: Pile, questionnaire: Questionnaire) -> None:
    _ = locale
    found = pile.differing(questionnaire)
    questions = {one.id: one for one in asked(questionnaire)}

    def words(place: str, value: str) -> str:
        one = questions[place]
        if isinstance(one, OpenQuestion) or not value:
            return desk.plain(value) or _("empty")
        option = next(option for option in options_of(one, questionnaire) if str(option.value) == value)
        number, label = written(option, one, _), _.pick(option.vi, option.en)
        return desk.plain(label if number == label else f"{number} ({label})")

    for code in dict.fromkeys(one.code for one in found):
        st.markdown(_("Form **{code}**: the two entries differ. Look at the paper.", code=in_groups(code)))
        rows = [
            {
                _("Question"): desk.plain(f"{one.place}. {_.pick(questions[one.place].vi, questions[one.place].en)}"),
                _("First entry"): words(one.place, one.first),
                _("Second entry"): words(one.place, one.second),
            }
            for one in found
            if one.code == code
        ]
        st.table(rows, hide_index=True)
        with st.container(horizontal=True):
            for second_is_right, label in ((False, _("The first entry is right")), (True, _("The second entry is right"))):
                if st.button(label, key=f"{code}.{second_is_right}"):
                    pile.settle(code, second_is_right)
                    st.rerun()


def _send(services: Services, viewer: Viewer | None, locale: Locale, pile: Pile) -> None:
    with desk.refusals(locale):
        taken = services.entering.send(viewer, pile.wave, pile.entries.values(), services.clock.today())
        desk.forget("pile")
        paper_file.told(taken, locale)
        st.rerun()
