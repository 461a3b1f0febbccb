"""Long work: it goes on in a thread of its own, and a page shows how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.widgets.organizer import forget, kept
from survey.i18n import Locale


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
