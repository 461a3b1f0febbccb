"""what units undertake after a wave"""

import sqlalchemy as sa
from alembic import op

revision = "main_0018"
down_revision = "main_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "undertaking",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("progress", sa.String(length=10), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.CheckConstraint("progress IN ('heard', 'doing', 'done')", name="progress_known"),
        sa.PrimaryKeyConstraint("id", name="pk_undertaking"),
    )
    op.create_index("ix_undertaking_wave", "undertaking", ["wave"])


def downgrade() -> None:
    op.drop_index("ix_undertaking_wave", table_name="undertaking")
    op.drop_table("undertaking")
