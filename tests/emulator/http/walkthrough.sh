#!/bin/sh
# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sets up a pipeline with curl alone, in the order source, destination, tables, schedule, license, extract.
# Usage: walkthrough.sh <base URL> [curl options, such as --header "Authorization: Bearer ..."]
set -eu

api="$1/ingest/api/ingest"
shift

call() {
    method=$1 path=$2 body=${3-}
    shift 3
    curl --silent --show-error --fail-with-body --noproxy '*' --request "$method" \
        --header "Content-Type: application/json" ${body:+--data "$body"} "$@" "$api/$path"
}

connection() {
    printf '[{"name":"host","value":"%s"},{"name":"port","value":"3306"},{"name":"uid","value":"flow"},' "$2"
    printf '{"name":"pwd","value":"flow-demo"},{"name":"pwd2","value":"flow-demo"},{"name":"type","value":"%s"}]' "$1"
}

ok() {
    case $1 in *'"success":true'*) ;; *) printf 'refused: %s\n' "$1" >&2 && exit 1 ;; esac
}

source=$(connection rds.mysqlc source.demo)
ok "$(call POST conn-src/test "$source" "$@")"
call PATCH conn-src "$source" "$@"
call GET conn-src "" "$@"

destination=$(connection rds.sstorem destination.demo)
ok "$(call POST conn-dst/test "$destination" "$@")"
call PATCH conn-dst "$destination" "$@"
call GET conn-dst "" "$@"

for table in customers employees offices orderdetails orders payments productlines products; do
    call PATCH "config-tab/mydb/classicmodels/$table" '{"select":"Y"}' "$@"
done
call GET list-db/mydb/classicmodels "" "$@"

call PATCH config-sched '{"type":"periodic","duration":"0d00h05m00s","offset":"0d00h01m"}' "$@"
call GET config-sched "" "$@"

if [ -z "${HOSTED-}" ]; then
    call PATCH config-var/licence '[{"name":"_lic_key","value":"YYXY2-4X3USJ-SXXEXB-K6EZS-PXJMR-XXXXX"}]' "$@"
    call GET config-var/licence "" "$@"
fi

ok "$(call POST ops/extract/full "" "$@")"
