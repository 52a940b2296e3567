#!/bin/sh
# Makes and upgrades Temporal's two databases. Safe to run at every start: what is there stays,
# and only newer schema versions are applied. The password comes from SQL_PASSWORD.
set -eu

: "${SQL_HOST:=postgres}" "${SQL_PORT:=5432}" "${SQL_USER:=temporal}"
: "${SQL_PASSWORD:?the password of the database role}"
export SQL_PASSWORD

schemas=/etc/temporal/schema/postgresql/v12

tool() {
    temporal-sql-tool --plugin postgres12 --endpoint "$SQL_HOST" --port "$SQL_PORT" \
        --user "$SQL_USER" --database "$@"
}

prepare() {
    tool "$1" create
    tool "$1" setup-schema --version 0.0
    tool "$1" update-schema --schema-dir "$schemas/$2/versioned"
}

prepare temporal temporal
prepare temporal_visibility visibility
