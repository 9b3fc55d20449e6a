"""The ``dipnot`` command: its subcommands, what they print, and errors as exit codes.

Owns: words and exit codes in the terminal. Exit 0 is success, 1 a failure, 2 wrong usage, 3 what
is not in the text.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from dipnot import __version__
from dipnot.errors import DipnotError, InvalidInput, shown
from dipnot.settings import Settings, read_engine, read_settings

if TYPE_CHECKING:
    from dipnot.client import Dipnot
    from dipnot.engine import Engine
    from dipnot.models.reader import Reader
    from dipnot.types import BuildReport, Encoder, Step


_EXPORTS = ("bibtex", "ris", "csl-json")
# New objects after which garbage is looked for: at Python's 700 that is a tenth of every import.
_COLLECTED = 50_000


class _Parser(argparse.ArgumentParser):
    """Says in one line what was wrong, what is nearest to it, and where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"dipnot: {message}. Type `{self.prog} --help`.\n")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuse what is unknown here, where its neighbours are known."""
        given = list(sys.argv[1:] if args is None else args)
        flags = re.findall(r"(?<!\w)--?[a-z]+", self.format_usage())
        if self.commands is not None and given:
            if given[0].startswith("-"):
                self._refuse_unknown(given[0], "flag", [*flags, "--help"])
            else:
                self._refuse_unknown(given[0], "command", list(self.commands.choices))
        known, extra = super().parse_known_args(given, namespace)
        for word in extra:
            if not word.startswith("-"):
                self.error(f"{shown(word)} is too much; put a question in quotation marks")
            self._refuse_unknown(word.split("=", 1)[0], "flag", flags)
        return known, extra

    commands: argparse._SubParsersAction[_Parser] | None = None

    def _refuse_unknown(self, word: str, what: str, known: Sequence[str]) -> None:
        if word not in known:
            near = get_close_matches(word, known, n=1, cutoff=0.0)
            hint = f"; did you mean {near[0]}?" if near else ""
            self.exit(2, f"dipnot: {shown(word)} is no {what}{hint} Type `{self.prog} --help`.\n")


class _Aside:
    """Standard error: what is said beside the output is lost where nobody reads it any more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Say something; the work goes on, heard or not."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            _drop(self._stream)
            return len(text)

    def flush(self) -> None:
        """Say what was held back."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            _drop(self._stream)

    def __getattr__(self, name: str) -> Any:
        """Be what it was in all else."""
        return getattr(self._stream, name)


def _drop(stream: TextIO) -> None:
    """Have a stream that nobody reads go nowhere from now on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    gc.set_threshold(_COLLECTED)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack Turkish letters
    arguments = _parser().parse_args(argv)
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper) and _is_for_machines(arguments) and not out.isatty():
        out.reconfigure(encoding="utf-8", errors="backslashreplace")
    aside: Any = sys.stderr and _Aside(sys.stderr)
    with contextlib.redirect_stderr(aside):
        _log_errors()
        return _run(arguments)


def _is_for_machines(arguments: argparse.Namespace) -> bool:
    """Whether a program reads what is printed, which expects UTF-8 whatever a terminal has."""
    given = vars(arguments)
    lines = given.get("questions") is True  # of ``feedback``
    return bool(given.get("json")) or lines or given.get("cite") in _EXPORTS


