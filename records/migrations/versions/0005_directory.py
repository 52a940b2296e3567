"""The directory of providers: services, places, hours, languages, costs, phones, terms."""

import unicodedata
from re import findall
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAMES = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}
"""PostgreSQL's own names, for a database that gave none."""
WORDS = r"[^\W_]+"
PUBLISHED = ("external_id", "source", "hub_id")


def _word(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _ref(name: str, table: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=32), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _table(name: str, *columns: sa.Column[Any], indexes: tuple[str, ...] = ()) -> None:
    """A table of rows that an export may have brought."""
    op.create_table(
        name,
        sa.Column("id", sa.String(length=32), nullable=False),
        _ref("hub_id", "hub"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _word("source"),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *columns,
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(*PUBLISHED),
    )
    for column in indexes:
        op.create_index(f"ix_{name}_{column}", name, [column], unique=False)


TABLES = (
    "taxonomy_term",
    "location",
    "service",
    "service_at_location",
    "contact",
    "phone",
    "schedule",
    "language",
    "cost_option",
    "service_term",
)


def upgrade() -> None:
    """Apply."""
    _provider_becomes_organization()
    _table(
        "taxonomy_term",
        _word("code"),
        _word("name"),
        _text("description"),
        _word("taxonomy"),
        _word("language"),
        _word("term_uri"),
    )
    _table(
        "location",
        _ref("organization_id", "provider", nullable=True),
        _word("location_type"),
        _word("name"),
        _word("alternate_name"),
        _text("description"),
        _text("transportation"),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        _word("address_1"),
        _word("address_2"),
        _word("city"),
        _word("region"),
        _word("state_province"),
        _word("postal_code"),
        _word("country"),
        _word("area"),
        indexes=(
            "latitude",
            "organization_id",
        ),
    )
    _table(
        "service",
        _ref("organization_id", "provider"),
        _word("name"),
        _word("alternate_name"),
        _text("description"),
        _word("url"),
        _word("email"),
        _word("status"),
        _text("interpretation_services"),
        _text("application_process"),
        _text("fees_description"),
        _text("eligibility_description"),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        _word("wait_time"),
        _text("alert"),
        _word("needs"),
        _text("words"),
        _word("spoken"),
        sa.Column("remote", sa.Boolean(), nullable=False),
        indexes=("organization_id",),
    )
    _table(
        "service_at_location",
        _ref("service_id", "service"),
        _ref("location_id", "location"),
        _text("description"),
        indexes=(
            "location_id",
            "service_id",
        ),
    )
    _table(
        "contact",
        _ref("organization_id", "provider", nullable=True),
        _ref("service_id", "service", nullable=True),
        _ref("service_at_location_id", "service_at_location", nullable=True),
        _ref("location_id", "location", nullable=True),
        _text("name"),
        _word("title"),
        _word("department"),
        _text("email"),
        indexes=(
            "organization_id",
            "service_id",
        ),
    )
    _table(
        "phone",
        _ref("organization_id", "provider", nullable=True),
        _ref("service_id", "service", nullable=True),
        _ref("location_id", "location", nullable=True),
        _ref("service_at_location_id", "service_at_location", nullable=True),
        _ref("contact_id", "contact", nullable=True),
        _word("number"),
        _word("extension"),
        _word("type"),
        _text("description"),
        indexes=(
            "location_id",
            "organization_id",
            "service_id",
        ),
    )
    _table(
        "schedule",
        _ref("service_id", "service", nullable=True),
        _ref("location_id", "location", nullable=True),
        _ref("service_at_location_id", "service_at_location", nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("dtstart", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        _word("wkst"),
        _word("freq"),
        sa.Column("interval", sa.Integer(), nullable=False),
        _word("byday"),
        _word("byweekno"),
        _word("bymonthday"),
        _word("byyearday"),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        _text("description"),
        _word("attending_type"),
        _text("notes"),
        sa.Column("plain", sa.Boolean(), nullable=False),
        indexes=(
            "location_id",
            "service_id",
        ),
    )
    _table(
        "language",
        _ref("service_id", "service", nullable=True),
        _ref("location_id", "location", nullable=True),
        _ref("phone_id", "phone", nullable=True),
        _word("name"),
        _word("code"),
        _text("note"),
        indexes=(
            "location_id",
            "service_id",
        ),
    )
    _table(
        "cost_option",
        _ref("service_id", "service"),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        _word("option"),
        _word("currency"),
        _word("amount"),
        _text("amount_description"),
        indexes=("service_id",),
    )
    _table(
        "service_term",
        _ref("service_id", "service"),
        _ref("taxonomy_term_id", "taxonomy_term"),
        _word("value"),
        indexes=("service_id",),
    )
    _services_of_providers()


def _provider_becomes_organization() -> None:
    with op.batch_alter_table("provider", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("provider_hub_id_name_key", type_="unique")
        for name in ("source", "alternate_name", "email", "website"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("external_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("extra", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("kept", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint("provider_external_id_source_hub_id_key", list(PUBLISHED))


def _services_of_providers() -> None:
    """What a provider does was one line of text: it becomes its first service, to be found."""
    tables = sa.MetaData()
    bind = op.get_bind()
    tables.reflect(bind, only=["provider", "service"])
    provider, service = tables.tables["provider"], tables.tables["service"]
    blank = {
        column.name: ""
        for column in service.columns
        if not column.nullable and isinstance(column.type, sa.String)
    }
    known = bind.execute(provider.select().where(provider.c.services != "")).mappings().all()
    for row in known:
        said = f"{row['name']} {row['services']} {row['languages']}"
        new = {
            **blank,
            # One provider, one service: its id is as good for the one as for the other.
            "id": row["id"],
            "hub_id": row["hub_id"],
            "created_at": row["created_at"],
            "organization_id": row["id"],
            "name": row["services"],
            "status": "active",
            "words": _folded(said),
            "extra": {},
            "kept": [],
            "remote": False,
        }
        bind.execute(service.insert(), new)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return f" {' '.join(findall(WORDS, bare))} "


def downgrade() -> None:
    """Take back. An older program knows one provider of each name: the others are told apart."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute(
        "UPDATE provider SET name = name || ' (' || id || ')' WHERE EXISTS "
        "(SELECT 1 FROM provider AS first WHERE first.hub_id = provider.hub_id "
        "AND first.name = provider.name AND first.id < provider.id)"
    )
    with op.batch_alter_table("provider", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("provider_external_id_source_hub_id_key", type_="unique")
        for column in (
            "ended_at",
            "kept",
            "extra",
            "external_id",
            "description",
            "website",
            "email",
            "alternate_name",
            "source",
        ):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint("provider_hub_id_name_key", ["hub_id", "name"])
