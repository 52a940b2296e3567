"""Court calendars that wait for a review, and what each import changed, to be put back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_ID = sa.String(length=32)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendar_review",
        *_own(),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("feed_name", "mapping")),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("stored", "seen")),
        sa.Column("handed_in_at", _INSTANT, nullable=False),
        sa.Column("handed_in_by", sa.Text(), nullable=False),
        sa.Column("compared_at", _INSTANT, nullable=False),
    )
    op.create_index("ix_calendar_review_handed_in", "calendar_review", ["hub_id", "handed_in_at"])
    with op.batch_alter_table("calendar_entry") as batch_op:
        batch_op.add_column(sa.Column("import_id", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("calendar_import") as batch_op:
        batch_op.add_column(
            sa.Column("applied_by_id", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("feed_before", sa.JSON(), nullable=False, server_default="{}")
        )
        batch_op.add_column(sa.Column("undone_at", _INSTANT, nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "calendar_change",
        *_own(),
        sa.Column("import_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("hearing_id", _ID, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("before", "after")),
        sa.Column("undone_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["calendar_import.id"]),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"]),
        sa.UniqueConstraint("import_id", "place"),
    )
    op.create_index("ix_calendar_change_hearing_id", "calendar_change", ["hearing_id"])


def _own() -> tuple[sa.schema.SchemaItem, ...]:
    """What every row of a hub has."""
    return (
        sa.Column("id", _ID, nullable=False),
        sa.Column("hub_id", _ID, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
    )


def downgrade() -> None:
    """Take back. Calendars that wait for a review are lost, and no import can be undone."""
    op.drop_table("calendar_change")
    with op.batch_alter_table("calendar_import") as batch_op:
        for name in ("undone_by", "undone_at", "feed_before", "kept", "applied_by_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("calendar_entry") as batch_op:
        batch_op.drop_column("import_id")
    op.drop_table("calendar_review")
