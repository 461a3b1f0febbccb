"""Closing a wave with the custodians' shares, looking at the result, and publishing it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.organizer import changing, foreseen
from pages.widgets import organizer as desk
from pages.widgets import slip_count
from pages.widgets.shares import unlocked_shares
from pages.widgets.waves import choose_wave
from pages.widgets.work import Work, finish
from survey.access import Permission, Viewer
from survey.collect.door import too_many
from survey.collect.keys import fingerprint
from survey.design.wave import Wave, WaveState
from survey.disclose.release import FORMS, INDEX, Cell
from survey.disseminate import quality_words
from survey.disseminate.protocol_pdf import protocol_pdf
from survey.i18n import Locale
from survey.publish.doubts import CloseDoubtful, Doubt

if TYPE_CHECKING:
    from bootstrap import Services


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Close and publish"),
        _(
            "Closing opens the ballot box in memory, counts, hides what could point to a person, and destroys box and codes. Publishing then lets the leaders see the result."
        ),
    )
    wave = choose_wave(services, viewer, _, (WaveState.OPEN, WaveState.CLOSED), _("No wave is waiting to be closed or published."))
    if wave is None:
        return
    _finish(_, wave.id)  # a closing that another click or page has interrupted only on the screen
    if wave.state is WaveState.DRAFT:
        st.info(_("This wave has not been opened yet."))
    elif wave.state is WaveState.OPEN:
        _close(services, viewer, _, wave)
    else:
        _result(services, viewer, _, wave)


def _close(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    days = services.fieldwork.days_left(wave, services.clock.today())
    if days >= 0:
        st.warning(
            _(
                "The wave was announced to run until {day} ({days} days left). Whoever answers later will be turned away.",
                day=_.day(wave.closes),
                days=days,
            )
        )
    st.header(_("What will happen"))
    st.markdown(
        "\n".join(
            "- " + line
            for line in (
                _("The box is shut at once: whoever comes is told that the ballots are being counted. Unused codes become worthless."),
                _("The ballots are opened in memory, shuffled, checked and counted."),
                _("Small numbers are hidden and the result is attacked as a curious reader would; only what withstands is written."),
                _("Destroyed for good: the ballot box, the key on the server, the list of codes. Single answers cannot be recovered."),
                _(
                    "The wave cannot be opened again. If something fails before the end, the sealed box stays as it was, and shut: close again, or reopen it."
                ),
            )
        )
    )
    st.header(_("Key shares"))
    assert wave.public_key is not None  # an open wave has a key
    st.markdown(_("Fingerprint of the box key: {fingerprint}", fingerprint=f"`{fingerprint(wave.public_key)}`"))
    shares = unlocked_shares(_, wave.id, wave.public_key, "close")
    missing = wave.plan.shares_needed - len(shares)
    st.markdown(_("{given} of {needed} shares are here.", given=len(shares), needed=wave.plan.shares_needed))
    counted = slip_count.ask(_)
    accept = _doubt(_, wave)
    sure = st.checkbox(_("I have read what will be destroyed, and want to close the wave {wave}", wave=desk.plain(wave.id)))
    if st.button(_("Close the wave now"), type="primary", disabled=missing > 0 or not sure):
        desk.keep("closing", Work(lambda progress: services.closing.close(viewer, wave.id, shares, progress, counted, accept=accept)))
        desk.renew("close")  # the passphrases leave the page
        _finish(_, wave.id)
    changing.render(services, viewer, _, wave, shares if missing <= 0 else ())


def _doubt(locale: Locale, wave: Wave) -> list[Doubt]:
    """What the last close asked about, and whether it is accepted now."""
    doubtful = desk.kept("doubt", CloseDoubtful)
    if doubtful is None or desk.kept("doubt.wave", str) != wave.id:
        return []
    st.warning(desk.plain(doubtful.text(locale)))
    said = {
        Doubt.DIFFERENCE: locale("I have found out why the numbers differ; count what is in the box"),
        Doubt.EMPTY: locale("Close the wave without a single answer"),
    }
    return [doubtful.doubt] if st.checkbox(said[doubtful.doubt], key=f"close.accept.{wave.id}.{doubtful.doubt.value}") else []


def _finish(locale: Locale, wave_id: str = "") -> None:
    """Wait for a closing that has begun, with its progress; then show the result."""
    _ = locale
    with desk.refusals(_):
        try:
            done = finish("closing", _, _("You may leave this page; the closing goes on by itself."))
        except CloseDoubtful as doubtful:
            desk.keep("doubt", doubtful)
            desk.keep("doubt.wave", wave_id)
            st.rerun()
        if done is not None:
            desk.forget("doubt", "doubt.wave")
            desk.tell(_("The wave has been closed and counted. Box and codes are destroyed."))
            st.rerun()


def _result(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    release = services.results.release(viewer, wave.id)
    root = release.plan.topological[0].id
    forms, index = release.cell(root, FORMS), release.cell(root, INDEX)
    st.header(_("Result"))
    one, two, three = st.columns(3)
    one.metric(_("Completed forms"), _.number(forms.base, 0) if isinstance(forms, Cell) else _("hidden"))
    two.metric(_("Response rate"), _.percent(release.response_rate(root)))
    three.metric(_("Index (0 to 100)"), _.number(index.score) if isinstance(index, Cell) else _("hidden"))
    audit = release.audit
    if audit:
        st.markdown(
            _("Audit: {tables} tables attacked; {published} numbers shown, {hidden} hidden; below the minimum: {under}; found by subtraction: {disclosed}.",
              tables=_.number(audit.get("tables"), 0), published=_.number(release.counted.shown, 0), hidden=_.number(release.counted.hidden, 0),
              under=audit.get("under_minimum"), disclosed=release.told_by_combination)
        )  # fmt: skip
    if release.quality is not None and release.quality.totals is not None:
        st.markdown(quality_words.totals(release.quality.totals, _))
    if beyond := too_many(release.protocol):
        st.warning(
            _("{n} more ballots than slips handed out and credentials collected: find out why before you publish.", n=_.number(beyond, 0))
        )
    st.markdown(_("Hash of the release; it stands in the protocol:"))
    st.code(release.hash, language=None, wrap_lines=True)
    if release.protocol:
        st.download_button(
            _("Save the protocol to print and sign (PDF)"), partial(protocol_pdf, release, _), f"bien-ban-{wave.id}.pdf", "application/pdf",
            type="primary" if wave.state is WaveState.CLOSED else "secondary", on_click="ignore",
        )  # fmt: skip
    desk.link(_, desk.DOWNLOADS, _("Download and check the results"), wave=wave.id)
    waiting = services.closing.unseen(wave.id)
    if services.commenting.comments(viewer, wave.id):
        desk.link(_, desk.COMMENTS, _("Look at the comments"), wave=wave.id)
    if waiting:
        st.warning(_("{count} comments have not been looked at yet. Do that before publishing.", count=_.number(waiting, 0)))
    if wave.state is WaveState.PUBLISHED:
        st.success(_("This wave is published; leaders can see it."))
        return
    st.header(_("Publish"))
    foreseen.show(services, viewer, release, _)
    if not release.counted.shown:
        st.warning(_("Too few people answered: every number is hidden, and leaders would see an empty page."))
    st.markdown(_("After publishing, leaders see the results of their units. Publishing cannot be taken back."))
    sure = st.checkbox(_("The results have been checked; publish the wave {wave}", wave=desk.plain(wave.id)))
    if st.button(_("Publish"), type="primary", disabled=not sure or bool(waiting)):
        services.closing.publish(viewer, wave.id)
        desk.tell(_("The wave {wave} is published.", wave=desk.plain(wave.id)))
        st.rerun()
