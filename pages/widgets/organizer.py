"""What the organizer's pages share: where they are, what they keep, and how they say no."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from survey.access import Permission, Viewer, require
from survey.errors import N_, InputRefused, Problem, SurveyError
from survey.i18n import Locale
from survey.source import Source

if TYPE_CHECKING:
    from bootstrap import Services

WAVES = "organize-waves"
NEW = "organize-new"
EDITING = "organize-editing"
INVITATIONS = "organize-invitations"
SLIPS = "organize-slips"
OPENING = "organize-opening"
FIELDWORK = "organize-fieldwork"
PAPER = "organize-paper"
CLOSE = "organize-close"
COMMENTS = "organize-comments"
UNITS = "organize-units"
QUESTIONNAIRES = "organize-questionnaires"
EDITOR = "organize-editor"
IMPORTS = "organize-imports"
DOWNLOADS = "organize-downloads"
ACCOUNTS = "organize-accounts"
LOG = "organize-log"
INSTALLATION = "organize-installation"

# What the services answer to the second of two clicks: nothing is wrong, it was done already.
_DONE_ALREADY = frozenset(
    {"wave-exists", "wave-state", "wave-moved", "codes-exist", "account-exists", "wave-not-draft", "closed-meanwhile"}
)
PAPER_FORMS = {"vi": N_("Paper form in Vietnamese (PDF)"), "en": N_("Paper form in English (PDF)")}
_PREFIX = "organizer."
_Kept = TypeVar("_Kept")


# What one browser session keeps between clicks


def keep(name: str, value: object) -> None:
    st.session_state[_PREFIX + name] = value


def kept(name: str, kind: type[_Kept]) -> _Kept | None:
    value = st.session_state.get(_PREFIX + name)
    return value if isinstance(value, kind) else None


def forget(*names: str) -> None:
    for name in names:
        st.session_state.pop(_PREFIX + name, None)


def renewed(name: str) -> str:
    """A widget key that changes with `renew(name)`: the way to empty an uploader or a tick."""
    return f"{_PREFIX}{name}.{st.session_state.get(f'{_PREFIX}{name}.round', 0)}"


def renew(name: str) -> None:
    key = f"{_PREFIX}{name}.round"
    st.session_state[key] = st.session_state.get(key, 0) + 1


def tell(text: str) -> None:
    """A message that outlives the rerun after a click; shown once, under the next header."""
    st.session_state.setdefault(_PREFIX + "told", []).append((True, text))


def warn(text: str) -> None:
    """The same, for what went wrong."""
    st.session_state.setdefault(_PREFIX + "told", []).append((False, text))


# The frame of a page

_LOOK = """<style>
[data-testid="stMainBlockContainer"]{max-width:62rem}
[data-testid="stMain"] [data-testid="stPageLink"] a{padding-left:0}
:is([data-testid="stSelectbox"],[data-testid="stTextInput"],[data-testid="stNumberInput"],[data-testid="stDateInput"],[data-testid="stFileUploader"]){max-width:36rem}
[data-testid="stMain"] [data-testid="stTable"] :is(td,th):first-of-type{min-width:3.5rem}
[data-testid="stMain"] a[href^="mailto:"]{color:inherit!important;text-decoration:none!important;pointer-events:none}
[class*="st-key-letter"] :is(pre,code,code *){font-family:system-ui,sans-serif!important;font-size:.95rem!important}
</style>"""


def header(locale: Locale, title: str, purpose: str, *, home: bool = False) -> None:
    _ = locale
    st.html(_LOOK)
    if not home:
        st.page_link(_page(WAVES), label=f"← {_('Back to the checklist of waves')}", query_params=_query({}))
    st.title(title)
    st.markdown(purpose)
    waiting = kept("key", dict)
    with st.container():
        if waiting is not None and title != _("Open a wave"):
            st.warning(_("The key of wave {wave} is made, but the wave is not open yet.", wave=plain(waiting["wave"])))
            link(_, OPENING, _("Go to the key shares"), wave=waiting["wave"])
    told()


def told() -> None:
    """What `tell` and `warn` have left for this page, in a place of its own: what follows stays where it is, with its open tab."""
    with st.container():
        for good, text in st.session_state.pop(_PREFIX + "told", ()):
            (st.success if good else st.warning)(text)


def _page(path: str) -> Any:
    # Streamlit knows a page by its address; the function registered by app.py is the one that runs.
    return st.Page(_elsewhere, title=path, url_path=path)


def _elsewhere() -> None:
    """Stands for a page that app.py has registered."""


def _query(query: Mapping[str, str]) -> dict[str, str]:
    language = st.query_params.get("lang")
    return {**query, "lang": language} if language else dict(query)


def link(locale: Locale, path: str, label: str, **query: str) -> None:
    st.page_link(_page(path), label=f"→ {label}", query_params=_query(query))


def go(path: str, **query: str) -> None:
    st.switch_page(_page(path), query_params=_query(query))


# Refusals

Render = Callable[["Services", Viewer | None, Locale], None]


def asks(permission: Permission) -> Callable[[Render], Render]:
    """A page for viewers with this permission only, whose refusals are shown as text."""

    def guard(render: Render) -> Render:
        @wraps(render)
        def guarded(services: Services, viewer: Viewer | None, locale: Locale) -> None:
            with refusals(locale):
                require(viewer, permission)
                render(services, viewer, locale)

        return guarded

    return guard


@contextmanager
def refusals(locale: Locale) -> Iterator[None]:
    """Show what a service refuses, with its cure; anything unexpected goes on to the log."""
    try:
        yield
    except InputRefused as refused:
        show_problems(refused, locale)
    except SurveyError as refused:
        text = plain(refused.text(locale))
        if refused.code in _DONE_ALREADY:
            st.info(text)
        else:
            st.error(text)


def show_problems(refused: InputRefused, locale: Locale, headers: Mapping[str, str] | None = None) -> None:
    """Every error of a file in a table: row, column, what is wrong, how to cure it. `headers`: a column's code -> its header in a template."""
    _ = locale
    st.error(plain(refused.text(_).split("\n", 1)[0]))
    st.table(problem_rows(refused.problems, _, headers), hide_index=True)


