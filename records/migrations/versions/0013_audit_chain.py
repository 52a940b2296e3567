"""The audit trail as a chain: a number and a seal on every row, and the head of each hub's."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Rows that are there already stay as they are; the head counts them."""
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("seal", sa.String(), nullable=False, server_default=""))
        batch_op.create_unique_constraint("audit_event_hub_id_number_key", ["hub_id", "number"])
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.alter_column("seal", server_default=None)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("unchained", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hub_id"),
    )


def downgrade() -> None:
    """Take back. The rows stay, out of their chain."""
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.drop_constraint("audit_event_hub_id_number_key", type_="unique")
        batch_op.drop_column("seal")
        batch_op.drop_column("number")
