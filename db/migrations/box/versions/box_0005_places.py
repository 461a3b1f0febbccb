"""a ballot's place in SQLite's file is drawn by lot"""

import sqlalchemy as sa
from alembic import op

revision = "box_0005"
down_revision = "box_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.add_column("ballot", sa.Column("place", sa.Integer(), nullable=True))
        return
    # Rows that keep their place when ballots change theirs. Copied in the order of the keys, which are random; numbered when first needed.
    with op.batch_alter_table("ballot", recreate="always", table_kwargs={"sqlite_with_rowid": True}) as ballot:
        ballot.add_column(sa.Column("place", sa.Integer(), nullable=True))
    op.create_index("ix_ballot_place", "ballot", ["wave", "place"], unique=True)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_ballot_place", "ballot")
    with op.batch_alter_table("ballot", table_kwargs={"sqlite_with_rowid": False}) as ballot:
        ballot.drop_column("place")
