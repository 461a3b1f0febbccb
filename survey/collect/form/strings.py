"""Every text the form module shows, translated once on the server."""

from __future__ import annotations

from collections.abc import Callable


def strings(_: Callable[[str], str]) -> dict[str, str]:
    """Key of form.js -> text. `{n}` and the like stay in the text and are filled in by the browser."""
    return {
        "noscript": _("This form needs JavaScript. Please turn it on, or ask for a paper form."),
        "illustrative": _("Illustrative data"),
        # tried out
        "trial_tag": _("Trial"),
        "trial_intro": _("This is a trial of the form. Nothing you answer here is stored or counted."),
        "trial_stored": _("In the survey itself this would be sealed now. In a trial it is checked and thrown away."),
        "trial_title": _("The trial is finished"),
        "trial_receipt": _("A trial, nothing was stored: no form, no code, no count. In the survey itself the receipt would stand here."),
        # code
        "code_title": _("Enter your access code"),
        "code_label": _("Access code"),
        "code_help": _("The 16 letters and digits on your slip. Capital or small letters both work; O counts as zero, I and L as one."),
        "code_short": _("The code has 16 characters; {n} have been entered."),
        "code_accents": _("The Vietnamese keyboard is on and has changed some letters. Please turn it off and check the code."),
        "over_title": _("No form can be sent now"),
        "open": _("Open the form"),
        "open_busy": _("Opening the form…"),
        "open_offline": _("There is no connection yet. We keep trying by ourselves."),
        "open_waiting": _("Try now"),
        # introduction
        "contact": _("Questions about this survey: {contact}"),
        "privacy": _("How anonymity is kept"),
        "new_tab": _("(opens in a new tab)"),
        "unit": _("Unit: {unit}"),
        "fact_time": _("About 5 minutes."),
        "fact_voluntary": _("Voluntary: you may skip any question."),
        "fact_clear": _("To clear an answer, tap it once more."),
        "criteria": _("What is asked, and why"),
        "who_sees": _("Who sees what"),
        "start": _("Start"),
        # steps
        "next": _("Next"),
        "back": _("Back"),
        "to_review": _("Back to the overview"),
        "progress": _("Theme {n}/{total}"),
        "progress_label": _("Progress"),
        "almost": _("Almost done"),
        "cleared": _("The answer has been cleared."),
        "restored": _("Your earlier answers are back."),
        # draft
        "pause_title": _("Need a break?"),
        "pause_help": _("Your answers are kept in this tab until you close it."),
        "no_storage": _("This browser keeps no draft. Please do not reload or close this page before sending."),
        "keep_label": _("Keep the draft on this device"),
        "keep_warning": _("Others who use this device may see the draft. Do not choose this on a shared computer."),
        "keep_help": _("To go on later, open the form again on this device with the same code."),
        "erase": _("Delete the answers from this device"),
        "erase_confirm": _("Delete all answers entered so far?"),
        # comments, about you
        "comments_title": _("Your comments (optional)"),
        "chars_left": _("{n} characters left"),
        "about_title": _("About you (optional)"),
        "about_help": _("You may leave any of these empty."),
        # review
        "review_title": _("Overview before sending"),
        "review_all": _("You have answered every question."),
        "review_some": _("{n} questions are not answered yet. You may answer them or send the form as it is."),
        "theme_done": _("All {n} questions answered"),
        "theme_left": _("{n} of {total} questions not answered. Tap one to answer it:"),
        "change": _("Change"),
        "written": _("{n} of {total} written"),
        "filled": _("{n} of {total} filled in"),
        # what is stored, sending
        "stored_title": _("What is stored about you"),
        "stored_exact": _("Exactly this will be sealed"),
        "stored_key": _("A sign like {id} is the number of a question; the figure beside it is the answer chosen."),
        "send": _("Send answers"),
        "send_busy": _("Sending…"),
        "send_offline": _(
            "There is no connection. Your answers are kept on this device and will be sent again by themselves. Please keep this page open."
        ),
        "send_offline_kiosk": _(
            "There is no connection; your answers are NOT sent yet. This page keeps trying while you stay. If you go, they are deleted from this device and your code stays good."
        ),
        "send_waiting": _("Send now"),
        "rejected": _("Some answers were not accepted. Please look at the marked ones."),
        # the end
        "receipt_title": _("Your form has been received"),
        "thanks": _("Thank you for answering."),
        "receipt_label": _("Receipt"),
        "receipt_help": _(
            "The receipt shows that one form lies in the sealed box. It does not tell what you answered. You need not keep it; it lets you see on the page of public results, after the close, that your form was counted."
        ),
        "receipt_close": _("The draft on this device has been deleted. You may close this page."),
        # a device that many use
        "kiosk_note": _("This device is for everybody: nothing of you stays on it. When nobody touches it, the form clears itself."),
        "kiosk_return": _("This screen clears itself in {n} seconds."),
        "kiosk_stay": _("I am still here"),
        "kiosk_leave": _("Leave without sending"),
        "finish": _("Finish"),
        "failed_title": _("The form was not accepted"),
        "draft_stays": _("Your answers stay on this device until you close this page."),
        "another_code": _("Enter another code"),
    }
