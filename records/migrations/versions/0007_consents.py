"""Consents to share with all their elements, a fuller log of disclosures, links to agree by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAMES = {
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
}
"""PostgreSQL's own names, for a database that gave none."""

_TEXTS = (
    "recipient_kind",
    "recipient_id",
    "purpose",
    "how",
    "disclosed_by",
    "subject_kind",
    "subject_id",
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "consent_terms",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("discloser", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("recipient_kind", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.String(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("purpose_words", sa.Text(), nullable=False),
        sa.Column("revoke_how", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("event_words", sa.Text(), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statements", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("signed_as", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("guardian_as", sa.Text(), nullable=False),
        sa.Column("guardian_on", sa.Date(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("minor_law", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consent_terms_person_id", "consent_terms", ["person_id"], unique=False)
    with op.batch_alter_table("disclosure", naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("kinds", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("notice", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name in _TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.create_foreign_key("disclosure_case_id_fkey", "case", ["case_id"], ["id"])
    op.create_index("ix_disclosure_subject_id", "disclosure", ["subject_id"], unique=False)
    with op.batch_alter_table("private_link", naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column("consent_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            "private_link_consent_id_fkey", "consent_terms", ["consent_id"], ["id"]
        )
    op.create_index("ix_private_link_consent_id", "private_link", ["consent_id"], unique=False)
    _carry_agency_consents()


def _carry_agency_consents() -> None:
    """What an agency may know becomes a consent like every other: for court dates, until the
    case ends. Sealed texts stay empty: who agreed, how and in which words stands in `consent`."""
    op.execute(
        """
        INSERT INTO consent_terms (
            id, hub_id, created_at, person_id, case_id, person_name, discloser, kinds, limits,
            recipient_kind, recipient_id, recipient, purpose, purpose_words, revoke_how,
            expires_at, event, event_words, event_at, statements, language, asked_at, asked_by,
            cancelled_at, medium, signer, signed_as, signed_on, guardian_as, guardian_on,
            authority, minor_law, recorded_by, revoked_by
        )
        SELECT
            c.id, c.hub_id, c.created_at, c.person_id, s.case_id, '', '', '["court_dates"]', '',
            'agency', COALESCE(s.agency_id, ''), '', 'support', '', '',
            c.expires_at, 'case_end', '', NULL, '[]', 'en', c.given_at, '',
            NULL, CASE c.how WHEN 'on paper' THEN 'paper' ELSE 'oral' END, 'self', '', NULL, '',
            NULL, '', '', '', ''
        FROM consent AS c
        LEFT JOIN agency_share AS s ON s.consent_id = c.id
        WHERE c.purpose = 'agency'
        """
    )
    op.execute("UPDATE consent SET purpose = 'sharing' WHERE purpose = 'agency'")


def downgrade() -> None:
    """Take back. What only the new columns and the new table hold is lost."""
    op.execute("UPDATE consent SET purpose = 'agency' WHERE purpose = 'sharing'")
    op.drop_index("ix_private_link_consent_id", table_name="private_link")
    with op.batch_alter_table("private_link", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("private_link_consent_id_fkey", type_="foreignkey")
        batch_op.drop_column("consent_id")
    op.drop_index("ix_disclosure_subject_id", table_name="disclosure")
    with op.batch_alter_table("disclosure", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("disclosure_case_id_fkey", type_="foreignkey")
        for name in ("case_id", "kinds", "notice", *_TEXTS):
            batch_op.drop_column(name)
    op.drop_table("consent_terms")
