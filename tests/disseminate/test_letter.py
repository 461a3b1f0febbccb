"""The reminder as an official letter: its form, whom it names, and that it holds no number of answers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from docx import Document

from survey.disseminate.letter import Reminder, reminder_docx
from survey.i18n import Locale

VI = Locale("vi")
LETTER = Reminder(
    wave="Khảo sát năm 2026", opens=date(2026, 3, 12), closes=date(2026, 3, 22), today=date(2026, 3, 15),
    units=("Sở A", "Huyện H"), address="https://khaosat.example.vn/p", contact="Bà Lan, 0261 3 123",
)  # fmt: skip


def texts(content: bytes) -> list[str]:
    document = Document(io.BytesIO(content))
    cells = [paragraph.text for table in document.tables for cell in table._cells for paragraph in cell.paragraphs]
    return [text for text in [*cells, *(paragraph.text for paragraph in document.paragraphs)] if text]


def test_it_has_every_part_the_form_asks_for() -> None:
    said = texts(reminder_docx(LETTER, VI))
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Kính gửi:", "- Sở A;", "- Huyện H.", "Nơi nhận:", "- Như trên;",
    ):  # fmt: skip
        assert part in said, part
    whole = "\n".join(said)
    for part in ("Số: ", "V/v ", "năm 2026", "22/03/2026", "còn 7 ngày", LETTER.address, LETTER.contact, "./.", "Lưu: VT"):
        assert part in whole, part
    assert "CÔNG VĂN" not in whole  # an official letter does not name its kind


def test_one_unit_stands_in_the_line_and_a_trial_is_marked() -> None:
    said = texts(reminder_docx(replace(LETTER, units=("Sở A",), illustrative="Số liệu minh họa", contact=""), VI))
    assert "Kính gửi: Sở A." in said and "Số liệu minh họa" in said
    assert not any("0261" in line for line in said)


def test_it_is_written_in_the_name_of_the_organisation_where_that_is_known() -> None:
    said = "\n".join(texts(reminder_docx(replace(LETTER, issuer="Sở Nội vụ tỉnh Đắk Nông"), VI)))
    assert "SỞ NỘI VỤ TỈNH ĐẮK NÔNG" in said and said.count("Sở Nội vụ tỉnh Đắk Nông") == 3
    assert "an hành]" not in said and "BAN HÀNH]" not in said
    assert "[Cơ quan ban hành]" in "\n".join(texts(reminder_docx(LETTER, VI)))


def test_it_tells_no_rate_and_is_the_same_every_time() -> None:
    assert "%" not in "".join(texts(reminder_docx(LETTER, VI)))
    assert texts(reminder_docx(LETTER, VI)) == texts(reminder_docx(LETTER, VI))
