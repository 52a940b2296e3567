#!/bin/sh
# Every test, or with arguments just what pytest makes of them. What tests time itself, or kills
# processes, has the machine to itself; everything else is shared between two workers first.
set -u
cd -- "$(dirname -- "$0")/.."

if [ $# -gt 0 ]; then
    exec .venv/bin/pytest "$@"
fi
alone='tests/faults tests/workflows tests/engine tests/cli tests/deploy'
ignored=$(for folder in $alone; do printf ' --ignore=%s' "$folder"; done)
# shellcheck disable=SC2086
.venv/bin/pytest -n 2 --dist loadfile $ignored tests
shared=$?
# shellcheck disable=SC2086
.venv/bin/pytest $alone || exit
exit $shared
