"""Run as a program, never imported: reads a workbook from standard input and writes its rows, one JSON array a line.

calamine keeps a sheet as one rectangle from its first to its last filled cell, and ends its process when memory is
short: a workbook of 5 kB with one word in the last corner asks for 512 GB. So it works in a process of its own, with an end
to its memory and its output (docs/decisions/0021-reading-tables.md). Imports nothing of ours: it has to start quickly.
"""

from __future__ import annotations

import datetime
import functools
import html
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any


@functools.lru_cache(maxsize=10_000, typed=True)  # the same few numbers fill most tables
def text_of(value: object) -> str:
    """A cell as a person sees it: 5.0 is 5, a date is 2025-03-01."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


# A cell with a formula that no program has reckoned yet: what other programs write, and a spreadsheet shows once it has
# opened the file. calamine gives nothing for it, and nothing is no answer. (t="str": a formula whose result is no text.)
_UNRECKONED = re.compile(rb"<c ([^>]*)>\s*<f(?:[^>]*/>|[^>]*>([^<]*)</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_SCANNED = 64 * 2**20  # bytes of a sheet that are looked through for them


def unreckoned(content: bytes, title: str) -> dict[int, dict[int, str]]:
    """row -> column (from nought) -> the formula, of an .xlsx sheet's cells that have one and no value."""
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = _part_of(archive, title)
        if part not in archive.namelist() or archive.getinfo(part).file_size > _SCANNED:
            return {}
        sheet = archive.read(part)
    found: dict[int, dict[int, str]] = {}
    for cell in _UNRECKONED.finditer(sheet) if b"<f" in sheet else ():
        place = re.search(rb'\br="([A-Z]{1,3})([0-9]{1,7})"', cell[1])
        if place and b't="str"' not in cell[1]:
            column = functools.reduce(lambda number, letter: number * 26 + letter - 64, place[1], 0) - 1
            found.setdefault(int(place[2]), {})[column] = "=" + html.unescape((cell[2] or b"").decode("utf-8", "replace"))
    return found


def _part_of(archive: zipfile.ZipFile, title: str) -> str:
    """The part of an .xlsx that holds the sheet; empty where it is not found."""
    try:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return ""
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name, link = re.search(r'\bname="([^"]*)"', sheet), re.search(r'\br:id="([^"]*)"', sheet)
        if name and link and html.unescape(name[1]) == title:
            for relation in re.findall(r"<Relationship\b[^>]*>", links):
                target = re.search(r'\bTarget="([^"]*)"', relation)
                if f'Id="{link[1]}"' in relation and target:
                    return target[1].lstrip("/") if target[1].startswith("/") else "xl/" + target[1]
    return ""


def rows_of(sheet: Any, limits: dict[str, int], formulas: dict[int, dict[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """(number from 1, texts without the empty ones at the end) of every row that is not empty."""
    cells = characters = 0
    first = sheet.start[0] + 1 if sheet.start else 1
    if sheet.start and sheet.start[1] + sheet.width > limits["columns"]:
        raise OverflowError("columns")
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for place, row in enumerate(sheet.to_python(skip_empty_area=True), start=first):
        texts = before + [cell if isinstance(cell, str) else text_of(cell) for cell in row]
        for column, formula in formulas.get(place, {}).items():
            texts += [""] * (column + 1 - len(texts))
            texts[column] = texts[column] or formula
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        cells += len(texts)
        if place > limits["rows"]:
            raise OverflowError("rows")
        if cells > limits["cells"]:
            raise OverflowError("cells")
        characters += sum(map(len, texts))
        if characters > limits["characters"]:
            raise OverflowError("characters")
        yield place, texts


def main() -> None:
    path, wanted, limits = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass  # Windows has no such limit: there a corner cell asks for more than there is, and is refused by the system
    sys.path.append(path)

    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    def say(said: object) -> None:
        sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")

    content = sys.stdin.buffer.read()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)  # what people see comes first
    titles = [sheet.name for sheet in sheets]
    chosen = titles[:1] if wanted is None else titles if wanted == ["*"] else [title for title in titles if title.strip().lower() in wanted]
    for title in chosen:
        say(title)
        try:
            for row in rows_of(book.get_sheet_by_name(title), limits, unreckoned(content, title)):
                say(row)
        except OverflowError as error:
            say({"over": str(error)})
            return
    say(None)  # all of it has been said


if __name__ == "__main__":
    main()
