"""Three engines look at a page for what keeps people out: axe-core, HTML_CodeSniffer, IBM's accessibility-checker-engine.

Each finds what the others do not. They look in one visit, in one question to the browser. In the other colour scheme the
elements are the same ones, so that only what colours decide is asked again; where they are not the same, everything is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_MODULES = Path(__file__).parents[1] / "node" / "node_modules"
_SCRIPTS = {"HTMLCS": _MODULES / "html_codesniffer" / "build" / "HTMLCS.js", "ace": _MODULES / "accessibility-checker-engine" / "ace.js"}
# What is no fault of ours, and why: most is Streamlit's own markup. `on`: where alone it is met, else on the pages.
EXCUSES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "engines.json").read_text(encoding="utf-8"))
_AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_LOOK = (Path(__file__).parent / "engines.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Finding:
    engine: str
    rule: str
    html: str
    said: str

    def excused(self, excuse: dict[str, Any]) -> bool:
        return bool(excuse["engine"] == self.engine and excuse["rule"] == self.rule and excuse["html"] in self.html)

    def __str__(self) -> str:
        return f"{self.engine} {self.rule}: {self.said} {self.html[:200]}"


@cache
def _engines() -> tuple[str, ...]:
    missing = [path for path in _SCRIPTS.values() if not path.exists()]
    if missing:
        pytest.fail("two of the engines are missing: run `npm ci` in tests/node, or `make test`, which does.")
    return AXE_SCRIPT, *(path.read_text(encoding="utf-8") for path in _SCRIPTS.values())


def broken(page: Page) -> tuple[list[str], set[int]]:
    """What they find beyond the excuses, and which excuses were needed.

    Only what lasts: Streamlit fades in what a run has drawn, and letters are paler until then.
    """
    found = _told_apart(page)
    if found[0]:
        page.wait_for_timeout(1500)
        found = _told_apart(page)
    return found


def look(page: Page) -> list[Finding]:
    if not page.evaluate("() => 'axe' in window && 'HTMLCS' in window && 'ace' in window"):
        straight = page.context.new_cdp_session(page)  # Playwright reads every script twice itself before it passes it on
        for script in _engines():
            straight.send("Runtime.evaluate", {"expression": script})
        straight.detach()
    found: list[dict[str, Any]] = page.evaluate(_LOOK, _AXE)
    return [Finding(**one) for one in found]


def _told_apart(page: Page) -> tuple[list[str], set[int]]:
    ours, needed = [], set()
    for one in look(page):
        excuses = [number for number, excuse in enumerate(EXCUSES) if one.excused(excuse)]
        needed.update(excuses[:1])
        if not excuses:
            ours.append(f"{page.url}: {one}")
    return ours, needed
