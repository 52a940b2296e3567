"""Reports on plans: what they say, for which hearing, whom they wait for, who approved what."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAMES = {"fk": "%(table_name)s_%(column_0_N_name)s_fkey"}
"""PostgreSQL's own names, for a database that gave none."""
TEXTS = ("content", "comment")
WORDS = ("state", "content_hash", "approved_hash", "made_by", "docx_key")
MOMENTS = ("asked_at", "opened_at", "ended_at")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("progress_report", naming_convention=NAMES) as batch_op:
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name in MOMENTS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("hearing_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            "progress_report_hearing_id_fkey", "hearing", ["hearing_id"], ["id"]
        )
    op.execute("UPDATE progress_report SET state = 'draft' WHERE state = ''")
    with op.batch_alter_table("private_link", naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column("report_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            "private_link_report_id_fkey", "progress_report", ["report_id"], ["id"]
        )
    op.create_index("ix_private_link_report_id", "private_link", ["report_id"], unique=False)


def downgrade() -> None:
    """Take back. What only the new columns hold is lost."""
    op.drop_index("ix_private_link_report_id", table_name="private_link")
    with op.batch_alter_table("private_link", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("private_link_report_id_fkey", type_="foreignkey")
        batch_op.drop_column("report_id")
    with op.batch_alter_table("progress_report", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("progress_report_hearing_id_fkey", type_="foreignkey")
        for name in (*TEXTS, *WORDS, *MOMENTS, "number", "hearing_id"):
            batch_op.drop_column(name)
