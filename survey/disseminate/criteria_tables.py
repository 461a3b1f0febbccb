"""Tables of a reading by criteria: just what its figure shows, and the items behind one criterion."""

from __future__ import annotations

from typing import Any

from survey.analyse.criteria import Line, Reading
from survey.analyse.ranking import Ranked
from survey.design.criteria import KINDS, document, wording
from survey.disclose.release import Cell
from survey.disseminate.criteria_words import missing, parts
from survey.disseminate.figures import item_label
from survey.disseminate.look import node_name, state_words
from survey.disseminate.tables import Table, marked, note
from survey.errors import N_
from survey.i18n import Locale

_LABELS = {
    "group_of_criteria": N_("Kind"),
    "criterion": N_("Code of the criterion"),
    "label": N_("Criterion"),
    "document": N_("Document"),
    "parts": N_("Questions shown"),
    "best_unit": N_("Highest unit"),
    "lowest_unit": N_("Lowest unit"),
    "source": N_("Words it asks about"),
}


def criteria(found: Reading, locale: Locale) -> Table:
    """One row a criterion: its scores in all waves, what changed since the launch, the highest and the lowest unit."""
    records = [_record(found, one, locale) for one in found.lines]
    table = marked(records, found.release, locale)
    since = {"difference": locale("Since the launch ({wave})", wave=found.launch.id)}
    return Table(table.frame, {**_labels(locale), **{_column(wave.id): wave.id for wave in found.waves}, **since})


def _column(wave: str) -> str:
    return f"score_{wave}"


def _record(found: Reading, one: Line, locale: Locale) -> dict[str, Any]:
    ends = (one.units[0], one.units[-1]) if len(one.units) > 1 else (None, None)
    return {
        "criterion": one.criterion.id, "group_of_criteria": locale(KINDS[one.criterion.kind]), "label": wording(one.criterion, locale),
        "document": document(one.criterion, locale),
        **{_column(standing.wave.id): standing.score for standing in one.waves},
        "difference": one.since.difference if one.since else None, "finding": state_words(one.since, locale) if one.since else "",
        "base": one.now.cell.base if isinstance(one.now.cell, Cell) else None, "parts": parts(one, locale),
        "best_unit": _named(found, ends[0], locale), "lowest_unit": _named(found, ends[1], locale),
        "note": note(one.now.cell, locale) if isinstance(one.now.cell, Cell) else missing(one.now, locale),
    }  # fmt: skip


def _named(found: Reading, one: Ranked | None, locale: Locale) -> str:
    return "" if one is None else f"{node_name(found.release, one.unit, locale)} ({locale.number(one.cell.score)})"


def whole(found: Reading, locale: Locale) -> Table:
    """The same in short, for everybody: launch, half way, now, and what changed; no unit is named."""
    table = criteria(found, locale)
    tested = any(one.since and one.since.p is not None for one in found.lines)
    columns = [
        "label",
        *(_column(found.waves[place].id) for place in found.milestones),
        "difference",
        *(["finding"] if tested else []),
        "note",
    ]
    return Table(table.frame[columns], table.labels)


def items(found: Reading, one: Line, locale: Locale) -> Table:
    """The items of a criterion: the words they ask about and what they show."""
    records = [
        {
            "measure": f"item:{item.id}", "label": item_label(item, locale), "source": item.source,
            **({"score": cell.score, "favourable": cell.favourable, "base": cell.base} if isinstance(cell, Cell) else
               dict.fromkeys(("score", "favourable", "base"))),
            "note": note(cell, locale),
        }
        for item, cell in one.items
    ]  # fmt: skip
    return Table(marked(records, found.release, locale).frame, {"source": locale(_LABELS["source"]), "label": locale("Question")})


def _labels(locale: Locale) -> dict[str, str]:
    return {name: locale(label) for name, label in _LABELS.items()}
