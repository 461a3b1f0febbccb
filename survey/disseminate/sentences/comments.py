"""What is said above comments."""

from __future__ import annotations

from survey.disclose.release import Release
from survey.i18n import Locale


def comment_rules(release: Release, locale: Locale) -> tuple[str, str]:
    """Where comments are shown, and what to do when one accuses somebody."""
    _ = locale
    rule = _("In random order, from units where at least {people} people answered and {comments} comments were written; “[…]” stands for masked words. Please do not try to find out who wrote something.",
             people=release.policy["comments_respondents"], comments=release.policy["comments"])  # fmt: skip
    unproved = _("A survey is anonymous and proves nothing: its comments are not handled as cases.")
    way = _(
        "A denunciation needs the name, address and signature of its writer and goes to the competent body (Law on Denunciations 2018). Show your staff that way, and do not search for the writer of a comment."
    )  # fmt: skip
    return rule, f"{unproved} {way}"
