#!/bin/bash
# Runs once, when PostgreSQL starts on an empty volume: a role for Temporal, which makes its own
# databases (deploy/temporal-schema.sh), and one for Homeward, whose database nobody else enters.
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set temporal_password="$TEMPORAL_DB_PASSWORD" \
    --set homeward_password="$HOMEWARD_DB_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal_password';
CREATE ROLE homeward LOGIN PASSWORD :'homeward_password';
CREATE DATABASE homeward OWNER homeward ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT, TEMPORARY ON DATABASE homeward FROM PUBLIC;
SQL
