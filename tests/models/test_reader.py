"""The trained reader: its weights as shipped, and what it makes of sentences."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.errors import EncoderError
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.reader import (
    BEGIN,
    END,
    LOWEST,
    PAD,
    Reader,
    lay_out,
    load_reader,
    padded,
)
from dipnot.models.weightfile import READER

numbers = st.lists(st.integers(4, 9), max_size=5)


@given(question=numbers, sentences=st.lists(numbers, min_size=1, max_size=4))
def test_every_sentence_begins_where_it_is_said_and_ends_with_its_mark(
    question: list[int], sentences: list[list[int]]
) -> None:
    laid, begins = lay_out(question, sentences)
    assert laid[: len(question) + 3] == [BEGIN, *question, END, END]
    assert len(begins) == len(sentences)
    for begin, sentence in zip(begins, sentences, strict=True):
        assert laid[begin : begin + len(sentence) + 1] == [*sentence, END]
    assert sum(n == END for n in laid) == len(sentences) + 2


def test_rows_are_padded_to_the_longest_and_the_mask_says_where() -> None:
    rows, mask = padded([[0, 5, 2], [0, 2]])
    assert rows.tolist() == [[0, 5, 2], [0, 2, PAD]]
    assert mask.tolist() == [[False] * 3, [False, False, True]]


class Other:
    """An encoder that the weights were not trained on."""

    base_fingerprint = "another"

    def pieces(self, text: str) -> Any:
        raise AssertionError(text)

    def embed_pieces(self, numbers: Any) -> Any:
        raise AssertionError(numbers)


def test_the_weights_of_one_encoder_are_not_used_with_another() -> None:
    assert load_reader(Other()) is None


@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "flipped head", "no file"])
def test_broken_weights_are_an_error_that_says_what_to_type(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "reader.safetensors"
    if harm == "no file":
        path.mkdir()
    elif harm != "missing":
        data = READER.read_bytes()
        cut = {"empty": b"", "cut": data[: len(data) // 2], "flipped head": b"\xff" * 8 + data[8:]}
        path.write_bytes(cut[harm])
    with pytest.raises(EncoderError, match="DIPNOT_READER=off") as raised:
        load_reader(Other(), path)
    assert str(path) in str(raised.value)


@pytest.fixture(scope="module")
def reader(real_encoder: SentenceTransformerEncoder) -> Reader:
    found = load_reader(real_encoder)
    assert found is not None, "the weights shipped are for another encoder"
    return found


WINDOW = [
    "Değirmen 3 Mayıs 1902’de çıkan bir yangında yandı.",
    "Köylüler kışı komşu kasabada geçirdi.",
    "Yeni değirmeni 1905 yılında Hasan Usta yaptı.",
]


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Değirmen ne zaman yandı?", 0, "3 Mayıs 1902"),
        ("Yeni değirmeni kim yaptı?", 2, "Hasan Usta"),
        ("Köylüler kışı nerede geçirdi?", 1, "komşu kasaba"),
        ("When did the mill burn down?", 0, "3 Mayıs 1902"),
        ("Where did the villagers spend the winter?", 1, "komşu kasaba"),
    ],
)
def test_the_sentence_that_states_it_is_told_from_its_neighbours(
    reader: Reader, question: str, sentence: int, words: str
) -> None:
    (readings,) = reader.read(question, [WINDOW])
    best = max(range(3), key=lambda i: readings[i].span)
    assert best == sentence
    assert words in WINDOW[best][slice(*readings[best].words)]


@pytest.mark.model
def test_what_no_sentence_states_gets_less_evidence(reader: Reader) -> None:
    (stated,) = reader.read("Değirmen ne zaman yandı?", [WINDOW])
    (absent,) = reader.read("Roma Cumhuriyeti hangi yıl kuruldu?", [WINDOW])
    assert max(r.evidence for r in stated) > max(r.evidence for r in absent) + 2


@pytest.mark.model
def test_windows_are_read_apart_and_in_any_order(reader: Reader) -> None:
    others = [["Kısa."], WINDOW, ["Bir cümle daha var burada."] * 3, [""], ["🙂 “?”"]]
    together = reader.read("Değirmen ne zaman yandı?", others)
    assert [len(r) for r in together] == [len(w) for w in others]
    (alone,) = reader.read("Değirmen ne zaman yandı?", [WINDOW])
    for one, other in zip(alone, together[1], strict=True):
        assert one.evidence == pytest.approx(other.evidence, abs=0.3)  # bfloat16
    for window, readings in zip(others, together, strict=True):
        for sentence, reading in zip(window, readings, strict=True):
            assert 0 <= reading.words.start <= reading.words.end <= len(sentence)


@pytest.mark.model
def test_of_no_windows_there_are_no_readings(reader: Reader) -> None:
    assert reader.read("Değirmen ne zaman yandı?", []) == []


def test_words_of_hundreds_of_letters_break_nothing(reader: Reader) -> None:
    monster = "9aqx" * 200 + "."
    question = f"{monster} {WINDOW[2]}"
    (readings,) = reader.read(question, [[monster, monster, WINDOW[2], monster, WINDOW[0]]])
    assert len(readings) == 5
    assert all(np.isfinite([r.evidence, r.span]).all() for r in readings)
    assert readings[-1].evidence == LOWEST  # beyond what the network can see
    assert reader.read_again(question, monster, monster).span > LOWEST


@pytest.mark.model
def test_read_again_a_sentence_gets_the_mean_of_both_readings(reader: Reader) -> None:
    question, sentence = "Yeni değirmeni kim yaptı?", WINDOW[2]
    ((alone,),) = reader.read(question, [[sentence]])
    ((_, behind),) = reader.read(question, [WINDOW[1:]])
    again = reader.read_again(question, sentence, WINDOW[1])
    evidence = [alone.evidence, behind.evidence]
    assert again.evidence == pytest.approx(np.mean(evidence), abs=1e-3)
    assert min(alone.span, behind.span) <= again.span <= max(alone.span, behind.span)
    assert "Hasan Usta" in sentence[slice(*again.words)]


@pytest.mark.model
def test_a_sentence_with_none_before_it_is_read_alone(reader: Reader) -> None:
    question, sentence = "Yeni değirmeni kim yaptı?", WINDOW[2]
    ((alone,),) = reader.read(question, [[sentence]])
    assert reader.read_again(question, sentence, None) == alone


@pytest.mark.model
def test_a_file_of_weights_may_be_named(
    tmp_path: Path, real_encoder: SentenceTransformerEncoder
) -> None:
    copy = tmp_path / "mine.safetensors"
    shutil.copyfile(READER, copy)
    assert load_reader(real_encoder, copy) is not None
