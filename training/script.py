"""What the training scripts share: options, learning rate, and how weights are packed."""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.weightfile import read_weights, unpacked, write_weights
from dipnot.types import Vectors


def options(description: str | None, steps: int, rate: float, seed: int) -> argparse.ArgumentParser:
    """The options of both, with a script's own defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, required=True, help="for checkpoints")
    parser.add_argument(
        "--ship", type=Path, nargs="+", metavar="step-N.pt",
        help="only pack checkpoints; the mean of several",
    )  # fmt: skip
    parser.add_argument("--public", type=Path, help="the folder of the public sets")
    parser.add_argument("--keep", action="store_true", help="leave the weights that ship alone")
    parser.add_argument(
        "--start", type=Path, metavar="WEIGHTS", help="go on from a checkpoint, or what ships"
    )
    parser.add_argument("--minutes", type=float, help="end then; the rate follows the clock")
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=seed)
    return parser


def parsed(parser: argparse.ArgumentParser) -> tuple[argparse.Namespace, random.Random]:
    """Parse the command line, make its folder, and seed what is random."""
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    return args, random.Random(args.seed)


def warm_cosine(
    optimiser: torch.optim.Optimizer, steps: int, warm: int, minutes: float | None = None
) -> torch.optim.lr_scheduler.LambdaLR:
    """Raise the learning rate over ``warm`` steps, then lower it to 0 along a cosine.

    ``minutes``: it is 0 after these, however few steps a busy machine has made by then.
    """
    began = time.time()

    def at(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        done = (step - warm) / (steps - warm)
        if minutes is not None:
            done = max(done, (time.time() - began) / (60 * minutes))
        return 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))

    return torch.optim.lr_scheduler.LambdaLR(optimiser, at)


def is_last(step: int, args: argparse.Namespace, began: float) -> bool:
    """Whether a run ends with this step: it was the last, or the time is over."""
    over = args.minutes is not None and time.time() - began > 60 * args.minutes
    return over or step == int(args.steps)


def loaded(path: Path) -> dict[str, torch.Tensor]:
    """Read a checkpoint, or weights as they are shipped."""
    if path.suffix == ".pt":
        checkpoint: dict[str, torch.Tensor] = torch.load(path)
        return checkpoint
    return {n: torch.from_numpy(w) for n, w in unpacked(read_weights(path)[0]).items()}


def mean_weights(checkpoints: Sequence[Path]) -> dict[str, Vectors]:
    """The mean of checkpoints of the same parts."""
    parts = [loaded(path) for path in checkpoints]
    return {
        name: torch.stack([own[name].float() for own in parts]).mean(0).numpy() for name in parts[0]
    }


def pack(path: Path, weights: Mapping[str, Vectors], encoder: SentenceTransformerEncoder) -> None:
    """Write weights as Dipnot loads them, for the model that the encoder comes from."""
    told = {"encoder_fingerprint": encoder.base_fingerprint, "license": "MIT"}
    write_weights(path, weights, told)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
