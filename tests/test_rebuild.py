"""A build in a process of its own: what it says, how it ends, and when a corpus has changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot import rebuild
from dipnot.corpus import Stamp, stamp_corpus
from dipnot.errors import BuildFailed
from dipnot.index.store import build_lock, check_offsets, current_generation, open_index
from dipnot.rebuild import Pace, changes, follow_build, start_build, stop_build
from dipnot.settings import Settings
from dipnot.types import Step
from fakes import LAKE, RAILWAY, FakeEncoder


def test_a_build_tells_its_steps_and_ends_in_a_report(settings: Settings) -> None:
    (settings.corpus / "broken.txt").write_text(" \n")
    steps: list[Step] = []
    report = follow_build(start_build(settings), steps.append)
    assert (report.added, report.published) == (("lake",), True)
    assert [f.file for f in report.failed] == ["broken.txt"]
    assert report.generation == current_generation(settings.index)
    stages = list(dict.fromkeys(step.stage for step in steps))
    assert stages[:2] == ["comparing", "reading"]
    assert stages[-1] == "writing"
    again = follow_build(start_build(settings), steps.append)
    assert (again.published, again.generation) == (False, report.generation)


def test_a_build_that_cannot_be_says_its_sentence(settings: Settings) -> None:
    (settings.corpus / "lake.txt").unlink()
    with pytest.raises(BuildFailed, match="holds no text"):
        follow_build(start_build(settings), lambda _: None)
    settings.corpus.rmdir()
    with pytest.raises(BuildFailed, match="does not exist"):
        follow_build(start_build(settings), lambda _: None)


def test_a_damaged_index_is_a_warning_and_the_build_begins_anew(settings: Settings) -> None:
    made = follow_build(start_build(settings), lambda _: None).generation
    (settings.index / "generations" / made / "dense" / "vectors.npy").write_bytes(b"")
    warned: list[str] = []
    report = follow_build(start_build(settings), lambda _: None, warned.append)
    assert report.published
    assert len(warned) == 1
    assert "vectors.npy was altered" in warned[0]
    assert warned[0].endswith("The build begins anew.")


@pytest.mark.parametrize("line", [b"", b"junk\n", b"[]\n", b'{"report": {}}\n', b'{"report": 7}\n'])
def test_a_build_that_ends_without_a_word_is_a_sentence(
    settings: Settings, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"import os; os.write(1, {line!r}); os._exit(3)"
    monkeypatch.setattr(rebuild, "COMMAND", (sys.executable, "-c", script))
    with pytest.raises(BuildFailed, match=r"exit code 3.*Run `\.venv/bin/dipnot build`"):
        follow_build(start_build(settings), lambda _: None)


def test_a_build_that_cannot_be_started_is_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rebuild, "COMMAND", (str(tmp_path / "no-python"),))
    with pytest.raises(BuildFailed, match=r"No build can be started: .*No such file"):
        start_build(settings)


def test_a_build_is_stopped_and_frees_its_lock(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_HOLD", str(tmp_path / "never"))
    process = start_build(settings)
    with pytest.raises(BuildFailed, match="broke off"):
        follow_build(process, lambda s: stop_build(process) if s.stage == "embedding" else None)
    with build_lock(settings.index):
        assert not (settings.index / "CURRENT").exists()
    stop_build(process)  # once more is nothing


def test_a_build_ends_with_whoever_started_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_HOLD", str(tmp_path / "never"))
    process = start_build(settings)

    def hang_up(step: Step) -> None:
        if step.stage == "embedding" and process.stdin is not None:
            process.stdin.close()

    with pytest.raises(BuildFailed, match="exit code 1"):
        follow_build(process, hang_up)


@pytest.mark.skipif(os.name != "posix", reason="has no niceness")
def test_a_build_gives_way_to_answers(settings: Settings) -> None:
    code = (
        "import os, sys; from dipnot import rebuild; "
        "rebuild.update_index = lambda *_: sys.exit(os.nice(0)); rebuild.run_build(lambda *_: None)"
    )
    told = (
        b'{"corpus": "a", "index": "b", "cache": null, "encoder": "x", "keep_generations": 3, '
        b'"gives_way": true}\n'
    )
    before = os.nice(0)
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(told)
        process.stdin.flush()
        assert process.wait(60) == min(19, before + 10)


def test_a_build_is_ended_before_the_server_where_memory_runs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_OOM_SCORE", tmp_path / "missing" / "score")
    rebuild._go_first()  # another system
    monkeypatch.setattr(rebuild, "_OOM_SCORE", tmp_path / "score")
    rebuild._go_first()
    assert int((tmp_path / "score").read_text()) > 0


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_a_short_soak_of_builds_that_are_killed_leaves_an_index_that_opens(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The long one is benchmarks/kills.py."""
    generation = follow_build(start_build(settings), lambda _: None).generation
    for stage in ("embedding", "writing"):
        (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", stage), "utf-8")
        process = start_build(settings)

        def kill(step: Step, process: rebuild.Process = process, stage: str = stage) -> None:
            if step.stage == stage:
                process.send_signal(signal.SIGKILL)

        with pytest.raises(BuildFailed, match="signal 9"):
            follow_build(process, kill)
        index = open_index(settings.index, FakeEncoder())
        check_offsets(index)
        assert index.manifest.generation in (generation, current_generation(settings.index))
    report = follow_build(start_build(settings), lambda _: None)
    assert list((settings.index / "generations").glob(".*")) == []
    assert any("writing" in p.text for p in open_index(settings.index).passages)
    assert not report.published or report.resumed > 0, "what was embedded is not embedded again"


# --- how fast it goes ----------------------------------------------------------------------------


def test_the_rate_and_the_time_left_are_of_the_stage_that_runs() -> None:
    pace = Pace()
    assert pace.step("reading", 0, 10, 0.0) == Step("reading", 0, 10)
    assert pace.step("reading", 5, 10, 2.0) == Step("reading", 5, 10, 2.5, 2.0)
    assert pace.step("embedding", 100, 300, 9.0) == Step("embedding", 100, 300)
    assert pace.step("embedding", 200, 300, 19.0) == Step("embedding", 200, 300, 10.0, 10.0)
    assert pace.step("writing", 0, 0, 20.0) == Step("writing", 0, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]), st.integers(0, 9), st.integers(0, 9), st.integers(0, 5)
        )
    )
)
def test_whatever_is_told_rates_are_positive_and_times_not_negative(
    told: list[tuple[str, int, int, int]],
) -> None:
    pace, now = Pace(), 0
    for stage, done, total, passed in told:
        now += passed
        step = pace.step(stage, done, total, now)
        assert (step.rate is None) == (step.seconds_left is None)
        assert step.rate is None or step.rate > 0
        assert step.seconds_left is None or step.seconds_left >= 0


