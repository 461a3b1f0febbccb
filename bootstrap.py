"""The composition root of the web application, the command line and the notebooks."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from db.access_log import AccessLogStore
from db.accounts import AccountStore, ThrottleStore
from db.box import SealedBox
from db.cover import Covers
from db.cover_copies import outlived
from db.engine import answers, box_engine, main_engine
from db.inspection import file_of, open_waves
from db.invitations import InvitationList
from db.migrate import head, revision, upgrade
from db.registry import Registry
from db.releases import Releases
from db.room import NONE, free_in, place_of
from survey.access_log import AccessLog
from survey.accounts import Accounts
from survey.clock import PROVINCE, Clock
from survey.collect.box import begin_for
from survey.collect.changing import Changing
from survey.collect.credentials import Credentials
from survey.collect.fieldwork import Fieldwork, RateRules
from survey.collect.invitations import Invitations
from survey.collect.service import Collecting
from survey.design.service import Design
from survey.design.units_service import Reorganising
from survey.design.wave import WaveState
from survey.devices import Devices
from survey.disclose.policy import Policy
from survey.disseminate.exporting import Exporting
from survey.disseminate.report.service import Reports
from survey.disseminate.results import Results
from survey.errors import N_, SurveyError
from survey.i18n import DEFAULT_LANGUAGE
from survey.publish.closing import Closing
from survey.publish.commenting import Commenting
from survey.publish.importing import Importing
from survey.signing_in import SigningIn
from survey.throttle import Throttle

ROOT = Path(__file__).parent
DEFAULT_COOKIE_KEY = "langnghe-demonstration-key"
DEFAULT_ADDRESS = "http://127.0.0.1:8501"
SHORTEST_KEY = 32  # characters
LONGEST_CONTACT = 200  # characters
SURFACES = ("all", "respond", "results")
HERE = ("127.0.0.1", "localhost", "::1")


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
    timezone: str = PROVINCE
    contact: str = ""

    @property
    def has_own_key(self) -> bool:
        return self.cookie_key != DEFAULT_COOKIE_KEY and len(self.cookie_key) >= SHORTEST_KEY

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
            timezone=given.get("LANGNGHE_TIMEZONE", PROVINCE),
            # Whom respondents may ask: one line, as it is shown to them; without it nothing is said.
            contact=" ".join(given.get("LANGNGHE_CONTACT", "").split())[:LONGEST_CONTACT],
        )


def _secrets() -> dict[str, str]:
    path = ROOT / ".streamlit" / "secrets.toml"
    if not path.exists():
        return {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: str(value) for name, value in data.items() if name.startswith("LANGNGHE_")}


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What every surface has. Access is asked inside the services."""

    settings: Settings
    policy: Policy
    engines: tuple[Engine, ...]
    clock: Clock
    # What a store raises that does not answer, or not in time.
    away: ClassVar[tuple[type[Exception], ...]] = (OperationalError, InterfaceError, NoConnectionLeft)

    def alive(self) -> None:
        """Raises when a store does not answer."""
        for engine in self.engines:
            answers(engine)

    def out_of_room(self) -> bool:
        """Would, or did, what is to be stored find no room?"""
        folders = (self.settings.data_dir, *(place_of(engine) for engine in self.engines))
        return any(free_in(folder) < NONE for folder in folders if folder is not None)

    def close(self) -> None:
        """Give the database connections back."""
        for engine in self.engines:
            engine.dispose()


@dataclass(frozen=True, kw_only=True)
class Responding(Surface):
    """`respond`: takes answers. It knows no account and no result."""

    collect: Collecting
    credentials: Credentials
    box: SealedBox
    waves: Registry

    def forget_covers(self) -> None:
        """Destroy the cover keys of waves that another machine has closed; a store or disk that does not answer is asked next time."""
        with suppress(SQLAlchemyError, OSError):
            if self.box.covers.any:
                for wave_id in outlived(self.engines[1], self.box.covers, self.waves.waves()):
                    self.box.forget(wave_id)

    def out_of_room(self) -> bool:
        return self.box.full or super().out_of_room()

    def close(self) -> None:
        self.waves.counting.rest()
        self.box.stirring.rest()
        super().close()


@dataclass(frozen=True, kw_only=True)
class Showing(Surface):
    """`results`: shows releases to those who sign in. It has no box."""

    results: Results
    exporting: Exporting
    reports: Reports
    signing_in: SigningIn


@dataclass(frozen=True, kw_only=True)
class Services(Responding, Showing):
    """`all`: everything pages, commands and notebooks may call; organizing is done here alone."""

    design: Design
    reorganising: Reorganising
    invitations: Invitations
    fieldwork: Fieldwork
    closing: Closing
    changing: Changing
    commenting: Commenting
    importing: Importing
    accounts: Accounts
    access_log: AccessLog


@cache
def running_services() -> Surface:
    """The one set of services of a running server: those of its surface."""
    services = build_surface(Settings.read())
    if isinstance(services, Services):
        services.closing.finish_interrupted()
    if isinstance(services, Responding):
        services.box.stirring.soon()  # a process that was killed may have left ballots as they came
    return services


