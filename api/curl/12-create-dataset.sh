#!/bin/sh
# A new dataset with its labels.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"id": "mine", "name": "Mine", "labels": [{"tag": "animal", "children": [{"tag": "cat", "color": "#ff0000"}]}]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets"
