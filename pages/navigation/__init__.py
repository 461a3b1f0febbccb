"""Which pages there are: frozen specifications, one tuple for each kind of reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pages.account import sign_in
from pages.leader import breakdowns, comparison, item, overview, trend
from pages.organizer import accounts, close, downloads, fieldwork, imports, opening, questionnaires, slips, units, waves
from pages.respondent import answer, home, privacy, public
from survey.errors import N_


@dataclass(frozen=True)
class PageSpec:
    """`title` is a msgid; `surface` says which surface serves it ("all": every one)."""

    title: str
    url_path: str
    render: Callable[..., Any]
    surface: str = "results"
    visibility: Literal["visible", "hidden"] = "visible"


PUBLIC = (
    PageSpec(N_("Start"), "start", home.render, "all"),
    PageSpec(N_("Answer"), "answer", answer.render, "respond"),
    PageSpec(N_("How anonymity is kept"), "privacy", privacy.render, "all"),
    PageSpec(N_("Public results"), "public", public.render, "results"),
)
