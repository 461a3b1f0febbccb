"""cover keys: which one a wave's box was begun with"""

import sqlalchemy as sa
from alembic import op

revision = "box_0002"
down_revision = "box_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM ballot")).scalar_one():
        raise RuntimeError("the box holds ballots of a version before covers: close their wave with that version first")
    op.create_table(
        "cover",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("wave", name=op.f("pk_cover")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("cover")
