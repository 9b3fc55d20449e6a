"""Routes by which a reader takes citations and conversations away.

Owns: what is looked up of a range that is cited, and the name of an exported file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fastapi import APIRouter

from dipnot.citing.export import ENDINGS, Asked, cite, export
from dipnot.citing.items import Cited, cited
from dipnot.engine import Engine
from dipnot.errors import InvalidInput, TextChanged, shown
from dipnot.language.folding import fold
from dipnot.server import schemas
from dipnot.server.problems import problems
from dipnot.types import Span

_LONGEST_NAME = 60


def citing_routes(engine: Engine) -> APIRouter:
    """Make the routes that write citations."""
    router = APIRouter(tags=["citations"], responses=problems(404, "text-changed", 413, 422, 503))

    @router.post("/cite")
    def cite_(body: schemas.CiteBody) -> schemas.CiteShape:
        """Write a footnote for each range of a text, in a style; or its texts for a program.

        What the author cites there stands apart, and a note of the text itself is named as such.
        """
        places = list(_places(engine, body.citations, "citations"))
        return schemas.CiteShape(text=cite(places, body.style, body.lang, body.format))

    @router.post("/export")
    def export_(body: schemas.ExportBody) -> schemas.ExportShape:
        """Write a conversation with its footnotes and a bibliography."""
        cited_ = sum(len(turn.citations) for turn in body.turns)
        if cited_ > schemas.MOST_EXPORTED:
            raise InvalidInput(
                f"The turns have {cited_:,} citations; expected at most {schemas.MOST_EXPORTED:,}.",
                "turns",
            )
        turns = [
            Asked(
                turn.question,
                turn.answer,
                tuple(_places(engine, turn.citations, f"turns.{n}.citations")),
                turn.verdict,
            )
            for n, turn in enumerate(body.turns)
        ]
        return schemas.ExportShape(
            text=export(turns, body.style, body.lang, body.format),
            filename=f"{_name(body.turns[0].question)}.{ENDINGS[body.format]}",
        )

    return router


def _places(engine: Engine, ranges: Sequence[schemas.RangeBody], field: str) -> Iterator[Cited]:
    """Look each range up.

    Raises NotFound for an unknown document, TextChanged where it no longer says what was quoted,
    InvalidInput for offsets.
    """
    for n, range_ in enumerate(ranges):
        document = engine.document(range_.doc_id)
        if range_.quote not in (None, document.text[range_.start : range_.end]):
            raise TextChanged(
                f"{shown(range_.doc_id)} no longer says what was quoted of it at {range_.start} to "
                f"{range_.end}.",
                f"{field}.{n}",
            )
        if not range_.start < range_.end <= len(document.text):
            raise InvalidInput(
                f"start and end are {range_.start} and {range_.end}; expected 0 ≤ start < end ≤ "
                f"{len(document.text)}.",
                f"{field}.{n}",
            )
        yield cited(document, Span(range_.start, range_.end))


def quoted(engine: Engine, ranges: Sequence[schemas.RangeBody]) -> Iterator[dict[str, object]]:
    """Tell of each range where it stands and what it says; raises as ``/api/cite`` does."""
    for place in _places(engine, ranges, "citations"):
        start, end = place.span
        doc_id, text = place.document.doc_id, place.document.text[start:end]
        yield {"doc_id": doc_id, "start": start, "end": end, "pages": place.pages, "quote": text}


def _name(question: str) -> str:
    """A plain name for a file, of letters a-z, digits and hyphens."""
    name = "-".join(re.findall(r"[a-z0-9]+", fold(question)))[:_LONGEST_NAME].strip("-")
    return name or "dipnot"
