"""personal invitations"""

import sqlalchemy as sa
from alembic import op

revision = "main_0002"
down_revision = "main_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("token", sa.LargeBinary(length=32), nullable=True),
        sa.Column("blinded", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint("blinded IS NULL OR token IS NOT NULL", name=op.f("ck_invitation_collected_through_a_link")),
        sa.PrimaryKeyConstraint("wave", "email", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token", name=op.f("uq_invitation_token")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "credential_key",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("modulus", sa.LargeBinary(length=384), nullable=False),
        sa.PrimaryKeyConstraint("wave", "unit", name=op.f("pk_credential_key")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("credential_key")
    op.drop_table("invitation")
