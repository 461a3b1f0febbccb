"""whom the people of a wave may ask"""

import sqlalchemy as sa
from alembic import op

revision = "main_0014"
down_revision = "main_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wave", sa.Column("contact", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("wave", "contact")
