"""Shapes of what is cited, exported and thought of answers.

Owns: the bodies that name ranges of the texts, and what is written of them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from dipnot.question.limits import MOST_TURNS, TURN_LENGTH
from dipnot.server.schemas.base import Shape
from dipnot.types import CitationFormat, CitationStyle, Verdict

MOST_CITED = 200  # citations of one request, or of one answer
MOST_ASKED = 500  # turns of a conversation: as many as a browser keeps
MOST_EXPORTED = 1500  # citations of all of them
COMMENT_LENGTH = 2000


class RangeBody(Shape):
    """A range of a text that is cited, as citations give it."""

    doc_id: StrictStr
    start: Annotated[StrictInt, Field(ge=0)] = Field(description="In Unicode code points.")
    end: Annotated[StrictInt, Field(ge=1)]
    quote: StrictStr | None = Field(
        default=None, description="What was quoted; refused where the range no longer says it."
    )


class CiteBody(Shape):
    """What to cite, and how."""

    citations: list[RangeBody] = Field(min_length=1, max_length=MOST_CITED)
    style: CitationStyle = Field(default="chicago", description="Of text and Markdown.")
    lang: Literal["tr", "en"] = Field(default="tr", description="Of text and Markdown.")
    format: CitationFormat = "text"


class CiteShape(Shape):
    """Notes, one a line; what a style names shortly is listed in full below them."""

    text: str = Field(examples=["Ayşe Demir, “Köprüler”, Taş 3, sy. 2 (2019): 210."])


class AskedBody(Shape):
    """A question of a conversation, its answer, and what the answer cites as [1], [2] and so on."""

    question: StrictStr = Field(max_length=TURN_LENGTH)
    answer: StrictStr = Field(max_length=TURN_LENGTH)
    verdict: Verdict | None = Field(default=None, description="Told above the answer.")
    citations: list[RangeBody] = Field(default=[], max_length=MOST_CITED)


class ExportBody(Shape):
    """A conversation, and how to write it."""

    turns: list[AskedBody] = Field(min_length=1, max_length=MOST_ASKED)
    format: CitationFormat = "markdown"
    style: CitationStyle = "chicago"
    lang: Literal["tr", "en"] = "tr"


class ExportShape(Shape):
    """A conversation with its footnotes, and a name for its file."""

    text: str
    filename: str = Field(examples=["kopru-ne-zaman-yapildi.md"])


class FeedbackBody(Shape):
    """What a reader thinks of an answer."""

    question: StrictStr = Field(examples=["Köprü ne zaman yapıldı?"])
    verdict: Verdict
    citations: list[RangeBody] = Field(default=[], max_length=MOST_TURNS)
    helpful: StrictBool
    comment: StrictStr = Field(default="", max_length=COMMENT_LENGTH)
