#!/bin/sh
# Makes the virtual environment and installs the locked packages and the project into it.
#
#   scripts/setup.sh run    what `homeward up` needs
#   scripts/setup.sh dev    that, and what the tests and the gate need
#
# Safe to run again: a fingerprint of the lock files and pyproject.toml is kept in the
# environment, and nothing is done while it still fits. HOMEWARD_PYTHON names an interpreter
# to use in place of the newest one found.
set -eu
cd -- "$(dirname -- "$0")/.."

mode=${1:-run}
case $mode in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: scripts/setup.sh run|dev" >&2; exit 2 ;;
esac

venv=.venv
stamp=$venv/.homeward-$mode
oldest='(3, 11)'

say() { printf 'homeward: %s\n' "$*" >&2; }

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

# The folder belongs in it: scripts in a virtual environment hold its absolute path.
fingerprint() {
    { pwd; cat "$lock" pyproject.toml; } | sha256 | cut -d' ' -f1
}

# A name on the PATH proves nothing: a version manager's shim may be there and fail, and
# Debian's python3 comes without ensurepip until python3-venv is installed.
recent_enough() { "$1" -c "import sys; sys.exit(sys.version_info < $oldest)" >/dev/null 2>&1; }
makes_venvs() { recent_enough "$1" && "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

newest_python() {
    for name in ${HOMEWARD_PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
        if "$1" "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

choose_python() {
    if newest_python makes_venvs; then return; fi
    if ! found=$(newest_python recent_enough); then
        say "no Python 3.11 or newer was found. Install one (Debian: apt-get install python3 python3-venv) and run this again."
        return 1
    fi
    minor=$("$found" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    if scripts/system-packages.sh install "$minor-venv"; then
        makes_venvs "$found" && echo "$found" && return
    fi
    say "$found cannot make virtual environments. Type: sudo apt-get install $minor-venv   and run this again."
    return 1
}

venv_is_sound() {
    [ -x $venv/bin/python ] && recent_enough $venv/bin/python \
        && [ "$(cat $venv/.homeward-place 2>/dev/null || pwd)" = "$(pwd)" ] \
        && $venv/bin/python -m pip --version >/dev/null 2>&1
}

make_venv() {
    python=$(choose_python)
    say "making $venv with $("$python" --version)"
    "$python" -m venv --clear $venv
}

pip_install() {
    $venv/bin/python -m pip install --quiet --quiet --no-input --disable-pip-version-check "$@" </dev/null
}

install_packages() {
    say "installing the locked Python packages; the first time this takes a minute or two"
    rm -f $venv/.homeward-run $venv/.homeward-dev
    pip_install --require-hashes -r "$lock"
    pip_install --no-deps --no-build-isolation -e .
    pwd >$venv/.homeward-place
    fingerprint >"$stamp"
}

if [ -x $venv/bin/homeward ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ] \
    && recent_enough $venv/bin/python; then
    :
else
    venv_is_sound || make_venv
    install_packages
fi

scripts/system-packages.sh office
if [ "$mode" = dev ]; then scripts/system-packages.sh tests; fi
