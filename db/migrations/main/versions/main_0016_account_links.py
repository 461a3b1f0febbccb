"""links by which an account is taken over by its owner"""

import sqlalchemy as sa
from alembic import op

revision = "main_0016"
down_revision = "main_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_link",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("expires", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('open', 'used', 'replaced')", name=op.f("ck_account_link_state_known")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_account_link")),
    )


def downgrade() -> None:
    """Accounts that wait for their link have no password, which the version before refuses at sign-in as any wrong one."""
    op.drop_table("account_link")
