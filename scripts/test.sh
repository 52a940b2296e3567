#!/bin/sh
# Every test, or with arguments just what pytest makes of them. What tests time itself, or kills
# processes, has the machine to itself; everything else is shared between workers first, one for each
# processor, from two (much of it waits) to four (each takes a gigabyte).
set -eu
cd -- "$(dirname -- "$0")/.."

if [ $# -gt 0 ]; then
    exec .venv/bin/pytest "$@"
fi
alone='tests/faults tests/cli tests/browser/stories'
ignored=$(for folder in $alone; do printf ' --ignore=%s' "$folder"; done)
workers=$(nproc 2>/dev/null || echo 2)
[ "$workers" -ge 2 ] || workers=2
[ "$workers" -le 4 ] || workers=4
failed=0
# Both halves run even if the first one fails: one look then shows all that is broken.
# shellcheck disable=SC2086
.venv/bin/pytest -n "$workers" --dist loadfile $ignored tests || failed=$?
# shellcheck disable=SC2086
.venv/bin/pytest $alone || failed=$?
exit "$failed"
