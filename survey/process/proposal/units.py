"""Which unit a name in a file is: in any spelling, abbreviated as offices do, or called as it was before or is now."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz, process

from survey.design.units import Unit, UnitRegister
from survey.process.proposal.likeness import folded
from survey.vietnamese import same

_LONG = {  # phrases that offices shorten always the same way
    "uy ban nhan dan": "ubnd", "hoi dong nhan dan": "hdnd", "mat tran to quoc": "mttq", "van phong": "vp", "trung tam": "tt",
    "thanh pho": "tp", "thi xa": "tx", "thi tran": "tt", "ban quan ly": "bql", "chi cuc": "cc", "truong trung hoc co so": "thcs",
    "truong trung hoc pho thong": "thpt", "doan dai bieu quoc hoi": "ddbqh",
}  # fmt: skip
_SHORT = {"q": "quan", "h": "huyen", "p": "phuong", "x": "xa", "s": "so"}  # before a full stop: H. Đắk Mil
_KINDS = (
    "so",
    "ban",
    "phong",
    "cuc",
    "cc",
    "tt",
    "vp",
    "bql",
    "ubnd",
    "hdnd",
    "huyen",
    "xa",
    "phuong",
    "tp",
    "tx",
    "tinh",
    "quan",
    "vien",
    "chi nhanh",
)
_LEFT_OUT = frozenset(("va", "cac", "cua", "&"))
_PREFIXES = ("ubnd ", "hdnd & ubnd ")
_ALIKE = 92


class UnitNames:
    """The names of a register as a file may write them. `days`: of the waves; a unit that is not there on them is answered by
    the one it became, or was."""

    def __init__(self, register: UnitRegister, days: Collection[date] = ()) -> None:
        self._register, self._days = register, tuple(sorted(set(days)))
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._short: dict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, set[str]] = defaultdict(set)
        for unit in register:
            self._exact[same(unit.id)].add(unit.id)
            for name in filter(None, (unit.name_vi, unit.name_en)):
                self._exact[same(name)].add(unit.id)
                self._folded[_canonical(name)].add(unit.id)
                for key in _keys(name):
                    self._short[key].add(unit.id)
        self._names = list(self._folded)

    def meanings_of(self, values: Iterable[str], *, nearly: bool = True) -> tuple[dict[str, str | None], frozenset[str]]:
        """(value -> unit, values that are only guessed); what is none of the units is in neither. `nearly`: a letter may be wrong."""
        found: dict[str, str | None] = {}
        guessed = set()
        for value in values:
            unit, sure = self._find(value, nearly)
            if unit:
                found[value] = unit
                if not sure:
                    guessed.add(value)
        return found, frozenset(guessed)

    def _find(self, value: str, nearly: bool) -> tuple[str, bool]:
        for place, ids in enumerate(self._candidates(value, nearly)):
            if ids:
                unit, itself = self._on_the_days(ids)
                return unit, itself and place < 2
        return "", False

    def _candidates(self, value: str, nearly: bool) -> Iterator[set[str]]:
        """From the surest: id or name, the name without marks, an abbreviation, nearly the name."""
        yield self._exact.get(same(value), set())
        name = _canonical(value)
        yield self._folded.get(name, set())
        yield set().union(*(self._short.get(key, set()) for key in (_packed(name), *(_packed(name.removeprefix(p)) for p in _PREFIXES))))
        near = process.extract(name, self._names, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=5) if nearly else []
        yield {unit for key, score, _place in near if score == near[0][1] for unit in self._folded[key]}

    def _on_the_days(self, ids: set[str]) -> tuple[str, bool]:
        """(the one of them that there was on every day, else the only one they became or were; whether it is one of them)."""
        there = {one for one in ids if self._was_there(self._register.by_id[one])}
        if len(there) == 1:
            return there.pop(), True
        if there or not self._days:
            return "", False
        last = self._days[-1]
        became = {after for one in ids for after in self._register.became(one, last)}
        was = {before for one in ids for before in self._register.origins(one) if self._register.by_id[before].exists_at(last)}
        others = {one for one in became or was if self._was_there(self._register.by_id[one])}
        return (others.pop(), False) if len(others) == 1 else ("", False)

    def _was_there(self, unit: Unit) -> bool:
        return all(unit.exists_at(day) for day in self._days)


@lru_cache(maxsize=20_000)
def _canonical(name: str) -> str:
    """Folded, with the usual abbreviations in place of what they stand for."""
    text = re.sub(r"\b([a-z])\.\s*(?=\w{2})", lambda found: f"{_SHORT.get(found[1], found[1])} ", folded(name))
    text = re.sub(r"\b(tp|tx|tt|ubnd|hdnd)\.\s*", r"\1 ", text)
    for long, short in _LONG.items():
        text = re.sub(rf"\b{long}\b", short, text)
    text = re.sub(r"\s*&\s*|\bva\b", " & ", text)
    text = re.sub(r",?\s+tinh \w[\w ]*$", "", text) if not text.startswith("tinh ") else text
    return " ".join(re.sub(r"[^\w&]+", " ", text).split())


@lru_cache(maxsize=20_000)
def _keys(name: str) -> frozenset[str]:
    """Sở Kế hoạch và Đầu tư: sokhdt, skhdt, khdt, kehoachdautu; UBND huyện Đắk Mil: ubndhuyendakmil, huyendakmil."""
    said = _canonical(name)
    words = [word for word in said.split() if word not in _LEFT_OUT]
    made = {_packed(said)} | {_packed(said.removeprefix(prefix)) for prefix in _PREFIXES}
    for kind in _KINDS:
        rest = words[len(kind.split()) :]
        if words[: len(kind.split())] == kind.split() and len(rest) > 1:
            initials = "".join(word[0] for word in rest)
            made |= {_packed(kind) + initials, kind[0] + initials}
            made |= {initials} if len(initials) > 2 else set()
            made |= {"".join(rest)} if len(rest) > 2 else set()  # Văn hóa, Thể thao và Du lịch
            # Sở LĐ-TBXH, Sở VH-TT&DL: the initials with signs between them; _packed leaves those out.
    return frozenset(made)


def _packed(name: str) -> str:
    return "".join(word for word in re.findall(r"\w+", name) if word not in _LEFT_OUT)
