"""Hubs that are examples: made-up people, of whom nothing leaves."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What is there already is real work."""
    with op.batch_alter_table("hub") as batch_op:
        batch_op.add_column(
            sa.Column("example", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Take back nothing: the column stays, so that an example is never taken for real work."""
