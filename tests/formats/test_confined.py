"""A file read in a process of its own: the same pages, or one sentence."""

from __future__ import annotations

import subprocess

import pytest

from dipnot.errors import CorpusError
from dipnot.formats import reader_of
from dipnot.formats.confined import read_confined
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
