"""what a release says of its reliability, and comments that wait to be looked at"""

import sqlalchemy as sa
from alembic import op

revision = "main_0008"
down_revision = "main_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release", sa.Column("quality", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("release", sa.Column("review", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("comment", sa.Column("seen", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("comment", "seen")
    op.drop_column("release", "review")
    op.drop_column("release", "quality")
