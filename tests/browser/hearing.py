"""How a picture is heard: as one sentence, without the numbers and labels it is drawn from, and with a table beside it."""

from __future__ import annotations

import re

from playwright.sync_api import Page

# What is there to be scanned or saved (pages/widgets/picture.still) shows no numbers: it has words, and no table.
# A chart of plotly's in Streamlit's frame, or a picture of our own large enough to show numbers; marked, so that each can be asked for.
_MARK = """() => {
  const frame = "[data-testid='stPlotlyChart']";
  const large = (one) => { const { width, height } = one.getBoundingClientRect(); return width >= 150 && height >= 100; };
  const found = [...document.querySelectorAll(`${frame}, main svg, main img, [data-testid='stMain'] svg, [data-testid='stMain'] img`)]
    .filter((one) => large(one) && !one.matches(".ln-still") && !one.parentElement.closest(`${frame}, svg`));
  found.forEach((one, number) => one.setAttribute("data-picture", number));
  return found.length;
}"""
_SENTENCE = re.compile(r"- '?img \"[^\"]*\w+ \w+ \w[^\"]*\"'?")
_CAMERA = ["toolbar", "button", "img"]  # plotly's buttons, which have names


def unheard(page: Page) -> list[str]:
    """What a reader would hear of this page's pictures beside their sentences; and that a table is missing."""
    count, found = int(page.evaluate(_MARK)), []
    for number in range(count):
        heard = page.locator(f"[data-picture='{number}']").aria_snapshot()
        first, *others = heard.splitlines() or [""]
        if not _SENTENCE.fullmatch(first):
            found.append(f"{page.url}: no sentence of a picture but {heard[:200]}")
        elif [one.strip().split(" ")[1].strip(":") for one in others] not in ([], _CAMERA):
            found.append(f"{page.url}: more than its sentence is heard of a picture: {heard[:400]}")
        if page.locator(f"[data-picture='{number}'] a:not([tabindex='-1'])").count():
            found.append(f"{page.url}: the keyboard stops inside a picture")
    for alt in page.locator("img.ln-still").evaluate_all("pictures => pictures.map(one => one.alt)"):
        if not re.search(r"\w+ \w+", alt):
            found.append(f"{page.url}: a picture to scan or to save without words: {alt}")
    _open_tables(page)
    tables = page.locator("main table, [data-testid='stMain'] table").count()
    return found if tables >= count else [*found, f"{page.url}: {count} pictures and {tables} tables"]


def _open_tables(page: Page) -> None:
    """Those under the pictures come when somebody asks for them."""
    for asked in page.locator("[class*='st-key-table-']").all():
        if not asked.locator("details[open]").count():
            asked.locator("summary").click()
        asked.locator("table").first.wait_for()
