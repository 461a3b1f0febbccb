"""the address that stands on the slips of a wave"""

import sqlalchemy as sa
from alembic import op

revision = "main_0015"
down_revision = "main_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wave", sa.Column("site", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("wave", "site")
