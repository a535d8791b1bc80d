#!/bin/bash
# Uploads made-up files into the packaged service and times the archive of all of them over HTTP, beside nginx sending one file of the same
# total size and beside zip.    usage: bench/files.sh [FILES [BYTES_EACH]]
# needs target/dataset-export.jar, a JDK 25 as JAVA_HOME or java, curl, awk, zip, and nginx on the PATH or named by NGINX_PROGRAM.
# Prints ratios: the seconds are this machine's alone. Runs alternate, so that all have the same neighbours; the median counts.
set -euo pipefail
cd "$(dirname "$0")/.."
files=${1:-5000} each=${2:-200000} runs=${RUNS:-5} heap=${HEAP:-1g}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
nginx=${NGINX_PROGRAM:-$(command -v nginx || echo /usr/sbin/nginx)}
scratch=$(mktemp -d)
port=${PORT:-18080} other=$((${PORT:-18080} + 1)) base=http://localhost:${PORT:-18080}/api/v1/datasets
started=()
trap 'kill "${started[@]}" && wait "${started[@]}" || true; rm -rf "$scratch"' EXIT

mkdir "$scratch/in" "$scratch/www"
head -c $((files * each)) /dev/urandom >"$scratch/www/all"
split -a 6 -d -b "$each" --additional-suffix=.bin "$scratch/www/all" "$scratch/in/"

"$java" -Xmx"$heap" -jar target/dataset-export.jar --server.port="$port" --dataset-export.data-dir="$scratch/data" \
    --dataset-export.demo=false >"$scratch/log" 2>&1 &
started+=($!)
cat >"$scratch/nginx.conf" <<END
daemon off; pid $scratch/nginx.pid; error_log $scratch/nginx.log; worker_processes 1; user $(id -un) $(id -gn);
events {}
http {
  access_log off; sendfile on;
  client_body_temp_path $scratch; proxy_temp_path $scratch; fastcgi_temp_path $scratch; uwsgi_temp_path $scratch; scgi_temp_path $scratch;
  server { listen 127.0.0.1:$other; root $scratch/www; }
}
END
"$nginx" -p "$scratch" -e "$scratch/nginx.log" -c "$scratch/nginx.conf" &
started+=($!)
until curl -fs "http://localhost:$port/actuator/health" >/dev/null; do kill -0 "${started[0]}" || exit 1; sleep 0.5; done

curl -fsS -H 'Content-Type: application/json' -d '{"id":"files","name":"files"}' "$base" >/dev/null
awk -v n="$files" 'BEGIN { for (i = 0; i < n; i++) printf "{\"id\":\"%06d\",\"filename\":\"/in/%06d.bin\",\"annotations\":[]}\n", i, i }' |
    curl -fsS -H 'Content-Type: application/x-ndjson' -X POST -T - "$base/files/import?format=dataloop" >/dev/null
for file in "$scratch"/in/*; do
    echo "url = $base/files/items/$(basename "$file" .bin)/content"
    echo "upload-file = $file"
done >"$scratch/uploads"
echo "upload, one after the other: $(curl -fsS -K "$scratch/uploads" -w '%{stderr}%{time_total}\n' 2>&1 >/dev/null | awk -v n="$files" -v each="$each" '{ s += $1 } END { printf "%.0f files/s, %.0f MB/s", n / s, n * each / s / 1e6 }')"

fetch() { curl -fsS -o /dev/null -w '%{time_total}\n' "$1"; }
zipped() { local from=$EPOCHREALTIME; (cd "$scratch" && zip -q -0 -r - in) | cat >/dev/null; echo "$EPOCHREALTIME $from" | awk '{ print $1 - $2 }'; }
median() { sort -g "$scratch/$1" | sed -n "$(((runs + 1) / 2))p"; }

curl -fsS -o "$scratch/a.zip" "$base/files/export?include=items"
bench/readers.sh "$scratch/a.zip" "$scratch/in"
rm "$scratch/a.zip"
echo "the first archive after that one: $(fetch "$base/files/export?include=items") s; ten more let the JVM compile what it runs"
for _ in $(seq 10); do fetch "$base/files/export?include=items" >/dev/null; done
for _ in $(seq "$runs"); do
    fetch "$base/files/export?include=items" >>"$scratch/ours"
    fetch "http://127.0.0.1:$other/all" >>"$scratch/theirs"
    zipped >>"$scratch/zip"
done
ours=$(median ours)
line() { awk -v what="$1" -v s="$2" -v bytes="$((files * each))" -v to="$ours" 'BEGIN { printf "%-26s %7.2f s %7.0f MB/s   the archive has %.2f of its rate\n", what, s, bytes / s / 1e6, s / to }'; }
line "archive of $files files" "$ours"
line "nginx, one file" "$(median theirs)"
line "zip -0 -r - | cat" "$(median zip)"
echo "peak memory of the service: $(awk '/VmHWM/ { print $2 / 1024 " MB" }' "/proc/${started[0]}/status") at -Xmx$heap"
