"""The ``dipnot`` command: its subcommands, what they print, and errors as exit codes.

Owns: words and exit codes in the terminal. Exit 0 is success, 1 a failure, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from dipnot import __version__
from dipnot.errors import DipnotError, InvalidInput, shown
from dipnot.settings import Settings, read_settings


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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack Turkish letters
    arguments = _parser().parse_args(argv)
    _log_errors()
    run: Callable[[argparse.Namespace, Settings], int] = arguments.run
    flags = {key: getattr(arguments, key, None) for key in ("corpus", "index", "host", "port")}
    try:
        return run(arguments, read_settings(flags, os.environ))
    except InvalidInput as error:
        return _fail(error, 2)
    except DipnotError as error:
        return _fail(error, 1)
    except KeyboardInterrupt:
        print("\ndipnot: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `dipnot search … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a disk that is full, a folder that may not be read
        where = f" {error.filename}" if error.filename else ""
        print(f"dipnot: {error.strerror or error}:{where}".rstrip(":") + ".", file=sys.stderr)
        return 1


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
        sub.add_argument("--index", metavar="DIR", help="folder of the index (default: index)")
        sub.set_defaults(run=run)
        return sub

    command("build", _build, "Build or update the index; embed only what changed.")
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
    for sub in (search, ask):
        sub.add_argument("--json", action="store_true", help="print what the API would answer")
    score = command("eval", _eval, "Score retrieval, citations and verdicts on question sets.")
    score.add_argument(
        "questions", nargs="*", type=Path, metavar="QUESTIONS.jsonl",
        help="question sets (default: each .jsonl in the folder questions of the corpus)",
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


def _build(_: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import update_index  # noqa: PLC0415 - as above
    from dipnot.models.encoder import load_encoder  # noqa: PLC0415 - slow to import, not for --help

    begun = time.perf_counter()
    progress = _Progress()
    progress("loading", 0, 0)
    encoder = load_encoder(settings.encoder, settings.cache)
    report = update_index(settings, encoder, progress)
    progress.finish()
    for label, names in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
        ("reused", report.reused),
    ):
        print(f"{label:8} {len(names):4}  {', '.join(names)}".rstrip())
    for failure in report.failed:
        print(f"failed   {failure.file}: {failure.reason}", file=sys.stderr)
    if report.added or report.changed or report.removed or report.embedded:
        print(
            f"Published generation {report.generation}: {report.passages} passages, "
            f"{report.embedded} embedded, {time.perf_counter() - begun:.1f} s."
        )
    else:
        print(f"Nothing changed: generation {report.generation} stays.")
    return 1 if report.failed else 0


class _Progress:
    """A line that is rewritten on a terminal, and one line a stage elsewhere."""

    def __init__(self) -> None:
        self._stage = ""
        self._live = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._live:
            share = f" {done}/{total}" if total else ""
            print(f"\r\033[K{stage}{share} …", end="", file=sys.stderr, flush=True)
        elif stage != self._stage:
            print(f"{stage} …", file=sys.stderr, flush=True)
        self._stage = stage

    def finish(self) -> None:
        """Clear the line."""
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    from dipnot.server.serve import serve  # noqa: PLC0415 - brings in FastAPI and Gradio

    serve(settings)
    return 0


def _search(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.engine import open_engine  # noqa: PLC0415 - as above
    from dipnot.question.limits import check_k, check_question  # noqa: PLC0415 - as above
    from dipnot.server import schemas  # noqa: PLC0415 - slow to import, not for --help

    check_question(arguments.query, "QUERY")
    check_k(arguments.k)
    engine = open_engine(settings)
    begun = time.perf_counter()
    index, hits = engine.search(arguments.query, arguments.k)
    result = schemas.SearchResult(
        query=arguments.query,
        generation=index.manifest.generation,
        took_ms=round((time.perf_counter() - begun) * 1e3, 1),
        hits=[schemas.hit_shape(index, hit) for hit in hits],
    )
    if arguments.json:
        print(result.model_dump_json(indent=2))
        return 0
    for hit in result.hits:
        print(f"{hit.rank}. {_place(hit)}")
        print(_indented(hit.text))
    return 0


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.answer.choice import frame  # noqa: PLC0415 - as above
    from dipnot.engine import open_engine  # noqa: PLC0415 - as above
    from dipnot.question.limits import check_k, check_question  # noqa: PLC0415 - as above
    from dipnot.server import schemas  # noqa: PLC0415 - slow to import, not for --help

    check_question(arguments.question, "QUESTION")
    check_k(arguments.k)
    engine = open_engine(settings)
    begun = time.perf_counter()
    index, answer = engine.ask(arguments.question, k=arguments.k)
    took = (time.perf_counter() - begun) * 1e3
    shape = schemas.answer_shape(index, answer, took)
    if arguments.json:
        print(shape.model_dump_json(indent=2))
        return 0
    print(frame(answer.verdict, answer.language))
    for citation in shape.citations:
        print()
        print(_indented(citation.quote))
        sources = "".join(f"; {source}" for source in citation.attribution)
        print(f"   [{citation.n}] {_place(citation)}{sources}")
    return 0


def _place(item: object) -> str:
    """Name the place of a hit or citation: title, section, page."""
    title, headings = getattr(item, "title", ""), getattr(item, "headings", [])
    page, page_end = getattr(item, "page", 0), getattr(item, "page_end", 0)
    pages = f"{page}" if page == page_end else f"{page}-{page_end}"
    return ", ".join([title, *headings[-1:], f"s. {pages}"])


def _indented(text: str) -> str:
    width = min(shutil.get_terminal_size().columns, 100)
    return textwrap.fill(
        " ".join(text.split()), width, initial_indent="   ", subsequent_indent="   "
    )


def _eval(arguments: argparse.Namespace, settings: Settings) -> int:
    from dipnot.engine import open_engine  # noqa: PLC0415 - slow to import, not for --help
    from dipnot.evaluation import report, tables  # noqa: PLC0415 - as above
    from dipnot.evaluation.scores import evaluate, unfindable  # noqa: PLC0415 - as above
    from dipnot.evaluation.sets import find_sets, read_sets  # noqa: PLC0415 - as above
    from dipnot.question.limits import check_k  # noqa: PLC0415 - as above

    check_k(arguments.k)
    if arguments.report is not None:
        report.check_place(arguments.report)
    questions = read_sets(arguments.questions or find_sets(settings.corpus), arguments.alt)
    progress = _Progress()
    progress("loading", 0, 0)
    engine = open_engine(settings)
    rows = evaluate(engine, questions, arguments.k, progress)
    progress.finish()
    lost = unfindable(engine.index, questions)
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
        about = report.about(engine.index.manifest, arguments.k)
        report.write(arguments.report, report.as_page(rows, about))
        print(f"Wrote {arguments.report}.", file=sys.stderr)
    return 0


def _inspect(arguments: argparse.Namespace, _: Settings) -> int:
    from dipnot import inspection  # noqa: PLC0415 - brings in the readers

    report = inspection.inspect_file(arguments.file)
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        print(inspection.as_running_text(report) if arguments.text else inspection.as_text(report))
    return 0


def _check(_: argparse.Namespace, settings: Settings) -> int:
    from dipnot.building import stale  # noqa: PLC0415 - as above
    from dipnot.corpus import scan_corpus  # noqa: PLC0415 - slow to import, not for --help
    from dipnot.index.store import check_encoder, check_offsets, open_index  # noqa: PLC0415 - as above
    from dipnot.models.encoder import load_encoder  # noqa: PLC0415 - as above

    index = open_index(settings.index)
    check_offsets(index)
    encoder = load_encoder(settings.encoder, settings.cache)
    check_encoder(index.manifest, encoder)
    manifest = index.manifest
    print(
        f"Generation {manifest.generation} is whole: {len(index.documents)} documents, "
        f"{manifest.passages} passages, {len(manifest.files)} files, encoder {manifest.encoder}."
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


if __name__ == "__main__":
    raise SystemExit(main())
