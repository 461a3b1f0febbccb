"""Small real stores for a live server: five units, last year's published results, one wave in the field."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from bootstrap import Services, Settings, build
from survey.access import Role
from survey.design.questionnaire import Questionnaire
from survey.source import Source
from tests.browser import visitor
from tests.importing import import_responses
from tests.server import Server
from tests.small_world import add_account, answers, open_wave, settle

WAVE, LAST = "2026", "2025"
PASSWORD = "chi-dung-khi-thu"
TURNOUT = {"t.a": ("Sở A", 20), "t.b": ("Sở B", 16), "t.h": ("Huyện H", 14), "t.k": ("Huyện K", 14)}


@dataclass(frozen=True)
class World:
    """The stores in `folder`; `codes`: unused ones by unit name; `share`: the one key share, as a file; `more`: settings."""

    folder: Path
    codes: dict[str, list[str]]
    share: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {"LANGNGHE_DATA_DIR": str(self.folder), "LANGNGHE_COOKIE_KEY": "a long secret, only for tests, 32+", **self.more}

    def copy(self, folder: Path) -> World:
        """The same stores once more, in `folder`."""
        shutil.copytree(self.folder.parent, folder, dirs_exist_ok=True)
        codes = {unit: list(unused) for unit, unused in self.codes.items()}
        return replace(self, folder=folder / self.folder.name, codes=codes, share=folder / self.share.name)

    def services(self) -> Services:
        return build(Settings.read(self.environment))


def make_world(folder: Path, **more: str) -> World:
    """In SQLite, unless `more` names other databases."""
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder / "stores"), **more}))
    questionnaire = settle(services)
    table, mapping = _last_year(questionnaire)
    import_responses(services, table, questionnaire, mapping)
    _wave, codes, shares = open_wave(services, WAVE, date.today())
    add_account(services, "tochuc", Role.ORGANIZER, PASSWORD)
    add_account(services, "lanhdao", Role.LEADER, PASSWORD, "t.a")
    add_account(services, "giukhoa", Role.CUSTODIAN, PASSWORD)
    services.close()
    share = folder / "manh-khoa.json"  # beside the stores, never inside
    share.write_bytes(shares[0].to_bytes())
    return World(folder / "stores", codes, share, more)


def signed_in(browser: Browser, server: Server, world: World, name: str | None) -> BrowserContext:
    """A desk at which this account is signed in; nobody where `name` is None."""
    context = visitor.desk(browser, bypass_csp=True)
    if name:
        enter(context, server, world, name)
    return context


def enter(context: BrowserContext, server: Server, world: World, name: str) -> None:
    """From here on this browser is that account's."""
    services = world.services()
    ticket = services.signing_in.sign_in(name, PASSWORD)[1]
    services.close()
    assert context.request.post(f"{server.base}/session/open", data=ticket, headers={"Origin": server.base}).ok


def praise(person: int, usual: int) -> int:
    """Not everybody thinks the same: every third person gives one degree more."""
    return usual + (person % 3 == 0)


def _last_year(questionnaire: Questionnaire) -> tuple[Source, Source]:
    ids = [item.id for item in questionnaire.items]
    rows = [";".join(("wave", "unit", *ids))]
    for unit, (_name, people) in TURNOUT.items():
        for person in range(people):
            given = answers(questionnaire, praise(person, 2))
            rows.append(";".join((LAST, unit, *(str(given[item]) for item in ids))))
    mapping = "wave: {column: wave}\nunit: {column: unit}\nitems:\n" + "".join(f"  {item}: {item}\n" for item in ids)
    return Source("last.csv", "\n".join(rows).encode()), Source("mapping.yaml", mapping.encode())
