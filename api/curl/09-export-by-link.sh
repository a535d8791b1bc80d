#!/bin/sh
# The whole dataset as a ZIP, by a link.
curl -fsS -OJ "${BASE:-http://localhost:8080}/api/v1/datasets/demo/export?include=json,coco"
