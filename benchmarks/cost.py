"""What things cost: processor seconds and memory of the commands, of a server, of embedding.

Processor seconds do not depend on what else the machine does, as the clock does. Linux only. One
thread, so that spinning is not counted; prints tables in Markdown.

usage: .venv/bin/python benchmarks/cost.py [commands] [server] [encoding]    (after `make build`)

To imitate a processor without tiles: ONEDNN_MAX_CPU_ISA=AVX512_CORE_VNNI, and leave bfloat16 out by
FORMATS=float32,int8; without AVX-512: ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import torch

from dipnot.building import read_all
from dipnot.corpus import scan_corpus
from dipnot.index.passages import embedded_text, make_passages
from dipnot.models import direct
from dipnot.models.encoder import load_encoder, read_tuned
from dipnot.models.light import give_back
from dipnot.models.light import load_encoder as load_light
from dipnot.models.linear import Format
from dipnot.models.packed import open_packed
from dipnot.models.pieces import Pieces
from dipnot.models.weightfile import ENCODER

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "Moskova Antlaşması ne zaman imzalandı?"
ALONE = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
DIPNOT = [sys.executable, "-m", "dipnot"]
FORMATS = os.environ.get("FORMATS", "float32,int8,bfloat16").split(",")


def main() -> None:
    wanted = sys.argv[1:] or ["commands", "server", "encoding"]
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        shutil.copytree(ROOT / "corpus", corpus, ignore=shutil.ignore_patterns("questions"))
        shutil.copytree(ROOT / "index", index)
        where = ["--corpus", str(corpus), "--index", str(index)]
        if "commands" in wanted:
            commands(corpus, where)
        if "server" in wanted:
            server(where)
    if "encoding" in wanted:
        encoding()


# --- commands ----------------------------------------------------------------------------------


def commands(corpus: Path, where: Sequence[str]) -> None:
    print("| command | processor s | most memory, MB |\n|---|---|---|")
    row("dipnot --help", [*DIPNOT, "--help"])
    row("dipnot build (index of this release)", [*DIPNOT, "build", *where])
    row("dipnot build, nothing changed", [*DIPNOT, "build", *where])
    row("dipnot search, its own files", [*DIPNOT, "search", QUESTION, "--local", *where])
    row("dipnot ask, its own files", [*DIPNOT, "ask", QUESTION, "--local", *where])
    text = corpus / "turk-sovyet-iliskileri.txt"
    text.write_text(text.read_text("utf-8") + "\n\nBu, sona eklenen bir paragraftır.\n", "utf-8")
    row("dipnot build, one paragraph more", [*DIPNOT, "build", *where])


def row(label: str, command: Sequence[str]) -> None:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=ALONE, stdout=quiet, stderr=quiet)
    # What wait4 says of memory counts ours from before the new program began.
    most, used = 0, None
    while used is None:
        with suppress(OSError, IndexError):
            status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
            most = max(most, int(status.partition("VmHWM:")[2].split()[0]))
        time.sleep(0.02)
        pid, _, ended = os.wait4(process.pid, os.WNOHANG)
        used = ended if pid else None
    print(f"| {label} | {used.ru_utime + used.ru_stime:.2f} | {most // 1024} |", flush=True)


def server(where: Sequence[str]) -> None:
    print("\n| server | processor s | memory, MB | of which its own |\n|---|---|---|---|")
    port = "7991"
    process = subprocess.Popen(
        [*DIPNOT, "serve", "--port", port, *where], env=ALONE, stdout=subprocess.DEVNULL
    )
    try:
        wait_until_ready(port)
        tell("ready", process.pid)
        for _ in range(20):
            ask(port)
        tell("20 answers later", process.pid)
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(port: str) -> None:
    while True:
        with suppress(OSError):
            ask(port)
            return
        time.sleep(0.5)


def ask(port: str) -> None:
    body = json.dumps({"question": QUESTION}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/ask", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        answer.read()


def tell(label: str, pid: int) -> None:
    stat = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    seconds = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()[1:]
    sizes = {
        name: int(rest.split()[0]) // 1024 for name, _, rest in (x.partition(":") for x in lines)
    }
    print(f"| {label} | {seconds:.2f} | {sizes['Rss']} | {sizes['Anonymous']} |", flush=True)


# --- embedding ---------------------------------------------------------------------------------


def encoding() -> None:
    torch.set_num_threads(1)
    give_back()  # as every command does once the model is loaded
    documents, _ = read_all(scan_corpus(ROOT / "corpus"), ROOT / "corpus", lambda *_: None)
    passages = [p for document in documents for p in make_passages(document)]
    packed = open_packed()
    pieces = Pieces(*packed.pieces())
    size = {p.passage_id: len(pieces.cut(p.text)[0]) + 6 for p in passages}
    print(
        "\n| windows of the article | passages | pieces, prompt and ends with them |\n|---|---|---|"
    )
    for sentences in (1, 2, 3):
        own = [p for p in passages if len(p.sentences) == sentences]
        print(f"| of {sentences} | {len(own)} | {sum(size[p.passage_id] for p in own)} |")
    texts = [embedded_text(p.text) for p in passages[:240]]
    rows = [[0, *pieces.cut(f"passage: {text}")[0][:510], 2] for text in texts]
    pieces_in_all = sum(map(len, rows))

    def timed(label: str, run: Callable[[], object]) -> None:
        best = float("inf")
        for _ in range(2):
            begun = time.process_time()
            run()
            best = min(best, time.process_time() - begun)
        print(f"| {label} | {pieces_in_all / best:,.0f} |", flush=True)

    def of_a_question(run: Callable[[], object]) -> str:
        run()
        begun = time.process_time()
        for _ in range(20):
            run()
        return f"{(time.process_time() - begun) / 20 * 1e3:.1f} ms"

    print("\n| embedding 240 windows, one thread | pieces a processor second |\n|---|---|")
    plain = load_encoder(trainable=True)
    timed("sentence-transformers as it is", lambda: plain.encode_passages(texts, tokens=False))
    print(f"| … a question: {of_a_question(lambda: plain.encode_queries([QUESTION]))} | |")
    shipped, light = load_encoder(), load_light()
    timed("as shipped", lambda: shipped.encode_passages(texts, tokens=True))
    print(f"| … a question: {of_a_question(lambda: light.encode_queries([QUESTION]))} | |")
    alone = [embedded_text(p.text) for p in passages[:240] if len(p.sentences) == 1]

    def build() -> None:
        tokens = shipped.encode_passages(alone, tokens=True).tokens or ()
        shipped.encode_windows(list(pairwise(tokens)))

    timed("as a build does: sentences once, windows put together", build)
    batches = [sorted(rows, key=len, reverse=True)[i : i + 24] for i in range(0, len(rows), 24)]
    for number_format in FORMATS:
        network = direct.load_direct(
            packed, read_tuned(ENCODER).layers, cast("Format", number_format)
        )
        timed(f"directly, {number_format}", lambda: [network.states(b) for b in batches])  # noqa: B023
        asked = [[0, *pieces.cut(f"query: {QUESTION}")[0], 2]]
        took = of_a_question(lambda: network.states(asked))  # noqa: B023
        ours = network.states(rows[:24])
        theirs = plain.encode_passages(texts[:24], tokens=False).vectors
        means = np.array([own.mean(axis=0) for own in ours])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        least = float((means * theirs).sum(axis=1).min())
        print(f"| … a question: {took}; least cosine to the first row: {least:.5f} | |")


if __name__ == "__main__":
    main()
