#!/bin/sh
# Somebody who leaves a project.
curl -fsS -X DELETE "${BASE:-http://localhost:8080}/api/v1/projects/default/members/ada%40example.com"
