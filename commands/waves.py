"""`langnghe wave list|status`: where the waves are."""

from __future__ import annotations

from commands.command import WAVE_ID, Context, as_json, command, emit
from survey.access import OPERATOR
from survey.collect.box import BoxUnknown
from survey.collect.fieldwork import Participation
from survey.design.wave import WaveState
from survey.i18n import DASH


@command("list", as_json)
def list_(context: Context, as_json: bool) -> None:
    """Every wave and its state."""
    found = [
        {
            "id": wave.id, "state": wave.state.value, "opens": wave.opens.isoformat(), "closes": wave.closes.isoformat(),
            "origin": wave.origin.value, "title": wave.title_vi,
        }
        for wave in context.services.design.waves(OPERATOR)
    ]  # fmt: skip
    emit(found, as_json, "\n".join("{id:<12} {state:<10} {opens} {closes}  {title}".format(**wave) for wave in found))


@command("status", WAVE_ID, as_json)
def status(context: Context, id_: str, as_json: bool) -> None:
    """State, plan and rounded participation of a wave."""
    wave = context.services.design.wave(OPERATOR, id_)
    running = wave.state in (WaveState.DRAFT, WaveState.OPEN)
    rows = context.services.fieldwork.participation(OPERATOR, id_) if running else ()
    is_shut = wave.state is WaveState.OPEN and _is_shut(context, id_)
    found = {
        "id": wave.id,
        "state": wave.state.value,
        "shut": is_shut,
        "opens": wave.opens.isoformat(),
        "closes": wave.closes.isoformat(),
        "plan_hash": wave.plan.hash,
        "participation": [{"unit": r.node.id, "codes": r.given, "rate": r.rate, "capped": r.capped} for r in rows],
    }
    lines = [f"{wave.id}: {wave.state.value}{', shut' if is_shut else ''}", f"plan {wave.plan.hash}"]
    emit(found, as_json, "\n".join([*lines, *(f"  {row.node.id:<40} {row.given:>6} {_rate(row)}" for row in rows)]))


def _is_shut(context: Context, id_: str) -> bool:
    try:
        return context.services.changing.is_shut(OPERATOR, id_)
    except BoxUnknown:  # `check` says so; the rest of the status is still true
        return False


def _rate(row: Participation) -> str:
    return DASH if row.rate is None else f"{'>=' if row.capped else ''}{row.rate}%"
