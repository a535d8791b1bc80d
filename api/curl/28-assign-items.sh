#!/bin/sh
# Items that are somebody's to annotate.
curl -fsS -X PUT -H 'Content-Type: application/json' \
    -d '{"itemIds": ["65d0a7a5e7de000000001400"]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/assignees/ada%40example.com"
