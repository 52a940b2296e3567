"""Packets through their people: passages, letters, exhibits, reviews, templates, private links."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAMES = {
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
"""PostgreSQL's own names, for a database that gave none."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "packet_template",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hub_id", "kind", "language", "number"),
    )
    op.create_table(
        "packet_passage",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("packet_id", sa.String(length=32), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("quote", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("teller_id", sa.String(length=32), nullable=True),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("earlier_text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.ForeignKeyConstraint(
            ["packet_id"],
            ["packet.id"],
        ),
        sa.ForeignKeyConstraint(
            ["teller_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("packet_passage") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_packet_passage_packet_id"), ["packet_id"], unique=False
        )

    op.create_table(
        "packet_review",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("packet_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=True),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.ForeignKeyConstraint(
            ["packet_id"],
            ["packet.id"],
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["packet_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("packet_review") as batch_op:
        batch_op.create_index(batch_op.f("ix_packet_review_packet_id"), ["packet_id"], unique=False)

    op.create_table(
        "private_link",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("packet_id", sa.String(length=32), nullable=True),
        sa.Column("letter_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
        ),
        sa.ForeignKeyConstraint(
            ["packet_id"],
            ["packet.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("private_link") as batch_op:
        batch_op.create_index(batch_op.f("ix_private_link_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_private_link_packet_id"), ["packet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_private_link_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("approval") as batch_op:
        batch_op.add_column(sa.Column("signed_as", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("content_hash", sa.String(), nullable=False, server_default="")
        )
        batch_op.alter_column(
            "void_reason", existing_type=sa.VARCHAR(), type_=sa.Text(), existing_nullable=False
        )

    with op.batch_alter_table("court") as batch_op:
        batch_op.add_column(
            sa.Column(
                "filing_refuses_links", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )

    with op.batch_alter_table("exhibit") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="other"))
        batch_op.add_column(sa.Column("caption", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("file_name", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("pdf_key", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("pages", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("notes", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("in_body", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("added_by", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("hub") as batch_op:
        batch_op.add_column(
            sa.Column("packet_letters_days", sa.Integer(), nullable=False, server_default="21")
        )
        batch_op.add_column(
            sa.Column("packet_draft_days", sa.Integer(), nullable=False, server_default="14")
        )
        batch_op.add_column(
            sa.Column("packet_counsel_days", sa.Integer(), nullable=False, server_default="7")
        )

    with op.batch_alter_table("letter") as batch_op:
        batch_op.add_column(sa.Column("relationship", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default="en"))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("decline_words", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("answers", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("asks", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("contact", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("taken_down_by", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("translated_from", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("translation", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("translated_by", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("document_key", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("document_name", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("media_type", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("sha256", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("pdf_key", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("pages", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(sa.Column("packet_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_message_packet_id"), ["packet_id"], unique=False)
        batch_op.create_foreign_key("message_packet_id_fkey", "packet", ["packet_id"], ["id"])

    with op.batch_alter_table("packet") as batch_op:
        batch_op.add_column(sa.Column("state_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("filed_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_packet_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_foreign_key("packet_replaces_id_fkey", "packet", ["replaces_id"], ["id"])

    with op.batch_alter_table("packet_version", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("packet_version_packet_id_inputs_hash_key", type_="unique")
        batch_op.add_column(
            sa.Column("content_hash", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("approval_id", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("exhibits_key", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("exhibits_sha256", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("exhibits_size", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("inputs", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("changes", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("preflight", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    for table in ("private_link", "packet_review", "packet_passage", "packet_template"):
        op.drop_table(table)

    # The older program knows one version for each state: the newest of them stays.
    op.execute(
        "DELETE FROM approval WHERE version_id IN "
        "(SELECT id FROM packet_version AS old WHERE EXISTS "
        "(SELECT 1 FROM packet_version AS new WHERE new.packet_id = old.packet_id "
        "AND new.inputs_hash = old.inputs_hash AND new.number > old.number))"
    )
    op.execute(
        "DELETE FROM packet_version WHERE EXISTS "
        "(SELECT 1 FROM packet_version AS new WHERE new.packet_id = packet_version.packet_id "
        "AND new.inputs_hash = packet_version.inputs_hash AND new.number > packet_version.number)"
    )
    with op.batch_alter_table("packet_version", naming_convention=NAMES) as batch_op:
        batch_op.create_unique_constraint(
            "packet_version_packet_id_inputs_hash_key", ["packet_id", "inputs_hash"]
        )
        for column in (
            "preflight",
            "changes",
            "inputs",
            "exhibits_size",
            "exhibits_sha256",
            "exhibits_key",
            "approval_id",
            "content_hash",
        ):
            batch_op.drop_column(column)

    with op.batch_alter_table("packet", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("packet_replaces_id_fkey", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_packet_replaces_id"))
        for column in (
            "filed_on",
            "delivered_at",
            "replaces_id",
            "cancelled_at",
            "changed_at",
            "state_since",
        ):
            batch_op.drop_column(column)

    with op.batch_alter_table("message", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("message_packet_id_fkey", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_message_packet_id"))
        batch_op.drop_column("packet_id")

    with op.batch_alter_table("letter") as batch_op:
        for column in (
            "pages",
            "pdf_key",
            "size",
            "sha256",
            "media_type",
            "document_name",
            "document_key",
            "translated_by",
            "translation",
            "translated_from",
            "taken_down_by",
            "contact",
            "asks",
            "revision",
            "answers",
            "decline_words",
            "withdrawn_at",
            "declined_at",
            "sent_at",
            "saved_at",
            "opened_at",
            "position",
            "language",
            "relationship",
        ):
            batch_op.drop_column(column)

    with op.batch_alter_table("hub") as batch_op:
        for column in ("packet_counsel_days", "packet_draft_days", "packet_letters_days"):
            batch_op.drop_column(column)

    with op.batch_alter_table("exhibit") as batch_op:
        for column in (
            "removed_at",
            "added_by",
            "in_body",
            "notes",
            "pages",
            "pdf_key",
            "file_name",
            "caption",
            "kind",
        ):
            batch_op.drop_column(column)

    with op.batch_alter_table("court") as batch_op:
        batch_op.drop_column("filing_refuses_links")

    with op.batch_alter_table("approval") as batch_op:
        batch_op.alter_column(
            "void_reason", existing_type=sa.Text(), type_=sa.VARCHAR(), existing_nullable=False
        )
        for column in ("content_hash", "signed_as"):
            batch_op.drop_column(column)
