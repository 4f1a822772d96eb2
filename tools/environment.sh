#!/usr/bin/env bash
# Makes .venv what the lock files say: `environment.sh run|dev`. `environment.sh lock` resolves the lock files anew.
# Does nothing (and takes no time) when the environment is newer than its lock file.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
WANTED=3.13
OLDEST=3.12

say() { printf '%s\n' "$*" >&2; }

uv_path() {
    if command -v uv >/dev/null 2>&1; then command -v uv; return; fi
    local own="$PWD/.tools/bin/uv"
    if [ ! -x "$own" ]; then
        say "Fetching uv $UV_VERSION into .tools …"
        # --target works where the system's Python is externally managed and pip refuses to install.
        PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --quiet --disable-pip-version-check --no-input --target .tools --upgrade "uv==$UV_VERSION" >&2 ||
            { say "uv could not be fetched. Python 3 with pip is needed, and a package registry that pip can reach."; exit 1; }
    fi
    printf '%s\n' "$own"
}

# A Python that is here beats one that must be fetched; the wanted version beats an older one.
python_path() {
    local found
    if [ -n "${PYTHON:-}" ]; then printf '%s\n' "$PYTHON"; return; fi
    if found=$(here "$WANTED"); then printf '%s\n' "$found"; return; fi
    say "No Python $WANTED here: asking uv to fetch one …"
    if "$UV" python install --quiet "$WANTED" 2>/dev/null && found=$("$UV" python find --no-python-downloads "$WANTED" 2>/dev/null); then
        printf '%s\n' "$found"; return
    fi
    if found=$(here "$OLDEST"); then
        say "Python $WANTED could not be had; using $("$found" -V) instead."
        printf '%s\n' "$found"; return
    fi
    say "No Python $OLDEST or newer: none is installed and uv could not fetch one. Install Python $WANTED, or set PYTHON=/path/to/python3."
    exit 1
}

# A working Python of this version: one that uv sees, else one of pyenv's that is installed but not switched on.
here() {
    local found root
    if found=$("$UV" python find --no-python-downloads --system "$1" 2>/dev/null) && works "$found"; then printf '%s\n' "$found"; return; fi
    for root in "${PYENV_ROOT:-$HOME/.pyenv}" /opt/pyenv /usr/local/pyenv; do
        for found in "$root/versions/$1".*/bin/python3; do
            if works "$found"; then printf '%s\n' "$found"; return; fi
        done
    done
    return 1
}

# pyenv's shims exist for versions that are not switched on, and then fail.
works() { [ -x "$1" ] && "$1" -c 'import sys, venv' >/dev/null 2>&1; }

sync() {
    local lock=$1 mark=.venv/.synced-$2 other
    # The development environment holds all that a running server needs, so it serves both.
    if [ "$2" = run ] && fresh .venv/.synced-dev requirements-dev.lock && [ requirements.lock -ot .venv/.synced-dev ]; then return; fi
    if fresh "$mark" "$lock"; then return; fi
    UV=$(uv_path)
    if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
        local python
        python=$(python_path) || exit 1
        "$UV" venv --quiet --clear --python "$python" .venv
    fi
    say "Installing what $lock says …"
    # The second try believes the system's certificates, where a proxy or a registry of one's own has put its own.
    "$UV" pip sync --quiet --require-hashes --python .venv/bin/python "$lock" ||
        { say "Trying again with the system's certificates …"; UV_SYSTEM_CERTS=1 "$UV" pip sync --quiet --require-hashes --python .venv/bin/python "$lock"; }
    for other in .venv/.synced-*; do [ "$other" = "$mark" ] || rm -f "$other"; done
    touch "$mark"
}

fresh() { [ -x .venv/bin/python ] && [ -e "$1" ] && [ "$1" -nt "$2" ] && .venv/bin/python -c '' 2>/dev/null; }

lock() {
    UV=$(uv_path)
    # No index address lands in a lock file: whoever installs uses the registry of their own choice.
    local common=(pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version "$OLDEST" pyproject.toml)
    "$UV" "${common[@]}" -o requirements.lock "$@"
    "$UV" "${common[@]}" --group dev -o requirements-dev.lock "$@"
    if grep -nE '://' requirements.lock requirements-dev.lock; then say "A lock file names an address."; exit 1; fi
    say "requirements.lock and requirements-dev.lock are resolved."
}

case "${1:-}" in
    run) sync requirements.lock run ;;
    dev) sync requirements-dev.lock dev ;;
    lock) shift; lock "$@" ;;
    *) say "usage: environment.sh run|dev|lock"; exit 2 ;;
esac
