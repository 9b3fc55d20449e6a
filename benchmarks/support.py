"""Where the thresholds of a written sentence's support stand, and what they are worth.

    .venv/bin/python benchmarks/support.py [--index index]

The pairs of a sentence and a quotation in ``data/support.jsonl`` were judged by hand. On the part
`chosen_on` the thresholds of likeness are chosen, within a language and across: the share of right
sentences shown is largest when that of wrong ones, twice, is taken off it. Of both parts is said
what is shown with those in ``answer/support.py`` and with the ones chosen. Run it when encoder or
reader are trained anew.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dipnot.answer.standing import Quoted, lacking
from dipnot.answer.support import LIKE_ACROSS_AT, LIKE_AT, READ_AT, Judges, agreement, least_met
from dipnot.engine import load_models
from dipnot.index.store import open_index
from dipnot.language.detection import language_of
from dipnot.settings import Settings

ROOT = Path(__file__).parent.parent
PAIRS = ROOT / "benchmarks" / "data" / "support.jsonl"
WRONG = 2  # what a wrong sentence shown costs, against a right one struck
GRID = [i / 100 for i in range(20, 91)]


class Pair(NamedTuple):
    """A pair with what is measured of it; ``stands``: nothing is lacking and the reader agrees."""

    part: str
    right: bool
    stands: bool
    within: bool
    likeness: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    settings = Settings(index=parser.parse_args().index)
    encoder, reader = load_models(settings)
    assert reader is not None
    judges = Judges(reader, encoder, open_index(settings.index, encoder).means)
    pairs = [measured(judges, json.loads(line)) for line in PAIRS.read_text("utf-8").splitlines()]
    seen = [p for p in pairs if p.part == "chosen_on"]
    found = (chosen([p for p in seen if p.within]), chosen([p for p in seen if not p.within]))
    for label, at in (("as they stand", (LIKE_AT, LIKE_ACROSS_AT)), ("chosen now", found)):
        print(f"{label}: within {at[0]:.2f}, across {at[1]:.2f}")
        for part in dict.fromkeys(p.part for p in pairs):
            own = [p for p in pairs if p.part == part]
            for right in (True, False):
                kind = [p for p in own if p.right is right]
                n = sum(p.stands and p.likeness >= at[not p.within] for p in kind)
                name = "supported" if right else "not supported"
                print(f"  {part}, {name}: {n} of {len(kind)} shown")


def measured(judges: Judges, row: dict[str, str]) -> Pair:
    language = language_of(row["sentence"], "en")
    quoted = [Quoted(row["quotation"], language_of(row["quotation"], "en"))]
    stands = lacking(row["sentence"], language, quoted) is None
    stands = stands and agreement(judges, row["sentence"], quoted) >= READ_AT
    likeness = least_met(judges, row["sentence"], language, quoted)
    within = quoted[0].language == language
    return Pair(row["part"], bool(row["supported"]), stands, within, likeness)


def chosen(pairs: Sequence[Pair]) -> float:
    """The threshold that parts right from wrong best, in the middle where several do."""

    def gain(at: float) -> float:
        shares = []
        for right in (True, False):
            kind = [p for p in pairs if p.right is right]
            shares.append(sum(p.stands and p.likeness >= at for p in kind) / (len(kind) or 1))
        return shares[0] - WRONG * shares[1]

    best = max(map(gain, GRID))
    among = [at for at in GRID if gain(at) >= best - 1e-9]
    return among[len(among) // 2]


if __name__ == "__main__":
    main()
