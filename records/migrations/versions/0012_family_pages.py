"""Private pages of one person and one case: what a text message leads to."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMES = {"fk": "%(table_name)s_%(column_0_N_name)s_fkey"}
"""PostgreSQL's own names, for a database that gave none."""


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("private_link", naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key("private_link_case_id_fkey", "case", ["case_id"], ["id"])
    op.create_index("ix_private_link_case_id", "private_link", ["case_id"], unique=False)


def downgrade() -> None:
    """Take back. Family pages do not open any more; nothing else is lost."""
    op.execute("DELETE FROM private_link WHERE purpose = 'family'")
    op.execute("DELETE FROM answer WHERE step = 'page_link'")
    op.drop_index("ix_private_link_case_id", table_name="private_link")
    with op.batch_alter_table("private_link", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("private_link_case_id_fkey", type_="foreignkey")
        batch_op.drop_column("case_id")
