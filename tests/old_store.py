"""A small store as this version makes it, kept as a fixture before a later one changes the tables.

    python -m tests.old_store tests/data/store-NAME.zip

One wave in the field with ballots and unused codes, one closed and published, accounts: everybody in it is
made up, and the passwords, codes and the key share that the tests need are in the archive.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from bootstrap import Settings, build
from db.engine import box_engine, main_engine
from db.revisions import revision
from survey.access import OPERATOR, Role
from tests.browser.world import TURNOUT, praise
from tests.small_world import add_account, answers, open_wave, settle

PASSWORD = "mat-khau-bia-ra-de-thu"
CLOSED, IN_FIELD, DAY = "2025", "2026", date(2026, 11, 28)
_FILE = "told.json"
ANSWERED = 5  # people of each unit, in the wave that is still open


def revisions(settings: Settings) -> dict[str, str | None]:
    """Which version of the tables each store has."""
    engines = {"main": main_engine(settings.database_url), "box": box_engine(settings.box_url)}
    found = {line: revision(engine) for line, engine in engines.items()}
    for engine in engines.values():
        engine.dispose()
    return found


@dataclass(frozen=True, kw_only=True)
class Told:
    """hash: of the closed wave's release; codes: unspent ones, by unit name; share: the one of the wave in the field, as its
    file; answered: ballots in its box."""

    hash: str
    codes: dict[str, list[str]]
    share: bytes
    answered: int

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self) | {"share": json.loads(self.share)}, ensure_ascii=False, indent=1)
        (folder / _FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Told:
        """What stands in the folder; the file is no part of the stores and is removed."""
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        (folder / _FILE).unlink()
        return cls(**found | {"share": json.dumps(found["share"]).encode()})


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        services = build(Settings.read({"LANGNGHE_DATA_DIR": name}))
        questionnaire = settle(services)
        _, codes, shares = open_wave(services, CLOSED, date(2025, 11, 28))
        for unit, people in TURNOUT.values():
            for person in range(people):
                raw = {
                    "answers": answers(questionnaire, praise(person, 2)),
                    "comments": {questionnaire.open_questions[0].id: "Ý kiến bịa ra"},
                }
                services.collect.submit(codes[unit].pop(), raw, date(2025, 11, 28))
        release = services.closing.close(OPERATOR, CLOSED, shares)
        services.closing.publish(OPERATOR, CLOSED, comments_later=True)
        _, codes, shares = open_wave(services, IN_FIELD, DAY)
        for unit, _people in TURNOUT.values():
            for person in range(ANSWERED):
                services.collect.submit(codes[unit].pop(), {"answers": answers(questionnaire, praise(person, 4))}, DAY)
        for account, role, scope in (
            ("to.chuc", Role.ORGANIZER, None),
            ("lanh.dao", Role.LEADER, "t.a"),
            ("giu.khoa", Role.CUSTODIAN, None),
        ):
            add_account(services, account, role, PASSWORD, scope)
        services.close()
        Told(
            hash=release.hash,
            codes={unit: left[:3] for unit, left in codes.items()},
            share=shares[0].to_bytes(),
            answered=ANSWERED * len(TURNOUT),
        ).write(folder)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
