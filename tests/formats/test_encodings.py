"""Bytes to text: what is sure is read, what is doubtful is an error that names the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import CorpusError
from dipnot.formats.encodings import decode

TURKISH = "Göl kuruyunca köylüler kıyıya yeni evler yaptı ve balıkçılar başka bir kente taşındı. "


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_utf_8_is_read_as_it_stands(text: str) -> None:
    assert decode("a.txt", text.encode()).removeprefix("\ufeff") == text.removeprefix("\ufeff")


@pytest.mark.parametrize("encoding", ["cp1254", "iso8859-9", "utf-16", "utf-8-sig"])
def test_turkish_is_read_in_the_encodings_it_comes_in(encoding: str) -> None:
    assert decode("a.txt", (TURKISH * 3).encode(encoding)) == TURKISH * 3


def test_what_is_declared_is_taken_where_the_bytes_are_no_utf_8() -> None:
    assert decode("a.html", "Müller für".encode("cp1252"), "windows-1252") == "Müller für"


def test_the_first_byte_that_makes_no_sense_is_named() -> None:
    with pytest.raises(CorpusError, match=r"a\.txt.*byte 6"):
        decode("a.txt", b"abcd\xff\xfe\x81\x8d")


def test_a_turkish_text_with_a_longer_english_summary_is_read_by_its_turkish_lines() -> None:
    english = "The lake dried up and the people of the village built their houses on the shore.\n"
    text = f"{TURKISH}\n{english * 12}"
    assert decode("a.txt", text.encode("cp1254")) == text
