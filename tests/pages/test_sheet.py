"""The sheet without scripts: who gets one, what stands on it, what never does, and what is said where there is none."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from bootstrap import Services, Settings, build
from pages.plain import session, sheet
from pages.plain.headers import SecurityHeaders
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.verdicts import Verdicts
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate.public import public_csv
from survey.disseminate.results import Results
from survey.disseminate.sentences import criteria as criteria_sentences
from survey.disseminate.sheet.page import sheet as document
from survey.disseminate.sheet.reading import public_reading, reading
from survey.i18n import Locale
from survey.undertaking import PROGRESS, Progress, Undertaking
from tests.past_world import HIDDEN, settle_past
from tests.small_world import add_account

PASSWORD = "bon tu khong lien quan"
VI = Locale("vi")
LEADER = Viewer(name="a", role=Role.LEADER, unit="t.a")
CANARY, PRINTED = 98.76, ("98,8", "98,76", "99", "9.876", "9876")


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Release]]:
    """Stores with three published waves, made once: every test works on a copy."""
    folder = tmp_path_factory.mktemp("past")
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    releases = settle_past(services, marked=True)
    services.close()
    return folder, releases


@pytest.fixture
def releases(past: tuple[Path, dict[str, Release]]) -> dict[str, Release]:
    return past[1]


@pytest.fixture
def services(past: tuple[Path, dict[str, Release]], tmp_path: Path) -> Iterator[Services]:
    shutil.copytree(past[0], tmp_path / "stores")
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    yield made
    made.close()


@pytest.fixture
def client(services: Services) -> TestClient:
    routes = [*session.routes(lambda: services), *sheet.routes(lambda: services)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)]), follow_redirects=False)


def sign_in(client: TestClient, services: Services, unit: str | None = None, role: Role = Role.LEADER) -> TestClient:
    add_account(services, "nguoi.doc", role, PASSWORD, unit)
    client.post("/session/open", content=services.signing_in.sign_in("nguoi.doc", PASSWORD)[1], headers={"Origin": "http://testserver"})
    return client


class Seen(HTMLParser):
    """What a browser makes of a page: tags with attributes, links, the text that is read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def links(self) -> list[str]:
        return [str(found["href"]) for tag, found in self.tags if tag == "a"]

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag]


# What stands on it


def test_a_leader_gets_sentences_charts_and_tables_of_a_unit_in_one_answer(
    client: TestClient, services: Services, releases: dict[str, Release]
) -> None:
    answer = sign_in(client, services).get("/sheet?wave=2025&unit=t.a")
    seen, index = Seen(answer.text), releases["2025"].cell("t.a", INDEX)
    assert answer.status_code == 200 and isinstance(index, Cell)
    assert seen.named("html") == [{"lang": "vi"}]
    for said in (VI.number(index.score), VI.number(index.low), VI.number(index.high), "n = 50 phiếu", "20/06/2025", releases["2025"].hash):
        assert said in seen.text, said
    assert [found["id"] for found in seen.named("h2")] == ["themes", "trend", "mend", "criteria", "scores", "certificate"]
    assert len(seen.named("h1")) == 1 and len(seen.named("svg")) == 2 == len(seen.named("figcaption"))
    assert all(found.get("role") == "img" and found.get("aria-label") for found in seen.named("svg"))
    assert len(seen.named("caption")) == len(seen.named("table")) == 3
    assert {found.get("scope") for found in seen.named("th")} == {"col", "row"}


def test_what_is_done_with_the_answers_stands_on_it_for_whom_it_is_told(client: TestClient, services: Services) -> None:
    own = Undertaking(
        wave="2025", unit="t.a", measure="theme:KC", text="Họp <b>ngắn</b> lại.", owner="Văn phòng", due=date(2026, 1, 31),
        progress=Progress.DONE,
    )  # fmt: skip
    inner = replace(own, measure="item:KC1", text="Còn đang bàn.", progress=Progress.HEARD, announced=False)
    for one in (own, inner):
        services.undertakings.add(OPERATOR, one)
    public = Seen(client.get("/public/sheet?wave=2025").text)
    assert "undertaken" in {found.get("id") for found in public.named("h2")} and public.named("details") == [{"open": None}]
    assert all(
        said in public.text for said in ("Sở A", "Họp <b>ngắn</b> lại.", "31/01/2026", "Văn phòng", VI(PROGRESS[own.progress]).lower())
    )
    assert "Còn đang bàn" not in public.text
    seen = Seen(sign_in(client, services, unit="t.a").get("/sheet?wave=2025&unit=t.a").text)
    assert "Họp <b>ngắn</b> lại." in seen.text and f"({VI('not announced')})" in seen.text and not seen.named("details")
    assert "undertaken" not in {found.get("id") for found in Seen(client.get("/public/sheet?wave=2024").text).named("h2")}


