"""Ways to a message: by the contact it went to, and by when it was claimed."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = (
    ("answer", "contact_id"),
    ("message", "claimed_at"),
    ("message", "contact_id"),
)


def upgrade() -> None:
    """Apply."""
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def downgrade() -> None:
    """Take back."""
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
