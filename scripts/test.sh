#!/bin/sh
# Every test, or with arguments just what pytest makes of them. What tests time itself, or kills
# processes, has the machine to itself; everything else is shared between two workers first.
set -eu
cd -- "$(dirname -- "$0")/.."

if [ $# -gt 0 ]; then
    exec .venv/bin/pytest "$@"
fi
alone='tests/faults tests/cli tests/browser/stories'
ignored=$(for folder in $alone; do printf ' --ignore=%s' "$folder"; done)
failed=0
# Both halves run even if the first one fails: one look then shows all that is broken.
# shellcheck disable=SC2086
.venv/bin/pytest -n 2 --dist loadfile $ignored tests || failed=$?
# shellcheck disable=SC2086
.venv/bin/pytest $alone || failed=$?
exit "$failed"
