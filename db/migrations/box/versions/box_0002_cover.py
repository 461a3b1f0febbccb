"""cover keys: which one a wave's box was begun with"""

import sqlalchemy as sa
from alembic import op

from survey.errors import N_, SurveyError

revision = "box_0002"
down_revision = "box_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    box = op.get_bind()
    if box.execute(sa.text("SELECT count(*) FROM ballot")).scalar_one():
        # Only the version that took them finds a ballot by its code; this one would let every code answer again.
        raise SurveyError(
            "box-before-covers",
            N_(
                "The box {box} holds ballots taken by an older version, which this one cannot count. Start the older version "
                "once more, close the wave there, and then start this one. Nothing was changed; no ballot is lost."
            ),
            box=box.engine.url.render_as_string(),
        )
    op.create_table(
        "cover",
        sa.Column("wave", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("wave", name=op.f("pk_cover")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("cover")
