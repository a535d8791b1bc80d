#!/bin/sh
# What an export would hold and drop.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"include": ["coco", "yolo"]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/export/plan"
