"""idle sessions, one-time passwords, throttled sign-in"""

import sqlalchemy as sa
from alembic import op

revision = "main_0007"
down_revision = "main_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "throttle",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_throttle")),
    )
    # SQLite adds and drops columns in place; rebuilding the table would lose its CHECK.
    op.add_column("account", sa.Column("one_time", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("ALTER TABLE account DROP COLUMN failed")
    op.execute("DELETE FROM session")
    op.add_column("session", sa.Column("seen", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.execute("DELETE FROM session")
    op.execute("ALTER TABLE session DROP COLUMN seen")
    op.add_column("account", sa.Column("failed", sa.Integer(), nullable=False, server_default="0"))
    op.execute("ALTER TABLE account DROP COLUMN one_time")
    op.drop_table("throttle")
