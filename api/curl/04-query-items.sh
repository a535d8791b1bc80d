#!/bin/sh
# What a query finds, page by page.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"filter": {"dir": "/park*"}, "sort": {"createdAt": "descending"}, "pageSize": 50}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/items/query"