def _run(arguments: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace, Settings], int] = arguments.run
    flags = {key: getattr(arguments, key, None) for key in ("corpus", "index", "host", "port")}
    code = 0 if run in _TELLING else 1  # where nobody reads its output to the end
    try:
        code = run(arguments, read_settings(flags, os.environ))
        if sys.stdout is not None:
            sys.stdout.flush()
    except InvalidInput as error:
        return _fail(error, 2)
    except DipnotError as error:
        return _fail(error, 1)
    except KeyboardInterrupt:
        print("\ndipnot: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `dipnot search … | head`
        _drop(sys.stdout)
    except OSError as error:  # a disk that is full, a folder that may not be read
        where = f" {error.filename}" if error.filename else ""
        print(f"dipnot: {error.strerror or error}:{where}".rstrip(":") + ".", file=sys.stderr)
        return 1
    return code


def _log_errors() -> None:
    """Print what is logged as an error; some libraries turn their own loggers to DEBUG."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.ERROR)
    logging.basicConfig(level=logging.ERROR, format="dipnot: %(message)s", handlers=[handler])


def _fail(error: DipnotError, code: int) -> int:
    print(f"dipnot: {error}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="dipnot",
        description="Answer questions about a corpus of texts, word for word, with footnotes.",
        epilog="Settings: flags, then DIPNOT_* environment variables, then dipnot.toml.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dipnot {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Parser
    )
    parser.commands = commands

    def command(
        name: str, run: Callable[[argparse.Namespace, Settings], int], help_: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_, description=help_, allow_abbrev=False)
        sub.add_argument("--corpus", metavar="DIR", help="folder of texts (default: corpus)")
        sub.add_argument(
            "--index",
            metavar="DIR",
            help="folder of the index (default: index), or milvus://host:port/database",
        )
        sub.set_defaults(run=run)
        return sub

    build = command("build", _build, "Build or update the index; embed only what changed.")
    build.add_argument(
        "--workers", type=_whole, default=0, metavar="N",
        help="processes that embed side by side, into an engine (default: this one alone)",
    )  # fmt: skip
    migrate = command("migrate", _migrate, "Copy the index into an engine, without embedding anew.")
    migrate.add_argument("--to", required=True, metavar="URL", help="milvus://host:port/database")
    command("generations", _generations, "List the indexes that are kept for going back.")
    back = command("rollback", _rollback, "Go back to an index that is kept.")
    back.add_argument("id", nargs="?", metavar="ID", help="default: the one before the current one")
    command("watch", _watch, "Build whenever the corpus changes, until Ctrl-C.")
    serve = command("serve", _serve, "Serve chat and API; build a missing or stale index first.")
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", help="port to listen on (default: 7860)")
    search = command("search", _search, "Find passages.")
    search.add_argument("query", metavar="QUERY")
    search.add_argument(
        "-k", type=_whole, default=10, help="how many passages, 1 to 100 (default: 10)"
    )
    ask = command("ask", _ask, "Answer a question with the sentences that answer.")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("-k", type=_whole, default=8, help="how many passages to consider, 1 to 100")
    ask.add_argument(
        "--mode",
        choices=("extractive", "written"),
        help="quotations alone, or a language model's text above them (default: as set up)",
    )
    ask.add_argument(
        "--cite",
        choices=("chicago", "apa", "isnad", "mla", *_EXPORTS),
        metavar="STYLE",
        help="print footnotes in a style: chicago, apa, isnad or mla; or what is "
        "cited as bibtex, ris or csl-json",
    )
    verify = command("verify", _verify, "Check whether a quotation stands in the texts, and where.")
    verify.add_argument("quote", metavar="QUOTE")
    verify.add_argument("--doc", metavar="ID", help="the document that it is cited from")
    verify.add_argument("--page", help="the page, by number or as printed")
    for sub in (search, ask, verify):
        sub.add_argument("--json", action="store_true", help="print what the API would answer")
        sub.add_argument(
            "--local", action="store_true", help="load the models even where a server runs"
        )
    command("mcp", _mcp, "Give assistants the texts as tools, over standard input and output.")
    feedback = command("feedback", _feedback, "List what readers thought of answers.")
    feedback.add_argument(
        "--questions",
        "--jsonl",
        action="store_true",
        help="print lines of a question set for dipnot eval",
    )
    score = command("eval", _eval, "Score retrieval, citations and verdicts on question sets.")
    score.add_argument(
        "questions", nargs="*", type=Path, metavar="QUESTIONS.jsonl",
        help="question sets (default: all of the folder questions in the corpus)",
    )  # fmt: skip
    score.add_argument("--alt", type=Path, metavar="ALT.json", help="further quotes that answer")
    score.add_argument(
        "-k", type=_whole, default=20, help="how many passages, 1 to 100 (default: 20)"
    )
    score.add_argument("--failures", action="store_true", help="list the questions that failed")
    score.add_argument("--json", action="store_true", help="print the figures for machines")
    score.add_argument("--report", type=Path, metavar="FILE.html", help="write a page with plots")
    inspect = command("inspect", _inspect, "Show what is understood of a text.")
    inspect.add_argument("file", type=Path, metavar="FILE")
    form = inspect.add_mutually_exclusive_group()
    form.add_argument(
        "--text", action="store_true", help="print the text, its pages marked, notes in place"
    )
    form.add_argument("--json", action="store_true", help="print all of it for machines")
    command("check", _check, "Verify the index: checksums, offsets, model; exit 1 if it is wrong.")
    return parser


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shown(text)} is no whole number") from None


def _build(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import update_index  # noqa: PLC0415 - slow to import, not for --help
    from dipnot.models.lazy import lazy_encoder  # noqa: PLC0415 - as above

    progress = _Progress()
    encoder = lazy_encoder(settings.encoder, settings.cache)

    def warn(trouble: str) -> None:
        progress.finish()
        print(f"dipnot: {trouble}", file=sys.stderr)

    if arguments.workers and settings.engine is None:
        raise InvalidInput(
            "--workers is for an index in an engine; expected --index milvus://host:port/database.",
            "workers",
        )
    return _tell(update_index(settings, encoder, progress, warn, arguments.workers), progress)


def _migrate(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import migrate  # noqa: PLC0415 - as above
    from dipnot.models.lazy import lazy_encoder  # noqa: PLC0415 - as above

    to = read_engine(arguments.to, "--to")
    progress = _Progress()
    encoder = lazy_encoder(settings.encoder, settings.cache)
    report = migrate(settings, replace(settings, engine=to), encoder, progress)
    code = _tell(report, progress)
    print(f'Set `index = "{to}"` in dipnot.toml, or DIPNOT_INDEX, to answer from there.')
    return code


def _tell(report: BuildReport, progress: _Progress) -> int:
    """Print what a build did; gives the exit code."""
    progress.finish()
    for label, names in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
        ("reused", report.reused),
    ):
        print(f"{label:8} {len(names):4}  {', '.join(names)}".rstrip())
    for failure in report.failed:
        name = failure.file if failure.file.isprintable() else shown(failure.file)
        print(f"failed   {name}: {failure.reason}", file=sys.stderr)
    if report.published:
        resumed = f"{report.resumed} taken over, " if report.resumed else ""
        print(
            f"Published generation {report.generation}: {report.passages} passages, "
            f"{report.embedded} embedded, {resumed}{report.seconds} s."
        )
    else:
        print(f"Nothing changed: generation {report.generation} stays.")
    return 1 if report.failed else 0


def _generations(_: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import home_in  # noqa: PLC0415 - as above

    home = home_in(settings)
    kept = home.generations()
    if not kept:
        home.current()  # says that there is no index, and what to type
    for generation in kept:
        mark = "*" if generation.current else " "
        about = generation.trouble or (
            f"{generation.created_at}  {generation.documents} documents, "
            f"{generation.passages} passages, encoder {generation.encoder}"
        )
        print(f"{mark} {generation.generation}  {about}")
    return 0


def _rollback(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import home_in  # noqa: PLC0415 - as above
    from dipnot.models.lazy import lazy_encoder  # noqa: PLC0415 - as above

    home = home_in(settings)
    if arguments.id is None or not home.generations():
        home.current()  # says that there is no index, and what to type
    encoder = lazy_encoder(settings.encoder, settings.cache)
    with home.lock():
        generation = home.roll_back(arguments.id, encoder)
    print(
        f"Generation {generation} is served from now on. `.venv/bin/dipnot build` goes forward "
        "again."
    )
    return 0


def _watch(_: argparse.Namespace, settings: Settings) -> int:
    from dipnot.corpus import scan_corpus, stamp_corpus  # noqa: PLC0415 - as above
    from dipnot.rebuild import changes  # noqa: PLC0415 - as above

    scan_corpus(settings.corpus)  # raises where there is no such folder
    before = stamp_corpus(settings.corpus)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a build is waited for otherwise
    print(f"Watching {settings.corpus}. Ctrl-C stops it.", flush=True)
    said = set[str]()  # since the last build that was one
    with contextlib.suppress(KeyboardInterrupt):
        _build_once(settings, said)
        for stamp in changes(settings.corpus, before, threading.Event(), failed=lambda: bool(said)):
            if stamp != before:
                said.clear()
            before = stamp
            _build_once(settings, said)
    print("Dipnot has stopped.")
    return 0


def _build_once(settings: Settings, said: set[str]) -> None:
    """Build in another process, which gives back the model's memory; an error ends no watching.

    ``said``: what went wrong, which is not said again; empty when it was built.
    """
    from dipnot.rebuild import follow_build, start_build, stop_build  # noqa: PLC0415 - as above

    progress = _Progress()

    def warn(trouble: str) -> None:
        if trouble not in said:
            print(f"dipnot: {trouble}")
        said.add(trouble)

    try:
        process = start_build(settings)
        try:
            report = follow_build(process, progress.at, warn)
        finally:
            stop_build(process)
    except DipnotError as error:
        progress.finish()
        if str(error) not in said:
            _fail(error, 1)
        said.add(str(error))
    else:
        _tell(report, progress)
        sys.stdout.flush()
        said.clear()


class _Progress:
    """A line that is rewritten on a terminal, and one line a stage elsewhere."""

    def __init__(self) -> None:
        from dipnot.rebuild import Pace  # noqa: PLC0415 - as above

        self._stage = ""
        self._live = sys.stderr.isatty()
        self._pace = Pace()

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.at(self._pace.step(stage, done, total, time.monotonic()))

    def at(self, step: Step) -> None:
        """Show where a build stands."""
        if self._live:
            share = f" {step.done}/{step.total}" if step.total else ""
            if step.rate is not None and step.seconds_left is not None:
                share += f", {step.rate:.1f} a second, {_duration(step.seconds_left)} left"
            print(f"\r\033[K{step.stage}{share} …", end="", file=sys.stderr, flush=True)
        elif step.stage != self._stage:
            print(f"{step.stage} …", file=sys.stderr, flush=True)
        self._stage = step.stage

    def finish(self) -> None:
        """Clear the line."""
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _keep_blas_to_one_thread() -> None:
    """Leave the cores to torch, for the whole process; numpy and FAISS are loaded by then.

    Their BLAS threads wait for work by spinning, which takes the cores from torch: with them an
    answer takes 150 ms on two cores, without 70 to 100.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - not for --help

    threadpool_limits(1, user_api="blas")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    # Threads that wait for work by spinning take the cores from those that have some. It is read
    # when the library is loaded, so it comes before.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from dipnot.server.serve import serve  # noqa: PLC0415 - brings in FastAPI and Gradio

    _keep_blas_to_one_thread()
    serve(settings)
    return 0


def _search(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot import terminal  # noqa: PLC0415 - as above
    from dipnot.language.detection import question_language  # noqa: PLC0415 - as above
    from dipnot.question.limits import check_k, check_question  # noqa: PLC0415 - as above
    from dipnot.server import schemas  # noqa: PLC0415 - slow to import, not for --help

    check_question(arguments.query, "QUERY")
    check_k(arguments.k)

    def local(engine: Engine) -> schemas.SearchResult:
        (index, hits), took = terminal.timed(lambda: engine.search(arguments.query, arguments.k))
        return schemas.SearchResult(
            query=arguments.query,
            generation=index.manifest.generation,
            took_ms=round(took, 1),
            hits=[schemas.hit_shape(index, hit) for hit in hits],
        )

    result = _answered(
        arguments, settings, lambda server: server.search(arguments.query, arguments.k), local
    )
    if arguments.json:
        print(terminal.as_json(result))
    else:
        terminal.print_hits(result.hits, question_language(arguments.query) or "en")
    return 0 if result.hits else terminal.ABSENT


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot import terminal  # noqa: PLC0415 - as above
    from dipnot.answer.frames import said_in  # noqa: PLC0415 - as above
    from dipnot.question.limits import check_k, check_question  # noqa: PLC0415 - as above
    from dipnot.server import schemas  # noqa: PLC0415 - slow to import, not for --help

    check_question(arguments.question, "QUESTION")
    check_k(arguments.k)

    asked = {"question": arguments.question, "k": arguments.k, "mode": arguments.mode}
    whole = terminal.last if arguments.json else terminal.streamed

    def local(engine: Engine) -> tuple[schemas.AnswerShape, str]:
        index, parts = engine.ask_stream(**asked)
        answer, took = terminal.timed(lambda: whole(parts))
        shape = schemas.answer_shape(index, answer, took)
        return shape, terminal.cited_by(engine, shape, arguments.cite)

    def remote(server: Dipnot) -> tuple[Any, str]:
        answer = whole(server.stream(**asked))
        return answer, terminal.cited_by(server, answer, arguments.cite)

    answer, cited = _answered(arguments, settings, remote, local)
    if arguments.json:
        print(terminal.as_json(answer))
    else:
        terminal.print_writer(answer.writing)
        written = "".join(f"{s.text} " for s in answer.writing.sentences) if answer.writing else ""
        unsaid = answer.answer.removeprefix(written)
        said = said_in(unsaid, [citation.quote for citation in answer.citations])
        print(terminal.printable(said))
        terminal.print_citations(answer.citations, answer.language)
        print(f"\n{cited}" if cited else "", end="")
    return terminal.ABSENT if answer.verdict == "not_in_text" else 0


def _verify(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot import terminal  # noqa: PLC0415 - as above
    from dipnot.language.detection import question_language  # noqa: PLC0415 - as above
    from dipnot.question.limits import check_quote, check_text  # noqa: PLC0415 - as above
    from dipnot.server import schemas  # noqa: PLC0415 - slow to import, not for --help

    check_quote(arguments.quote)
    for name, value in (("--doc", arguments.doc), ("--page", arguments.page)):
        check_text(value or "", name)
    cited = (arguments.quote, arguments.doc, arguments.page)
    check = _answered(
        arguments,
        settings,
        lambda server: server.verify(*cited),
        lambda engine: schemas.verify_shape(*engine.verify(*cited)),
    )
    if arguments.json:
        print(terminal.as_json(check))
    else:
        terminal.print_check(check, question_language(arguments.quote) or "en")
    return 0 if check.stands else terminal.ABSENT


def _answered(
    arguments: argparse.Namespace,
    settings: Settings,
    remote: Callable[[Dipnot], Any],
    local: Callable[[Engine], Any],
) -> Any:
    """Have a server of the same index answer, or load the models where none is running."""
    from dipnot import terminal  # noqa: PLC0415 - as above

    terminal.check_corpus(arguments.corpus, settings)
    if not arguments.local:
        with terminal.server_of(settings) as server:
            if server is not None:
                return remote(server)
    from dipnot.engine import open_engine  # noqa: PLC0415 - not needed where a server answers

    progress = _Progress()
    if sys.stderr.isatty():
        progress("loading", 0, 0)
    engine = open_engine(settings, briefly=True)
    progress.finish()
    return local(engine)


def _mcp(_: argparse.Namespace, settings: Settings) -> int:
    from dipnot.engine import open_engine  # noqa: PLC0415 - as above
    from dipnot.server.mcp import run_stdio  # noqa: PLC0415 - as above

    run_stdio(open_engine(settings))
    return 0


def _feedback(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.server.feedback import as_lines, as_questions, read_feedback  # noqa: PLC0415 - as above

    file = settings.feedback_file
    if file is None:
        raise InvalidInput("No feedback is kept: the setting `feedback` is off.", "feedback")
    kept = list(read_feedback(file))
    told = as_questions(kept) if arguments.questions else as_lines(kept)
    if told:
        print(told)
    else:
        what = "of answers that helped " if arguments.questions and kept else ""
        print(f"dipnot: there is no feedback {what}in {file}.", file=sys.stderr)
    return 0


def _eval(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import home_in  # noqa: PLC0415 - as above
    from dipnot.engine import load_models  # noqa: PLC0415 - slow to import, not for --help
    from dipnot.evaluation import report, tables  # noqa: PLC0415 - as above
    from dipnot.evaluation.scores import evaluate, unfindable  # noqa: PLC0415 - as above
    from dipnot.evaluation.sets import (  # noqa: PLC0415 - as above
        find_sets,
        own_texts,
        read_sets,
        strangers,
    )
    from dipnot.question.limits import check_k  # noqa: PLC0415 - as above

    check_k(arguments.k)
    settings = replace(settings, llm_url=None)  # what is scored is what is quoted
    if arguments.report is not None:
        report.check_place(arguments.report)
    files = arguments.questions or find_sets(settings.corpus)
    questions = {
        texts: read_sets([f for f in files if own_texts(f) == texts], arguments.alt)
        for texts in dict.fromkeys(map(own_texts, files))
    }
    if None in questions:
        home_in(settings).manifest()  # says what to run, before the models are loaded
    progress = _Progress()
    progress("loading", 0, 0)
    models = load_models(settings)
    _keep_blas_to_one_thread()
    rows, lost, manifests = [], [], []
    for texts, asked in questions.items():
        engine = _open_for(texts, settings, models)
        rows += evaluate(engine, asked, arguments.k, progress)
        lost += unfindable(engine.index, asked)
        manifests.append(engine.index.manifest)
    progress.finish()
    unasked = strangers(files, arguments.alt, [q for asked in questions.values() for q in asked])
    if unasked:
        print(
            "dipnot: further quotes are given for ids of no question: "
            f"{', '.join(map(shown, unasked))}.",
            file=sys.stderr,
        )
    if lost:
        print(
            "dipnot: these questions have evidence that stands in no text of the index, so it "
            f"cannot be found: {', '.join(lost)}.",
            file=sys.stderr,
        )
    if arguments.json:
        shape = tables.as_json(rows, failures=arguments.failures)
        print(json.dumps(shape, ensure_ascii=False, indent=2))
    else:
        print(tables.as_text(rows))
        if arguments.failures:
            print(f"\n{tables.failures_as_text(rows)}")
    if arguments.report is not None:
        about = report.about(manifests[0], arguments.k)
        report.write(arguments.report, report.as_page(rows, about))
        print(f"Wrote {arguments.report}.", file=sys.stderr)
    return 0


def _open_for(
    texts: Path | None, settings: Settings, models: tuple[Encoder, Reader | None]
) -> Engine:
    """Open the index, or that of a question set's own texts, built where it is not there yet.

    It lies in a folder beside the index; what is in it already is reused by its content hash.
    """
    from dipnot.engine import Engine  # noqa: PLC0415 - slow to import, not for --help

    if texts is None:
        engine = Engine(settings, *models)
        engine.reload()
        return engine
    index = settings.index.absolute()  # `.` has no name
    beside = index.with_name(f"{index.name}-eval")
    own = replace(settings, corpus=texts, index=beside / texts.resolve().parent.name, engine=None)
    engine = Engine(replace(own, keep_generations=1), *models)
    engine.load()
    return engine


def _inspect(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot import inspection  # noqa: PLC0415 - brings in the readers
    from dipnot.terminal import check_corpus, printable  # noqa: PLC0415 - slow, not for --help

    check_corpus(arguments.corpus, settings)
    report = inspection.inspect_file(
        arguments.file, *inspection.place_in(settings.corpus, arguments.file)
    )
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        as_text = inspection.as_running_text if arguments.text else inspection.as_text
        print(printable(as_text(report)))
    return 0


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import home_in, stale  # noqa: PLC0415 - as above
    from dipnot.corpus import scan_corpus  # noqa: PLC0415 - slow to import, not for --help
    from dipnot.index.home import check_all  # noqa: PLC0415 - as above
    from dipnot.index.manifests import check_encoder  # noqa: PLC0415 - as above
    from dipnot.models.encoder import load_encoder  # noqa: PLC0415 - as above
    from dipnot.terminal import check_corpus  # noqa: PLC0415 - as above

    check_corpus(arguments.corpus, settings)
    home = home_in(settings)
    index = home.open()
    checked = check_all(home, index)
    encoder = load_encoder(settings.encoder, settings.cache)
    check_encoder(index.manifest, encoder)
    manifest = index.manifest
    print(
        f"Generation {manifest.generation} is whole: {len(index.documents)} documents, "
        f"{manifest.passages} passages, {checked}, encoder {manifest.encoder}."
    )
    if not Path(settings.corpus).is_dir():
        return 0
    reason = stale(manifest, scan_corpus(settings.corpus), encoder)
    if reason is not None:
        print(
            f"dipnot: the index is stale: {reason}. Run `.venv/bin/dipnot build`.", file=sys.stderr
        )
        return 1
    return 0


# Of these nothing is left to do where nobody reads on.
_TELLING = (_generations, _search, _ask, _verify, _mcp, _feedback, _eval, _inspect, _check)


if __name__ == "__main__":
    raise SystemExit(main())
