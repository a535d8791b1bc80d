#!/bin/sh
# Your tokens.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/tokens"
