#!/bin/sh
# Delete a dataset with all of its items.
curl -fsS -X DELETE "${BASE:-http://localhost:8080}/api/v1/datasets/mine"
