"""Bringing the index on disk up to the corpus.

Owns: when an index is stale, what of the corpus can be read, and one build from scan to swap.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dipnot.corpus import Corpus, Text, read_text, scan_corpus
from dipnot.errors import BuildRunning, CorpusError, IndexUnusable, listed, shown
from dipnot.index.build import Index, build_index, report
from dipnot.index.passages import CHUNKING
from dipnot.index.store import build_lock, check_encoder, new_generation, open_index, publish
from dipnot.settings import Settings
from dipnot.types import BuildReport, Document, Encoder, FileFailure, Manifest, Progress

_AT_ONCE = 4  # files read at a time; each may take what ``readers.confined`` allows

log = logging.getLogger(__name__)


def refresh(
    settings: Settings, encoder: Encoder, progress: Progress
) -> tuple[Index, BuildReport | None]:
    """Open the index; build it first where it is missing, unusable or stale.

    A stale index is served as it is when the corpus cannot be read or another process builds.
    """
    index = open_fitting(settings.index, encoder)
    try:
        if (
            index is not None
            and stale(index.manifest, scan_corpus(settings.corpus), encoder) is None
        ):
            return index, None
        built = update_index(settings, encoder, progress)
    except (CorpusError, BuildRunning) as error:
        if index is None:
            raise
        log.error("%s The index is served as it is.", error)  # noqa: TRY400 - the sentence is all
        return index, None
    return open_index(settings.index, encoder), built


def update_index(settings: Settings, encoder: Encoder, progress: Progress) -> BuildReport:
    """Bring the index on disk up to the corpus; embeds only what changed.

    Publishes nothing when nothing changed. Raises CorpusError when no text can be read,
    BuildRunning when another process builds.
    """
    with build_lock(settings.index):
        corpus = scan_corpus(settings.corpus)
        previous = open_fitting(settings.index, encoder)
        if previous is not None and stale(previous.manifest, corpus, encoder) is None:
            manifest = previous.manifest
            return report(
                manifest.documents, manifest.documents, manifest.failed,
                manifest.generation, manifest.passages, 0,
            )  # fmt: skip
        documents, failed = read_all(corpus, settings.corpus, progress)
        generation = new_generation()
        index, built = build_index(documents, failed, encoder, previous, generation, progress)
        progress("writing", 0, 1)
        publish(settings.index, index, settings.keep_generations)
        return built


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
