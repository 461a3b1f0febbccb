"""Both databases, and what reads and writes them. Each part is made, and its module imported, when it is first asked for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db.engine import answers, box_engine, main_engine
from db.revisions import head, revision
from db.room import NONE, free_in, place_of
from survey.errors import N_, SurveyError
from survey.once import once

if TYPE_CHECKING:
    from db.access_log import AccessLogStore
    from db.account_links import AccountLinkStore
    from db.accounts import AccountStore, ThrottleStore
    from db.box import SealedBox
    from db.cover import Covers
    from db.installation import InstallationStore
    from db.invitations import InvitationList
    from db.registry import Registry
    from db.releases import Releases
    from db.undertakings import UndertakingStore


@dataclass(frozen=True, kw_only=True)
class Stores:
    """`engines`: registry and results, then the box where this process has it."""

    engines: tuple[Engine, ...]
    data_dir: Path

    @once
    def covers(self) -> Covers:
        from db.cover import Covers

        return Covers(self.data_dir)

    @once
    def registry(self) -> Registry:
        from db.registry import Registry

        return Registry(self.engines[0], self.covers)

    @once
    def box(self) -> SealedBox:
        from db.box import SealedBox

        return SealedBox(self.engines[1], self.covers)

    @once
    def invited(self) -> InvitationList:
        from db.invitations import InvitationList

        return InvitationList(self.engines[0])

    @once
    def releases(self) -> Releases:
        from db.releases import Releases

        return Releases(self.engines[0], self.registry)

    @once
    def undertakings(self) -> UndertakingStore:
        from db.undertakings import UndertakingStore

        return UndertakingStore(self.engines[0])

    @once
    def accounts(self) -> AccountStore:
        from db.accounts import AccountStore

        return AccountStore(self.engines[0])

    @once
    def account_links(self) -> AccountLinkStore:
        from db.account_links import AccountLinkStore

        return AccountLinkStore(self.engines[0])

    @once
    def installation(self) -> InstallationStore:
        from db.installation import InstallationStore

        return InstallationStore(self.engines[0])

    @once
    def throttle(self) -> ThrottleStore:
        from db.accounts import ThrottleStore

        return ThrottleStore(self.engines[0])

    @once
    def log(self) -> AccessLogStore:
        from db.access_log import AccessLogStore

        return AccessLogStore(self.engines[0])

    def alive(self) -> None:
        """Raises when a store does not answer."""
        for engine in self.engines:
            answers(engine)

    def out_of_room(self, *folders: Path) -> bool:
        """Is there no room left in these folders, or on the disk of a store?"""
        places = (*folders, *(place_of(engine) for engine in self.engines))
        return any(free_in(folder) < NONE for folder in places if folder is not None)

    def forget_covers(self) -> None:
        """Destroy the cover keys of waves that another machine has closed; a store or disk that does not answer is asked next time."""
        from db.cover_copies import outlived

        with suppress(SQLAlchemyError, OSError):
            if self.covers.any:
                for wave_id in outlived(self.engines[1], self.covers, self.registry.waves()):
                    self.box.forget(wave_id)

    def close(self) -> None:
        """Do what was put off, and give the database connections back."""
        made = vars(self)
        if "registry" in made:
            self.registry.counting.rest()
        if "box" in made:
            self.box.stirring.rest()
        self.dispose()

    def dispose(self) -> None:
        for engine in self.engines:
            engine.dispose()


def open_current(main_url: str, box_url: str | None, data_dir: Path) -> Stores:
    """Stores that are there and of this version; refused otherwise, because their opener may lack the right to make them so."""
    stores = Stores(engines=(main_engine(main_url), *([box_engine(box_url)] if box_url else [])), data_dir=data_dir)
    current = False
    try:
        current = all(revision(engine) == head(line) for engine, line in zip(stores.engines, ("main", "box"), strict=False))
    finally:
        if not current:
            stores.dispose()
    if not current:
        raise SurveyError(
            "schema-behind",
            N_("The stores are missing or of another version. Start the organizers' side (--surface all) once, then try again."),
        )
    return stores


def open_or_make(main_url: str, box_url: str, data_dir: Path) -> Stores:
    """The stores, created or brought to this version. An engine is given back where one is refused."""
    stores = Stores(engines=(main_engine(main_url), box_engine(box_url)), data_dir=data_dir)
    main, box = stores.engines
    try:
        box_was = _require_box(main, box)
        for line, engine in (
            ("box", box),
            ("main", main),
        ):  # a box that is refused leaves the other store to the version that can still close its wave
            if revision(engine) != head(line):
                from db.migrate import upgrade

                upgrade(engine, line)
        if box_was not in (None, head("box")):
            _begin_boxes(stores)
    except Exception:
        stores.dispose()
        raise
    return stores


def _require_box(main: Engine, box: Engine) -> str | None:
    """The box's revision; None for a new one. A new one is not made for a registry whose wave is in the field."""
    from db.inspection import file_of, open_waves

    file = file_of(str(box.url.render_as_string(hide_password=False)))
    found = None if file is not None and not file.is_file() else revision(box)  # asking would make the file
    if found is None and revision(main) is not None and open_waves(main):
        message = N_("There is no ballot box at {box}, but a wave is in the field: {waves}. Nothing was changed. Correct LANGNGHE_BOX_URL.")
        raise SurveyError("box-missing", message, box=box.url.render_as_string(), waves=", ".join(open_waves(main)))
    return found


def _begin_boxes(stores: Stores) -> None:
    """An older version began no box before the first answer."""
    from survey.collect.box import begin_for
    from survey.design.wave import WaveState

    for wave in stores.registry.waves():
        if wave.state is WaveState.OPEN:
            begin_for(stores.box, wave)
