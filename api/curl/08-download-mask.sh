#!/bin/sh
# One label's mask of one item, as a PNG.
curl -fsS -OJ "${BASE:-http://localhost:8080}/api/v1/datasets/demo/items/65d0a7a5e7de000000001400/mask?label=sky"
