"""What people and files have written is shown as text: no page makes a link, bold, colour or formula of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from bootstrap import Services, Settings, build
from pages.widgets.organizer import plain
from survey.access import OPERATOR, Role, Viewer
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire, shipped_questionnaires
from survey.design.units import Unit, UnitRegister
from tests.pages.looking import LEADERS, ORGANIZERS, look
from tests.small_world import answers

BAD = "[x](http://a.example) **b** :red[c] $x$ <i>"
MARKS = ("[x](http", "**b**", ":red[c]", "$x$", "<i>")
LEADER = Viewer(name="lanhdao", role=Role.LEADER)
CUSTODIAN = Viewer(name="giukhoa", role=Role.CUSTODIAN)
# Fields of Streamlit's elements that its browser side shows as they are.
AS_IT_IS = frozenset(
    {"selectbox.options", "multi_select.options", "multi_select.default", "text_input.default", "text_input.value", "text_input.placeholder", "text_area.default",
     "text_area.value", "text_area.placeholder", "code.code_text", "selectbox.raw_value", "download_button.url", "plotly_chart.spec",
     "page_link.page", "page_link.query_string", "plotly_chart.config", "plotly_chart.alt", "selectbox.placeholder"}
)  # fmt: skip


def hostile(text: str) -> str:
    return f"{text[:12]} {BAD}"


def _all_hostile(document: Any) -> Any:
    """The document of a questionnaire with every text that people read made hostile."""
    if isinstance(document, dict):
        return {
            name: hostile(value) if isinstance(value, str) and name in ("vi", "en", "title_vi", "title_en") else _all_hostile(value)
            for name, value in document.items()
        }
    return [_all_hostile(one) for one in document] if isinstance(document, list) else document


def hostile_questionnaire() -> Questionnaire:
    made = build_questionnaire("hostile.yaml", _all_hostile(json.loads(json.dumps(dict(shipped_questionnaires()[0].source)))), {})
    assert BAD in made.title_vi and all(BAD in one.vi and BAD in one.en for one in (*made.items, *made.themes, *made.breakdowns))
    return made


def _wave(services: Services, wave_id: str, opens: date, people: int) -> Any:
    plan = {"shares": 1, "shares_needed": 1}
    title = hostile(wave_id)
    services.design.create_wave(
        OPERATOR, wave_id, "vhcs-core", opens, opens + timedelta(days=10), plan=plan, title_vi=title, title_en=title
    )
    slips: dict[str, list[str]] = {}
    for slip in services.fieldwork.print_codes(OPERATOR, wave_id):
        slips.setdefault(slip.unit_name, []).append(slip.code)
    _opened, shares = services.fieldwork.open_wave(OPERATOR, wave_id)
    questionnaire = services.design.questionnaires(OPERATOR)[-1]
    for codes in slips.values():
        for number, code in enumerate(codes[:people]):
            first = questionnaire.breakdowns[0]
            sent = {
                "answers": answers(questionnaire, 2 + number % 3),
                "comments": {questionnaire.open_questions[0].id: f"{number} {BAD}"},
                "breakdowns": {first.id: first.categories[number % 2].value},
            }
            services.collect.submit(code, sent, opens)
    return shares


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Two published waves and one in the field, everything in them named by somebody hostile."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    today = made.clock.today()
    units = [Unit(id=f"t.{n}", name_vi=hostile(f"Sở {n}"), name_en=hostile(f"Dep {n}"), kind="so", group="so_ban_nganh", parent="t", headcount=40)
             for n in range(4)]  # fmt: skip
    made.design.save_units(OPERATOR, UnitRegister((Unit(id="t", name_vi=hostile("Tỉnh"), kind="tinh", group="tinh"), *units)))
    made.design.save_questionnaire(OPERATOR, hostile_questionnaire())
    for wave_id, opens in (("2025", today - timedelta(days=400)), ("2026", today - timedelta(days=40))):
        made.closing.close(OPERATOR, wave_id, _wave(made, wave_id, opens, 35))
        made.commenting.accept(OPERATOR, wave_id)
        made.closing.publish(OPERATOR, wave_id)
    _wave(made, "2027", today - timedelta(days=2), 3)
    yield made
    made.close()


def strings(message: Message, path: str) -> Iterator[tuple[str, str]]:
    """Every text of an element, with the field it stands in."""
    for field, value in message.ListFields():
        place = f"{path}.{field.name}"
        if field.type == field.TYPE_MESSAGE:
            for one in value if field.is_repeated else [value]:
                if isinstance(one, Message):
                    yield from strings(one, place)
        elif field.type == field.TYPE_STRING:
            for one in value if field.is_repeated else [value]:
                yield place, one


def elements(at: AppTest) -> Iterator[Any]:
    def walk(node: Any) -> Iterator[Any]:
        if getattr(node, "proto", None) is not None:
            yield node
        for child in getattr(node, "children", {}).values():
            yield from walk(child)

    yield from walk(at._tree)


def marked(at: AppTest) -> list[str]:
    """Where a page would make something of what was written."""
    found = []
    for element in elements(at):
        kind = re.sub(r"(?<!^)(?=[A-Z])", "_", type(element.proto).__name__).lower()
        texts = list(strings(element.proto, kind)) if isinstance(element.proto, Message) else []
        if getattr(element, "type", "") in ("arrow_table", "table"):
            frame = element.value
            texts += [(f"{kind}.cell", str(one)) for one in [*frame.columns, *frame.to_numpy().ravel(), *frame.index]]
        for place, text in texts:
            if ".".join(place.split(".")[-2:]) in AS_IT_IS or place.startswith("html") or place in AS_IT_IS:
                loose = ("<i>",) if place.startswith("html") else ()
            else:
                loose = MARKS
            rest = text.replace(plain(BAD), "")
            found += [f"{place}: {text[:160]!r}" for mark in loose if mark in rest][:1]
    for chart in at.get("plotly_chart"):
        said = json.loads(chart.proto.spec)
        found += [f"chart: {text[:100]!r}" for text in _texts(said) if "<i>" in text]
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


WALKED = [
    *((f"leader.{page}", LEADER) for page in LEADERS),
    *((f"organizer.{page}", OPERATOR) for page in ORGANIZERS),
    ("custodian.share", CUSTODIAN), ("respondent.home", None), ("respondent.public", None), ("respondent.privacy", None), ("account.own", LEADER),
]  # fmt: skip


@pytest.mark.parametrize(("page", "viewer"), WALKED, ids=[page for page, _viewer in WALKED])
def test_no_page_makes_anything_of_what_was_written(services: Services, page: str, viewer: Viewer | None) -> None:
    for query in ({}, {"wave": "2027"}, {"wave": "2026", "columns": "items:KC"}):
        for language in ("vi", "en"):
            at = look(page, services, viewer, language, **query)
            found = marked(at)
            assert not found, "\n".join(sorted(set(found)))


def test_a_page_that_shows_a_name_as_it_came_is_caught() -> None:
    def script(name: str) -> None:
        import streamlit as st

        st.caption(name)
        st.table({name: [name]})
        st.radio("x", [name])
        st.selectbox("y", [name])

    at = AppTest.from_function(script, args=(BAD,)).run()
    assert {found.split(":")[0].split(".")[0] for found in marked(at)} == {"markdown", "table", "radio"}
    at = AppTest.from_function(script, args=(plain(BAD),)).run()
    assert not marked(at)
