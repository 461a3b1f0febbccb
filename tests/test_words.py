"""docs/tu-vung.md is the one glossary: what it says not to use stands on no screen, in no guide, in no shipped questionnaire."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests import translations_update as catalogues
from tests.conftest import REPOSITORY
from tests.test_translations import ENGLISH

GLOSSARY = REPOSITORY / "docs" / "tu-vung.md"
GUIDES = (
    REPOSITORY / "README.md",
    REPOSITORY / "docs" / "an-danh.md",
    REPOSITORY / "docs" / "so-tay-jupyter.md",
    *sorted((REPOSITORY / "docs" / "huong-dan").glob("*.md")),
)
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
QUESTIONNAIRES = sorted((REPOSITORY / "survey" / "design" / "questionnaires").glob("*.yaml"))
# What is typed or found in a file is no prose: blocks of commands, code, addresses of links and pictures, settings.
NO_PROSE = re.compile(
    r"```.*?```|^ {4}.*$|`[^`\n]*`|\]\([^)\n]*\)|<[^>\n]*>|https?://\S+|[\w.-]+@[\w.-]+|\{\w+\}|--[\w-]+", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Concept:
    english: str
    vietnamese: str
    never: dict[str, tuple[str, ...]]  # language -> variants
    unless: tuple[str, ...]

    def variants(self, text: str, language: str) -> Iterator[str]:
        """The variants of this concept that stand in a text."""
        if not any(one.lower() in text.lower() for one in self.never[language]):
            return
        seen = NO_PROSE.sub(" ", text) if language == "vi" else text
        for phrase in self.unless:
            seen = re.sub(re.escape(phrase), " ", seen, flags=re.IGNORECASE)
        yield from (one for one in self.never[language] if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", seen, re.IGNORECASE))


@cache
def glossary() -> tuple[Concept, ...]:
    """The rows of the tables, as they are read by people."""

    def several(cell: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in cell.split(";") if part.strip())

    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in GLOSSARY.read_text("utf-8").splitlines() if line[:1] == "|"]
    bodies = [row for row in rows if row[0] != "English" and not row[0].startswith("---")]
    assert all(len(row) == 5 for row in rows)
    return tuple(Concept(row[0], row[1], {"vi": several(row[2]), "en": several(row[3])}, several(row[4])) for row in bodies)


def faults(texts: dict[str, str], language: str) -> list[str]:
    return [
        f"{place}: “{variant}” for {concept.english} ({concept.vietnamese})"
        for place, text in texts.items()
        for concept in glossary()
        for variant in concept.variants(text, language)
    ]


def lines_of(path: Path) -> dict[str, str]:
    """Vietnamese paragraphs of a page, without the commands in it."""
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    kept = [line for line in text.splitlines() if not line.startswith("    ") and len(ENGLISH.findall(line)) < 3]
    return {f"{path.name}: {line[:60]}": line for line in kept}


def cells_of(path: Path) -> dict[str, str]:
    """The lines of a notebook's texts, and the remarks in its code."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    lines = [line for cell in cells for line in cell["source"] if cell["cell_type"] == "markdown" or line.startswith("#")]
    return {f"{path.name}: {line[:60]}": line for line in lines}


def worded(node: object, language: str) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == language or str(key).endswith(f"_{language}"):
                yield from (str(one) for one in (value if isinstance(value, list) else [value]))
            else:
                yield from worded(value, language)
    elif isinstance(node, list):
        for one in node:
            yield from worded(one, language)


def test_the_words_of_every_screen_are_those_of_the_glossary() -> None:
    held = catalogues.texts(catalogues.load("vi"))
    assert len(held) > 2_000
    assert faults(held, "vi") == []
    assert faults({text: re.sub(r"\{\w+\}", " ", text) for text in held}, "en") == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_words_of_every_guide_are_those_of_the_glossary(guide: Path) -> None:
    lines = lines_of(guide)
    assert sum(map(len, lines.values())) > 1_000
    assert faults(lines, "vi") == []


