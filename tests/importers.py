"""Every way a file comes into the product, with a valid file for each: what is to be damaged."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from bootstrap import Services, Settings, build
from db.backup import restore_backup, write_backup
from survey.access import OPERATOR
from survey.collect.invitation_list import read_people
from survey.collect.keys import KeyShare, create_key
from survey.collect.passphrases import read_lines
from survey.design.plan import make_plan
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import SHIPPED
from survey.design.service import read_plan
from survey.design.xlsform import write_xlsform
from survey.errors import SurveyError
from survey.process.counts_file import read_counts
from survey.process.responses_file import read_responses
from survey.source import Source
from tests.damaging import in_gzip, in_zip
from tests.importing import import_counts
from tests.small_world import UNITS, settle

Opened = Callable[[bytes], tuple[bytes, Callable[[bytes], bytes]]]
SHEET = "xl/worksheets/sheet1.xml"
PLAN = (
    "breakdowns: [gender]\nminimum_base: {unit: 7, category: 12}\nshares: 3\nshares_needed: 2\nheadcounts: {t.a: 44, t.b: 30}\nroots: [t]\n"
)


@dataclass(frozen=True)
class Importer:
    """`take`: reads and, where it is quick, stores what a file holds; `inside`: opens what is packed."""

    name: str
    valid: bytes
    take: Callable[[bytes], object]
    inside: Opened | None = None


@dataclass(frozen=True)
class World:
    services: Services
    questionnaire: Questionnaire
    folder: Path
    watch: sqlite3.Connection

    def state(self) -> int:
        """Changes with every commit of the registry, by whomever."""
        return int(self.watch.execute("PRAGMA data_version").fetchone()[0])

    def forget_waves(self) -> None:
        with self.watch as store:
            for table in ("wave", "release", "cell"):
                store.execute(f"DELETE FROM {table}")

    def forget_questionnaires(self) -> None:
        with self.watch as store:
            store.execute("DELETE FROM questionnaire WHERE id <> ?", (self.questionnaire.id,))


def open_world(folder: Path) -> World:
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder / "stores")}))
    return World(services, settle(services), folder, sqlite3.connect(folder / "stores" / "langnghe.db"))


def close_world(world: World) -> None:
    world.watch.close()
    world.services.close()


def workbook(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [int(cell) if cell.isdigit() else cell for cell in row])
    return out.getvalue()


def importers(world: World) -> list[Importer]:
    """All of them; a new way in belongs here."""
    return [*_units(world), *_questionnaires(world), *_waves(world), *_past(world), *_shares(), _packed(world), _backup(world)]


def _units(world: World) -> list[Importer]:
    def units(name: str) -> Callable[[bytes], object]:
        design = world.services.design
        return lambda content: design.save_units(OPERATOR, design.read_units(OPERATOR, Source.received(name, content)))

    header, *rows = [line.split(";") for line in UNITS.splitlines()]
    entries = [{name: value for name, value in zip(header, row, strict=True) if value} for row in rows]
    document = yaml.safe_dump({"units": entries}, allow_unicode=True, sort_keys=False).encode()
    table = workbook([header, *rows])
    return [
        Importer("units csv", UNITS.encode(), units("u.csv")),
        Importer("units yaml", document, units("u.yaml")),
        Importer("units xlsx", table, units("u.xlsx"), in_zip(SHEET)),
        Importer("units xlsx, its texts", table, units("u.xlsx"), in_zip("xl/sharedStrings.xml")),
    ]


def _questionnaires(world: World) -> list[Importer]:
    def questionnaire(name: str) -> Callable[[bytes], object]:
        design = world.services.design

        def take(content: bytes) -> None:
            read = design.read_questionnaire(OPERATOR, Source.received(name, content))
            world.forget_questionnaires()  # else the second is refused for having the version of the first
            design.save_questionnaire(OPERATOR, read)

        return take

    text = next(SHIPPED.glob("*.yaml")).read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    document["meta"] |= {"id": "thu"}
    text = text.replace("id: vhcs-core", "id: thu", 1)
    document["items"] = document["items"][:6]
    named = {name for item in document["items"] for name in item.get("criteria", ())}
    document["criteria"] = [criterion for criterion in document["criteria"] if criterion["id"] in named]
    document["themes"] = [theme for theme in document["themes"] if theme["id"] in {item["theme"] for item in document["items"]}]
    for left_out in ("overall_items", "optional_items", "quality_checks"):
        document.pop(left_out, None)
    small = yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode()
    form = write_xlsform(world.services.design.read_questionnaire(OPERATOR, Source("q.yaml", small)))
    return [
        Importer("questionnaire yaml", small, questionnaire("q.yaml")),
        Importer("questionnaire yaml, whole", text.encode(), questionnaire("q.yaml")),
        Importer("questionnaire xlsx", form, questionnaire("q.xlsx"), in_zip(SHEET)),
        Importer("questionnaire xlsx, its texts", form, questionnaire("q.xlsx"), in_zip("xl/sharedStrings.xml")),
    ]


def _waves(world: World) -> list[Importer]:
    def plan(content: bytes) -> object:
        wishes = read_plan(Source.received("plan.yaml", content))
        return world.services.design.draft_wave(OPERATOR, "2026", world.questionnaire.id, date(2026, 1, 1), date(2026, 1, 9), plan=wishes)

    people = "unit;email\nt.a;lan@example.gov.vn\nt.b;hung@example.gov.vn\n"
    made = make_plan(world.services.design.units(OPERATOR), date(2026, 1, 1))
    return [
        Importer("plan yaml", PLAN.encode(), plan),
        Importer(
            "addresses csv",
            people.encode(),
            lambda content: read_people(Source.received("p.csv", content), made, with_slips=(), listed=()),
        ),
    ]


def _past(world: World) -> list[Importer]:
    questionnaire, register = world.questionnaire, world.services.design.units(OPERATOR)
    items = [item.id for item in questionnaire.items[:3]]
    counts = ["wave;unit;breakdown;category;item;option;n"]
    counts += [f"2019;{unit};;;{item};{option};{option + 3}" for unit in ("t.a", "t.b") for item in items for option in (1, 2, 3, 4, 5)]
    rows = [["Năm", "Đơn vị", "Giới", *items, "Góp ý"]]
    rows += [
        ["2021", "Sở A", "Nữ" if person % 2 else "Nam", *[str(1 + (person + place) % 5) for place in range(3)], "Tốt"]
        for person in range(12)
    ]
    mapping = "wave: {column: Năm}\nunit: {column: Đơn vị, values: {Sở A: t.a}}\nvalues: {Hoàn toàn đồng ý: 5}\nitems:\n"
    mapping += "".join(f"  {item}: {{column: {item}}}\n" for item in items)
    mapping += "breakdowns: {gender: {column: Giới, values: {Nam: m, Nữ: f}}}\n"
    if questionnaire.open_questions:
        mapping += f"comments: {{{questionnaire.open_questions[0].id}: {{column: Góp ý}}}}\n"
    table, book = "\n".join(";".join(row) for row in rows).encode(), workbook(rows)
    rules = Source("m.yaml", mapping.encode())

    def count(name: str) -> Callable[[bytes], object]:
        return lambda content: read_counts(Source.received(name, content), questionnaire, register)

    def responses(name: str) -> Callable[[bytes], object]:
        return lambda content: read_responses(Source.received(name, content), rules, questionnaire, register)

    def whole(content: bytes) -> object:
        world.forget_waves()  # else the second is refused because the first is there
        return import_counts(world.services, Source.received("c.csv", content), questionnaire)

    text = "\n".join(counts).encode()
    return [
        Importer("counts csv", text, count("c.csv")),
        Importer("counts csv.gz", gzip.compress(text), count("c.csv.gz"), in_gzip),
        Importer("counts csv, counted and stored", text, whole),
        Importer("responses csv", table, responses("r.csv")),
        Importer("responses xlsx", book, responses("r.xlsx"), in_zip(SHEET)),
        Importer(
            "mapping yaml",
            mapping.encode(),
            lambda content: read_responses(Source("r.csv", table), Source.received("m.yaml", content), questionnaire, register),
        ),
    ]


def _shares() -> list[Importer]:
    share = create_key("2026", 3, 2).shares[0]
    return [
        Importer("key share file", share.to_bytes(), KeyShare.from_bytes),
        Importer("key share text", share.to_text().encode(), KeyShare.from_bytes),
        Importer("passphrases", "một hai ba bốn\nnăm sáu bảy tám\n".encode(), lambda content: read_lines(content, 2)),
    ]


def _backup(world: World) -> Importer:
    """One of the three files of a copy is damaged, its digest made to agree: what a liar or a bad disk before hashing does."""
    folder, empty = world.folder / "copy", world.folder / "empty"
    main, box = world.services.engines
    write_backup(main, box, world.services.box.covers, folder, with_open_box=False, day=date(2026, 1, 1))
    build(Settings.read({"LANGNGHE_DATA_DIR": str(empty)})).close()
    text = (folder / "manifest.json").read_bytes()

    def take(content: bytes) -> object:
        damaged, new = world.folder / "damaged", world.folder / "new"
        for there, here in ((damaged, folder), (new, empty)):
            shutil.rmtree(there, ignore_errors=True)
            shutil.copytree(here, there)
        _damage(damaged, json.loads(text), content)
        services = build(Settings.read({"LANGNGHE_DATA_DIR": str(new)}))
        try:
            return restore_backup(*services.engines, services.box.covers, damaged)
        except SurveyError:
            assert not services.design.waves(OPERATOR) and not services.design.questionnaires(OPERATOR), "a part was restored"
            raise
        finally:
            services.close()

    return Importer("backup", (folder / "langnghe.db").read_bytes(), take, lambda _whole: (text, lambda changed: changed))


def _packed(world: World) -> Importer:
    """The same as one file, as a page takes it."""
    copying = world.services.copying
    return Importer("backup.zip", copying.packed(OPERATOR), lambda content: copying.examined(OPERATOR, Source.received("x.zip", content)))


def _damage(folder: Path, manifest: dict[str, Any], content: bytes) -> None:
    """Put the damaged manifest, or the damaged store, in its place."""
    if content.startswith(b"SQLite"):
        (folder / "langnghe.db").write_bytes(content)
        content = json.dumps({**manifest, "files": {**manifest["files"], "langnghe.db": sha256(content).hexdigest()}}).encode()
    (folder / "manifest.json").write_bytes(content)
