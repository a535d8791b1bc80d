#!/bin/sh
# The limits in force.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/limits"
