#!/usr/bin/env python3
"""Checkpoints go both ways between timm and Docent.

For each network: timm makes a folder with random weights, Docent scores pictures with it; then Docent fine-tunes it,
and timm opens what Docent wrote and scores the same pictures. Both times the probabilities must agree.

    python tests/timm_roundtrip.py [--docent target/release/docent] [--images FOLDER] [NETWORK ...]

Needs torch, timm, safetensors and pillow; says so and ends with 0 where they are missing.
"""

import argparse
import csv
import json
import pathlib
import random
import subprocess
import sys
import tempfile

try:
    import numpy
    import timm
    import torch
    from PIL import Image
    from safetensors.torch import save_file
except ImportError as missing:
    print(f"skipped: {missing}; pip install torch timm safetensors pillow")
    sys.exit(0)

# Network and the side of its input; odd ones on purpose.
NETWORKS = {
    "resnet18": 96,
    "resnet50": 97,
    "resnetv2_50": 96,
    "legacy_xception": 111,
    "inception_resnet_v2": 128,
    "vgg19": 64,
    "mobilenetv2_100": 113,
}
N_LABELS = 5
TOLERANCE = 1e-3


def draw(folder, n):
    """Coloured waves in every shape: square, wide, tall, elongated, small."""
    numbers = numpy.random.default_rng(1)
    sizes = [(120, 120), (200, 90), (90, 170), (300, 100), (64, 256), (33, 47)]
    for i in range(n):
        width, height = sizes[i % len(sizes)]
        y, x = numpy.mgrid[0:height, 0:width]
        waves = [numpy.sin(x / numbers.uniform(3, 40) + y / numbers.uniform(3, 40)) for _ in range(3)]
        pixels = (127 + 100 * numpy.stack(waves, -1) + numbers.normal(0, 12, (height, width, 3))).clip(0, 255)
        Image.fromarray(pixels.astype("uint8")).save(folder / f"{i:03}.png")


def describe(folder, names):
    labels = [f"{j},tag::{j}" for j in range(N_LABELS)]
    (folder / "labels.csv").write_text("attribute_id,attribute_name\n" + "\n".join(labels) + "\n")
    choice = random.Random(3)
    rows = [f"{name},{' '.join(str(j) for j in range(N_LABELS) if choice.random() < 0.4)}" for name in names]
    (folder / "train.csv").write_text("id,attribute_ids\n" + "\n".join(rows) + "\n")


def randomised(name, cfg, preprocess, paths):
    """A network of timm's with random weights whose probabilities differ from picture to picture."""
    torch.manual_seed(5)
    model = timm.create_model(name, num_classes=N_LABELS)
    images = torch.stack([pixels_of(path, cfg, preprocess) for path in paths])
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        torch.nn.init.uniform_(norm.weight, 0.8, 1.2)
        torch.nn.init.uniform_(norm.bias, -0.1, 0.1)
        norm.momentum = None  # The mean over all batches, so that features are neither 0 nor enormous.
    with torch.no_grad():
        model.train(bool(norms))(images)
        model.eval()
        logits = model(images)
        head = model.get_classifier()
        scale = 1.5 / logits.std(0)
        head.weight.mul_(scale.reshape(-1, *[1] * (head.weight.dim() - 1)))
        head.bias.copy_((head.bias - logits.mean(0)) * scale)
    return model