def problem_rows(problems: Sequence[Problem], locale: Locale, headers: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    _ = locale

    def named(column: str) -> str:
        return f"{headers[column]} ({column})" if headers and column in headers else column

    return [
        {
            _("Row"): "" if problem.row is None else _.number(problem.row, 0),
            _("Column"): plain(named(problem.column or "")),
            _("What is wrong"): plain(_(problem.message, **problem.values)),
            _("What to do"): plain(_(problem.cure, **problem.values)),
        }
        for problem in problems
    ]


_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|$:~<>])")


def plain(text: str) -> str:
    """Text of a person or a file, shown as it is where Streamlit would read Markdown."""
    return _MARKS.sub(r"\\\1", text)


def plain_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of such texts for st.table, which reads Markdown in cells and headers. (st.dataframe reads none.)"""
    shown = frame.map(lambda one: plain(one) if isinstance(one, str) else one)
    return shown.rename(columns={name: plain(str(name)) for name in shown.columns})


def address_of(services: Services, site: str = "") -> str:
    """The public address: as the wave's slips have it, as it was last written, as the settings name it."""
    return site or kept("address", str) or services.settings.address


def survey_address(services: Services, locale: Locale, site: str = "") -> str:
    """The public address, asked for where the settings do not name it; empty while it is not one."""
    _ = locale
    address = st.text_input(
        _("Address of the survey, as phones open it"),
        address_of(services, site),
        help=_("What a phone must open, for example https://langnghe.daknong.gov.vn. The setting LANGNGHE_ADDRESS fills it in for good."),
    ).strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        st.error(_("This is not a web address. Write it with http:// or https://, for example https://langnghe.daknong.gov.vn."))
        return ""
    keep("address", address)
    return address


def figures(*pairs: tuple[str, str]) -> None:
    """Labelled figures side by side, two in a row on a phone."""
    with st.container(key="cards"):
        for column, (label, value) in zip(st.columns(len(pairs)), pairs, strict=True):
            column.metric(label, value)


def source_of(file: Any) -> Source:
    """An uploaded file as the readers want it; .gz is unpacked."""
    return Source.received(file.name, file.getvalue())
