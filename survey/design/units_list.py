"""A list of offices as offices keep it: Vietnamese headers, section headings, a row of totals, names instead of ids, dates as
they are typed. Turned into the records of a file of units; whatever was taken upon oneself is told."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from survey.design.plan import GROUP_NAMES
from survey.design.units import UnitRegister
from survey.errors import N_, Problem, Said, shown
from survey.limits import UNIT_ID
from survey.vietnamese import one_line, same, without_marks

Record = tuple[int, dict[str, Any]]
ALIASES = {
    **dict.fromkeys(("Mã", "Mã đơn vị", "Mã số", "Mã ĐV", "Ký hiệu"), "id"),
    **dict.fromkeys(("Tên", "Tên đơn vị", "Tên cơ quan", "Tên cơ quan, đơn vị", "Cơ quan, đơn vị", "Đơn vị"), "name_vi"),
    **dict.fromkeys(("Tên tiếng Anh", "English name"), "name_en"),
    **dict.fromkeys(("Loại", "Loại hình", "Loại đơn vị", "Cấp"), "kind"),
    "Khối": "group",
    **dict.fromkeys(("Trực thuộc", "Đơn vị cấp trên", "Cấp trên", "Đơn vị chủ quản"), "parent"),
    **dict.fromkeys(("Từ ngày", "Ngày thành lập", "Có hiệu lực từ"), "valid_from"),
    **dict.fromkeys(("Đến ngày", "Ngày giải thể", "Hết hiệu lực"), "valid_to"),
    **dict.fromkeys(("Đơn vị kế thừa", "Kế thừa", "Đơn vị tiếp nhận"), "successors"),
    **dict.fromkeys(("Số CBCCVC", "Số người", "Số lượng", "Biên chế", "Số lượng CBCCVC", "Tổng số CBCCVC", "Quân số"), "headcount"),
}
_TOTALS = frozenset(map(same, ("tổng", "tổng cộng", "tổng số", "cộng", "cộng chung", "total", "toàn tỉnh cộng")))
_BLOCK = same("khối") + " "
_DAY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_TURNED = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})")
_MONTH = re.compile(r"(?:([0-9]{4})-([0-9]{1,2})|([0-9]{1,2})/([0-9]{4}))")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?Z?$")
# Letters of the languages of the Central Highlands and of names as they are printed; any other letter with a mark, and the
# signs that fill old code pages, no office's name has.
_EDE = frozenset("čĕĭñŏŭƀ")
_OLD_SIGNS = frozenset("¡¢£¤¥¦¨©ª«¬®¯±²³´µ¶¸¹º»¼½¾¿×÷Ÿ‡†‰Œœƒ")
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")


def without_totals(records: Sequence[Record], said: list[Said]) -> list[Record]:
    """The records without rows of totals and headings of sections, each told."""
    kept = []
    for row, record in records:
        name = one_line(str(record.get("name_vi") or record.get("name_en") or ""))
        filled = [column for column, value in record.items() if str(value or "").strip()]
        if same(name) in _TOTALS and not str(record.get("id") or "").strip():
            said.append(Said(N_('Row {row}, "{name}", is a total and was left out.'), {"row": row, "name": name}))
        elif filled == ["name_vi"] and len(record) > 2 and same(name).startswith(_BLOCK):
            said.append(Said(N_('Row {row}, "{name}", is a heading and was left out.'), {"row": row, "name": name}))
        else:
            kept.append((row, record))
    return kept


def with_ids(records: Sequence[Record], register: UnitRegister | None, said: list[Said]) -> list[Record]:
    """Records without an id column, given the ids of units of the same name that are known, else ids made of their names.

    Parents are named too; one that is in neither the file nor the register, and is everybody's, becomes the unit above all.
    """
    known: dict[str, str] = {}
    for unit in register or ():
        if unit.valid_to is None:
            known.setdefault(same(unit.name_vi), unit.id)
    names = [one_line(str(record.get("name_vi") or "")) for _row, record in records]
    taken = set(register.by_id) if register else set()
    ids: dict[str, str] = {}
    for name in names:
        ids.setdefault(same(name), known.get(same(name)) or id_of_name(name, taken))
    above = {same(str(r.get("parent") or "")): one_line(str(r.get("parent") or "")) for _row, r in records}
    missing = {key: name for key, name in above.items() if key and key not in ids and key not in known}
    made: list[Record] = []
    if len(missing) == 1 and all(str(record.get("parent") or "").strip() for _row, record in records):
        ((key, name),) = missing.items()
        ids[key] = id_of_name(name, taken)
        made.append((records[0][0], {"id": ids[key], "name_vi": name}))
        said.append(Said(N_('"{name}" stands in no row of its own; it was taken as the unit above all others.'), {"name": name}))
    for (row, record), name in zip(records, names, strict=True):
        parent = same(str(record.get("parent") or ""))
        under = {"parent": ids.get(parent) or known.get(parent) or record["parent"]} if "parent" in record else {}
        made.append((row, {**record, "id": ids[same(name)], **under}))
    new = sum(one not in (register.by_id if register else {}) for one in ids.values())
    said.append(
        Said(
            N_("The file has no ids: {known} units were found by their names, {new} ids were made of names."),
            {"known": len(ids) - new, "new": new},
        )
    )
    return made


def id_of_name(name: str, taken: set[str]) -> str:
    """An id made of a name, added to those `taken`: Sở Nội vụ -> so-noi-vu, so-noi-vu-2, ..."""
    word = re.sub(r"[^a-z0-9]+", "-", without_marks(name)).strip("-")[: UNIT_ID - 4] or "unit"
    found, number = word, 2
    while found in taken:
        found, number = f"{word}-{number}", number + 1
    taken.add(found)
    return found


def next_id(unit_id: str, taken: Collection[str]) -> str:
    """The id under which a unit begins again: so.nv -> so.nv-2 -> so.nv-3."""
    stem, number = re.sub(r"-[0-9]{1,2}$", "", unit_id)[: UNIT_ID - 4], 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def group_code(text: str) -> str:
    """The code of a group (khối) that is written out: "Khối sở, ban, ngành" -> so_ban_nganh. Any other text as it is."""
    spoken = {same(name).removeprefix(_BLOCK): code for code, names in GROUP_NAMES.items() for name in names}
    return spoken.get(same(text).removeprefix(_BLOCK), text)


def day_order(records: Iterable[Record]) -> tuple[str, tuple[int, str, str] | None]:
    """("dmy" | "mdy" | "", the first date that can be two days): which order the file's own dates prove. "" where they prove none."""
    doubt: tuple[int, str, str] | None = None
    proved: set[str] = set()
    for row, record in records:
        for column in ("valid_from", "valid_to"):
            text = _MIDNIGHT.sub("", str(record.get(column) or "").strip())
            if not (match := _DAY.fullmatch(text)):
                continue
            first, second = int(match[1]), int(match[3])
            if match[2] == "." or first > 12 >= second:
                proved.add("dmy")
            elif second > 12 >= first:
                proved.add("mdy")
            elif first != second and doubt is None:
                doubt = (row, column, text)
    return (proved.pop() if len(proved) == 1 else "dmy" if proved else ""), doubt


