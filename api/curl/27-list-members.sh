#!/bin/sh
# Who is in a project as what.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/projects/default/members"
