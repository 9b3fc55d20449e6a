"""Many readers at once while the index is rebuilt: errors, mixed generations, time and memory.

    nice -n 5 .venv/bin/python benchmarks/soak.py load       at most 9 minutes, real models
    nice -n 5 .venv/bin/python benchmarks/soak.py memory     10,000 answers; about 35 minutes
    .venv/bin/python benchmarks/soak.py load memory --fake --seconds 1 …    the one of the tests

A server of its own, over a copy of the corpus and, where there is one, of the index, so that
nothing is embedded before the first question.

load      it is asked by CLIENTS for SECONDS, while a text is changed and the index rebuilt
          REBUILDS times. Each citation is compared with the text of the generation that its answer
          names. Some questions are about the text that changes, whose places shift each time
memory    four clients take ANSWERS answers, to see whether memory stays flat

Nothing goes on for longer than AT_MOST seconds a part: what was not done by then is said. A line
every ten seconds says how far it is, on standard error. Writes `benchmarks/soak-load.md` and
`soak-memory.md` (with --fake nothing) and prints the same as JSON; exit 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent
TOKEN = "soak"
PARTS = ("load", "memory")
SHIFTING = ["Göl kurutulunca kaç ev yapıldı?", "Göl kurutuldu mu?"]
LINE = 10  # seconds between two lines of progress
FAKE = ["Değirmen ne zaman yandı?", "Bekçi ne yaptı?", "When was the mill rebuilt?", "Göl nerede?"]


class Soak:
    """What the clients saw."""

    def __init__(self, url: str, pid: int, questions: list[str]) -> None:
        self.url, self.pid, self.questions = url, pid, questions
        self.seconds: list[float] = []
        self.health: list[float] = []
        self.counts: Counter[str] = Counter()
        self.generations: set[str] = set()
        self.said: list[str] = []
        self.texts: dict[tuple[str, str], str] = {}
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.begun = time.monotonic()
        self.rebuilding = ""

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=120, trust_env=False)

    def wrong(self, what: str) -> None:
        with self.lock:
            self.counts["wrong"] += 1
            self.said.append(what)

    def read(self, number: int, most: int | None = None) -> None:
        """Ask until it is enough."""
        with self.client() as client:
            done = 0
            while not self.stop.is_set() and (most is None or done < most):
                question = self.questions[(number + done * 7) % len(self.questions)]
                try:
                    self.ask(client, question)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                    self.wrong(f"{type(error).__name__}: {error}")
                done += 1

    def ask(self, client: httpx.Client, question: str) -> None:
        begun = time.monotonic()
        response = client.post("/api/ask", json={"question": question})
        took = time.monotonic() - begun
        if response.status_code == 429:
            with self.lock:
                self.counts["refused"] += 1
            self.stop.wait(float(response.headers["retry-after"]))
            return
        if response.status_code != 200:
            self.wrong(f"{response.status_code}: {response.text[:200]}")
            return
        answer = response.json()
        with self.lock:
            self.seconds.append(took)
            self.counts[answer["verdict"]] += 1
            self.generations.add(answer["generation"])
        for citation in answer["citations"]:
            self.check(client, answer["generation"], citation)

    def check(self, client: httpx.Client, generation: str, citation: dict[str, Any]) -> None:
        """Compare a citation with its text, where that generation can still be read."""
        text = self.texts.get((generation, citation["doc_id"]))
        if text is None:
            got = client.get(f"/api/documents/{citation['doc_id']}/text")
            if generation not in got.headers.get("etag", ""):
                with self.lock:
                    self.counts["unchecked"] += 1  # another generation is served by now
                return
            text = self.texts[generation, citation["doc_id"]] = got.json()["text"]
        with self.lock:
            self.counts["checked"] += 1
        if text[citation["start"] : citation["end"]] != citation["quote"]:
            self.wrong(f"{generation}: {citation['quote'][:80]!r} is not its text")

    def look(self) -> None:
        """Have another process ask for health and figures: here 50 threads share an interpreter."""
        command = [sys.executable, __file__, "--look", self.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
            self.stop.wait()
            process.terminate()
            lines = process.communicate()[0].splitlines()
        for path, status, seconds in (line.split() for line in lines):
            if status != "200":
                self.wrong(f"{path} was {status}")
            self.health.append(float(seconds))

    def tell(self, end: threading.Event) -> None:
        """Say how far it is, until it is over."""
        while not end.wait(LINE):
            counts, answers = self.counts, len(self.seconds)
            print(
                f"{time.monotonic() - self.begun:5.0f} s: {answers:,} answers, "
                f"{counts['refused']:,} refused, {counts['wrong']} wrong, {self.memory()} MB, "
                f"{len(self.generations)} generations{self.rebuilding}",
                file=sys.stderr, flush=True,
            )  # fmt: skip

    def memory(self) -> int:
        """Resident megabytes of the server."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found.group(1)) // 1024 if found else 0

    def rebuild(self, text: Path, number: int, end: float) -> float | None:
        """Change a text and wait until it is built; gives the seconds, None where it did not end.

        The build gives way to the answers, so that under load it takes many times what it needs.
        """
        more = "".join(f"Yıl {1900 + n}: köyde bir şey olmadı.\n" for n in range(number))
        text.write_text(f"{more}Göl kurutuldu. Kıyıda {number + 2} ev yapıldı.\n", "utf-8")
        begun = time.monotonic()
        with self.client() as client:
            started = client.post(
                "/api/index/rebuild", headers={"Authorization": f"Bearer {TOKEN}"}
            )
            if started.status_code != 202:
                self.wrong(f"rebuild: {started.text[:200]}")
                return None
            while (state := client.get("/api/index/rebuild").json())["state"] == "running":
                told = f"{state['stage']} {state['done']}/{state['total']}"
                self.rebuilding = f", rebuild {number + 1}: {told}"
                if time.monotonic() > end:
                    return None
                time.sleep(0.2)
        self.rebuilding = ""
        if state["state"] != "done":
            self.wrong(f"rebuild: {state['error']}")
        return round(time.monotonic() - begun, 1)


