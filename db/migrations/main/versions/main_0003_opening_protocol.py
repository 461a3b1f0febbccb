"""what is recorded when a box is opened"""

import sqlalchemy as sa
from alembic import op

revision = "main_0003"
down_revision = "main_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release", sa.Column("protocol", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("release", sa.Column("receipts", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("release", "receipts")
    op.drop_column("release", "protocol")
