"""Counsel who sign in, and their own space."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("counsel") as batch_op:
        batch_op.add_column(sa.Column("staff_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key("fk_counsel_staff_id", "staff_member", ["staff_id"], ["id"])
        batch_op.create_unique_constraint("uq_counsel_staff_id", ["staff_id"])
    op.create_table(
        "counsel_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("counsel_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.Column("shared_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.ForeignKeyConstraint(["counsel_id"], ["counsel.id"]),
    )
    op.create_index("ix_counsel_note_case_id", "counsel_note", ["case_id"])
    op.create_index("ix_counsel_note_counsel_id", "counsel_note", ["counsel_id"])


def downgrade() -> None:
    """Take back. Counsel's own notes are lost."""
    op.drop_table("counsel_note")
    with op.batch_alter_table("counsel") as batch_op:
        batch_op.drop_constraint("uq_counsel_staff_id", type_="unique")
        batch_op.drop_constraint("fk_counsel_staff_id", type_="foreignkey")
        batch_op.drop_column("staff_id")
