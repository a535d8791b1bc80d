#!/bin/sh
# A link to one item's mask.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"file": "mask", "label": "sky"}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/demo/items/65d0a7a5e7de000000001400/links"
