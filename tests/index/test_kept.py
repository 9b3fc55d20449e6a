"""Embeddings of an interrupted build: found again, or begun anew, and never wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dipnot.building import update_index
from dipnot.index import kept as kept_module
from dipnot.index.kept import forget_kept, open_kept
from dipnot.settings import Settings
from fakes import RAILWAY, FakeEncoder

TEXTS = ["Göl kurutuldu.", "Değirmen yandı.", "Tren geldi."]
HASHES = ["a" * 32, "b" * 32, "c" * 32]


def filled(folder: Path, *, tokens: bool = True) -> FakeEncoder:
    encoder = FakeEncoder(with_tokens=tokens)
    kept = open_kept(folder, encoder)
    kept.add(HASHES, encoder.encode_passages(TEXTS, tokens=True), single=True)
    kept.close()
    return encoder


@pytest.mark.parametrize("tokens", [True, False])
def test_what_was_kept_is_found_as_it_was(tmp_path: Path, tokens: bool) -> None:
    encoder = filled(tmp_path, tokens=tokens)
    encoded = encoder.encode_passages(TEXTS, tokens=True)
    kept = open_kept(tmp_path, encoder)
    for row, content_hash in enumerate(HASHES):
        found = kept.find(content_hash, single=True)
        assert found is not None
        np.testing.assert_array_equal(found.vector, encoded.vectors[row])
        if tokens:
            assert encoded.tokens is not None
            assert found.tokens is not None
            np.testing.assert_array_equal(found.tokens, encoded.tokens[row].astype(np.float16))
        else:
            assert found.tokens is None
    assert kept.find(HASHES[0], single=False) is None
    assert kept.find("d" * 32, single=True) is None
    assert kept.found == 3
    kept.close()
    forget_kept(tmp_path)
    forget_kept(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_anywhere_gives_what_is_whole_and_goes_on(tmp_path: Path) -> None:
    encoder = filled(tmp_path)
    path = tmp_path / ".embedded"
    data = path.read_bytes()
    counts = []
    for end in range(0, len(data), 97):
        path.write_bytes(data[:end])
        kept = open_kept(tmp_path, encoder)
        counts.append(sum(kept.find(h, single=True) is not None for h in HASHES))
        kept.add(HASHES, encoder.encode_passages(TEXTS, tokens=True), single=True)
        kept.close()
        kept = open_kept(tmp_path, encoder)
        assert all(kept.find(h, single=True) for h in HASHES)
        kept.close()
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2}


def test_a_bit_that_is_wrong_ends_what_is_believed(tmp_path: Path) -> None:
    encoder = filled(tmp_path)
    path = tmp_path / ".embedded"
    data = bytearray(path.read_bytes())
    kept = open_kept(tmp_path, encoder)
    right = kept.find(HASHES[0], single=True)
    kept.close()
    assert right is not None
    for at in range(0, len(data), 61):
        data[at] ^= 4
        path.write_bytes(data)
        data[at] ^= 4
        kept = open_kept(tmp_path, encoder)
        found = kept.find(HASHES[0], single=True)
        kept.close()
        assert found is None or np.array_equal(found.vector, right.vector)


def test_what_another_encoder_embedded_is_not_taken(tmp_path: Path) -> None:
    filled(tmp_path)
    kept = open_kept(tmp_path, FakeEncoder("other", "0" * 32))
    assert kept.find(HASHES[0], single=True) is None
    kept.close()


def test_a_file_at_its_limit_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = filled(tmp_path)
    size = (tmp_path / ".embedded").stat().st_size
    monkeypatch.setattr(kept_module, "_MOST_BYTES", size)
    filled(tmp_path)
    assert (tmp_path / ".embedded").stat().st_size == size
    kept = open_kept(tmp_path, encoder)
    assert kept.find(HASHES[0], single=True)
    kept.close()


def test_a_disk_that_takes_nothing_ends_the_keeping_and_not_the_build(
    settings: Settings,
) -> None:
    class Full:
        def __getattr__(self, name: str) -> Any:
            def fail(*_: object) -> None:
                raise OSError(28, "No space left on device")

            return fail

    settings.index.mkdir()
    (settings.index / ".embedded").mkdir()
    kept = open_kept(settings.index, FakeEncoder())
    kept.add(HASHES, FakeEncoder().encode_passages(TEXTS, tokens=True), single=True)
    kept.close()
    (settings.index / ".embedded").rmdir()
    kept = open_kept(settings.index, FakeEncoder())
    kept.close()
    kept._file = Full()  # type: ignore[assignment]
    kept.add(HASHES, FakeEncoder().encode_passages(TEXTS, tokens=True), single=True)
    assert kept._file is None
    assert update_index(settings, FakeEncoder(), lambda *_: None).published


def test_a_build_that_broke_off_embeds_only_the_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dipnot.index.embedding._AT_ONCE", 2)
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")

    class Breaking(FakeEncoder):
        def encode_passages(self, *arguments: Any, **more: Any) -> Any:
            if len(self.passages) >= 6:
                raise RuntimeError
            return super().encode_passages(*arguments, **more)

    broken, whole = Breaking(), FakeEncoder()
    with pytest.raises(RuntimeError):
        update_index(settings, broken, lambda *_: None)
    report = update_index(settings, whole, lambda *_: None)
    assert report.resumed > 2
    again = set(broken.passages) & set(whole.passages)
    assert len(again) <= 1  # the last sentence, for the window over it and the next one
    assert not (settings.index / ".embedded").exists()
