"""What to say of people behind a number: how many, hidden, or not given, because another body printed the score alone."""

from __future__ import annotations

from survey.disclose.release import NOT_AVAILABLE, Cell, Release, Suppressed
from survey.errors import N_
from survey.i18n import Locale

ELSEWHERE = N_("These numbers were protected and published by another body; here only the minimum bases apply.")
SCORES_ONLY = N_(
    "Printed scores only: another body published these numbers without the answers behind them. Where it gives no base there is no "
    "interval and no test; only the minimum bases apply, where a base is given."
)
NO_BASE_HERE = N_("base not given, so no interval and no test")


def origin_of(release: Release, locale: Locale) -> str:
    """Where numbers of another body come from and what is not known of them; empty for our own."""
    if not release.published_elsewhere:
        return ""
    return locale(SCORES_ONLY if release.scores_only else ELSEWHERE)


def base_of(cell: Cell, locale: Locale) -> str:
    return locale("not given") if cell.base is None else locale.number(cell.base, 0)


def forms_of(forms: Cell | Suppressed, locale: Locale) -> str:
    """How many answered, of the cell "forms" of a unit."""
    if isinstance(forms, Suppressed):
        return locale("n is not given") if forms.reason == NOT_AVAILABLE else locale("n is hidden: too few answers")
    return locale("n is not given") if forms.base is None else locale("n = {n} forms", n=locale.number(forms.base, 0))
