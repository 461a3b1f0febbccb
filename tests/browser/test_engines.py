"""Three engines on the live pages, light and dark: nothing in our own markup; what Streamlit itself breaks is listed with its reason."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.navigation.catalogue import CUSTODY, ORGANIZE, OWN, PUBLIC, RESULTS, SIGN_IN, PageSpec
from survey.access import OPERATOR, Role, Viewer
from survey.undertaking import Undertaking
from tests.browser import visitor
from tests.browser.engines import EXCUSES, broken, look
from tests.browser.hearing import unheard
from tests.browser.visitor import TEXT, heading
from tests.browser.world import LAST, World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser
FORM = PUBLIC[1]
Scheme = Literal["light", "dark"]
# A chart is drawn when its part of the bundle has come, which may be after the page's run.
DRAWN = """() => !document.querySelector('[data-testid=stSkeleton]')
  && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every((chart) => chart.querySelector('.main-svg'))"""
PAPER: dict[Scheme, str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 25, 27)"}  # .streamlit/config.toml
FORM_PAPER: dict[Scheme, str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 25, 26)"}  # form.css


FAULTS_OF_ALL_RULES = """async () => (await ibm.check(document, ["WCAG_2_2"])).results
  .filter(({ value }) => value[1] === "FAIL").map(({ ruleId }) => ruleId)"""
# Who opens which pages. The form has its own walk below, sheets on a phone in test_sheet.
READERS: dict[str | None, tuple[PageSpec, ...]] = {
    None: tuple(spec for spec in (*PUBLIC, SIGN_IN) if spec is not FORM), "lanhdao": (*RESULTS, OWN), "tochuc": ORGANIZE, "giukhoa": CUSTODY,
}  # fmt: skip


@pytest.fixture(scope="module")
def needed() -> dict[str | None, set[int]]:
    """reader -> the excuses that were needed on the pages."""
    return {}


@pytest.mark.parametrize("name", READERS)
def test_pages_break_no_rule_in_our_own_markup(
    name: str | None, needed: dict[str | None, set[int]], browser: Browser, server: Server, world: World
) -> None:
    ours: list[str] = []
    if name == "lanhdao":
        undertake(world)
    context = signed_in(browser, server, world, name)
    page = context.new_page()
    excuses: set[int] = set()
    for spec in READERS[name]:
        if spec in ORGANIZE[1:]:  # others have a first look of their own, or leave the tools of their charts behind
            go_on(page, spec)
        else:
            page.goto(f"{server.base}/{spec.url_path}")
        expect(page.locator("h1").first).to_be_visible()
        # Colours that change while the first message comes leave Streamlit's own dark for good: it listens with what it knew before.
        visitor.settled(page)
        page.mouse.move(1430, 890)  # without a window it begins in the corner above, on the menu, which shows its button to it
        for scheme, paper in PAPER.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            expect(page.locator("[data-testid='stApp']")).to_have_css("background-color", paper)
            visitor.settled(page)
            expect(page.locator("[data-stale='true']")).to_have_count(0)
            page.wait_for_function(DRAWN)
            found, excused = broken(page)
            ours += [f"{scheme} {one}" for one in found]
            excuses |= excused
        ours += unheard(page)
    if name is None:
        page.goto(f"{server.base}/public/sheet?wave={LAST}")
        found, excused = broken(page)
        ours, excuses = [*ours, *found, *unheard(page)], excuses | excused
    context.close()
    needed[name] = excuses
    assert ours == []


def go_on(page: Page, spec: PageSpec) -> None:
    """To another page as the browser's own buttons go, which do not load Streamlit anew; its heading comes with the run that draws it."""
    left = page.locator("h1").first.inner_text()
    page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", f"/{spec.url_path}")
    expect(page.locator("h1").first).not_to_have_text(left)


def undertake(world: World) -> None:
    """Something for the pages that tell what is being done."""
    services = world.services()
    leader = Viewer(name="lanhdao", role=Role.LEADER, unit="t.a")
    release = services.results.release(leader, LAST)
    for measure in ("theme:KC", f"item:{release.questionnaire.items[0].id}"):
        services.undertakings.add(
            leader,
            Undertaking(wave=LAST, unit="t.a", measure=measure, text="Họp giao ban ngắn lại.", owner="Văn phòng", due=release.wave.closes),
        )
    services.close()


def test_every_excuse_is_needed(needed: dict[str | None, set[int]]) -> None:
    if needed.keys() != READERS.keys():
        pytest.skip("nothing to say without the walks above")
    met = set().union(*needed.values())
    assert [one for n, one in enumerate(EXCUSES) if n not in met and "on" not in one] == []


