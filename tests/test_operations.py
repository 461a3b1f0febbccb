"""What the page of the operations says is what the installation does: check, backup, and what is deleted when."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from bootstrap import Services, Settings, build
from survey import account_links, signing_in, throttle
from survey.access import OPERATOR, Role, Viewer
from survey.errors import NotAllowed
from survey.operations import LIFETIMES, Fate
from survey.publish.doubts import Doubt
from tests.command_line import Line
from tests.small_world import GENDER, TODAY, add_account, answers, draft_wave, open_wave, settle

GOOD = "bon tu khong lien quan"


def fates(services: Services) -> dict[str, Fate]:
    return {one.wave.id: one.fate for one in services.operations.lifetimes(OPERATOR)}


def test_what_is_said_of_each_wave_is_looked_up(services: Services) -> None:
    questionnaire = settle(services)
    wave, codes, shares = open_wave(services, "2026", breakdowns=GENDER)
    services.collect.submit(codes["Sở A"][0], {"answers": answers(questionnaire)}, TODAY)
    draft_wave(services, "2027")
    assert fates(services) == {"2026": Fate.AT_CLOSE, "2027": Fate.AT_CLOSE}
    services.closing.close(OPERATOR, wave.id, shares, accept=[Doubt.EMPTY])
    assert fates(services)["2026"] is Fate.GONE
    with services.engines[0].begin() as store:  # the control: one row that outlived the close is found
        store.exec_driver_sql("INSERT INTO turnout (wave, earlier, asked, listed) VALUES ('2026', '{}', 0, false)")
    assert fates(services)["2026"] is Fate.LEFT


def test_the_hours_are_those_of_the_code() -> None:
    said = [one.hours * 3600 for one in LIFETIMES if one.hours]
    assert said == [signing_in.SESSION_SECONDS, account_links.SECONDS, throttle.FORGOTTEN_AFTER]


def test_a_backup_from_the_page_restores_and_holds_nothing_of_the_field(services: Services, settings: Settings, tmp_path: Path) -> None:
    add_account(services, "boss", Role.ORGANIZER, GOOD)
    link = services.accounts.invite(OPERATOR, "lan.anh", Role.LEADER)
    wave, codes, _shares = open_wave(services)
    services.collect.submit(codes["Sở A"][0], {"answers": answers(services.design.questionnaires(OPERATOR)[0])}, TODAY)
    content = services.copying.packed(OPERATOR)
    assert services.access_log.entries(OPERATOR)[0].action == "backup-written"
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["hom-phieu.db", "langnghe.db", "manifest.json"]
        archive.extractall(folder)
    other = Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "other")})
    Line(other).done("restore", folder)
    restored = build(other)
    assert [one.name for one in restored.accounts.list(OPERATOR)] == ["boss", "lan.anh"]
    assert restored.stores.account_links.link(account_links.digest(link.token)) is None  # a link that was open then is not good again
    assert {one.wave.id: one.fate for one in restored.operations.lifetimes(OPERATOR)}[wave.id] in (Fate.NONE_YET, Fate.AT_CLOSE)
    for engine in restored.engines:
        table = "ballot" if engine is restored.engines[1] else "code"
        with engine.connect() as store:
            assert store.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0
    restored.close()


def test_the_check_is_that_of_the_command(services: Services, settings: Settings) -> None:
    found = services.operations.findings(OPERATOR)
    told = {one["check"]: one["ok"] for one in _checked(settings)}
    assert {one.check: not one.wrong for one in found} == told
    assert not told["organizer"]


def _checked(settings: Settings) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(Line(settings).run("check", "--json").stdout)["checks"]
    return listed


@pytest.mark.parametrize("viewer", [None, Viewer(name="x.y", role=Role.LEADER), Viewer(name="x.y", role=Role.CUSTODIAN)])
def test_they_are_for_organizers(services: Services, viewer: Viewer | None) -> None:
    for call in (services.operations.findings, services.copying.packed, services.operations.lifetimes):
        with pytest.raises(NotAllowed):
            call(viewer)
