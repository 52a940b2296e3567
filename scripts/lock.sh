#!/bin/sh
# Writes requirements.lock and requirements-dev.lock anew: every package for every platform,
# pinned and hashed, and no word of where it was fetched from. Arguments go to uv: --upgrade.
set -eu
cd -- "$(dirname -- "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate "$@" >/dev/null
}

compile "$@" pyproject.toml requirements-build.in --output-file requirements.lock
compile "$@" pyproject.toml requirements-build.in requirements-dev.in --extra dev \
    --constraints requirements.lock --output-file requirements-dev.lock

if grep -nE '^-|://|^[^#]* @ |file:' requirements.lock requirements-dev.lock; then
    echo "a lock file names a place; it must name packages only" >&2
    exit 1
fi