def test_nothing_on_it_runs_and_its_policy_lets_nothing_run_or_load(client: TestClient, services: Services) -> None:
    sign_in(client, services)
    for path in ("/sheet?wave=2025&unit=t", "/public/sheet?wave=2025", "/sheet?wave=no", "/public/sheet?lang=fr"):
        answer = client.get(path)
        seen = Seen(answer.text)
        assert not {tag for tag, _ in seen.tags} & {"script", "link", "img", "iframe", "form"}
        assert not [name for _tag, found in seen.tags for name in found if name.startswith("on")]
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'none'" in policy and "form-action 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"


def test_the_units_below_stand_in_a_heatmap_and_each_name_leads_to_its_own_sheet(
    client: TestClient, services: Services, releases: dict[str, Release]
) -> None:
    page = sign_in(client, services).get("/sheet?wave=2025&unit=t%3Aso_ban_nganh").text
    below = [link for link in Seen(page).links if link.startswith("/sheet?wave=2025&unit=t.")]
    assert len(below) == 5 and client.get(below[0]).status_code == 200
    release, group = releases["2025"], "t:so_ban_nganh"
    themes = [f"theme:{theme.id}" for theme in release.questionnaire.themes]
    cells = [release.cell(unit, one) for unit in (group, *release.plan.children[group]) for one in (INDEX, *themes)]
    hidden = sum(not isinstance(cell, Cell) for cell in cells)
    assert hidden >= 10 and page.count('class="hid"') == hidden


def test_the_other_language_is_one_link_away_and_stays(client: TestClient, services: Services) -> None:
    seen = Seen(sign_in(client, services).get("/sheet?wave=2025&unit=t.a").text)
    (other,) = [link for link in seen.links if "lang=en" in link]
    english = Seen(client.get(other).text)
    assert english.named("html") == [{"lang": "en"}] and "Department A" in english.text
    assert any("unit=t&lang=en" in link for link in english.links)


def test_texts_of_people_are_text_on_it(services: Services, releases: dict[str, Release]) -> None:
    made = reading(services.results, OPERATOR, "2025", "t", VI)
    bad = '"}</style><script>alert(1)</script><b>&amp;'
    nodes = tuple(replace(node, name_vi=f"{bad}{node.id}") for node in made.release.plan.nodes)
    wave = replace(made.release.wave, title_vi=bad, plan=replace(made.release.plan, nodes=nodes))
    page = document(replace(made, releases=(*made.releases[:-1], replace(made.release, wave=wave))))
    seen = Seen(page)
    assert "<script" not in page and page.count("</style>") == 1
    assert seen.text.count(bad + "t") > 3


# What never stands on it


class Poisoned:
    """A store of releases in which everything `kept` does not name is a number that stands nowhere else."""

    def __init__(self, store: Any, kept: Any) -> None:
        self._store, self._kept = store, kept

    def load(self, wave_id: str) -> Release | None:
        release = self._store.load(wave_id)
        if release is None:
            return None
        cells = release.cells.copy()
        gone = ~self._kept(cells) | (cells["reason"] != "") & (cells["measure"] != "forms")
        cells.loc[gone, ["score", "low", "high", "favourable", "unfavourable", "sd"]] = CANARY
        cells.loc[gone, ["base"]] = 9876
        return replace(release, cells=cells, quality=None)

    def receipts(self, wave_id: str) -> str:
        return ""

    def comments(self, wave_id: str) -> tuple[()]:
        return ()


def poisoned(services: Services, kept: Any) -> Results:
    store: Any = services.results._releases
    return Results(services.waves, services.waves, Poisoned(store, kept))


def canaries(page: str) -> list[str]:
    words = re.findall(r"(?<![\w.,])\d[\d.,]*(?<=\d)(?!\w)", Seen(page).text)  # not the digits of a fingerprint
    return [word for word in words if word in PRINTED]


def test_no_number_beyond_a_viewers_part_is_on_any_sheet_he_may_open(services: Services, releases: dict[str, Release]) -> None:
    plan = releases["2025"].plan
    own = {"t.a", "t:so_ban_nganh", "t"}
    results = poisoned(services, lambda cells: cells["unit"].isin(own) & (cells["breakdown"] == ""))
    for unit in own:
        assert canaries(document(reading(results, LEADER, "2025", unit, VI))) == [], unit
    # The control: whoever may see all of it finds the number, so it would be seen here too.
    assert canaries(document(reading(results, OPERATOR, "2025", "t:so_ban_nganh", VI)))
    assert set(plan.by_id) > own


