#!/bin/sh
# A token that shall be good no more.
id=$(curl -fsS -H 'Content-Type: application/json' \
    -d '{"name": "nightly", "scopes": ["datasets:export"], "projectId": "default"}' \
    "${BASE:-http://localhost:8080}/api/v1/tokens" |
    sed 's/.*"id":"\([^"]*\)".*/\1/')
curl -fsS -X DELETE "${BASE:-http://localhost:8080}/api/v1/tokens/$id"
