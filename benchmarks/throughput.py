"""Answers a second over HTTP with 1, 8 and 32 clients, each of which asks when it was answered.

What the server has no room for it refuses at once with 429 or 503; a client then waits as long as
it is told to, and asks again. Prints a table in Markdown; on a machine that does nothing else.

usage: .venv/bin/python benchmarks/throughput.py [--seconds 30] [CLIENTS ...]
       (after `make build`)
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import numpy as np
from cost import DIPNOT, wait_until_ready

ROOT = Path(__file__).resolve().parents[1]
PORT = "7992"
BUSY = (429, 503)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("clients", nargs="*", type=int, default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    lines = (ROOT / "corpus/questions/dev.jsonl").read_text("utf-8").splitlines()
    questions = itertools.cycle([json.loads(line)["question"] for line in lines])
    server = subprocess.Popen([*DIPNOT, "serve", "--port", PORT], stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(PORT)
        print("| clients | answers a second | p50 ms | p95 ms | refused at once |")
        print("|---|---|---|---|---|")
        for count in given.clients:
            _load(count, given.seconds, questions)
    finally:
        server.terminate()
        server.wait()


def _load(clients: int, seconds: float, questions: Iterator[str]) -> None:
    """Ask by so many clients for so many seconds, and print what came of it."""
    taken: list[float] = []
    refused: list[int] = []
    lock, end = threading.Lock(), time.monotonic() + seconds

    def client() -> None:
        while time.monotonic() < end:
            with lock:
                question = next(questions)
            begun = time.perf_counter()
            while (wait := _ask(question)) is not None:
                refused.append(1)
                time.sleep(wait)
            taken.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(taken) / (time.monotonic() - begun)
    p50, p95 = np.percentile(np.array(taken) * 1e3, (50, 95))
    print(f"| {clients} | {rate:.1f} | {p50:.0f} | {p95:.0f} | {len(refused)} |", flush=True)


def _ask(question: str) -> float | None:
    """Ask; gives None when answered, or the seconds to wait before asking again."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/ask",
        json.dumps({"question": question}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            answer.read()
    except HTTPError as error:
        if error.code not in BUSY:
            raise
        return float(error.headers.get("Retry-After", "1"))
    return None


if __name__ == "__main__":
    main()
