"""The encoder: the real model, its tokens, and what is said of a model that cannot be loaded."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dipnot.errors import EncoderError
from dipnot.models import encoder as encoder_module
from dipnot.models.bundled import PROMPTS, bundled_model, default_cache
from dipnot.models.encoder import SentenceTransformerEncoder, encode_windows, load_encoder, tune
from dipnot.models.linear import quickest
from dipnot.models.packed import SHA256
from dipnot.models.weightfile import ENCODER, write_weights

QUESTION = "Moskova Antlaşması ne zaman imzalandı?"
ENGLISH = "When was the Treaty of Moscow signed?"
OFF_TOPIC = "Balkabağı çorbası nasıl pişirilir?"


@pytest.mark.model
def test_the_default_is_a_sentence_transformer_with_unit_vectors_of_384(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    from sentence_transformers import SentenceTransformer

    assert isinstance(real_encoder._model, SentenceTransformer)
    assert real_encoder.dimension == 384
    assert real_encoder.base_fingerprint == SHA256[:32] != real_encoder.fingerprint
    encoded = real_encoder.encode_passages([QUESTION, ENGLISH, "x"], tokens=False)
    assert encoded.vectors.shape == (3, 384)
    assert encoded.vectors.dtype == np.float32
    assert encoded.tokens is None
    np.testing.assert_allclose(np.linalg.norm(encoded.vectors, axis=1), 1.0, rtol=1e-5)


@pytest.mark.model
def test_the_model_means_something_across_both_languages(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    question, *others = real_encoder.encode_queries([QUESTION, ENGLISH, OFF_TOPIC]).vectors
    same, different = (float(question @ other) for other in others)
    assert same > different + 0.05


@pytest.mark.model
def test_vectors_are_what_sentence_transformers_gives_with_the_right_prompt(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    model = real_encoder._model
    for kind, encoded in (
        ("query", real_encoder.encode_queries([QUESTION])),
        ("passage", real_encoder.encode_passages([QUESTION], tokens=False)),
    ):
        expected = np.asarray(model.encode([PROMPTS[kind] + QUESTION]))
        np.testing.assert_allclose(encoded.vectors, expected, atol=1e-5)


@pytest.mark.model
@pytest.mark.parametrize("text", [QUESTION, "a", "İ", "  boş  yer ", "x " * 2000])
def test_of_tokensare_the_texts_own_without_prompt_and_special_ones(
    real_encoder: SentenceTransformerEncoder, text: str
) -> None:
    encoded = real_encoder.encode_passages([text], tokens=True)
    own = real_encoder._model.tokenizer(text, add_special_tokens=False)["input_ids"]
    room = real_encoder._model.max_seq_length or 0
    prompt = real_encoder._model.tokenizer(PROMPTS["passage"], add_special_tokens=False)
    assert encoded.tokens is not None
    assert len(encoded.tokens[0]) == min(len(own), room - 2 - len(prompt["input_ids"]))
    np.testing.assert_allclose(np.linalg.norm(encoded.tokens[0], axis=1), 1.0, rtol=1e-5)


@pytest.fixture(scope="module")
def exact_encoder() -> SentenceTransformerEncoder:
    """The bundled model in float32, whatever the processor is quickest in."""
    return load_encoder(trainable=True)


TEXTS = ["Kısa.", QUESTION, "Uzun bir cümle " * 30, *(f"{i}. cümle" for i in range(40))]


@pytest.mark.model
def test_the_format_that_the_processor_is_quickest_in_gives_nearly_the_same_vectors(
    real_encoder: SentenceTransformerEncoder, exact_encoder: SentenceTransformerEncoder
) -> None:
    assert real_encoder.fingerprint == exact_encoder.fingerprint
    exact = exact_encoder.encode_passages(TEXTS, tokens=True)
    quick = real_encoder.encode_passages(TEXTS, tokens=True)
    # Integers are the least exact, which moves no rank that counts: benchmarks/LOG.md.
    of_texts, of_tokens = (0.997, 0.97) if quickest() == "int8" else (0.9995, 0.999)
    assert (quick.vectors * exact.vectors).sum(axis=1).min() > of_texts
    assert quick.tokens is not None
    assert exact.tokens is not None
    for own, true in zip(quick.tokens, exact.tokens, strict=True):
        assert (own * true).sum(axis=1).min() > of_tokens


@pytest.mark.model
def test_a_text_is_embedded_alike_whatever_stands_beside_it(
    exact_encoder: SentenceTransformerEncoder,
) -> None:
    told: list[tuple[int, int]] = []
    together = exact_encoder.encode_passages(
        TEXTS, tokens=True, progress=lambda _, done, total: told.append((done, total))
    )
    for i in (0, 1, 2, 42):
        alone = exact_encoder.encode_passages([TEXTS[i]], tokens=True)
        np.testing.assert_allclose(together.vectors[i], alone.vectors[0], atol=1e-4)
        assert together.tokens is not None
        assert alone.tokens is not None
        np.testing.assert_allclose(together.tokens[i], alone.tokens[0], atol=1e-3)
    assert told[-1] == (len(TEXTS), len(TEXTS))
    assert told == sorted(told)


@pytest.mark.model
def test_no_texts_give_no_vectors(real_encoder: SentenceTransformerEncoder) -> None:
    encoded = real_encoder.encode_passages([], tokens=True)
    assert encoded.vectors.shape == (0, 384)
    assert encoded.tokens == ()


@pytest.mark.model
@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=60))
def test_any_text_gives_a_unit_vector(real_encoder: SentenceTransformerEncoder, text: str) -> None:
    vectors = real_encoder.encode_queries([text]).vectors
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-4)


@pytest.mark.model
def test_a_questions_of_tokensknow_their_places(real_encoder: SentenceTransformerEncoder) -> None:
    encoded = real_encoder.encode_queries([QUESTION])
    assert encoded.tokens is not None
    assert encoded.places is not None
    assert len(encoded.places[0]) == len(encoded.tokens[0])
    words = [QUESTION[place.start : place.end] for place in encoded.places[0]]
    assert "".join(words).split() == "".join(QUESTION.split()).split()
    assert real_encoder.encode_queries([QUESTION * 200]).places is None


@pytest.mark.model
def test_many_threads_get_what_one_gets(real_encoder: SentenceTransformerEncoder) -> None:
    expected = real_encoder.encode_queries([QUESTION]).vectors
    found: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(real_encoder.encode_queries([QUESTION]).vectors)
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    for vectors in found:
        np.testing.assert_allclose(vectors, expected, atol=1e-5)


@pytest.mark.model
def test_plain_is_the_model_as_published_and_the_upper_layers_alone_differ(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    plain = load_encoder("plain")
    assert plain.fingerprint == plain.base_fingerprint == SHA256[:32]
    own, tuned = (e._model.state_dict() for e in (plain, real_encoder))
    differ = {
        name.split("layer.")[-1].split(".")[0] for name in own if (own[name] != tuned[name]).any()
    }
    assert differ == {"6", "7", "8", "9", "10", "11"}


@pytest.mark.parametrize(
    "harm", ["missing", "empty", "cut", "of another model", "another's layers"]
)
def test_broken_upper_layers_are_an_error_that_says_what_to_type(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "encoder.safetensors"
    if harm == "of another model":
        write_weights(path, {"6.x": np.ones((2, 2), np.float32)}, {"encoder_fingerprint": "other"})
    elif harm == "another's layers":
        told = {"encoder_fingerprint": SHA256[:32]}
        write_weights(path, {"6.x": np.ones((2, 2), np.float32)}, told)
    elif harm != "missing":
        data = ENCODER.read_bytes()
        path.write_bytes({"empty": b"", "cut": data[: len(data) // 2]}[harm])
    with pytest.raises(EncoderError, match="DIPNOT_ENCODER=plain") as raised:
        tune(_Untouched(), path)  # type: ignore[arg-type]
    assert str(path) in str(raised.value)


def test_a_network_of_windows_that_does_not_fit_is_an_error_that_says_what_to_type(
    tmp_path: Path,
) -> None:
    path, told = tmp_path / "encoder.safetensors", {"encoder_fingerprint": SHA256[:32]}
    write_weights(path, {"windows.x": np.ones((2, 2), np.float32)}, told)
    with pytest.raises(EncoderError, match="DIPNOT_ENCODER=plain"):
        encode_windows(path, [])


def test_a_file_without_a_network_of_windows_embeds_none(tmp_path: Path) -> None:
    path, told = tmp_path / "encoder.safetensors", {"encoder_fingerprint": SHA256[:32]}
    write_weights(path, {"6.x": np.ones((2, 2), np.float32)}, told)
    assert encode_windows(path, []) is None


class _Untouched:
    """A model of which no layer has the parts that are offered."""

    def __getitem__(self, number: int) -> Any:
        assert number == 0
        return self

    def __getattr__(self, name: str) -> Any:
        return {6: torch.nn.Linear(2, 2)} if name == "layer" else self


@pytest.mark.model
def test_a_folder_of_a_model_is_loaded_and_its_fingerprint_is_of_its_weights() -> None:
    folder = bundled_model(default_cache())
    first = load_encoder(str(folder))
    assert first.name == str(folder)
    assert first._prompts == PROMPTS
    assert first.fingerprint != SHA256[:32]
    first._model[0].auto_model.embeddings.token_type_embeddings.weight.data += 1  # type: ignore[union-attr,operator]
    assert encoder_module._fingerprint(first._model) != first.fingerprint


def test_a_file_instead_of_a_models_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(EncoderError, match=r"model\.bin', a file; expected the folder"):
        load_encoder(str(tmp_path / "model.bin"))


@pytest.mark.parametrize("name", ["./missing", "/missing/model", "~/missing", "a/b/c", "a\\b"])
def test_a_folder_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(EncoderError, match=r"folder .*missing.*does not exist|does not exist"):
        load_encoder(name)


@pytest.mark.model  # for what it imports
@pytest.mark.parametrize("files", [{}, {"config.json": "{"}, {"modules.json": "[1]"}])
def test_a_folder_that_is_no_model_is_an_error_with_a_way_out(
    files: dict[str, str], tmp_path: Path
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(EncoderError, match=r"cannot be loaded: .*Unset DIPNOT_ENCODER") as caught:
        load_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_loading_the_default_model_and_embedding_reach_for_no_network() -> None:
    """In a process of its own, where the hub's library is imported for the first time."""
    script = """
import json, socket
tried = []
def refuse(*address, **_):
    tried.append(repr(address[:2]))
    raise OSError("no network here")
socket.socket.connect = lambda self, address: refuse(address)
socket.getaddrinfo = refuse
from dipnot.models.encoder import load_encoder
vectors = load_encoder().encode_queries(["Neden?"]).vectors
print(json.dumps([tried, vectors.shape[1]]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[], 384]
    assert done.stderr == ""