def test_what_is_hidden_is_on_no_sheet_and_in_no_picture(services: Services, releases: dict[str, Release]) -> None:
    results = poisoned(services, lambda cells: cells["unit"] != "nobody")
    hidden = sum(releases["2025"].cells["reason"] != "")
    pages = {node.id: document(reading(results, OPERATOR, "2025", node.id, VI)) for node in releases["2025"].nodes()}
    assert hidden and {unit: canaries(page) for unit, page in pages.items() if canaries(page)} == {}
    # The control: a release that forgot to hide it.
    leaky = poisoned(services, lambda cells: cells["unit"] != "nobody")
    forgetful: Any = leaky._releases
    forgotten = forgetful.load("2025")
    forgotten.cells.loc[forgotten.cells["unit"] == HIDDEN, "reason"] = ""
    forgetful.load = lambda wave_id: forgotten if wave_id == "2025" else None
    made = replace(reading(results, OPERATOR, "2025", "t:so_ban_nganh", VI), releases=(forgotten,), verdicts=Verdicts((forgotten,)))
    assert canaries(document(made))


def test_the_public_sees_the_whole_alone(services: Services, releases: dict[str, Release]) -> None:
    def whole(cells: Any) -> Any:
        return (cells["unit"] == "t") & (cells["breakdown"] == "")

    def public(cells: Any) -> Any:
        return whole(cells) & ~cells["measure"].str.startswith("item:")

    # A criterion is the mean of questions of the whole; none of these stands there by itself.
    results = poisoned(services, whole)
    page, file = document(public_reading(results, "2025", VI)), public_csv(poisoned(services, public), "2025", VI).decode("utf-8-sig")
    assert canaries(page) == [] and "98,76" not in file
    bare = replace(public_reading(poisoned(services, public), "2025", VI), ask_criteria=lambda: None)
    assert canaries(document(bare)) == [], "no question in the parts that are not of criteria"
    assert not [item.id for item in releases["2025"].questionnaire.items if item.vi in Seen(page).text]
    assert not [link for link in Seen(page).links if link.startswith(("/sheet", "/results"))]
    assert canaries(document(reading(results, OPERATOR, "2025", "t", VI))), "an organizer sees units and questions beside it"
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert {row["unit"] for row in rows} == {"t"} and {row["kind"] for row in rows} == {"forms", "index", "theme"}
    index = releases["2025"].cell("t", INDEX)
    assert isinstance(index, Cell) and index.score is not None
    assert float(next(row["score"] for row in rows if row["measure"] == "index").replace(",", ".")) == index.score
    assert VI.number(index.score) in Seen(page).text


@pytest.mark.parametrize("unit", ["t.a", "t:so_ban_nganh", None])
def test_by_the_plans_criteria_it_says_what_the_page_says(services: Services, unit: str | None) -> None:
    made = public_reading(services.results, "2025", VI) if unit is None else reading(services.results, LEADER, "2025", unit, VI)
    found = services.results.criteria(OPERATOR if unit is None else LEADER, "2025", unit or "t")
    assert found is not None and made.by_criteria is not None
    seen = Seen(document(made))
    part = seen.text.split("Theo tiêu chí của Kế hoạch", 1)[1].split(VI("The numbers"), 1)[0]
    for sentence in criteria_sentences(found, VI):
        assert sentence in part
    for one in found.lines:
        assert VI.pick(one.criterion.vi, one.criterion.en) in part and one.since is not None
        row = part.split(VI.pick(one.criterion.vi, one.criterion.en), 1)[1]
        for place in found.milestones:
            assert VI.number(one.waves[place].score) in row
    below = {node.name_vi for node in found.release.nodes() if node.parent is not None}
    assert below and not [name for name in below if name in part], "no unit is named"


# Who gets none, and what is said


def test_without_a_session_there_is_a_sentence_and_a_way_in_and_no_number(client: TestClient) -> None:
    answer = client.get("/sheet?wave=2025&unit=t.a")
    seen = Seen(answer.text)
    assert answer.status_code == 401 and VI("Please sign in first.") in seen.text
    assert "/results-overview?wave=2025&unit=t.a&lang=vi" in seen.links and "/public/sheet?lang=vi" in seen.links
    assert "Sở A" not in seen.text and not re.search(r"\d,\d", seen.text)


def test_a_session_that_has_ended_is_like_none(client: TestClient, services: Services) -> None:
    sign_in(client, services)
    assert client.get("/sheet?wave=2025&unit=t.a").status_code == 200
    client.post("/session/close", headers={"Origin": "http://testserver"})
    assert client.get("/sheet?wave=2025&unit=t.a").status_code == 401


def test_a_unit_of_others_is_refused_by_name_of_nobody_and_the_way_leads_to_his_own(client: TestClient, services: Services) -> None:
    answer = sign_in(client, services, "t.a").get("/sheet?wave=2025&unit=t.o")
    seen = Seen(answer.text)
    assert answer.status_code == 403 and "Sở O" not in seen.text
    home = client.get(seen.links[0])
    assert (home.status_code, home.headers["location"]) == (303, "/sheet?wave=2025&unit=t.a&lang=vi")


