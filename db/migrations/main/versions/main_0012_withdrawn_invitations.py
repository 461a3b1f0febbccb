"""an invitation that is withdrawn stays on the list, whether its credential was collected or not"""

import sqlalchemy as sa
from alembic import op

revision = "main_0012"
down_revision = "main_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitation", sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """The version before knows no withdrawn invitation but one that is gone."""
    op.execute("DELETE FROM invitation WHERE withdrawn AND blinded IS NULL")
    op.drop_column("invitation", "withdrawn")
