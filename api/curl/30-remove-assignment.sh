#!/bin/sh
# An assignment that is nobody's any more.
curl -fsS -X DELETE "${BASE:-http://localhost:8080}/api/v1/projects/default/assignments/65d0a7a5e7de00000000a551"