def test_a_wave_without_the_own_unit_is_not_called_unpublished(client: TestClient, services: Services) -> None:
    sign_in(client, services, "t.gone")
    answer = client.get("/sheet?wave=2025&unit=t.a")
    assert answer.status_code == 403 and "Sở A" not in Seen(answer.text).text


def test_a_custodian_has_no_sheet_and_a_first_password_is_changed_first(client: TestClient, services: Services) -> None:
    assert sign_in(client, services, role=Role.CUSTODIAN).get("/sheet?wave=2025&unit=t").status_code == 403
    services.accounts.add(OPERATOR, "moi", Role.LEADER, PASSWORD, None)
    ticket = services.signing_in.sign_in("moi", PASSWORD)[1]
    client.post("/session/open", content=ticket, headers={"Origin": "http://testserver"})
    answer = client.get("/sheet?wave=2025&unit=t")
    assert answer.status_code == 403 and "/account?lang=vi" in Seen(answer.text).links


@pytest.mark.parametrize(
    ("query", "said", "way"),
    [
        ("wave=1999&unit=t.a", "1999", "/sheet?wave=2025&lang=vi"),
        ("wave=2025&unit=t.zz", "t.zz", "/sheet?wave=2025&lang=vi"),
        ("wave=2025&unit=t.b", "t.b", "/sheet?wave=2025&unit=t.m&lang=vi"),  # merged away: where it went
        ("wave=2025&unit=t.a&lang=fr", "fr", "/sheet?wave=2025&unit=t.a&lang=vi"),
        ("wave=2025&unit=" + "x" * 5000, "x" * 60 + "…", "/sheet?wave=2025&lang=vi"),
        ("wave=%3Cb%3E&unit=t.a", "<b>", "/sheet?wave=2025&lang=vi"),
        ("wave=2025&unit=t.a%00%0A", "t.a", "/sheet?wave=2025&lang=vi"),
    ],
)
def test_what_is_not_there_is_said_with_a_way_on_and_nothing_stands_in_for_it(
    client: TestClient, services: Services, query: str, said: str, way: str
) -> None:
    answer = sign_in(client, services).get(f"/sheet?{query}")
    seen = Seen(answer.text)
    assert answer.status_code == 404
    assert said in seen.text and way in seen.links
    assert not re.search(r"\d,\d", seen.text), "no numbers of another wave or unit"
    assert client.get(way).status_code in (200, 303)


def test_the_address_is_filled_in_where_something_is_left_out(client: TestClient, services: Services) -> None:
    sign_in(client, services, "t.a")
    assert client.get("/sheet").headers["location"] == "/sheet?wave=2025&unit=t.a&lang=vi"
    assert client.get("/sheet?wave=2023&lang=en").headers["location"] == "/sheet?wave=2023&unit=t.a&lang=en"
    assert client.get("/public/sheet").headers["location"] == "/public/sheet?wave=2025&lang=vi"


def test_a_hidden_unit_says_why_and_where_its_answers_count(client: TestClient, services: Services) -> None:
    answer = sign_in(client, services).get(f"/sheet?wave=2025&unit={HIDDEN}")
    seen = Seen(answer.text)
    assert answer.status_code == 200 and "=Sở Nhỏ" in seen.text
    assert "ẩn" in seen.text and "Khối sở, ban, ngành" in seen.text
    assert not seen.named("svg") and not seen.named("table")


def test_a_wave_of_one_unit_has_a_sheet_too(services: Services, releases: dict[str, Release]) -> None:
    release = releases["2023"]
    node = replace(release.node("t.a"), parent=None)
    wave = replace(release.wave, plan=replace(release.plan, nodes=(node,)))
    alone = replace(release, wave=wave, cells=release.cells[release.cells["unit"] == "t.a"].reset_index(drop=True), quality=None)
    made = reading(services.results, OPERATOR, "2023", "t.a", VI)
    seen = Seen(document(replace(made, releases=(alone,), verdicts=Verdicts((alone,)))))
    assert [found["id"] for found in seen.named("h2")] == ["themes", "trend", "mend", "criteria", "scores", "certificate"]
    assert VI("There is no earlier wave to compare with.") in seen.text


def test_an_empty_installation_says_that_nothing_is_published(sqlite_services: Services) -> None:
    client = TestClient(Starlette(routes=[*session.routes(lambda: sqlite_services), *sheet.routes(lambda: sqlite_services)]))
    sign_in(client, sqlite_services)
    for path in ("/sheet", "/public/sheet", "/sheet?wave=2025&unit=t", "/public/sheet?wave=2025"):
        assert client.get(path).status_code == 404
    assert client.get("/public/data/2025").status_code == 404
