"""Which of the small table files come in, by format: `python -m tests.table_formats` writes it into docs/formats.md.

Every file is given to the command an officer would type, with --dry-run, in stores of its own; nobody counts by hand.
"""

from __future__ import annotations

import re
import sys
import tempfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path

from bootstrap import Settings
from survey.design.questionnaire_file import SHIPPED
from tests.command_line import Line
from tests.conftest import REPOSITORY

CASES = REPOSITORY / "tests" / "data" / "cases"
BUGS, OFFICER = CASES / "bugs", CASES / "officer"
DOCUMENT = REPOSITORY / "docs" / "formats.md"
BEGIN, END = "<!-- bảng do `python -m tests.table_formats` viết -->\n", "<!-- hết bảng -->\n"
IN, ASKED, REFUSED = "in", "asked", "refused"
# A refusal that asks says the words which answer it: an option, or what to add to the mapping.
_ANSWER = re.compile(r"--[a-z]+|\badd (?:it )?(?:to|under) ", re.IGNORECASE)


def line_of(folder: Path) -> Line:
    """Stores with the units and the questionnaires that the files speak of."""
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    for units in (BUGS / "units.csv", OFFICER / "u2.csv"):
        line.done("units", "import", units)
    for form in (BUGS / "q.yaml", BUGS / "y30-reverse-khong.yaml", *SHIPPED.glob("*.yaml"), BUGS / "x09b-dk-98.xlsx"):
        line.done("questionnaire", "import", form)
    return line


def commands() -> Iterator[tuple[Path, tuple[object, ...]]]:
    """(file, what is typed for it): tables only; the questionnaires among the files have a table of their own."""
    for file in sorted(path for path in (*BUGS.iterdir(), *OFFICER.iterdir()) if path.suffix in (".csv", ".xlsx")):
        name = file.stem
        if re.match(r"x\d+\w?-|q\d|p1_", name) and name != "p1_google_forms":
            continue
        if name == "k5":
            yield file, ("import", "counts", file, "--questionnaire", "vhcs-core")
        elif name.startswith("u") or (file.parent == OFFICER and name != "p1_google_forms"):
            yield file, ("units", "import", file)
        else:
            yield file, ("import", "responses", file, "--questionnaire", _questionnaire(name), "--mapping", _mapping(file))


def _questionnaire(name: str) -> str:
    return {"y30": "q2", "x09b": "x09b-dk-98", "p1_google_forms": "vhcs-core"}.get(name, "q1")


def _mapping(file: Path) -> Path:
    other = {"c01-three-writers": BUGS / "d.map.yaml", "p1_google_forms": OFFICER / "map1.yaml"}
    return other.get(file.stem, file.with_name(f"{file.stem}.map.yaml"))


def outcome(line: Line, arguments: tuple[object, ...]) -> str:
    done = line.run(*arguments, "--dry-run")
    if done.exit_code == 0:
        return IN
    assert done.exit_code == 1, (arguments, done.stderr)
    return ASKED if _ANSWER.search(done.stderr) else REFUSED


def format_of(file: Path) -> str:
    content = file.read_bytes()
    if file.suffix == ".xlsx":
        return "Excel (.xlsx)" if content.startswith(b"PK") else "tệp không phải Excel mang tên .xlsx"
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "CSV, UTF-16 (“Unicode Text” của Excel)"
    try:
        text = content.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        return "CSV, không phải UTF-8"
    if text.startswith("sep="):
        return "CSV có dòng `sep=`"
    first = re.split(r"[\r\n]", text)[0]
    return "CSV, dấu tab" if "\t" in first else "CSV, dấu `;`" if ";" in first else "CSV, dấu `,`"


def table() -> str:
    found: dict[str, dict[str, list[str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        line = line_of(Path(folder))
        for file, arguments in commands():
            of = found.setdefault(format_of(file), {IN: [], ASKED: [], REFUSED: []})
            of[outcome(line, arguments)].append(re.split(r"[-.]", file.stem)[0])
    lines = ["| Định dạng | Đã thử | Vào được | Hỏi lại (kèm lời cần thêm) | Từ chối (kèm chỗ và cách sửa) |", "|---|---|---|---|---|"]
    rows = [*sorted(found.items()), ("**Tất cả**", {key: [n for of in found.values() for n in of[key]] for key in (IN, ASKED, REFUSED)})]
    for name, of in rows:
        told = [_told(of[key], named=name in found) for key in (ASKED, REFUSED)]
        lines.append(f"| {name} | {sum(map(len, of.values()))} | {len(of[IN])} | {told[0]} | {told[1]} |")
    return "\n".join(lines) + "\n"


def _told(names: list[str], named: bool) -> str:
    return f"{len(names)}: {', '.join(names)}" if names and named else str(len(names))


def written() -> str:
    """The table as it stands in the document."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def main() -> int:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    DOCUMENT.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
