"""What this installation is called and how it writes; where the set-up of a new one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.picture import still
from survey.access import Permission, Viewer
from survey.clock import PROVINCE
from survey.design.questionnaire_file import shipped_questionnaires
from survey.errors import N_
from survey.i18n import Locale
from survey.installation import LONGEST
from survey.mark import data_address

if TYPE_CHECKING:
    from bootstrap import Services

# name -> label, help
FIELDS = {
    "organisation": (
        N_("Name of the organisation"),
        N_("It stands on the form, on the sign-in page, in the head of reports, and on slips, envelope sheets and paper forms."),
    ),
    "organisation_en": (N_("The same in English, if wished"), ""),
    "address": (N_("Public address of the survey"), N_("What phones open; QR codes and letters carry it: https://langnghe.daknong.gov.vn")),
    "contact": (N_("Whom respondents may ask"), N_("One line, shown on the form: an office and a telephone number.")),
    "mail_server": (
        N_("Mail server, if letters are to be sent"),
        N_("smtp://host:25 · smtps://name:password@host:465. The password is stored locked, never shown, and worthless in a backup."),
    ),
    "mail_sender": (N_("Sender of the letters"), "khaosat@example.gov.vn"),
}


@desk.asks(Permission.INSTALLATION_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Installation"),
        _("What this installation is called, where it stands and how it writes. Everything may be changed later."),
    )
    stored = services.installing.settings(viewer)
    if services.installing.password_lost(viewer):
        st.warning(
            _(
                "The password of the mail server was stored by another server, or under another LANGNGHE_COOKIE_KEY. Type it again; until then no letter is sent."
            )
        )
    with st.form("installation", border=True):
        wanted = {name: _line(services, name, stored.get(name, ""), _) for name in ("organisation", "organisation_en")}
        wanted["timezone"] = _zone(services, stored.get("timezone", ""), _)
        wanted |= {name: _line(services, name, stored.get(name, ""), _) for name in ("address", "contact", "mail_server", "mail_sender")}
        sent = st.form_submit_button(_("Save the settings"), type="primary")
    if sent:
        with desk.refusals(_):
            changed = services.installing.save(viewer, wanted)
            desk.tell(_("The settings have been saved.") if changed else _("Nothing was changed."))
            st.rerun()
    _mark(services, viewer, stored.get("mark", ""), _)
    _shipped(services, viewer, _)
    desk.link(_, desk.WAVES, _("Go on to the waves"))


def _line(services: Services, name: str, stored: str, locale: Locale) -> str:
    """A setting to type; one that the environment sets is shown as it is."""
    _ = locale
    label, help_ = FIELDS[name]
    fixed = name in services.installing.fixed
    value = getattr(services.settings, name) if fixed and name != "mail_server" else stored
    about = _("Set by the server itself: LANGNGHE_{name}.", name=name.upper()) if fixed else _(help_) if help_ else None
    return st.text_input(_(label), value, max_chars=LONGEST[name], help=about, disabled=fixed, key=f"installation.{name}").strip()


def _zone(services: Services, stored: str, locale: Locale) -> str:
    _ = locale
    fixed = "timezone" in services.installing.fixed
    now = services.settings.timezone if fixed else stored or PROVINCE
    zones = sorted(available_timezones() | {now})
    about = _("Set by the server itself: LANGNGHE_{name}.", name="TIMEZONE") if fixed else _("A wave opens and closes at midnight there.")
    chosen = st.selectbox(_("Time zone"), zones, zones.index(now), help=about, disabled=fixed, key="installation.timezone")
    return "" if chosen == PROVINCE else str(chosen)


def _mark(services: Services, viewer: Viewer | None, mark: str, locale: Locale) -> None:
    """The picture is made small and harmless first, and shown as it will be."""
    _ = locale
    st.header(_("Mark (logo) of the organisation"))
    if mark:
        with st.container(horizontal=True, vertical_alignment="center"):
            still(mark, _("Mark (logo) of the organisation"), 96)
            if st.button(_("Remove the mark")):
                services.installing.save(viewer, {"mark": ""})
                st.rerun()
    chosen = st.file_uploader(_("SVG or PNG, up to 1 MB"), type=["svg", "png"], key=desk.renewed("mark"), max_upload_size=1)
    st.caption(_("Only its shapes and colours are kept. Without a mark the name alone is shown."))
    if chosen is not None and st.button(_("Use this mark"), type="primary"):
        with desk.refusals(_):
            services.installing.save(viewer, {"mark": data_address(chosen.getvalue())})
            desk.renew("mark")
            desk.tell(_("The mark has been saved."))
            st.rerun()


def _shipped(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    """The questionnaires that come with the product, one click away."""
    _ = locale
    have = {(one.id, one.version) for one in services.design.questionnaires(viewer)}
    st.header(_("Questionnaires that come with Lắng Nghe"))
    for one in shipped_questionnaires():
        name = f"**{desk.plain(_.pick(one.title_vi, one.title_en))}** ({one.id} {one.version}) · " + _(
            "{n} questions", n=_.number(len(one.items), 0)
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(name)
            if (one.id, one.version) in have:
                st.markdown(_("Already stored"))
            elif st.button(_("Use this questionnaire"), key=f"shipped.{one.id}.{one.version}"):
                with desk.refusals(_):
                    services.design.save_questionnaire(viewer, one)
                    desk.tell(_("The questionnaire has been added."))
                    st.rerun()
