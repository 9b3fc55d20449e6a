"""The composition root: the open index and encoder, answering, and swapping in a rebuilt index.

Owns: the only mutable object. A question holds on to the index that it began with, so a swap
never tears an answer.
"""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

from dipnot.answer import MODE, Candidate, choose, cite, compose, judge
from dipnot.corpus import Corpus, read_text, scan_corpus
from dipnot.encoder import load_encoder
from dipnot.errors import (
    BuildRunning,
    Busy,
    CorpusError,
    DipnotError,
    IndexUnusable,
    InvalidInput,
    NotFound,
    NotReady,
    shown,
)
from dipnot.index import Index, build_index, report
from dipnot.language import question_language
from dipnot.passages import CHUNKING
from dipnot.retrieval import Filters, Ranking, make_query, rank, standalone
from dipnot.settings import Settings
from dipnot.store import (
    build_lock,
    check_encoder,
    new_generation,
    open_index,
    publish,
    read_manifest,
    roll_back,
)
from dipnot.types import (
    KINDS,
    LANGUAGES,
    Answer,
    BuildReport,
    Citation,
    Document,
    Encoder,
    FileFailure,
    Hit,
    Kind,
    Language,
    Manifest,
    Passage,
    Progress,
    Turn,
)

log = logging.getLogger(__name__)

_T = TypeVar("_T", bound=str)

QUESTION_LENGTH = 2000
MOST_HITS = 100
MOST_TURNS = 50


@dataclass(frozen=True, slots=True)
class BuildState:
    """Where a rebuild stands."""

    state: Literal["idle", "running", "done", "failed"] = "idle"
    stage: str = ""
    done: int = 0
    total: int = 0
    started_at: str | None = None
    report: BuildReport | None = None
    error: str | None = None


