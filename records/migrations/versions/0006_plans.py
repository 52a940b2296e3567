"""Support plans: steps that repeat, the ladder after a missed one, own kinds, plan templates."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TREATMENT = ("mental_health_care", "substance_use_treatment", "drug_screen")
"""Kinds of health care that steps could have until now."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "hub_step_kind",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("treatment", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hub_id", "key"),
    )
    op.create_table(
        "plan_template",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("based_on", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("hub") as batch_op:
        batch_op.add_column(
            sa.Column("step_rung_days", sa.JSON(), nullable=False, server_default="[2, 3, 3]")
        )
    with op.batch_alter_table("supporter") as batch_op:
        batch_op.add_column(
            sa.Column("mentor", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("support_plan") as batch_op:
        batch_op.add_column(sa.Column("template", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("ended_because", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("carried_over_at", sa.DateTime(timezone=True), nullable=True))
    _steps()
    _fill()


def _steps() -> None:
    no = sa.false()
    with op.batch_alter_table("plan_step") as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("owner", sa.String(), nullable=False, server_default="person")
        )
        batch_op.add_column(sa.Column("due_rule", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("hearing_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("treatment", sa.Boolean(), nullable=False, server_default=no))
        batch_op.add_column(
            sa.Column("consent_needed", sa.Boolean(), nullable=False, server_default=no)
        )
        batch_op.add_column(
            sa.Column("to_mentors", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("answered_by", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_plan_step_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_step_hearing_id"), ["hearing_id"], unique=False)
        batch_op.create_foreign_key("plan_step_parent_id_fkey", "plan_step", ["parent_id"], ["id"])
        batch_op.create_foreign_key("plan_step_hearing_id_fkey", "hearing", ["hearing_id"], ["id"])


def _fill() -> None:
    """What is known of the rows that are there: when their plan began, which of them is care."""
    step = sa.table(
        "plan_step",
        sa.column("kind", sa.String()),
        sa.column("treatment", sa.Boolean()),
        sa.column("consent_needed", sa.Boolean()),
        sa.column("to_mentors", sa.Boolean()),
    )
    op.execute(
        step.update()
        .where(step.c.kind.in_(TREATMENT))
        .values(treatment=True, consent_needed=True, to_mentors=False)
    )
    plan = sa.table(
        "support_plan",
        sa.column("state", sa.String()),
        sa.column("began_at", sa.DateTime(timezone=True)),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    op.execute(
        plan.update().where(plan.c.state == "in_progress").values(began_at=plan.c.created_at)
    )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("plan_step") as batch_op:
        batch_op.drop_constraint("plan_step_hearing_id_fkey", type_="foreignkey")
        batch_op.drop_constraint("plan_step_parent_id_fkey", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_plan_step_hearing_id"))
        batch_op.drop_index(batch_op.f("ix_plan_step_parent_id"))
        for name in (
            *("escalated_at", "answered_by", "answered_at", "to_mentors", "consent_needed"),
            *("treatment", "hearing_id", "due_rule", "owner", "number", "parent_id"),
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("support_plan") as batch_op:
        for name in ("carried_over_at", "ended_because", "began_at", "template"):
            batch_op.drop_column(name)
    with op.batch_alter_table("supporter") as batch_op:
        batch_op.drop_column("mentor")
    with op.batch_alter_table("hub") as batch_op:
        batch_op.drop_column("step_rung_days")
    op.drop_table("plan_template")
    op.drop_table("hub_step_kind")