def prepared(picture, side, preprocess):
    """As Docent prepares it: stretched, or elongated pictures in the middle of white."""
    width, height = picture.size
    if preprocess == "padded" and not 0.5 <= width / height <= 2:
        scale = side / max(width, height)
        inner = (side, max(1, int(height * scale))) if width > height else (max(1, int(width * scale)), side)
        canvas = Image.new("RGB", (side, side), "white")
        canvas.paste(picture.resize(inner, Image.BICUBIC), ((side - inner[0]) // 2, (side - inner[1]) // 2))
        return canvas
    return picture.resize((side, side), Image.BICUBIC)


def pixels_of(path, cfg, preprocess):
    mean, std = (torch.tensor(cfg[key]).reshape(3, 1, 1) for key in ("mean", "std"))
    picture = prepared(Image.open(path).convert("RGB"), cfg["input_size"][1], preprocess)
    return (torch.from_numpy(numpy.asarray(picture).copy()).permute(2, 0, 1) / 255 - mean) / std


def probabilities(model, cfg, preprocess, paths):
    answers = {}
    for path in paths:
        with torch.no_grad():
            answers[path.stem] = torch.sigmoid(model(pixels_of(path, cfg, preprocess)[None]))[0].tolist()
    return answers


def docent(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"docent {' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def scores(program, folder, model):
    path = folder.parent / "scores.csv"
    docent(program, "suggest", folder, "--model", model, "--scores", path)
    found = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["id"], {})[int(row["attribute_id"])] = float(row["probability"])
    return {name: [row[j] for j in range(N_LABELS)] for name, row in found.items()}


def largest_difference(found, expected):
    if found.keys() != expected.keys():
        sys.exit(f"{len(found)} pictures scored, {len(expected)} expected")
    return max(abs(a - b) for name in expected for a, b in zip(found[name], expected[name]))


def check(program, place, folder, paths, name, side):
    worst, spread = 0.0, 0.0
    for preprocess in ("padded", "stretched"):
        cfg = {"input_size": [3, side, side], "mean": [0.5, 0.45, 0.4], "std": [0.25, 0.3, 0.28]}
        model = randomised(name, cfg, preprocess, paths)
        checkpoint = place / f"{name}-{preprocess}"
        checkpoint.mkdir()
        save_file(model.state_dict(), checkpoint / "model.safetensors", metadata={"format": "pt"})
        config = {"architecture": name, "num_classes": N_LABELS, "pretrained_cfg": cfg}
        if preprocess != "padded":
            config["docent"] = {"attribute_ids": list(range(N_LABELS)), "preprocess": preprocess}
        (checkpoint / "config.json").write_text(json.dumps(config))
        expected = probabilities(model, cfg, preprocess, paths)
        spread = max(spread, max(max(row) - min(row) for row in zip(*expected.values())))
        worst = max(worst, largest_difference(scores(program, folder, checkpoint), expected))

    trained = place / f"{name}-trained"
    steps = ["--depth", "last", "--epochs", 1, "--seed", 1, "--valid", 0.3, "--out", trained]
    docent(program, "train", folder, "--model", place / f"{name}-padded", *steps)
    config = json.loads((trained / "config.json").read_text())
    args = {key: value for key, value in config.get("model_args", {}).items() if value is not None}
    back = timm.create_model(
        config["architecture"], num_classes=N_LABELS, checkpoint_path=str(trained / "model.safetensors"), **args
    ).eval()
    expected = probabilities(back, config["pretrained_cfg"], "padded", paths)
    back_again = largest_difference(scores(program, folder, trained), expected)
    print(f"{name:<20} from timm {worst:.1e}   back in timm {back_again:.1e}   spread {spread:.2f}", flush=True)
    return max(worst, back_again)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("networks", nargs="*", default=list(NETWORKS), metavar="NETWORK")
    arguments.add_argument("--docent", default="target/release/docent")
    arguments.add_argument("--images", type=pathlib.Path, help="use the first 24 pictures of this folder")
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        folder = place / "pictures"
        folder.mkdir()
        if arguments.images:
            for path in sorted(arguments.images.iterdir())[:24]:
                (folder / path.name).write_bytes(path.read_bytes())
        else:
            draw(folder, 24)
        paths = sorted(folder.iterdir())
        describe(folder, [path.stem for path in paths])
        worst = max(check(arguments.docent, place, folder, paths, name, NETWORKS[name]) for name in arguments.networks)
    print(f"largest difference {worst:.1e}, allowed {TOLERANCE:.0e}")
    sys.exit(worst > TOLERANCE)


if __name__ == "__main__":
    main()
