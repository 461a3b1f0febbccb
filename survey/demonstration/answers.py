"""Illustrative answers for the units of Đắk Nông, 2019-2025, with differences planted on purpose.

What a good dashboard must find (docs/demonstration.md lists the same):
- the whole province rises by about a point a year;
- theme PT (how the movement is run) is the weakest everywhere, LC and PV are strong;
- Sở Nội vụ lies 8 points above its group in every theme;
- Sở Giao thông vận tải is 14 points low in HS until 2022 and recovers in 2023;
- Sở Y tế loses 12 points in LC in 2024 and keeps the loss;
- UBND huyện Đắk Glong is 10 points low in PV;
- Sở Nông nghiệp và Môi trường, merged on 01/03/2025, starts 9 points low in KC;
- what people say of their unit as a whole goes most with NG and TN (the key drivers);
- Sở Văn hóa, Thể thao và Du lịch: from 2023 on about a third of the forms carry the same answer from top to bottom (mark "thấp");
- comments with a planted name, telephone number, e-mail address and number plate, which must be masked;
- one person in eight gives no field about himself at all; the others leave out one here and there (2 %);
- schools and the hospital handle few dossiers: most answer "don't know" on HS;
- some communes and small boards answer so little that they must be hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from survey.design.plan import Node, Plan
from survey.design.questionnaire import Questionnaire, Response

_THEME_LEVEL = {"TQ": 0.0, "PT": -9.0, "KC": 1.0, "TN": 2.0, "HS": -3.0, "PV": 5.0, "NG": 2.0, "NL": -2.0, "LC": 6.0}
_LEVEL_2019 = 61.0
_RISE_A_YEAR = 1.0
_WITH_THE_WHOLE = {"NG": 1.0, "TN": 0.7}  # how far a person's view of a theme carries over to the overall assessment
_ARRANGED, _ARRANGED_FROM, _ARRANGED_PART, _ARRANGED_ANSWER = ("dn.svhttdl", "ld.svhttdl"), 2023, 0.35, 4
_NO_FIELD_AT_ALL, _LEFT_OUT = 0.12, 0.02  # people who say nothing about themselves; a single field left out by the others
_WITHOUT_DOSSIERS = ("dn.sn.cdcd", "dn.sn.tct", "dn.sn.bvdk")


@dataclass(frozen=True)
class _Planted:
    unit: str
    theme: str  # "" = every theme
    points: float
    first: float = 2019
    last: float = 2100


_PLANTED = (
    _Planted("dn.snv", "", 8),
    _Planted("dn.snv2", "", 6),
    _Planted("dn.sgtvt", "HS", -14, last=2022),
    _Planted("dn.syt", "LC", -12, first=2024),
    _Planted("dn.h.dg", "PV", -10),
    _Planted("dn.snnmt", "KC", -9, first=2025),
)

# For each open question what is said, each in several words: people do not repeat one another to the letter.
_COMMENTS = {
    "MO1": (
        (
            "Mọi người đi làm đúng giờ, nền nếp hơn trước.",
            "Giờ giấc làm việc nghiêm túc hơn năm trước nhiều.",
            "Đầu giờ sáng ai cũng có mặt đúng giờ.",
            "Kỷ luật giờ giấc đã thành nếp, không cần nhắc.",
        ),
        (
            "Bộ phận một cửa hướng dẫn người dân chu đáo.",
            "Người dân đến bộ phận một cửa được đón tiếp niềm nở.",
            "Hướng dẫn thủ tục rõ ràng, người dân ít phải đi lại.",
            "Anh chị ở bộ phận một cửa kiên nhẫn, giải thích kỹ.",
        ),
        (
            "Lãnh đạo gương mẫu, giao việc rõ ràng.",
            "Trưởng phòng làm trước, anh em làm theo.",
            "Lãnh đạo lắng nghe và trả lời thẳng vào việc.",
            "Giao việc có thời hạn, có người chịu trách nhiệm.",
        ),
        (
            "Anh chị em đoàn kết, hỗ trợ nhau khi nhiều việc.",
            "Người mới được đồng nghiệp kèm cặp tận tình.",
            "Không khí làm việc vui vẻ, tôn trọng nhau.",
            "Khi có người nghỉ ốm, các bạn khác sẵn sàng gánh việc.",
        ),
    ),
    "MO2": (
        (
            "Cần giảm họp, dành thời gian giải quyết hồ sơ.",
            "Họp nhiều quá, hồ sơ dồn lại cuối tuần.",
            "Nên họp ngắn, gửi tài liệu trước.",
            "Có tuần họp bốn buổi, không còn thời gian giải quyết hồ sơ.",
        ),
        (
            "Phân công việc chưa đều, có người quá tải.",
            "Việc dồn vào một vài người, nên phân công lại.",
            "Bộ phận tôi thiếu người, thường làm ngoài giờ.",
            "Nên xem lại vị trí việc làm, có nơi thừa nơi thiếu.",
        ),
        (
            "Thủ tục nội bộ còn nhiều bước, nên rút gọn.",
            "Một văn bản trình qua năm người ký là quá nhiều.",
            "Nên ký số toàn bộ thủ tục nội bộ, bớt bản giấy.",
            "Đề xuất mua văn phòng phẩm cũng phải qua nhiều bước.",
        ),
        (
            "Cần sửa tác phong làm việc vào đầu giờ chiều.",
            "Đầu giờ chiều còn người vào muộn.",
            "Vẫn còn làm việc riêng trong giờ hành chính.",
            "Nên chấn chỉnh việc nói chuyện to ở hành lang khi có dân chờ.",
        ),
        (
            "Đề nghị nhắc anh Nguyễn Văn Mẫu, số 0900 000 123, trả hồ sơ đúng hẹn.",
            "Hồ sơ hẹn ba ngày nhưng tuần sau mới trả.",
            "Cần báo trước khi hồ sơ bị trễ hẹn.",
        ),
        (
            "Xe 48A-000.12 đỗ chắn lối vào bộ phận một cửa, phản ánh qua mau@example.vn chưa thấy trả lời.",
            "Chỗ để xe cho người dân chật, cần kẻ lại vạch.",
            "Khu vực chờ thiếu ghế và quạt.",
        ),
    ),
    "MO3": (
        (
            "Phong trào nên có tiêu chí đo được, không chỉ khẩu hiệu.",
            "Tiêu chí thi đua nên gắn với việc hằng ngày.",
            "Bớt hình thức, mỗi năm chọn một việc làm cho tốt.",
        ),
        (
            "Nên khen thưởng kịp thời người làm tốt.",
            "Khen thưởng nên chú ý người trực tiếp làm, không chỉ lãnh đạo.",
            "Cần khen đúng người, đúng việc.",
        ),
        (
            "Công khai kết quả khảo sát cho mọi người cùng biết.",
            "Khảo sát xong nên cho biết sẽ làm gì tiếp theo.",
            "Mong kết quả khảo sát được bàn trong hội nghị cán bộ, công chức.",
        ),
    ),
}


def simulate(questionnaire: Questionnaire, plan: Plan, when: float, seed: int, turnout: float = 1.0) -> list[Response]:
    """Responses of every reporting unit at the time `when` (a year with fraction).

    `turnout` scales every unit's response rate (a wave still in the field has less).
    """
    rng = np.random.default_rng(seed)
    responses: list[Response] = []
    for node in plan.nodes:
        if node.reporting and node.headcount:
            steady = np.random.default_rng(int.from_bytes(node.id.encode(), "big") % 2**32)
            rate = _response_rate(node, steady) * turnout
            people = int(rng.binomial(node.headcount, rate))
            responses += _unit_responses(questionnaire, node, when, people, rng, steady)
    return responses


def _response_rate(node: Node, steady: np.random.Generator) -> float:
    if node.id in ("dn.x.dg.dak_som", "dn.x.td.quang_truc", "dn.x.kn.buon_choah") or steady.random() < 0.08:
        return 0.12  # barely anybody answers: these must be hidden
    return float(steady.uniform(0.62, 0.93))


def _unit_responses(
    questionnaire: Questionnaire, node: Node, when: float, people: int, rng: np.random.Generator, steady: np.random.Generator
) -> list[Response]:
    own = float(steady.normal(0, 2.5))
    by_theme = {theme.id: float(steady.normal(0, 1.5)) for theme in questionnaire.themes}
    items = questionnaire.items
    level = np.array(
        [
            _LEVEL_2019
            + _RISE_A_YEAR * (when - 2019)
            + _THEME_LEVEL.get(item.theme, 0.0)
            + own
            + by_theme[item.theme]
            + _planted(node, item.theme, when)
            + _item_level(item.id)
            for item in items
        ]
    )
    person = rng.normal(0, 12, size=(people, 1)) + _views(questionnaire, people, rng)
    score = level[None, :] + person + rng.normal(0, 18, size=(people, len(items)))
    answer = np.clip(np.rint(score / 25), 0, 4).astype(int) + 1
    reverse = np.array([item.reverse for item in items])
    answer = np.where(reverse[None, :], 6 - answer, answer)
    unsure = np.array([0.6 if item.theme == "HS" and node.id in _WITHOUT_DOSSIERS else 0.07 if item.sensitive else 0.03 for item in items])
    if node.id in _ARRANGED and when >= _ARRANGED_FROM:
        answer[rng.random(people) < _ARRANGED_PART] = _ARRANGED_ANSWER
        unsure[:] = 0.0
    dont_know = rng.random(answer.shape) < unsure[None, :]
    skipped = rng.random(answer.shape) < 0.01
    categories = {b.id: [str(c.value) for c in b.published] for b in questionnaire.breakdowns}
    chances = {name: _category_chances(name, len(values), node) for name, values in categories.items()}
    refuses = np.random.default_rng([people, 12]).random(people) < _NO_FIELD_AT_ALL
    words = np.random.default_rng(people)  # of its own: how something is said moves no number
    made = []
    ids, given, missing = [item.id for item in items], np.where(dont_know, 0, answer).tolist(), skipped.tolist()
    for row in range(people):
        answers = {name: said for name, said, left_out in zip(ids, given[row], missing[row], strict=True) if not left_out}
        breakdowns = {
            name: values[int(rng.choice(len(values), p=chances[name]))]
            for name, values in categories.items()
            if not refuses[row] and rng.random() > _LEFT_OUT
        }
        comments = {question: str(words.choice(said[rng.choice(len(said))])) for question, said in _COMMENTS.items() if rng.random() < 0.12}
        made.append(Response(unit=node.id, answers=answers, comments=comments, breakdowns=breakdowns))
    return made


def _views(questionnaire: Questionnaire, people: int, rng: np.random.Generator) -> np.ndarray:
    """What each person thinks better or worse of single themes, in points (people x items); TQ follows NG and TN."""
    own = {theme.id: rng.normal(0, 6, people) for theme in questionnaire.themes}
    if "TQ" in own:
        own["TQ"] = sum((weight * own[theme] for theme, weight in _WITH_THE_WHOLE.items() if theme in own), np.zeros(people))
    return np.column_stack([own[item.theme] for item in questionnaire.items])


def _planted(node: Node, theme: str, when: float) -> float:
    return sum(
        planted.points
        for planted in _PLANTED
        if planted.unit in (node.id, *node.members) and planted.theme in ("", theme) and planted.first <= when < planted.last + 1
    )


@cache
def _item_level(item_id: str) -> float:
    return float(np.random.default_rng(int.from_bytes(item_id.encode(), "big")).normal(0, 3))


def _category_chances(name: str, count: int, node: Node) -> np.ndarray:
    weights = {
        "age_band": (0.15, 0.40, 0.32, 0.13),
        "gender": (0.55, 0.45),
        "position_group": (0.18, 0.04, 0.60, 0.10, 0.08) if node.group != "su_nghiep" else (0.12, 0.01, 0.02, 0.75, 0.10),
        "seniority_band": (0.17, 0.25, 0.38, 0.20),
    }.get(name, (1.0,) * count)
    chances = np.array(weights[:count], dtype=float)
    return np.asarray(chances / chances.sum())
