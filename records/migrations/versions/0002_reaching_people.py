"""Reaching people: calls, answers, agencies, trial, and ways by channel"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
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
        "team_contact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_index", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hub_id", "channel", "address_index"),
    )
    with op.batch_alter_table("team_contact") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_team_contact_address_index"), ["address_index"], unique=False
        )

    op.create_table(
        "agency",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("agency") as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_person_id"), ["person_id"], unique=False)

    op.create_table(
        "agency_share",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("consent_id", sa.String(length=32), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case.id"],
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["consent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agency_id", "case_id"),
    )
    with op.batch_alter_table("agency_share") as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_share_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_share_case_id"), ["case_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("reply_id", sa.String(length=32), nullable=True),
        sa.Column("hearing_id", sa.String(length=32), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case.id"],
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact_point.id"],
        ),
        sa.ForeignKeyConstraint(
            ["hearing_id"],
            ["hearing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["reply.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("answer") as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "hearing_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hearing_id", sa.String(length=32), nullable=False),
        sa.Column("hearing_revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("reply_id", sa.String(length=32), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hearing_id"],
            ["hearing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["hub_id"],
            ["hub.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["reply.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("hearing_answer") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hearing_answer_hearing_id"), ["hearing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hearing_answer_person_id"), ["person_id"], unique=False
        )

    with op.batch_alter_table("consent") as batch_op:
        batch_op.add_column(sa.Column("how", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("withdrawn_how", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("withdrawn_words", sa.Text(), nullable=False, server_default="")
        )

    with op.batch_alter_table("contact_point", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("contact_point_person_id_address_index_key", type_="unique")
        batch_op.add_column(
            sa.Column("opted_out_how", sa.String(), nullable=False, server_default="")
        )
        batch_op.create_unique_constraint(
            "contact_point_person_id_channel_address_index_key",
            ["person_id", "channel", "address_index"],
        )

    with op.batch_alter_table("feed_token") as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_feed_token_person_id"), ["person_id"], unique=False)
        batch_op.create_foreign_key("feed_token_person_id_fkey", "person", ["person_id"], ["id"])

    with op.batch_alter_table("hub") as batch_op:
        batch_op.add_column(sa.Column("text_name", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("trial", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("daily_cap", sa.Integer(), nullable=False, server_default="5000")
        )

    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(
            sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    op.execute("UPDATE reply SET provider_id = id WHERE provider_id = ''")
    with op.batch_alter_table("reply") as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="sms"))
        batch_op.add_column(sa.Column("address", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("contact_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("case_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("hearing_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("also", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_reply_case_id"), ["case_id"], unique=False)
        batch_op.create_unique_constraint("reply_hub_id_provider_id_key", ["hub_id", "provider_id"])
        batch_op.create_foreign_key(
            "reply_contact_id_fkey", "contact_point", ["contact_id"], ["id"]
        )
        batch_op.create_foreign_key("reply_hearing_id_fkey", "hearing", ["hearing_id"], ["id"])
        batch_op.create_foreign_key("reply_case_id_fkey", "case", ["case_id"], ["id"])


def downgrade() -> None:
    """Take back; what the older program cannot hold is left out."""
    with op.batch_alter_table("reply", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("reply_hub_id_provider_id_key", type_="unique")
        batch_op.drop_index(batch_op.f("ix_reply_case_id"))
        for column in ("contact_id", "case_id", "hearing_id"):
            batch_op.drop_constraint(f"reply_{column}_fkey", type_="foreignkey")
        for column in ("seen_at", "also", "hearing_id", "case_id", "contact_id", "address"):
            batch_op.drop_column(column)
        batch_op.drop_column("channel")
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_column("temporary")
    with op.batch_alter_table("hub") as batch_op:
        for column in ("daily_cap", "trial", "text_name"):
            batch_op.drop_column(column)
    op.execute("DELETE FROM feed_token WHERE person_id IS NOT NULL")
    with op.batch_alter_table("feed_token", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("feed_token_person_id_fkey", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_feed_token_person_id"))
        batch_op.drop_column("person_id")
    for table in ("hearing_answer", "answer", "agency_share", "agency", "team_contact"):
        op.drop_table(table)
    op.execute(
        "UPDATE message SET contact_id = NULL WHERE contact_id IN "
        "(SELECT id FROM contact_point WHERE channel = 'voice')"
    )
    op.execute(
        "DELETE FROM consent WHERE contact_id IN "
        "(SELECT id FROM contact_point WHERE channel = 'voice')"
    )
    op.execute("DELETE FROM contact_point WHERE channel = 'voice'")
    with op.batch_alter_table("contact_point", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint(
            "contact_point_person_id_channel_address_index_key", type_="unique"
        )
        batch_op.create_unique_constraint(
            "contact_point_person_id_address_index_key", ["person_id", "address_index"]
        )
        batch_op.drop_column("opted_out_how")
    with op.batch_alter_table("consent") as batch_op:
        for column in ("withdrawn_words", "withdrawn_how", "how"):
            batch_op.drop_column(column)