def look(url: str) -> None:
    """Ask for health and figures by turns until it is ended; a line each: path, status, seconds."""
    with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
        while True:
            for path in ("/api/health", "/metrics"):
                begun = time.monotonic()
                status = client.get(path).status_code
                print(path, status, time.monotonic() - begun, flush=True)
                time.sleep(0.1)


def lags(metrics: str) -> str:
    """What share of the looks at the event loop were late by more than 50 ms."""
    bucket = r'dipnot_event_loop_lag_seconds_bucket\{le="(.+)"\} (\S+)'
    found = dict(re.findall(bucket, metrics))
    return f"{1 - float(found['0.05']) / float(found['+Inf']):.2%}"


def share(values: list[float], part: float) -> float:
    ordered = sorted(values) or [0.0]
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1e3, 1)


def run_load(soak: Soak, told: argparse.Namespace, text: Path) -> dict[str, Any]:
    """Ask and rebuild; the rebuilds are spread over the time, and waited for."""
    threads = [threading.Thread(target=soak.read, args=(n,)) for n in range(told.clients)]
    threads.append(threading.Thread(target=soak.look))
    begun, memory, rebuilt = time.monotonic(), [soak.memory()], []
    for thread in threads:
        thread.start()
    for number in range(told.rebuilds):
        due = begun + told.seconds * (number + 0.5) / (told.rebuilds + 0.5)
        time.sleep(max(0.0, due - time.monotonic()))
        if (took := soak.rebuild(text, number, begun + told.at_most)) is None:
            soak.wrong(f"rebuild {number + 1} of {told.rebuilds} was not done in {told.at_most} s")
            break
        rebuilt.append(took)
        memory.append(soak.memory())
    time.sleep(max(0.0, begun + told.seconds - time.monotonic()))
    soak.stop.set()
    took = round(time.monotonic() - begun, 1)
    memory.append(soak.memory())
    for thread in threads:
        thread.join()
    with soak.client() as client:
        late = lags(client.get("/metrics").text)
    soak.stop.clear()
    return {
        "clients": told.clients, "seconds": took, "answers": len(soak.seconds),
        "answers a second": round(len(soak.seconds) / took, 1),
        "refused (429)": soak.counts["refused"], "wrong": soak.counts["wrong"],
        "citations compared": soak.counts["checked"],
        "of a generation that was gone": soak.counts["unchecked"],
        "generations": len(soak.generations), "rebuilds s": rebuilt,
        "p50 ms": share(soak.seconds, 0.5),
        "p95 ms": share(soak.seconds, 0.95), "p99 ms": share(soak.seconds, 0.99),
        "health and metrics p50 ms": share(soak.health, 0.5),
        "health and metrics p95 ms": share(soak.health, 0.95),
        "at most ms": share(soak.health, 1.0),
        "event loop more than 50 ms late": late,
        "memory at first MB": memory[0], "memory at most MB": max(memory),
    }  # fmt: skip


