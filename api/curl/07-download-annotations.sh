#!/bin/sh
# One item with its annotations, as a file.
curl -fsS -OJ "${BASE:-http://localhost:8080}/api/v1/datasets/demo/items/65d0a7a5e7de000000001400/annotations"
