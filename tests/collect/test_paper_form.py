"""A questionnaire on paper, read back from the PDF itself."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PIL import Image

from survey.collect.paper_form_pdf import paper_form_pdf
from survey.design.plan import Node, Plan
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire
from survey.design.wave import Wave
from survey.i18n import Locale
from survey.issuer import Issuer
from survey.mark import data_address
from tests.printed import pages, words

WAVE = Wave(
    id="2027", questionnaire="q", version="1", opens=date(2027, 3, 1), closes=date(2027, 3, 12), title_vi="Khảo sát năm 2027",
    contact="Bà Lan, 0261 3 123 456", plan=Plan(nodes=(Node(id="t.a", name_vi="Sở A"),)),
)  # fmt: skip
SKIPPING: dict[str, Any] = {
    "meta": {"id": "q", "version": "1", "title_vi": "Phiếu thử", "title_en": "Trial form"},
    "scale": {"id": "s", "points": [{"value": n, "vi": f"Mức {n}", "en": f"Point {n}"} for n in (1, 2, 3)]},
    "themes": [{"id": "T", "vi": "Chủ đề", "en": "Theme"}],
    "items": [
        {"id": "T1", "theme": "T", "vi": "Câu đầu?", "en": "First?"},
        {"id": "T2", "theme": "T", "vi": "Câu sau?", "en": "Second?", "relevant": "${T1} >= 2 and not(${gender} = 'f')", "hint_vi": "Gợi ý"},
    ],
    "open_questions": [{"id": "O", "vi": "Ý kiến?", "en": "Comment?"}],
    "breakdown_fields": [
        {"id": "gender", "vi": "Giới tính", "en": "Gender", "options": [{"code": "m", "vi": "Nam", "en": "Male"}, {"code": "f", "vi": "Nữ", "en": "Female"}]}
    ],
}  # fmt: skip


def text_of(content: bytes) -> str:
    return " ".join(words(page) for page in pages(content))


def boxes(content: bytes) -> int:
    return sum(len(re.findall(rb"re\s+S\b", page.get_contents().get_data())) for page in pages(content))  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_question_and_every_answer_stands_on_paper_with_a_box(questionnaire: Questionnaire, language: str) -> None:
    content = paper_form_pdf(questionnaire, Locale(language))
    text, locale = text_of(content), Locale(language)
    options = 0
    for item in questionnaire.items:
        scale = questionnaire.scales[item.scale]
        assert locale.pick(item.vi, item.en) in text, item.id
        options += len(scale.points) + bool(scale.dont_know)
    for asked in (*questionnaire.open_questions, *questionnaire.breakdowns):
        assert locale.pick(asked.vi, asked.en) in text, asked.id
    options += sum(len(field.categories) for field in questionnaire.breakdowns)
    assert boxes(content) == options


def test_wave_unit_and_contact_are_named_and_nothing_tells_one_sheet_from_another(questionnaire: Questionnaire) -> None:
    content = paper_form_pdf(questionnaire, Locale("vi"), WAVE, "Sở Nội vụ")
    text = text_of(content)
    for said in ("Khảo sát năm 2027", "Sở Nội vụ", "Bà Lan, 0261 3 123 456", "không ghi họ tên", "hai người cùng nhập"):
        assert said.lower() in text.lower(), said
    assert not re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", text)
    assert paper_form_pdf(questionnaire, Locale("vi"), WAVE, "Sở Nội vụ") == content


def test_the_organisations_name_and_mark_head_the_first_sheet_alone(questionnaire: Questionnaire) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 90), "#0F5C63").save(out, "PNG")
    issuer = Issuer(name="Ủy ban nhân dân tỉnh Đắk Nông", mark=data_address(out.getvalue()), contact="Văn thư, 0261")
    first, *others = pages(paper_form_pdf(questionnaire, Locale("vi"), replace(WAVE, contact=""), issuer=issuer))
    assert issuer.name in words(first) and "Văn thư, 0261" in words(first) and len(first.images) == 1
    assert not any(issuer.name in words(page) or page.images for page in others)


def test_a_question_of_some_says_in_words_who_is_asked() -> None:
    asked = build_questionnaire("q.yaml", SKIPPING, {})
    assert "Chỉ trả lời nếu câu 1 chọn “Mức 2” hoặc mức sau đó và không phải trường hợp câu 4 chọn “Nữ”." in text_of(
        paper_form_pdf(asked, Locale("vi"))
    )
    english = text_of(paper_form_pdf(asked, Locale("en")))
    assert (
        'the answer to "question 1" is "Point 2" or stands after it and it is not so that "question 4" is answered with "Female"' in english
    )
    assert "${" not in english


def test_nothing_runs_off_a_sheet_and_no_question_is_torn(questionnaire: Questionnaire) -> None:
    for page in pages(paper_form_pdf(questionnaire, Locale("vi"), WAVE)):
        places: list[tuple[float, float]] = []
        page.extract_text(visitor_text=lambda text, cm, tm, font, size, at=places: at.append((tm[4], tm[5])) if text.strip() else None)
        assert min(y for _x, y in places) > 20 and max(x for x, _y in places) < float(page.mediabox.width) - 20
        # The last thing on a sheet is an answer, or the whole of a comment's lines: never a question without its boxes.
        assert not re.search(r"\d+\. [^.?]+[.?] Phiếu khảo sát văn hóa công sở", words(page)[-200:])
