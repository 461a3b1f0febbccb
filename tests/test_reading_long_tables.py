"""A long table of few words is read at once; what it says is what the careful reader says, whatever the file looks like."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from survey import limits, tabular
from survey.errors import InputRefused
from survey.source import Source
from survey.tabular import read_coded_table, read_table

COLUMNS = ("wave", "unit", "n")
PIECES = [
    "2019",
    "01",
    "1",
    "",
    " ",
    "Sở A",
    "a'b",
    '"x"',
    '"x,y"',
    '"',
    ",",
    ";",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\x00",
    "\u2028",
    "NA",
    "nan",
    "-",
    "1e5",
]


def answer(read: object, content: bytes) -> object:
    """The table as rows with their numbers, or the refusal as text."""
    try:
        frame = read(Source("a.csv", content), required=COLUMNS, optional=("more",))  # type: ignore[operator]
    except InputRefused as error:
        return [(p.row, p.column, p.message, {name: str(value) for name, value in p.values.items()}) for p in error.problems]
    assert isinstance(frame, pd.DataFrame)
    return list(frame.columns), [(int(row), *map(str, cells)) for row, *cells in frame.itertuples(name=None)]


@pytest.mark.parametrize(
    "text",
    [
        "wave,unit,n\n2019,a,1\n2019,b,02\n",
        "wave;unit;n\r\n2019;a;1\r\n2019;Sở B;",
        "\ufeffwave,unit,n\n2019,a,1\n",
        "wave,unit,n\n2019,a,1\n\n2019,b,2\n",  # rows of nothing do not exist, but count
        "wave,unit,n\n,,\n2019,b,2\n",
        "wave,unit,n\n2019,b, \n",
        "wave,unit,n\n2019,b\n2019,b,1,4\n",  # as many separators as there should be, in the wrong lines
        "wave,unit,n,\n2019,b,1,\n",
        "wave,unit,n,n\n2019,b,1,1\n",
        "wave,unit\n2019,b\n",
        "wave,unit,n,other\n2019,b,1,1\n",
        "wave,unit,n,more\n2019,b,1,\n",
        "wave,unit,n\n2019,b\r,1\n",
        'wave,unit,n\n2019,"b,c",1\n',
        "wave,unit,n",
        "wave",
        "",
        "wave,unit,n\n2019," + "x" * (limits.CELL_CHARS + 1) + ",1\n",
        "wave,unit,n\n2019," + "ở" * limits.CELL_CHARS + ",1\n",  # within the bound, but not in bytes
    ],
)
def test_a_long_table_is_read_as_any_table(text: str) -> None:
    content = text.encode()
    assert answer(read_coded_table, content) == answer(read_table, content)


def test_a_table_of_many_blocks_is_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    content = ("wave,unit,n\n" + "".join(f"2019,Sở {n % 7},{n % 5:02}\n" for n in range(200))).encode()
    for block in (1, 13, 200, 10_000):
        monkeypatch.setattr(tabular, "_BLOCK", block)
        assert answer(read_coded_table, content) == answer(read_table, content)
        assert str(read_coded_table(Source("a.csv", content), required=COLUMNS)["n"].dtype) == "category"
    odd = content + b"2019,a\n"
    assert answer(read_coded_table, odd) == answer(read_table, odd)


def test_what_is_not_utf8_is_refused_alike() -> None:
    content = "wave,unit,n\n2019,Sở,1\n".encode("utf-16")
    assert answer(read_coded_table, content) == answer(read_table, content)
    content = b"wave,unit,n\n2019,S\xe1,1\n"
    assert answer(read_coded_table, content) == answer(read_table, content)


def test_any_mixture_of_signs_is_read_alike() -> None:
    chance = random.Random(7)
    for _ in range(1_500):
        rows = [
            [chance.choice(PIECES) if chance.random() < 0.15 else chance.choice(("2019", "a", "1")) for _ in range(3)] for _ in range(4)
        ]
        end = chance.choice(("\n", "\r\n"))
        content = (end.join(["wave,unit,n", *(",".join(row) for row in rows)]) + chance.choice(("", end))).encode()
        assert answer(read_coded_table, content) == answer(read_table, content), content


def test_too_many_rows_are_refused_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"wave,unit,n\n" + b"2019,a,1\n" * 5
    for name, bound in (("ROWS", 4), ("COLUMNS", 2), ("CELLS", 17), ("SEPARATORS", 11)):
        with monkeypatch.context() as patch:
            patch.setattr(limits, name, bound)
            assert answer(read_coded_table, content) == answer(read_table, content)
            assert isinstance(answer(read_coded_table, content), list)
