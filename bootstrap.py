"""The composition root of the web application, the command line and the notebooks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Self

from survey.clock import Clock
from survey.errors import N_, SurveyError
from survey.once import once
from survey.settings import ROOT, SHORTEST_KEY
from survey.settings import Settings as Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from db.box import SealedBox
    from db.registry import Registry
    from db.stores import Stores
    from survey.access_log import AccessLog
    from survey.accounts import Accounts
    from survey.checking import Finding
    from survey.collect.changing import Changing
    from survey.collect.credentials import Credentials
    from survey.collect.entering import Entering
    from survey.collect.fieldwork import Fieldwork
    from survey.collect.heard import Hearing
    from survey.collect.invitations import Invitations
    from survey.collect.service import Collecting
    from survey.collect.trial import Trials
    from survey.copies import Copying
    from survey.design.service import Design
    from survey.design.units_service import Reorganising
    from survey.disclose.policy import Policy
    from survey.disseminate.exporting import Exporting
    from survey.disseminate.report.service import Reports
    from survey.disseminate.results import Results
    from survey.installation import Installing
    from survey.joining import Joining
    from survey.operations import Operations
    from survey.publish.closing import Closing
    from survey.publish.commenting import Commenting
    from survey.publish.drafts import Drafts
    from survey.publish.importing import Importing
    from survey.publish.proposing import Proposing
    from survey.signing_in import SigningIn
    from survey.throttle import Throttle
    from survey.undertakings import Undertakings

HERE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What every surface has: settings, clock, stores. The services over them are made, and their modules imported, when they
    are first asked for. Access is asked inside the services."""

    settings: Settings
    clock: Clock
    stores: Stores

    @once
    def policy(self) -> Policy:
        from survey.disclose.policy import Policy

        return Policy.load()

    @property
    def engines(self) -> tuple[Engine, ...]:
        return self.stores.engines

    @once
    def away(self) -> tuple[type[Exception], ...]:
        """What a store raises that does not answer, or not in time."""
        from db.engine import AWAY

        return AWAY

    def alive(self) -> None:
        """Raises when a store does not answer."""
        self.stores.alive()

    def out_of_room(self) -> bool:
        """Would, or did, what is to be stored find no room?"""
        return self.stores.out_of_room(self.settings.data_dir)

    def up_to_date(self) -> Self:
        """These services with what has been set on the page meanwhile; the very same while nothing has."""
        stored = self.stores.installation.recent()
        if vars(self).get("_looked_at") is stored:  # the very same, as it mostly is: this is asked several times a request
            return self
        settings = self.settings.over(stored)
        found = self if settings == self.settings else replace(self, settings=settings, clock=Clock.of(settings.timezone))
        vars(found)["_looked_at"] = stored
        return found

    def close(self) -> None:
        """Give the database connections back."""
        self.stores.close()


class Responding(Surface):
    """`respond`: takes answers. It knows no account and no result."""

    @once
    def collect(self) -> Collecting:
        from survey.collect.service import Collecting

        return Collecting(self.waves, self.waves, self.box, self.stores.invited)

    @once
    def credentials(self) -> Credentials:
        from survey.collect.credentials import Credentials

        return Credentials(self.waves, self.stores.invited, self.box)

    @once
    def trials(self) -> Trials:
        from survey.collect.trial import Trials

        return Trials(self.waves, self.settings.cookie_key)

    @once
    def hearing(self) -> Hearing:
        from survey.collect.heard import Hearing

        return Hearing(self.waves, self.stores.undertakings)

    @property
    def box(self) -> SealedBox:
        return self.stores.box

    @property
    def waves(self) -> Registry:
        return self.stores.registry

    def forget_covers(self) -> None:
        """Destroy the cover keys of waves that another machine has closed; a store or disk that does not answer is asked next time."""
        self.stores.forget_covers()

    def out_of_room(self) -> bool:
        return self.box.full or super().out_of_room()


class Showing(Surface):
    """`results`: shows releases to those who sign in. It has no box."""

    @once
    def results(self) -> Results:
        from survey.disseminate.results import Results

        return Results(self.stores.registry, self.stores.registry, self.stores.releases)

    @once
    def exporting(self) -> Exporting:
        from survey.disseminate.exporting import Exporting

        return Exporting(self.results, self._log)

    @once
    def reports(self) -> Reports:
        from survey.disseminate.report.service import Reports

        return Reports(self.results, self._log, self.stores.undertakings, self.settings.organisation)

    @once
    def undertakings(self) -> Undertakings:
        from survey.undertakings import Undertakings

        return Undertakings(self.stores.undertakings, self.results, self._log)

    @once
    def signing_in(self) -> SigningIn:
        from survey.devices import Devices
        from survey.signing_in import SigningIn

        return SigningIn(self.stores.accounts, self._throttle, Devices(self.settings.cookie_key), self._log, self.clock.seconds)

    @once
    def joining(self) -> Joining:
        from survey.joining import Joining

        return Joining(self.stores.account_links, self.stores.accounts, self.signing_in, self._log, self.clock.seconds)

    @once
    def _throttle(self) -> Throttle:
        from survey.throttle import Throttle

        return Throttle(self.stores.throttle)

    @once
    def _log(self) -> AccessLog:
        from survey.access_log import AccessLog

        return AccessLog(self.stores.log, self.clock.now)


