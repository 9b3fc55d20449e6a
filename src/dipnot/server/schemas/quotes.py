"""Shapes of the check of a quotation.

Owns: what is sent to check one, and how its places and their differences leave.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, StrictStr

from dipnot.document.build import headings_at
from dipnot.index.build import Index
from dipnot.server.addresses import address_of
from dipnot.server.schemas.base import TEXT, Shape, year_of
from dipnot.types import DifferenceKind, QuoteCheck, QuotePlace

_LONGEST_PAGE = 20


def _page(value: object) -> object:
    number = type(value) is int and value >= 1
    printed = isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_PAGE
    if value is None or number or printed:
        return value
    raise ValueError("expected a number from 1, or the page as printed")


class VerifyBody(Shape):
    """A quotation, and where it is said to stand."""

    quote: StrictStr = Field(examples=[TEXT])
    doc_id: StrictStr | None = None
    page: Annotated[int | str | None, BeforeValidator(_page)] = Field(
        default=None, description="By number or as printed, such as `xiv`."
    )


class DifferenceShape(Shape):
    """What the quotation and the text have in a place where they differ."""

    kind: DifferenceKind
    quoted: str
    found: str
    start: int
    end: int


class PlaceShape(Shape):
    """A place where a quotation stands, or nearly, with its footnote."""

    doc_id: str
    title: str
    author: str | None
    year: int | None
    page: int
    page_end: int
    label: str | None
    url: str
    headings: list[str]
    start: int
    end: int
    text: str = Field(description="Exactly the document's text at [start:end].")
    differences: list[DifferenceShape] = Field(
        description="Of spaces, quotation marks, hyphenation and case; of words where it does "
        "not stand."
    )


class VerifyShape(Shape):
    """Whether a quotation stands in the texts word for word."""

    stands: bool
    as_cited: bool = Field(description="Whether it stands where the citation says.")
    places: list[PlaceShape] = Field(description="All of them, at most 100; those cited first.")
    nearest: PlaceShape | None = Field(description="Where it does not stand.")
    generation: str


def verify_shape(index: Index, check: QuoteCheck) -> VerifyShape:
    """Put the check of a quotation into its shape."""
    return VerifyShape(
        stands=check.stands,
        as_cited=check.as_cited,
        places=[_place_shape(index, place) for place in check.places],
        nearest=_place_shape(index, check.nearest) if check.nearest else None,
        generation=check.generation,
    )


def _place_shape(index: Index, place: QuotePlace) -> PlaceShape:
    document = index.documents[place.doc_id]
    return PlaceShape(
        doc_id=place.doc_id,
        title=document.title,
        author=document.author,
        year=year_of(document),
        page=place.page,
        page_end=place.page_end,
        label=document.pages[place.page - 1].label,
        url=address_of(place.doc_id, place.page, place.span),
        headings=list(headings_at(document, place.span.start)),
        start=place.span.start,
        end=place.span.end,
        text=place.text,
        differences=[
            DifferenceShape(
                kind=d.kind, quoted=d.quoted, found=d.found, start=d.span.start, end=d.span.end
            )
            for d in place.differences
        ],
    )
