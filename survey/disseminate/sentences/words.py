"""Words and names set together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey.errors import N_
from survey.i18n import Locale

UNITS, THINGS = N_("{names} and {count} more units"), N_("{names} and {count} more")


def listed(words: Sequence[str], locale: Locale) -> str:
    """a, b and c"""
    if len(words) < 2:
        return "".join(words)
    return locale("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])


def by_reason(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    """Each reason once, with the waves it holds for."""
    found: dict[str, list[str]] = {}
    for wave, reason in reasons.items():
        found.setdefault(reason, []).append(wave)
    return found


def not_drawn(reasons: Mapping[str, str], locale: Locale) -> str:
    """Which waves a chart leaves out, and why (`reasons`: msgids); empty where it leaves out none."""
    named = [f"{', '.join(waves)} ({locale(reason)})" for reason, waves in by_reason(reasons).items()]
    return locale("Not drawn: {waves}.", waves=listed(named, locale)) if named else ""


def some(names: Sequence[str], locale: Locale, most: int = 5, rest: str = UNITS) -> str:
    """The first few names, and how many more there are (`rest`: what they are, a msgid)."""
    if len(names) <= most:
        return listed(names, locale)
    return locale(rest, names=", ".join(names[:most]), count=len(names) - most)
