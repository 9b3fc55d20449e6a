"""Throw what nobody would send at the API, the format readers and the index on disk.

    .venv/bin/python benchmarks/fuzz.py [api|formats|index|patterns] [--seconds 3600] [--seed 20]

With the fake encoder of the tests, and the API asked within the process. A line a minute says how
far it is. What was found is written to `benchmarks/found/` as it was sent, when it is found; exit 1
where there was anything. The short form runs in tests/test_fuzz.py.

api        any 5xx but 503, an exception, and a citation that is not at its offsets
formats    any error but CorpusError, and a file that takes over SLOW seconds. Each is read in a
           fork of this process, one in REAL as the product does it. An exception within the fork is
           "broke off": the product answers it with a CorpusError, so it is counted by its kind
index      any error but IndexUnusable, and any altered index that opens and gives another answer
patterns   a regular expression of ours that takes more than linear time on hostile text
"""

from __future__ import annotations

import argparse
import ast
import faulthandler
import hashlib
import json
import logging
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from fastapi.testclient import TestClient

from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.errors import CorpusError, IndexUnusable
from dipnot.formats import read_pages, reader_of
from dipnot.formats.confined import MEMORY
from dipnot.index.store import check_offsets, open_index
from dipnot.server.serve import make_server_app
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder

# How the library itself reads a pattern; types are told of neither.
sre, sre_parse = import_module("re._constants"), import_module("re._parser").parse

ROOT = Path(__file__).parent.parent
FOUND = ROOT / "benchmarks" / "found"
CHARS = "aıİşğ ʼ’\"'\\/.,;:?!*_[](){}<>&%#\0\x1b\x7f\ud800\u202e\u2028\ufeff\u0301😀0123\n\t\f\r-–"
LEAVES: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, float("nan"), 10**40, "", " ", [], {}, "göl",
    "Değirmen ne zaman yandı?", "x" * 2001,
)  # fmt: skip
PATHS = (
    "/api/ask", "/api/ask/stream", "/api/search", "/api/verify", "/api/documents", "/api/index",
    "/api/documents/lake", "/api/documents/lake/text", "/api/documents/lake/pages/1", "/api/health",
    "/api/passages/x", "/text/lake/p1", "/v1/models", "/v1/chat/completions", "/mcp", "/metrics",
    "/api/problems/x", "/gradio_api/queue/join", "/gradio_api/file=/etc/passwd", "/config", "/api/",
    "/api/feedback", "/api/cite", "/api/export", "/gradio_api/cancel", "/gradio_api/reset",
    "/gradio_api/component_server", "/api/documents/lake/find", "/verify", "/corpus",
)  # fmt: skip
KEYS = (
    "question", "history", "answer", "k", "doc_id", "mode", "quote", "page", "messages", "role",
    "content", "model", "stream", "method", "params", "id", "jsonrpc", "data", "fn_index",
    "session_hash", "event_id",
)  # fmt: skip
# What each of these takes, so that more than the check of its fields is reached.
WHOLE: dict[str, dict[str, Any]] = {
    "/api/ask": {"question": "Değirmen ne zaman yandı?", "history": [], "k": 3},
    "/api/ask/stream": {"question": "Bekçi ne yaptı?"},
    "/api/search": {"question": "Göl nerede?", "k": 5},
    "/api/verify": {"doc_id": "lake", "quote": "Göl 1887 yılında kurutuldu."},
    "/v1/chat/completions": {
        "model": "dipnot", "messages": [{"role": "user", "content": "Göl ne oldu?"}],
    },
    "/gradio_api/queue/join": {"data": [], "fn_index": 99, "session_hash": "a"},
    "/gradio_api/cancel": {"session_hash": "a", "fn_index": 0, "event_id": "b"},
    "/gradio_api/reset": {"event_id": "b"},
    "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}},
}  # fmt: skip
REAL, SLOW, TRIES = 100, 20, 3
HUNG = 120  # seconds; what was sent lies in the temporary folder then
Check = Callable[[random.Random], str | None]
BROKE: Counter[str] = Counter()


