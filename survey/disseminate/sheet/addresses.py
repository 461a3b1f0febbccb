"""Where a sheet, its neighbours and its data are found. Wave, unit and language always stand in the address."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from survey.i18n import Locale

SHEET, PUBLIC, DATA, WORKBOOK = "/sheet", "/public/sheet", "/public/data", "/public/workbook"


def sheet(wave: str, unit: str, locale: Locale) -> str:
    return address(SHEET, locale, wave=wave, unit=unit)


def public(wave: str, locale: Locale) -> str:
    return address(PUBLIC, locale, wave=wave)


def data(wave: str, locale: Locale) -> str:
    return address(f"{DATA}/{quote(wave, safe='')}", locale)


def workbook(wave: str, locale: Locale) -> str:
    return address(f"{WORKBOOK}/{quote(wave, safe='')}", locale)


def overview(wave: str, unit: str, locale: Locale) -> str:
    return address("/results-overview", locale, wave=wave, unit=unit)


def item(wave: str, unit: str, item: str, locale: Locale) -> str:
    return address("/results-item", locale, wave=wave, unit=unit, item=item)


def undertakings(wave: str, unit: str, measure: str, locale: Locale) -> str:
    return address("/results-actions", locale, wave=wave, unit=unit, about=measure)


def address(path: str, locale: Locale, **values: str) -> str:
    """`path` with what is not empty of `values`, and the language: what an installation's own language is, a reader of another has not chosen."""
    return f"{path}?{urlencode({name: value for name, value in values.items() if value} | {'lang': locale.language})}"
