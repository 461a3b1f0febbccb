"""Somebody who may look at everything presses "refresh" before and after each answer of an open wave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.disseminate.export import to_csv
from survey.disseminate.report_json import unit_results
from survey.i18n import Locale
from tests.past_world import settle_past
from tests.small_world import answers

WAVE, TODAY = "2026", date.today()
ORGANIZER, GOVERNOR, HEAD = (
    Viewer(name="tochuc", role=Role.ORGANIZER),
    Viewer(name="lanhdao", role=Role.LEADER),
    Viewer(name="giamdoc", role=Role.LEADER, unit="t.a"),
)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Published waves of former years, and one in the field."""
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("refresh"))}))
    settle_past(made, ("2023", "2025"))
    questionnaire = made.results.release(OPERATOR, "2025").questionnaire
    made.design.create_wave(OPERATOR, WAVE, questionnaire.id, TODAY, TODAY, plan={"shares": 1, "shares_needed": 1})
    yield made
    made.close()


@pytest.fixture(scope="module")
def codes(services: Services) -> dict[str, list[str]]:
    names = {node.name_vi: node.id for node in services.design.wave(OPERATOR, WAVE).plan.nodes}
    found: dict[str, list[str]] = {}
    for slip in services.fieldwork.print_codes(OPERATOR, WAVE):
        found.setdefault(names[slip.unit_name], []).append(slip.code)
    services.fieldwork.open_wave(OPERATOR, WAVE)
    return found


def everything(services: Services) -> dict[str, Any]:
    """What the services give to any role, participation apart: JSON, downloads, lists, and refusals too."""
    seen: dict[str, Any] = {}
    for viewer in (None, HEAD, GOVERNOR, ORGANIZER, OPERATOR):
        name = viewer.name if viewer else ""
        for wave in ("2023", "2025", WAVE):
            try:
                release = services.results.release(viewer, wave)
                verdicts = services.results.verdicts(viewer, wave)
                seen[f"{name} {wave}"] = [unit_results(release, node.id, verdicts) for node in release.nodes()]
                seen[f"{name} {wave} csv"] = to_csv(release, Locale("vi"))
            except Exception as refusal:
                seen[f"{name} {wave}"] = repr(refusal)
            try:
                seen[f"{name} {wave} wave"] = asdict(services.design.wave(viewer, wave))
                seen[f"{name} {wave} invited"] = services.invitations.units(viewer, wave)
            except Exception as refusal:
                seen[f"{name} {wave} wave"] = repr(refusal)
        seen[f"{name} receipts"] = services.results.receipts(WAVE)
    return seen


def participation(services: Services) -> dict[str, int | None]:
    return {row.node.id: row.rate for row in services.fieldwork.participation(ORGANIZER, WAVE)}


def script(page: str, services: object, viewer: object) -> None:
    import importlib

    from survey.i18n import Locale

    importlib.import_module(page).render(services, viewer, Locale("vi"))


PAGES = [
    *(("pages.organizer." + name, ORGANIZER) for name in ("waves", "fieldwork", "close", "invitations")),
    *(("pages.leader." + name, viewer) for name, viewer in (("overview", HEAD), ("trend", GOVERNOR))),
    ("pages.respondent.public", None),
]


def screens(services: Services) -> dict[str, str]:
    """Everything Streamlit sends to the browser for a page, but for the random names it gives to parts."""
    seen = {}
    for page, viewer in PAGES:
        at = AppTest.from_function(script, default_timeout=60, args=(page, services, viewer))
        at.run()
        assert not at.exception, (page, at.exception)
        shown = [json.dumps(str(getattr(one, "value", one.proto))) for one in at.main]
        charts = [chart.proto.spec for chart in at.get("plotly_chart")]
        seen[f"{page} {viewer.name if viewer else ''}"] = "\n".join(shown + charts)
    return seen


def test_no_number_moves_with_an_answer_but_rounded_participation(services: Services, codes: dict[str, list[str]]) -> None:
    given = {"answers": answers(services.results.release(OPERATOR, "2025").questionnaire)}
    before, was, looked = everything(services), participation(services), screens(services)
    moved = dict.fromkeys(was, 0)
    sent = {"t.a": 32, "t.p": 18, "t.n": 12, "t.h": 8}
    spent = dict.fromkeys(was, 0)
    plan = services.design.wave(OPERATOR, WAVE).plan
    for unit, people in sent.items():
        for code in codes[unit][:people]:
            services.collect.submit(code, given, TODAY)
            for node in was:
                spent[node] += unit in plan.strata[node]
            now = participation(services)
            for node, rate in now.items():
                assert rate is None or (rate % services.policy.rate_step == 0 and rate <= services.policy.rate_cap)
                assert rate == was[node] or (unit in plan.strata[node] and spent[node] % services.policy.unit == 0), (node, was[node], rate)
                moved[node] += rate != was[node]
            was = now
        assert everything(services) == before
    assert moved["t.a"] <= 32 // 5 and moved["t.p"] <= 18 // 5 and moved["t.n"] <= 12 // 5 and any(moved.values())
    after = screens(services)
    assert {page for page in looked if looked[page] != after[page]} <= {f"pages.organizer.{name} tochuc" for name in ("fieldwork", "waves")}
    services.collect.submit(codes["t.a"][32], given, TODAY)  # one more, at no fifth person of any unit or group
    assert screens(services) == after


def test_an_exact_counter_is_caught_by_the_same_look(services: Services, codes: dict[str, list[str]]) -> None:
    """Leaky control: the number that the store holds moves with every answer."""
    unit = "t.k"
    seen = [services.fieldwork._store.participation(WAVE)[unit]]
    for code in codes[unit][:5]:
        services.collect.submit(code, {}, TODAY)
        seen.append(services.fieldwork._store.participation(WAVE)[unit])
    assert all(one != two for one, two in pairwise(seen))
