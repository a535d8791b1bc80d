#!/bin/sh
# A new project, and you own it.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"id": "photos", "name": "Photos"}' \
    "${BASE:-http://localhost:8080}/api/v1/projects"
