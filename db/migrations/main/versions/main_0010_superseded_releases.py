"""releases that a correction replaced, kept for the audit of later corrections"""

import sqlalchemy as sa
from alembic import op

revision = "main_0010"
down_revision = "main_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "superseded",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("number >= 1", name="number_from_one"),
        sa.PrimaryKeyConstraint("wave", "number", name="pk_superseded"),
    )


def downgrade() -> None:
    op.drop_table("superseded")
