"""Bringing the index on disk up to the corpus.

Owns: when an index is stale, what of the corpus can be read, and one build from scan to swap.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from dipnot.corpus import Corpus, Text, read_text, scan_corpus
from dipnot.errors import (
    REBUILD,
    CorpusError,
    DipnotError,
    IndexMissing,
    IndexUnusable,
    listed,
    shown,
)
from dipnot.index.build import Index, build_index, report
from dipnot.index.generations import is_held
from dipnot.index.kept import forget_kept, open_kept
from dipnot.index.passages import CHUNKING
from dipnot.index.store import (
    build_lock,
    check_encoder,
    make_current,
    new_generation,
    open_index,
    open_newest,
    publish,
)
from dipnot.settings import Settings
from dipnot.types import BuildReport, Document, Encoder, FileFailure, Manifest, Progress

_AT_ONCE = 4  # files read at a time; each may take what ``readers.confined`` allows

log = logging.getLogger(__name__)


def refresh(
    settings: Settings, encoder: Encoder, progress: Progress
) -> tuple[Index, BuildReport | None]:
    """Open the index; build it first where it is missing, unusable or stale.

    It is served as it is when it was rolled back to, and when it cannot be brought up to date.
    """
    if is_held(settings.index):
        return open_newest(settings.index, encoder)[0], None
    try:
        built, index = _update(settings, encoder, progress, log.warning)
    except DipnotError as error:
        return as_it_is(settings, encoder, error), None
    return index or open_index(settings.index, encoder), built if built.published else None


def as_it_is(settings: Settings, encoder: Encoder, error: DipnotError) -> Index:
    """Open what can be served although a build failed; raises its error where there is nothing."""
    try:
        index, _ = open_newest(settings.index, encoder)
    except IndexUnusable:
        raise error from None
    log.error("%s The index is served as it is.", error)
    return index


def update_index(
    settings: Settings,
    encoder: Encoder,
    progress: Progress,
    warn: Callable[[str], None] = log.warning,
) -> BuildReport:
    """Bring the index on disk up to the corpus; embeds only what changed.

    Publishes nothing when nothing changed. ``warn`` gets a sentence when the generation being
    served is damaged and another, or none, is gone on from. Raises CorpusError when no text can be
    read, BuildRunning when another process builds, IndexUnusable when the disk takes nothing.
    """
    return _update(settings, encoder, progress, warn)[0]


def _update(
    settings: Settings, encoder: Encoder, progress: Progress, warn: Callable[[str], None]
) -> tuple[BuildReport, Index | None]:
    """Like ``update_index``; gives the open index as well where nothing changed."""
    begun = time.monotonic()
    try:
        with build_lock(settings.index):
            built, index = _build(settings, encoder, progress, warn)
    except IndexUnusable:
        # A folder that nobody may write to holds an index that is up to date, or an error.
        found, trouble = _previous(settings.index, encoder)
        if found is None or trouble or stale(found.manifest, scan_corpus(settings.corpus), encoder):
            raise
        built, index = _unchanged(found), found
    return replace(built, seconds=round(time.monotonic() - begun, 1)), index


def _build(
    settings: Settings, encoder: Encoder, progress: Progress, warn: Callable[[str], None]
) -> tuple[BuildReport, Index | None]:
    progress("comparing", 0, 0)
    corpus = scan_corpus(settings.corpus)
    previous, trouble = _previous(settings.index, encoder)
    if trouble is not None:
        named = f"goes on from {previous.manifest.generation}" if previous else "begins anew"
        warn(f"{trouble.removesuffix(REBUILD).rstrip()} The build {named}.")
    if previous is not None and stale(previous.manifest, corpus, encoder) is None:
        if trouble is not None:
            make_current(settings.index, previous.manifest.generation)
        return _unchanged(previous), previous
    documents, failed = read_all(corpus, settings.corpus, progress)
    generation = new_generation(settings.index)
    kept = open_kept(settings.index, encoder)
    try:
        index, built = build_index(documents, failed, encoder, previous, generation, progress, kept)
    finally:
        kept.close()
    progress("writing", 0, 0)
    publish(settings.index, index, settings.keep_generations)
    forget_kept(settings.index)
    return built, None


def _unchanged(index: Index) -> BuildReport:
    manifest = index.manifest
    same = manifest.documents
    made = report(same, same, manifest.failed, manifest.generation, manifest.passages, 0)
    return replace(made, published=False)


def _previous(folder: Path, encoder: Encoder) -> tuple[Index | None, str | None]:
    """The newest index that is whole and fits, and why it is not the one being served."""
    try:
        return open_newest(folder, encoder)
    except IndexMissing as error:
        log.info("%s", error)
        return None, None
    except IndexUnusable as error:
        return None, str(error)


def read_all(
    corpus: Corpus, folder: Path, progress: Progress
) -> tuple[list[Document], list[FileFailure]]:
    """Read the texts of a corpus; raises CorpusError when not one of them can be read."""
    failed = list(corpus.failed)
    documents = []
    for done, read in enumerate(_read_side_by_side(corpus.texts)):
        progress("reading", done, len(corpus.texts))
        if isinstance(read, FileFailure):
            failed.append(read)
        else:
            documents.append(read)
    if not documents:
        reasons = " ".join(f.reason for f in failed[:3])
        raise CorpusError(
            f"No text in {shown(str(folder))} can be read. {reasons}".rstrip()
            if failed
            else f"The corpus folder {shown(str(folder))} holds no text. Put a text into it."
        )
    return documents, failed


def _read_side_by_side(texts: Sequence[Text]) -> Iterator[Document | FileFailure]:
    """Read texts in their order, several at a time: what takes long is parsed apart anyway."""
    pool = ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1), thread_name_prefix="reading")
    try:
        yield from pool.map(_read, texts)
    finally:
        pool.shutdown(cancel_futures=True)


def _read(text: Text) -> Document | FileFailure:
    try:
        return read_text(text)
    except CorpusError as error:
        return FileFailure(text.source.file, str(error))


def open_fitting(folder: Path, encoder: Encoder) -> Index | None:
    """The index as it is on disk; None when there is none that fits."""
    try:
        return open_index(folder, encoder)
    except IndexUnusable as error:
        log.info("%s", error)
        return None


def stale(manifest: Manifest, corpus: Corpus, encoder: Encoder | None) -> str | None:
    """Say how a corpus and encoder differ from what an index was built of; None if they do not."""
    if encoder is not None:
        try:
            check_encoder(manifest, encoder)
        except IndexUnusable as error:
            return str(error)
    if manifest.chunking != CHUNKING:
        return f"passages were cut as {manifest.chunking}, now they are cut as {CHUNKING}"
    unreadable = {failure.file: failure.reason for failure in manifest.failed}
    failing = {failure.file: failure.reason for failure in corpus.failed}
    found = {}
    for text in corpus.texts:
        # What could not be read is tried again: its hash is not kept.
        if text.source.file in unreadable and text.source.doc_id not in manifest.documents:
            reason = _why_unreadable(text)
            if reason is not None:
                failing[text.source.file] = reason
                continue
        found[text.source.doc_id] = text.content_hash
    before = manifest.documents
    names = {d for d in (*found, *before) if before.get(d) != found.get(d)}
    names |= {f for f in (*failing, *unreadable) if failing.get(f) != unreadable.get(f)}
    return f"these texts changed: {listed(names)}" if names else None


def _why_unreadable(text: Text) -> str | None:
    try:
        read_text(text)
    except CorpusError as error:
        return str(error)
    return None