class Services(Responding, Showing):
    """`all`: everything pages, commands and notebooks may call; organizing is done here alone."""

    @once
    def design(self) -> Design:
        from survey.design.service import Design

        return Design(self.waves, self.policy.reporting_headcount, self.access_log, self.policy.raised)

    @once
    def reorganising(self) -> Reorganising:
        from survey.design.units_service import Reorganising

        return Reorganising(self.waves, self.access_log)

    @once
    def invitations(self) -> Invitations:
        from survey.collect.invitations import Invitations

        return Invitations(self.waves, self.stores.invited, self.access_log, https_only=not self.settings.invitations_over_http)

    @once
    def fieldwork(self) -> Fieldwork:
        from survey.collect.fieldwork import Fieldwork, RateRules

        rules = RateRules(self.policy.rate_headcount, self.policy.rate_step, self.policy.rate_cap, self.policy.unit)
        return Fieldwork(self.waves, rules, self.stores.invited, self.box, self.access_log)

    @once
    def entering(self) -> Entering:
        from survey.collect.entering import Entering

        return Entering(self.waves, self.collect, self.access_log)

    @once
    def closing(self) -> Closing:
        from survey.publish.closing import Closing

        return Closing(self.waves, self.box, self.stores.releases, self.policy, self.stores.invited, self.access_log)

    @once
    def changing(self) -> Changing:
        from survey.collect.changing import Changing

        return Changing(self.waves, self.box, self.access_log)

    @once
    def commenting(self) -> Commenting:
        from survey.publish.commenting import Commenting

        return Commenting(self.stores.releases, self.access_log)

    @once
    def importing(self) -> Importing:
        from survey.publish.importing import Importing

        return Importing(self.waves, self.stores.releases, self.policy, self.access_log, self.clock)

    @once
    def proposing(self) -> Proposing:
        from survey.publish.proposing import Proposing

        return Proposing(self.waves)

    @once
    def drafts(self) -> Drafts:
        from survey.publish.drafts import Drafts

        return Drafts(self.waves, self.stores.releases, self.access_log)

    @once
    def accounts(self) -> Accounts:
        from survey.accounts import Accounts

        return Accounts(self.stores.accounts, self.stores.account_links, self._throttle, self.access_log, self.clock.seconds)

    @once
    def installing(self) -> Installing:
        from survey.installation import Installing

        secret = self.settings.cookie_key if self.settings.has_own_key else ""
        return Installing(self.stores.installation, self.access_log, self.settings.given, secret)

    @once
    def operations(self) -> Operations:
        from db.fieldwork_held import held
        from survey.operations import Operations

        main, box = self.engines
        return Operations(lambda: findings(self.settings), partial(held, main, box), self.waves.waves, self.access_log)

    @once
    def copying(self) -> Copying:
        from db.backup import Copies
        from survey.copies import Copying

        main, box = self.engines
        stores = Copies(main, box, self.box.covers, self.stores.installation.forget)
        return Copying(stores, self.joining, self.waves.wave, self.box, self.access_log, self.clock.today)

    @property
    def access_log(self) -> AccessLog:
        return self._log


def running_services() -> Surface:
    """The services of a running server's surface, as they are set now."""
    running = _running()
    running[0] = running[0].up_to_date()
    return running[0]


@cache
def _running() -> list[Surface]:
    """The one set of services of this process, to be replaced when a setting changes."""
    from survey.collect.box import left_standing

    services = build_surface(Settings.read())
    if isinstance(services, Services) and any(left_standing(services.waves.waves(), services.box)):
        services.closing.finish_interrupted()
    if isinstance(services, Responding):
        services.box.stirring.soon()  # a process that was killed may have left ballots as they came
    return [services]


def findings(settings: Settings) -> tuple[Finding, ...]:
    """What `langnghe check` finds: it looks at the stores and opens no service over them."""
    from db.sight import Sight
    from survey import checking

    urls = {"main": settings.database_url, "box": settings.box_url}
    today = Clock.of(settings.timezone).today().isoformat()
    sight = Sight(urls, settings.data_dir, ROOT / ".streamlit" / "secrets.toml", today, own_key=settings.has_own_key)
    try:
        return tuple(checking.findings(sight))
    finally:
        sight.close()


def build_surface(settings: Settings) -> Surface:
    """The services of `settings.surface`. Only `all` creates or upgrades stores; the others may lack the right to."""
    if settings.surface == "all":
        return build(settings)
    from db.stores import open_current

    kind, box_url = (Responding, settings.box_url) if settings.surface == "respond" else (Showing, None)
    clock = Clock.of(settings.timezone)
    return kind(settings=settings, clock=clock, stores=open_current(settings.database_url, box_url, settings.data_dir)).up_to_date()


def build(settings: Settings | None = None) -> Services:
    """Open the stores (creating or upgrading them) and put the services over them."""
    from db.stores import open_or_make

    settings = settings or Settings.read()
    clock = Clock.of(settings.timezone)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # a new folder is its owner's alone
    stores = open_or_make(settings.database_url, settings.box_url, settings.data_dir)
    services = Services(settings=settings, clock=clock, stores=stores).up_to_date()
    services.installing.seal_password()
    return services


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
