"""A link to an account that has just been made: shown once, to hand over on paper, by message or by e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.picture import still
from survey import limits
from survey.access import Role
from survey.account_letter import letter, mail
from survey.account_links import Link
from survey.collect.mail import MailServer
from survey.errors import N_, SurveyError
from survey.i18n import Locale
from survey.qr import qr_svg

if TYPE_CHECKING:
    from bootstrap import Services


@dataclass(frozen=True)
class Made:
    """A link and whose it is, kept by this browser's session alone until it is hidden."""

    link: Link
    role: Role


def keep(link: Link, role: Role) -> None:
    """Beside those that are not handed over yet; of two links to one account only the newer is good."""
    desk.keep("account.links", (*(one for one in _waiting() if one.link.account != link.account), Made(link, role)))


def _waiting() -> tuple[Made, ...]:
    return desk.kept("account.links", tuple) or ()


def show(services: Services, locale: Locale) -> None:
    """The links that were made in this session and have not been put away, the newest first."""
    _ = locale
    waiting = _waiting()
    if not waiting:
        return
    with st.container(border=True):
        base = desk.survey_address(services, _)
    for made in reversed(waiting):
        name = made.link.account
        with st.container(border=True):
            st.success(
                _(
                    "Link to the account {name}. It is shown only now; give it to its owner, who chooses a password nobody else knows.",
                    name=desk.plain(name),
                )
            )
            if base:
                _hand_over(services, made, base, _)
            if st.button(_("I have handed it over; hide the link"), key=f"account.link.{name}.hide"):
                desk.keep("account.links", tuple(one for one in waiting if one is not made))
                st.rerun()


def _hand_over(services: Services, made: Made, base: str, locale: Locale) -> None:
    _ = locale
    address = made.link.address(base, _.language)
    until = services.clock.at(made.link.expires)
    text = letter(made.link.account, made.role, address, until, _)
    st.code(address, language=None, wrap_lines=True)
    st.markdown(
        _("Works once, until {time} on {day}. Whoever opens it first has the account.", time=f"{until:%H:%M}", day=_.day(until.date()))
    )
    with st.expander(_("Letter to hand over, with a QR code")), st.container(key=f"letter-{made.link.account}"):
        still(qr_svg(address), _("QR code of the link"), 220)
        st.code(text, language=None, wrap_lines=True)
    _send(services, made.link.account, text, _)


def _send(services: Services, name: str, text: str, locale: Locale) -> None:
    """By e-mail, where a mail server is set. The address is used for this one letter and kept nowhere."""
    _ = locale
    try:
        server = MailServer.configured(services.settings.mail_server, services.settings.mail_sender, services.clock)
    except SurveyError:
        return
    to = st.text_input(_("Send it by e-mail to"), max_chars=limits.EMAIL, key=desk.renewed(f"account.mail.{name}")).strip()
    st.caption(_("The address is used for this letter alone and is not stored."))
    if not st.button(_("Send the letter"), key=f"account.mail.{name}.send", disabled=not to):
        return
    with desk.refusals(_):
        with server.open() as send:
            taken = send(mail(to, text, _))
        if not taken:
            raise SurveyError("mail-refused", _REFUSED, address=to)
        desk.renew(f"account.mail.{name}")
        desk.tell(_("The letter has been sent to {address}.", address=desk.plain(to)))
        st.rerun()


_REFUSED = N_("The mail server refused the address {address}. Nothing was sent. Correct the address, or hand the link over another way.")