def test_the_words_of_the_notebooks_are_those_of_the_glossary() -> None:
    assert len(NOTEBOOKS) > 3
    assert [fault for path in NOTEBOOKS for fault in faults(cells_of(path), "vi")] == []


def test_the_words_of_the_shipped_questionnaires_are_those_of_the_glossary() -> None:
    for path in QUESTIONNAIRES:
        document = yaml.safe_load(path.read_text("utf-8"))
        texts = {language: {text: text for text in worded(document, language)} for language in ("vi", "en")}
        assert len(texts["vi"]) > 60 and len(texts["en"]) > 60
        assert faults(texts["vi"], "vi") + faults(texts["en"], "en") == []
    assert QUESTIONNAIRES


def test_every_concept_is_spoken_of_and_has_one_row() -> None:
    said = "\n".join(catalogues.texts(catalogues.load("vi")).values()).lower()
    assert [one.vietnamese for one in glossary() if one.vietnamese.lower() not in said] == []
    assert len({one.english for one in glossary()}) == len(glossary()) > 60
    every = [variant for one in glossary() for variant in one.never["vi"]]
    assert len(every) == len(set(every)), "a variant of two concepts"
    assert not {one.vietnamese.lower() for one in glossary()} & {variant.lower() for variant in every}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_variant_is_caught_where_it_stands(language: str) -> None:
    """The control: a sentence with a variant fails, however it is capitalised, and at whichever place it stands."""
    for concept in glossary():
        for variant in concept.never[language]:
            for sentence in (f"{variant} ở đây", f"Xem {variant.upper()}.", f"Xem “{variant[:1].upper() + variant[1:]}”"):
                assert faults({"here": sentence}, language), sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Hãy nhập bảng hỏi", "Khôi phục từ bản sao lưu", "vai trò leader", "Đã lưu thành bản nháp.", "Vui lòng chọn file", "gửi email",
        "Đợt trở lại thành bản nháp; bản nháp trên máy này vẫn còn.",
    ],
)  # fmt: skip
def test_what_the_trial_read_on_the_pages_would_be_caught(sentence: str) -> None:
    assert faults({"here": sentence}, "vi")


@pytest.mark.parametrize(
    "sentence", ["Giữ bản nháp trên máy này", "Phiếu hỏi gì và vì sao", "cột `leader`", "unit, email", "ngân hàng câu hỏi"]
)
def test_the_same_letters_with_another_meaning_may_stay(sentence: str) -> None:
    assert faults({"here": sentence}, "vi") == []


# How Vietnamese is written: what must not stand in a translation, and why.
WRITTEN = {
    r"(\d|\})\u00a0? %": "the percent sign stands at its number",
    r'"': "quotation marks are curved",
    r"\bTrue\b|\bFalse\b|\bNone\b|\bnull\b|\byes/no\b": "a value of the program",
    r"\b\d+\.\d{1,2}\b(?!\.)": "decimals have a comma",
}
# Words that are typed exactly so: addresses of a machine, the name of an extra.
TYPED = re.compile(r"127\.0\.0\.1|pip install \"[^\"]+\"|=False")


def written_otherwise(text: str) -> list[str]:
    return [why for wrong, why in WRITTEN.items() if re.search(wrong, TYPED.sub("", text))]


def test_numbers_percents_and_quotation_marks_are_written_as_offices_write_them() -> None:
    held = catalogues.texts(catalogues.load("vi"))
    assert {text: why for text, said in held.items() if (why := written_otherwise(said))} == {}


@pytest.mark.parametrize("wrong", ["tăng 95 %", "dưới {n} %", 'chọn "Lưu"', "đạt 84.66 điểm", "giá trị None"])
def test_what_is_written_otherwise_is_caught(wrong: str) -> None:
    assert written_otherwise(wrong)
