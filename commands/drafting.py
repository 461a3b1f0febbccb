"""`langnghe wave create`: a draft whose table plan is frozen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.command import INPUT, WAVE_ID, Context, Day, as_json, command, emit
from survey.access import OPERATOR
from survey.design.service import read_plan
from survey.source import Source


@command(
    "create",
    WAVE_ID,
    click.option("--questionnaire", "questionnaire_id", required=True),
    click.option("--opens", type=Day(), required=True),
    click.option("--closes", type=Day(), required=True),
    click.option("--title", default=""),
    click.option("--contact", default="", help="Whom people may ask, one line; it stands on slips and forms."),
    click.option("--plan", type=INPUT, help="YAML: roots, breakdowns, optional_items, minimum_base, shares, shares_needed, headcounts."),
    as_json,
)
def create(
    context: Context,
    id_: str,
    questionnaire_id: str,
    opens: date,
    closes: date,
    title: str,
    contact: str,
    plan: Path | None,
    as_json: bool,
) -> None:
    """A draft wave; its table plan is frozen now and its hash shown."""
    wishes = read_plan(Source.open(plan)) if plan else {}
    made = context.services.design.create_wave(OPERATOR, id_, questionnaire_id, opens, closes, title_vi=title, contact=contact, plan=wishes)
    text = context.locale("Wave {wave} created. Hash of its plan: {hash}", wave=made.id, hash=made.plan.hash)
    emit({"wave": made.id, "plan_hash": made.plan.hash}, as_json, text)
