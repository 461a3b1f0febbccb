"""what a release says of its reliability, and comments that wait to be looked at"""

import sqlalchemy as sa
from alembic import op

revision = "main_0006"
down_revision = "main_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release", sa.Column("quality", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("release", "quality")
