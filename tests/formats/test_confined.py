"""A file read in a process of its own: the same pages, or one sentence."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Any

import pytest

from dipnot.errors import CorpusError
from dipnot.formats import confined, read_pages, reader_of
from dipnot.formats.confined import MEMORY, read_confined
from dipnot.types import SourcePage
from format_files import lines, pdf


def test_what_is_read_apart_is_what_is_read_here() -> None:
    data = pdf([lines("The lake dried up.", "The mill burned.")])
    assert read_confined("a.pdf", ".pdf", data) == reader_of(".pdf")("a.pdf", data)


def test_a_sentence_for_people_comes_back_as_it_was_said_there() -> None:
    with pytest.raises(CorpusError) as here:
        reader_of(".pdf")("a.pdf", b"no pdf")
    with pytest.raises(CorpusError) as apart:
        read_confined("a.pdf", ".pdf", b"no pdf")
    assert str(apart.value) == str(here.value)


def test_a_reader_that_breaks_off_or_takes_too_long_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = pdf([lines("x")])
    monkeypatch.setattr(confined, "TIMEOUT", 0.01)
    with pytest.raises(CorpusError, match=r"'a\.pdf' was not read within 0.01 seconds"):
        read_confined("a.pdf", ".pdf", data)
    monkeypatch.setattr(confined, "TIMEOUT", 600)
    monkeypatch.setattr("sys.executable", "false")
    with pytest.raises(CorpusError, match=r"'a\.pdf' is damaged or too complex: reading it as PDF"):
        read_confined("a.pdf", ".pdf", data)


def test_a_process_that_reads_a_file_knows_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes its parser over finds none in the environment."""
    told: dict[str, str] = {}
    run = subprocess.run

    def spy(*args: Any, **how: Any) -> subprocess.CompletedProcess[bytes]:
        told.update(how["env"])
        return run(*args, **how)

    monkeypatch.setattr(subprocess, "run", spy)
    for name in ("ADMIN_TOKEN", "READ_TOKEN", "LLM_KEY", "INDEX_KEY"):
        monkeypatch.setenv(f"DIPNOT_{name}", "gizli")
    assert read_confined("a.pdf", ".pdf", pdf([lines("The lake dried up.")]))
    assert told
    assert "gizli" not in told.values()


@pytest.mark.parametrize(
    ("failure", "found"),
    [
        (subprocess.TimeoutExpired("x", 1), "was not read within 600 seconds"),
        (OSError(12, "Cannot allocate memory"), "cannot be read: Cannot allocate memory"),
    ],
)
def test_a_process_that_cannot_end_is_a_sentence(
    failure: Exception, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(CorpusError, match=found):
        read_confined("a.pdf", ".pdf", b"")


def test_a_process_that_breaks_off_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.CompletedProcess("x", -11, stdout=b'{"pages": [', stderr=b"Traceback")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    with pytest.raises(CorpusError, match="reading it as PDF broke off") as broken:
        read_confined("a.pdf", ".pdf", b"")
    assert "Traceback" not in str(broken.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows bounds no memory")
@pytest.mark.parametrize("megabytes", [120, 150, 200])
def test_a_file_that_really_hits_the_bound_on_memory_is_not_called_damaged(
    megabytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory ends while the bytes come in, while the file is read, or while its pages are sent."""
    really = subprocess.run

    def run(command: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        bounded = ["sh", "-c", f'ulimit -v {megabytes * 1024}; exec "$@"', "sh", *command]
        return really(bounded, **given)

    monkeypatch.setattr(subprocess, "run", run)
    data = b"The lake dried up and the mill burned down. \n\n" * 700_000
    with pytest.raises(CorpusError, match=r"'a\.txt' needs more than .* GiB of memory"):
        read_confined("a.txt", ".txt", data)


def test_a_pdf_and_large_plain_text_are_read_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of nothing but line feeds four megabytes take a gigabyte."""
    apart: list[str] = []

    def read_apart(name: str, suffix: str, data: bytes) -> tuple[SourcePage, ...]:
        apart.append(f"{name} {len(data)}")
        return reader_of(suffix)(name, data if suffix == ".pdf" else b"The lake dried up.")

    monkeypatch.setattr("dipnot.formats.read_confined", read_apart)
    for size in (1000, 524_288, 524_289):
        read_pages("a.txt", b"The lake. ".ljust(size, b"x"))
    read_pages("b.html", b"<p>The lake.".ljust(40_000))
    with pytest.raises(CorpusError):
        read_pages("a.pdf", b"no pdf")
    assert apart == ["a.txt 524289", "b.html 40000", "a.pdf 6"]


@pytest.mark.parametrize(
    ("hard", "found"),
    [
        (float("inf"), r"more than 2\.0 GiB .*MEMORY in .*confined\.py.* or raise it there"),
        (MEMORY / 4, r"more than 0\.5 GiB .*`ulimit -v` of the process.* `ulimit -Hv`"),
    ],
)
def test_a_file_that_needs_too_much_memory_names_the_bound_and_how_to_raise_it(
    hard: float, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined, "_hard_bound", lambda: hard)
    assert re.search(found, confined._too_much("a.pdf"))
