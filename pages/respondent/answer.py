"""The questionnaire on a Streamlit page: the same browser module as /p, over Streamlit's connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.plain.respondent import at_the_door, open_form, submit, whose
from pages.widgets import form
from survey.access import Viewer
from survey.collect.form.view import configuration
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_FORM = "langnghe_form"


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    """The code never stands in this page's address: it is typed, and kept by the browser module."""

    def answered(act: form.Act) -> form.Act:
        """While a store is away the browser keeps what was written and asks again."""

        def answer(asked: dict[str, Any]) -> dict[str, Any]:
            try:
                return act(asked)
            except services.away:
                return {"status": "busy"}

        return answer

    try:
        door = at_the_door(services)
    except services.away:
        if not form.is_shown(_FORM):
            raise
        door = {}  # the form is on the screen; it must not vanish under somebody's hands
    form.show(
        _FORM,
        configuration(locale, **whose(services, locale), **door),
        opening=answered(lambda asked: open_form(services, asked, locale)),
        sending=answered(lambda asked: submit(services, asked, locale)),
        straight=True,
    )
