"""Run as a program, never imported: reads a workbook from standard input and writes its rows, one JSON array a line.

calamine keeps a sheet as one rectangle from its first to its last filled cell, and ends its process when memory is
short: a workbook of 5 kB with one word in the last corner asks for 512 GB. So it works in a process of its own, with an end
to its memory and its output (docs/decisions/0021-reading-tables.md). Imports nothing of ours: it has to start quickly.
"""

from __future__ import annotations

import datetime
import functools
import json
import sys
from collections.abc import Iterator
from typing import Any


@functools.lru_cache(maxsize=10_000, typed=True)  # the same few numbers fill most tables
def text_of(value: object) -> str:
    """A cell as a person sees it: 5.0 is 5, a date is 2025-03-01."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def rows_of(sheet: Any, limits: dict[str, int]) -> Iterator[tuple[int, list[str]]]:
    """(number from 1, texts without the empty ones at the end) of every row that is not empty."""
    cells = characters = 0
    first = sheet.start[0] + 1 if sheet.start else 1
    if sheet.start and sheet.start[1] + sheet.width > limits["columns"]:
        raise OverflowError("columns")
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for place, row in enumerate(sheet.to_python(skip_empty_area=True), start=first):
        texts = before + [cell if isinstance(cell, str) else text_of(cell) for cell in row]
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
    import io

    from python_calamine import CalamineWorkbook, SheetTypeEnum

    def say(said: object) -> None:
        sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    titles = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    chosen = titles[:1] if wanted is None else [title for title in titles if title.strip().lower() in wanted]
    for title in chosen:
        say(title)
        try:
            for row in rows_of(book.get_sheet_by_name(title), limits):
                say(row)
        except OverflowError as error:
            say({"over": str(error)})
            return
    say(None)  # all of it has been said


if __name__ == "__main__":
    main()
