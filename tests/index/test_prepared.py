"""Texts that are ready to be written: cut and embedded once, here or out of an index in files."""

from __future__ import annotations

import numpy as np

from dipnot.building import open_fitting, update_index
from dipnot.corpus import read_text, scan_corpus
from dipnot.index.kept import Recalled
from dipnot.index.prepared import prepare, taken_over
from dipnot.settings import Settings
from fakes import FakeEncoder


def test_a_text_out_of_an_index_is_the_one_that_would_be_prepared_anew(
    settings: Settings, encoder: FakeEncoder
) -> None:
    update_index(settings, encoder, lambda *_: None)
    index = open_fitting(settings.index, encoder)
    assert index is not None
    (text,) = scan_corpus(settings.corpus).texts
    made = prepare(read_text(text), encoder, Recalled(), lambda *_: None)
    taken = taken_over(index, "lake")
    assert (taken.document, taken.passages, taken.terms) == (
        made.document, made.passages, made.terms,
    )  # fmt: skip
    assert taken.embedded == 0 < made.embedded
    assert taken.sentences == made.sentences == len(made.tokens or ())
    for one, other in zip(taken.tokens or (), made.tokens or (), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-2)


def test_what_is_recalled_is_not_embedded_again(settings: Settings, encoder: FakeEncoder) -> None:
    (text,) = scan_corpus(settings.corpus).texts
    first = prepare(read_text(text), encoder, Recalled(), lambda *_: None)
    recalled, singles = Recalled(), iter(first.tokens or ())
    for passage, vector in zip(first.passages, first.vectors, strict=True):
        tokens = next(singles) if len(passage.sentences) == 1 else None
        recalled.put(passage.content_hash, vector, tokens)
    again = prepare(read_text(text), encoder, recalled, lambda *_: None)
    assert again.embedded == 0
    np.testing.assert_allclose(again.vectors, first.vectors, atol=1e-6)
    assert recalled.find("nothing", single=True) is None
