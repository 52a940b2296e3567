"""Who comes to a hearing, and who drives whom."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("court_support") as batch_op:
        batch_op.add_column(
            sa.Column("hearing_revision", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(sa.Column("staff_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("name", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            "fk_court_support_staff_id", "staff_member", ["staff_id"], ["id"]
        )
        batch_op.create_index("ix_court_support_staff_id", ["staff_id"])
    _of_a_hearing(
        "court_ride",
        sa.Column("driver", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("leaves_local", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("leaves_at", _INSTANT, nullable=False),
        sa.Column("leaves_from", sa.Text(), nullable=False),
    )
    op.create_index("ix_court_ride_leaves_at", "court_ride", ["leaves_at"])
    _of_a_hearing(
        "court_ride_seat",
        sa.Column("ride_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["ride_id"], ["court_ride.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.UniqueConstraint("hearing_id", "hearing_revision", "person_id"),
    )
    op.create_index("ix_court_ride_seat_ride_id", "court_ride_seat", ["ride_id"])
    op.create_index("ix_court_ride_seat_person_id", "court_ride_seat", ["person_id"])


def _of_a_hearing(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("hearing_id", sa.String(length=32), nullable=False),
        sa.Column("hearing_revision", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"]),
    )
    op.create_index(f"ix_{name}_hearing_id", name, ["hearing_id"])


def downgrade() -> None:
    """Take back. Who comes and who drives is lost."""
    op.drop_table("court_ride_seat")
    op.drop_table("court_ride")
    with op.batch_alter_table("court_support") as batch_op:
        batch_op.drop_index("ix_court_support_staff_id")
        batch_op.drop_constraint("fk_court_support_staff_id", type_="foreignkey")
        for name in ("hearing_revision", "staff_id", "name"):
            batch_op.drop_column(name)
