"""which file an imported wave was read from, and on which day"""

import sqlalchemy as sa
from alembic import op

revision = "main_0005"
down_revision = "main_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wave", sa.Column("source_hash", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("wave", sa.Column("imported_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("wave", "imported_on")
    op.drop_column("wave", "source_hash")
