"""turnout: a counter per unit instead of a mark on each code"""

import sqlalchemy as sa
from alembic import op

revision = "main_0004"
down_revision = "main_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turnout",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.CheckConstraint("spent >= 0", name=op.f("ck_turnout_spent_not_negative")),
        sa.PrimaryKeyConstraint("wave", "unit", name=op.f("pk_turnout")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO turnout SELECT wave, unit, SUM(CASE WHEN used THEN 1 ELSE 0 END) FROM code GROUP BY wave, unit ORDER BY 1, 2")
    _write_codes_anew([], "wave, digest, unit")


def downgrade() -> None:
    """Which codes are spent is known to the box alone: going back shows none as spent, and the box still refuses them."""
    _write_codes_anew([sa.Column("used", sa.Boolean(), nullable=False)], "wave, digest, unit, false")
    op.drop_table("turnout")


def _write_codes_anew(more: list[sa.Column[bool]], columns: str) -> None:
    """In the order of the digests: rows that were marked one by one lie in the order of their marks."""
    op.create_table(
        "code_anew",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("wave", "digest", name=op.f("pk_code_anew")),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO code_anew SELECT {columns} FROM code ORDER BY wave, digest")  # noqa: S608  (our own words)
    op.drop_table("code")
    op.rename_table("code_anew", "code")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_code_anew RENAME TO pk_code")
