"""What is wrong with an installation, and what to do about it: the sentences of `langnghe check` and of the page. Nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from survey import fonts
from survey.access import Role
from survey.accounts import Account
from survey.errors import N_

STORES = ("main", "box")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. `wrong`: what is wrong and its cure, a msgid; empty when all is well."""

    check: str
    wrong: str = ""
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Looked:
    """Waves (ids), files or counts that are not as they should be, by what is wrong with them."""

    without_box: tuple[str, ...]
    half_closed: tuple[str, ...]
    left_over: tuple[str, ...]
    wrong_cover: tuple[str, ...]
    stray_covers: tuple[Path, ...]
    damaged: Counter[str]
    foreign: Counter[str]


class Sight(Protocol):
    """What is looked at, without creating or changing it. `own_key`: are cookies signed with a long secret of this server's own?"""

    own_key: bool
    covers: Path

    def together(self) -> bool:
        """Are registry and box one database?"""
        ...

    def exposed(self) -> tuple[Path, ...]:
        """Stores and secrets that other accounts of this machine can read."""
        ...

    def key_shares(self) -> tuple[Path, ...]: ...

    def never_made(self) -> bool:
        """A fresh machine: neither store has ever been made. One alone that is missing is something else, and worse."""
        ...

    def places(self) -> Collection[str]:
        """Where the stores are, or will be."""
        ...

    def unreachable(self, store: str) -> str:
        """Why a store cannot be opened; empty when it can."""
        ...

    def current(self, store: str) -> bool:
        """Has it the tables of this version?"""
        ...

    def accounts(self) -> tuple[Account, ...]: ...

    def damaged_releases(self) -> tuple[str, ...]: ...

    def damaged_file(self, store: str) -> tuple[str, str]:
        """Its file, and what is wrong with it."""
        ...

    def short_of_room(self) -> Mapping[Path, int]:
        """Folders with hardly any room, and the bytes that are free."""
        ...

    def past_their_day(self) -> tuple[str, ...]:
        """Waves that are open beyond their last day."""
        ...

    def box(self) -> Looked: ...


def findings(seen: Sight) -> Iterator[Finding]:
    """Everything looked at, in the order it should be cured."""
    key = N_("The key of the cookies is short or the one everybody knows. Set LANGNGHE_COOKIE_KEY to a long random secret of your own.")
    yield Finding(check="cookie-key", wrong="" if seen.own_key else key)
    together = N_("Registry and box are one database. Give the box its own: LANGNGHE_BOX_URL.")
    yield Finding(check="separate-stores", wrong=together if seen.together() else "")
    wrong = N_("Other accounts of this machine can read {files}. Run: chmod go-rwx on the files or their folder.")
    yield _listed("private-files", wrong, [str(path) for path in seen.exposed()], "files")
    missing = [path.name for path in (fonts.REGULAR, fonts.BOLD) if not path.is_file()]
    yield _listed("fonts", N_("The typeface for slips is missing: {files}. Install the product again."), missing, "files")
    wrong = N_("Key shares lie beside the stores: {files}. Hand them to their custodians and delete them here.")
    yield _listed("key-shares", wrong, [str(path) for path in seen.key_shares()], "files")
    yield from _first_step(seen) if seen.never_made() else _stores(seen)


def _stores(seen: Sight) -> Iterator[Finding]:
    reachable = True
    for name in STORES:
        reason = seen.unreachable(name)
        wrong = N_("This store cannot be opened: {reason}. Check its address, its server and its folder.")
        yield Finding(check=f"store-{name}", wrong=wrong if reason else "", values={"reason": reason})
        reachable = reachable and not reason
    if not reachable:
        return
    current = True
    for name in STORES:
        wrong = N_(
            "This store has the tables of another version. Back it up with that version; any other command then brings it up to date."
        )
        good = seen.current(name)
        yield Finding(check=f"schema-{name}", wrong="" if good else wrong)
        current = current and good
    if current:
        yield from _contents(seen)
        yield from _fieldwork(seen)


