#!/bin/sh
# Annotations that a query finds.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"filter": {"type": "box"}, "pageSize": 50, "countTotal": false}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/annotations/query"