def text_of(chance: random.Random) -> str:
    return "".join(chance.choices(CHARS, k=chance.choice((0, 1, 3, 20, 300))))


def value(chance: random.Random, depth: int = 0) -> Any:
    roll = chance.random()
    if roll < 0.4 or depth > 3:
        return chance.choice(LEAVES)
    if roll < 0.7:
        return text_of(chance)
    if roll < 0.85:
        return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(KEYS): value(chance, depth + 1) for _ in range(chance.randrange(5))}


def body_for(chance: random.Random, path: str) -> bytes:
    """Give what a path takes with a part or two of it spoilt, or anything; some of it not JSON."""
    sent = value(chance)
    if path in WHOLE and chance.random() < 0.6:
        sent = dict(WHOLE[path])
        for name in chance.sample([*sent, *KEYS], chance.randrange(3)):
            sent[name] = value(chance)
    body = json.dumps(sent).encode()
    return mutated(chance, body) if chance.random() < 0.2 else body


def mutated(chance: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        at = chance.randrange(len(made) + 1)
        roll = chance.random()
        if roll < 0.4 and at < len(made):
            made[at] ^= 1 << chance.randrange(8)
        elif roll < 0.6:
            made[at:at] = chance.choice((b"\0", b"\xff" * 9, b"<" * 99, b"\x1b[2J", b"\f\n" * 50))
        elif roll < 0.8:
            del made[at : at + chance.randrange(1, 200)]
        else:
            other = chance.randrange(len(made) + 1)
            made[at:at] = made[other : other + chance.randrange(1, 200)]
    return bytes(made)


def fuzz_api(folder: Path) -> Check:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    engine = Engine(Settings(folder / "corpus", folder / "index"), FakeEncoder())
    engine.load()
    client = TestClient(
        make_server_app(engine), raise_server_exceptions=False, base_url="http://localhost"
    )

    def check(chance: random.Random) -> str | None:
        path = chance.choice(PATHS)
        if chance.random() < 0.2:
            path += "/" + "".join(c for c in text_of(chance)[:20] if " " < c < "\x7f")
        name = chance.choice(("q", "k", "doc_id", "offset", "start", "end", "x"))
        query = {name: str(value(chance)).encode("utf-8", "replace").decode()[:3000]}
        body = body_for(chance, path)
        method = chance.choice(("GET", "POST", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"))
        headers = {
            "Content-Type": chance.choice(("application/json", "text/plain", "x")),
            "Accept": chance.choice(("*/*", "application/json, text/event-stream")),
        }
        sent = f"{method} {path} {query} {headers} {body[:4000]!r}"
        (folder / "sent").write_text(sent, "utf-8", "replace")
        try:
            got = client.request(
                method, path, params=query if chance.random() < 0.5 else None, content=body,
                headers=headers,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return f"{sent}\n{type(error).__name__}: {error}"
        if got.status_code >= 500 and got.status_code != 503:
            return f"{sent}\n{got.status_code}: {got.text[:500]}"
        if path == "/api/ask" and got.status_code == 200 and method == "POST":
            for citation in got.json()["citations"]:
                whole = engine.document(citation["doc_id"]).text
                if whole[citation["start"] : citation["end"]] != citation["quote"]:
                    return f"{sent}\n{citation}"
        return None

    return check


def fuzz_formats(_: Path) -> Check:
    names = ("txt", "md", "html", "pdf", "docx")
    places = (ROOT / "tests" / "data_documents", ROOT / "tests" / "data_formats")
    files = [p for place in places for p in sorted(place.iterdir()) if p.suffix[1:] in names]
    for name in names:
        reader_of(f".{name}")  # what a fork would load anew each time

    def check(chance: random.Random) -> str | None:
        path = chance.choice(files)
        suffix = path.suffix if chance.random() < 0.9 else f".{chance.choice(names)}"
        data = mutated(chance, path.read_bytes())
        read = read_really if chance.randrange(REAL) == 0 else read_in_fork
        if (trouble := read(suffix, data)) is None:
            return None
        kept = f"{path.stem}-{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
        FOUND.mkdir(exist_ok=True)
        (FOUND / kept).write_bytes(data)
        return f"{kept}: {trouble}"

    return check


def read_really(suffix: str, data: bytes) -> str | None:
    """Read a file as a build does; gives what was wrong with that."""
    try:
        read_pages(f"a{suffix}", data)
    except CorpusError as error:
        return None if str(error).isprintable() else repr(error)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"{type(error).__name__}: {error}"
    return None


def read_in_fork(suffix: str, data: bytes) -> str | None:
    """Read a file as the confined process does, without the second that one takes to start."""

    def read() -> str:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            reader_of(suffix)(f"a{suffix}", data)
        except CorpusError as error:
            return "" if str(error).isprintable() else f"unprintable {error!r}"
        return ""

    said = in_fork(read, SLOW)
    if said.startswith("broke"):
        BROKE[f"{suffix} {said[6:]}"] += 1
        return None
    return said or None


def in_fork(work: Callable[[], str], seconds: int) -> str:
    """Give what work in a fork of this process gives, or how it ended: its time is bounded."""
    come, go = os.pipe()
    child = os.fork()
    if not child:
        said = "ended"
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            said = work()
        except BaseException as error:  # noqa: BLE001 - counted by its kind
            said = f"broke {type(error).__name__}"
        finally:
            os.write(go, said.encode("utf-8", "replace")[:4000])
            os._exit(0)
    os.close(go)
    with os.fdopen(come, "rb") as pipe:
        said = pipe.read().decode("utf-8")
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"takes over {seconds} seconds"
    return f"broke signal {-ended}" if ended else said


def fuzz_index(folder: Path) -> Check:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    settings = Settings(folder / "corpus", folder / "index")
    generation = update_index(settings, FakeEncoder(), lambda *_: None).generation
    files = sorted(p for p in (folder / "index" / "generations" / generation).rglob("*")
                   if p.is_file())  # fmt: skip

    def check(chance: random.Random) -> str | None:
        path = chance.choice([*files, folder / "index" / "CURRENT"])
        whole = path.read_bytes()
        data = mutated(chance, whole)
        path.write_bytes(data)
        try:
            check_offsets(open_index(settings.index, FakeEncoder()))
        except IndexUnusable:
            return None
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return f"{path.name} {data[:2000]!r}\n{type(error).__name__}: {error}"
        finally:
            path.write_bytes(whole)
        # A CURRENT with white space about it still names the generation.
        same = data == whole or (path.name == "CURRENT" and data.split() == whole.split())
        return None if same else f"{path.name} was altered and opened: {data[:2000]!r}"

    return check


ANCHORED = {"match", "fullmatch"}
Used = tuple[re.Pattern[str], str]


def patterns() -> list[Used]:
    """Every regular expression that our modules hold or write down, and the method they call on it.

    One that is only matched where something begins is not tried at every place of a text, and one
    that need not reach the end is not made to.
    """
    found: dict[Used, None] = {}
    own_ways: defaultdict[re.Pattern[str], set[str]] = defaultdict(set)  # whoever imports it, too
    paths = [p for base in ("src", "ui") for p in sorted((ROOT / base).glob("dipnot*/**/*.py"))]
    sources = {path: path.read_text("utf-8") for path in paths}
    for path, source in sources.items():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts[1:])
        ways: dict[str, set[str]] = defaultdict(set)  # in this module: they are its own
        for own, way in re.findall(r"\b(\w+)\.(\w+)\(", source):
            ways[own].add(way)
        if not name.endswith(("__main__", "__init__")):
            for own, value in vars(import_module(name)).items():
                for pattern in held(value):
                    own_ways[pattern] |= ways[own]
        for way, written in re.findall(r"""\bre\.(?!compile)(\w+)\(\s*r?(["'].+?["']),""", source):
            with suppress(re.error, SyntaxError, ValueError):
                pattern = re.compile(str(ast.literal_eval(f"r{written}")))
                found |= {(pattern, way): None for way in called({way})}
    found |= {(p, way): None for p, ways in own_ways.items() for way in called(ways)}
    return list(found)


def called(ways: set[str]) -> set[str]:
    """The methods to try for those that a module calls: looking everywhere stands for all."""
    return {"finditer"} if not ways or ways - ANCHORED else ways


def held(value: Any, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield from [value] if isinstance(value.pattern, str) else []
    elif depth < 3 and isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from held(one, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from held(list(value.values()), depth + 1)
    elif depth < 2 and is_dataclass(value):
        yield from held([getattr(value, f.name, None) for f in fields(value)], depth + 1)


REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
SIGNS = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_NOT_WORD: " "}


def matched(chance: random.Random, tree: Iterable[Any]) -> str:
    """Something that a pattern takes, about."""
    made = ""
    for kind, told in tree:
        if kind is sre.LITERAL:
            made += chr(told)
        elif kind is sre.IN and told[0][0] is sre.NEGATE:
            out = {chr(n) for k, n in told[1:] if k is sre.LITERAL}
            made += chance.choice([c for c in "a1 .-(A," if c not in out] or ["\x01"])
        elif kind is sre.IN:
            made += matched(chance, [chance.choice(told)])
        elif kind is sre.RANGE:
            made += chr(told[0])
        elif kind in (sre.CATEGORY, sre.ANY, sre.NOT_LITERAL):
            made += SIGNS.get(told, "a")
        elif kind is sre.BRANCH:
            made += matched(chance, chance.choice(told[1]))
        elif kind is sre.SUBPATTERN:
            made += matched(chance, told[3])
        elif kind in REPEATS:
            made += matched(chance, list(told[2]) * min(max(told[0], chance.randrange(2)), told[1]))
    return made


Hostile = tuple[str, str]  # what stands once, and what comes behind it again and again


def repeated(chance: random.Random, tree: Iterable[Any], before: str = "") -> Iterator[Hostile]:
    """What a pattern repeats: alone, with what stands before it, and behind that."""
    for kind, told in tree:
        if kind in REPEATS and told[1] > 30:
            for bit in (matched(chance, told[2]), matched(chance, told[2])):
                yield from (("", bit), ("", before + bit), (before, bit))
            yield "", before
        parts = told[2:3] if kind in REPEATS else told[3:4] if kind is sre.SUBPATTERN else ()
        parts = told[1] if kind is sre.BRANCH else parts
        for part in parts:
            yield from repeated(chance, part, before)
        before += matched(chance, [(kind, told)])


def piles(tree: Iterable[Any]) -> bool:
    """Whether a pattern repeats without bound what is nothing but such a repeat: endless."""
    for kind, told in tree:
        repeats = kind in REPEATS
        inner = told[2:3] if repeats else told[3:4] if kind is sre.SUBPATTERN else ()
        inner = told[1] if kind is sre.BRANCH else inner
        if repeats and told[1] is sre.MAXREPEAT and hollow(told[2]):
            return True
        if any(map(piles, inner)):
            return True
    return False


def hollow(body: Iterable[Any]) -> bool:
    """Whether all of a pattern is optional or repeated without bound, and some of it repeated."""
    parts = list(body)
    if len(parts) == 1 and parts[0][0] in (sre.SUBPATTERN, sre.BRANCH):
        kind, told = parts[0]
        return any(map(hollow, told[1] if kind is sre.BRANCH else [told[3]]))
    repeats = [told for kind, told in parts if kind in REPEATS]
    endless = [told for told in repeats if told[1] is sre.MAXREPEAT]
    return (
        bool(endless)
        and all(told in endless or told[0] == 0 for told in repeats)
        and (len(repeats) == len([p for p in parts if p[0] is not sre.AT]))
    )


def hostile(pattern: re.Pattern[str]) -> list[Hostile]:
    """Bits of text to be repeated until a pattern despairs of them."""
    chance, tree = random.Random(pattern.pattern), sre_parse(pattern.pattern, pattern.flags)
    bits = 'a| |1|.|-|[|(|a |1.|a.|s. |A|İ|"|’|, |1 |* |_|\\|<|&|)(|][|a-|1-|ibid. '.split("|")
    bits += ["\n", "a\n", "\t", *(matched(chance, tree) for _ in range(4))]
    both = [*(("", bit) for bit in bits), *repeated(chance, tree)]
    return [(before, bit) for before, bit in dict.fromkeys(both) if bit]


_TRIES = 4  # of a pattern that seems slow, before it is called so


def took(used: Used, text: str) -> float:
    """Seconds of this process."""
    pattern, way = used
    begun = time.process_time()
    given = getattr(pattern, way)(text)
    if way == "finditer":
        for _ in given:
            pass
    return time.process_time() - begun


def fuzz_patterns(_: Path) -> Check:
    todo = [(used, *bits) for used in patterns() for bits in hostile(used[0])]

    def check(_: random.Random) -> str | None:
        if not todo:
            raise StopIteration
        used, before, bit = todo.pop()
        said = ""
        for _try in range(TRIES):  # a busy machine is slow once
            said = within(2, lambda: too_slow(used, bit, before))
            if not said:
                return None
        return f"{used[0].pattern!r}.{used[1]} on {before!r} and {bit!r}: {said}"

    return check


def within(seconds: float, work: Callable[[], str]) -> str:
    """Give what work gives that looks for signals, as matching does, or that it takes too long."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        return work()
    except TimeoutError:
        return f"takes over {seconds} seconds"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def too_slow(used: Used, bit: str, before: str = "") -> str:
    """Say how a pattern's time grows with a text of a bit again and again, if faster than it.

    A busy machine makes one run slow; a slow pattern is slow each time.
    """
    short, long = (before + bit * (size // len(bit) + 1) + "\x00" for size in (8_000, 32_000))
    then = 0.0
    for _ in range(_TRIES):
        first = took(used, short)
        if first < 0.00015:  # were it quadratic, 5 MB would take a minute
            return ""
        then = took(used, long)
        # Four times the text; what is linear takes a millisecond or a few.
        if then <= 9 * first:
            return ""
    return f"{then:.3f} s for {len(long):,} characters"


FUZZED: dict[str, Callable[[Path], Check]] = {
    "api": fuzz_api, "formats": fuzz_formats, "index": fuzz_index, "patterns": fuzz_patterns,
}  # fmt: skip


def fuzz(what: str, seed: int, seconds: float, most: int = 10**9) -> tuple[int, list[str]]:
    """Fuzz for so long or so often; gives how often, and what was found."""
    logging.disable(logging.CRITICAL)
    found: list[str] = []
    chance, begun, done = random.Random(seed), time.monotonic(), 0
    said = begun
    with tempfile.TemporaryDirectory() as name:
        check = FUZZED[what](Path(name))
        with suppress(StopIteration):  # of what is tried once each, all was
            while (now := time.monotonic()) < begun + seconds and done < most:
                faulthandler.dump_traceback_later(HUNG, exit=True)  # no answer is a finding as well
                trouble = check(chance)
                faulthandler.cancel_dump_traceback_later()
                if trouble is not None:
                    found.append(trouble)
                    keep(what, trouble)
                done += 1
                if now > said + 60:
                    said = now
                    print(f"{what}: {now - begun:.0f} s, {done:,}, {len(found)} found", flush=True)
    logging.disable(logging.NOTSET)
    return done, found


def keep(what: str, trouble: str) -> None:
    FOUND.mkdir(exist_ok=True)
    with (FOUND / f"{what}.txt").open("a", encoding="utf-8", errors="replace") as file:
        file.write(f"{trouble}\n\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", default=list(FUZZED), choices=[*FUZZED, []])
    parser.add_argument("--seconds", type=float, default=3600, help="for all together")
    parser.add_argument("--seed", type=int, default=20)
    told = parser.parse_args()
    trouble = False
    for what in told.what:
        begun = time.monotonic()
        done, found = fuzz(what, told.seed, told.seconds / len(told.what))
        took = time.monotonic() - begun
        print(f"| {what} | {done:,} | {took:,.0f} s | {len(found)} |", flush=True)
        trouble |= bool(found)
    for kind, times in BROKE.most_common():
        print(f"broke off {times:,} times: {kind}")
    sys.exit(1 if trouble else 0)


if __name__ == "__main__":
    main()
