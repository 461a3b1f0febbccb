"""`langnghe check`: what is wrong with an installation, and what to do about it. Nothing is created or changed."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import Engine

from bootstrap import ROOT, Settings
from commands.checking_box import box_findings
from commands.command import Context, as_json, command, emit
from commands.key_folder import left_in
from db.accounts import AccountStore
from db.engine import box_engine, main_engine
from db.inspection import at_head, damaged_releases, file_of, never_made, place_of, same_place, why_unreachable
from survey import fonts
from survey.access import Role
from survey.errors import N_
from survey.operations import Finding


@command("check", as_json)
def check(context: Context, as_json: bool) -> None:
    """Say what is wrong with this installation; exit 1 if anything is."""
    _ = context.locale
    found = tuple(findings(context.settings))
    wrong = [finding for finding in found if finding.wrong]
    for finding in () if as_json else wrong:
        click.echo(f"- {finding.check}: {_(finding.wrong, **finding.values)}", err=True)
    listed = [{"check": f.check, "ok": not f.wrong, "message": _(f.wrong, **f.values) if f.wrong else ""} for f in found]
    emit({"ok": not wrong, "checks": listed}, as_json, _("{count} things checked, {wrong} wrong.", count=len(found), wrong=len(wrong)))
    sys.exit(1 if wrong else 0)


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything looked at, in the order it should be cured."""
    key = N_("The key of the cookies is short or the one everybody knows. Set LANGNGHE_COOKIE_KEY to a long random secret of your own.")
    yield Finding(check="cookie-key", wrong="" if settings.has_own_key else key)
    together = N_("Registry and box are one database. Give the box its own: LANGNGHE_BOX_URL.")
    yield Finding(check="separate-stores", wrong=together if same_place(settings.database_url, settings.box_url) else "")
    yield _private(settings)
    yield _fonts()
    yield _key_shares(settings)
    main, box = main_engine(settings.database_url), box_engine(settings.box_url)
    try:
        yield from _stores(settings, main, box)
    finally:
        main.dispose()
        box.dispose()


def _private(settings: Settings) -> Finding:
    """POSIX: nobody but the owner may read the stores, by the folder's permissions or each file's own."""
    stores = [path for path in (file_of(settings.database_url), file_of(settings.box_url)) if path is not None]
    exposed = [path for path in (*stores, ROOT / ".streamlit" / "secrets.toml") if path.is_file() and _readable_by_others(path)]
    wrong = N_("Other accounts of this machine can read {files}. Run: chmod go-rwx on the files or their folder.")
    return Finding(check="private-files", wrong=wrong if exposed else "", values={"files": ", ".join(map(str, exposed))})


def _readable_by_others(path: Path) -> bool:
    others = stat.S_IRWXG | stat.S_IRWXO
    return os.name == "posix" and all(one.stat().st_mode & others for one in (path, path.parent))


def _fonts() -> Finding:
    missing = [path.name for path in (fonts.REGULAR, fonts.BOLD) if not path.is_file()]
    wrong = N_("The typeface for slips is missing: {files}. Install the product again.")
    return Finding(check="fonts", wrong=wrong if missing else "", values={"files": ", ".join(missing)})


def _key_shares(settings: Settings) -> Finding:
    left = left_in(settings)
    wrong = N_("Key shares lie beside the stores: {files}. Hand them to their custodians and delete them here.")
    return Finding(check="key-shares", wrong=wrong if left else "", values={"files": ", ".join(map(str, left))})


def _stores(settings: Settings, main: Engine, box: Engine) -> Iterator[Finding]:
    if not_begun(settings, main, box):
        yield from _first_step(settings)
        return
    reachable = True
    for name, engine, url in (("main", main, settings.database_url), ("box", box, settings.box_url)):
        reason = why_unreachable(engine, url)
        wrong = N_("This store cannot be opened: {reason}. Check its address, its server and its folder.")
        yield Finding(check=f"store-{name}", wrong=wrong if reason else "", values={"reason": reason})
        reachable = reachable and not reason
    if not reachable:
        return
    current = True
    for name, engine in (("main", main), ("box", box)):
        wrong = N_(
            "This store has the tables of another version. Back it up with that version; any other command then brings it up to date."
        )
        good = at_head(engine, name)
        yield Finding(check=f"schema-{name}", wrong="" if good else wrong)
        current = current and good
    if current:
        yield from _contents(main)
        yield from box_findings(settings, main, box)


def not_begun(settings: Settings, main: Engine, box: Engine) -> bool:
    """A fresh machine: neither store has ever been made. One alone that is missing is something else, and worse."""
    return never_made(main, settings.database_url) and never_made(box, settings.box_url)


def _first_step(settings: Settings) -> Iterator[Finding]:
    """What to do first, in one sentence for both stores."""
    begin = N_(
        "Nothing has been set up here yet: there are no stores in {places}. Start the server and open the link it "
        "prints, which makes the first account: langnghe serve. Or: langnghe account add NAME --role organizer. Only looking? langnghe demo. Set up before? See that LANGNGHE_DATA_DIR, "
        "LANGNGHE_DATABASE_URL and LANGNGHE_BOX_URL are what they were."
    )
    places = dict.fromkeys(
        str(file.parent) if (file := file_of(url)) else place_of(url) for url in (settings.database_url, settings.box_url)
    )
    yield Finding(check="first-step", wrong=begin, values={"places": ", ".join(places)})


def _contents(main: Engine) -> Iterator[Finding]:
    active = [account for account in AccountStore(main).accounts() if account.active]
    nobody = N_("No organizer can sign in. Run: langnghe account add NAME --role organizer")
    yield Finding(check="organizer", wrong="" if any(account.role is Role.ORGANIZER and account.password for account in active) else nobody)
    demonstration = [account.name for account in active if account.demonstration]
    wrong = N_("Demonstration accounts are active: {names}. Disable them or give them passwords of your own.")
    yield Finding(check="demonstration-accounts", wrong=wrong if demonstration else "", values={"names": ", ".join(demonstration)})
    damaged = damaged_releases(main)
    wrong = N_("Releases are not what they were when written: {waves}. Restore them from a backup.")
    yield Finding(check="releases", wrong=wrong if damaged else "", values={"waves": ", ".join(damaged)})
