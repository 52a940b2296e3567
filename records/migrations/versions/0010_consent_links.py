"""The link to a consent, sent as a message."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAMES = {"fk": "%(table_name)s_%(column_0_N_name)s_fkey"}
"""PostgreSQL's own names, for a database that gave none."""


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("answer", naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column("consent_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            "answer_consent_id_fkey", "consent_terms", ["consent_id"], ["id"]
        )
    op.create_index("ix_answer_consent_id", "answer", ["consent_id"], unique=False)


def downgrade() -> None:
    """Take back. Links that wait to be sent are lost; the consents stay."""
    op.execute("DELETE FROM answer WHERE step = 'consent_request'")
    op.drop_index("ix_answer_consent_id", table_name="answer")
    with op.batch_alter_table("answer", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("answer_consent_id_fkey", type_="foreignkey")
        batch_op.drop_column("consent_id")