def _first_step(seen: Sight) -> Iterator[Finding]:
    """What to do first, in one sentence for both stores."""
    begin = N_(
        "Nothing has been set up here yet: there are no stores in {places}. Start the server and open the link it "
        "prints, which makes the first account or restores a backup: langnghe serve. Or: langnghe account add NAME --role organizer. Only looking? langnghe demo. Set up before? See that LANGNGHE_DATA_DIR, "
        "LANGNGHE_DATABASE_URL and LANGNGHE_BOX_URL are what they were."
    )
    yield Finding(check="first-step", wrong=begin, values={"places": ", ".join(seen.places())})


def _contents(seen: Sight) -> Iterator[Finding]:
    active = [account for account in seen.accounts() if account.active]
    nobody = N_("No organizer can sign in. Run: langnghe account add NAME --role organizer")
    yield Finding(check="organizer", wrong="" if any(account.role is Role.ORGANIZER and account.password for account in active) else nobody)
    demonstration = [account.name for account in active if account.demonstration]
    wrong = N_("Demonstration accounts are active: {names}. Disable them or give them passwords of your own.")
    yield Finding(check="demonstration-accounts", wrong=wrong if demonstration else "", values={"names": ", ".join(demonstration)})
    damaged = seen.damaged_releases()
    wrong = N_("Releases are not what they were when written: {waves}. Restore them from a backup.")
    yield Finding(check="releases", wrong=wrong if damaged else "", values={"waves": ", ".join(damaged)})


def _fieldwork(seen: Sight) -> Iterator[Finding]:
    wrong = N_("There is hardly any room left: {places}. Answers would be turned away. Make room on that disk.")
    yield _listed("room", wrong, [f"{folder} ({free / 1e6:.0f} MB)" for folder, free in seen.short_of_room().items()], "places")
    sound = True
    for name in STORES:
        file, reason = seen.damaged_file(name)
        wrong = N_(
            "The file {file} is damaged: {reason}. Stop the server and copy the file; then bring it back from a backup, or repair the copy (sqlite3 .recover)."
        )
        yield Finding(check=f"file-{name}", wrong=wrong if reason else "", values={"file": file, "reason": reason})
        sound = sound and not reason
    wrong = N_("These waves are past their last day and still open: {waves}. Run for each: langnghe wave close WAVE, or wave extend WAVE")
    yield _listed("past-their-day", wrong, seen.past_their_day())
    if sound:
        yield from _boxes(seen.box(), seen.covers)


def _boxes(looked: Looked, covers: Path) -> Iterator[Finding]:
    wrong = N_(
        "The box at LANGNGHE_BOX_URL is not the one these waves were opened with: {waves}. Correct the address, or bring the box back from a backup made with --with-open-box."
    )
    yield _listed("boxes", wrong, looked.without_box)
    wrong = N_(
        "A close was begun and not finished: {waves}. Answers are turned away. Run for each: langnghe wave close WAVE, or wave reopen WAVE"
    )
    yield _listed("half-closed", wrong, looked.half_closed)
    wrong = N_("The box still holds ballots of closed waves: {waves}. Run for each: langnghe wave close WAVE")
    yield _listed("emptied-box", wrong, looked.left_over)
    wrong = N_(
        "The cover keys of these waves are missing or not the right ones in {folder}: {waves}. Bring the key files from the machine that opened the waves; without them no ballot can be counted."
    )
    yield _listed("covers", wrong, looked.wrong_cover, folder=covers)
    wrong = N_("Cover keys of waves that are over lie in the data folder: {waves}. Delete these files.")
    yield _listed("stray-covers", wrong, [path.name for path in looked.stray_covers])
    wrong = N_("Ballots that cannot be opened: {waves}. A close sets them aside and counts the rest; find out who wrote to the box.")
    yield _listed("ballots", wrong, _counted(looked.damaged))
    wrong = N_("The box holds ballots of waves that nobody knows here: {waves}. Is LANGNGHE_BOX_URL the right box?")
    yield _listed("foreign-ballots", wrong, _counted(looked.foreign))


def _counted(found: Counter[str]) -> list[str]:
    return [f"{wave} ({count})" for wave, count in sorted(found.items()) if count]


def _listed(check: str, wrong: str, found: Collection[str], name: str = "waves", folder: Path | None = None) -> Finding:
    return Finding(check=check, wrong=wrong if found else "", values={name: ", ".join(found), "folder": folder})
