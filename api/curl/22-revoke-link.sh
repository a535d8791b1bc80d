#!/bin/sh
# A link that nobody shall follow any more.
link=$(curl -fsS -H 'Content-Type: application/json' -d '{"include": ["json"]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/export/links" | sed 's/.*"url":"\([^"]*\)".*/\1/')
curl -fsS -X DELETE "${BASE:-http://localhost:8080}$link"
