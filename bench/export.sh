#!/bin/bash
# Imports a made-up dataset into the packaged service with its embedded PostgreSQL and times exports of it, at a fixed heap.
# usage: bench/export.sh [ITEMS [ANNOTATIONS_PER_ITEM]]      needs target/dataset-export.jar, a JDK 25 as JAVA_HOME or java, curl, awk
# Prints ratios to compare with an earlier run; the seconds are this machine's alone. With psql on the PATH, COPY of the same rows
# in the same order is the yardstick.
set -euo pipefail
cd "$(dirname "$0")/.."
items=${1:-20000} each=${2:-10} runs=${RUNS:-3} heap=${HEAP:-256m}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
scratch=$(mktemp -d)
port=${PORT:-18080} base=http://localhost:$port/api/v1/datasets
"$java" -Xmx"$heap" -jar target/dataset-export.jar --server.port="$port" --dataset-export.data-dir="$scratch/data" \
    --dataset-export.demo=false >"$scratch/log" 2>&1 &
service=$!
trap 'kill $service; wait $service || true; rm -rf "$scratch"' EXIT
until curl -fs "http://localhost:$port/actuator/health" >/dev/null; do kill -0 $service || exit 1; sleep 0.5; done

dataset() { # NAME ITEMS: NDJSON of images whose annotations are half boxes, half polygons of 24 points
    awk -v items="$2" -v each="$each" -f bench/items.awk >"$scratch/$1.ndjson"
    curl -fsS -H 'Content-Type: application/json' -d "{\"id\":\"$1\",\"name\":\"$1\"}" "$base" >/dev/null
    curl -fsS -o /dev/null -w '%{time_total}' -H 'Content-Type: application/x-ndjson' -X POST -T "$scratch/$1.ndjson" "$base/$1/import?format=dataloop"
}
median() { sort -g | sed -n "$(((runs + 1) / 2))p"; }
export_time() { for _ in $(seq "$runs"); do curl -fsS -o /dev/null -w '%{time_total}\n' "$base/$1/export?include=$2"; done | median; }
line() { awk -v what="$1" -v s="$2" -v n="$3" -v to="$4" 'BEGIN { printf "%-34s %8.2f s %9.0f annotations/s   %5.2f x JSON\n", what, s, n / s, s / to }'; }

small=$((items / 10))
imported=$(dataset large "$items")
dataset small "$small" >/dev/null
export_time small json >/dev/null # warms up
json=$(export_time large json)
line "import" "$imported" $((items * each)) "$json"
for include in json coco yolo voc json,coco,yolo,voc; do line "export $include" "$(export_time large $include)" $((items * each)) "$json"; done
line "export json, a tenth of the items" "$(export_time small json)" $((small * each)) "$json"
if command -v psql >/dev/null; then
    url=$(grep -oE 'jdbc:postgresql://[^ ]+' "$scratch/log" | head -1)
    copy() { for _ in $(seq "$runs"); do /usr/bin/time -f %e psql -q "${url#jdbc:}" -U postgres -c "copy (select a.* from dataset d join item i on i.dataset_key = d.key
        join annotation a on a.item_key = i.key where d.id = 'large' order by i.filename, i.id, a.ordinal) to stdout" 2>&1 >/dev/null; done | median; }
    line "COPY of the same rows, in order" "$(copy)" $((items * each)) "$json"
fi
echo "peak memory of the service: $(awk '/VmHWM/ { print $2 / 1024 " MB" }' /proc/$service/status) at -Xmx$heap"
