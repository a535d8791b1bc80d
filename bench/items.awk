# NDJSON of images whose annotations are half boxes, half polygons of 24 points: awk -v items=N -v each=N -f bench/items.awk
BEGIN {
    srand(1)
    for (i = 0; i < items; i++) {
        printf "{\"id\":\"%024x\",\"filename\":\"/train/%08d.jpg\",\"metadata\":{\"system\":{\"width\":1920,\"height\":1080,\"mimetype\":\"image/jpeg\"}},\"annotations\":[", i, i
        for (a = 0; a < each; a++) {
            printf "%s{\"id\":\"%024x\",\"type\":\"%s\",\"label\":\"label%d\",\"attributes\":[],\"coordinates\":[", a ? "," : "", i * 1000 + a, a % 2 ? "segment" : "box", (i + a) % 20
            if (a % 2) { printf "["; for (p = 0; p < 24; p++) printf "%s{\"x\":%.3f,\"y\":%.3f}", p ? "," : "", 900 + 300 * cos(p / 3.82) + rand() * 20, 500 + 300 * sin(p / 3.82) + rand() * 20; printf "]" }
            else printf "{\"x\":%.4f,\"y\":%.4f,\"z\":0},{\"x\":%.4f,\"y\":%.4f,\"z\":0}", rand() * 900, rand() * 500, 900 + rand() * 900, 500 + rand() * 500
            printf "],\"metadata\":{\"system\":{\"automated\":false,\"objectId\":null},\"user\":{}},\"creator\":\"a@example.com\",\"createdAt\":\"2022-05-01T10:00:00.000Z\",\"updatedBy\":\"a@example.com\",\"updatedAt\":\"2022-05-01T10:00:00.000Z\",\"source\":\"ui\"}"
        }
        print "]}"
    }
}
