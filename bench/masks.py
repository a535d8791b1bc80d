#!/usr/bin/env python3
"""Images with semantic masks, and the yardstick for drawing them: a loop on one thread with OpenCV.
usage: masks.py items N          NDJSON of N images of 1920 x 1080 with three masks and four polygons of four labels, to standard output
       masks.py loop FILE [-p]   decodes, draws and encodes the PNGs of all items (-p: polygons too) and prints seconds, PNGs and bytes"""
import base64
import json
import math
import random
import sys
import time

import cv2
import numpy as np

WIDTH, HEIGHT = 1920, 1080
LABELS = {"label%d" % n: (40 * n + 30, 200 - 30 * n, 90) for n in range(4)}


def blob(dice):
    """A round shape with a wavy edge, sometimes with a hole."""
    x, y, size = dice.uniform(300, 1600), dice.uniform(200, 900), dice.uniform(60, 400)
    waves, turn = dice.randint(3, 9), dice.uniform(0, 6)
    edge = [(t, size * (1 + .2 * math.sin(waves * t + turn))) for t in (math.tau * i / 60 for i in range(60))]
    return [(x + r * math.cos(t), y + r * math.sin(t)) for t, r in edge], dice.random() < .3


def items(count):
    shapes = []
    dice = random.Random(1)
    for _ in range(64):
        points, hole = blob(dice)
        pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        cv2.fillPoly(pixels, [np.array(points, np.int32)], (60, 60, 250, 255))
        if hole:
            cv2.circle(pixels, tuple(int(v) for v in np.mean(points, axis=0)), 25, (0, 0, 0, 0), -1)
        shapes.append("data:image/png;base64," + base64.b64encode(cv2.imencode(".png", pixels)[1].tobytes()).decode())
    for n in range(count):
        dice = random.Random(n)
        annotations = [("binary", dice.choice(shapes)) for _ in range(3)]
        annotations += [("segment", [[{"x": round(x, 2), "y": round(y, 2)} for x, y in blob(dice)[0]]]) for _ in range(4)]
        print(json.dumps({
            "id": "%024x" % n, "filename": "/train/%08d.jpg" % n,
            "metadata": {"system": {"width": WIDTH, "height": HEIGHT, "mimetype": "image/jpeg"}},
            "annotations": [{"id": "%024x" % (n * 10 + i), "type": kind, "label": "label%d" % dice.randrange(4), "coordinates": where}
                            for i, (kind, where) in enumerate(annotations)]}))


def loop(file, polygons):
    cv2.setNumThreads(1)
    rows = [json.loads(line) for line in open(file)]
    pictures = size = 0
    start = time.perf_counter()
    for row in rows:
        combined = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        by_label = {}
        for kind in ("binary", "segment") if polygons else ("binary",):
            for annotation in sorted((a for a in row["annotations"] if a["type"] == kind), key=lambda a: a["label"]):
                color = LABELS[annotation["label"]] + (255,)
                single = by_label.setdefault(annotation["label"], np.zeros((HEIGHT, WIDTH, 4), np.uint8))
                if kind == "binary":
                    png = base64.b64decode(annotation["coordinates"].split(",")[1])
                    mask = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)[:, :, 3] > 127
                    combined[mask] = color
                    single[mask] = color
                else:
                    ring = [np.array([[p["x"], p["y"]] for p in annotation["coordinates"][0]]).round().astype(np.int32)]
                    cv2.fillPoly(combined, ring, color)
                    cv2.fillPoly(single, ring, color)
        for picture in [combined, *by_label.values()] if by_label else []:
            size += len(cv2.imencode(".png", picture)[1])
            pictures += 1
    print("%.2f %d %d" % (time.perf_counter() - start, pictures, size))


if __name__ == "__main__":
    if sys.argv[1] == "items":
        items(int(sys.argv[2]))
    else:
        loop(sys.argv[2], "-p" in sys.argv)
