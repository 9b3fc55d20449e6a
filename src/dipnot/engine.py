"""The composition root: the open index and the models, and swapping in a rebuilt index.

Owns: the only mutable object. A question holds on to the index that it began with, so a swap
never tears an answer.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from threadpoolctl import threadpool_limits

from dipnot.answer.respond import Models, respond, search
from dipnot.building import refresh, stale, update_index
from dipnot.corpus import scan_corpus
from dipnot.errors import (
    BuildRunning,
    Busy,
    CorpusError,
    DipnotError,
    InvalidInput,
    NotFound,
    NotReady,
    listed,
    shown,
)
from dipnot.index.build import Index
from dipnot.index.store import build_lock, open_index, read_manifest, roll_back
from dipnot.models.encoder import load_encoder
from dipnot.models.reader import Reader, load_reader
from dipnot.models.weightfile import READER
from dipnot.question.limits import MOST_TURNS, check_k, check_question, make_filters
from dipnot.question.understanding import understand
from dipnot.retrieval.rank import WEIGHTS, Weights
from dipnot.settings import Settings
from dipnot.types import (
    Answer,
    BuildState,
    Document,
    Encoder,
    Hit,
    Part,
    Passage,
    Turn,
)

log = logging.getLogger(__name__)

_LONGEST_WAIT = 10.0  # seconds for one of the places


class Engine:
    """Answers from the index that is open; opens, rebuilds and swaps it."""

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder | None = None,
        reader: Reader | None = None,
        weights: Weights = WEIGHTS,
    ) -> None:
        """Make an engine without an index; ``load`` opens one, and loads models not given."""
        self.settings = settings
        self._encoder = encoder
        self._reader = reader
        self._weights = weights
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
                self._encoder, self._reader = load_models(self.settings)
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

    def _models(self) -> Models:
        return Models(self._need_encoder(), self._reader, self._weights)

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

        They are not read together with the query, as those of an answer are: that takes several
        times as long as all else.

        Raises InvalidInput, NotFound for an unknown filter value, NotReady, Busy.
        """
        question = understand(check_question(query, "q"))
        check_k(k)
        index = self.index
        filters = make_filters(index.documents, doc_id, language, kind)
        with self._place():
            return index, list(search(index, self._models(), question, k, filters))

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        k: int = 8,
        doc_id: str | None = None,
    ) -> tuple[Index, Answer]:
        """Answer a question with verbatim sentences, or say that the text does not.

        Gives the index that answered as well. Raises what ``ask_stream`` does.
        """
        index, parts = self.ask_stream(question, history, k, doc_id)
        return index, next(part for part in parts if isinstance(part, Answer))

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        k: int = 8,
        doc_id: str | None = None,
    ) -> tuple[Index, Iterator[Part]]:
        """Answer like ``ask``, part by part as each is known; see ``respond``.

        Raises InvalidInput, NotFound for an unknown document, NotReady; Busy when it is begun.
        """
        text = check_question(question, "question")
        check_k(k)
        if len(history) > MOST_TURNS:
            raise InvalidInput(
                f"history has {len(history)} turns; expected at most {MOST_TURNS}.", "history"
            )
        index = self.index
        filters = make_filters(index.documents, doc_id, None, None)
        models = self._models()
        asked = replace(understand(text, history), text=question)

        def parts() -> Iterator[Part]:
            with self._place():
                yield from respond(index, models, asked, k, filters)

        return index, parts()

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Take one of the places for questions answered at once; raises Busy after a wait."""
        if not self._places.acquire(timeout=_LONGEST_WAIT):
            raise Busy(
                f"All {self.settings.max_concurrent} places for questions are taken. Try again."
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
            raise NotFound(f"There is no document {shown(doc_id)}; known: {listed(documents)}.")
        return documents[doc_id]

    def passage(self, passage_id: str) -> Passage:
        """Find a passage; raises NotFound."""
        index = self.index
        if passage_id not in index.rows:
            raise NotFound(f"There is no passage {shown(passage_id)} in this generation.")
        return index.passages[index.rows[passage_id]]


def open_engine(settings: Settings) -> Engine:
    """Open the index as it is on disk, for one question; raises IndexMissing if there is none."""
    read_manifest(settings.index)
    engine = Engine(settings, *load_models(settings))
    engine.reload()
    return engine


def load_models(settings: Settings) -> tuple[Encoder, Reader | None]:
    """Load the encoder, and the reader unless it is off or was trained on another encoder."""
    encoder = load_encoder(settings.encoder, settings.cache)
    # The BLAS threads of numpy and FAISS wait for work by spinning, which takes the cores from
    # torch: with them an answer takes 150 ms on two cores, without 70 to 100.
    threadpool_limits(1, user_api="blas")
    if settings.reader == "off":
        return encoder, None
    reader = load_reader(encoder, READER if settings.reader == "default" else Path(settings.reader))
    if reader is None:
        log.info("The reader was not trained on %s; answering without it.", encoder.name)
    return encoder, reader


def _sentence(error: BaseException) -> str:
    if isinstance(error, DipnotError):
        return str(error)
    return f"An unexpected error: {type(error).__name__}. The server's log says more."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
