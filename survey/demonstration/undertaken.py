"""What units of the demonstration undertook after its last waves: made up, said to be, and as far along as three such things would be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from survey.access import OPERATOR
from survey.design.wave import Wave
from survey.undertaking import Progress, Undertaking
from survey.undertakings import Undertakings

LAST = 3  # waves
HOME_AFFAIRS = ("dn.snv", "dn.snv2", "ld.snv")  # of one leader's account, under the names it had
# theme -> what is done about it, who sees to it
TEXTS = {
    "TQ": ("gặp mặt toàn cơ quan mỗi quý, trả lời công khai các kiến nghị", "Ban lãnh đạo"),
    "PT": ("bình xét thi đua công khai, niêm yết tiêu chí trước khi chấm", "Bộ phận thi đua, khen thưởng"),
    "KC": ("xếp lại lịch họp, không họp ngoài giờ hành chính", "Văn phòng"),
    "TN": ("viết lại bản mô tả công việc của từng vị trí", "Bộ phận tổ chức cán bộ"),
    "HS": ("rà soát quy trình nội bộ, bỏ các bước trình ký trùng lặp", "Bộ phận cải cách hành chính"),
    "PV": ("tập huấn kỹ năng tiếp dân, có người hỗ trợ tại bộ phận một cửa", "Bộ phận một cửa"),
    "NG": ("người đứng đầu tiếp xúc, đối thoại định kỳ với nhân viên", "Ban lãnh đạo"),
    "NL": ("họp rút kinh nghiệm sau mỗi việc trễ hạn, không phê bình người báo lỗi", "Các trưởng bộ phận"),
    "LC": ("công khai mua sắm và chi tiêu nội bộ mỗi tháng", "Bộ phận tài chính"),
}
HOW_FAR = ((Progress.DONE, 60), (Progress.DOING, 240), (Progress.HEARD, 365))  # days after the close


def undertake(undertakings: Undertakings, waves: tuple[Wave, ...]) -> None:
    """Of the whole and of the department of home affairs: about two weak themes and one question; the department does not announce the last."""
    for wave in waves[-LAST:]:
        for unit in (node.id for node in wave.plan.nodes if node.parent is None or node.id in HOME_AFFAIRS):
            for one in _of(undertakings, wave, unit):
                undertakings.add(OPERATOR, one)


def _of(undertakings: Undertakings, wave: Wave, unit: str) -> Iterator[Undertaking]:
    measures = undertakings.measures(OPERATOR, wave.id, unit)
    themes = [one for one in measures if one.startswith("theme:")]
    items = [one for one in measures if one.startswith("item:")]
    for measure, (progress, days) in zip([*themes[:2], *items[:1]], HOW_FAR, strict=False):
        what, owner = TEXTS[measure.partition(":")[2][:2]]
        due = wave.closes + timedelta(days=days)
        yield Undertaking(
            wave=wave.id, unit=unit, measure=measure, text=f"Ví dụ minh họa: {what}.", owner=owner, due=due, progress=progress,
            announced=progress is not Progress.HEARD or unit not in HOME_AFFAIRS,
        )  # fmt: skip
