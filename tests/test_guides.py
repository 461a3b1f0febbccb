"""docs/huong-dan: the staff's guide is one sheet of paper, and true to the policy."""

from __future__ import annotations

import re

from survey.collect.slips import LENGTH
from survey.disclose.policy import Policy
from tests import guide_page
from tests.printed import pages, words


def test_the_staff_sheet_is_one_page_of_a4_and_the_pdf_beside_it_says_the_same() -> None:
    text = guide_page.GUIDE.read_text(encoding="utf-8")
    made, kept = pages(guide_page.sheet(text)), pages(guide_page.PDF.read_bytes())
    assert len(made) == len(kept) == 1
    assert [round(float(side) / 72 * 25.4) for side in kept[0].mediabox[2:]] == [210, 297]
    assert words(kept[0]) == words(made[0]), "make it anew: python -m tests.guide_page"
    printed = words(kept[0])
    for line in text.splitlines():
        for word in re.sub(r"^#+ |^- |\*\*", "", line).split():
            assert word.strip(".") in printed, word
    assert len(pages(guide_page.sheet(text + "\n\n" + text))) == 2  # it does count


def test_the_staff_sheet_gives_the_numbers_of_the_policy() -> None:
    policy, text = Policy.load(), guide_page.GUIDE.read_text(encoding="utf-8")
    for said in (
        f"khi có ít nhất {policy.unit} phiếu",
        f"khi có ít nhất {policy.item} người trả lời",
        f"ở đơn vị có ít nhất {policy.breakdown_unit} phiếu và mỗi nhóm ít nhất {policy.category} phiếu",
        f"Đơn vị dưới {policy.reporting_headcount} người được gộp",
        f"ít nhất {policy.comments_respondents} phiếu, trong đó ít nhất {policy.comments} phiếu có ý kiến",
        f"mã gồm {LENGTH} chữ và số",
    ):
        assert said in text, said