# --- a corpus that changes -----------------------------------------------------------------------


def seen(stamps: Iterable[int]) -> list[int]:
    """Which of these looks at a folder are given as changes, by the number that was seen."""
    stop = threading.Event()
    looks = iter(stamps)
    last = 0

    def look(_: Path) -> Stamp:
        nonlocal last
        try:
            last = next(looks)
        except StopIteration:
            stop.set()
        return (("a.txt", last, 0),)

    return [stamp[0][1] for stamp in changes(Path(), look(Path()), stop, look, every=0)]


@pytest.mark.parametrize(
    ("stamps", "given_"),
    [
        ([0, 0, 0, 0], []), ([0, 1, 1, 1, 1], [1]), ([0, 1, 2, 3, 4, 4, 4], [4]),
        ([0, 1, 0, 0, 0], []), ([0, 1, 1, 1, 2, 2, 2], [1, 2]), ([0, 1, 1, 2, 1, 1, 1], [1]),
    ],
)  # fmt: skip
def test_a_change_is_given_once_it_is_still(stamps: list[int], given_: list[int]) -> None:
    assert seen(stamps) == given_


def test_what_changed_while_the_first_build_ran_is_given() -> None:
    stop = threading.Event()
    looks: list[Stamp] = [(("a.txt", n, 0),) for n in (2, 2, 2)]

    def look(_: Path) -> Stamp:
        stop.set() if len(looks) == 1 else None
        return looks.pop()

    before: Stamp = (("a.txt", 1, 0),)
    assert [s[0][1] for s in changes(Path(), before, stop, look, every=0)] == [2]


