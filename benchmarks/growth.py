"""What a corpus costs as it grows: build, disk, memory, opening, search, an edit, going back.

One process a step, so that memory is a step's own; embeddings come from growth_material.py, so that
the encoder is not measured. Each size holds THQuAD's paragraphs, of which questions are asked.

Seconds are processor seconds, which do not depend on what else the machine does; --wall gives those
of the clock, on a machine that does nothing else.

usage: .venv/bin/python benchmarks/growth.py [--folder DIR] [--wall] [--write] [SENTENCES ...]
       (the first time it embeds some 10,000 sentences; a million sentences want 12 GB and hours)
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from growth_material import Recalled, embed_material, made_documents, thquad

from dipnot.index.build import Index, build_index
from dipnot.index.coded import stored_rows
from dipnot.index.generations import roll_back
from dipnot.index.growing import grow_index
from dipnot.index.store import new_generation, open_index, publish
from dipnot.models.encoder import load_encoder
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import hits_of, rank
from dipnot.types import Document, Filters, Query

HERE = Path(__file__).parent
SIZES = (1_000, 10_000, 100_000)
KEPT, EDIT = 2, 1_000
COMPARED = 40  # questions whose nearest passages are compared with an exact search
_WALL = "GROWTH_WALL"  # in the environment of the steps
STEPS = ("build", "search", "edit", "back")
COLUMNS = {
    "sentences": "{sentences:,}", "build s": "{build_s:,.0f}", "build GB": "{build_gb:.2f}",
    "disk B a sentence": "{disk:,.0f}", "resident B a sentence": "{resident:,.0f}",
    "open s": "{open_s:.2f}", "search p50 ms": "{p50:.1f}", "p95 ms": "{p95:.1f}",
    "recall@10 of exact": "{recall:.3f}", "R@1": "{r1:.3f}", "MRR@10": "{mrr:.3f}",
    "1,000 more s": "{edit_s:.1f}", "MB written": "{edit_mb:,.1f}", "embedded": "{edit_rows:,}",
    "roll back s": "{back_s:.2f}",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, metavar="SENTENCES", default=list(SIZES))
    parser.add_argument("--folder", type=Path, default=Path("/tmp/dipnot-growth"))
    parser.add_argument("--write", action="store_true", help="into growth.md")
    parser.add_argument("--wall", action="store_true", help="seconds of the clock")
    parser.add_argument("--step", choices=(*STEPS, "embed"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.wall:
        os.environ[_WALL] = "1"
    if given.step:
        print(json.dumps(_step(given.step, given.folder, given.sizes[0])))
        return
    _apart("embed", given.folder, 0)
    lines = [" | ".join(("", *COLUMNS, "")).strip(), "|" + "---|" * len(COLUMNS)]
    print("\n".join(lines), flush=True)
    files: list[str] = []
    for size in given.sizes:
        shutil.rmtree(given.folder / str(size), ignore_errors=True)
        found: dict[str, Any] = {}
        for step in STEPS:
            found |= _apart(step, given.folder, size)
        lines.append(f"| {' | '.join(COLUMNS.values())} |".format(**found))
        print(lines[-1], flush=True)
        files = [f"| {name} | {of:,.0f} |" for name, of in found["files"].items()]
        shutil.rmtree(given.folder / str(size))
    lines += ["", f"Bytes a sentence by file, of {given.sizes[-1]:,}:", ""]
    lines += ["| file | bytes a sentence |", "|---|---|", *files]
    print("\n".join(lines[-len(files) - 4 :]))
    if given.write:
        page = HERE / "growth.md"
        head, _, rest = page.read_text("utf-8").partition("<!-- growth -->\n")
        tail = rest.partition("<!-- end -->")[2]
        made = "\n".join(lines)
        page.write_text(f"{head}<!-- growth -->\n{made}\n<!-- end -->{tail}", "utf-8")


def _apart(step: str, folder: Path, size: int) -> dict[str, Any]:
    """Do a step in a process of its own."""
    command = [sys.executable, __file__, "--folder", str(folder), "--step", step, str(size)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    made: dict[str, Any] = json.loads(said.splitlines()[-1])
    return made


def _step(step: str, folder: Path, size: int) -> dict[str, Any]:
    if step == "embed":
        embed(folder)
        return {}
    encoder = recalled(folder)
    steps: dict[str, Callable[[Path, int, Recalled], dict[str, Any]]] = {
        "build": _build, "search": _search, "edit": _edit, "back": _back,
    }  # fmt: skip
    return steps[step](folder / str(size), size, encoder)


def embed(folder: Path) -> None:
    """Embed the material, unless that is done."""
    if (folder / "encoder.json").exists():
        return
    encoder = load_encoder()
    embed_material(encoder, folder)
    told = json.dumps([encoder.name, encoder.fingerprint])
    (folder / "encoder.json").write_text(told, "utf-8")


def recalled(folder: Path) -> Recalled:
    """An encoder that knows the material of the folder."""
    name, fingerprint = json.loads((folder / "encoder.json").read_text("utf-8"))
    return Recalled(folder, name, fingerprint)


# --- steps -------------------------------------------------------------------------------------


def _build(folder: Path, size: int, encoder: Recalled) -> dict[str, Any]:
    documents = _documents(size)
    begun = _now()
    index = _publish(folder, documents, encoder, None)
    count = len(index.places.sentences)
    generation = folder / "generations" / index.manifest.generation
    files = {
        path.relative_to(generation).as_posix(): path.stat().st_size / count
        for path in sorted(generation.rglob("*"))
        if path.is_file()
    }
    return {
        "sentences": count,
        "build_s": _now() - begun,
        "build_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20),
        "disk": sum(files.values()),
        "files": {name: of for name, of in files.items() if of >= 1},
    }


def _search(folder: Path, _size: int, encoder: Recalled) -> dict[str, Any]:
    asked = thquad()[1]
    encoder.encode_queries([asked[0].text])
    before, begun = anonymous(), _now()
    index = open_index(folder)
    open_s = _now() - begun
    queries = [make_query(understand(a.text), encoder, index) for a in asked]
    taken, ranks = [], []
    for query, question in zip(queries, asked, strict=True):
        begun = _now()
        hits = hits_of(index, rank(index, query, Filters()), 10)
        taken.append((_now() - begun) * 1e3)
        places = list(dict.fromkeys(hit.passage.doc_id for hit in hits))
        ranks.append(places.index(question.doc_id) + 1 if question.doc_id in places else 0)
    resident = (anonymous() - before) / len(index.places.sentences)
    p50, p95 = np.percentile(taken, (50, 95))
    return {
        "open_s": open_s, "resident": resident, "p50": float(p50), "p95": float(p95),
        "recall": _recall(index, queries[:: max(1, len(queries) // COMPARED)]),
        "r1": sum(r == 1 for r in ranks) / len(ranks),
        "mrr": sum(1 / r for r in ranks if r) / len(ranks),
    }  # fmt: skip


def _edit(folder: Path, size: int, encoder: Recalled) -> dict[str, Any]:
    documents = [*_documents(size), *made_documents(EDIT, seed=2)]
    encoder.embedded = 0
    begun, written = _now(), _written()
    _publish(folder, documents, encoder, open_index(folder))
    return {
        "edit_s": _now() - begun,
        "edit_mb": (_written() - written) / 1e6,
        "edit_rows": encoder.embedded,
    }


def _back(folder: Path, _size: int, _encoder: Recalled) -> dict[str, Any]:
    begun = _now()
    roll_back(folder)
    return {"back_s": _now() - begun}


def _documents(size: int) -> list[Document]:
    documents = thquad()[0]
    return [*documents, *made_documents(max(0, size - 3_000))]


def _publish(
    folder: Path, documents: Sequence[Document], encoder: Recalled, previous: Index | None
) -> Index:
    generation, quiet = new_generation(folder), lambda *_: None
    folder.mkdir(parents=True, exist_ok=True)
    if previous is not None:
        before, own = previous.manifest.documents, {d.doc_id: d.content_hash for d in documents}
        new = [d for d in documents if before.get(d.doc_id) != d.content_hash]
        grown = grow_index(own, new, (), encoder, previous, generation, quiet)
        if grown is not None:
            publish(folder, grown[0], KEPT)
            return grown[0].index
    index, _ = build_index(documents, (), encoder, previous, generation, quiet)
    publish(folder, index, KEPT)
    return index


def _recall(index: Index, queries: Sequence[Query]) -> float:
    """Which share of the ten nearest stored passages the dense leg finds."""
    stored, shares = stored_rows(index.places), []
    for query in queries:
        parts = [stored[i : i + 50_000] for i in range(0, len(stored), 50_000)]
        scores = np.concatenate([index.legs.dense.scores_of(query, part) for part in parts])
        found, got = index.legs.dense.candidates(query, 1024, Filters())
        tenth = np.sort(scores)[-10]
        near = np.isin(found, stored)
        shares.append(min(10, int((got[near] >= tenth - 1e-6).sum())) / 10)
    return float(np.mean(shares))


def _now() -> float:
    return time.perf_counter() if _WALL in os.environ else time.process_time()


def _written() -> int:
    """Bytes that this process has written so far."""
    told = Path("/proc/self/io").read_text("ascii")
    return int(told.partition("wchar:")[2].split()[0])


def anonymous() -> int:
    """Bytes of memory that are this process's own."""
    told = Path(f"/proc/{os.getpid()}/smaps_rollup").read_text("utf-8")
    return int(told.partition("Anonymous:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main()
