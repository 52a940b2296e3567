#!/bin/sh
# Debian packages that the Python ones cannot replace.
#
#   scripts/system-packages.sh office            LibreOffice Writer without a GUI, and fonts
#   scripts/system-packages.sh tests             PostgreSQL's programs, Chromium and shellcheck
#   scripts/system-packages.sh install NAME...   these; fails when they cannot be installed
#
# Nothing here stops the project: what cannot be installed is named in one line, with what to
# type and what goes without it.
set -eu
cd -- "$(dirname -- "$0")/.."

# After a failed try the next starts stay quick: no second try for a day.
failed=.venv/.homeward-apt-failed

say() { printf 'homeward: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

as_root() { if is_root; then "$@"; else sudo -n "$@"; fi; }
may_install() { have apt-get && { is_root || { have sudo && sudo -n true 2>/dev/null; }; }; }
tried_lately() { [ -n "$(find "$failed" -mmin -1440 2>/dev/null)" ]; }

package_here() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -qq \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold "$@" </dev/null
}

install() {
    may_install || return 1
    say "installing $* (Debian packages)"
    log=$(mktemp)
    if { apt update && apt -y --no-install-recommends install "$@"; } >"$log" 2>&1; then
        rm -f "$log"
        return
    fi
    tail -n 3 "$log" >&2
    rm -f "$log"
    return 1
}

# The first argument says what goes without the packages that the others name.
want() {
    without=$1
    shift
    [ $# -gt 0 ] || return 0
    if ! tried_lately && may_install; then
        install "$@" && return
        touch "$failed" 2>/dev/null || true
    fi
    say "missing: $*. Type: sudo apt-get install --no-install-recommends $*   Without: $without."
}

office() {
    have soffice || have libreoffice \
        || want "packets come as DOCX only, not as PDF; all else works" libreoffice-writer-nogui
    missing=
    # The last three hold the scripts that the others lack: Arabic, emoji, Chinese and kin.
    for font in fonts-liberation fonts-crosextra-carlito \
        fonts-dejavu-core fonts-symbola fonts-droid-fallback; do
        if have dpkg-query && ! package_here $font; then missing="$missing $font"; fi
    done
    # shellcheck disable=SC2086  # a list of words
    want "packets look different, and letters of some scripts print as boxes" $missing
}

postgres_here() {
    have initdb && return
    for program in /usr/lib/postgresql/*/bin/initdb; do [ -x "$program" ] && return; done
    return 1
}

# Only the programs are wanted. Debian would also make and start a server for the whole machine.
forbid_debian_cluster() {
    settings=/etc/postgresql-common/createcluster.conf
    [ -e $settings ] && return
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >$settings
}

# Installed only as root (a fresh machine, a container, CI): sudo on a person's own computer
# is no leave to put a database server there.
tests() {
    missing=
    have shellcheck || missing=shellcheck
    postgres_here || missing="$missing postgresql"
    have chromium || missing="$missing chromium"
    [ -n "$missing" ] || return 0
    if is_root && have apt-get; then
        postgres_here || forbid_debian_cluster
        # shellcheck disable=SC2086  # a list of words
        want "the tests in Chromium fail, and others that need them are skipped" $missing
    else
        say "missing: ${missing# }. The tests in Chromium fail, and others that need them are skipped."
    fi
}

case ${1:-} in
    office) office ;;
    tests) tests ;;
    install) shift; install "$@" ;;
    *) echo "usage: scripts/system-packages.sh office|tests|install NAME..." >&2; exit 2 ;;
esac
