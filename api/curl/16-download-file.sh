#!/bin/sh
# The first bytes of an item's file.
curl -fsS -OJ -H 'Range: bytes=0-9' "${BASE:-http://localhost:8080}/api/v1/datasets/mine/items/first/content"
