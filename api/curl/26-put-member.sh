#!/bin/sh
# Somebody as an engineer in a project.
curl -fsS -X PUT -H 'Content-Type: application/json' \
    -d '{"role": "engineer"}' \
    "${BASE:-http://localhost:8080}/api/v1/projects/default/members/ada%40example.com"
