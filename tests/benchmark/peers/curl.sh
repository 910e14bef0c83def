#!/usr/bin/env bash
# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The pipeline as a shell script with curl: saves everything at every run, a process for each request.
# usage: curl.sh URL TABLES

set -euo pipefail
api="$1/ingest/api/ingest"

request() {
    curl --silent --show-error --fail --output /dev/null --request "$1" "$api/$2" \
        --header 'Content-Type: application/json' --data "$3"
}

connection() {
    printf '[{"name":"%s","value":"%s"},' host db.example.com port 3306 uid flow pwd "$2" pwd2 "$2" | tr -d '\n' |
        sed 's/},\[/},/g'
    printf '{"name":"type","value":"%s"}]' "$1"
}

source=$(connection rds.mysqlc not-a-secret-1)
destination=$(connection rds.sstorem not-a-secret-2)
request POST conn-src/test "$source"
request PATCH conn-src "$source"
request POST conn-dst/test "$destination"
request PATCH conn-dst "$destination"
for table in $(seq --format 'table_%05g' 0 $(($2 - 1))); do
    request PATCH "config-tab/mydb/app/$table" '{"select":"Y"}'
done
request PATCH config-sched '{"type":"periodic","duration":"0d00h05m00s"}'
request PATCH config-var/licence '[{"name":"_lic_key","value":"ABCDE-FGHIJ-KLMNO-PQRST"}]'
request POST ops/extract/full ''
