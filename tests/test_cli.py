"""The command: what it prints, its exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bridge import Bridge
from conftest import ARTICLE, Run
from dipnot import __version__, cli
from dipnot.cli import _open_for, main
from dipnot.client import Dipnot
from dipnot.corpus import Stamp
from dipnot.engine import Engine
from dipnot.index.store import build_lock, current_generation
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.rebuild import Process, start_build
from dipnot.server import schemas
from dipnot.server.feedback import Feedback, Keeper
from dipnot.settings import Settings
from fake_endpoint import saying, serving
from fakes import LAKE, RAILWAY, FakeEncoder, FakeReader

COMMANDS = (
    "build", "generations", "rollback", "watch", "serve", "search", "ask", "verify", "mcp", "eval",
    "check", "feedback",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: FakeEncoder) -> Path:
    """A working folder with a corpus; the commands get the fake encoder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dipnot.models.encoder.load_encoder", lambda *_: encoder)
    monkeypatch.setattr("dipnot.models.lazy.lazy_encoder", lambda *_: encoder)
    monkeypatch.setattr("dipnot.engine.load_encoder", lambda *_, **__: encoder)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    return tmp_path


def run(*arguments: str) -> int:
    """Run a command in this process; gives its exit code."""
    try:
        return main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)


def failed(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """Run a command that fails; gives what it says, one or two lines."""
    assert run(*arguments) == code
    said = capsys.readouterr()
    assert said.err.startswith("dipnot: ")
    assert len(said.err.splitlines()) <= 2
    assert said.err.endswith("\n")
    assert "Traceback" not in said.err
    return said.err


# --- usage ---------------------------------------------------------------------------------------


def test_help_names_every_command_and_each_has_its_own(dipnot: Run) -> None:
    whole = dipnot("--help")
    assert (whole.returncode, whole.stderr) == (0, "")
    listed = [
        line.split(maxsplit=1)[0] for line in whole.stdout.splitlines() if line[:4] == " " * 4
    ]
    assert set(COMMANDS) <= set(listed)
    assert dipnot("-m").returncode == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    said = capsys.readouterr().out
    assert f"usage: dipnot {command}" in said
    assert "--index DIR" in said


def test_the_version_is_the_packages(dipnot: Run) -> None:
    shown = dipnot("--version")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, f"dipnot {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("buidl", "'buidl' is no command; did you mean build?"),
        ("Search x", "did you mean search?"),
        ("serve --prot 1", "'--prot' is no flag; did you mean --port?"),
        ("build --indx=x", "'--indx' is no flag; did you mean --index?"),
        ("build --ind x", "'--ind' is no flag; did you mean --index?"),
        ("--verison", "'--verison' is no flag; did you mean --version?"),
        ("ask when was it", "'was' is too much; put a question in quotation marks"),
        ("", "COMMAND"), ("ask", "QUESTION"), ("search", "QUERY"),
        ("search x -k x", "'x' is no whole number"),
        ("search x -k 0", "k is 0; expected 1 to 100"),
        ("search x -k 101", "k is 101; expected 1 to 100"), ("ask x -k -1", "k is -1"),
        ("serve --port 0", "--port is '0'; expected a whole number from 1 to 65535"),
        ("serve --port x", "--port is 'x'; expected a whole number"),
        ("search ?", "QUERY is '?', without a letter or digit; expected a question"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line_and_exit_2(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in failed(capsys, 2, *arguments.split())


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "is empty"), (" \n", "is empty"), ("x" * 2001, "2,001 characters"), ("a\x1b[", "U+001B"),
     ("a\udcff", "U+DCFF")],
)  # fmt: skip
@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_question_that_is_none_is_exit_2(
    command: str, question: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in failed(capsys, 2, command, question)


def test_an_unknown_variable_and_an_unknown_key_are_exit_2_with_the_nearest(dipnot: Run) -> None:
    shown = dipnot("check", DIPNOT_INDX="x")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "sets 'DIPNOT_INDX', which is unknown; did you mean DIPNOT_INDEX?" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_the_working_folders_dipnot_toml_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "dipnot.toml").write_text('indx = "x"')
    assert "dipnot.toml sets 'indx'" in failed(capsys, 2, "check")
    (folder / "dipnot.toml").write_text('index = "elsewhere"')
    assert run("build") == 0
    assert current_generation(folder / "elsewhere")


