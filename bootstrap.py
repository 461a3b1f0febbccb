"""The composition root of the web application, the command line and the notebooks."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from db.accounts import AccountStore
from db.box import SealedBox
from db.cover import Covers
from db.engine import box_engine, main_engine
from db.invitations import InvitationList
from db.migrate import upgrade
from db.registry import Registry
from db.releases import Releases
from survey.accounts import Accounts
from survey.collect.credentials import Credentials
from survey.collect.fieldwork import Fieldwork, RateRules
from survey.collect.invitations import Invitations
from survey.collect.service import Collecting
from survey.design.service import Design
from survey.disclose.closing import Closing
from survey.disclose.importing import Importing
from survey.disclose.policy import Policy
from survey.disseminate.results import Results
from survey.errors import N_, SurveyError
from survey.i18n import DEFAULT_LANGUAGE

ROOT = Path(__file__).parent
DEFAULT_COOKIE_KEY = "langnghe-demonstration-key"
DEFAULT_ADDRESS = "http://127.0.0.1:8501"
SURFACES = ("all", "respond", "results")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read once, from the environment and then .streamlit/secrets.toml."""

    data_dir: Path
    database_url: str
    box_url: str
    surface: str = "all"
    cookie_key: str = DEFAULT_COOKIE_KEY
    language: str = DEFAULT_LANGUAGE
    address: str = DEFAULT_ADDRESS
    mail_server: str = ""
    mail_sender: str = ""
    invitations_over_http: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        given = dict(_secrets())
        given.update(os.environ if environment is None else environment)
        data_dir = Path(given.get("LANGNGHE_DATA_DIR", "data")).absolute()
        surface = given.get("LANGNGHE_SURFACE", "all")
        if surface not in SURFACES:
            raise SurveyError("surface", N_("LANGNGHE_SURFACE must be all, respond or results."))
        return cls(
            data_dir=data_dir,
            database_url=given.get("LANGNGHE_DATABASE_URL", f"sqlite:///{data_dir / 'langnghe.db'}"),
            box_url=given.get("LANGNGHE_BOX_URL", f"sqlite:///{data_dir / 'hom-phieu.db'}"),
            surface=surface,
            cookie_key=given.get("LANGNGHE_COOKIE_KEY", DEFAULT_COOKIE_KEY),
            language=given.get("LANGNGHE_LANGUAGE", DEFAULT_LANGUAGE),
            address=given.get("LANGNGHE_ADDRESS", DEFAULT_ADDRESS).rstrip("/"),
            mail_server=given.get("LANGNGHE_MAIL_SERVER", ""),
            mail_sender=given.get("LANGNGHE_MAIL_SENDER", ""),
            # For tests alone: on plain http somebody on the line can change the page that blinds.
            invitations_over_http=given.get("LANGNGHE_INVITATIONS_OVER_HTTP") == "for-tests",
        )


def _secrets() -> dict[str, str]:
    path = ROOT / ".streamlit" / "secrets.toml"
    if not path.exists():
        return {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: str(value) for name, value in data.items() if name.startswith("LANGNGHE_")}


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything pages, commands and notebooks may call. Access is asked inside."""

    settings: Settings
    policy: Policy
    design: Design
    collect: Collecting
    credentials: Credentials
    invitations: Invitations
    fieldwork: Fieldwork
    closing: Closing
    importing: Importing
    results: Results
    accounts: Accounts
    box: SealedBox
    engines: tuple[Engine, ...]

    def close(self) -> None:
        """Give the database connections back."""
        self.box.stirring.rest()
        for engine in self.engines:
            engine.dispose()


@cache
def running_services() -> Services:
    """The one set of services of a running server."""
    services = build()
    services.box.stirring.soon()  # a process that was killed may have left ballots as they came
    return services


def build(settings: Settings | None = None) -> Services:
    """Open the stores (creating or upgrading them) and put the services together."""
    settings = settings or Settings.read()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # a new folder is its owner's alone
    main, box = main_engine(settings.database_url), box_engine(settings.box_url)
    upgrade(main, "main")
    upgrade(box, "box")
    policy = Policy.load()
    registry, sealed, invited = Registry(main), SealedBox(box, Covers(settings.data_dir)), InvitationList(main)
    releases = Releases(main, registry)
    rules = RateRules(policy.rate_headcount, policy.rate_step, policy.rate_cap)
    return Services(
        settings=settings,
        policy=policy,
        design=Design(registry, policy.reporting_headcount),
        collect=Collecting(registry, registry, sealed, invited),
        credentials=Credentials(registry, invited),
        invitations=Invitations(registry, invited, https_only=not settings.invitations_over_http),
        fieldwork=Fieldwork(registry, rules, invited),
        closing=Closing(registry, sealed, releases, policy, invited),
        importing=Importing(registry, releases, policy),
        results=Results(registry, registry, releases),
        accounts=Accounts(AccountStore(main)),
        box=sealed,
        engines=(main, box),
    )
