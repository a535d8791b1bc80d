#!/bin/sh
# Delete one item.
curl -fsS -X DELETE "${BASE:-http://localhost:8080}/api/v1/datasets/mine/items/first"
