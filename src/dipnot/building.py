"""Bringing the index on disk up to the corpus.

Owns: when an index is stale, what of the corpus can be read, and one build from scan to swap.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from dipnot.corpus import Corpus, Text, read_text, scan_corpus, stamp_corpus
from dipnot.errors import (
    REBUILD,
    CorpusError,
    DipnotError,
    IndexAway,
    IndexMissing,
    IndexUnusable,
    SettingsError,
    listed,
    shown,
)
from dipnot.index.build import Index, build_index, report
from dipnot.index.generations import release
from dipnot.index.growing import Addition, grow_index, is_growable
from dipnot.index.home import FolderHome, home_of
from dipnot.index.kept import Kept, Known, forget_kept, open_kept
from dipnot.index.manifests import check_encoder
from dipnot.index.milvus_build import build_into
from dipnot.index.milvus_home import MilvusHome
from dipnot.index.milvus_upkeep import damage
from dipnot.index.passages import CHUNKING
from dipnot.index.prepared import Prepared, Task, prepare, taken_over
from dipnot.index.salvage import salvage
from dipnot.index.spreading import spread
from dipnot.index.store import (
    build_lock,
    make_current,
    new_generation,
    open_index,
    open_newest,
    publish,
)
from dipnot.models.cores import cores
from dipnot.models.lazy import lazy_encoder
from dipnot.settings import Settings, key_in
from dipnot.types import BuildReport, Document, Encoder, FileFailure, Manifest, Progress

_AT_ONCE = 4  # files read at a time; each may take what ``readers.confined`` allows

log = logging.getLogger(__name__)


def refresh(
    settings: Settings, encoder: Encoder, progress: Progress
) -> tuple[Index, BuildReport | None]:
    """Open the index; build it first where it is missing, unusable or stale.

    It is served as it is when it was rolled back to, and when it cannot be brought up to date.
    """
    home = home_in(settings)
    held = open_held(home, encoder)
    if held is not None:
        return held, None
    if is_without_corpus(settings):
        return home.open_newest(encoder)[0], None
    try:
        built, index = _update(settings, encoder, progress, log.warning)
    except DipnotError as error:
        return as_it_is(settings, encoder, error), None
    return index or home.open(encoder), built if built.published else None


def open_held(home: FolderHome | MilvusHome, encoder: Encoder) -> Index | None:
    """Open the generation that was rolled back to; None where none was, or it cannot be used."""
    if not home.is_held():
        return None
    try:
        return home.open(encoder)
    except IndexUnusable as error:
        log.warning("%s", error)
        return None


def as_it_is(settings: Settings, encoder: Encoder, error: DipnotError) -> Index:
    """Open what can be served although a build failed; raises its error where there is nothing."""
    try:
        index, _ = home_in(settings).open_newest(encoder)
    except IndexUnusable:
        raise error from None
    log.error("%s The index is served as it is.", error)
    return index


def home_in(settings: Settings) -> FolderHome | MilvusHome:
    """The home that the settings name; raises SettingsError for a key that cannot be read."""
    key = None
    if settings.engine is not None:
        key = key_in(settings.index_key_file, settings.index_key, "index_key_file")
    return home_of(settings.index, settings.engine, key)


def is_without_corpus(settings: Settings) -> bool:
    """Whether a server answers out of an engine alone: no text lies here that it could build of."""
    return settings.engine is not None and not stamp_corpus(settings.corpus)


def update_index(
    settings: Settings,
    encoder: Encoder,
    progress: Progress,
    warn: Callable[[str], None] = log.warning,
    workers: int = 0,
) -> BuildReport:
    """Bring the index up to the corpus; embeds only what changed.

    Publishes nothing when nothing changed. ``workers``: processes that embed into an engine beside
    one another, 0 is this one alone. ``warn`` gets a sentence when the generation being
    served is damaged and another, or none, is gone on from. Raises CorpusError when no text can be
    read, BuildRunning when another process builds, IndexUnusable when the disk takes nothing.
    """
    return _update(settings, encoder, progress, warn, workers)[0]


def _update(
    settings: Settings,
    encoder: Encoder,
    progress: Progress,
    warn: Callable[[str], None],
    workers: int = 0,
) -> tuple[BuildReport, Index | None]:
    """Like ``update_index``; gives the open index as well where nothing changed."""
    begun = time.monotonic()
    home = home_in(settings)
    if isinstance(home, MilvusHome):
        built, index = _update_engine(home, settings, encoder, progress, workers)
        return replace(built, seconds=round(time.monotonic() - begun, 1)), index
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
        release(settings.index)
        return _unchanged(previous), previous
    held = _held(previous, corpus)
    read, failed = read_all(corpus, settings.corpus, progress, held)
    generation = new_generation(settings.index)
    if trouble is not None:
        with closing(open_kept(settings.index, encoder)) as kept:
            hashes = set(previous.hashes()) if previous else set()
            salvage(settings.index, encoder, hashes, kept)
    kept = open_kept(settings.index, encoder)
    try:
        made, built = _made(
            corpus, held, read, failed, encoder, previous, generation, progress, kept
        )  # fmt: skip
    finally:
        kept.close()
    progress("writing", 0, 0)
    publish(settings.index, made, settings.keep_generations)
    release(settings.index)
    forget_kept(settings.index)
    return built, None


def _held(previous: Index | None, corpus: Corpus) -> dict[str, str]:
    """The texts that an index holds as they are, with their hashes.

    None where all is written anew anyway.
    """
    if previous is None or not is_growable(previous):
        return {}
    before = previous.manifest.documents
    return {d: own for d, own in corpus.hashes().items() if before.get(d) == own}


def _made(
    corpus: Corpus,
    held: Mapping[str, str],
    read: Sequence[Document],
    failed: Sequence[FileFailure],
    encoder: Encoder,
    previous: Index | None,
    generation: str,
    progress: Progress,
    kept: Kept,
) -> tuple[Index | Addition, BuildReport]:
    """Make an index of what was read and of what a large one holds, or what is added to that."""
    if previous is None or not is_growable(previous):
        return build_index(read, failed, encoder, previous, generation, progress, kept)
    fresh = {d.doc_id: d for d in read}
    # Of a text that was read, the hash is that of the bytes that were read.
    hashes = {**held, **{d: document.content_hash for d, document in fresh.items()}}
    ids = (text.source.doc_id for text in corpus.texts)
    own = {d: hashes[d] for d in ids if d in hashes}
    grown = grow_index(own, read, failed, encoder, previous, generation, progress, kept)
    if grown is not None:
        return grown
    documents = [fresh.get(d) or previous.documents[d] for d in own]
    return build_index(documents, failed, encoder, previous, generation, progress, kept)


def _update_engine(
    home: MilvusHome, settings: Settings, encoder: Encoder, progress: Progress, workers: int
) -> tuple[BuildReport, Index | None]:
    """Bring an engine up to the corpus: text by text, over several processes if told so."""
    progress("comparing", 0, 0)
    corpus = scan_corpus(settings.corpus)
    with home.lock():
        previous = _served_by(home, encoder)
        if (
            previous is not None
            and stale(previous.manifest, corpus, encoder) is None
            and damage(home, home.served()[0]) is None
        ):
            home.release()
            return _unchanged(previous), previous
        before = previous.manifest.documents if previous is not None else {}
        texts = {text.source.doc_id: text for text in corpus.texts}
        if not texts:
            read_all(corpus, settings.corpus, progress)  # says why there is none

        def work(tasks: Iterable[Task]) -> Iterator[Prepared | FileFailure]:
            items = ((texts[task.doc_id], task.known) for task in tasks)
            if workers < 1:
                return (_prepared(encoder, *item) for item in items)
            apart = partial(_prepare_apart, settings.encoder, settings.cache)
            return spread(apart, _lost, items, workers)

        made = build_into(
            home, corpus.hashes(), corpus.failed, work, encoder,
            settings.keep_generations, progress,
        )  # fmt: skip
    built = report(before, made.hashes, made.failed, made.generation, made.passages, made.embedded)
    return replace(built, resumed=made.adopted), None


def migrate(here: Settings, there: Settings, encoder: Encoder, progress: Progress) -> BuildReport:
    """Copy the generation that a folder serves into an engine, and serve it there.

    Nothing is embedded but neutral sentences, for the means. Raises what opening and building do.
    """
    begun = time.monotonic()
    source = open_index(here.index, encoder)
    home = home_in(there)
    if not isinstance(home, MilvusHome):
        raise SettingsError("An index is copied into an engine only.", "to")

    def work(tasks: Iterable[Task]) -> Iterator[Prepared | FileFailure]:
        return (taken_over(source, task.doc_id) for task in tasks)

    with home.lock():
        made = build_into(
            home, source.manifest.documents, source.manifest.failed, work, encoder,
            there.keep_generations, progress,
        )  # fmt: skip
    told = report({}, made.hashes, made.failed, made.generation, made.passages, made.embedded)
    return replace(told, seconds=round(time.monotonic() - begun, 1))


def _served_by(home: MilvusHome, encoder: Encoder) -> Index | None:
    """What an engine serves; None where it serves nothing that fits. Raises IndexAway."""
    try:
        return home.open(encoder)
    except IndexAway:
        raise
    except IndexUnusable as error:
        log.info("%s", error)
        return None


def _prepared(encoder: Encoder, text: Text, known: Known) -> Prepared | FileFailure:
    try:
        return prepare(read_text(text), encoder, known, lambda *_: None)
    except CorpusError as error:
        return FileFailure(text.source.file, str(error))


@cache
def _encoder_here(name: str, folder: Path | None) -> Encoder:
    """The encoder of a process that does nothing else."""
    return lazy_encoder(name, folder)


def _prepare_apart(
    encoder: str, folder: Path | None, item: tuple[Text, Known]
) -> Prepared | FileFailure:
    return _prepared(_encoder_here(encoder, folder), *item)


def _lost(item: tuple[Text, Known], reason: str) -> Prepared | FileFailure:
    file = item[0].source.file
    return FileFailure(file, f"{shown(file)} cannot be embedded: {reason}.")


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
    corpus: Corpus, folder: Path, progress: Progress, held: Collection[str] = ()
) -> tuple[list[Document], list[FileFailure]]:
    """Read the texts of a corpus but those that are ``held`` elsewhere, by their ids.

    Raises CorpusError when there is not one that is held or can be read.
    """
    failed = list(corpus.failed)
    documents = []
    texts = [text for text in corpus.texts if text.source.doc_id not in held]
    for done, read in enumerate(_read_side_by_side(texts)):
        progress("reading", done, len(texts))
        if isinstance(read, FileFailure):
            failed.append(read)
        else:
            documents.append(read)
    if not documents and not held:
        reasons = " ".join(f.reason for f in failed[:3])
        raise CorpusError(
            f"No text in {shown(str(folder))} can be read. {reasons}".rstrip()
            if failed
            else f"The corpus folder {shown(str(folder))} holds no text. Put a text into it."
        )
    return documents, failed


def _read_side_by_side(texts: Sequence[Text]) -> Iterator[Document | FileFailure]:
    """Read texts in their order, several at a time: what takes long is parsed apart anyway."""
    pool = ThreadPoolExecutor(min(_AT_ONCE, cores()), thread_name_prefix="reading")
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
