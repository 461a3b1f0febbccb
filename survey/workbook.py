"""Workbooks (.xlsx, .xls, .ods) as rows of text, read in a process of their own so that no file can take ours with it."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any, NoReturn

from survey import limits
from survey.errors import N_, InputRefused, Problem

SUFFIXES = (".xlsx", ".xls", ".ods")
EVERY = ("*",)  # no sheet is called so: Excel forbids the sign
Row = tuple[int, list[str]]  # its number as the spreadsheet shows it, its texts without the empty ones at the end
_PROGRAM = Path(__file__).with_name("workbook_process.py")
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_PARTS = 10_000
_LIMITS = {"rows": limits.ROWS, "columns": limits.COLUMNS, "cells": limits.CELLS, "characters": limits.FILE_BYTES, "memory": limits.MEMORY}


def read_sheets(name: str, content: bytes, titles: Collection[str] | None = None) -> dict[str, list[Row]]:
    """The rows that are not empty, by the sheet's title: of the first sheet that is not hidden, of those called `titles` (in
    small letters), or of EVERY one.

    Raises InputRefused for what is no workbook, damaged, or larger than survey.limits.
    """
    _check_form(name, content)
    wanted = None if titles is None else sorted(titles)
    program = [sys.executable, "-I", "-S", str(_PROGRAM), _place_of_reader(), json.dumps(wanted), json.dumps(_LIMITS)]
    try:
        done = subprocess.run(program, input=content, capture_output=True, timeout=limits.SECONDS, check=False)
    except subprocess.TimeoutExpired:
        _refuse(name, N_("the workbook takes longer than {seconds} seconds to read."), _SMALLER, seconds=limits.SECONDS)
    said = done.stdout.splitlines()
    if said and said[-1].startswith(b'{"over"'):
        refuse_size(name, json.loads(said[-1])["over"])
    if done.returncode or said[-1:] != [b"null"]:
        _broken(name)
    sheets: dict[str, list[Row]] = {}
    for line in said[:-1]:
        one: Any = json.loads(line)
        if isinstance(one, str):
            rows = sheets.setdefault(one, [])
        else:
            rows.append((one[0], one[1]))
    return sheets


_SMALLER = N_("Copy the cells that are filled into a new workbook, or divide the file.")


def refuse_size(name: str, what: str) -> NoReturn:
    """`what`: rows, columns, cells or characters."""
    longest = _LIMITS[what]
    said = {
        "rows": N_("the table has more than {longest} rows."),
        "columns": N_("the table has more than {longest} columns."),
        "cells": N_("the table has more than {longest} cells."),
        "characters": N_("the table has more than {longest} characters."),
    }
    _refuse(name, said[what], _SMALLER, longest=longest)


def _check_form(name: str, content: bytes) -> None:
    """A zip or OLE file, as its name says; what a zip says of its sizes is believed only when it is too much."""
    if not content.startswith(_OLE if name.lower().endswith(".xls") else _ZIP):
        _broken(name)
    if content.startswith(_ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = archive.infolist()
        except Exception:  # a damaged directory raises many kinds; each means the same here
            _broken(name)
        if len(parts) > _PARTS or sum(part.file_size for part in parts) > limits.WORKBOOK_BYTES:
            _refuse(
                name, N_("unpacked, the workbook is larger than {mebibytes} MB."), _SMALLER,
                mebibytes=limits.WORKBOOK_BYTES // 2**20,
            )  # fmt: skip


def _place_of_reader() -> str:
    found = importlib.util.find_spec("python_calamine")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("python_calamine")
    return str(Path(found.origin).parent.parent)


def _broken(name: str) -> NoReturn:
    _refuse(name, N_("the file is not a proper Excel workbook."), N_("Save it again as .xlsx from Excel."))


def _refuse(name: str, message: str, cure: str, **values: object) -> NoReturn:
    raise InputRefused(name, [Problem(message=message, cure=cure, values=values)])
