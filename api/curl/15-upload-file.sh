#!/bin/sh
# The file of an item: here the text between the lines.
curl -fsS -X PUT -H 'Content-Type: text/plain' --data-binary @- \
    "${BASE:-http://localhost:8080}/api/v1/datasets/mine/items/first/content" <<'END'
not really a picture
END
