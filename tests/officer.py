"""An officer at the desk: what stands in the place of the names in docs/huong-dan/nguoi-to-chuc.md, and the files brought along."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random

from openpyxl import Workbook

from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import SHIPPED
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.dask import cluster
from tests.paper_forms import filled, raw_of
from tests.printed import pages, words

TODAY = date.today()
HEAD = ("STT", "Mã đơn vị", "Tên đơn vị", "Loại", "Khối", "Trực thuộc", "Số CBCCVC")
UNITS = (
    ("dn", "Tỉnh Đắk Nông", "tinh", "tinh", "", None),
    ("dn.skhdt", "Sở Kế hoạch và Đầu tư", "so", "so_ban_nganh", "dn", 24),
    ("dn.stc", "Sở Tài chính Đắk Nông", "so", "so_ban_nganh", "dn", 22),
    ("dn.sldtbxh", "Sở Lao động, Thương binh và Xã hội", "so", "so_ban_nganh", "dn", 20),
    ("dn.snv", "Sở Nội vụ", "so", "so_ban_nganh", "dn", 30),
    ("dn.stp", "Sở Tư pháp", "so", "so_ban_nganh", "dn", 18),
    ("dn.bdt", "Ban Dân tộc", "so", "so_ban_nganh", "dn", 16),
    ("dn.tttt", "Trung tâm Thông tin", "so", "so_ban_nganh", "dn", 16),
    ("xa.a", "Xã A", "xa", "cap_xa", "dn", 38),
    ("ld", "Tỉnh Lâm Đồng", "tinh", "tinh", "", None),
    ("ld.snv", "Sở Nội vụ tỉnh Lâm Đồng", "so", "so_ban_nganh", "ld", 26),
)
PEOPLE = {unit: count for unit, _name, _kind, _group, _parent, count in UNITS if count}
INVITED = "dn.stp"

Maker = Callable[["Office", Path], object]


class Office:
    """The scratch store, and what stands in the place of the guide's names. Files and waves are made when a line asks for them."""

    def __init__(self, line: Line, folder: Path, questionnaire: Questionnaire, stack: ExitStack) -> None:
        self.line, self.folder, self.questionnaire, self.stack = line, folder, questionnaire, stack
        self.waves: set[str] = set()

    def value(self, name: str) -> str:
        """What an officer writes in place of a name in capitals. A name nobody has thought of is a KeyError."""
        found = VALUES[name]
        value = found if isinstance(found, str) else found(self)
        if name.startswith("ĐỢT_") and value not in self.waves:
            self.waves.add(value)
            self.in_the_field(value)
        return value

    def ready(self, word: str) -> None:
        """The file a line reads, if it is one that an officer brings along."""
        path = Path(word)
        if path.name in FILES and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            FILES[path.name](self, path)

    def in_the_field(self, wave: str) -> None:
        self.line.done("wave", "create", wave, "--questionnaire", "vhcs-core", "--opens", TODAY, "--closes", TODAY + timedelta(days=5))
        self.line.done("wave", "codes", wave, "--out", f"{wave}.csv")  # reading hundreds of printed slips takes seconds
        self.line.done("wave", "open", wave, "--key-dir", "khoa")
        self.line.done("wave", "template", wave, "--out", f"{wave}.xlsx")
        codes = [row.split(";")[1] for row in Path(f"{wave}.csv").read_text(encoding="utf-8-sig").splitlines()[1:]]
        batch = self.forms(codes, Path(f"{wave}.xlsx"), every=4)
        Path(f"{wave}-filled.xlsx").write_bytes(batch)
        self.line.done("wave", "submit", wave, "--batch", f"{wave}-filled.xlsx")

    @cached_property
    def slips(self) -> list[str]:
        """The codes on the slips that the guide's own line has made."""
        printed = [words(page) for page in pages(Path("to-ma.pdf").read_bytes())]
        return [code for page in printed for code in re.findall(r"\b(?:[0-9A-Z]{4}[- ]){3}[0-9A-Z]{4}\b", page)]

    def forms(self, codes: list[str], template: Path, every: int, most: int | None = None) -> bytes:
        """The template filled in by everyone who has drawn each `every`th slip."""
        assert len(codes) >= sum(PEOPLE.values()) - PEOPLE[INVITED], "a slip for everybody who was not invited by e-mail"
        chosen = codes[::every][:most]
        return filled(template.read_bytes(), self.questionnaire, ((code, raw_of(self.questionnaire, n)) for n, code in enumerate(chosen)))


