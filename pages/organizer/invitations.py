"""Personal invitations: the e-mail list of whole units, letters, reminders, and the change-over to a slip."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.waves import choose_wave, invited_units
from pages.widgets.work import Work, finish
from survey.access import Permission, Viewer
from survey.collect.invitations import InvitedUnit, Sent
from survey.collect.key_poster_pdf import key_poster_pdf
from survey.collect.mail import MailServer
from survey.design.wave import Wave, WaveState
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.source import Source

if TYPE_CHECKING:
    from bootstrap import Services


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Invite by e-mail"),
        _(
            "In place of slips, for units whose whole staff reads e-mail. A personal link lets each browser collect one credential. "
            "The server knows who has collected; it can never recognise the credential, so nobody learns who answered, or what."
        ),
    )
    wave = choose_wave(
        services, viewer, _, (WaveState.DRAFT, WaveState.OPEN), _("No wave can be invited to. Create a wave first."),
        _("This wave is closed; nobody is invited any more. The list of addresses has been destroyed."),
    )  # fmt: skip
    if wave is None:
        return
    _finish(_)
    invited = tuple(invited_units(services, viewer, wave).values())
    post = _post(services, wave, _)
    _who(services, viewer, _, wave, invited)
    if post is not None or invited:
        _list(services, viewer, _, wave, bool(invited))
    if invited and post is not None:
        _letters(services, viewer, _, wave, invited, *post)
    if invited:
        _withdraw(services, viewer, _, wave)


def _post(services: Services, wave: Wave, locale: Locale) -> tuple[str, MailServer] | None:
    """The address that letters carry and the server that sends them; None, and why, where one is missing."""
    _ = locale
    server = None
    with desk.refusals(_):
        server = MailServer.configured(services.settings.mail_server, services.settings.mail_sender, services.clock)
    address = desk.survey_address(services, _)
    try:
        services.invitations.check_address(address)
    except SurveyError as refused:
        st.error(desk.plain(refused.text(_)))
        st.markdown(
            _(
                "Why: with http:// anybody on the network could replace the page that makes the credential, and recognise it afterwards. Ask whoever runs the server for an https:// address."
            )
        )
        desk.link(_, desk.SLIPS, _("Print slips instead"), wave=wave.id)
        return None
    return None if server is None or not address else (address, server)


def _who(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, invited: tuple[InvitedUnit, ...]) -> None:
    _ = locale
    reporting = [node for node in wave.plan.nodes if node.reporting]
    st.header(_("Who is reached how"))
    if not invited:
        st.markdown(
            _("All {n} units answer by slips. A unit named in the list below is invited by e-mail instead.", n=_.number(len(reporting), 0))
        )
        return
    rows = [
        {
            _("Unit"): desk.plain(_.pick(unit.node.name_vi, unit.node.name_en)),
            _("Number of staff"): _.number(unit.node.headcount, 0),
            _("Invited"): _.number(unit.people, 0),
            _("Letter not sent yet"): _.number(unit.waiting, 0),
            _("Signs of the key"): desk.plain(unit.fingerprint),
        }
        for unit in invited
    ]
    st.table(rows, hide_index=True)
    st.download_button(
        _("Notice with the signs of the keys, for the wall (PDF)"), partial(key_poster_pdf, wave, _), f"khoa-{wave.id}.pdf", "application/pdf",
        on_click="ignore",
    )  # fmt: skip
    st.markdown(_("{n} other units answer by slips.", n=_.number(len(reporting) - len(invited), 0)))
    given = {part.node.id: part.given for part in services.fieldwork.participation(viewer, wave.id)}
    if short := [unit.node for unit in invited if given[unit.node.id] < (unit.node.headcount or 0)]:
        names = ", ".join(_.pick(node.name_vi, node.name_en) for node in short)
        st.warning(
            _(
                "Fewer people invited (or given a slip) than staff: {units}. Whoever is missing has no way to answer.",
                units=desk.plain(names),
            )
        )
    st.markdown(
        _("The signs of the keys also stand on the page about anonymity: colleagues of one unit must see the same ones in their browsers.")
    )


def _list(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, more: bool) -> None:
    _ = locale
    with st.expander(_("Add people") if more else _("The list of addresses"), expanded=not more):
        st.markdown(
            _(
                "One row for each person: the id of the unit, and an e-mail address. No names, no posts. A unit that is named is invited whole: list all of its staff."
            )
        )
        st.download_button(
            _("Template of the list (CSV for Excel)"), lambda: _template(wave), f"moi-{wave.id}.csv", "text/csv", on_click="ignore"
        )
        file = st.file_uploader(_("List of addresses (.xlsx, .csv)"), type=["xlsx", "csv"], key=desk.renewed("people"))
        if file is None:
            return
        source = desk.source_of(file)
        with desk.refusals(_):
            _add(services, viewer, _, wave, source)


def _add(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, source: Source) -> None:
    _ = locale
    people = Counter(unit for unit, _email in services.invitations.read_people(viewer, wave.id, source))
    nodes = [wave.plan.by_id[unit] for unit in people]
    st.success(_("The file can be read: {n} people in {units} units.", n=_.number(people.total(), 0), units=len(people)))
    rows = [
        {
            _("Unit"): desk.plain(_.pick(node.name_vi, node.name_en)),
            _("Number of staff"): _.number(node.headcount, 0),
            _("In the list"): _.number(people[node.id], 0),
        }
        for node in nodes
    ]
    st.table(rows, hide_index=True)
    if st.button(_("Invite these people"), type="primary"):
        with st.spinner(_("Making the keys of the units…"), show_time=True):
            count = services.invitations.add_people(viewer, wave.id, source)
        desk.renew("people")
        desk.tell(_("{n} people are on the list. No letter has been sent yet.", n=_.number(count, 0)))
        st.rerun()


def _template(wave: Wave) -> bytes:
    rows = "".join(f"{node.id};ten@example.gov.vn\r\n" for node in [node for node in wave.plan.nodes if node.reporting][:2])
    return f"unit;email\r\n{rows}".encode("utf-8-sig")


def _letters(
    services: Services,
    viewer: Viewer | None,
    locale: Locale,
    wave: Wave,
    invited: tuple[InvitedUnit, ...],
    address: str,
    server: MailServer,
) -> None:
    _ = locale
    waiting, written = sum(unit.waiting for unit in invited), sum(unit.people - unit.waiting for unit in invited)
    st.header(_("Letters"))
    with st.expander(_("Read the letter")):
        letter = services.invitations.sample(viewer, invited[0], wave.id, address, _)
        with st.container(key="letter"):
            st.code(f"{letter['Subject']}\n\n{letter.get_content()}", language=None, wrap_lines=True)
    if waiting and st.button(_("Send {n} invitations", n=_.number(waiting, 0)), type="primary"):
        _begin(lambda progress: services.invitations.send(viewer, wave.id, address, server, _, progress), _)
    if not waiting:
        st.markdown(_("Every invitation has been sent."))
    if written:
        st.markdown(
            _(
                "A reminder goes only to those who have not **collected** their credential. Who has collected one and not answered, nobody can know: nobody is reminded of answering."
            )
        )
        sure = st.checkbox(_("The last letter is some days old: send reminders, each with a new link"), key=desk.renewed("remind"))
        if st.button(_("Send the reminders"), disabled=not sure):
            _begin(lambda progress: services.invitations.remind(viewer, wave.id, address, server, _, progress), _)


def _begin(work: Any, locale: Locale) -> None:
    if desk.kept("letters", Work) is None:
        desk.keep("letters", Work(work))
    _finish(locale)


def _finish(locale: Locale) -> None:
    """Wait for letters that are being sent, with progress; then say who was not reached."""
    _ = locale
    with desk.refusals(_):
        sent = finish("letters", _, _("You may leave this page; the letters go on by themselves."))
        if isinstance(sent, Sent):
            desk.renew("remind")
            reminded = sent.count is None
            desk.tell(_("The reminders have been sent.") if reminded else _("{n} letters have been sent.", n=_.number(sent.count, 0)))
            if sent.refused:
                desk.warn(
                    _(
                        "The mail server refused these addresses: {addresses}. Withdraw them, add the right ones, and send again.",
                        addresses=desk.plain(", ".join(sent.refused)),
                    )
                )
            st.rerun()


def _withdraw(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    with st.expander(_("Withdraw one invitation")):
        st.markdown(
            _(
                "For a wrong address, or for somebody who would rather draw a slip. The system does not say whether this person has "
                "collected a credential: ask before you give a slip, for with both one person could answer twice. "
                "A withdrawn address is not invited again; the protocol of the opening says how many were withdrawn."
            )
        )
        email = st.text_input(_("E-mail address"), max_chars=254, key=desk.renewed("withdraw")).strip()
        if st.button(_("Withdraw the invitation"), disabled=not email):
            with desk.refusals(_):
                services.invitations.withdraw(viewer, wave.id, email)
                desk.renew("withdraw")
                desk.tell(_("The invitation of {email} is withdrawn; its link no longer works.", email=desk.plain(email)))
                st.rerun()
        desk.link(_, desk.SLIPS, _("Make one slip for this person"), wave=wave.id)
