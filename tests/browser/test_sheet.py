"""The sheet in a real browser: on a phone, light and dark, under three kinds of looking, and on paper."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser.engines import broken
from tests.browser.world import LAST, World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser
SHEETS = {"tochuc": f"/sheet?wave={LAST}&unit=t", "lanhdao": f"/sheet?wave={LAST}&unit=t.a", None: f"/public/sheet?wave={LAST}"}
NOT_THERE = {"tochuc": "/sheet?wave=1999&unit=t", None: "/sheet?wave=2025&unit=t.a"}
A4 = (595, 842)  # points
# What lies outside the screen, and text that is wider than its box in a picture.
_OUTSIDE = """() => [document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('svg text')].filter(one => {
  const box = one.getBBox(); return box.x < 0 || box.x + box.width > 361 }).map(one => one.textContent)]"""


@pytest.mark.parametrize("who", [*SHEETS])
def test_it_fits_a_phone_and_breaks_no_rule_light_or_dark(browser: Browser, server: Server, world: World, who: str | None) -> None:
    context = signed_in(browser, server, world, who)
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    ours = []
    for path in (SHEETS[who], *([NOT_THERE[who]] if who in NOT_THERE else [])):
        page.goto(server.base + path)
        assert page.evaluate(_OUTSIDE) == [0], path
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            ours += [f"{scheme} {one}" for one in broken(page)[0]]
    context.close()
    assert ours == []


def test_it_prints_on_a4_with_whole_charts_and_no_heading_left_alone(browser: Browser, server: Server, world: World) -> None:
    context = signed_in(browser, server, world, "tochuc")
    page = context.new_page()
    page.goto(server.base + SHEETS["tochuc"])
    headings = page.locator("h2").all_inner_texts()
    pages = printed(page)
    texts = ["\n".join(line for line in one.extract_text().splitlines() if line.strip()) for one in pages]
    context.close()
    assert [(round(float(one.mediabox.width)), round(float(one.mediabox.height))) for one in pages] == [A4] * len(pages)
    assert 2 <= len(pages) <= 5
    for number, text in enumerate(texts, start=1):
        assert f"{number}/{len(pages)}" in text, "pages are numbered"
    for heading in headings:
        text = next(one for one in texts if heading in one)
        following = text.split(heading, 1)[1].splitlines()
        assert len(following) > 4, f"{heading} stands alone at the foot of a page"
    for chart in ("Chỉ số văn hóa công sở", "Thanh ngang: điểm (0-100)"):  # the first and last words of a chart
        assert any(chart in one for one in texts)
    (with_chart,) = [one for one in texts if "Thanh ngang: điểm (0-100)" in one]
    assert "Điểm theo nhóm nội dung" in with_chart, "the chart stands with its heading, whole"


def printed(page: Page) -> list:  # type: ignore[type-arg]
    return list(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)
