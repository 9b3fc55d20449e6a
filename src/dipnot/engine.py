"""The composition root: the open index and the models, and swapping in a rebuilt index.

Owns: the only mutable object. A question holds on to the index that it began with, so a swap
never tears an answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Literal

from dipnot.answer.heard import hear, turns_that_asked
from dipnot.answer.respond import Models, respond, search
from dipnot.building import (
    as_it_is,
    home_in,
    is_without_corpus,
    open_held,
    refresh,
    stale,
)
from dipnot.corpus import Stamp, scan_corpus, stamp_corpus
from dipnot.errors import (
    BuildRunning,
    CorpusError,
    DipnotError,
    IndexAway,
    IndexDamaged,
    IndexUnusable,
    InvalidInput,
    NotFound,
    NotReady,
    Stopping,
    listed,
    shown,
)
from dipnot.index.build import Index
from dipnot.models.cores import cores
from dipnot.models.light import give_back, load_encoder
from dipnot.models.reader import Reader, load_reader
from dipnot.models.utterances import Utterances, load_utterances
from dipnot.models.weightfile import READER
from dipnot.question.admission import Admission
from dipnot.question.limits import MOST_TURNS, check_k, check_question, check_quote, make_filters
from dipnot.question.understanding import read_by, understand
from dipnot.rebuild import Process, follow_build, start_build, stop_build
from dipnot.retrieval.quotations import check_quotation
from dipnot.retrieval.rank import WEIGHTS, Weights
from dipnot.settings import Settings, key_in
from dipnot.types import (
    Answer,
    BuildReport,
    BuildState,
    Document,
    Encoder,
    Generation,
    Hit,
    Language,
    Manifest,
    Observation,
    Part,
    Passage,
    QuoteCheck,
    Step,
    Turn,
)

if TYPE_CHECKING:
    from dipnot.models.endpoint import Endpoint

log = logging.getLogger(__name__)

MOST_WRITTEN = 8  # answers at once: what writes them has fewer cores than ask of it

Mode = Literal["extractive", "written"]


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
        self._home = home_in(settings)
        self._encoder = encoder
        self._reader = reader
        self._utterances: tuple[Encoder, Utterances | None] | None = None
        self._weights = weights
        self._index: Index | None = None
        self._loading = BuildState()
        self._rebuild = BuildState()
        self._process: Process | None = None
        self._cancelled: Process | None = None
        self._follower: Thread | None = None
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._swapping = threading.Lock()
        self._refused = ""
        self._away = False
        self._trouble: str | None = None
        self._doubt: str | None = None
        self._staleness: tuple[str, Stamp, str | None] | None = None
        # Writing takes long and waits for another machine: it may not keep quoting from its places.
        self._writers = threading.BoundedSemaphore(min(settings.max_concurrent, MOST_WRITTEN))
        self.endpoint = open_endpoint(settings)
        self.admission = Admission(settings.max_concurrent, cores())
        self.observers: list[Callable[[Observation], None]] = []

    # --- the index -----------------------------------------------------------------------------

    def load(self) -> None:
        """Load the models, have a missing or stale index built, and open it.

        The build is a process of its own, unless the engine was given its encoder, which no other
        process could be. What goes wrong is kept for ``status`` and raised.
        """
        self._loading = BuildState("running", "loading", started_at=_now())
        try:
            built = self._load_beside() if self._encoder is None else self._load_here(self._encoder)
            self._loading = replace(self._loading, state="done", report=built)
        except Exception as error:
            self._loading = replace(self._loading, state="failed", error=_sentence(error))
            raise

    def _load_here(self, encoder: Encoder) -> BuildReport | None:
        def tell(stage: str, done: int, total: int) -> None:
            self._loading = replace(self._loading, stage=stage, done=done, total=total)

        self._index, built = refresh(self.settings, encoder, tell)
        return built

    def _load_beside(self) -> BuildReport | None:
        """Load the models here while another process brings the index up to the corpus."""
        held: tuple[Encoder, Reader | None] | None = None
        if self._home.is_held():  # it is looked at before a build, and that needs the encoder
            held = load_models(self.settings)
            self._index = open_held(self._home, held[0])
            if self._index is not None:
                self._encoder, self._reader = held
                return None
        is_away = is_without_corpus(self.settings)
        process = None if is_away else self._start(gives_way=False)
        with ThreadPoolExecutor(1, thread_name_prefix="models") as pool:
            models = pool.submit(lambda: held or load_models(self.settings))

            def serve_what_is_whole(trouble: str) -> None:
                log.error("%s", trouble)
                self._encoder, self._reader = models.result()
                self._trouble = trouble
                with suppress(IndexUnusable):
                    self._index, _ = self._home.open_newest(self._encoder)

            built, failed = None, None
            if process is not None:
                try:
                    built = follow_build(process, self._tell_loading, serve_what_is_whole)
                except DipnotError as error:
                    failed = error
            self._encoder, self._reader = models.result()
        if self._closing.is_set():
            raise Stopping
        if failed is not None:
            self._index = as_it_is(self.settings, self._encoder, failed)
        else:
            self._index, self._trouble = self._home.open_newest(self._encoder)
        return built if built is not None and built.published else None

    def _tell_loading(self, step: Step) -> None:
        self._loading = _at(self._loading, step)

    def reload(self) -> None:
        """Open the current generation and answer from it from now on."""
        self._index = self._home.open(self._need_encoder())
        self._trouble = None

    def catch_up(self) -> None:
        """Serve the generation that is current, whoever built it; keep the old one if it is unfit.

        Questions in flight end on the index that they began with.
        """
        with self._swapping:
            served = self._index.manifest.generation if self._index is not None else None
            if self._encoder is None:
                return
            current = ""
            if self._doubt is not None:
                self._change_over(self._doubt)
                return
            try:
                current = self._home.current()
                if current not in (served, self._refused):
                    self.reload()
                elif self._away:
                    self._away, self._refused, self._trouble = False, "", None
            except IndexUnusable as error:
                self._away = isinstance(error, IndexAway)
                if served is not None and self._refused != (current or str(error)):
                    log.error("%s Generation %s is served.", error, served)  # noqa: TRY400 - a sentence
                self._refused = current or str(error)
                self._trouble = str(error)

    def _change_over(self, doubt: str) -> None:
        """Serve the newest whole generation, because the one that is served was damaged."""
        self._doubt = None
        log.error("%s", doubt)
        self._refused = ""
        trouble: str | None = doubt
        try:
            self._index, trouble = self._home.open_newest(self._encoder)
        except IndexUnusable as error:
            log.error("%s", error)  # noqa: TRY400 - a sentence
        self._trouble = trouble
        if trouble is None:  # it is the same, and whole: the error passed
            return
        self._refused = doubt
        with suppress(IndexUnusable):
            self._refused = self._home.current()

    def keep_up(self, every: float = 1.0, opened: Callable[[], None] = lambda: None) -> None:
        """Catch up again and again, in seconds, until the engine is closed.

        ``opened`` is called for the index that is open, and for each that takes its place. Whatever
        goes wrong is logged, once, and tried again.
        """
        seen: Index | None = None
        said = ""
        while True:
            try:
                if self._index is not seen:
                    seen = self._index
                    opened()
                if self._closing.wait(every):
                    return
                self.catch_up()
            except Exception as error:
                if said != repr(error):
                    log.exception("the index could not be kept up")
                said = repr(error)
            else:
                said = ""

    def begin_to_close(self) -> None:
        """Be no longer ready for new questions; those in flight are answered, and none begun."""
        self._closing.set()
        self.admission.close()

    def close(self) -> None:
        """Stop the build that runs and whatever waits; questions in flight are answered."""
        self.begin_to_close()
        process, thread = self._process, self._follower
        if process is not None:
            stop_build(process)
        if thread is not None:
            thread.join()

    @property
    def is_closing(self) -> bool:
        """Whether ``close`` was called."""
        return self._closing.is_set()

    def start_rebuild(self) -> BuildState:
        """Begin a rebuild beside the serving index; raises BuildRunning when one is under way."""
        self._need_encoder()
        with self._lock:
            if self._rebuild.state == "running":
                raise BuildRunning(
                    "A rebuild is running already. Wait until it is done, or cancel it with "
                    "DELETE /api/index/rebuild."
                )
            with self._home.lock():
                pass  # no other process builds, and the folder can be written to
            before = self._published()
            process = self._start()
            begun = self._rebuild = BuildState("running", "starting", started_at=_now())
            self._follower = Thread(target=self._follow, args=(process, before), name="rebuild")
            self._follower.start()
        return begun

    def cancel_rebuild(self) -> BuildState:
        """End the rebuild that runs; gives what came of it, for it may have just published.

        Raises NotFound where none runs.
        """
        with self._lock:
            process, thread = self._process, self._follower
            if self._rebuild.state != "running" or process is None or thread is None:
                raise NotFound("No rebuild is running.")
            self._cancelled = process
        stop_build(process)
        thread.join()
        return self._rebuild

    def _start(self, *, gives_way: bool = True) -> Process:
        """Start a build, unless the engine was closed meanwhile."""
        process = start_build(self.settings, gives_way=gives_way)
        self._process = process
        if self._closing.is_set():
            stop_build(process)
        return process

    def _follow(self, process: Process, before: str | None) -> None:
        """Follow a rebuild to its end, which nobody else tells; ``before``: what was current."""

        def tell(step: Step) -> None:
            with self._lock:
                self._rebuild = _at(self._rebuild, step)

        error: str | None = None
        built: BuildReport | None = None
        try:
            built = follow_build(process, tell)
            self.catch_up()
        except Exception as failed:
            if not isinstance(failed, DipnotError):
                log.exception("the rebuild failed")
            error = _sentence(failed)
        now = self._published()
        with self._lock:
            if built is not None:
                self._rebuild = replace(self._rebuild, state="done", stage="done", report=built)
                return
            if self._cancelled is process:
                error = _cancelled(before, now)
            self._rebuild = replace(self._rebuild, state="failed", error=error)

    def _published(self) -> str | None:
        with suppress(IndexUnusable):
            return self._home.current()
        return None

    def generations(self) -> list[Generation]:
        """Tell of the generations kept, newest first."""
        return self._home.generations()

    def roll_back(self, generation: str | None = None) -> str:
        """Serve a generation kept, by default the one before the current; gives its id."""
        encoder = self._need_encoder()
        with self._home.lock():
            served = self._home.roll_back(generation, encoder)
        self.catch_up()
        return served

    @property
    def index(self) -> Index:
        """The open index; raises NotReady before there is one."""
        index = self._index
        if index is None:
            raise NotReady(self.unready_reason())
        return index

    def _models(self) -> Models:
        encoder = self._need_encoder()
        if self._utterances is None or self._utterances[0] is not encoder:
            self._utterances = (encoder, load_utterances(encoder))
        return Models(encoder, self._reader, self._weights, self._utterances[1])

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
    def trouble(self) -> str | None:
        """What is wrong with the index on disk, where another generation is served."""
        return self._trouble

    @property
    def is_held(self) -> bool:
        """Whether the generation that is served was rolled back to, and no start builds over it."""
        return self._home.is_held()

    @property
    def reader_fingerprint(self) -> str:
        """Which reader puts what is found in order; empty where none does."""
        return "" if self._reader is None else self._reader.fingerprint

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
        """Say what is wrong with the index on disk, or how the corpus differs from the open one.

        None when nothing is. A corpus whose files have not changed since is not read again.
        """
        if self._trouble is not None:
            return self._trouble
        manifest, stamp = self.index.manifest, stamp_corpus(self.settings.corpus)
        if is_without_corpus(self.settings):
            return None
        known = self._staleness
        if known is None or known[:2] != (manifest.generation, stamp):
            known = (manifest.generation, stamp, self._compare(manifest))
            self._staleness = known
        return known[2]

    def _compare(self, manifest: Manifest) -> str | None:
        try:
            return stale(manifest, scan_corpus(self.settings.corpus), self._encoder)
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
        offset: int = 0,
        rerank: bool = True,
    ) -> tuple[Index, list[Hit]]:
        """Find passages; gives the index that answered and at most ``k`` hits, best first.

        ``offset``: how many of the best are left out; ranks count them. ``rerank``: the best are
        read together with the query, as those of an answer are. That takes several times as long
        as all else.

        Raises InvalidInput, NotFound for an unknown filter value, NotReady, Busy.
        """
        question = understand(check_question(query, "q"))
        check_k(k, offset)
        index = self.index
        filters = make_filters(index.documents, doc_id, language, kind)
        with self._place():
            hits = search(index, self._models(), question, offset + k, filters, rerank=rerank)
            return index, list(hits[offset:])

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        k: int = 8,
        doc_id: str | None = None,
        mode: Mode | None = None,
    ) -> tuple[Index, Answer]:
        """Answer a question with verbatim sentences, or say that the text does not.

        Gives the index that answered as well. Raises what ``ask_stream`` does.
        """
        index, parts = self.ask_stream(question, history, k, doc_id, mode)
        return index, next(part for part in parts if isinstance(part, Answer))

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        k: int = 8,
        doc_id: str | None = None,
        mode: Mode | None = None,
        *,
        reader: Language = "en",
    ) -> tuple[Index, Iterator[Part]]:
        """Answer like ``ask``, part by part as each is known; see ``respond``.

        ``mode``: None is written where a language model is set up. Then the text comes in pieces.
        ``reader``: the language of the answer to a question that is in neither.

        Raises InvalidInput, NotFound for an unknown document, NotReady; Busy when it is begun, and
        TookTooLong between two parts, once ``Admission.longest`` is over.
        """
        text = check_question(question, "question")
        check_k(k)
        if len(history) > MOST_TURNS:
            raise InvalidInput(
                f"history has {len(history)} turns; expected at most {MOST_TURNS}.", "history"
            )
        endpoint = self._endpoint_for(mode)
        index = self.index
        filters = make_filters(index.documents, doc_id, None, None)
        models = self._models()
        before = turns_that_asked(history)

        def parts() -> Iterator[Part]:
            with self.admission.flight():
                yield from found()

        def found() -> Iterator[Part]:
            # A part may wait to be taken for as long as its reader likes, so no place is held then.
            with self._place() as waited:
                go_on = self.admission.begin()
                encoded = models.encoder.encode_queries([text])
                own = models.utterances
                heard = hear(index, own, text, encoded) if own is not None else None
                asked = read_by(replace(understand(text, before, heard), text=question), reader)
                reads = replace(models, go_on=go_on)
                begun = time.perf_counter()
                answered = respond(index, reads, asked, k, filters, encoded)
                hits = next(answered)
                seconds = {"retrieval": time.perf_counter() - begun}
                go_on()
            yield hits
            with self._place(back=True) as waited_again:
                begun = time.perf_counter()
                *rest, whole = answered
                assert isinstance(whole, Answer)  # noqa: S101 - an answer ends with the whole
                seconds["answer"] = time.perf_counter() - begun
            seconds["queue"] = waited + waited_again
            seen = Observation(text, whole.verdict, whole.generation, seconds)
            if endpoint is None or asked.request != "ask":
                self._observe(seen)
                go_on()
                yield from (*rest, whole)
                return
            go_on()
            yield from (part for part in rest if not isinstance(part, str))
            yield from self._observed_writing(
                self._written(index, models, endpoint, whole), seen, bool(whole.citations)
            )

        return index, parts()

    def _observed_writing(
        self, parts: Iterator[Part], seen: Observation, writes: bool
    ) -> Iterator[Part]:
        """Give parts on, and tell the observers of the whole, also where nobody listens to it."""
        begun, written = time.perf_counter(), None
        try:
            for part in parts:
                if isinstance(part, Answer):
                    written = part.writing
                    break
                yield part
        finally:
            took = {"writing": time.perf_counter() - begun} if writes else {}
            self._observe(replace(seen, seconds=seen.seconds | took, written=written))
        yield part

    def _endpoint_for(self, mode: Mode | None) -> Endpoint | None:
        if mode == "written" and self.endpoint is None:
            raise InvalidInput(
                "mode is 'written', but this server has no language model set up; expected "
                "'extractive' or null.",
                "mode",
            )
        return None if mode == "extractive" else self.endpoint

    def _written(
        self, index: Index, models: Models, endpoint: Endpoint, answer: Answer
    ) -> Iterator[Part]:
        """Have what quotes something written as well; what quotes nothing stays as it is."""
        from dipnot.answer.support import Judges  # noqa: PLC0415 - with a language model only
        from dipnot.answer.writer import unwritten, write  # noqa: PLC0415 - as above

        if not answer.citations:
            yield answer.text
            yield answer
            return
        reader = models.reader
        judges = Judges(reader, models.encoder, index.means) if reader is not None else None
        if not self._writers.acquire(blocking=False):
            yield from unwritten(endpoint, answer, "busy")
            return
        try:
            yield from write(index, judges, endpoint, answer)
        finally:
            self._writers.release()

    def verify(
        self, quote: str, doc_id: str | None = None, page: int | str | None = None
    ) -> tuple[Index, QuoteCheck]:
        """Check whether a quotation stands in the texts, and where it is cited.

        Raises InvalidInput, NotFound for an unknown document, NotReady, Busy.
        """
        check_quote(quote)
        index = self.index
        if doc_id is not None:
            self.document(doc_id)
        with self._place():
            return index, check_quotation(index, quote, doc_id, page)

    def _observe(self, observed: Observation) -> None:
        for observer in self.observers:
            observer(observed)

    @contextmanager
    def _place(self, *, back: bool = False) -> Iterator[float]:
        """Take a place for a question; gives the seconds waited. Raises Busy if there is none.

        ``back``: for the rest of an answer.
        """
        with self.admission.place(back=back) as waited:
            try:
                yield waited
            except IndexDamaged as error:
                self._doubt = str(error)  # ``catch_up`` looks for another
                raise

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
        row = index.row_of(passage_id)
        if row is None:
            raise NotFound(f"There is no passage {shown(passage_id)} in this generation.")
        return index.passages[row]


def open_endpoint(settings: Settings) -> Endpoint | None:
    """The language model that is set up; None, and nothing imported, where none is.

    Raises SettingsError where its key cannot be read.
    """
    if settings.llm_url is None or settings.llm_model is None:
        return None
    from dipnot.models.endpoint import Endpoint  # noqa: PLC0415 - with a language model only

    key = key_in(settings.llm_key_file, settings.llm_key, "llm_key_file")
    return Endpoint(settings.llm_url, settings.llm_model, key)


def open_engine(settings: Settings, *, briefly: bool = False) -> Engine:
    """Open the index as it is on disk; raises IndexMissing if there is none.

    ``briefly``: for one question, see ``load_models``.
    """
    home_in(settings).manifest()
    engine = Engine(settings, *load_models(settings, briefly=briefly))
    engine.reload()
    return engine


def load_models(settings: Settings, *, briefly: bool = False) -> tuple[Encoder, Reader | None]:
    """Load the encoder, and the reader unless it is off or was trained on another encoder.

    ``briefly``: for a question or two; then torch, which takes longest to load, is not needed.
    """
    encoder = load_encoder(settings.encoder, settings.cache, briefly=briefly)
    if settings.reader == "off":
        return encoder, None
    weights = READER if settings.reader == "default" else Path(settings.reader)
    reader = load_reader(encoder, weights, briefly=briefly)
    if reader is None:
        log.info("The reader was not trained on %s; answering without it.", encoder.name)
    give_back()
    return encoder, reader


def _at(state: BuildState, step: Step) -> BuildState:
    return replace(
        state, stage=step.stage, done=step.done, total=step.total,
        rate=step.rate, seconds_left=step.seconds_left,
    )  # fmt: skip


def _cancelled(before: str | None, now: str | None) -> str:
    """Say what a rebuild left that was cancelled: it may have published, and not said so yet."""
    if now is None or now == before:
        return "It was cancelled; the index is as it was."
    return f"It was cancelled too late: it had published generation {now} by then."


def _sentence(error: BaseException) -> str:
    if isinstance(error, DipnotError):
        return str(error)
    return f"An unexpected error: {type(error).__name__}. The server's log says more."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
