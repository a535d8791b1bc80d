#!/bin/sh
# One item.
curl -fsS "${BASE:-http://localhost:8080}/api/v1/datasets/demo/items/65d0a7a5e7de000000001400"