class Engine:
    """Answers from the index that is open; opens, rebuilds and swaps it."""

    def __init__(self, settings: Settings, encoder: Encoder | None = None) -> None:
        """Make an engine without an index; ``load`` opens one."""
        self.settings = settings
        self._encoder = encoder
        self._index: Index | None = None
        self._loading = BuildState()
        self._rebuild = BuildState()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(settings.max_concurrent)

    # --- the index -----------------------------------------------------------------------------

    def load(self) -> None:
        """Load the encoder, build the index where it is missing or stale, and open it.

        What goes wrong is kept for ``status`` and raised.
        """
        self._loading = BuildState("running", "loading", started_at=_now())

        def tell(stage: str, done: int, total: int) -> None:
            self._loading = replace(self._loading, stage=stage, done=done, total=total)

        try:
            if self._encoder is None:
                self._encoder = load_encoder(self.settings.encoder, self.settings.cache)
            index, built = refresh(self.settings, self._encoder, tell)
            self._index = index
            self._loading = replace(self._loading, state="done", report=built)
        except Exception as error:
            self._loading = replace(self._loading, state="failed", error=_sentence(error))
            raise

    def reload(self) -> None:
        """Open the current generation and answer from it from now on."""
        self._index = open_index(self.settings.index, self._need_encoder())

    def start_rebuild(self) -> BuildState:
        """Begin a rebuild beside the serving index; raises BuildRunning when one is under way."""
        self._need_encoder()
        with self._lock:
            if self._rebuild.state == "running":
                raise BuildRunning("A rebuild is running already. Wait until it is done.")
            self._rebuild = BuildState("running", "starting", started_at=_now())
        threading.Thread(target=self._run_rebuild, name="rebuild", daemon=True).start()
        return self._rebuild

    def _run_rebuild(self) -> None:
        def tell(stage: str, done: int, total: int) -> None:
            self._rebuild = replace(self._rebuild, stage=stage, done=done, total=total)

        try:
            built = update_index(self.settings, self._need_encoder(), tell)
            self.reload()
            self._rebuild = replace(self._rebuild, state="done", stage="done", report=built)
        except Exception as error:
            if not isinstance(error, DipnotError):
                log.exception("the rebuild failed")
            self._rebuild = replace(self._rebuild, state="failed", error=_sentence(error))

    def roll_back(self) -> str:
        """Serve the generation before the current one; gives its id."""
        self._need_encoder()
        with build_lock(self.settings.index):
            generation = roll_back(self.settings.index)
        self.reload()
        return generation

    @property
    def index(self) -> Index:
        """The open index; raises NotReady before there is one."""
        index = self._index
        if index is None:
            raise NotReady(self.unready_reason())
        return index

    def _need_encoder(self) -> Encoder:
        if self._encoder is None:
            raise NotReady(self.unready_reason())
        return self._encoder

    def unready_reason(self) -> str:
        """Say why there is no index yet and what to do."""
        if self._loading.state == "failed":
            return f"There is no index: {self._loading.error}"
        if self._loading.state == "running":
            step = (
                f" ({self._loading.done} of {self._loading.total})" if self._loading.total else ""
            )
            return f"The index is being prepared: {self._loading.stage}{step}. Try again shortly."
        return "There is no index yet. Run `.venv/bin/dipnot build`."

    @property
    def is_ready(self) -> bool:
        """Whether questions are answered."""
        return self._index is not None

    @property
    def loading(self) -> BuildState:
        """Where the first opening stands."""
        return self._loading

    @property
    def rebuild(self) -> BuildState:
        """Where the last rebuild stands."""
        return self._rebuild

    def staleness(self) -> str | None:
        """Say how the corpus differs from the open index; None when it does not."""
        try:
            return stale(self.index.manifest, scan_corpus(self.settings.corpus), self._encoder)
        except CorpusError as error:
            return str(error)

    # --- questions -----------------------------------------------------------------------------

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        doc_id: str | None = None,
        language: str | None = None,
        kind: str | None = None,
    ) -> tuple[Index, list[Hit]]:
        """Find passages; gives the index that answered and at most ``k`` hits, best first.

        Raises InvalidInput, NotFound for an unknown filter value, NotReady, Busy.
        """
        text = check_question(query, "q")
        check_k(k)
        index = self.index
        filters = make_filters(index, doc_id, language, kind)
        with self._place():
            ranking = self._rank(index, text, k, filters)
        return index, list(ranking.hits)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        k: int = 8,
        doc_id: str | None = None,
    ) -> tuple[Index, Answer]:
        """Answer a question with verbatim sentences, or say that the text does not.

        Gives the index that answered as well.

        Raises InvalidInput, NotFound for an unknown document, NotReady, Busy.
        """
        text = check_question(question, "question")
        check_k(k)
        if len(history) > MOST_TURNS:
            raise InvalidInput(
                f"history has {len(history)} turns; expected at most {MOST_TURNS}.", "history"
            )
        index = self.index
        filters = make_filters(index, doc_id, None, None)
        with self._place():
            ranking = self._rank(index, standalone(text, history), k, filters)
        language: Language = question_language(text) or "en"
        best = ranking.sentences[0] if ranking.sentences else None
        match = max((s.match for s in ranking.sentences), default=-1.0)
        verdict = judge(match, best.lexical) if best else "not_in_text"
        citations: tuple[Citation, ...] = ()
        if verdict != "not_in_text":
            numbers = {int(row): n for n, row in enumerate(index.layout.sentences)}
            candidates = [
                Candidate(index.documents[s.doc_id], index.passages[s.row], numbers[s.row], s.score)
                for s in ranking.sentences[:20]
            ]
            by_span = {(p.doc_id, p.span): p.passage_id for p in index.passages}
            citations = cite(choose(candidates), text, by_span)
        answer = Answer(
            question=question,
            verdict=verdict,
            text=compose(verdict, citations, language),
            citations=citations,
            hits=ranking.hits,
            mode=MODE,
            language=language,
            generation=index.manifest.generation,
        )
        return index, answer

    def _rank(self, index: Index, text: str, k: int, filters: Filters) -> Ranking:
        encoded = self._need_encoder().encode_queries([text])
        return rank(index, make_query(text, encoded, index), k, filters)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Take one of the places for questions answered at once; raises Busy after a wait."""
        if not self._places.acquire(timeout=10):
            raise Busy(
                f"{self.settings.max_concurrent} questions are being answered already. Try again."
            )
        try:
            yield
        finally:
            self._places.release()

    # --- looking things up ---------------------------------------------------------------------

    def document(self, doc_id: str) -> Document:
        """Find a document; raises NotFound naming those there are."""
        documents = self.index.documents
        if doc_id not in documents:
            raise NotFound(f"There is no document {shown(doc_id)}; known: {_known(documents)}.")
        return documents[doc_id]

    def passage(self, passage_id: str) -> Passage:
        """Find a passage; raises NotFound."""
        found = next((p for p in self.index.passages if p.passage_id == passage_id), None)
        if found is None:
            raise NotFound(f"There is no passage {shown(passage_id)} in this generation.")
        return found


def open_engine(settings: Settings) -> Engine:
    """Open the index as it is on disk, for one question; raises IndexMissing if there is none."""
    read_manifest(settings.index)
    engine = Engine(settings, load_encoder(settings.encoder, settings.cache))
    engine.reload()
    return engine


def refresh(
    settings: Settings, encoder: Encoder, progress: Progress
) -> tuple[Index, BuildReport | None]:
    """Open the index; build it first where it is missing, unusable or stale."""
    try:
        manifest = read_manifest(settings.index)
        reason = stale(manifest, scan_corpus(settings.corpus), encoder)
        if reason is None:
            return open_index(settings.index, encoder), None
        log.info("the index is stale: %s", reason)
    except IndexUnusable as error:
        log.info("%s", error)
    built = update_index(settings, encoder, progress)
    return open_index(settings.index, encoder), built


def update_index(settings: Settings, encoder: Encoder, progress: Progress) -> BuildReport:
    """Bring the index on disk up to the corpus; embeds only what changed.

    Publishes nothing when nothing changed. Raises CorpusError when no text can be read,
    BuildRunning when another process builds.
    """
    with build_lock(settings.index):
        corpus = scan_corpus(settings.corpus)
        previous = _previous(settings.index, encoder)
        if previous is not None and stale(previous.manifest, corpus, encoder) is None:
            manifest = previous.manifest
            return report(
                manifest.documents, manifest.documents, manifest.failed,
                manifest.generation, manifest.passages, 0,
            )  # fmt: skip
        documents, failed = _read_all(corpus, settings.corpus, progress)
        generation = new_generation()
        index, built = build_index(documents, failed, encoder, previous, generation, progress)
        progress("writing", 0, 1)
        publish(settings.index, index, settings.keep_generations)
        return built


def _read_all(
    corpus: Corpus, folder: Path, progress: Progress
) -> tuple[list[Document], list[FileFailure]]:
    failed = list(corpus.failed)
    documents = []
    for done, text in enumerate(corpus.texts):
        progress("reading", done, len(corpus.texts))
        try:
            documents.append(read_text(text))
        except CorpusError as error:
            failed.append(FileFailure(text.source.file, str(error)))
    if not documents:
        reasons = " ".join(f.reason for f in failed)
        raise CorpusError(
            f"No text in {shown(str(folder))} can be read. {reasons}".rstrip()
            if failed
            else f"The corpus folder {shown(str(folder))} holds no text. Put a .txt file into it."
        )
    return documents, failed


def _previous(folder: Path, encoder: Encoder) -> Index | None:
    """The index to reuse vectors from; None when there is none that fits."""
    try:
        return open_index(folder, encoder)
    except IndexUnusable:
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
    unreadable = {failure.file for failure in manifest.failed}
    found = {
        t.source.doc_id: t.content_hash
        for t in corpus.texts
        if t.source.doc_id in manifest.documents or t.source.file not in unreadable
    }
    names = sorted(
        {d for d in found if manifest.documents.get(d) != found[d]}
        | (set(manifest.documents) - set(found))
    )
    return f"these texts changed: {', '.join(names)}" if names else None


def check_question(text: str, field: str) -> str:
    """Bring a question to one line; raises InvalidInput when it is none.

    Tab and line breaks count as spaces; other control characters are refused.
    """
    if len(text) > QUESTION_LENGTH:
        raise InvalidInput(
            f"{field} has {len(text):,} characters; expected 1 to {QUESTION_LENGTH:,}.", field
        )
    plain = " ".join(text.replace("\x85", "\n").split("\n"))
    plain = plain.replace("\t", " ").replace("\r", " ")
    bad = next((c for c in plain if unicodedata.category(c) in ("Cc", "Cs")), None)
    if bad is not None:
        kind = (
            "the lone surrogate" if unicodedata.category(bad) == "Cs" else "the control character"
        )
        raise InvalidInput(
            f"{field} holds {kind} U+{ord(bad):04X}; expected text without it.", field
        )
    plain = " ".join(plain.split())
    if not any(c.isalnum() for c in plain):
        found = "is empty" if not plain else f"is {shown(plain)}, without a letter or digit"
        raise InvalidInput(f"{field} {found}; expected a question.", field)
    return plain


def check_k(k: int) -> None:
    """Raise InvalidInput unless ``k`` is a number of hits that can be asked for."""
    if not 1 <= k <= MOST_HITS:
        raise InvalidInput(f"k is {k}; expected 1 to {MOST_HITS}.", "k")


def make_filters(
    index: Index, doc_id: str | None, language: str | None, kind: str | None
) -> Filters:
    """Check filter values; raises NotFound naming the known ones."""
    if doc_id is not None and doc_id not in index.documents:
        raise NotFound(f"There is no document {shown(doc_id)}; known: {_known(index.documents)}.")
    known_language = _one_of(language, LANGUAGES, "language")
    known_kind: Kind | None = _one_of(kind, KINDS, "kind")
    return Filters(doc_id, known_language, known_kind)


def _one_of(value: str | None, known: Sequence[_T], name: str) -> _T | None:
    if value is None:
        return None
    found = next((k for k in known if k == value), None)
    if found is None:
        raise NotFound(f"There is no {name} {shown(value)}; known: {', '.join(known)}.")
    return found


def _known(names: Iterable[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:10]) + (" …" if len(listed) > 10 else "")


def _sentence(error: BaseException) -> str:
    if isinstance(error, DipnotError):
        return str(error)
    return f"An unexpected error: {type(error).__name__}. The server's log says more."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
