"""Embeddings of damaged generations: what is intact is not embedded again, what is not, is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dipnot.building import update_index
from dipnot.index.store import current_generation, open_index
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder


def build(settings: Settings, encoder: FakeEncoder) -> tuple[int, int]:
    """Build; gives how many passages were embedded and how many taken over."""
    made = update_index(settings, encoder, lambda *_: None, lambda _: None)
    return made.embedded, made.resumed


def folder_of(settings: Settings) -> Path:
    return settings.index / "generations" / current_generation(settings.index)


def flip(path: Path, at: int = -3) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)


@pytest.mark.parametrize(
    "name",
    ["documents.jsonl", "dense/index.faiss", "lexical/vocabulary.json", "centring/questions.npy",
     "manifest.sha256"],
)  # fmt: skip
@pytest.mark.parametrize("with_tokens", [True, False])
def test_one_wrong_bit_elsewhere_costs_no_embedding(
    settings: Settings, name: str, *, with_tokens: bool
) -> None:
    encoder = FakeEncoder(with_tokens=with_tokens)
    total, _ = build(settings, encoder)
    before = np.asarray(open_index(settings.index).legs.dense.vectors)
    flip(folder_of(settings) / name)
    assert build(settings, encoder) == (0, total)
    after = open_index(settings.index, encoder)
    np.testing.assert_array_equal(np.asarray(after.legs.dense.vectors), before)
    assert (after.legs.late is not None) is with_tokens


def test_wrong_tokens_cost_the_single_sentences_alone(
    settings: Settings, encoder: FakeEncoder
) -> None:
    build(settings, encoder)
    sentences = len(open_index(settings.index).places.sentences)
    flip(folder_of(settings) / "late" / "tokens.npy")
    embedded, resumed = build(settings, encoder)
    assert embedded == sentences
    assert resumed > 0


@pytest.mark.parametrize("name", ["dense/vectors.npy", "passages/hashes.npy"])
def test_what_is_wrong_itself_is_embedded_anew(
    settings: Settings, encoder: FakeEncoder, name: str
) -> None:
    total, _ = build(settings, encoder)
    flip(folder_of(settings) / name)
    assert build(settings, encoder) == (total, 0)


def test_another_encoder_or_cutting_takes_nothing_over(settings: Settings) -> None:
    total, _ = build(settings, FakeEncoder())
    assert build(settings, FakeEncoder("other", "0" * 32)) == (total, 0)
    manifest = folder_of(settings) / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**told, "chunking": "sentences-9/9"}))
    assert build(settings, FakeEncoder("other", "0" * 32)) == (total, 0)


def test_another_format_of_other_files_costs_no_embedding(
    settings: Settings, encoder: FakeEncoder
) -> None:
    total, _ = build(settings, encoder)
    manifest = folder_of(settings) / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format_version": 3}))
    assert build(settings, encoder) == (0, total)


def test_what_the_generation_before_lacks_is_taken_from_the_damaged_one(
    settings: Settings, encoder: FakeEncoder
) -> None:
    build(settings, encoder)
    (settings.corpus / "mill.txt").write_text(LAKE.replace("müzededir", "kayıptır"), "utf-8")
    added, _ = build(settings, encoder)
    flip(folder_of(settings) / "documents.jsonl")
    assert build(settings, encoder) == (0, added)
