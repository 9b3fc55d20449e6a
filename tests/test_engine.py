"""The engine: what it refuses, what it says before it is ready, and how an index is swapped."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dipnot import building
from dipnot.building import stale, update_index
from dipnot.engine import Engine, open_engine
from dipnot.errors import (
    BuildFailed,
    BuildRunning,
    Busy,
    CorpusError,
    IndexMissing,
    InvalidInput,
    NotFound,
    NotReady,
    SettingsError,
)
from dipnot.index import store
from dipnot.index.generations import roll_back
from dipnot.index.store import build_lock, current_generation
from dipnot.question.admission import Admission
from dipnot.question.limits import check_question
from dipnot.rebuild import follow_build
from dipnot.settings import Settings
from dipnot.types import Answer, BuildReport, Citation, Step, Turn
from fakes import LAKE, RAILWAY, FakeEncoder, FakeReader

any_question = st.text(min_size=1, max_size=60) | st.lists(
    st.sampled_from(LAKE.split()), min_size=1, max_size=8
).map(" ".join)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=any_question, earlier=st.lists(any_question, max_size=3))
def test_everything_quoted_stands_in_the_text_at_its_offsets_or_the_question_is_refused(
    engine: Engine, question: str, earlier: list[str]
) -> None:
    try:
        index, answer = engine.ask(question, [Turn(q, "…") for q in earlier])
    except InvalidInput as error:
        assert error.field == "question"  # noqa: PT017 - most questions are not refused
        return
    for doc_id, span, text in (
        *((h.passage.doc_id, h.passage.span, h.passage.text) for h in answer.hits),
        *((c.doc_id, c.span, c.quote) for c in answer.citations),
    ):
        assert index.documents[doc_id].text[span.start : span.end] == text
    assert answer.hits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "is empty"), (" \t\r\n ", "is empty"), ("\u2003", "is empty"),
        ("a\0b", r"control character U\+0000"), ("a\x1bb", r"U\+001B"), ("a\x7fb", r"U\+007F"),
        ("a\ud800b", r"lone surrogate U\+D800"), ("x" * 2001, "2,001 characters"),
        ("\u200b", "without a letter"), ("?!…", "without a letter"),
    ],
)  # fmt: skip
def test_a_question_that_is_none_is_refused_with_what_was_found(text: str, found: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^q .*{found}.*; expected") as caught:
        check_question(text, "q")
    assert caught.value.field == "q"
    str(caught.value).encode()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" a\tb\r\nc\x85d ", "a b c d"),
        ("x" * 2000, "x" * 2000),
        ("7", "7"),
        ("ş", "ş"),
        ("🙂a", "🙂a"),
    ],
)
def test_tabs_and_line_breaks_count_as_spaces(text: str, plain: str) -> None:
    assert check_question(text, "q") == plain


@pytest.mark.parametrize("k", [0, -1, 101, 10**30])
def test_k_is_from_1_to_100(engine: Engine, k: int) -> None:
    with pytest.raises(InvalidInput, match="expected 1 to 100"):
        engine.search("göl", k)
    with pytest.raises(InvalidInput, match="expected 1 to 100"):
        engine.ask("göl", k=k)


def test_unknown_filter_values_are_not_found_and_the_known_are_named(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no document 'x'; known: lake"):
        engine.search("göl", doc_id="x")
    with pytest.raises(NotFound, match="no language 'de'; known: tr, en"):
        engine.search("göl", language="de")
    with pytest.raises(NotFound, match="no kind 'table'; known: front, body"):
        engine.search("göl", kind="table")
    with pytest.raises(NotFound, match="no document 'x'"):
        engine.ask("göl", doc_id="x")
    with pytest.raises(NotFound, match="no passage 'x'"):
        engine.passage("x")


def test_fifty_turns_are_taken_and_fifty_one_refused(engine: Engine) -> None:
    turn = Turn("Göl nerede?", "…")
    engine.ask("Peki ne zaman?", [turn] * 50)
    with pytest.raises(InvalidInput, match="history has 51 turns"):
        engine.ask("Peki ne zaman?", [turn] * 51)


# --- before there is an index --------------------------------------------------------------------


def test_before_an_index_is_open_the_engine_says_what_to_run(settings: Settings) -> None:
    engine = Engine(settings, FakeEncoder())
    for call in (lambda: engine.ask("göl?"), lambda: engine.search("göl"), lambda: engine.index):
        with pytest.raises(NotReady, match=r"Run `\.venv/bin/dipnot build`"):
            call()
    assert not engine.is_ready


def test_while_the_index_is_prepared_the_engine_says_how_far_it_is(settings: Settings) -> None:
    engine = Engine(settings, FakeEncoder())
    said = []

    class Telling(FakeEncoder):
        def encode_passages(self, *arguments: object, **more: object) -> object:  # type: ignore[override]
            made = super().encode_passages(*arguments, **more)  # type: ignore[arg-type]
            said.append(engine.unready_reason())
            return made

    engine._encoder = Telling()  # type: ignore[assignment]
    engine.load()
    assert any("being prepared: embedding (" in text for text in said)
    assert engine.loading.state == "done"


def test_an_index_that_cannot_be_prepared_says_why(settings: Settings) -> None:
    (settings.corpus / "lake.txt").unlink()
    engine = Engine(settings, FakeEncoder())
    with pytest.raises(CorpusError, match=r"holds no text\. Put a text into it"):
        engine.load()
    with pytest.raises(NotReady, match=r"There is no index: .* holds no text"):
        engine.ask("göl?")


def test_an_unexpected_failure_is_kept_from_readers(settings: Settings) -> None:
    encoder = FakeEncoder()
    encoder.error = RuntimeError("secret detail")
    engine = Engine(settings, encoder)
    with pytest.raises(RuntimeError):
        engine.load()
    assert "RuntimeError" in engine.unready_reason()
    assert "secret" not in engine.unready_reason()


def test_a_damaged_index_is_built_anew_when_the_engine_loads(
    settings: Settings, encoder: FakeEncoder
) -> None:
    old = update_index(settings, encoder, lambda *_: None).generation
    (settings.index / "generations" / old / "dense" / "vectors.npy").write_bytes(b"")
    engine = Engine(settings, encoder)
    engine.load()
    assert engine.index.manifest.generation != old
    assert engine.loading.report is not None


def test_a_fresh_index_is_opened_and_nothing_is_built(
    settings: Settings, encoder: FakeEncoder
) -> None:
    update_index(settings, encoder, lambda *_: None)
    encoder.passages.clear()
    engine = Engine(settings, encoder)
    with build_lock(settings.index):
        engine.load()
    assert encoder.passages == []
    assert engine.loading.report is None


@pytest.mark.parametrize("trouble", ["emptied", "gone", "building"])
def test_an_index_that_cannot_be_brought_up_to_date_is_served_as_it_is(
    settings: Settings, encoder: FakeEncoder, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    old = update_index(settings, encoder, lambda *_: None).generation
    engine = Engine(settings, encoder)
    if trouble == "building":
        (settings.corpus / "lake.txt").write_text(RAILWAY, "utf-8")
        with build_lock(settings.index):
            engine.load()
    else:
        (settings.corpus / "lake.txt").unlink()
        if trouble == "gone":
            settings.corpus.rmdir()
        engine.load()
    assert engine.index.manifest.generation == old
    assert engine.staleness()
    errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert "served as it is" in errors[0]


def test_one_question_in_a_terminal_needs_a_built_index(settings: Settings) -> None:
    with pytest.raises(IndexMissing, match=r"Run `\.venv/bin/dipnot build`"):
        open_engine(settings)


# --- too much at once ------------------------------------------------------------------------


def test_more_questions_at_once_than_places_are_refused_at_once(settings: Settings) -> None:
    from dataclasses import replace

    encoder = FakeEncoder()
    engine = Engine(replace(settings, max_concurrent=1), encoder)
    engine.load()
    encoder.gate = threading.Event()
    encoder.asked.clear()
    first = threading.Thread(target=engine.ask, args=("göl?",))
    first.start()
    assert encoder.asked.wait(10)
    with pytest.raises(Busy, match=r"All 1 places .*Try again"):
        engine.search("göl?")
    encoder.gate.set()
    first.join()
    assert engine.search("göl?")[1]


def test_while_a_part_of_an_answer_waits_to_be_taken_another_question_is_answered(
    settings: Settings, encoder: FakeEncoder
) -> None:
    engine = Engine(settings, encoder, FakeReader())
    engine.load()
    engine.admission = Admission(settings.max_concurrent, at_once=1, patience=0.2)
    _, parts = engine.ask_stream("Değirmen ne zaman yandı?")
    taken = []
    for part in parts:
        taken.append(type(part))
        assert engine.admission.running == 0
        assert engine.search("göl?")[1]
        assert engine.ask("Göl ne zaman kurutuldu?")[1].citations
    assert taken == [tuple, Citation, str, Answer]


def test_the_hits_are_given_before_they_are_read(settings: Settings, encoder: FakeEncoder) -> None:
    reader = FakeReader()
    engine = Engine(settings, encoder, reader)
    engine.load()
    _, parts = engine.ask_stream("Değirmen ne zaman yandı?")
    assert next(parts)
    assert reader.read_windows == []
    list(parts)
    assert reader.read_windows


# --- what changes ----------------------------------------------------------------------------


def test_a_question_in_flight_keeps_the_index_that_it_began_with(
    settings: Settings, encoder: FakeEncoder, engine: Engine
) -> None:
    old = engine.index
    encoder.gate, encoder.asked = threading.Event(), threading.Event()
    found: list[tuple[str, str, bool]] = []

    def ask() -> None:
        index, answer = engine.ask("Göl ne zaman kurutuldu?")
        exact = all(
            index.documents[h.passage.doc_id].text[slice(*h.passage.span)] == h.passage.text
            for h in answer.hits
        )
        found.append((index.manifest.generation, answer.generation, exact))

    thread = threading.Thread(target=ask)
    thread.start()
    assert encoder.asked.wait(10)
    (settings.corpus / "lake.txt").write_text(RAILWAY, "utf-8")
    update_index(settings, FakeEncoder(), lambda *_: None)
    engine.reload()
    encoder.gate.set()
    thread.join()
    generation = old.manifest.generation
    assert found == [(generation, generation, True)]
    assert engine.index.manifest.generation != generation


def test_a_broken_text_is_reported_and_the_rest_is_served(
    settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "broken.txt").write_text(" \n")
    made = update_index(settings, encoder, lambda *_: None)
    assert [f.file for f in made.failed] == ["broken.txt"]
    assert made.added == ("lake",)
    again = update_index(settings, encoder, lambda *_: None)
    assert again.generation == made.generation, "a text that stays broken changes nothing"
    assert again.failed == made.failed


def test_a_broken_text_that_was_mended_is_read(settings: Settings, encoder: FakeEncoder) -> None:
    path = settings.corpus / "broken.txt"
    path.write_text(" \n")
    update_index(settings, encoder, lambda *_: None)
    path.write_text(RAILWAY, "utf-8")
    made = update_index(settings, encoder, lambda *_: None)
    assert (made.added, made.failed) == (("broken",), ())


def test_a_text_that_breaks_or_is_broken_otherwise_is_noticed(
    settings: Settings, encoder: FakeEncoder
) -> None:
    path = settings.corpus / "railway.txt"
    path.write_text(RAILWAY, "utf-8")
    update_index(settings, encoder, lambda *_: None)
    path.write_text("", "utf-8")
    broken = update_index(settings, encoder, lambda *_: None)
    assert (broken.removed, [f.file for f in broken.failed]) == (("railway",), ["railway.txt"])
    path.unlink()
    path.symlink_to(settings.index / "CURRENT")
    outside = update_index(settings, encoder, lambda *_: None)
    assert [f.file for f in outside.failed] == ["railway.txt"]
    assert outside.failed != broken.failed
    path.unlink()
    assert update_index(settings, encoder, lambda *_: None).failed == ()


def test_a_file_that_the_catalogue_names_in_vain_is_reported(
    settings: Settings, encoder: FakeEncoder
) -> None:
    update_index(settings, encoder, lambda *_: None)
    (settings.corpus / "corpus.toml").write_text('[[document]]\nfile = "missing.txt"\n')
    assert [f.file for f in update_index(settings, encoder, lambda *_: None).failed] == [
        "missing.txt"
    ]


def test_an_emptied_corpus_fails_and_publishes_nothing(
    settings: Settings, encoder: FakeEncoder, engine: Engine
) -> None:
    generation = current_generation(settings.index)
    (settings.corpus / "lake.txt").unlink()
    with pytest.raises(CorpusError, match="holds no text"):
        update_index(settings, encoder, lambda *_: None)
    assert current_generation(settings.index) == generation
    assert engine.ask("Göl ne zaman kurutuldu?")[1].hits


def test_staleness_names_the_texts_that_changed(settings: Settings, engine: Engine) -> None:
    assert engine.staleness() is None
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    (settings.corpus / "lake.txt").write_text(RAILWAY, "utf-8")
    assert engine.staleness() == "these texts changed: lake, railway"
    (settings.corpus / "corpus.toml").write_text("[")
    assert "not valid TOML" in str(engine.staleness())


def test_another_encoder_and_another_chunking_are_stale(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dipnot.corpus import scan_corpus

    corpus, manifest = scan_corpus(settings.corpus), engine.index.manifest
    assert "'other'" in str(stale(manifest, corpus, FakeEncoder("other", "0" * 32)))
    monkeypatch.setattr(building, "CHUNKING", "other/2")
    assert "other/2" in str(stale(manifest, corpus, None))


def test_a_rebuild_needs_the_encoder_and_runs_once_at_a_time(
    settings: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotReady):
        Engine(settings).start_rebuild()
    assert engine.rebuild.state == "idle"
    monkeypatch.setenv("FAKE_HOLD", str(tmp_path / "go"))
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    engine.start_rebuild()
    with pytest.raises(BuildRunning, match="running already"):
        engine.start_rebuild()
    (tmp_path / "go").touch()
    wait_for_rebuild(engine)
    state = engine.rebuild
    assert (state.state, state.error) == ("done", None)
    assert state.report is not None
    assert state.report.added == ("railway",)
    assert set(engine.index.documents) == {"lake", "railway"}


def wait_for_rebuild(engine: Engine) -> None:
    assert engine._follower is not None
    engine._follower.join(600)  # however busy this machine is
    assert not engine._follower.is_alive()


def test_a_build_of_another_process_is_a_reason_not_to_begin_one(
    settings: Settings, engine: Engine
) -> None:
    with build_lock(settings.index), pytest.raises(BuildRunning, match="Another process"):
        engine.start_rebuild()
    assert engine.rebuild.state == "idle"


@pytest.mark.parametrize(
    ("error", "said"), [("The model is gone.", "The model is gone."), ("!x", "RuntimeError")]
)
def test_a_rebuild_that_fails_says_why_and_the_old_index_goes_on_serving(
    settings: Settings,
    engine: Engine,
    error: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generation = engine.index.manifest.generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    monkeypatch.setenv("FAKE_ERROR", error)
    engine.start_rebuild()
    wait_for_rebuild(engine)
    assert engine.rebuild.state == "failed"
    assert said in str(engine.rebuild.error)
    assert engine.ask("göl?")[1].generation == generation


def test_a_rebuild_that_is_killed_is_said_and_the_next_one_goes_on_where_it_was(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    with monkeypatch.context() as patch:
        patch.setenv("FAKE_KILL", "1")
        engine.start_rebuild()
        wait_for_rebuild(engine)
    assert "broke off (signal 9)" in str(engine.rebuild.error)
    assert engine.ask("göl?")[1].hits
    engine.start_rebuild()
    wait_for_rebuild(engine)
    report = engine.rebuild.report
    assert report is not None
    assert report.resumed > 0
    assert set(engine.index.documents) == {"lake", "railway"}


def test_a_rebuild_that_is_cancelled_leaves_the_index_as_it_was(
    settings: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound, match="No rebuild is running"):
        engine.cancel_rebuild()
    generation = engine.index.manifest.generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    with monkeypatch.context() as patch:
        patch.setenv("FAKE_HOLD", str(tmp_path / "never"))
        engine.start_rebuild()
        state = engine.cancel_rebuild()
    assert (state.state, engine.rebuild.state) == ("failed", "failed")
    assert "cancelled" in str(engine.rebuild.error)
    assert current_generation(settings.index) == generation
    engine.start_rebuild()
    wait_for_rebuild(engine)
    assert engine.rebuild.state == "done"


def test_a_rebuild_that_is_cancelled_when_it_has_published_is_told_as_done(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its index is being opened, and nobody may tell of another rebuild meanwhile."""
    generation = engine.index.manifest.generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    opening, cancelled = threading.Event(), threading.Event()

    def slow() -> None:
        opening.set()
        assert cancelled.wait(60)
        Engine.catch_up(engine)

    monkeypatch.setattr(engine, "catch_up", slow)
    monkeypatch.setattr("dipnot.engine.stop_build", lambda _: cancelled.set())
    engine.start_rebuild()
    assert opening.wait(600)
    with pytest.raises(BuildRunning):
        engine.start_rebuild()
    state = engine.cancel_rebuild()
    assert (state.state, state.error) == ("done", None)
    assert state.report is not None
    assert state.report.generation == engine.index.manifest.generation != generation


