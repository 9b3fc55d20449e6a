"""An encoder that is known before it is loaded, and loaded only to embed."""

from __future__ import annotations

from pathlib import Path

import pytest

from dipnot.building import update_index
from dipnot.errors import EncoderError
from dipnot.models import lazy
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.lazy import LazyEncoder, lazy_encoder
from dipnot.settings import Settings
from fakes import DIMENSION, LAKE, FakeEncoder


def test_a_build_that_changes_nothing_loads_no_model(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(spec: str, _: Path | None, *, briefly: bool) -> FakeEncoder:
        assert briefly
        loaded.append(spec)
        return FakeEncoder()

    monkeypatch.setattr(lazy, "load_encoder", load)
    monkeypatch.setattr(LazyEncoder, "dimension", DIMENSION)
    stages: list[str] = []
    first = update_index(settings, lazy_encoder(), lambda stage, *_: stages.append(stage))
    assert (first.published, loaded) == (True, ["default"])
    assert "loading" in stages
    again = update_index(settings, lazy_encoder(), lambda *_: None)
    assert (again.published, again.generation, loaded) == (False, first.generation, ["default"])
    (settings.corpus / "lake.txt").write_text(LAKE + "\nSon.\n", "utf-8")
    assert update_index(settings, lazy_encoder(), lambda *_: None).published
    assert loaded == ["default", "default"]
    plain = lazy_encoder("plain")
    assert plain.fingerprint != lazy_encoder().fingerprint
    assert plain.fingerprint == LazyEncoder("plain", None).base_fingerprint


def test_any_other_model_is_loaded_to_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = FakeEncoder()
    monkeypatch.setattr(lazy, "load_encoder", lambda *_: encoder)
    assert lazy_encoder("some/model") is encoder


def test_weights_that_are_gone_are_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lazy, "ENCODER", tmp_path / "gone")
    with pytest.raises(EncoderError, match=r"cannot be read: .*Install Dipnot again"):
        lazy_encoder()


@pytest.mark.model
def test_what_is_known_beforehand_is_what_is_loaded(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    known = lazy_encoder()
    assert (known.name, known.fingerprint, known.dimension) == (
        real_encoder.name, real_encoder.fingerprint, real_encoder.dimension,
    )  # fmt: skip
