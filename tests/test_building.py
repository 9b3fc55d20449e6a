"""Bringing the index up to the corpus: what is reported, reused and published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dipnot.building import read_all, refresh, stale, update_index
from dipnot.corpus import scan_corpus
from dipnot.errors import CorpusError
from dipnot.index.store import current_generation, open_index
from dipnot.settings import Settings
from fakes import LAKE, RAILWAY, FakeEncoder


def test_reports_name_what_was_added_changed_removed_and_reused(
    settings: Settings, encoder: FakeEncoder
) -> None:
    def update() -> tuple[tuple[str, ...], ...]:
        made = update_index(settings, encoder, lambda *_: None)
        return made.added, made.changed, made.removed, made.reused

    assert update() == (("lake",), (), (), ())
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    (settings.corpus / "lake.txt").write_text(LAKE + "\nSon.\n", "utf-8")
    assert update() == (("railway",), ("lake",), (), ())
    (settings.corpus / "lake.txt").unlink()
    assert update() == ((), (), ("lake",), ("railway",))


def test_nothing_changed_embeds_and_publishes_nothing(
    settings: Settings, encoder: FakeEncoder
) -> None:
    first = update_index(settings, encoder, lambda *_: None)
    encoder.passages.clear()
    again = update_index(settings, encoder, lambda *_: None)
    assert encoder.passages == []
    assert again.generation == first.generation == current_generation(settings.index)
    assert again.reused == ("lake",)


def test_another_encoder_reuses_nothing(settings: Settings, encoder: FakeEncoder) -> None:
    update_index(settings, encoder, lambda *_: None)
    other = FakeEncoder("other", "0" * 32)
    made = update_index(settings, other, lambda *_: None)
    assert made.embedded == made.passages > 0
    assert open_index(settings.index, other).manifest.encoder == "other"


def test_what_is_missing_is_built_and_what_fits_is_opened(
    settings: Settings, encoder: FakeEncoder
) -> None:
    index, built = refresh(settings, encoder, lambda *_: None)
    assert built is not None
    assert built.added == ("lake",)
    again, nothing = refresh(settings, encoder, lambda *_: None)
    assert nothing is None
    assert again.manifest.generation == index.manifest.generation


def test_an_index_is_stale_by_what_differs_and_only_by_that(
    settings: Settings, encoder: FakeEncoder
) -> None:
    manifest = refresh(settings, encoder, lambda *_: None)[0].manifest
    corpus = scan_corpus(settings.corpus)
    assert stale(manifest, corpus, encoder) is None
    assert stale(manifest, corpus, None) is None
    assert "other" in str(stale(manifest, corpus, FakeEncoder("other", "0" * 32)))
    assert "passages were cut as" in str(stale(replace(manifest, chunking="x"), corpus, encoder))
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    assert "railway" in str(stale(manifest, scan_corpus(settings.corpus), encoder))


def test_a_corpus_of_which_nothing_can_be_read_is_an_error_with_the_reasons(
    settings: Settings,
) -> None:
    (settings.corpus / "lake.txt").write_bytes(b"a\0b")
    with pytest.raises(CorpusError, match=r"No text in .* can be read\..*lake\.txt"):
        read_all(scan_corpus(settings.corpus), settings.corpus, lambda *_: None)
    (settings.corpus / "lake.txt").unlink()
    with pytest.raises(CorpusError, match=r"holds no text\. Put a text into it"):
        read_all(scan_corpus(settings.corpus), settings.corpus, lambda *_: None)
