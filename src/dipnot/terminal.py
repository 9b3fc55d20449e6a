"""Asking in a terminal: by a running server of the same index, or else by models of our own.

Owns: finding that server, and how passages, answers and checks of quotations are printed. Both ways
give things whose fields are named as in the API.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, is_dataclass
from typing import Any

from dipnot.building import home_in
from dipnot.checksums import open_regular
from dipnot.client import NO_SERVER, Dipnot, Problem
from dipnot.errors import CorpusError, DipnotError, InvalidInput, shown
from dipnot.settings import Settings
from dipnot.types import Language, Span

STYLES = ("chicago", "apa", "isnad", "mla")
ABSENT = 3  # the exit code for what is not in the text
_WIDEST = 100
_ADDRESS = re.compile(r"http://(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}")
_LONGEST_LINE = 4096
# Around words to be marked, while lines are broken; ``printable`` leaves no text any.
_OPEN, _CLOSE = "\x02", "\x03"


def check_corpus(given: str | None, settings: Settings) -> None:
    """Raise CorpusError where a corpus is named that is not there."""
    if given is not None and not settings.corpus.is_dir():
        raise CorpusError(
            f"The corpus folder {shown(given)} does not exist. Name one that does, or leave "
            "--corpus out: the index alone answers."
        )


@contextmanager
def server_of(settings: Settings) -> Iterator[Dipnot | None]:
    """Find a running server that answers from the same generation; says so on stderr.

    Raises IndexMissing where there is no index.
    """
    generation = home_in(settings).current()
    for url in _addresses(settings):
        try:
            made = Dipnot(url, token=settings.read_token)
        except NO_SERVER:  # a host that is none: whoever serves says so
            continue
        with made as server:
            health = server.reachable()
            if health is None or health.generation != generation:
                continue
            print(f"Answered by the server at {url}; --local does without.", file=sys.stderr)
            with _server_errors(url):
                yield server
            return
    yield None


@contextmanager
def _server_errors(url: str) -> Iterator[None]:
    """Say what a server refused, or did instead of answering, and what to type."""
    try:
        yield
    except Problem as problem:
        kind = InvalidInput if problem.status == 422 else DipnotError
        answered = problem.status < 400
        raise kind(f"{problem} Add --local to do without." if answered else str(problem)) from None
    except NO_SERVER:
        raise DipnotError(
            f"The server at {url} stopped answering; ask again, or add --local."
        ) from None


def _addresses(settings: Settings) -> Iterator[str]:
    """Where a server may be: where one says that it serves this index, then as configured."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    configured = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    file, told = settings.address_file, ""
    if file is not None:
        with suppress(OSError, UnicodeDecodeError), open_regular(file) as left:
            told = left.read(_LONGEST_LINE).decode("utf-8").strip()
    if _ADDRESS.fullmatch(told) and told != configured:
        yield told
    yield configured


