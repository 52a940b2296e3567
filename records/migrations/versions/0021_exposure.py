"""What people faced and received: life beside days, who wrote it down, what counts now."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_LIFE_DAYS = 25_567
_SEALED = ("computed_by", "method")


def upgrade() -> None:
    """Apply. Nothing wrote either table before."""
    with op.batch_alter_table("exposure_snapshot") as batch_op:
        for name in _SEALED:
            batch_op.alter_column(
                name, existing_type=sa.String(), type_=sa.Text(), existing_nullable=False
            )
        batch_op.add_column(
            sa.Column("life", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("counsel_id", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("recorded_by", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("replaced_at", _INSTANT, nullable=True))
        batch_op.create_foreign_key(
            "fk_exposure_snapshot_counsel_id", "counsel", ["counsel_id"], ["id"]
        )
    with op.batch_alter_table("sentence") as batch_op:
        batch_op.add_column(
            sa.Column("life", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("recorded_at", _INSTANT, nullable=True))
        batch_op.add_column(
            sa.Column("recorded_by", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("replaced_at", _INSTANT, nullable=True))
        batch_op.create_index("ix_sentence_imposed_on", ["imposed_on"])


def downgrade() -> None:
    """Take back. Life becomes the days that it counts as; what counts now is no longer told from
    what it replaced."""
    for name, days in (("exposure_snapshot", "exposure_days"), ("sentence", "incarceration_days")):
        table = sa.table(name, sa.column("life", sa.Boolean()), sa.column(days, sa.Integer()))
        op.execute(table.update().where(table.c.life.is_(sa.true())).values({days: _LIFE_DAYS}))
    with op.batch_alter_table("sentence") as batch_op:
        batch_op.drop_index("ix_sentence_imposed_on")
        for name in ("replaced_at", "recorded_by", "recorded_at", "life"):
            batch_op.drop_column(name)
    with op.batch_alter_table("exposure_snapshot") as batch_op:
        batch_op.drop_constraint("fk_exposure_snapshot_counsel_id", type_="foreignkey")
        for name in ("replaced_at", "recorded_by", "counsel_id", "life"):
            batch_op.drop_column(name)
        for name in _SEALED:
            batch_op.alter_column(
                name, existing_type=sa.Text(), type_=sa.String(), existing_nullable=False
            )
