#!/usr/bin/env python3
"""One training step of resnet18 (8 pictures of 224 pixels) in Docent and in PyTorch, in turn, on the same machine.

    cargo bench --bench steps --no-run
    python benches/peers/steps.py target/release/deps/steps-*   (the executable)

Needs torch and timm; `benches/peers/run steps` installs them, then does both. PyTorch runs in both memory layouts; the better one counts.
"""

import statistics
import subprocess
import sys
import time

import timm
import torch

ROUNDS = 4
STEPS = 4


def pytorch(layout):
    model = timm.create_model("resnet18", num_classes=16).eval().to(memory_format=layout)
    images = torch.randn(8, 3, 224, 224).to(memory_format=layout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6)

    def step():
        optimizer.zero_grad()
        model(images).square().mean().backward()
        optimizer.step()

    return step


def seconds_of(step):
    step()
    times = []
    for _ in range(STEPS):
        started = time.perf_counter()
        step()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def docent(program):
    lines = subprocess.run([program, str(STEPS)], capture_output=True, text=True, check=True).stdout.splitlines()
    return [float(line.split()[2]) for line in lines]


def main():
    program = sys.argv[1]
    steps = {"contiguous": pytorch(torch.contiguous_format), "channels last": pytorch(torch.channels_last)}
    ratios = []
    for _ in range(ROUNDS):
        ours, depthwise = docent(program)
        theirs = {name: seconds_of(step) for name, step in steps.items()}
        best = min(theirs.values())
        ratios.append(ours / best)
        print(f"docent {ours:.3f} s, PyTorch {theirs}, ratio {ratios[-1]:.2f}, depthwise layer {depthwise} ms")
    print(f"ratio, median of {ROUNDS}: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