def as_json(shape: Any) -> str:
    """Give what the API would answer."""
    if is_dataclass(shape) and not isinstance(shape, type):
        return json.dumps(asdict(shape), ensure_ascii=False, indent=2)
    return str(shape.model_dump_json(indent=2))


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Call; gives the result and the milliseconds that it took."""
    begun = time.perf_counter()
    result = call()
    return result, (time.perf_counter() - begun) * 1e3


def print_hits(hits: Sequence[Any], language: Language) -> None:
    """Print passages with their places."""
    for hit in hits:
        print(_wrapped(f"{hit.rank}. {place_of(hit, language)}", "", "   "))
        print(_wrapped(hit.text))


def last(parts: Iterable[Any]) -> Any:
    """Give the whole answer, which comes last."""
    *_, whole = parts
    return whole


def streamed(parts: Iterable[Any]) -> Any:
    """Print each sentence that a language model writes when it comes; gives the whole answer.

    A space ends such a sentence, and no other text; see ``answer.writer``.
    """
    part = None
    for part in parts:
        if isinstance(part, str) and part.endswith(" "):
            print(_wrapped(part.rstrip(), "", ""), flush=True)
    return part


def print_writer(writing: Any) -> None:
    """Print who wrote the sentences above, where there are any."""
    if writing is not None and writing.sentences:
        print(_wrapped(f"Written by {writing.model} at {writing.endpoint}.", "   ", "   "))
        print()


def print_citations(citations: Sequence[Any], language: Language) -> None:
    """Print quotations with their footnotes and the text's own notes that hang in them.

    On a terminal the words that answer are bold.
    """
    for citation in citations:
        print()
        print(_wrapped(citation.quote, marked=citation.highlight))
        sources = "".join(f"; {source}" for source in citation.attribution)
        place = place_of(citation, language)
        print(_wrapped(f"[{citation.n}] {place}{sources}", "   ", "       "))
        for note in citation.notes:
            print(_wrapped(f"note {note.label}: {note.text}", "       ", "           "))


def cited_by(answerer: Any, answer: Any, cite: str | None) -> str:
    """Have an answer's citations written in a style or format, by a server or an open engine."""
    if cite is None or not answer.citations:
        return ""
    told_as: tuple[Any, Any] = (cite, "text") if cite in STYLES else ("chicago", cite)
    style, format_ = told_as
    if isinstance(answerer, Dipnot):
        told = answerer.cite(answer.citations, style=style, lang=answer.language, format=format_)
    else:
        from dipnot.citing.export import cite as write  # noqa: PLC0415 - not where a server does it
        from dipnot.citing.items import cited  # noqa: PLC0415 - as above

        places = [
            cited(answerer.document(c.doc_id), Span(c.start, c.end)) for c in answer.citations
        ]
        told = write(places, style, answer.language, format_)
    return told.rstrip() + "\n"


def print_check(check: Any, language: Language) -> None:
    """Print whether a quotation stands, where, and what differs."""
    if check.stands:
        print("It stands word for word." if check.as_cited else "It stands, but not as cited.")
    else:
        print("It does not stand in the texts." + (" Nearest:" if check.nearest else ""))
    for place in [*check.places, *([check.nearest] if check.nearest else [])]:
        print()
        print(_wrapped(place.text))
        print(_wrapped(place_of(place, language), "   ", "   "))
        for d in place.differences:
            what = d.kind.replace("_", " ")
            print(_wrapped(f"{what}: “{d.quoted}” for “{d.found}”", "   - ", "     "))


def place_of(item: Any, language: Language) -> str:
    """Name the place of a hit, citation or quotation: author, title, year, section, page.

    A hit has neither author nor year. ``language``: of who asks.
    """
    known = (getattr(item, "author", None), item.title, getattr(item, "year", None))
    named = [str(value) for value in known if value]
    return ", ".join([*named, *item.headings[-1:], _pages(item, language)])


def _pages(item: Any, language: Language) -> str:
    """Name the pages of a place by the printed number, where there is one."""
    first, label = item.page, getattr(item, "label", None)
    more = item.page_end - first
    one, several = ("s.", "s.") if language == "tr" else ("p.", "pp.")
    if not more:
        return f"{one} {label or first}"
    if label and label.isdecimal():
        first = int(label)
    return f"{several} {first}-{first + more}"


def printable(text: str) -> str:
    """Put a space for what would steer the terminal; line breaks stay."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    if not sys.stdout.isatty():
        return text
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}{_OPEN}{text[start:end]}{_CLOSE}{text[end:]}"
    return text


def _wrapped(
    text: str, first: str = "   ", rest: str = "   ", marked: Sequence[tuple[int, int]] = ()
) -> str:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    words = " ".join(_marked(printable(text), marked).split())
    filled = textwrap.fill(words, width, initial_indent=first, subsequent_indent=rest)
    return filled.replace(_OPEN, "\033[1m").replace(_CLOSE, "\033[0m")
