"""An address that asks for what is not there: every page says so, names what it shows instead, and forgets the wish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, Settings, build
from pages.plain.sheet import NOT_WRITTEN
from pages.widgets.waves import wave_name
from survey.access import OPERATOR, Role, Viewer
from survey.i18n import LANGUAGES, Locale
from tests.conftest import REPOSITORY
from tests.pages.looking import look, unbroken
from tests.past_world import WAVES, settle_past

VI = Locale("vi")
GOVERNOR = Viewer(name="lanhdao", role=Role.LEADER)
ORGANIZER = Viewer(name="tochuc", role=Role.ORGANIZER)
WHOLE, NEWEST = "Tỉnh Thử", "Đợt khảo sát 2025"
INDEX = VI("Workplace culture index")
NOWHERE = "no-such"
# Page -> what its address may say -> what is shown instead of nonsense (with what else the address says).
LEADERS: dict[str, dict[str, str]] = {
    "overview": {"wave": NEWEST, "unit": WHOLE},
    "trend": {"wave": NEWEST, "unit": WHOLE, "measure": INDEX, "view": VI("Recast to today's structure"), "beside": WHOLE},
    "item": {"wave": NEWEST, "unit": WHOLE, "item": "TQ1."},
    "breakdowns": {"wave": NEWEST, "unit": WHOLE, "measure": INDEX},
    "comparison": {
        "wave": NEWEST, "group": WHOLE, "view": VI("Against the group"), "columns": VI("Index and themes: score"), "sort": INDEX,
    },
    "criteria": {"wave": NEWEST, "unit": WHOLE, "criterion": "MT1."},
    "drivers": {"wave": NEWEST, "group": WHOLE},
    "comments": {"wave": NEWEST, "unit": WHOLE, "question": VI("All questions")},
}  # fmt: skip
# An organizer's page -> the wave it shows.
ORGANIZERS = {
    "opening": "2027",
    "fieldwork": "2026",
    "close": "2026",
    "slips": "2027",
    "invitations": "2027",
    "comments": "2025",
    "downloads": "2025",
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("addresses"))}))
    settle_past(made)
    for wave, today in (("2026", made.clock.today()), ("2027", made.clock.today() + timedelta(days=20))):
        draft = {"plan": {"shares": 1, "shares_needed": 1}}
        made.design.create_wave(OPERATOR, wave, "vhcs-core", today - timedelta(days=3), today + timedelta(days=7), **draft)
    made.fieldwork.print_codes(OPERATOR, "2026")
    made.fieldwork.open_wave(OPERATOR, "2026")
    yield made
    made.close()


def viewer_of(page: str) -> Viewer | None:
    return {"leader": GOVERNOR, "organizer": ORGANIZER}.get(page.partition(".")[0])


def told(at: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in at.warning]


def instead(asked: str, shown: str) -> str:
    return VI("“{asked}” is not here, or not yours to see. Shown is: {shown}.", asked=asked, shown=shown)


@pytest.mark.parametrize(("page", "name", "shown"), [(page, *one) for page, names in LEADERS.items() for one in names.items()])
def test_every_filter_of_the_leaders_says_what_is_not_there(page: str, name: str, shown: str, services: Services) -> None:
    at = look(f"leader.{page}", services, GOVERNOR, **{name: NOWHERE})
    [said] = told(at)
    assert said.startswith(instead(NOWHERE, shown).removesuffix("."))
    assert name not in at.query_params and told(unbroken(at.run())) == []


@pytest.mark.parametrize("page", LEADERS)
def test_what_is_there_is_shown_without_a_word(page: str, services: Services) -> None:
    theme = services.results.release(GOVERNOR, "2024").questionnaire.themes[0]
    asked = {
        "wave": "2024",
        "unit": "t.a",
        "group": "t:so_ban_nganh",
        "measure": f"theme:{theme.id}",
        "item": "TQ2",
        "view": "was",
        "beside": "t.o",
    }
    if page == "comparison":
        asked |= {"view": "whole", "columns": "shares", "sort": "name"}
    at = look(f"leader.{page}", services, GOVERNOR, **{name: asked[name] for name in LEADERS[page] if name in asked})
    assert told(at) == []


def test_the_list_above_names_every_filter() -> None:
    for page, names in LEADERS.items():
        code = (REPOSITORY / "pages" / "leader" / f"{page}.py").read_text(encoding="utf-8")
        found = set(re.findall(r'(?:picked|several)\(\s*"(\w+)"', code)) | ({"measure"} if "pick_measure(chosen" in code else set())
        assert found | {"wave", "group" if "parents_only=True" in code else "unit"} == set(names)


@pytest.mark.parametrize("page", ORGANIZERS)
def test_every_page_of_the_organizers_says_which_wave_it_shows_instead(page: str, services: Services) -> None:
    wave = services.design.wave(OPERATOR, ORGANIZERS[page])
    at = look(f"organizer.{page}", services, ORGANIZER, wave=NOWHERE)
    assert instead(NOWHERE, wave_name(wave, VI)) in told(at)
    assert instead(NOWHERE, wave_name(wave, VI)) not in told(unbroken(at.run()))
    assert not any(NOWHERE in one for one in told(look(f"organizer.{page}", services, ORGANIZER, wave=wave.id)))


def test_the_public_page_says_which_waves_it_shows_and_begins_with_the_one_asked_for(services: Services) -> None:
    at = look("respondent.public", services, None, wave=NOWHERE)
    assert told(at) == [instead(NOWHERE, ", ".join(f"Đợt khảo sát {year}" for year in sorted(WAVES, reverse=True)))]
    assert "wave" not in at.query_params and told(unbroken(at.run())) == []
    for asked, order in (("2024", ["2024", "2025", "2023"]), ("2026", ["2025", "2024", "2023"])):  # 2026 is in the field
        at = look("respondent.public", services, None, wave=asked)
        assert [one.value.split(" · ")[0] for one in at.header] == [f"Đợt khảo sát {year}" for year in order]
        assert bool(told(at)) == (asked == "2026")


def test_more_units_than_are_there_are_named_with_those_that_stand(services: Services) -> None:
    at = look("leader.trend", services, GOVERNOR, unit="t.a", beside="t.o,t.b,no-such,t.a")
    assert told(at) == [instead("Sở B, no-such", "Sở A, Sở O")]


def test_an_endless_wish_is_cut(services: Services) -> None:
    [said] = told(look("leader.overview", services, GOVERNOR, wave="x" * 5000))
    assert len(said) < 200


def _framed(services: object, viewer: object, default: str) -> None:
    from pages.navigation import frame
    from pages.respondent import public
    from survey.i18n import Locale

    locale = Locale(frame.language(default))
    frame.begin(locale, viewer)
    public.render(services, viewer, locale)


@pytest.mark.parametrize("default", LANGUAGES)
def test_a_language_that_is_not_there_is_told_in_all_and_the_installations_own_is_shown(default: str, services: Services) -> None:
    at = AppTest.from_function(_framed, default_timeout=60, args=(services, None, default))
    at.query_params["lang"] = "fr"
    at = unbroken(at.run())
    assert told(at) == ["  \n".join(Locale(one)(NOT_WRITTEN, language="fr") for one in LANGUAGES)]
    assert at.title[0].value == Locale(default)("Public results")
    assert "lang" not in at.query_params and told(unbroken(at.run())) == []
    at = AppTest.from_function(_framed, default_timeout=60, args=(services, None, default))
    at.query_params["lang"] = "en"
    assert told(unbroken(at.run())) == [] and at.title[0].value == Locale("en")("Public results")
