#!/bin/sh
# What a query finds, in four formats over one snapshot.
curl -fsS -OJ -H 'Content-Type: application/json' \
    -d '{"scope": {"type": "query", "query": {"filter": {"dir": "/park*"}}}, "include": ["json", "coco", "yolo", "voc"], "filename": "park", "options": {"coco": {"polygons": "rle"}}}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/export"
