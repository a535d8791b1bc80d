#!/bin/sh
# What was done in a project, newest first.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/projects/default/audit?limit=20"