def test_a_build_that_failed_is_tried_again_after_a_pause_that_grows() -> None:
    stop, taken, given = threading.Event(), 0, list[int]()

    def look(_: Path) -> Stamp:
        nonlocal taken
        taken += 1
        stop.set() if taken == 300 else None
        return (("a.txt", taken // 200, 0),)

    def failed() -> bool:
        return taken < 280

    for _ in changes(Path(), (("a.txt", 0, 0),), stop, look, every=0, failed=failed):
        given.append(taken)
    pauses = [b - a for a, b in pairwise([0, *given])]
    assert pauses == [5, 10, 20, 40, 60, 60, 7, 5, 10, 20, 40]
    assert given[6] == 202, "what changed is built as soon as it is still"


def test_the_stamp_changes_with_the_texts_and_the_catalogue_alone(settings: Settings) -> None:
    stamps = [stamp_corpus(settings.corpus)]
    (settings.corpus / ".hidden.txt").write_text("x")
    (settings.corpus / "note.log").write_text("x")
    assert stamp_corpus(settings.corpus) == stamps[0]
    for name, text in (("corpus.toml", ""), ("railway.txt", RAILWAY), ("railway.txt", LAKE)):
        (settings.corpus / name).write_text(text, "utf-8")
        stamps.append(stamp_corpus(settings.corpus))
    assert len(set(stamps)) == len(stamps)
    assert stamp_corpus(settings.corpus / "gone") == ()


@pytest.mark.skipif(sys.platform != "linux", reason="bounds the memory")
def test_a_build_that_runs_out_of_memory_says_so_and_leaves_the_index_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whatever step it is: each limit ends it elsewhere, until one is enough."""
    first = follow_build(start_build(settings), lambda _: None).generation
    much = " ".join(f"Kuyu {n} numaralıdır ve suyu {n % 97} gün tatlıdır." for n in range(4000))
    (settings.corpus / "much.txt").write_text(f"Kuyular\n\n{much}\n", "utf-8")
    ended, said = list[str](), list[str]()
    for megabytes in (1, 12, 16, 20, 24, 32, 40, 56, 80, 4000):
        monkeypatch.setenv("FAKE_MEMORY", str(megabytes * 2**20))
        try:
            ended.append(follow_build(start_build(settings), lambda _: None).generation)
        except BuildFailed as error:
            ended.append("")
            said.append(str(error).lower())
        if not any(ended):
            assert current_generation(settings.index) == first
        check_offsets(open_index(settings.index))
    assert [s for s in said if "memory" not in s or "the index is as it was" not in s] == []
    assert ended[0] == ""
    assert ended[-1] > first
    assert ended.count("") > 3, "several limits were too small"


def test_a_build_is_told_no_token(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in what is written to it nor in its environment or command, which others may read."""
    settings = replace(settings, admin_token="gizli-1", read_token="gizli-2", llm_key="gizli-3")
    for name in ("ADMIN_TOKEN", "READ_TOKEN", "LLM_KEY", "INDEX_KEY"):
        monkeypatch.setenv(f"DIPNOT_{name}", "gizli-4")
    copy = "import os, sys; print([sys.argv, dict(os.environ), sys.stdin.readline()])"
    monkeypatch.setattr("dipnot.rebuild.COMMAND", (sys.executable, "-c", copy))
    said = start_build(settings).communicate()[0].decode()
    assert str(settings.corpus) in said
    assert "gizli" not in said
