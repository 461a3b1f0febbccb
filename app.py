"""The web application. Imported by the server it is `app`; run by Streamlit as a script it is main()."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from bootstrap import Services, running_services
from pages.account import sign_in
from pages.catalogue import ORGANIZE, PUBLIC, RESULTS, SIGNED_OUT, PageSpec
from survey.access import Permission, Viewer
from survey.i18n import Locale


def main() -> None:
    """One run of the script: services, viewer, language, navigation, the chosen page."""
    services = running_services()
    surface = services.settings.surface
    viewer = sign_in.current_viewer(services) if surface != "respond" else None
    locale = Locale(st.query_params.get("lang", services.settings.language))
    from pages.widgets import frame

    frame.begin(locale)

    def page(spec: PageSpec, default: bool = False) -> Any:
        render = partial(spec.render, services, viewer, locale)
        render.__name__ = spec.url_path  # type: ignore[attr-defined]
        return st.Page(render, title=locale(spec.title), url_path=spec.url_path, default=default, visibility=spec.visibility)

    navigation = st.navigation(sections(page, surface, viewer, locale), position="sidebar" if viewer else "hidden")
    navigation.run()
    frame.end(locale, viewer)


def sections(page: Any, surface: str, viewer: Viewer | None, locale: Locale) -> dict[str, list[Any]]:
    """The pages this viewer may open; the services ask again."""
    found: dict[str, list[Any]] = {}
    if viewer is not None and viewer.may(Permission.RESULTS_SEE):
        found[locale("Results")] = [page(spec) for spec in RESULTS]
    if viewer is not None and viewer.may(Permission.WAVES_EDIT):
        found[locale("Organizing")] = [page(spec) for spec in ORGANIZE]
    public = [spec for spec in PUBLIC if spec.surface in (surface, "all") or surface == "all"]
    found[locale("Everybody")] = [page(spec, default=number == 0) for number, spec in enumerate(public)]
    if surface != "respond":
        found[locale("Account")] = [page(spec) for spec in SIGNED_OUT if (spec.url_path == "login") == (viewer is None)]
    return found


if __name__ == "__main__":
    main()
else:
    from pages.plain.application import make_app

    app = make_app(__file__, running_services)

__all__ = ["Services", "main"]
