"""What invitation.js is given: its texts, and whether the connection is good enough."""

from __future__ import annotations

from typing import Any

from survey.i18n import Locale


def invitation_configuration(_: Locale, *, secure: bool) -> dict[str, Any]:
    """The configuration of the page /i. `secure`: the browser came over https."""
    return {"lang": _.language, "secure": secure, "strings": _strings(_)}


def _strings(_: Locale) -> dict[str, str]:
    return {
        "noscript": _("This page needs JavaScript. Please turn it on, or ask your organizer for a slip."),
        "title": _("Your invitation"),
        "unit": _("Unit: {unit}"),
        # nothing can be collected
        "no_token": _("The link is not complete. Please open it from the e-mail, from beginning to end."),
        "insecure": _(
            "This address is not encrypted (http instead of https). Somebody on the network could change this page so that it "
            "makes you recognisable, so no credential is given out here."
        ),
        "slip": _("Please ask your organizer for a slip with an access code: it works here too."),
        "to_code": _("Enter an access code"),
        "old": _(
            "This browser is too old to collect a credential. Please open the e-mail on another device, or ask your organizer for a slip."
        ),
        "offline": _("There is no connection. Please try again."),
        "again": _("Try now"),
        "loading": _("Loading…"),
        # before
        "how_once": _("With this invitation you collect a credential, once. With the credential one form can be sent, without your name."),
        "how_blind": _(
            "Your browser covers the credential before the server signs it: the server knows that you collected one, not which."
        ),
        "how_here": _("It stays in this browser. On a shared computer, please open the e-mail on your own phone instead."),
        "collect": _("Collect the credential"),
        "busy": _("Collecting…"),
        "other_key": _(
            "The server gave this browser another key than the one in your letter: with a key of your own you would be recognisable. "
            "Please do not answer, and tell a custodian."
        ),
        "wrong_signature": _("The server's signature is wrong. Please do not answer, and tell your organizer."),
        # after
        "ready": _("Your credential is here"),
        "later": _("You may answer now or later. Later is better: nobody can then match the hours of collecting and answering."),
        "kept": _(
            "To answer later, open the link of the e-mail again in this browser. When your form is sent, the credential is deleted here."
        ),
        "not_kept": _("This browser keeps nothing. Please save the address below before you close this page."),
        "address": _("To answer on another device: this address, for you alone"),
        "answer": _("Answer now"),
        "opens": _("The survey opens on {day}. Please come back then."),
        "forget": _("Delete the credential from this device"),
        "forget_confirm": _("Delete the credential? It cannot be collected again. Without the saved address you can no longer answer."),
        "forgotten": _("The credential has been deleted from this device."),
        "key": _("Signs of the key"),
        "key_help": _(
            "Everybody in {unit} must see the same signs, and they stand in the letter and on the notice in the unit. If a colleague sees others, do not answer and tell your organizer: "
            "a key of your own would make you recognisable."
        ),
    }
