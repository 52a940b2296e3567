"""Hubs that are examples: made-up people, of whom nothing leaves."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
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
    """Take back.

    Raises:
        RuntimeError: an example is there, which an older program would write to as to real people.
    """
    hub = sa.table("hub", sa.column("example", sa.Boolean()))
    found = op.get_bind().execute(sa.select(hub.c.example).where(hub.c.example.is_(sa.true())))
    if found.first() is not None:
        raise RuntimeError("Remove the example first: `homeward example remove`.")
    with op.batch_alter_table("hub") as batch_op:
        batch_op.drop_column("example")
