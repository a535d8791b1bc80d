#!/bin/bash
# Times the example queries, the start of their exports, and a plan, on made-up datasets whose rows lie interleaved.
# usage: bench/queries.sh [DATASETS [ITEMS_PER_DATASET]]   needs target/dataset-export.jar, a JDK 25 as JAVA_HOME or java, curl, psql
# By default 20 datasets of 50,000 items with ten annotations each: 6 GB, some minutes. Each figure is the median of RUNS, warm, in ms: the
# first page, the same with totals, and the first kilobyte of the export, all of one dataset. FILLED=1 times what is there
# already, in the database of SPRING_DATASOURCE_URL.
set -euo pipefail
cd "$(dirname "$0")/.."
datasets=${1:-20} items=${2:-50000} runs=${RUNS:-3}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
scratch=$(mktemp -d)
port=${PORT:-18081} base=http://localhost:$port/api/v1/datasets/q3
"$java" -Xmx256m -jar target/dataset-export.jar --server.port="$port" --dataset-export.data-dir="$scratch/data" \
    --dataset-export.demo=false >"$scratch/log" 2>&1 &
service=$!
trap 'kill $service; wait $service || true; rm -rf "$scratch"' EXIT
until curl -fs "http://localhost:$port/actuator/health" >/dev/null; do kill -0 $service || exit 1; sleep 0.5; done
if [ -z "${FILLED:-}" ]; then
    url=$(grep -oE 'jdbc:postgresql://[^ ]+' "$scratch/log" | head -1)
    psql -q -v ON_ERROR_STOP=1 -v datasets="$datasets" -v items="$items" "${url#jdbc:}" -U postgres -f bench/queries.sql
fi

cat_join='"join":{"on":{"resource":"annotations","local":"itemId","forigen":"id"},"filter":{"$and":[{"label":"cat"}]}}'
dog_join=${cat_join/cat/dog}
rare_join=${cat_join/cat/rare}
queries=(
    '1 "filter":{"$and":[{"hidden":false},{"type":"file"}]}'
    '2 "filter":{"$and":[{"dir":"/train"}]}'
    '3 "filter":{"$or":[{"dir":"/train"},{"dir":"/train/*"}]}'
    '4 "filter":{"$and":[{"filename":"*.jpg"}]}'
    '5 "filter":{"$and":[{"metadata.system.mimetype":"image/*"}]}'
    '6 "filter":{"$and":[{"annotated":true}]}'
    '7 "filter":{},'${cat_join/\{\"label\":\"cat\"\}/\{\"label\":\"cat\"\},\{\"type\":\"box\"\}}
    '7rare "filter":{},'$rare_join
    '8 "filter":{},'${cat_join/\"cat\"/\{\"\$in\":[\"cat\",\"dog\"]\}}
    '9 "filter":{},'$cat_join',"intersect":{"query":{"filter":{},'$dog_join'}}'
    '10 "filter":{},"except":{"query":{"filter":{},'$cat_join'}}'
    '11 "filter":{"$and":[{"createdAt":{"$gte":"2022-05-01T00:00:00.000Z"}},{"createdAt":{"$lt":"2022-06-01T00:00:00.000Z"}}]}'
    '12 "filter":{"$and":[{"metadata.system.size":{"$gt":5242880}}]}'
    '13 "filter":{"$and":[{"metadata.system.width":{"$gte":1920}}]}'
    '14 "filter":{"$or":[{"name":"*cam1-*"},{"name":"*cam2-*"}]}'
    '15 "filter":{"$and":[{"metadata.user.camera":"front"}]}'
    '15b "filter":{"$and":[{"metadata.user.camera":{"$exists":false}}]}'
    '16 "filter":{"$and":[{"creator":"user1@example.com"}]}'
    '17 "filter":{"$and":[{"metadata.system.refs.id":"task7"}]}'
    '17b "filter":{"$and":[{"metadata.system.refs":[]}]}'
    '18 "filter":{"$and":[{"metadata.system.refs":{"$match":{"id":"task7","metadata":{"status":"completed"}}}}]}'
    '19a "filter":{"$and":[{"metadata.system.status":"issue"}]}'
    '20a "filter":{"$and":[{"type":{"$in":["box","segment"]}}]},"join":{"on":{"resource":"items","local":"id","forigen":"itemId"},"filter":{"$and":[{"dir":"/val"}]}}'
    '21a "filter":{"$and":[{"metadata.user.model.confidence":{"$gt":0.8}}]}'
    '22 "filter":{"$and":[{"metadata.system.tags.train":true}]}'
    '23 "filter":{"$and":[{"metadata.system.collections.collections3":true}]}'
    '24 "filter":{"$and":[{"type":"file"}]},"sort":{"createdAt":"descending"},"page":1'
    '25 "filter":{},"pageSize":0'
)
post() { curl -sS -o /dev/null -w "%{http_code} %{$3}\n" -H 'Content-Type: application/json' -d "$2" "$base/$1"; }
median() { # PATH BODY TIME
    for _ in 0 $(seq "$runs"); do post "$@"; done | tail -n +2 | sort -k2 -g |
        awk '{ s[NR] = $1 == 200 ? sprintf("%.0f", $2 * 1000) : "HTTP " $1 } END { print s[int((NR + 1) / 2)] }'
}
first_entry() { # BODY: when the first kilobyte is there, the client leaves
    for _ in 0 $(seq "$runs"); do
        start=$(date +%s%N)
        curl -sN -H 'Content-Type: application/json' -d "$1" "$base/export" 2>/dev/null | head -c 1000 >/dev/null || true
        echo $((($(date +%s%N) - start) / 1000000))
    done | tail -n +2 | sort -g | sed -n "$(((runs + 1) / 2))p"
}
printf '%-6s %10s %12s %14s   ms\n' query page with-totals first-entry
for line in "${queries[@]}"; do
    number=${line%% *} query=${line#* } path=items/query
    [[ $number == *a ]] && path=annotations/query
    page=$(median $path "{\"countTotal\":false,$query}" time_total)
    totals=$(median $path "{$query}" time_total)
    if [[ $number == *a ]]; then
        export="{\"annotationsQuery\":{$query}}"
    else
        export="{\"scope\":{\"type\":\"query\",\"query\":{$query}}}"
    fi
    printf '%-6s %10s %12s %14s\n' "$number" "$page" "$totals" "$(first_entry "$export")"
done
printf 'plan   %10s\n' "$(median export/plan '{"include":["json","masks","coco","yolo","voc"]}' time_total)"
