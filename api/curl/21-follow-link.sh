#!/bin/sh
# What a link leads to.
link=$(curl -fsS -H 'Content-Type: application/json' -d '{"include": ["json"]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/export/links" | sed 's/.*"url":"\([^"]*\)".*/\1/')
curl -fsS -OJ "${BASE:-http://localhost:8080}$link"
