"""What the organizer's pages share: where they are, what they keep, and how they say no."""

from __future__ import annotations

import gzip
import html
import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from survey.access import Permission, Viewer, require
from survey.collect.invitations import InvitedUnit
from survey.design.plan import GROUP_NAMES
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Wave, WaveState
from survey.errors import N_, InputRefused, SurveyError
from survey.i18n import Locale
from survey.tabular import Source
from survey.vietnamese import sort_key

if TYPE_CHECKING:
    from bootstrap import Services

WAVES = "organize-waves"
NEW = "organize-new"
INVITATIONS = "organize-invitations"
SLIPS = "organize-slips"
OPENING = "organize-opening"
FIELDWORK = "organize-fieldwork"
CLOSE = "organize-close"
COMMENTS = "organize-comments"
UNITS = "organize-units"
QUESTIONNAIRES = "organize-questionnaires"
IMPORTS = "organize-imports"
DOWNLOADS = "organize-downloads"
ACCOUNTS = "organize-accounts"
LOG = "organize-log"

STATES = {
    WaveState.DRAFT: N_("Draft"),
    WaveState.OPEN: N_("In the field"),
    WaveState.CLOSED: N_("Closed, not yet published"),
    WaveState.PUBLISHED: N_("Published"),
}
# What the services answer to the second of two clicks: nothing is wrong, it was done already.
_DONE_ALREADY = frozenset({"wave-exists", "wave-state", "wave-moved", "codes-exist", "account-exists", "wave-not-draft"})
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
.st-key-letter :is(pre,code,code *){font-family:system-ui,sans-serif!important;font-size:.95rem!important}
</style>"""


def header(locale: Locale, title: str, purpose: str, *, home: bool = False) -> None:
    _ = locale
    st.html(_LOOK)
    if not home:
        st.page_link(_page(WAVES), label=f"← {_('Back to the checklist of waves')}", query_params=_query({}))
    st.title(title)
    st.markdown(purpose)
    waiting = kept("key", dict)
    if waiting is not None and title != _("Open a wave"):
        st.warning(_("The key of wave {wave} is made, but the wave is not open yet.", wave=plain(waiting["wave"])))
        link(_, OPENING, _("Go to the key shares"), wave=waiting["wave"])
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


def show_problems(refused: InputRefused, locale: Locale) -> None:
    """Every error of a file in a table: row, column, what is wrong, how to cure it."""
    _ = locale
    st.error(plain(refused.text(_).split("\n", 1)[0]))
    rows = [
        {
            _("Row"): "" if problem.row is None else _.number(problem.row, 0),
            _("Column"): plain(problem.column or ""),
            _("What is wrong"): plain(_(problem.message, **problem.values)),
            _("What to do"): plain(_(problem.cure, **problem.values)),
        }
        for problem in refused.problems
    ]
    st.table(rows, hide_index=True)


_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|$:~<>])")


def plain(text: str) -> str:
    """Text of a person or a file, shown as it is where Streamlit would read Markdown."""
    return _MARKS.sub(r"\\\1", text)


# Waves


def wave_title(wave: Wave, locale: Locale) -> str:
    return locale.pick(wave.title_vi, wave.title_en) or wave.id


def wave_name(wave: Wave, locale: Locale) -> str:
    """The title, with the id where the title does not say it."""
    title = wave_title(wave, locale)
    return title if wave.id in title.split() else f"{title} ({wave.id})"


def invited(services: Services, viewer: Viewer | None, wave: Wave) -> dict[str, InvitedUnit]:
    """The units with personal invitations, by id; none once the wave is closed."""
    if wave.state not in (WaveState.DRAFT, WaveState.OPEN):
        return {}
    return {unit.node.id: unit for unit in services.invitations.units(viewer, wave.id)}


def slips_given(services: Services, viewer: Viewer | None, wave: Wave) -> int:
    """How many codes of a draft or open wave have been made; invitations are not counted."""
    people = invited(services, viewer, wave)
    parts = services.fieldwork.participation(viewer, wave.id)
    return sum(part.given - (people[part.node.id].people if part.node.id in people else 0) for part in parts if part.node.reporting)


def describe(wave: Wave, locale: Locale) -> str:
    """One line (Markdown): state, days, and whether the figures are illustrative."""
    _ = locale
    parts = [f"**{_(STATES[wave.state])}**", _("{opens} to {closes}", opens=_.day(wave.opens), closes=_.day(wave.closes))]
    if wave.illustrative:
        parts.append(f"**{_('Illustrative figures')}**")
    return " · ".join(parts)


def choose_wave(services: Services, viewer: Viewer | None, locale: Locale, states: Collection[WaveState], none: str) -> Wave | None:
    """The wave of the address, else one of those in `states`; says `none` where there is nothing to choose."""
    _ = locale
    asked = st.query_params.get("wave")
    waves = {wave.id: wave for wave in reversed(services.design.waves(viewer)) if wave.state in states or wave.id == asked}
    if not waves:
        st.info(none)
        return None
    ids = list(waves)
    chosen = asked if asked in waves else ids[0]
    if len(ids) > 1:
        chosen = st.selectbox(
            _("Wave"), ids, index=ids.index(chosen), format_func=lambda one: wave_name(waves[one], _), key=f"{_PREFIX}wave"
        )
        st.query_params["wave"] = chosen
    else:
        st.header(plain(wave_title(waves[chosen], _)))
    st.markdown(describe(waves[chosen], _))
    return waves[chosen]


def survey_address(services: Services, locale: Locale) -> str:
    """The public address, asked for where the settings do not name it; empty while it is not one."""
    _ = locale
    address = st.text_input(
        _("Address of the survey, as phones open it"),
        kept("address", str) or services.settings.address,
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


# Units


def in_tree_order(register: UnitRegister) -> list[tuple[int, Unit]]:
    """Every unit with its depth: parents first, siblings by khối and Vietnamese alphabet."""
    below: dict[str | None, list[Unit]] = {}
    for unit in register:
        below.setdefault(unit.parent if unit.parent in register else None, []).append(unit)
    found: list[tuple[int, Unit]] = []

    def walk(parent: str | None, depth: int) -> None:
        for unit in sorted(below.get(parent, ()), key=lambda one: (_group_rank(one.group), sort_key(one.name_vi))):
            found.append((depth, unit))
            walk(unit.id, depth + 1)

    walk(None, 0)
    return found


def _group_rank(group: str) -> tuple[int, str]:
    known = list(GROUP_NAMES)
    return (known.index(group) if group in known else len(known), group)


def group_name(group: str, locale: Locale) -> str:
    names = GROUP_NAMES.get(group)
    return locale.pick(*names) if names else ("" if group == "tinh" else group)


# Files


def source_of(file: Any) -> Source:
    """An uploaded file as the readers want it; .gz is unpacked."""
    content = file.getvalue()
    if file.name.endswith(".gz"):
        try:
            return Source(file.name.removesuffix(".gz"), gzip.decompress(content), content)
        except (OSError, EOFError):
            return Source(file.name, content)
    return Source(file.name, content)


# Long work


class Work:
    """One long piece of work in a thread of its own: a closed tab or another click does not interrupt it."""

    def __init__(self, do: Callable[[Callable[[float, str], None]], Any]) -> None:
        self.share, self.step = 0.0, ""
        self.result: Any = None
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(do,))
        self._thread.start()

    def _run(self, do: Callable[[Callable[[float, str], None]], Any]) -> None:
        try:
            self.result = do(self._progress)
        except Exception as error:  # shown or raised again in the page that waits
            self.error = error

    def _progress(self, share: float, step: str) -> None:
        self.share, self.step = share, step

    @property
    def finished(self) -> bool:
        return not self._thread.is_alive()

    def wait(self, locale: Locale) -> Any:
        """Show a progress bar until it is done; its result, or its refusal raised here."""
        bar = st.progress(0.0, text=locale("Beginning…"))
        while not self.finished:
            bar.progress(min(max(self.share, 0.0), 1.0), text=locale(self.step) if self.step else locale("Beginning…"))
            time.sleep(0.2)
        bar.empty()
        if self.error is not None:
            raise self.error
        return self.result


def finish(name: str, locale: Locale, reassurance: str) -> Any:
    """The result of the work kept under `name`, waited for; None where no work was begun."""
    work = kept(name, Work)
    if work is None:
        return None
    note = st.empty()
    try:
        if not work.finished:
            note.info(reassurance)
        return work.wait(locale)
    finally:  # a rerun may interrupt the waiting, never the work
        if work.finished:
            note.empty()
            forget(name)


# A checklist

DONE, NEXT, LATER = N_("Done"), N_("Now"), N_("Later")
_STYLE = """<style>
.ln-steps{list-style:none;margin:0!important;padding:0!important;max-width:46rem}
.ln-steps li{margin:0!important;display:grid;grid-template-columns:2rem 1fr auto;gap:.25rem .75rem;padding:.45rem 0;border-bottom:1px solid #8A9BA055;align-items:baseline}
.ln-steps li:last-child{border-bottom:0}
.ln-steps .n{font-variant-numeric:tabular-nums;opacity:.75}
.ln-steps .now{font-weight:600}
.ln-steps .note{grid-column:2/-1;opacity:.8;font-size:.9rem}
</style>"""


def checklist(steps: list[tuple[str, str, str]], locale: Locale) -> None:
    """Steps as (name, DONE | NEXT | LATER, note); the state stands in words."""
    lines = []
    for number, (name, state, note) in enumerate(steps, start=1):
        now = ' class="now" aria-current="step"' if state == NEXT else ""
        extra = f'<span class="note">{html.escape(note)}</span>' if note else ""
        mark = "✓ " if state == DONE else "→ " if state == NEXT else ""
        lines.append(
            f'<li{now}><span class="n">{number}.</span><span>{html.escape(name)}</span>'
            f'<span><span aria-hidden="true">{mark}</span>{html.escape(locale(state))}</span>{extra}</li>'
        )
    st.html(f'{_STYLE}<ol class="ln-steps">{"".join(lines)}</ol>')
