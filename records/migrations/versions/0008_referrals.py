"""Referrals as closed loops: their people, their visits, their messages, and a conflict wall."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAMES = {"fk": "%(table_name)s_%(column_0_N_name)s_fkey"}
"""PostgreSQL's own names, for a database that gave none."""
_LED_TO = ("message", "human_task", "private_link")
"""Tables whose rows may belong to a referral."""
TARGETS = {
    "case_id": "case",
    "person_id": "person",
    "service_id": "service",
    "replaces_id": "referral",
}
TEXTS = ("note", "agreed_words")
WORDS = ("need", "agreed_how", "asked_by", "introduced_how", "declined")
MOMENTS = ("answered_at", "state_since", "met_at")


def _owned() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _refers(name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"])


def _id(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def upgrade() -> None:
    """Apply."""
    _fuller_referrals()
    op.create_table(
        "referral_visit",
        *_owned(),
        _id("referral_id", nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        _word("said_by"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _refers("hub_id", "hub"),
        _refers("referral_id", "referral"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("referral_id", "visited_on"),
    )
    op.create_index("ix_referral_visit_referral_id", "referral_visit", ["referral_id"])
    op.create_table(
        "person_conflict",
        *_owned(),
        _id("person_id", nullable=False),
        _id("other_id", nullable=False),
        _word("declared_by"),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        _moment("ended_at"),
        _refers("hub_id", "hub"),
        _refers("person_id", "person"),
        _refers("other_id", "person"),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("person_id", "other_id"):
        op.create_index(f"ix_person_conflict_{name}", "person_conflict", [name], unique=False)
    for table in _LED_TO:
        with op.batch_alter_table(table, naming_convention=NAMES) as batch_op:
            batch_op.add_column(_id("referral_id"))
            batch_op.create_foreign_key(
                f"{table}_referral_id_fkey", "referral", ["referral_id"], ["id"]
            )
        op.create_index(f"ix_{table}_referral_id", table, ["referral_id"], unique=False)
    with op.batch_alter_table("provider", naming_convention=NAMES) as batch_op:
        batch_op.add_column(_id("desk_id"))
        batch_op.create_foreign_key("provider_desk_id_fkey", "person", ["desk_id"], ["id"])
    with op.batch_alter_table("hub") as batch_op:
        batch_op.add_column(
            sa.Column("referral_days", sa.Integer(), nullable=False, server_default="3")
        )


def _fuller_referrals() -> None:
    """A referral belongs to a case and a person; no program ever made one of neither."""
    with op.batch_alter_table("referral", naming_convention=NAMES) as batch_op:
        for name in ("case_id", "person_id", "service_id", "replaces_id"):
            batch_op.add_column(_id(name))
        for column in (*map(_text, TEXTS), *map(_word, WORDS)):
            batch_op.add_column(column)
        for name in MOMENTS:
            batch_op.add_column(_moment(name))
        batch_op.add_column(
            sa.Column("walled", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("met", sa.Boolean(), nullable=True))
        for name in ("round", "revision"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        "UPDATE referral SET case_id = (SELECT p.case_id FROM support_plan AS p "
        "WHERE p.id = referral.plan_id)"
    )
    op.execute(
        'UPDATE referral SET person_id = (SELECT d.person_id FROM "case" AS c '
        "JOIN defendant AS d ON d.id = c.defendant_id WHERE c.id = referral.case_id)"
    )
    with op.batch_alter_table("referral", naming_convention=NAMES) as batch_op:
        for name, target in TARGETS.items():
            batch_op.create_foreign_key(f"referral_{name}_fkey", target, [name], ["id"])
    for name in ("case_id", "person_id"):
        op.create_index(f"ix_referral_{name}", "referral", [name], unique=False)


def downgrade() -> None:
    """Take back. What only the new columns and tables hold is lost."""
    with op.batch_alter_table("hub") as batch_op:
        batch_op.drop_column("referral_days")
    with op.batch_alter_table("provider", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("provider_desk_id_fkey", type_="foreignkey")
        batch_op.drop_column("desk_id")
    for table in reversed(_LED_TO):
        op.drop_index(f"ix_{table}_referral_id", table_name=table)
        with op.batch_alter_table(table, naming_convention=NAMES) as batch_op:
            batch_op.drop_constraint(f"{table}_referral_id_fkey", type_="foreignkey")
            batch_op.drop_column("referral_id")
    op.drop_table("person_conflict")
    op.drop_table("referral_visit")
    for name in ("case_id", "person_id"):
        op.drop_index(f"ix_referral_{name}", table_name="referral")
    with op.batch_alter_table("referral", naming_convention=NAMES) as batch_op:
        for name in TARGETS:
            batch_op.drop_constraint(f"referral_{name}_fkey", type_="foreignkey")
        for name in (*TARGETS, *TEXTS, *WORDS, *MOMENTS, "walled", "met", "round", "revision"):
            batch_op.drop_column(name)
