#!/bin/sh
# The datasets that you can see.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/datasets"
