"""a box knows whose it is, whether it is shut, and whether it was counted"""

import sqlalchemy as sa
from alembic import op

revision = "box_0004"
down_revision = "box_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cover", table_kwargs={"sqlite_with_rowid": False}) as cover:
        cover.add_column(sa.Column("identity", sa.LargeBinary(length=32), nullable=True))
        cover.add_column(sa.Column("shut", sa.LargeBinary(length=16), nullable=True))
        cover.add_column(sa.Column("counted", sa.Boolean(), server_default=sa.false(), nullable=False))
        cover.create_check_constraint(op.f("ck_cover_counted_is_shut"), "NOT counted OR shut IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("cover", table_kwargs={"sqlite_with_rowid": False}) as cover:
        cover.drop_constraint(op.f("ck_cover_counted_is_shut"), type_="check")
        cover.drop_column("counted")
        cover.drop_column("shut")
        cover.drop_column("identity")
