"""Shapes of passages and of a search.

Owns: how a passage and a hit leave by HTTP or ``--json``.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from dipnot.index.build import Index
from dipnot.server.schemas.base import TEXT, Shape
from dipnot.types import Hit, Kind, Passage


class PassageShape(Shape):
    """A passage: whole sentences of a document, word for word."""

    passage_id: str = Field(examples=["kopruler.0a1b2c3d4e5f"])
    doc_id: str = Field(examples=["kopruler"])
    title: str
    text: str = Field(description="Exactly the document's text at [start:end].", examples=[TEXT])
    kind: Kind
    language: Literal["tr", "en"]
    headings: list[str] = Field(description="Headings over it, outermost first.")
    page: int = Field(description="Page where it begins, from 1.", examples=[10])
    page_end: int = Field(description="Page where it ends.", examples=[10])
    start: int = Field(description="Offset in Unicode code points.", examples=[21873])
    end: int = Field(examples=[22190])


class HitShape(PassageShape):
    """A passage found; scores compare the hits of one response only."""

    rank: int = Field(examples=[1])
    score: float = Field(examples=[5.69])


class SearchResult(Shape):
    """Passages for a query, best first."""

    query: str
    generation: str = Field(description="The index that answered.")
    took_ms: float
    hits: list[HitShape]


def _passage_fields(index: Index, passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "doc_id": passage.doc_id,
        "title": index.documents[passage.doc_id].title,
        "text": passage.text,
        "kind": passage.kind,
        "language": passage.language,
        "headings": list(passage.headings),
        "page": passage.page,
        "page_end": passage.page_end,
        "start": passage.span.start,
        "end": passage.span.end,
    }


def passage_shape(index: Index, passage: Passage) -> PassageShape:
    """Put a passage into its shape."""
    return PassageShape(**_passage_fields(index, passage))


def hit_shape(index: Index, hit: Hit) -> HitShape:
    """Put a hit into its shape."""
    return HitShape(rank=hit.rank, score=round(hit.score, 4), **_passage_fields(index, hit.passage))