def _units(_: Office, path: Path) -> None:
    """A list as offices keep it: a title above, numbered rows, a total below."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["DANH SÁCH CƠ QUAN, ĐƠN VỊ"])
    sheet.append(HEAD)
    for number, (unit, name, kind, group, parent, count) in enumerate(UNITS, start=1):
        sheet.append([number, unit, name, kind, group, parent, count])
    sheet.append([None, None, "Tổng cộng", None, None, None, sum(PEOPLE.values())])
    book.save(path)


def _counts(office: Office, path: Path) -> None:
    chance = Random("2024")
    rows = []
    for unit, count in PEOPLE.items():
        for item in office.questionnaire.items:
            given = Counter(chance.choices(range(1, 6), (1, 2, 5, 8, 4), k=count))
            rows += [f"2024;{unit};{item.id};{option};{given[option]}" for option in range(1, 6)]
    path.write_text("\n".join(["wave;unit;item;option;n", *rows]), encoding="utf-8")


def _headcounts(_: Office, path: Path) -> None:
    rows = [f"2024;{unit};{2 * count}" for unit, count in PEOPLE.items()]
    path.write_text("\n".join(["wave;unit;headcount", *rows]), encoding="utf-8")


def _past_answers(office: Office, path: Path) -> None:
    chance = Random("2023")
    items = [item.id for item in office.questionnaire.items]
    rows = [
        ";".join([name, *map(str, chance.choices(range(1, 6), (4, 6, 4, 3, 1), k=len(items)))])
        for unit, name, *_ in UNITS
        for _person in range(PEOPLE.get(unit, 0) * 2 // 3)
    ]
    path.write_text("\n".join([";".join(["Đơn vị", *items]), *rows]), encoding="utf-8")


def _scores(_: Office, path: Path) -> None:
    rows = [f"2022;{unit};index;{60 + place}" for place, unit in enumerate(PEOPLE)]
    path.write_text("\n".join(["wave;unit;measure;score", *rows]), encoding="utf-8")


def _invited(_: Office, path: Path) -> None:
    path.write_text("unit;email\n" + "".join(f"{INVITED};nguoi{n}@stp.example\n" for n in range(PEOPLE[INVITED])), encoding="utf-8")


def _typed(office: Office, path: Path) -> None:
    path.write_bytes(office.forms(office.slips, Path("mau.xlsx"), every=2))


def _typed_again(office: Office, path: Path) -> None:
    path.write_bytes(office.forms(office.slips, Path("mau.xlsx"), every=2, most=5))


def _cluster(office: Office) -> str:
    folder = office.folder / "chung-thu"
    folder.mkdir()
    return office.stack.enter_context(cluster(folder)).address


FILES: dict[str, Maker] = {
    "don-vi.xlsx": _units,
    "phieu.yaml": lambda _, path: path.write_bytes(next(SHIPPED.glob("*.yaml")).read_bytes()),
    "vhcs-core-1.1.yaml": lambda _, path: path.write_bytes((REPOSITORY / path).read_bytes()),
    "so-dem.csv": _counts,
    "so-nguoi.csv": _headcounts,
    "tra-loi-2023.csv": _past_answers,
    "diem.csv": _scores,
    "thu-moi.csv": _invited,
    "da-nhap.xlsx": _typed,
    "nhap-lai.xlsx": _typed_again,
}
VALUES: dict[str, str | Callable[[Office], str]] = {
    "MÃ_ĐƠN_VỊ": "dn.snv",
    "MÃ_ĐỢT": "2026",
    "MÃ_ĐỢT_TRƯỚC": "2024",
    "NGÀY_MỞ": f"{TODAY:%d/%m/%Y}",
    "NGÀY_ĐÓNG": f"{TODAY + timedelta(days=9):%d/%m/%Y}",
    "NGÀY_ĐÓNG_MỚI": f"{TODAY + timedelta(days=14):%d/%m/%Y}",
    "NGÀY": f"{TODAY + timedelta(days=60):%d/%m/%Y}",
    "NGÀY_SAU": f"{TODAY + timedelta(days=90):%d/%m/%Y}",
    "NGÀY_SÁP_NHẬP_TỈNH": f"{TODAY + timedelta(days=120):%d/%m/%Y}",
    "ĐỢT_MỞ_NHẦM": "nham",
    "ĐỢT_LỚN": "lon",
    "ĐỢT_RẤT_LỚN": "rat-lon",
    "SỐ_ĐÃ_PHÁT": "151",
    "SỐ_CHƯA_DÙNG": "41",
    "ĐỊA_CHỈ_CỤM": _cluster,
}
