#!/bin/bash
# Times the export of PNG masks against a loop with OpenCV on one thread over the same items: decode, draw, encode.
# usage: bench/masks.sh [ITEMS]      needs target/dataset-export.jar, a JDK 25 as JAVA_HOME or java, curl, a PYTHON with cv2 and numpy
# Prints the ratio; the seconds are this machine's alone. The service's include reading, the ZIP and the download.
set -euo pipefail
cd "$(dirname "$0")/.."
items=${1:-500} runs=${RUNS:-3} heap=${HEAP:-256m} python=${PYTHON:-python3}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
scratch=$(mktemp -d)
port=${PORT:-18080} base=http://localhost:$port/api/v1/datasets
"$java" -Xmx"$heap" -jar target/dataset-export.jar --server.port="$port" --dataset-export.data-dir="$scratch/data" \
    --dataset-export.demo=false >"$scratch/log" 2>&1 &
service=$!
trap 'kill $service; wait $service || true; rm -rf "$scratch"' EXIT
"$python" bench/masks.py items "$items" >"$scratch/items.ndjson"
until curl -fs "http://localhost:$port/actuator/health" >/dev/null; do kill -0 $service || exit 1; sleep 0.5; done
curl -fsS -H 'Content-Type: application/json' -d '{"id":"masks","name":"masks"}' "$base" >/dev/null
curl -fsS -o /dev/null -H 'Content-Type: application/x-ndjson' -X POST -T "$scratch/items.ndjson" "$base/masks/import?format=dataloop"

median() { sort -g | sed -n "$(((runs + 1) / 2))p"; }
export_time() { for _ in $(seq "$runs"); do curl -fsS -o "$scratch/masks.zip" -w '%{time_total}\n' "$base/masks/export?include=masks$1"; done | median; }
compare() { # NAME PARAMETERS FLAG
    export_time "$2" >/dev/null # warms up
    ours=$(export_time "$2")
    read -r theirs pictures bytes < <(for _ in $(seq "$runs"); do "$python" bench/masks.py loop "$scratch/items.ndjson" $3; done | median)
    awk -v what="$1" -v ours="$ours" -v theirs="$theirs" -v n="$pictures" 'BEGIN {
        printf "%-20s %7.2f s (%5.0f PNG/s)   OpenCV %7.2f s (%5.0f PNG/s)   %5.2f times as fast\n", what, ours, n / ours, theirs, n / theirs, theirs / ours }'
    echo "    bytes of all PNGs: OpenCV $bytes, archive $(stat -c %s "$scratch/masks.zip")"
}
compare masks "" ""
compare "masks and polygons" "&masks.polygons=true" -p
