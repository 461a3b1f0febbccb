"""looking one ballot up by its key, for a role that may not read the box"""

from alembic import op

revision = "box_0003"
down_revision = "box_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # no roles
    # PostgreSQL cannot grant "SELECT, but only by primary key". This function can: it runs with its owner's
    # right and answers for one nullifier of 256 bits, which nobody can guess or list.
    op.execute(
        "CREATE FUNCTION ballot_at(of_wave text, of_nullifier bytea) RETURNS bytea "
        "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp "
        "AS $$ SELECT ciphertext FROM ballot WHERE wave = of_wave AND nullifier = of_nullifier $$"
    )
    op.execute("REVOKE ALL ON FUNCTION ballot_at(text, bytea) FROM PUBLIC")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION ballot_at(text, bytea)")
