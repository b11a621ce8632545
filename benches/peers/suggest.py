#!/usr/bin/env python3
"""Photographs a second from the folder to the proposals: `docent suggest` and a PyTorch DataLoader with two workers, in turn.

    cargo build --release
    python benches/peers/suggest.py target/release/docent COLLECTION CHECKPOINT

COLLECTION is a folder with labels.csv, train.csv and pictures; a thousand of them are copied. CHECKPOINT is a folder of
mobilenetv2_100, for which a head is fitted first. Docent's time is that of the whole process, with its cache thrown away
before; PyTorch's begins when everything is imported and loaded. Needs torch, timm and Pillow;
`benches/peers/run suggest COLLECTION CHECKPOINT` installs them, then does both.
"""

import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import timm
import torch
from PIL import Image
from torchvision import transforms

N = 1000
ROUNDS = 3
BATCH = 16


class Photographs(torch.utils.data.Dataset):
    def __init__(self, files):
        self.files = files
        self.bring = transforms.Compose(
            [
                transforms.Resize((224, 224), interpolation=transforms.InterpolationMode.BICUBIC),
                transforms.ToTensor(),
                transforms.Normalize((0.5,) * 3, (0.5,) * 3),
            ]
        )

    def __len__(self):
        return len(self.files)

    def __getitem__(self, at):
        return self.bring(Image.open(self.files[at]).convert("RGB"))


def pytorch(files, model):
    loader = torch.utils.data.DataLoader(Photographs(files), batch_size=BATCH, num_workers=2)
    started = time.time()
    with torch.inference_mode():
        for images in loader:
            model(images.to(memory_format=torch.channels_last))
    return len(files) / (time.time() - started)


def docent(program, folder, checkpoint):
    for cache in (folder / ".docent").glob("cache.db*"):
        cache.unlink()
    started = time.time()
    command = [program, "suggest", folder, "--model", checkpoint, "--out", folder / "proposals.csv"]
    subprocess.run(command, check=True, capture_output=True)
    return N / (time.time() - started)


def main():
    program, collection, checkpoint = sys.argv[1:]
    torch.set_num_threads(2)
    model = timm.create_model("mobilenetv2_100", num_classes=16).eval().to(memory_format=torch.channels_last)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "collection"
        folder.mkdir()
        for table in ("labels.csv", "train.csv"):
            shutil.copy(pathlib.Path(collection) / table, folder / table)
        kinds = {".jpg", ".jpeg", ".png", ".webp"}
        pictures = sorted(path for path in pathlib.Path(collection).rglob("*") if path.suffix.lower() in kinds)[:N]
        files = [folder / path.name for path in pictures]
        for source, file in zip(pictures, files):
            shutil.copy(source, file)
        train = [program, "train", folder, "--model", checkpoint, "--out", "head"]
        subprocess.run(train, check=True, capture_output=True)
        rounds = [(docent(program, folder, "head"), pytorch(files, model)) for _ in range(ROUNDS)]
    for ours, theirs in rounds:
        print(f"docent {ours:.0f} a second, PyTorch {theirs:.0f}: {ours / theirs:.2f}")
    print(f"median {statistics.median(ours / theirs for ours, theirs in rounds):.2f} of {len(files)} photographs")


main()
