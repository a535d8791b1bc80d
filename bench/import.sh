#!/bin/bash
# Times the import of a made-up dataset into the packaged service with its embedded PostgreSQL, beside plain COPY.
# usage: bench/import.sh [ITEMS [ANNOTATIONS_PER_ITEM]]   needs target/dataset-export.jar, a JDK 25 as JAVA_HOME or java, curl, awk, psql
# COPY writes the same rows from a file into tables of the same columns with primary keys only, no other index, no trigger and no JSON to
# read. Runs alternate, so that all have the same neighbours; the medians count, and the first import, in a cold service, stands alone.
set -euo pipefail
cd "$(dirname "$0")/.."
items=${1:-40000} each=${2:-10} runs=${RUNS:-5} heap=${HEAP:-256m}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
scratch=$(mktemp -d)
port=${PORT:-18080} base=http://localhost:${PORT:-18080}/api/v1/datasets
chmod 755 "$scratch"
"$java" -Xmx"$heap" -jar target/dataset-export.jar --server.port="$port" --dataset-export.data-dir="$scratch/data" \
    --dataset-export.demo=false >"$scratch/log" 2>&1 &
service=$!
trap 'kill $service; wait $service || true; rm -rf "$scratch"' EXIT
awk -v items="$items" -v each="$each" -f bench/items.awk >"$scratch/items.ndjson"
until curl -fs "http://localhost:$port/actuator/health" >/dev/null; do kill -0 $service || exit 1; sleep 0.5; done
url=$(grep -oE 'jdbc:postgresql://[^ ]+' "$scratch/log" | head -1)
sql() { psql -qAt -v ON_ERROR_STOP=1 -U postgres "${url#jdbc:}" "$@"; }
columns() { sql -c "select string_agg(attname, ', ' order by attnum) from pg_attribute where attrelid = '$1'::regclass and attnum > 0 and attgenerated = ''"; }

import() { # the dataset is deleted first, and what is left of it swept away: autovacuum would do it beside the import
    curl -fsS -X DELETE "$base/bench" >/dev/null 2>&1 || true
    curl -fsS -H 'Content-Type: application/json' -d '{"id":"bench","name":"bench"}' "$base" >/dev/null
    sql -c 'vacuum item, annotation' -c checkpoint
    curl -fsS -o /dev/null -w '%{time_total}\n' -H 'Content-Type: application/x-ndjson' -X POST -T "$scratch/items.ndjson" "$base/bench/import?format=dataloop"
}
copy() {
    sql -c 'drop table if exists plain_item, plain_annotation' -c 'create table plain_item (like item including generated)' \
        -c 'create table plain_annotation (like annotation including generated)' -c 'alter table plain_item add primary key (key)' \
        -c 'alter table plain_annotation add primary key (item_key, ordinal)' -c checkpoint 2>/dev/null
    local from=$EPOCHREALTIME
    sql -c begin -c "copy plain_item ($item_columns) from '$scratch/item.copy' (format binary)" \
        -c "copy plain_annotation ($annotation_columns) from '$scratch/annotation.copy' (format binary)" -c commit
    echo "$EPOCHREALTIME $from" | awk '{ print $1 - $2 }'
}
median() { sort -g "$scratch/$1" | sed -n "$(((runs + 1) / 2))p"; }
line() { awk -v what="$1" -v s="$2" -v n="$((items * each))" -v to="$3" 'BEGIN { printf "%-28s %7.2f s %8.0f annotations/s   %5.2f x COPY\n", what, s, n / s, s / to }'; }

first=$(import)
item_columns=$(columns item) annotation_columns=$(columns annotation)
sql -c "copy (select $item_columns from item order by key) to '$scratch/item.copy' (format binary)" \
    -c "copy (select $annotation_columns from annotation order by item_key, ordinal) to '$scratch/annotation.copy' (format binary)"
for _ in $(seq "$runs"); do
    copy >>"$scratch/copies"
    import >>"$scratch/imports"
done
plain=$(median copies)
line "import, the first" "$first" "$plain"
line "import, all indexes" "$(median imports)" "$plain"
line "COPY, primary keys only" "$plain" "$plain"
echo "peak memory of the service: $(awk '/VmHWM/ { print $2 / 1024 " MB" }' /proc/$service/status) at -Xmx$heap"
