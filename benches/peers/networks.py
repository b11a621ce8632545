#!/usr/bin/env python3
"""Pictures a second in Docent, ONNX Runtime and PyTorch: the same weights, the same pictures, in turn, two threads each.

    cargo bench --bench peer_networks --no-run
    python benches/peers/networks.py target/release/deps/peer_networks-*      (the executable) [network ...]

Needs torch, timm, onnx, onnxruntime and safetensors; `benches/peers/run networks` installs them, then does both. What they answer is
compared as well. With PRECISION=bf16 in the environment Docent multiplies in bf16 and PyTorch casts by itself; ONNX Runtime
stays with f32.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime
import safetensors.torch
import timm
import torch

NETWORKS = [
    ("resnet50", 224),
    ("mobilenetv2_100", 224),
    ("legacy_xception", 256),
    ("inception_resnet_v2", 256),
    ("vgg19", 256),
]
BATCHES = [1, 8]
ROUNDS = int(os.environ.get("ROUNDS", 3))
SECONDS = float(os.environ.get("SECONDS", 2.0))
PRECISION = os.environ.get("PRECISION", "f32")
THREADS = 2
MEAN, STD = (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)


def median_speed(n, run):
    run()
    times, started = [], time.time()
    while time.time() - started < SECONDS or len(times) < 3:
        at = time.time()
        run()
        times.append(time.time() - at)
    return n / statistics.median(times)


class Pooled(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model.forward_head(self.model.forward_features(x), pre_logits=True).flatten(1)


def save(model, name, side, folder):
    folder.mkdir()
    tensors = {key: value.contiguous() for key, value in model.state_dict().items()}
    safetensors.torch.save_file(tensors, folder / "model.safetensors")
    config = {
        "architecture": name,
        "num_classes": 16,
        "pretrained_cfg": {
            "input_size": [3, side, side], "mean": MEAN, "std": STD, "interpolation": "bicubic", "crop_pct": 1.0,
            "num_classes": 16,
        },
    }
    (folder / "config.json").write_text(json.dumps(config))


def main():
    executable, *wanted = sys.argv[1:]
    torch.set_num_threads(THREADS)
    print(f"{'network':<20} batch  Docent  ONNX Runtime  PyTorch  Docent / ONNX Runtime, each round  largest difference")
    for name, side in NETWORKS:
        if wanted and name not in wanted:
            continue
        torch.manual_seed(1)
        model = timm.create_model(name, num_classes=16).eval()
        generator = torch.Generator().manual_seed(2)
        # As if it had been trained: norms that are not all zeros and ones, so that every branch counts.
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.weight.data.copy_(0.6 + 0.4 * torch.rand(module.weight.shape, generator=generator))
        for key, buffer in model.named_buffers():
            if key.endswith("running_mean"):
                buffer.copy_(0.05 * torch.randn(buffer.shape, generator=generator))
            if key.endswith("running_var"):
                buffer.copy_(0.8 + 0.4 * torch.rand(buffer.shape, generator=generator))
        with tempfile.TemporaryDirectory() as scratch, torch.no_grad():
            scratch = pathlib.Path(scratch)
            save(model, name, side, scratch / "checkpoint")
            pooled = Pooled(model).eval()
            for n in BATCHES:
                compare(executable, name, side, n, pooled, scratch)


def compare(executable, name, side, n, pooled, scratch):
    random = np.random.default_rng(3)
    bytes_ = random.integers(0, 256, (n, side, side, 3), dtype=np.uint8)
    (scratch / "pictures.rgb").write_bytes(bytes_.tobytes())
    images = torch.from_numpy(bytes_).permute(0, 3, 1, 2).float().div(255)
    images = ((images - 0.5) / 0.5).contiguous()
    file = scratch / f"{n}.onnx"
    torch.onnx.export(pooled, images, str(file), input_names=["x"], dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    last = images.to(memory_format=torch.channels_last)

    def cast(x):
        with torch.autocast("cpu", torch.bfloat16, enabled=PRECISION == "bf16"):
            return pooled(x)

    ways = {
        "docent": lambda: float(
            subprocess.run(
                [executable, scratch / "checkpoint", scratch / "pictures.rgb", str(n), str(SECONDS), PRECISION],
                check=True, capture_output=True, text=True,
            ).stdout.split()[-1]
        ),
        "onnx": lambda: median_speed(n, lambda: session.run(None, {"x": images.numpy()})),
        "torch": lambda: max(median_speed(n, lambda: cast(images)), median_speed(n, lambda: cast(last))),
    }
    rounds = [{way: measure() for way, measure in ways.items()} for _ in range(ROUNDS)]
    best = {way: statistics.median(entry[way] for entry in rounds) for way in ways}
    ratios = " ".join(f"{entry['docent'] / entry['onnx']:.2f}" for entry in rounds)
    found = np.fromfile(scratch / "pictures.embeddings", dtype=np.float32).reshape(n, -1)
    expected = session.run(None, {"x": images.numpy()})[0].reshape(n, -1)
    difference = np.abs(found - expected).max() / max(1e-9, np.abs(expected).max())
    print(
        f"{name:<20} {n:>5} {best['docent']:>7.1f} {best['onnx']:>13.1f} {best['torch']:>8.1f}  "
        f"{best['docent'] / best['onnx']:.2f} ({ratios})  {difference:.1e}",
        flush=True,
    )


main()
