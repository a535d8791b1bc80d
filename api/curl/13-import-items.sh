#!/bin/sh
# Items and annotations, one item a line.
curl -fsS -H 'Content-Type: application/x-ndjson' --data-binary @- \
    "${BASE:-http://localhost:8080}/api/v1/datasets/mine/import?format=dataloop" <<'END'
{"id": "first", "filename": "/first.jpg", "metadata": {"system": {"width": 640, "height": 480}}, "annotations": [{"type": "box", "label": "animal.cat", "coordinates": [{"x": 10, "y": 20}, {"x": 110, "y": 220}]}]}
{"id": "second", "filename": "/second.jpg", "annotations": []}
END
