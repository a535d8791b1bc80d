#!/bin/sh
# Whose an assignment of the platform is.
curl -fsS -X PUT -H 'Content-Type: application/json' \
    -d '{"subject": "ada@example.com"}' \
    "${BASE:-http://localhost:8080}/api/v1/projects/default/assignments/65d0a7a5e7de00000000a551"
