"""A file of past answers as it comes out of another system: `python -m benchmarks.responses_file FILE ROWS` writes it beside a
mapping, which says every word (older builds understood no labels), and the units."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import shipped_questionnaires

UNITS, SEED = 40, 20261129
GENDERS = {"Nam": "m", "Nữ": "f"}


def write(path: Path, rows: int, questionnaire: Questionnaire | None = None) -> tuple[Path, Path]:
    """A CSV of `rows` people: unit by name, gender and every item in words, one answer in fifty empty. (mapping, units)."""
    questionnaire = questionnaire or shipped_questionnaires()[0]
    chance = np.random.default_rng(SEED)
    items = questionnaire.items
    columns: list[list[str]] = [[f"Sở số {n:02d}" for n in chance.integers(0, UNITS, rows)]]
    columns.append([list(GENDERS)[n] for n in chance.integers(0, 2, rows)])
    for item in items:
        words = [point.vi for point in questionnaire.scales[item.scale].points] + [""]
        likely = [0.98 / (len(words) - 1)] * (len(words) - 1) + [0.02]
        columns.append([words[n] for n in chance.choice(len(words), rows, p=likely)])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Đơn vị", "Giới tính", *(item.vi for item in items)])
        writer.writerows(zip(*columns, strict=True))
    mapping, units = path.with_suffix(".yaml"), path.with_name("units.csv")
    named = ", ".join(f"Sở số {n:02d}: u.{n:02d}" for n in range(UNITS))
    words = {point.vi: point.value for item in items for point in questionnaire.scales[item.scale].points}  # all items on one scale
    lines = ['wave: "2021"', f"unit: {{column: Đơn vị, values: {{{named}}}}}", "values:"]
    lines += [f"  {_quoted(word)}: {value}" for word, value in words.items()]
    lines += ["items:", *(f"  {item.id}: {_quoted(item.vi)}" for item in items)]
    lines += ["breakdowns:", "  gender: {column: Giới tính, values: {Nam: m, Nữ: f}}"]
    mapping.write_text("\n".join(lines) + "\n", encoding="utf-8")
    listed = [f"u.{n:02d};Sở số {n:02d};so;so_ban_nganh;u;{rows}" for n in range(UNITS)]
    units.write_text("\n".join(["id;name_vi;kind;group;parent;headcount", "u;Tỉnh;tinh;tinh;;", *listed]) + "\n", encoding="utf-8")
    return mapping, units


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
