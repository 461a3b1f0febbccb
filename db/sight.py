"""The stores and their machine as `langnghe check` looks at them: nothing is created or upgraded."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from db.accounts import AccountStore
from db.box_inspection import damaged_file, look, past_their_day
from db.cover import Covers
from db.engine import box_engine, main_engine
from db.inspection import at_head, damaged_releases, file_of, never_made, place_of, same_place, why_unreachable
from db.room import LOW, free_in
from db.room import place_of as folder_of
from survey.accounts import Account
from survey.checking import Looked
from survey.collect.key_folder import left_in


class Sight:
    """Implements survey.checking.Sight. `secrets`: the file of settings beside the program; `today`: the province's (ISO)."""

    def __init__(self, urls: Mapping[str, str], data_dir: Path, secrets: Path, today: str, *, own_key: bool) -> None:
        self.own_key = own_key
        self._urls = urls
        self._data_dir = data_dir
        self._secrets = secrets
        self._today = today
        self._main, self._box = main_engine(urls["main"]), box_engine(urls["box"])
        self._engines = {"main": self._main, "box": self._box}
        self._covers = Covers(data_dir)
        self.covers = self._covers.folder

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()

    def together(self) -> bool:
        return same_place(self._urls["main"], self._urls["box"])

    def exposed(self) -> tuple[Path, ...]:
        stores = [path for url in self._urls.values() if (path := file_of(url)) is not None]
        return tuple(path for path in (*stores, self._secrets) if path.is_file() and _readable_by_others(path))

    def key_shares(self) -> tuple[Path, ...]:
        return left_in(self._data_dir)

    def never_made(self) -> bool:
        return all(never_made(self._engines[store], url) for store, url in self._urls.items())

    def places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(file.parent) if (file := file_of(url)) else place_of(url) for url in self._urls.values()))

    def unreachable(self, store: str) -> str:
        return why_unreachable(self._engines[store], self._urls[store])

    def current(self, store: str) -> bool:
        return at_head(self._engines[store], store)

    def accounts(self) -> tuple[Account, ...]:
        return tuple(AccountStore(self._main).accounts())

    def damaged_releases(self) -> tuple[str, ...]:
        return damaged_releases(self._main)

    def damaged_file(self, store: str) -> tuple[str, str]:
        engine = self._engines[store]
        return engine.url.database or "", damaged_file(engine)

    def short_of_room(self) -> dict[Path, int]:
        folders = (self._data_dir, folder_of(self._main), folder_of(self._box))
        found = {folder: free_in(folder) for folder in folders if folder is not None}
        return {folder: free for folder, free in found.items() if free < LOW}

    def past_their_day(self) -> tuple[str, ...]:
        return past_their_day(self._main, self._today)

    def box(self) -> Looked:
        return look(self._main, self._box, self._covers)


def _readable_by_others(path: Path) -> bool:
    """POSIX: by the folder's permissions and the file's own."""
    others = stat.S_IRWXG | stat.S_IRWXO
    return os.name == "posix" and all(one.stat().st_mode & others for one in (path, path.parent))
