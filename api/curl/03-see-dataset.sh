#!/bin/sh
# One dataset: labels, counts, revision.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/datasets/demo"
