"""SQLite's row keys in a table of their own, which is small and can be written anew some keys at a time"""

from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "box_0007"
down_revision = "box_0006"
branch_labels = None
depends_on = None

EDGES = [f"x'{part:02x}'" for part in range(0x20, 0x100, 0x20)]
PARTS = (
    f"nullifier < {EDGES[0]}",
    *(f"nullifier >= {low} AND nullifier < {high}" for low, high in pairwise(EDGES)),
    f"nullifier >= {EDGES[-1]}",
)
# Ballots that came with a backup or of an older version are numbered in the order of their keys, which are random.
NUMBER = """UPDATE ballot SET place = found.number FROM (
    SELECT rowid AS at, row_number() OVER (PARTITION BY wave ORDER BY nullifier)
        + (SELECT coalesce(max(place), 0) FROM ballot AS other WHERE other.wave = ballot.wave) AS number
    FROM ballot WHERE place IS NULL) AS found
WHERE ballot.rowid = found.at"""
# A ballot that says no place takes the next one of its wave.
CAME = """CREATE TRIGGER ballot_came AFTER INSERT ON ballot BEGIN
    UPDATE ballot SET place = (SELECT coalesce(max(place), 0) + 1 FROM ballot WHERE wave = new.wave) WHERE rowid = new.rowid AND place IS NULL;
    INSERT INTO ballot_key (wave, nullifier, place) SELECT wave, nullifier, place FROM ballot WHERE rowid = new.rowid;
END"""
MOVED = """CREATE TRIGGER ballot_moved AFTER UPDATE OF nullifier ON ballot BEGIN
    UPDATE ballot_key SET place = new.place WHERE wave = new.wave AND nullifier = new.nullifier;
END"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(NUMBER)
    op.create_table(
        "ballot_key",
        sa.Column("wave", sa.String(40), nullable=False),
        sa.Column("nullifier", sa.LargeBinary(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("wave", "nullifier", name="pk_ballot_key"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO ballot_key SELECT wave, nullifier, place FROM ballot ORDER BY wave, nullifier")
    for part in range(len(PARTS)):
        op.drop_index(f"ix_ballot_key_{part}", "ballot")
    op.execute(CAME)
    op.execute(MOVED)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for trigger in ("ballot_came", "ballot_moved"):
        op.execute(f"DROP TRIGGER {trigger}")
    op.drop_table("ballot_key")
    for part, condition in enumerate(PARTS):
        op.create_index(f"ix_ballot_key_{part}", "ballot", ["wave", "nullifier"], unique=True, sqlite_where=sa.text(condition))
