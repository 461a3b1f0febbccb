"""`langnghe actions`: what units undertook after a wave."""

from __future__ import annotations

import click

from commands.command import Context, as_json, command, emit
from survey.access import OPERATOR
from survey.undertaking import said


@command("list", click.option("--wave", "wave_id", required=True), click.option("--unit", help="Of this unit alone."), as_json)
def list_(context: Context, wave_id: str, unit: str | None, as_json: bool) -> None:
    """Every action written down after a wave, announced or not."""
    services = context.services
    asked = services.results.release(OPERATOR, wave_id).questionnaire
    found = services.undertakings.of_wave(OPERATOR, wave_id) if unit is None else services.undertakings.of_unit(OPERATOR, wave_id, unit)
    rows = [
        {
            "wave": one.wave, "unit": one.unit, "measure": one.measure, "text": one.text, "owner": one.owner, "due": one.due.isoformat(),
            "progress": one.progress.value, "announced": one.announced,
        }
        for one in found
    ]  # fmt: skip
    emit(rows, as_json, "\n".join(f"{one.unit:<20} {said(one, asked, context.locale)}" for one in found))


actions = click.Group("actions", help="What units undertook after a wave.", commands=[list_])