def build_surface(settings: Settings) -> Surface:
    """The services of `settings.surface`. Only `all` creates or upgrades stores; the others may lack the right to."""
    if settings.surface == "all":
        return build(settings)
    clock, main, covers = Clock.of(settings.timezone), main_engine(settings.database_url), Covers(settings.data_dir)
    registry, policy = Registry(main, covers), Policy.load()
    if settings.surface == "results":
        _require_current(main=main)
        results, log = Results(registry, registry, Releases(main, registry)), AccessLog(AccessLogStore(main), clock.now)
        return Showing(
            settings=settings,
            policy=policy,
            engines=(main,),
            clock=clock,
            results=results,
            exporting=Exporting(results, log),
            reports=Reports(results, log),
            signing_in=SigningIn(AccountStore(main), Throttle(ThrottleStore(main)), Devices(settings.cookie_key), log, clock.seconds),
        )
    box, invited = box_engine(settings.box_url), InvitationList(main)
    _require_current(main=main, box=box)
    sealed = SealedBox(box, covers)
    return Responding(
        settings=settings,
        policy=policy,
        engines=(main, box),
        clock=clock,
        collect=Collecting(registry, registry, sealed, invited),
        credentials=Credentials(registry, invited, sealed),
        box=sealed,
        waves=registry,
    )


def _require_current(**engines: Engine) -> None:
    """By line of revisions. The engines are given back when refused."""
    current = False
    try:
        current = all(revision(engine) == head(line) for line, engine in engines.items())
    finally:
        if not current:
            for engine in engines.values():
                engine.dispose()
    if not current:
        raise SurveyError(
            "schema-behind",
            N_("The stores are missing or of another version. Start the organizers' side (--surface all) once, then try again."),
        )


def _require_box(main: Engine, box: Engine) -> str | None:
    """The box's revision; None for a new one. A new one is not made for a registry whose wave is in the field."""
    file = file_of(str(box.url.render_as_string(hide_password=False)))
    try:
        found = None if file is not None and not file.is_file() else revision(box)  # asking would make the file
        if found is None and revision(main) is not None and open_waves(main):
            message = N_(
                "There is no ballot box at {box}, but a wave is in the field: {waves}. Nothing was changed. Correct LANGNGHE_BOX_URL."
            )
            raise SurveyError("box-missing", message, box=box.url.render_as_string(), waves=", ".join(open_waves(main)))
    except Exception:
        main.dispose()
        box.dispose()
        raise
    return found


def _upgrade(**engines: Engine) -> None:
    """By line of revisions. The engines are given back when one is refused."""
    try:
        for line, engine in engines.items():
            upgrade(engine, line)
    except Exception:
        for engine in engines.values():
            engine.dispose()
        raise


def build(settings: Settings | None = None) -> Services:
    """Open the stores (creating or upgrading them) and put all services together."""
    settings = settings or Settings.read()
    clock = Clock.of(settings.timezone)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # a new folder is its owner's alone
    main, box = main_engine(settings.database_url), box_engine(settings.box_url)
    box_was = _require_box(main, box)
    _upgrade(box=box, main=main)  # a box that is refused leaves the other store to the version that can still close its wave
    policy = Policy.load()
    covers = Covers(settings.data_dir)
    registry, sealed, invited = Registry(main, covers), SealedBox(box, covers), InvitationList(main)
    releases = Releases(main, registry)
    rules = RateRules(policy.rate_headcount, policy.rate_step, policy.rate_cap, policy.unit)
    results, log = Results(registry, registry, releases), AccessLog(AccessLogStore(main), clock.now)
    accounts, throttle = AccountStore(main), Throttle(ThrottleStore(main))
    if box_was not in (None, head("box")):  # an older version began no box before the first answer
        for wave in registry.waves():
            if wave.state is WaveState.OPEN:
                begin_for(sealed, wave)
    return Services(
        settings=settings,
        policy=policy,
        design=Design(registry, policy.reporting_headcount, log, policy.raised),
        reorganising=Reorganising(registry, log),
        collect=Collecting(registry, registry, sealed, invited),
        credentials=Credentials(registry, invited, sealed),
        invitations=Invitations(registry, invited, log, https_only=not settings.invitations_over_http),
        fieldwork=Fieldwork(registry, rules, invited, sealed, log),
        changing=Changing(registry, sealed, log),
        closing=Closing(registry, sealed, releases, policy, invited, log),
        commenting=Commenting(releases, log),
        importing=Importing(registry, releases, policy, log, clock),
        results=results,
        exporting=Exporting(results, log),
        reports=Reports(results, log),
        accounts=Accounts(accounts, throttle, log),
        signing_in=SigningIn(accounts, throttle, Devices(settings.cookie_key), log, clock.seconds),
        access_log=log,
        box=sealed,
        waves=registry,
        engines=(main, box),
        clock=clock,
    )


def refuse_defaults(services: Surface, address: str) -> None:
    """Demonstration passwords and a default or short key are good on this machine only. "" and 0.0.0.0 are every machine."""
    if address in HERE:
        return
    if not services.settings.has_own_key:
        raise SurveyError(
            "default-key",
            N_("Set LANGNGHE_COOKIE_KEY to a secret of your own, {length} characters or more, before serving other machines."),
            length=SHORTEST_KEY,
        )
    if isinstance(services, Showing) and services.signing_in.has_demonstration():
        raise SurveyError(
            "demonstration-passwords",
            N_("There are demonstration accounts. Disable them or give them passwords of your own before serving other machines."),
        )