# --- building ------------------------------------------------------------------------------------


def test_building_says_what_was_added_changed_removed_and_reused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = folder / "corpus"

    def build() -> tuple[dict[str, str], str]:
        assert run("build") == 0
        *table, last = capsys.readouterr().out.splitlines()
        return {line[:8].strip(): line[9:].strip() for line in table}, last

    first, published = build()
    assert first == {"added": "1  lake", "changed": "0", "removed": "0", "reused": "0"}
    assert published.startswith(f"Published generation {current_generation(folder / 'index')}: ")
    (corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    (corpus / "lake.txt").write_text(LAKE + "\nSon.\n", "utf-8")
    assert build()[0] == {
        "added": "1  railway",
        "changed": "1  lake",
        "removed": "0",
        "reused": "0",
    }
    (corpus / "railway.txt").unlink()
    removed, published = build()
    assert removed == {"added": "0", "changed": "0", "removed": "1  railway", "reused": "1  lake"}
    assert ", 0 embedded, " in published
    assert (
        build()[1] == f"Nothing changed: generation {current_generation(folder / 'index')} stays."
    )


def test_a_broken_text_is_told_with_exit_1_and_the_rest_is_built(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "corpus" / "broken.txt").write_text(" ")
    assert run("build") == 1
    said = capsys.readouterr()
    assert "failed   broken.txt: " in said.err
    assert "added       1  lake" in said.out
    assert run("search", "göl") == 0


@pytest.mark.parametrize(
    ("trouble", "said"),
    [("empty", "holds no text"), ("gone", "does not exist"), ("catalogue", "not valid TOML"),
     ("in the way", "cannot be written to")],
)  # fmt: skip
def test_a_build_that_cannot_be_is_exit_1_with_a_line(
    folder: Path, trouble: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if trouble == "empty":
        (folder / "corpus" / "lake.txt").unlink()
    elif trouble == "gone":
        shutil.rmtree(folder / "corpus")
    elif trouble == "catalogue":
        (folder / "corpus" / "corpus.toml").write_text("[[")
    else:
        (folder / "index").write_text("")
    assert run("build") == 1
    *stages, last = capsys.readouterr().err.splitlines()
    assert all(stage.endswith(" …") for stage in stages)
    assert last.startswith("dipnot: ")
    assert said in last


def test_a_disk_that_fails_is_a_line_and_no_trace(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error", "corpus/lake.txt")

    monkeypatch.setattr("dipnot.building.update_index", fail)
    assert run("build") == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "dipnot: Input/output error: corpus/lake.txt."
    )


def test_an_unchanged_build_embeds_nothing(
    folder: Path, encoder: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build") == 0
    encoder.error = AssertionError("nothing is to be embedded")
    assert run("build") == 0
    assert "Nothing changed" in capsys.readouterr().out


def test_generations_are_listed_and_gone_back_to(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (("generations",), ("rollback",)):
        assert "Run `.venv/bin/dipnot build`." in failed(capsys, 1, *command)
    run("build")
    first = current_generation(folder / "index")
    assert "no generation before" in failed_after_build(capsys)
    (folder / "corpus" / "railway.txt").write_text(RAILWAY, "utf-8")
    run("build")
    second = current_generation(folder / "index")
    capsys.readouterr()
    assert run("generations") == 0
    newer, older = capsys.readouterr().out.splitlines()
    assert newer.startswith(f"* {second}  ")
    assert older.startswith(f"  {first}  ")
    assert "1 documents" in older
    assert run("rollback") == 0
    assert first in capsys.readouterr().out
    assert run("rollback", second) == 0
    assert current_generation(folder / "index") == second
    capsys.readouterr()
    assert f"known: {first}, {second}" in failed(capsys, 1, "rollback", "nope")


def failed_after_build(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    return failed(capsys, 1, "rollback")


def test_watching_builds_what_changes_and_an_error_ends_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def changing(*_: object, **__: object) -> Iterator[None]:
        (folder / "corpus" / "lake.txt").unlink()
        yield
        (folder / "corpus" / "railway.txt").write_text(RAILWAY, "utf-8")
        yield
        raise KeyboardInterrupt

    monkeypatch.setattr("dipnot.rebuild.changes", changing)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run("watch") == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "Dipnot has stopped."
    assert "added       1  lake" in said.out
    assert "added       1  railway" in said.out
    assert "holds no text" in said.err


def test_watching_tries_again_what_could_not_be_built_and_says_why_once(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process builds meanwhile, from before the first build on."""
    other = contextlib.ExitStack()
    other.enter_context(build_lock(folder / "index"))

    def changing(
        _: Path, before: Stamp, *__: object, failed: Callable[[], bool]
    ) -> Iterator[Stamp]:
        for _again in range(2):
            assert failed()
            yield before
        other.close()
        yield before
        assert not failed()
        raise KeyboardInterrupt

    monkeypatch.setattr("dipnot.rebuild.changes", changing)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run("watch") == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    said = capsys.readouterr()
    assert said.err.count("dipnot: ") == 1
    assert "added       1  lake" in said.out


@pytest.mark.skipif(os.name != "posix", reason="ends by signal")
def test_a_watch_that_builds_ends_at_once_when_it_is_told_to(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_HOLD", str(folder / "go"))
    started = []

    def start(settings: Settings) -> Process:
        started.append(start_build(settings))
        told = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM))
        late = threading.Timer(20, (folder / "go").touch)
        late.daemon = True
        told.start()
        late.start()
        return started[0]

    monkeypatch.setattr("dipnot.rebuild.start_build", start)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run("watch") == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert capsys.readouterr().out.splitlines()[-1] == "Dipnot has stopped."
    assert started[0].returncode not in (0, None)
    assert not (folder / "go").exists()


# --- asking ----------------------------------------------------------------------------------


def test_search_prints_passages_with_their_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build")
    capsys.readouterr()
    assert run("search", "Kıyıdaki değirmen ne zaman yandı?", "-k", "2") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("1. ")
    assert "2. " in said.out
    assert "3. " not in said.out
    assert "Kıyıdaki değirmen 3 Mayıs 1902’de yandı." in " ".join(said.out.split())
    assert "Göl ve Kıyısı, " in said.out
    assert "s. 1\n" in said.out


def test_ask_prints_quotes_with_their_footnotes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build")
    capsys.readouterr()
    assert run("ask", "Köylüler kıyıya yeni evler yaptı mı?") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Köylüler kıyıya yeni evler yaptı (Yılmaz, 1990, s. 12)." in said
    assert "[1] Göl ve Kıyısı" in said


def test_a_written_answer_stands_above_the_quotations_unless_only_these_are_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build")
    monkeypatch.setattr("dipnot.engine.load_models", lambda _, **__: (FakeEncoder(), FakeReader()))
    with serving(saying("Köylüler kıyıya yeni evler yaptı [1]. Selim yaptı [1].")) as fake:
        monkeypatch.setenv("DIPNOT_LLM_URL", fake.url)
        monkeypatch.setenv("DIPNOT_LLM_MODEL", "small")
        capsys.readouterr()
        assert run("ask", "Köylüler kıyıya ne yaptı?", "--local") == 0
        said = " ".join(capsys.readouterr().out.split())
        assert run("ask", "Köylüler kıyıya ne yaptı?", "--local", "--mode", "extractive") == 0
        quoted = " ".join(capsys.readouterr().out.split())
    assert said.startswith(f"Köylüler kıyıya yeni evler yaptı [1]. Written by small at {fake.url}.")
    assert said.count("Köylüler kıyıya yeni evler yaptı [1].") == 1
    assert "(Dil modelinin bir cümlesi çıkarıldı: metinde yok.)" in said
    assert said.endswith(quoted.partition(":")[2])
    assert len(fake.bodies) == 1


def test_a_quotation_is_checked_and_what_does_not_stand_is_exit_3(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build")
    capsys.readouterr()
    assert run("verify", "bekçi yangını kimseye haber vermedi", "--doc", "lake") == 0
    said = capsys.readouterr().out
    assert "It stands word for word." in said
    assert "case: “bekçi” for “Bekçi”" in said
    assert run("verify", "Bekçi yangını herkese haber vermedi") == 3
    assert "words: “herkese” for “kimseye”" in capsys.readouterr().out
    assert "known: lake" in failed(capsys, 1, "verify", "göl kurudu", "--doc", "x")
    assert "function words" in failed(capsys, 2, "verify", "ve")


def test_what_is_not_in_the_text_is_exit_3(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("build")
    assert run("ask", "Değirmen ne zaman yandı?") == 0
    monkeypatch.setattr("dipnot.answer.respond.judge", lambda _: "not_in_text")
    assert run("ask", "Değirmen ne zaman yandı?") == 3


@pytest.mark.parametrize("command", ["ask", "search", "verify"])
def test_a_corpus_that_is_not_there_is_an_error(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build")
    capsys.readouterr()
    assert "'none' does not exist" in failed(capsys, 1, command, "göl", "--corpus", "none")


def test_a_running_server_of_the_same_index_answers_unless_it_may_not(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build")
    engine = Engine(Settings(Path("corpus"), Path("index")), FakeEncoder())
    engine.load()
    bridge = Bridge(engine)
    monkeypatch.setattr(
        "dipnot.terminal.Dipnot", lambda *_, **__: Dipnot("http://localhost", transport=bridge)
    )
    capsys.readouterr()
    for command in ("ask", "search", "verify"):
        said = {}
        for flag in ("--json", "--local"):
            assert run(command, "Değirmenin taşı bugün müzededir", "--json", flag) == 0
            captured = capsys.readouterr()
            assert ("Answered by the server at" in captured.err) is (flag == "--json")
            said[flag] = {**json.loads(captured.out), "took_ms": 0}
        assert said["--json"] == said["--local"]
    assert "x" in failed_by_server(capsys)


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("closes", "stopped answering; ask again, or add --local"),
        ("breaks off", "stopped answering; ask again, or add --local"),
        ("is silent", "stopped answering; ask again, or add --local"),
        ("is older", "is of another, or is no Dipnot. Add --local"),
        ("is no Dipnot", "is of another, or is no Dipnot. Add --local"),
    ],
)
def test_a_server_that_does_not_behave_is_a_line_that_says_what_to_type(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    does: str,
    said: str,
) -> None:
    run("build")
    generation = current_generation(folder / "index")
    health = {"generation": generation, "documents": 1, "passages": 1, "version": "0"}
    stream = {
        "closes": None, "breaks off": 'event: text\ndata: {"text": "a"}\n\nevent: do',
        "is silent": "", "is older": 'event: done\ndata: {"question": "a"}\n\n',
        "is no Dipnot": "event: done\ndata: <html>\n\n",
    }[does]  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/health":
            return httpx.Response(200, json=health)
        if stream is None:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return httpx.Response(200, text=stream)

    by(answer, monkeypatch)
    capsys.readouterr()
    assert run("ask", "Göl ne zaman kurutuldu?") == 1
    asked, told = capsys.readouterr().err.splitlines()
    assert asked.startswith("Answered by the server at")
    assert told.startswith("dipnot: ")
    assert said in told


@pytest.mark.parametrize("body", ["[]", '"ok"', "null", "", "<html>", "{}", "[" * 100_000])
def test_another_service_where_a_server_is_looked_for_is_passed_over(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    body: str,
) -> None:
    run("build")
    by(lambda _: httpx.Response(200, text=body), monkeypatch)
    capsys.readouterr()
    assert run("search", "göl") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("host", ["exa\x07mple", "ş" * 70])
def test_a_host_that_is_none_has_no_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    run("build")
    monkeypatch.setenv("DIPNOT_HOST", host)
    assert run("search", "göl") == 0


@pytest.mark.parametrize("flag", ["--doc", "--page"])
def test_a_citation_that_is_no_text_is_exit_2(
    folder: Path, capsys: pytest.CaptureFixture[str], flag: str
) -> None:
    told = failed(capsys, 2, "verify", "Göl 1887 yılında kurutuldu.", flag, "\udcff")
    assert f"{flag} holds the lone surrogate U+DCFF" in told


def by(answer: Callable[[httpx.Request], httpx.Response], patch: pytest.MonkeyPatch) -> None:
    """Have a server that answers so be found."""
    transport = httpx.MockTransport(answer)
    patch.setattr(
        "dipnot.terminal.Dipnot", lambda url, token: Dipnot(url, token=token, transport=transport)
    )


def failed_by_server(capsys: pytest.CaptureFixture[str]) -> str:
    assert run("verify", "göl kurudu", "--doc", "x") == 1
    return capsys.readouterr().err


def test_json_is_what_the_api_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build")
    capsys.readouterr()
    assert run("search", "göl", "--json") == 0
    found = capsys.readouterr().out
    assert run("ask", "göl", "-k", "3", "--json") == 0
    answered = capsys.readouterr().out
    result = schemas.SearchResult.model_validate_json(found)
    answer = schemas.AnswerShape.model_validate_json(answered)
    assert answer.hits == result.hits[:3]
    assert "ö" in found, "letters are not escaped"


@pytest.mark.parametrize("command", [("search", "göl"), ("ask", "göl"), ("check",)])
def test_without_an_index_a_command_says_what_to_run(
    folder: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Run `.venv/bin/dipnot build`." in failed(capsys, 1, *command)


def test_a_reader_that_stops_reading_is_no_error(folder: Path, tmp_path: Path) -> None:
    """`dipnot search … | head`."""
    script = f"""
import sys
import threading
sys.path.insert(0, {str(Path(__file__).parent)!r})
import dipnot.engine
from fakes import FakeEncoder
dipnot.engine.load_encoder = lambda *_, **__: FakeEncoder()
from dipnot.cli import _open_for, main
sys.exit(main(["search", "göl", "-k", "100", "--json"]))
"""
    run("build")
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe")
def test_a_build_goes_on_where_nobody_hears_how_it_goes(folder: Path, tmp_path: Path) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import dipnot.models.lazy
from fakes import FakeEncoder
dipnot.models.lazy.lazy_encoder = lambda *_: FakeEncoder()
from dipnot.cli import _open_for, main
sys.exit(main(["build"]))
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stderr.close()
        assert b"Published generation" in process.stdout.read()
    assert process.returncode == 0
    assert current_generation(folder / "index")


def test_what_a_program_reads_is_utf_8_whatever_the_locale_has(folder: Path, dipnot: Run) -> None:
    file = str(folder / "corpus" / "lake.txt")
    told = dipnot("inspect", "--json", file, PYTHONIOENCODING="ascii")
    assert "Göl" in json.loads(told.stdout)["text"]


def test_a_question_set_with_texts_of_its_own_is_indexed_beside_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, encoder: FakeEncoder
) -> None:
    texts = folder / "corpus" / "questions" / "set" / "corpus"
    texts.mkdir(parents=True)
    (texts / "lake.txt").write_text(LAKE, "utf-8")
    (folder / "here").mkdir()
    monkeypatch.chdir(folder / "here")
    settings = Settings(corpus=folder / "corpus", index=Path())
    assert _open_for(texts, settings, (encoder, None)).index.documents
    assert (folder / "here-eval" / "set" / "CURRENT").is_file()


def test_going_back_without_an_index_says_what_to_run_and_makes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = failed(capsys, 1, "rollback", "x", "--index", "nowhere")
    assert "Run `.venv/bin/dipnot build`." in said
    assert not (folder / "nowhere").exists()


def test_a_wrong_place_to_copy_to_is_called_by_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "dipnot.toml").write_text('llm_url = "http://127.0.0.1:1/v1"', "utf-8")
    monkeypatch.setenv("DIPNOT_LLM_MODEL", "m")
    for wrong in ("milvus:/x", "nowhere"):
        said = failed(capsys, 2, "migrate", "--to", wrong)
        assert said.startswith(f"dipnot: --to is '{wrong}'; expected an address such as milvus://")


def test_a_corpus_that_is_named_is_used_by_checking_and_inspecting_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build")
    capsys.readouterr()
    for command in (("check",), ("inspect", "corpus/lake.txt")):
        assert "'none' does not exist" in failed(capsys, 1, *command, "--corpus", "none")
    (folder / "corpus" / "sub").mkdir()
    (folder / "corpus" / "sub" / "b.txt").write_text(LAKE, "utf-8")
    (folder / "corpus" / "corpus.toml").write_text(
        '[[document]]\nfile = "sub/b.txt"\nid = "ozel"\n', "utf-8"
    )
    assert run("inspect", "corpus/sub/b.txt", "--json") == 0
    assert json.loads(capsys.readouterr().out)["doc_id"] == "ozel"


def test_a_terminal_without_turkish_letters_gets_escapes_and_no_trace(
    folder: Path, dipnot: Run
) -> None:
    shown = dipnot("search", "\u0131\u015f?!" * 0 + "?", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert shown.returncode == 2
    shown = dipnot("check", "--index", "dizin\u0131", PYTHONIOENCODING="ascii")
    assert shown.returncode == 1
    assert "dizin\\u0131" in shown.stderr
    assert "Traceback" not in shown.stderr


# --- checking ------------------------------------------------------------------------------------


def test_check_says_that_a_whole_index_is_whole(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build")
    capsys.readouterr()
    assert run("check") == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Generation {current_generation(folder / 'index')} is whole: 1 ")
    assert said.err == ""


def test_check_finds_a_stale_index(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build")
    (folder / "corpus" / "railway.txt").write_text(RAILWAY, "utf-8")
    capsys.readouterr()
    said = failed(capsys, 1, "check")
    assert "is stale: these texts changed: railway. Run `.venv/bin/dipnot build`." in said


def test_check_finds_a_damaged_index(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build")
    capsys.readouterr()
    generation = folder / "index" / "generations" / current_generation(folder / "index")
    with (generation / "passages" / "texts.utf8").open("ab") as file:
        file.write(b"\n")
    said = failed(capsys, 1, "check")
    assert "texts.utf8 was altered" in said
    assert "Run `.venv/bin/dipnot build`." in said


def test_check_finds_another_encoder(
    folder: Path, encoder: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build")
    capsys.readouterr()
    encoder.fingerprint, encoder.name = "0" * 32, "other"
    assert "'fake'" in failed(capsys, 1, "check")


def test_check_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build")
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert run("check") == 0
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before


def test_ctrl_c_ends_a_command_with_130(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dipnot.building.update_index", interrupt)
    assert run("build") == 130
    assert capsys.readouterr().err.endswith("\ndipnot: stopped.\n")


def test_progress_is_rewritten_on_a_terminal_and_one_line_a_stage_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for live in (True, False):
        monkeypatch.setattr(sys.stderr, "isatty", lambda live=live: live)
        progress = cli._Progress()
        for done in range(3):
            progress("embedding", done, 3)
        progress.finish()
        said = capsys.readouterr().err
        assert said.count("\n") == (0 if live else 1)
        assert said.count("embedding") == (3 if live else 1)


# --- the real model --------------------------------------------------------------------------


@pytest.mark.model
def test_the_real_command_answers_from_the_article(article_settings: Settings, dipnot: Run) -> None:
    shown = dipnot(
        "ask", "Moskova Antlaşması ne zaman imzalandı?", "--json",
        "--index", str(article_settings.index),
    )  # fmt: skip
    assert (shown.returncode, shown.stderr) == (0, "")
    answer = json.loads(shown.stdout)
    assert any("16 Mart 1921" in hit["text"] for hit in answer["hits"][:3])
    assert answer["hits"][0]["doc_id"] == ARTICLE


@pytest.mark.model
def test_the_real_command_builds_and_says_its_stages(dipnot: Run, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    shown = dipnot("build")
    assert shown.returncode == 0, shown.stderr
    stages = shown.stderr.splitlines()
    assert stages == [
        "comparing …",
        "reading …",
        "cutting …",
        "loading …",
        "embedding …",
        "indexing …",
        "writing …",
    ]
    assert "Published generation" in shown.stdout
    assert {p.name for p in tmp_path.iterdir()} == {"corpus", "index"}


@pytest.mark.model
def test_check_finds_the_shipped_articles_index_whole(
    article_settings: Settings,
    real_encoder: SentenceTransformerEncoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("dipnot.models.encoder.load_encoder", lambda *_: real_encoder)
    where = ["--index", str(article_settings.index), "--corpus", str(article_settings.corpus)]
    assert run("check", *where) == 0
    assert capsys.readouterr().err == ""


def test_python_minus_m_and_the_installed_command_are_the_same(dipnot: Run) -> None:
    installed = Path(sys.executable).with_name("dipnot" + (".exe" if os.name == "nt" else ""))
    if not installed.exists():
        pytest.skip("the package is not installed in this environment")
    done = subprocess.run([installed, "--version"], capture_output=True, text=True, check=False)
    assert done.stdout == dipnot("--version").stdout


@pytest.mark.parametrize(("given", "taken"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_that_wait_leave_the_cores_to_others_unless_told_otherwise(
    given: str | None, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argparse import Namespace

    seen: list[str | None] = []
    monkeypatch.setenv("OMP_WAIT_POLICY", given or "")
    if given is None:
        monkeypatch.delenv("OMP_WAIT_POLICY")
    monkeypatch.setattr(cli, "_keep_blas_to_one_thread", lambda: None)
    monkeypatch.setattr(
        "dipnot.server.serve.serve", lambda _: seen.append(os.environ.get("OMP_WAIT_POLICY"))
    )
    assert cli._serve(Namespace(), Settings()) == 0
    assert seen == [taken]


def test_an_answer_is_printed_with_footnotes_in_a_style(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dipnot.engine.load_models", lambda _, **__: (FakeEncoder(), None))
    settings = engine.settings
    where = ["--corpus", str(settings.corpus), "--index", str(settings.index), "--local"]
    for style, expected in (("isnad", "“Göl ve Kıyısı”, ts., 1."), ("bibtex", "@misc{lake,")):
        main(["ask", "Göl ne zaman kurutuldu?", "--cite", style, *where])
        assert expected in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["ask", "Göl?", "--cite", "harvard"])


def test_feedback_is_listed_and_made_questions_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "feedback.jsonl"
    monkeypatch.setenv("DIPNOT_FEEDBACK", str(file))
    assert main(["feedback"]) == 0
    assert "there is no feedback" in capsys.readouterr().err
    kept = Feedback("Ay?", "not_in_text", (), helpful=True, comment="Doğru.", generation="g")
    Keeper(file).keep(kept)
    assert main(["feedback"]) == 0
    assert "+  not_in_text: Ay?\n    Doğru." in capsys.readouterr().out
    for flag in ("--questions", "--jsonl"):
        assert main(["feedback", flag]) == 0
        assert '"question": "Ay?"' in capsys.readouterr().out
    monkeypatch.setenv("DIPNOT_FEEDBACK", "off")
    assert main(["feedback"]) == 2