def run_memory(soak: Soak, told: argparse.Namespace, _: Path) -> dict[str, Any]:
    """Take answers, and look at memory after each tenth of them."""
    before, begun = len(soak.seconds), time.monotonic()
    end = threading.Timer(told.at_most, soak.stop.set)
    end.start()
    points = [(0, soak.memory())]
    for _tenth in range(10):
        each = -(-told.answers // 40)
        threads = [threading.Thread(target=soak.read, args=(n, each)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        points.append((len(soak.seconds) - before, soak.memory()))
    end.cancel()
    soak.stop.clear()
    took, done = time.monotonic() - begun, points[-1][0]
    if done < told.answers:
        print(f"{done:,} of {told.answers:,} answers in {took:.0f} s", file=sys.stderr)
    return {
        "answers": done, "asked for": told.answers, "seconds": round(took, 1),
        "answers a second": round(done / took, 1), "wrong": soak.counts["wrong"],
        "memory at first MB": points[0][1],
        "memory by tenths of the answers MB": [megabytes for _, megabytes in points[1:]],
        "MB for 1,000 answers, from the second tenth on": slope(points[2:]),
    }  # fmt: skip


def slope(points: list[tuple[int, int]]) -> float:
    """What a line through answers and megabytes gains in 1,000 answers."""
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    together = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return round(1000 * together / spread, 2) if spread else 0.0


def questions(*, fake: bool) -> list[str]:
    if fake:
        return FAKE
    lines = (ROOT / "corpus" / "questions" / "dev.jsonl").read_text("utf-8").splitlines()
    real = [json.loads(line)["question"] for line in lines if line]
    return [q for n, one in enumerate(real) for q in ([one] if n % 5 else [one, *SHIFTING])]


def serve(folder: Path, *, fake: bool, patience: float) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server over the corpus in a folder; gives it with its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    command = [str(ROOT / "tests" / "serving.py")] if fake else ["-m", "dipnot", "serve"]
    process = subprocess.Popen(
        [sys.executable, *command], cwd=folder, stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1",
             "DIPNOT_PORT": str(port), "DIPNOT_ADMIN_TOKEN": TOKEN, "DIPNOT_MAX_CONCURRENT": "64"},
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    begun = said = time.monotonic()
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        while process.poll() is None and (now := time.monotonic()) < begun + patience:
            health: httpx.Response | None = None
            with suppress(httpx.TransportError):
                health = client.get("/api/health")
            if health is not None and health.status_code == 200:
                print(f"ready after {now - begun:.0f} s", file=sys.stderr, flush=True)
                return process, url
            if now > said + LINE:
                said = now
                told = "nothing yet" if health is None else health.text[:200]
                print(f"{now - begun:5.0f} s: {told}", file=sys.stderr, flush=True)
            time.sleep(0.2)
    process.kill()
    raise SystemExit(f"the server was not ready in {time.monotonic() - begun:.0f} s")


def prepare(folder: Path, index: Path, *, fake: bool) -> Path:
    """Copy corpus and index, or write those of the tests; gives the text that will change."""
    corpus = folder / "corpus"
    if fake:
        sys.path.insert(0, str(ROOT / "tests"))
        from fakes import LAKE  # noqa: PLC0415 - the tests are not always there

        corpus.mkdir()
        (corpus / "lake.txt").write_text(LAKE, "utf-8")
        return corpus / "more.txt"
    shutil.copytree(ROOT / "corpus", corpus, ignore=shutil.ignore_patterns("questions"))
    if (index / "CURRENT").is_file():
        shutil.copytree(index, folder / "index")
    else:
        print(f"{index} has no index: all is embedded first, for minutes", file=sys.stderr)
    return corpus / "more.txt"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=[], choices=[*PARTS, []])
    for name, default in (("clients", 50), ("seconds", 300), ("rebuilds", 3), ("answers", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--at-most", type=int, help="seconds a part; 420, for memory 3,600")
    parser.add_argument("--index", type=Path, default=ROOT / "index", help="is copied")
    parser.add_argument("--fake", action="store_true")
    parser.add_argument("--look", metavar="URL", help="what the look-out does in its process")
    told = parser.parse_args()
    if told.look:
        look(told.look)
    failed = False
    for part in told.parts or PARTS:
        failed |= soaked(part, told)
    sys.exit(1 if failed else 0)


def soaked(part: str, told: argparse.Namespace) -> bool:
    """Do a part with a server of its own; tells whether anything was wrong."""
    most = told.at_most or (420 if part == "load" else 3600)
    told = argparse.Namespace(**{**vars(told), "at_most": most})
    over = threading.Event()
    with tempfile.TemporaryDirectory() as name:
        text = prepare(Path(name), told.index, fake=told.fake)
        process, url = serve(Path(name), fake=told.fake, patience=600)
        try:
            soak = Soak(url, process.pid, questions(fake=told.fake))
            threading.Thread(target=soak.tell, args=(over,), daemon=True).start()
            result = (run_load if part == "load" else run_memory)(soak, told, text)
        finally:
            over.set()
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    print(json.dumps({"part": part} | result), flush=True)
    for what in soak.said[:10]:
        print(what, file=sys.stderr)
    if not told.fake:
        write(part, result)
    return bool(result["wrong"] or process.returncode)


def write(part: str, result: dict[str, Any]) -> None:
    rows = "".join(f"| {name} | {value} |\n" for name, value in result.items())
    (ROOT / "benchmarks" / f"soak-{part}.md").write_text(
        f"# Soak: {part}\n\n"
        f"Written by `benchmarks/soak.py {part}`. `max_concurrent` was 64, so that all wait in the "
        "queue; times are with the wait.\n\n"
        f"| | {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores |\n|---|---|\n{rows}",
        "utf-8",
    )


if __name__ == "__main__":
    main()
