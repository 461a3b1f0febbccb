"""which numbers of a published row are bounds, because nearly everybody answered alike"""

import sqlalchemy as sa
from alembic import op

revision = "main_0009"
down_revision = "main_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cell", sa.Column("note", sa.String(length=80), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("cell", "note")