@pytest.mark.parametrize("place", ["/p", "/answer"])
def test_the_form_breaks_no_rule_in_any_step(browser: Browser, server: Server, world: World, place: str) -> None:
    # A tall screen: axe takes what lies under the sticky bar for a target that is too small.
    context = browser.new_context(viewport={"width": 390, "height": 3000}, locale="vi-VN", bypass_csp=True)
    page = context.new_page()
    ours: list[str] = []
    needed: set[int] = set()

    def look_at_it() -> None:
        for scheme, paper in FORM_PAPER.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            expect(page.locator(".ln-form")).to_have_css("background-color", paper)
            found, excused = broken(page)
            ours.extend(f"{scheme} {one}" for one in found)
            needed.update(excused)

    page.goto(server.base + place)
    expect(page.locator("#ln-code")).to_be_visible()
    look_at_it()
    visitor.enter_code(page, "0" * 16)
    expect(page.get_by_role("alert")).not_to_be_empty()
    look_at_it()
    visitor.enter_code(page, world.codes["Sở A"].pop())
    expect(page.get_by_text(TEXT["fact_time"])).to_be_visible()
    look_at_it()
    visitor.next_step(page)
    visitor.answer_theme(page, "Đồng ý")
    page.locator("summary").click()
    look_at_it()
    while page.locator("textarea").count() == 0:
        visitor.next_step(page)
    look_at_it()
    while heading(page).inner_text() != TEXT["stored_title"]:
        visitor.next_step(page)
        look_at_it()
    page.locator("#ln-next").click()
    visitor.receipt(page)
    look_at_it()
    context.close()
    assert ours == []
    assert [one for n, one in enumerate(EXCUSES) if n not in needed and place in one.get("on", ())] == []


def test_a_kiosk_and_the_way_to_an_account_break_no_rule_on_a_phone(browser: Browser, server: Server, world: World) -> None:
    services = world.services()
    link = services.accounts.invite(OPERATOR, "moi.den", Role.LEADER, "t.a")
    services.close()
    context = visitor.phone(browser, bypass_csp=True)
    page = context.new_page()
    ours: list[str] = []
    for address, there in (
        (f"{server.base}/p?kiosk=1", "#ln-code"), (f"{server.base}/join?lang=vi", "input"), (link.address(server.base, "vi"), "[type=password]"),
    ):  # fmt: skip
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator(there).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        for scheme in PAPER:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            ours += [f"{scheme} {one}" for one in broken(page)[0]]
        ours += unheard(page)
    context.close()
    assert ours == []


def test_faults_of_every_kind_are_found(browser: Browser) -> None:
    """Control: a page of each engine's faults, first in the light, and in the dark what only colours decide."""
    page = visitor.desk(browser).new_page()
    page.set_content(
        "<html lang=vi><title>x</title><style>p { color: #555; background: #fff } @media (prefers-color-scheme: dark) { p { color: #bbb } }"
        "</style><main><h1>x</h1><p>Một dòng chữ</p><input aria-describedby=gone><a href=x></a><label for=b></label><input id=b></main>"
    )
    page.emulate_media(color_scheme="light")
    found = look(page)
    light = {(one.engine, one.rule) for one in found}
    assert [one.rule for one in found if one.engine == "ibm"] == page.evaluate(FAULTS_OF_ALL_RULES)  # none is left out with its rule
    page.emulate_media(color_scheme="dark")
    dark = {(one.engine, one.rule) for one in look(page)}
    assert {engine for engine, _rule in light} == {"pointers", "axe", "htmlcs", "ibm"}
    assert ("pointers", "aria-describedby") in light
    contrast = {("axe", "color-contrast"), ("ibm", "text_contrast_sufficient")}
    assert not contrast & light and contrast <= dark
    page.context.close()


def test_pictures_that_are_more_than_their_sentence_are_caught(browser: Browser, server: Server, world: World) -> None:
    """Control: a chart as plotly draws it, without the script that names it; and pictures whose letters are read out."""
    context = signed_in(browser, server, world, "lanhdao")
    page = context.new_page()
    page.route("**/wording.js*", lambda route: route.abort())
    page.goto(f"{server.base}/results-item?lang=en")
    expect(page.locator("svg.main-svg").first).to_be_visible()
    visitor.settled(page)
    assert any("a picture" in one for one in unheard(page))
    hidden, size = "<g aria-hidden=true>", "width=300 height=200 role=img"
    for picture, faults in {
        f"<svg {size} aria-label='Điểm của ba nhóm'>{hidden}<text y=20>34,0</text></g></svg><table><tr><td>34,0</table>": 0,
        f"<svg {size} aria-label='Điểm của ba nhóm'><text y=20>34,0</text></svg><table><tr><td>34,0</table>": 1,
        f"<svg {size} aria-label='Điểm'>{hidden}<text y=20>34,0</text></g></svg><table><tr><td>34,0</table>": 1,
        f"<svg {size} aria-label='Điểm của ba nhóm'>{hidden}<text y=20>34,0</text></g></svg>": 1,
        f"<svg {size} aria-label='Điểm của ba nhóm'>{hidden}<a href=x><text y=20>x</text></a></g></svg><table><tr><td>34,0</table>": 1,
        "<img width=300 height=200 src=data:,><table><tr><td>34,0</table>": 1,
    }.items():
        page.set_content(f"<main>{picture}</main>")
        assert len(unheard(page)) == faults, picture
    context.close()
