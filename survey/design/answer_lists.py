"""What a list of answers is: a scale with a direction, or categories without one. Nothing is scored by accident.

Other programs' forms number everything, gender and districts too, and count from the best or to it as it came. So the words
decide: a list is a scale when its first and last answer are known to be bad and good (either way round), when it is declared
one (`likert`, `best`), or when its labels are bare figures. "Don't know", "not applicable", "refused" and "other" are never points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from survey.vietnamese import without_marks

_NUMBER = re.compile(r"-?\d{1,6}([.,]\d+)?")
_UNKNOWN = re.compile(
    r"(khong|chua) (biet|ro\b|co y kien|y kien|xac dinh|ap dung|lien quan|danh gia duoc)|kbt\b|kad\b|kyk\b|don'?t know|do not know|no opinion"
    r"|not applicable|does not apply|n\.?/?a\.?$|not sure|unsure|can'?t say|cannot say|wei(ss|ß) nicht|keine (meinung|angabe)"
    r"|nao (sabe|sei|se aplica)|sans opinion|ne sa(it|is) pas|no (aplica|sabe)"
)
_REFUSED = re.compile(r"tu choi|khong (muon )?tra loi|refuse|prefer not|rather not|no answer|decline")
_OTHER = re.compile(r"((muc|y kien|lua chon|dap an) )?khac( ?[(:,.].*)?$|others?\b|sonstige|outr[oa]s?\b|autres?\b")
_NAMES = {
    "unknown": ("dont_know", "dontknow", "dk", "khong_biet", "khongbiet", "kbt", "99"),
    "refused": ("refused", "tu_choi", "tuchoi"),
    "other": ("other", "khac", "-oth-"),
}
_YES_NO = re.compile(r"(co|khong|yes|no|ja|nein|sim|nao|oui|non|si|dung|sai|true|false|roi|chua|da|chua co)[.!]?")
# In this order: what says neither, then bad, then good; "half" before either weakens it.
_VALUES = (
    (0.0, r"khong .*\b(cung|ma) .*khong|binh thuong|trung (lap|tinh|binh|hoa)|phan van|luong lu|^vua\b|thinh thoang|doi khi|doi luc|tam duoc"
          r"|neither|neutral|undecided|sometimes|occasionally|average|^fair\b|moderate|^medium\b|weder|teils|mittel|manchmal|^medi[oa]\b|neutro|as vezes|^regular\b|moyen|ni d'accord"),
    (-2.0, r"\b(rat|hoan toan|cuc ky|het suc|vo cung) (khong|chua|it\b|te\b|kem|xau|thap|yeu|that vong|phan doi|bat man|buc xuc)|khong (bao gio|he\b|khi nao|mot chut)|kem nhat|te nhat"
           r"|(very|strongly|completely|extremely|totally|highly) (dis|un|poor|bad|low|little|weak|seldom|rare)|\bnever\b|terrible|awful|not at all"
           r"|(gar|uberhaupt) nicht|sehr (schlecht|unzufrieden|selten)|^nie\b|muito (frac|mau|ma\b|baix|insat)|nunca|discordo (total|completa)|pas du tout|jamais|tres (mauvais|insatis)"),
    (-1.0, r"\b(khong|chua)\b|phan doi|\bte\b|\bkem\b|\bxau\b|\bthap\b|\byeu\b|^(kha |hoi )?it\b|hiem khi|that vong|bat man"
           r"|disagree|dissatisf|unsatisf|\bpoor|\bbad\b|rarely|seldom|unlikely|unimportant|\blow\b|\bnot\b|worse|inadequate|weak"
           r"|\bnicht\b|schlecht|unzufrieden|selten|\bfrac[oa]|\bmau\b|\bbaix[oa]|discordo|insatisf|raramente|\bpas\b|mauvais|rarement"),
    (2.0, r"^(rat|hoan toan|cuc ky|het suc|vo cung) |xuat sac|tuyet voi|^luon|tot nhat|^(very|strongly|completely|extremely|totally|highly|fully) |\balways\b|excellent|outstanding|perfect"
          r"|^sehr |\bvoll\b|^immer\b|^muito |sempre|otim[oa]|concordo (total|completa)|tout a fait|^tres |toujours"),
    (1.0, r"dong y|hai long|\btot\b|thuong xuyen|\bcao\b|nhieu|tin tuong|ung ho|tan thanh|quan trong|hieu qua|phu hop|day du|ro rang|^kha\b|de dang|thuan loi|cong bang|san sang|^dat\b"
          r"|agree|satisf|\bgood\b|\bgreat\b|often|frequently|usually|likely|important|\bhigh\b|better|adequate|strong"
          r"|\bgut\b|zufrieden|stimme|\boft\b|haufig|zustimm|\balt[oa]\b|\bbo[mn]\b|\bboa\b|concordo|satisfeit|d'accord|souvent"),
)  # fmt: skip
_HALF = re.compile(
    r"^(hoi|phan nao|tuong doi|co phan|somewhat|slightly|rather|fairly|mostly|tend to|eher|plutot|parcialmente)\b|\beher\b|\bein wenig\b|\blam$|mot phan"
)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One answer as its file has it. `role`: what the file says it is ("dont_know", "point", or nothing)."""

    code: str
    vi: str
    en: str = ""
    role: str = ""
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Understood:
    """A list as a scale. `refused`: answers that an empty question stands for here; `lost`: those without a place;
    `doubtful`: codes outside the run whose labels do not say that they are no answer."""

    points: tuple[tuple[int, Listed], ...]
    best: str = "high"
    dont_know: tuple[int, Listed] | None = None
    refused: tuple[Listed, ...] = ()
    lost: tuple[Listed, ...] = ()
    doubtful: tuple[Listed, ...] = field(default=())

    def value_of(self, code: str) -> int | None:
        known = (*self.points, *((self.dont_know,) if self.dont_know else ()))
        return next((value for value, one in known if one.code == code), None)


