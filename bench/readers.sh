#!/bin/bash
# Reads an archive with each reader of ZIP files that is here, and compares the files below items/ with those of a folder.
# usage: bench/readers.sh ARCHIVE FOLDER
# needs one or more of unzip, 7z, python3, jar, and node with the package yauzl where NODE_PATH points to.
set -euo pipefail
archive=$(realpath "$1") folder=$(realpath "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
jar=${JAVA_HOME:+$JAVA_HOME/bin/}jar

with() {
    local reader=$1
    shift
    if ! command -v "$1" >/dev/null || { [ "$1" = node ] && ! node -e 'require("yauzl")' 2>/dev/null; }; then
        echo "$reader: not here"
        return
    fi
    mkdir "$scratch/out"
    (cd "$scratch/out" && "$@")
    diff -rq "$folder" "$scratch/out/items"
    rm -rf "$scratch/out"
    echo "$reader: the same $(find "$folder" -type f | wc -l) files"
}

with unzip unzip -qq "$archive"
with 7z 7z x -bso0 -bsp0 "$archive"
with Python python3 -m zipfile -e "$archive" .
with Java "$jar" -xf "$archive"
with node node -e '
    const fs = require("fs"), path = require("path"), { pipeline } = require("stream");
    require("yauzl").open(process.argv[1], { lazyEntries: true }, (failed, zip) => {
        if (failed) throw failed;
        zip.on("entry", entry => zip.openReadStream(entry, (failed, content) => {
            if (failed) throw failed;
            fs.mkdirSync(path.dirname(entry.fileName), { recursive: true });
            pipeline(content, fs.createWriteStream(entry.fileName), failed => {
                if (failed) throw failed;
                zip.readEntry();
            });
        }));
        zip.readEntry();
    });' "$archive"
