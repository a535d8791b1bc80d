#!/bin/sh
# A COCO file into the same dataset.
curl -fsS -H 'Content-Type: application/json' \
    -d '{"images": [{"id": 1, "file_name": "third.jpg", "width": 640, "height": 480}], "categories": [{"id": 1, "name": "dog"}], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 20, 100, 200], "area": 20000, "iscrowd": 0}]}' \
    "${BASE:-http://localhost:8080}/api/v1/datasets/mine/import?format=coco&labels=add"
