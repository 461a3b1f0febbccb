"""What units have undertaken after a wave. A row is its writer's text and nothing of anybody who answered."""

from __future__ import annotations

import uuid
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Engine, bindparam, delete, func, insert, select, update

from db.asked import Asked
from db.engine import Turn, taking_turns
from db.models import UNDERTAKING
from survey.undertaking import Progress, Undertaking

_PARTS = tuple(part.name for part in fields(Undertaking))  # a row calls them by the same names
_OF_WAVE = Asked(  # whenever a form is opened
    select(*(UNDERTAKING.c[name] for name in _PARTS))
    .where(UNDERTAKING.c.wave == bindparam("of_wave"))
    .order_by(UNDERTAKING.c.unit, UNDERTAKING.c.due, UNDERTAKING.c.id)
)


class UndertakingStore:
    """Implements survey.undertakings.Store and survey.collect.heard.Store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_wave(self, wave_id: str) -> tuple[Undertaking, ...]:
        """By unit, then by day."""
        found = (dict(zip(_PARTS, row, strict=True)) for row in _OF_WAVE.rows(self._engine, of_wave=wave_id))
        return tuple(Undertaking(**{**row, "progress": Progress(row["progress"])}) for row in found)

    def add(self, one: Undertaking, most: int) -> Undertaking | None:
        """With its id; None where the unit has `most` in this wave already."""
        held = select(func.count()).where(UNDERTAKING.c.wave == one.wave, UNDERTAKING.c.unit == one.unit)
        with taking_turns(self._engine, Turn.UNDERTAKINGS) as connection:
            if connection.execute(held).scalar_one() >= most:
                return None
            new = replace(one, id=str(uuid.uuid4()))
            connection.execute(insert(UNDERTAKING).values(**_values(new)))
        return new

    def change(self, before: Undertaking, after: Undertaking) -> bool:
        """False where it is no longer `before`."""
        with self._engine.begin() as connection:
            return connection.execute(update(UNDERTAKING).where(*_is(before)).values(**_values(after))).rowcount == 1

    def remove(self, one: Undertaking) -> bool:
        with self._engine.begin() as connection:
            return connection.execute(delete(UNDERTAKING).where(*_is(one))).rowcount == 1


def _values(one: Undertaking) -> dict[str, Any]:
    return asdict(one) | {"progress": one.progress.value}


def _is(one: Undertaking) -> list[Any]:
    return [UNDERTAKING.c[name] == value for name, value in _values(one).items()]
