"""Second factors, recovery codes and passkeys, and what a signed-in browser is."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    _of_staff(
        "totp_secret",
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", _INSTANT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
    )
    _of_staff(
        "recovery_code",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.UniqueConstraint("code_hash"),
    )
    _of_staff(
        "passkey",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_hash", sa.String(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", _INSTANT, nullable=True),
        sa.UniqueConstraint("credential_hash"),
    )
    _of_staff(
        "half_sign_in",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("holder_hash", sa.String(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("holder_hash"),
    )
    op.create_index("ix_passkey_challenge_expires_at", "passkey_challenge", ["expires_at"])
    with op.batch_alter_table("staff_session") as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("proved_at", _INSTANT, nullable=True))
    with op.batch_alter_table("hub") as batch_op:
        batch_op.add_column(
            sa.Column(
                "second_factor_required", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )


def _of_staff(name: str, *columns: sa.schema.SchemaItem) -> None:
    """A table whose rows belong to a member of staff."""
    op.create_table(
        name,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hub_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"]),
    )
    op.create_index(f"ix_{name}_staff_id", name, ["staff_id"], unique=False)


def downgrade() -> None:
    """Take back. Every second factor is lost: people sign in by password alone again."""
    with op.batch_alter_table("hub") as batch_op:
        batch_op.drop_column("second_factor_required")
    with op.batch_alter_table("staff_session") as batch_op:
        batch_op.drop_column("proved_at")
        batch_op.drop_column("browser")
    for name in ("passkey_challenge", "half_sign_in", "passkey", "recovery_code", "totp_secret"):
        op.drop_table(name)
