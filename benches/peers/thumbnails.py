#!/usr/bin/env python3
"""Thumbnails of 12-megapixel JPEGs in Docent and in Pillow's draft mode, in turn, one thread each, on the same machine.

    cargo bench --bench thumbnails --no-run
    python benches/peers/thumbnails.py target/release/deps/thumbnails-* [PHOTOGRAPHS]   (the executable)

Needs Pillow; `benches/peers/run thumbnails` installs it, then does both. Pictures of 4000 x 3000 pixels are made in a temporary
folder: of PHOTOGRAPHS where a folder is given, else drawn. Both read the file, decode it at a fraction of its size, bring it to 384 pixels and encode it as JPEG.
"""

import io
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

from PIL import Image

N, ROUNDS, SIDE = 24, 5, 384


def drawn(seed):
    noise = random.Random(seed)
    small = Image.new("RGB", (40, 30))
    small.putdata([tuple(noise.randrange(256) for _ in range(3)) for _ in range(1200)])
    grain = Image.effect_noise((4000, 3000), 40).convert("RGB")
    return Image.blend(small.resize((4000, 3000), Image.BICUBIC), grain, 0.15)


def make(folder, photographs):
    for number in range(N):
        if photographs:
            picture = Image.open(photographs[number % len(photographs)]).convert("RGB")
            picture = picture.resize((4000, 3000), Image.LANCZOS)
        else:
            picture = drawn(number)
        picture.save(folder / f"{number}.jpg", quality=90)


def pillow(paths):
    started = time.perf_counter()
    for path in paths:
        picture = Image.open(path)
        picture.draft("RGB", (SIDE, SIDE))
        picture.thumbnail((SIDE, SIDE), Image.LANCZOS)
        picture.save(io.BytesIO(), "JPEG", quality=85)
    return len(paths) / (time.perf_counter() - started)


def docent(program, folder):
    line = subprocess.run([program, str(folder)], capture_output=True, text=True, check=True).stdout
    return float(line.split()[1])


def main():
    program = sys.argv[1]
    photographs = sorted(pathlib.Path(sys.argv[2]).glob("*.jpg")) if len(sys.argv) > 2 else []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        make(folder, photographs)
        paths = sorted(folder.glob("*.jpg"))
        pillow(paths)
        ratios = []
        for _ in range(ROUNDS):
            ours, theirs = docent(program, folder), pillow(paths)
            ratios.append(ours / theirs)
            print(f"docent {ours:.1f}/s, Pillow {theirs:.1f}/s, ratio {ratios[-1]:.2f}")
        print(f"ratio, median of {ROUNDS}: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
