"""turnout: one row a wave, all units at once under the wave's cover, instead of a counter a unit"""

import json

import sqlalchemy as sa
from alembic import op

revision = "main_0011"
down_revision = "main_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    counted = op.get_bind().execute(sa.text("SELECT wave, unit, spent FROM turnout ORDER BY wave, unit")).all()
    op.drop_table("turnout")
    op.create_table(
        "turnout",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("counted", sa.LargeBinary(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("asked >= 0", name=op.f("ck_turnout_asked_not_negative")),
        sa.PrimaryKeyConstraint("wave", name=op.f("pk_turnout")),
        sqlite_with_rowid=False,
    )
    waves: dict[str, dict[str, int]] = {}
    for wave, unit, spent in counted:
        waves.setdefault(wave, {})[unit] = spent
    for wave, earlier in waves.items():
        op.execute(
            sa.text("INSERT INTO turnout (wave, earlier, asked, listed) VALUES (:wave, :earlier, 0, false)").bindparams(
                sa.bindparam("wave", wave), sa.bindparam("earlier", earlier, type_=sa.JSON())
            )
        )


def downgrade() -> None:
    """What was counted under the cover is known to nobody here: going back shows what the earlier version had counted."""
    kept = op.get_bind().execute(sa.text("SELECT wave, earlier FROM turnout ORDER BY wave")).all()
    units = op.get_bind().execute(sa.text("SELECT DISTINCT wave, unit FROM code ORDER BY wave, unit")).all()
    op.drop_table("turnout")
    op.create_table(
        "turnout",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.CheckConstraint("spent >= 0", name=op.f("ck_turnout_spent_not_negative")),
        sa.PrimaryKeyConstraint("wave", "unit", name=op.f("pk_turnout")),
        sqlite_with_rowid=False,
    )
    spent = {wave: earlier if isinstance(earlier, dict) else json.loads(earlier) for wave, earlier in kept}
    for wave, unit in units:
        op.execute(
            sa.text("INSERT INTO turnout VALUES (:wave, :unit, :spent)").bindparams(
                wave=wave, unit=unit, spent=int(spent.get(wave, {}).get(unit, 0))
            )
        )
