#!/bin/sh
# The projects that you can see.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/projects"
