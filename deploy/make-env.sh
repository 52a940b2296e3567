#!/bin/sh
# Writes .env, with a new random password for each database role. Run once, on the machine that
# runs `docker compose`. A .env that is there already is left as it is.
set -eu
cd -- "$(dirname -- "$0")/.."

if [ -e .env ]; then
    echo ".env is here already; nothing was changed" >&2
    exit 0
fi

random_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
cat >.env <<END
# Passwords of the three database roles. Whoever reads this file reads the database: keep it
# out of version control and out of copies that leave this machine.
POSTGRES_PASSWORD=$(random_password)
TEMPORAL_DB_PASSWORD=$(random_password)
HOMEWARD_DB_PASSWORD=$(random_password)

# Where the web server listens on this machine. Put a proxy that speaks TLS before it.
HOMEWARD_LISTEN=127.0.0.1:8000

# How people reach it: links in messages start with this.
HOMEWARD_PUBLIC_URL=http://127.0.0.1:8000
END
echo "wrote .env; next: docker compose up --detach --build" >&2
