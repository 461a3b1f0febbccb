"""SQLite's index of the row keys in parts, which are written anew one after the other"""

import sqlalchemy as sa
from alembic import op

revision = "box_0006"
down_revision = "box_0005"
branch_labels = None
depends_on = None

PARTS = (
    "nullifier < x'20'",
    "nullifier >= x'20' AND nullifier < x'40'",
    "nullifier >= x'40' AND nullifier < x'60'",
    "nullifier >= x'60' AND nullifier < x'80'",
    "nullifier >= x'80' AND nullifier < x'a0'",
    "nullifier >= x'a0' AND nullifier < x'c0'",
    "nullifier >= x'c0' AND nullifier < x'e0'",
    "nullifier >= x'e0'",
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    # Rows are copied as they lie, that is, in places drawn by lot (or, where that was not yet done, in the order of the keys).
    with op.batch_alter_table("ballot", recreate="always") as ballot:
        ballot.drop_constraint("pk_ballot", type_="primary")
    for part, condition in enumerate(PARTS):
        op.create_index(f"ix_ballot_key_{part}", "ballot", ["wave", "nullifier"], unique=True, sqlite_where=sa.text(condition))


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for part in range(len(PARTS)):
        op.drop_index(f"ix_ballot_key_{part}", "ballot")
    with op.batch_alter_table("ballot", recreate="always") as ballot:
        ballot.create_primary_key("pk_ballot", ["wave", "nullifier"])
