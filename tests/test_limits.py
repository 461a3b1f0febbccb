"""One set of limits: what the domain accepts, both databases store and give back the same; the rest is refused before them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bootstrap import Services, Settings
from survey import limits
from survey.access import OPERATOR, Role
from survey.design.plan import make_plan
from survey.design.questionnaire_file import read_questionnaire
from survey.design.units import Unit, UnitRegister
from survey.design.units_file import read_units, write_units
from survey.errors import SurveyError
from survey.passwords import new_password
from survey.source import Source
from tests.command_line import Line, furnish, stored
from tests.conftest import new_databases

FAR = "\N{GRINNING FACE}"  # a letter that takes two places in some databases and four bytes in all
FEW = {"headcounts": {"r" * limits.UNIT_ID: 3}}  # people, so that few slips are made
DAY, LATER = date(2026, 1, 1), date(2026, 1, 9)


def widest_units() -> UnitRegister:
    root = "r" * limits.UNIT_ID
    fields = {"name_vi": FAR * limits.NAME, "name_en": "n" * limits.NAME, "kind": FAR * limits.GROUP, "group": "g" * limits.GROUP}
    units = [Unit(id=root, headcount=limits.PEOPLE, **fields)]
    units += [Unit(id=f"{n}".rjust(limits.UNIT_ID, "a"), parent=root, headcount=3, successors=(root,), **fields) for n in range(9)]
    return UnitRegister(tuple(units))


def widest_questionnaire() -> dict[str, object]:
    def named(letter: str, **more: object) -> dict[str, object]:
        return {"id": letter * limits.ID, "vi": FAR * limits.LABEL, "en": "Một\nhai\t" + "e" * 99, **more}

    points = [{"value": value, "vi": "x" * 99} for value in (-limits.OPTION, limits.OPTION)]
    return {
        "meta": {"id": "q" * limits.ID, "version": FAR * limits.VERSION, "title_vi": FAR * limits.NAME, "note": date(2025, 1, 1)},
        "scale": {"id": "s" * limits.ID, "points": points, 5: {None: 1.5, True: "x"}},
        "themes": [named("t")],
        "items": [named("i", theme="t" * limits.ID)],
        "open_questions": [named("o", max_chars=2_000)],
        "breakdown_fields": [named("b", options=[{"code": sign * limits.CODE, "vi": FAR} for sign in (FAR, "ơ")])],
    }


def test_the_widest_that_is_accepted_comes_back_from_both_databases(services: Services) -> None:
    units = read_units(Source("u.csv", write_units(widest_units())))
    assert units == widest_units()
    services.design.save_units(OPERATOR, units)
    assert services.design.units(OPERATOR) == units
    document = yaml.safe_dump(widest_questionnaire(), allow_unicode=True).encode()
    questionnaire = read_questionnaire(Source("q.yaml", document))
    for _time in range(2):  # the same again is the same
        services.design.save_questionnaire(OPERATOR, questionnaire)
    back = services.design.questionnaire(OPERATOR, questionnaire.id)
    assert back == questionnaire and back.source == questionnaire.source
    name, title = "w" * limits.ID, FAR * limits.NAME
    wave = services.design.create_wave(OPERATOR, name, questionnaire.id, DAY, LATER, title_vi=title, title_en=title, plan=FEW)
    assert services.design.wave(OPERATOR, name) == wave
    assert max(len(node.id) for node in wave.plan.nodes) <= limits.NODE_ID
    slips = services.fieldwork.print_codes(OPERATOR, name)
    assert {row.node.id for row in services.fieldwork.participation(OPERATOR, name) if row.given} <= set(wave.plan.by_id) and slips
    services.accounts.add(OPERATOR, "n" * limits.ACCOUNT, Role.LEADER, new_password(), units.units[0].id)
    assert services.accounts.list(OPERATOR)[0].unit == units.units[0].id


def test_many_small_units_are_joined_under_an_id_that_fits() -> None:
    plan = make_plan(widest_units(), DAY, reporting_headcount=12)
    joined = [node for node in plan.nodes if len(node.members) > 2]
    assert joined and all(len(node.id) <= limits.NODE_ID for node in plan.nodes)
    assert len({node.id for node in plan.nodes}) == len(plan.nodes)


def test_every_column_of_words_is_as_long_as_the_domain_says() -> None:
    from db.box_models import BOX
    from db.models import MAIN

    ours = {value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int)}
    fixed = {
        10,
        16,
        17,
        20,
        36,
        40,
        60,
        64,
        80,
    }  # states, a sign that a cover is shut, minutes, reasons, random ids, actions, measures, digests, passwords and notes: all our own
    for table in (*MAIN.tables.values(), *BOX.tables.values()):
        for column in table.columns:
            length = getattr(column.type, "length", None)
            assert length in ours | fixed | {None, 32, 384}, column


UNIT = "id;name_vi;kind;group;headcount\n"
COUNTS = "wave;unit;item;option;n\n"
REFUSED: dict[str, tuple[tuple[str, ...], str, str]] = {
    "a headcount of 400 digits": (("units", "import"), "u.csv", UNIT + "x;X;k;g;" + "9" * 400),
    "more staff than there are people": (("units", "import"), "u.csv", UNIT + "x;X;k;g;10000001"),
    "a headcount in other digits": (("units", "import"), "u.csv", UNIT + "x;X;k;g;٣"),
    "a sign that ends strings in a name": (("units", "import"), "u.csv", UNIT + "x;A\0B;k;g;3"),
    "a bell in a name": (("units", "import"), "u.csv", UNIT + "x;A\x07B;k;g;3"),
    "a way up in an id": (("units", "import"), "u.csv", UNIT + "../x;A;k;g;3"),
    "markup in an id": (("units", "import"), "u.csv", UNIT + "<b>;A;k;g;3"),
    "marks in an id": (("units", "import"), "u.csv", UNIT + "sở;A;k;g;3"),
    "an id that is too long": (("units", "import"), "u.csv", UNIT + "x" * 81 + ";A;k;g;3"),
    "a name that is too long": (("units", "import"), "u.csv", UNIT + "x;" + "A" * 501 + ";k;g;3"),
    "a group that is too long": (("units", "import"), "u.csv", UNIT + "x;A;k;" + "g" * 81 + ";3"),
    "a moment in place of a day": (("units", "import"), "u.yaml", "units: [{id: x, name_vi: A, valid_from: 2025-01-01T10:00:00}]"),
    "markup in a wave": (("import", "counts", "--questionnaire", "vhcs-core"), "c.csv", COUNTS + "2019<b>x</b>;t.a;TQ1;3;9"),
    "a wave that is too long": (("import", "counts", "--questionnaire", "vhcs-core"), "c.csv", COUNTS + "2019" + "x" * 37 + ";t.a;TQ1;3;9"),
    "a way up in a wave": (("import", "counts", "--questionnaire", "vhcs-core"), "c.csv", COUNTS + "2019/../x;t.a;TQ1;3;9"),
    "a bell in a wave": (("import", "counts", "--questionnaire", "vhcs-core"), "c.csv", COUNTS + "2019\x07;t.a;TQ1;3;9"),
}  # fmt: skip
PLANS = {
    "a share of 30 digits": "shares: " + "9" * 30, "no share": "shares: 0", "ten shares": "shares: 10", "more needed than made": "shares_needed: 9",
    "a base that nobody knows": "minimum_base: {x: 9}", "a base that lowers": "minimum_base: {unit: 1}", "a base in words": "minimum_base: {unit: many}",
    "a headcount below nought": "headcounts: {t.a: -1}", "a headcount of 30 digits": "headcounts: {t.a: " + "9" * 30 + "}", "numbers as roots": "roots: [1]",
}  # fmt: skip


def test_what_one_database_would_not_take_is_refused_by_the_domain(settings: Settings, tmp_path: Path) -> None:
    line = Line(settings)
    furnish(line, tmp_path)
    before = stored(settings)
    for name, (command, file, content) in REFUSED.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
        said = line.refused(*command, tmp_path / file)
        assert "row" in said and len(said) < 1_000 and said.replace("\n", "").isprintable(), (name, said)
    create = ("--questionnaire", "vhcs-core", "--opens", "2026-01-01", "--closes", "2026-01-09")
    for name in ("../x", "<b>", "x" * 41, ".x", "đợt", "x y", "a\x07"):
        assert "is not usable" in line.refused("wave", "create", name, *create)
    assert "title" in line.refused("wave", "create", "w", *create, "--title", "x" * 501)
    for name, plan in PLANS.items():
        (tmp_path / "p.yaml").write_text(plan, encoding="utf-8")
        assert line.refused("wave", "create", "w", *create, "--plan", tmp_path / "p.yaml"), name
    for name in ("../x", "ab", "x" * 61, "lan<b>", "lân"):
        assert line.refused("account", "add", name, "--role", "organizer")
    assert stored(settings) == before


@pytest.mark.parametrize("harm", [{"version": FAR * 41}, {"id": "../q"}, {"title_vi": "x" * 501}, {"title_vi": ["x"]}, {"x": float("nan")}])
def test_a_questionnaire_that_could_not_be_moved_is_refused(harm: dict[str, object]) -> None:
    document = widest_questionnaire()
    document["meta"] = {**document["meta"], **harm}  # type: ignore[dict-item]
    with pytest.raises(SurveyError, match="refused"):
        read_questionnaire(Source("q.yaml", yaml.safe_dump(document, allow_unicode=True).encode()))


def test_the_widest_store_moves_from_sqlite_to_postgresql(sqlite_services: Services, postgres: str, tmp_path: Path) -> None:
    sqlite_services.design.save_units(OPERATOR, widest_units())
    questionnaire = read_questionnaire(Source("q.yaml", yaml.safe_dump(widest_questionnaire(), allow_unicode=True).encode()))
    sqlite_services.design.save_questionnaire(OPERATOR, questionnaire)
    sqlite_services.design.create_wave(OPERATOR, "w" * limits.ID, questionnaire.id, DAY, LATER, plan=FEW)
    sqlite_services.fieldwork.print_codes(OPERATOR, "w" * limits.ID)
    line = Line(sqlite_services.settings)
    line.done("backup", tmp_path / "copy")
    database, box = new_databases(postgres)
    there = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path), "LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}))
    there.done("restore", tmp_path / "copy")
    assert there.json("wave", "list") == line.json("wave", "list") != []
    assert read_units(Source("u.csv", exported(there, tmp_path))) == widest_units()


def exported(line: Line, folder: Path) -> bytes:
    line.done("units", "export", folder / "out.csv")
    return (folder / "out.csv").read_bytes()
