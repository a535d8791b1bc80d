#!/bin/sh
# A link to an export, for a browser.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"include": ["json"]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/export/links"