def understand(options: Sequence[Listed], *, likert: bool = False, best: str = "") -> Understood | None:
    """The scale in a list, or None where its answers have no order that anybody could score.

    `likert`: the form shows it as one; `best`: "high" or "low" where the file says which end is the good one.
    """
    points = [one for one in options if not silence(one)]
    numbered = _in_order(points)
    inside, outside = _run(numbered)
    doubtful = [one for one in outside if one.role != "point"]
    if best or all(one.role == "point" for one in outside):
        inside, doubtful = numbered, []
    direction = best or _direction([one for _value, one in inside], likert)
    if not direction or len(inside) < 2:
        return None
    if direction == "low" and not best and not _are_numbers(points):
        inside = [(place, one) for place, (_value, one) in enumerate(reversed(inside), start=1)]
        direction = "high"
    unknown = [one for one in options if silence(one) == "unknown"]
    lost = [*unknown[1:], *(one for one in options if silence(one) == "other")]
    return Understood(
        points=tuple(inside),
        best=direction,
        dont_know=(_free_value(unknown[0], {value for value, _one in inside}), unknown[0]) if unknown else None,
        refused=tuple(one for one in options if silence(one) == "refused"),
        lost=tuple(lost),
        doubtful=tuple(doubtful),
    )


def silence(one: Listed) -> str:
    """What an answer that is none is: "unknown", "refused", "other"; empty for an answer."""
    if one.role:
        return "unknown" if one.role == "dont_know" else ""
    for kind, names in _NAMES.items():
        if one.code.lower() in names:
            return kind
    for kind, words in (("unknown", _UNKNOWN), ("refused", _REFUSED), ("other", _OTHER)):
        if any(words.match(_said(label)) for label in (one.vi, one.en)):
            return kind
    return ""


def valence(label: str) -> float | None:
    """From -2 (very bad) to 2 (very good); None for words that judge nothing."""
    said = _said(label)
    if not said or _YES_NO.fullmatch(said):
        return None
    for value, words in _VALUES:
        if re.search(words, said):
            return value / 2 if _HALF.search(said) else value
    return None


def whole(code: str) -> int | None:
    """`1`, `1.0` and `01` are 1; None for what is no whole number."""
    found = re.fullmatch(r"(-?\d{1,6})([.,]0+)?", code)
    return int(found[1]) if found else None


def _said(label: str) -> str:
    """Without marks, and without the number before it: "5. Rất tốt", "(5) Rất tốt"; nothing is left of "Mức 5"."""
    return re.sub(r"^((muc|cap|diem|bac|level|grade) )?\(?-?\d+[).:\s–=-]*( diem$)?", "", without_marks(label)).strip()


def _are_numbers(options: Sequence[Listed]) -> bool:
    return all(_NUMBER.fullmatch(one.code) for one in options)


def _in_order(points: Sequence[Listed]) -> list[tuple[int, Listed]]:
    """By their codes where these are numbers, else as they are listed; counted from 1 unless every code is a whole number."""
    if not _are_numbers(points):
        return list(enumerate(points, start=1))
    ordered = sorted(points, key=lambda one: float(one.code.replace(",", ".")))
    values = [whole(one.code) for one in ordered]
    if None in values or len(set(values)) < len(values):
        return list(enumerate(ordered, start=1))
    return [(value, one) for value, one in zip(values, ordered, strict=True) if value is not None]


def _run(numbered: list[tuple[int, Listed]]) -> tuple[list[tuple[int, Listed]], list[Listed]]:
    """The longest part whose values follow each other, and what stands apart (1-5 and 9; -1 and 1-5)."""
    if not numbered:
        return [], []
    gaps = sorted(after[0] - before[0] for before, after in pairwise(numbered))
    usual = gaps[len(gaps) // 2] if gaps else 1
    parts: list[list[tuple[int, Listed]]] = [[numbered[0]]]
    for before, after in pairwise(numbered):
        if after[0] - before[0] > 2 * usual or (before[0] < 0 < after[0] and after[0] - before[0] > usual):
            parts.append([])
        parts[-1].append(after)
    longest = max(parts, key=len)
    return longest, [one for part in parts if part is not longest for _value, one in part]


def _direction(points: Sequence[Listed], likert: bool) -> str:
    """ "high" or "low": the end with the good answer; empty where nothing says that there is one."""
    if len(points) < 2:
        return ""
    for language in ("vi", "en"):
        values = [valence(getattr(one, language)) for one in points]
        known = [value for value in values if value is not None]
        if values[0] is None or values[-1] is None or values[0] == values[-1]:
            continue
        if known == sorted(known):
            return "high"
        if known == sorted(known, reverse=True):
            return "low"
    bare = [not _said(one.vi) or len(_said(one.vi)) < 3 for one in points]
    return "high" if likert or (all(bare[1:-1]) and _are_numbers(points) and (len(points) > 3 or all(bare))) else ""


def _free_value(unknown: Listed, taken: set[int]) -> int:
    """The value of "don't know": its own number, else 0, else the next above the scale."""
    own = whole(unknown.code)
    wanted: tuple[int, ...] = (0, max(taken, default=0) + 1)
    return next(value for value in (wanted if own is None else (own, *wanted)) if value not in taken)
