"""Past answers come in by clicks alone: a file is uploaded, looked at, put right from lists, stored, published, taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role
from survey.design.units_file import read_units
from survey.design.wave import WaveState
from survey.source import Source
from tests.browser import visitor
from tests.browser.engines import broken
from tests.browser.visitor import VI
from tests.browser.world import PASSWORD
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.design.test_limesurvey import UNITS
from tests.nursery import serving
from tests.server import Server
from tests.small_world import add_account

pytestmark = pytest.mark.browser
OFFICER = REPOSITORY / "tests" / "data" / "cases" / "officer"


class Desk:
    """An organizer at the page of past results, and the stores behind it."""

    def __init__(self, page: Page, server: Server, settings: Settings) -> None:
        self.page, self.server, self.settings = page, server, settings
        self.line = Line(settings)

    def upload(self, file: Path) -> None:
        self.page.goto(f"{self.server.base}/organize/imports")
        self.page.locator("input[type=file]").first.set_input_files(file)
        expect(self.page.get_by_role("heading", name=VI("What the columns mean"))).to_be_visible()
        visitor.settled(self.page)

    def choose(self, label: str, option: str) -> None:
        visitor.choose(self.page, label, option)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()
        visitor.settled(self.page)

    def press_until(self, label: str, said: str) -> None:
        """A click that falls into a run of the script may be swallowed: then once more, as a person would."""
        button, answer = self.page.get_by_role("button", name=label, exact=True), self.page.get_by_text(said)
        for _attempt in range(4):
            if button.is_visible():
                self.press(label)
            try:
                return expect(answer).to_be_visible(timeout=15_000)
            except AssertionError:
                visitor.settled(self.page)
        raise AssertionError(f"{label} does nothing")

    def tick(self, label: str) -> None:
        self.page.locator("[data-testid='stCheckbox'] label").filter(has_text=label).click()
        visitor.settled(self.page)

    def store(self, wave: str, accessible: bool = False) -> None:
        self.press(VI("Look at the result"))
        expect(self.page.get_by_role("heading", name=VI("What is hidden, what is shown, and to whom"))).to_be_visible(timeout=120_000)
        assert not accessible or broken(self.page)[0] == []
        self.tick(VI("The figures are right"))
        self.press(VI("Store as a draft"))
        expect(self.page.get_by_text(VI("Stored as a draft: {waves}. Nobody but organizers sees it.", waves=wave))).to_be_visible(
            timeout=60_000
        )

    def results(self, wave: str, unit: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.line.done("results", "--wave", wave, "--unit", unit, "--json"))
        return found

    def state(self, wave: str) -> WaveState:
        services = build(self.settings)
        found = services.design.wave(OPERATOR, wave).state
        services.close()
        return found


def lime(services: Services, data: Path) -> None:
    rows = "".join(f"uk.{number};{name};uk\n" for number, name in enumerate(UNITS))
    units = f"id;name_vi;parent\nuk;Vương quốc Anh;\n{rows}"
    services.design.save_units(OPERATOR, read_units(Source("units.csv", units.encode())))
    form = services.design.read_form(OPERATOR, Source.open(data / "limesurvey" / "2017_uk_core_survey.lss"), leave_out=True)
    services.design.save_questionnaire(OPERATOR, form.questionnaire)


def google(services: Services, _data: Path) -> None:
    from survey.design.questionnaire_file import shipped_questionnaires

    services.design.save_units(OPERATOR, read_units(Source.open(OFFICER / "u2.csv")))
    services.design.save_questionnaire(OPERATOR, shipped_questionnaires()[0])


@pytest.fixture
def at_desk(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, shared_data: Path) -> Iterator[Desk]:
    environment = {"LANGNGHE_DATA_DIR": str(tmp_path / "stores"), "LANGNGHE_COOKIE_KEY": "a long secret, only for tests, 32+"}
    settings = Settings.read(environment)
    services = build(settings)
    request.param(services, shared_data)
    add_account(services, "tochuc", Role.ORGANIZER, PASSWORD)
    ticket = services.signing_in.sign_in("tochuc", PASSWORD)[1]
    services.close()
    with serving(environment, tmp_path) as server:
        context = visitor.desk(browser, accept_downloads=True)
        assert context.request.post(f"{server.base}/session/open", data=ticket, headers={"Origin": server.base}).ok
        yield Desk(context.new_page(), server, settings)
        context.close()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("at_desk", [lime], indirect=True)
def test_answers_of_limesurvey_come_in_by_clicks_alone(at_desk: Desk, shared_data: Path, tmp_path: Path) -> None:
    answers = shared_data / "limesurvey" / "2017_uk_public_data.csv"
    at_desk.upload(answers)
    page = at_desk.page
    expect(
        page.get_by_text(VI("Found: {rows} rows below the header in row {row}, {columns} columns.", rows=253, row=1, columns=244))
    ).to_be_visible()
    expect(page.get_by_text(VI("{n} values have no meaning yet.", n=3))).to_be_visible()
    at_desk.choose(VI("Meaning of {column}", column="National laboratory"), VI("no answer"))
    for value in ("Permanent -- as long as funding is available", "Permanent -- funded by University core funding"):
        at_desk.choose(VI("Meaning of {column}", column=value), "Permanent")
    expect(page.get_by_role("button", name=VI("Look at the result"), exact=True)).to_be_visible()  # every value has its meaning now
    visitor.settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=VI("Keep this mapping (YAML)")).click()
    mapping = tmp_path / "mapping.yaml"
    download.value.save_as(mapping)
    at_desk.store("2017")
    assert at_desk.state("2017") is WaveState.CLOSED
    by_clicks = at_desk.results("2017", "uk")
    assert by_clicks["base"] == 227

    at_desk.press_until(VI("Publish the wave {wave}", wave="2017"), VI("The wave {wave} is published.", wave="2017"))
    assert at_desk.state("2017") is WaveState.PUBLISHED
    page.get_by_text(VI("Published imports ({n})", n=1)).click()
    back = VI("The wave {wave} is no longer published; only organizers see it.", wave="2017")
    at_desk.press_until(VI("Withdraw the publication of {wave}", wave="2017"), back)
    assert at_desk.state("2017") is WaveState.CLOSED

    # The file that was kept is the one the command reads: the same numbers in other stores.
    other = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "other")}))
    services = build(other.settings)
    lime(services, shared_data)
    (questionnaire,) = services.design.questionnaires(OPERATOR)
    services.close()
    other.done("import", "responses", answers, "--questionnaire", questionnaire.id, "--mapping", mapping)
    assert json.loads(other.done("results", "--wave", "2017", "--unit", "uk", "--json")) == by_clicks


@pytest.mark.timeout(300)
@pytest.mark.parametrize("at_desk", [google], indirect=True)
def test_a_google_form_comes_in_by_clicks_alone_with_the_headcounts_of_then(at_desk: Desk, tmp_path: Path) -> None:
    at_desk.upload(OFFICER / "p1_google_forms.xlsx")
    expect(at_desk.page.get_by_label(VI("Wave of all rows"), exact=True)).to_have_value("2024")
    expect(at_desk.page.get_by_text("Sở KH&ĐT (11 dòng, dòng đầu tiên: ")).to_be_visible()  # guessed, and so shown
    heads = tmp_path / "so-nguoi.csv"
    heads.write_text("Đợt;Đơn vị;Số người\n2024;Sở Nội vụ;80\n2024;so.tc;20\n2024;Sở Kế hoạch và Đầu tư;40\n2024;so.vhttdl;20\n")
    at_desk.page.get_by_text(VI("I have the headcounts of that time")).click()
    visitor.settled(at_desk.page)
    at_desk.page.locator("input[type=file]").nth(1).set_input_files(heads)
    visitor.settled(at_desk.page)
    expect(at_desk.page.get_by_text("Sở KH&ĐT (11 dòng, dòng đầu tiên: ")).to_be_visible()  # nothing that was chosen is lost
    assert broken(at_desk.page)[0] == []
    at_desk.store("2024", accessible=True)
    found = at_desk.results("2024", "so.khdt")
    assert (found["base"], found["headcount"], found["response_rate"]) == (28, 40, 70)
