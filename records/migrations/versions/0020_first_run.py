"""The first run: an address that makes the first administrator, and what of the set-up is left."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_ID = sa.String(length=32)


def upgrade() -> None:
    """Apply. Hubs that are there already have nothing left to set up."""
    with op.batch_alter_table("hub") as batch_op:
        batch_op.add_column(
            sa.Column("set_up_left", sa.JSON(), nullable=False, server_default="[]")
        )
    op.create_table(
        "set_up_address",
        sa.Column("id", _ID, nullable=False),
        sa.Column("hub_id", _ID, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.UniqueConstraint("token_hash"),
    )


def downgrade() -> None:
    """Take back. An address that was not used opens nothing any more."""
    op.drop_table("set_up_address")
    with op.batch_alter_table("hub") as batch_op:
        batch_op.drop_column("set_up_left")