def read_day(text: str, order: str, last: bool) -> date:
    """A day as it is typed: ISO, 1/7/2025, 31-12-2025, 1.7.25, a month or a year alone (`last`: its last day). ValueError otherwise."""
    text = _MIDNIGHT.sub("", text.strip())
    if match := _DAY.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = (second, first) if order == "mdy" and match[2] != "." else (first, second)
        return date(year + 2000 if year < 100 else year, month, day)
    if match := _TURNED.fullmatch(text):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if re.fullmatch(r"(19|20)[0-9]{2}", text):
        return date(int(text), 12, 31) if last else date(int(text), 1, 1)
    if match := _MONTH.fullmatch(text):
        year, month = (int(match[1]), int(match[2])) if match[1] else (int(match[4]), int(match[3]))
        return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
    raise ValueError(text)


def check_order(order: str, doubt: tuple[int, str, str] | None, wanted: str) -> Problem | None:
    """Asks which of two days is meant, once for the file, where nothing in it says so."""
    if wanted or order or doubt is None:
        return None
    row, column, text = doubt
    return Problem(
        row=row, column=column, message=N_('"{value}" can be two days, and no other date of the file tells which.'),
        cure=N_("Add --dates dmy (day first, as in Vietnam) or --dates mdy (month first), or write the dates as 2025-07-01."),
        values={"value": text},
    )  # fmt: skip


def foreign_letters(name: str) -> str:
    """The first sign that no Vietnamese name has: the file may be in TCVN3, VNI, or read in another code page. "" where there is none."""
    for char in unicodedata.normalize("NFC", name):
        if char.isascii() or char.casefold() in _EDE:
            continue
        if char in _OLD_SIGNS:
            return char
        if char.isalpha() and ord(char) < 0x250 and char not in "Đđ":
            base, *marks = list(unicodedata.normalize("NFD", char))
            if not set(marks) or not set(marks) <= _MARKS or not base.isascii():
                return char
            if ("\u0303" in marks and base.lower() == "n") or ("\u0300" in marks and base.lower() not in "aeiouy"):
                return char
    return ""


def check_letters(row: int, column: str, name: str) -> Problem | None:
    sign = foreign_letters(name)
    if not sign:
        return None
    return Problem(
        row=row, column=column, message=N_('"{value}" holds "{sign}", which no Vietnamese name has: an old font (TCVN3, VNI) or another encoding?'),
        cure=N_("Convert the file to Unicode and save it as UTF-8; if the name is right as it is, add --keep-letters."),
        values={"value": shown(name), "sign": sign},
    )  # fmt: skip
