#!/bin/sh
# The headers of an export, without reading a row.
curl -fsS -I "${BASE:-http://localhost:8080}/api/v1/datasets/demo/export"