def test_a_rebuild_that_is_ended_between_publishing_and_saying_so_is_told_as_it_was(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    said, stopped = threading.Event(), threading.Event()

    def lost(process: Any, tell: Callable[[Step], None]) -> BuildReport:
        follow_build(process, tell)
        said.set()
        assert stopped.wait(60)
        raise BuildFailed("The build broke off (signal 15).")

    monkeypatch.setattr("dipnot.engine.follow_build", lost)
    monkeypatch.setattr("dipnot.engine.stop_build", lambda _: stopped.set())
    engine.start_rebuild()
    assert said.wait(600)
    state = engine.cancel_rebuild()
    assert state.state == "failed"
    assert f"published generation {current_generation(settings.index)}" in str(state.error)


def test_closing_ends_the_build_that_runs(
    settings: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    monkeypatch.setenv("FAKE_HOLD", str(tmp_path / "never"))
    engine.start_rebuild()
    engine.close()
    assert engine._process is not None
    assert engine._process.returncode is not None
    with build_lock(settings.index):
        pass
    engine.keep_up()  # ends at once


def test_a_generation_that_another_process_published_is_taken_up(
    settings: Settings, engine: Engine, encoder: FakeEncoder
) -> None:
    old = engine.index
    engine.catch_up()
    assert engine.index is old
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    made = update_index(settings, encoder, lambda *_: None)
    assert engine.index is old
    opened: list[str] = []

    def seen() -> None:
        opened.append(engine.index.manifest.generation)
        if len(opened) == 2:
            engine.begin_to_close()

    engine.keep_up(0, seen)
    assert opened == [old.manifest.generation, made.generation]


def test_whatever_goes_wrong_while_it_keeps_up_is_logged_once_and_the_next_is_taken_up(
    settings: Settings,
    engine: Engine,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    made = update_index(settings, encoder, lambda *_: None)
    failures = [RuntimeError("can't start new thread")] * 3
    real = engine.reload

    def failing() -> None:
        if failures:
            raise failures.pop()
        real()
        engine.begin_to_close()

    monkeypatch.setattr(engine, "reload", failing)
    engine.keep_up(0)
    assert engine.index.manifest.generation == made.generation
    assert len([r for r in caplog.records if r.levelno >= logging.ERROR]) == 1


@pytest.mark.parametrize("trouble", ["damaged", "empty", "nowhere"])
def test_a_new_generation_that_is_unfit_is_said_once_and_the_old_one_goes_on(
    settings: Settings,
    engine: Engine,
    encoder: FakeEncoder,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    old = engine.index.manifest.generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    made = update_index(settings, encoder, lambda *_: None).generation
    if trouble == "damaged":
        (settings.index / "generations" / made / "dense" / "vectors.npy").write_bytes(b"")
    else:
        line = "" if trouble == "empty" else "20000101T000000-000000"
        (settings.index / "CURRENT").write_text(line)
    for _ in range(3):
        engine.catch_up()
    assert engine.ask("göl?")[1].generation == old
    assert len([r for r in caplog.records if r.levelno >= logging.ERROR]) == 1
    assert "Run `.venv/bin/dipnot build`" in str(engine.staleness())
    engine.start_rebuild()
    wait_for_rebuild(engine)
    assert engine.staleness() is None
    assert set(engine.index.documents) == {"lake", "railway"}


def test_rolling_back_serves_the_generation_before_and_a_start_does_not_undo_it(
    settings: Settings, engine: Engine, encoder: FakeEncoder
) -> None:
    first = engine.index.manifest.generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    second = update_index(settings, encoder, lambda *_: None).generation
    engine.catch_up()
    assert engine.roll_back() == first
    assert set(engine.index.documents) == {"lake"}
    with pytest.raises(NotFound, match="no generation before"):
        engine.roll_back()
    restarted = Engine(settings, encoder)
    restarted.load()
    assert restarted.index.manifest.generation == first
    assert [(g.generation, g.current) for g in engine.generations()] == [
        (second, False), (first, True),
    ]  # fmt: skip
    assert engine.roll_back(second) == second
    with pytest.raises(NotFound, match=f"no generation 'x'; known: {first}, {second}"):
        engine.roll_back("x")


# --- a start in a process of its own -------------------------------------------------------------


@pytest.fixture
def unloaded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine that loads its models itself, as ``serve`` has it."""
    monkeypatch.setattr("dipnot.engine.load_models", lambda _, **__: (FakeEncoder(), None))
    return Engine(settings)


def test_a_missing_index_is_built_by_another_process(unloaded: Engine) -> None:
    unloaded.load()
    assert unloaded.loading.report is not None
    assert unloaded.loading.report.added == ("lake",)
    assert unloaded.ask("göl?")[1].hits


def test_a_fresh_index_is_opened_and_nothing_is_published(
    unloaded: Engine, settings: Settings, encoder: FakeEncoder
) -> None:
    made = update_index(settings, encoder, lambda *_: None)
    unloaded.load()
    assert unloaded.loading.report is None
    assert unloaded.index.manifest.generation == made.generation


def test_a_start_serves_what_was_gone_back_to_only_where_it_can_be_used(
    unloaded: Engine, settings: Settings, encoder: FakeEncoder
) -> None:
    first = update_index(settings, encoder, lambda *_: None).generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    update_index(settings, encoder, lambda *_: None)
    with build_lock(settings.index):
        roll_back(settings.index)
    unloaded.load()
    assert (unloaded.index.manifest.generation, unloaded.is_held) == (first, True)
    (settings.index / "generations" / first / "dense" / "vectors.npy").write_bytes(b"")
    restarted = Engine(settings)
    restarted.load()
    assert set(restarted.index.documents) == {"lake", "railway"}
    assert not restarted.is_held


def test_a_damaged_generation_is_replaced_while_the_one_before_is_served(
    unloaded: Engine,
    settings: Settings,
    encoder: FakeEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = update_index(settings, encoder, lambda *_: None).generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    second = update_index(settings, encoder, lambda *_: None).generation
    (settings.index / "generations" / second / "dense" / "vectors.npy").write_bytes(b"")
    monkeypatch.setenv("FAKE_HOLD", str(tmp_path / "go"))
    served: list[str] = []
    tell = unloaded._tell_loading

    def telling(step: Step) -> None:
        tell(step)
        if step.stage == "embedding" and not served:
            served.append(unloaded.index.manifest.generation)
            (tmp_path / "go").touch()

    monkeypatch.setattr(unloaded, "_tell_loading", telling)
    unloaded.load()
    assert served == [first]
    assert unloaded.index.manifest.generation > second
    assert set(unloaded.index.documents) == {"lake", "railway"}
    assert unloaded.staleness() is None


def test_an_index_that_cannot_be_rewritten_is_served(
    unloaded: Engine, settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = update_index(settings, encoder, lambda *_: None)
    (settings.corpus / "lake.txt").write_text(RAILWAY, "utf-8")
    monkeypatch.setenv("FAKE_ERROR", "No space left on device.")
    unloaded.load()
    assert unloaded.index.manifest.generation == made.generation
    assert unloaded.staleness() == "these texts changed: lake"


def test_an_engine_that_is_closed_while_it_loads_stops_its_build(
    unloaded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_HOLD", str(tmp_path / "never"))
    monkeypatch.setattr(unloaded, "_tell_loading", lambda _: unloaded.close())
    with pytest.raises(NotReady, match="stopping"):
        unloaded.load()
    assert not (unloaded.settings.index / "CURRENT").exists()


def test_a_stale_start_reads_the_corpus_once_and_each_generation_once(
    settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = update_index(settings, encoder, lambda *_: None).generation
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    counted: list[str] = []

    def counting(module: object, name: str, what: Callable[..., str]) -> None:
        real = getattr(module, name)

        def call(*arguments: Any, **more: Any) -> Any:
            counted.append(what(*arguments))
            return real(*arguments, **more)

        monkeypatch.setattr(module, name, call)

    counting(store, "check_files", lambda folder, _: f"sums of {folder.name}")
    counting(building, "scan_corpus", lambda _: "scan")
    engine = Engine(settings, encoder)
    engine.load()
    new = engine.index.manifest.generation
    assert sorted(counted) == sorted(["scan", f"sums of {old}", f"sums of {new}"])


def test_without_a_reader_an_answers_hits_are_those_of_the_search(engine: Engine) -> None:
    question = "Değirmen ne zaman yandı?"
    assert list(engine.ask(question, (), 8)[1].hits) == engine.search(question, 8)[1]


# --- a language model ----------------------------------------------------------------------------


def test_without_a_language_model_nothing_of_one_is_imported(tmp_path: Path) -> None:
    script = (
        "import sys; from dipnot.engine import Engine; from dipnot.settings import Settings;"
        "Engine(Settings());"
        "sys.exit(any(m in sys.modules for m in ('dipnot.models.endpoint', 'dipnot.answer.writer',"
        "'dipnot.answer.support', 'httpx', 'xllamacpp')))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_a_key_is_read_from_its_file_or_the_environment(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(" k-secret\n", "utf-8")
    told = replace(settings, llm_url="http://127.0.0.1:1/v1", llm_model="m")
    for own in (replace(told, llm_key_file=path), replace(told, llm_key="k-secret")):
        endpoint = Engine(own, FakeEncoder()).endpoint
        assert endpoint is not None
        assert endpoint.key == "k-secret"
    assert Engine(settings, FakeEncoder()).endpoint is None


@pytest.mark.parametrize("content", [None, "k-secret ş", "k-secret\nmore"])
def test_a_key_that_cannot_be_read_is_said_without_showing_it(
    settings: Settings, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_text(content, "utf-8")
    told = replace(settings, llm_url="http://127.0.0.1:1/v1", llm_model="m", llm_key_file=path)
    with pytest.raises(SettingsError, match="llm_key_file") as caught:
        Engine(told, FakeEncoder())
    assert "k-secret" not in str(caught.value)
