"""What `langnghe check` looks at in the box and around it. Nothing is created or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import Engine

from bootstrap import Settings
from db.box_inspection import damaged_file, look, past_their_day
from db.cover import Covers
from db.room import LOW, free_in, place_of
from survey.clock import Clock
from survey.errors import N_
from survey.operations import Finding


def box_findings(settings: Settings, main: Engine, box: Engine) -> Iterator[Finding]:
    yield _room(settings, main, box)
    sound = True
    for name, engine in (("main", main), ("box", box)):
        reason = damaged_file(engine)
        wrong = N_(
            "The file {file} is damaged: {reason}. Stop the server and copy the file; then bring it back from a backup, or repair the copy (sqlite3 .recover)."
        )
        yield Finding(check=f"file-{name}", wrong=wrong if reason else "", values={"file": engine.url.database, "reason": reason})
        sound = sound and not reason
    late = past_their_day(main, Clock.of(settings.timezone).today().isoformat())
    wrong = N_("These waves are past their last day and still open: {waves}. Run for each: langnghe wave close WAVE, or wave extend WAVE")
    yield _listed("past-their-day", wrong, late)
    if sound:
        yield from _boxes(main, box, Covers(settings.data_dir))


def _boxes(main: Engine, box: Engine, covers: Covers) -> Iterator[Finding]:
    looked = look(main, box, covers)
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
    yield _listed("covers", wrong, looked.wrong_cover, folder=covers.folder)
    wrong = N_("Cover keys of waves that are over lie in the data folder: {waves}. Delete these files.")
    yield _listed("stray-covers", wrong, [path.name for path in looked.stray_covers])
    wrong = N_("Ballots that cannot be opened: {waves}. A close sets them aside and counts the rest; find out who wrote to the box.")
    yield _listed("ballots", wrong, _counted(looked.damaged))
    wrong = N_("The box holds ballots of waves that nobody knows here: {waves}. Is LANGNGHE_BOX_URL the right box?")
    yield _listed("foreign-ballots", wrong, _counted(looked.foreign))


def _room(settings: Settings, main: Engine, box: Engine) -> Finding:
    folders = {folder: free_in(folder) for folder in (settings.data_dir, place_of(main), place_of(box)) if folder is not None}
    short = {folder: free for folder, free in folders.items() if free < LOW}
    wrong = N_("There is hardly any room left: {places}. Answers would be turned away. Make room on that disk.")
    return _listed("room", wrong, [f"{folder} ({free / 1e6:.0f} MB)" for folder, free in short.items()], "places")


def _counted(found: Counter[str]) -> list[str]:
    return [f"{wave} ({count})" for wave, count in sorted(found.items()) if count]


def _listed(check: str, wrong: str, found: Collection[str], name: str = "waves", folder: Path | None = None) -> Finding:
    return Finding(check=check, wrong=wrong if found else "", values={name: ", ".join(found), "folder": folder})
