#!/bin/sh
# The label tree: what is missing is retired, a number renames.
curl -fsS -X PUT -H 'Content-Type: application/json' \
    -d '{"labels": [{"tag": "animal", "children": [{"tag": "cat"}, {"tag": "dog"}]}]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/mine/labels"
