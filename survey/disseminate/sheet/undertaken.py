"""What is done with the answers, on a sheet: of the unit, or on the public one of every unit that has announced something."""

from __future__ import annotations

from collections.abc import Iterator

from survey.disseminate.sheet.html import Html, element
from survey.disseminate.sheet.reading import Sheet
from survey.i18n import Locale
from survey.undertaking import Undertaking, by_unit, said, summary

OPEN = 3  # units whose actions stand open; of more, each is opened by a tap


def heading(of: Sheet) -> str:
    return of.locale("What was done with the answers") if of.public else of.locale("What is being done")


def undertaken(of: Sheet) -> Iterator[Html]:
    _, units = of.locale, by_unit(of.undertaken)
    if not of.public:
        yield _list(of, of.undertaken, _)
        return
    yield element("p", summary(of.undertaken, _))
    for unit, own in units.items():
        yield element("details", element("summary", of.named(unit)), _list(of, own, _), open=len(units) <= OPEN)


def _list(of: Sheet, found: tuple[Undertaking, ...], locale: Locale) -> Html:
    def line(one: Undertaking) -> str:
        return said(one, of.release.questionnaire, locale) + ("" if one.announced else f" ({locale('not announced')})")

    return element("ul", [element("li", line(one)) for one in found])
