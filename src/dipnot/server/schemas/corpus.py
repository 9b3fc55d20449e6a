"""Shapes of the files of the corpus.

Owns: how a file, and what is understood of it, leaves by HTTP.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dipnot.server.schemas.base import Shape


class FileShape(Shape):
    """A file of the corpus, and where it stands against the index that is served."""

    file: str = Field(description="Its path in the corpus.", examples=["kopruler.pdf"])
    doc_id: str | None
    state: Literal["indexed", "changed", "new", "failed", "removed"]
    reason: str | None = Field(description="Why it cannot be read.")
    size: int | None = Field(description="In bytes.")
    title: str | None = Field(description="As indexed; likewise the next.")
    author: str | None
    year: str | None
    languages: list[str]
    pages: int | None
    footnotes: int | None
    passages: int | None
    examples: list[str] = Field(
        description="Questions to begin with: those of corpus.toml, else of headings and names."
    )
    removable: bool = Field(description="Whether DELETE takes it out: not from inner folders.")


class CorpusShape(Shape):
    """The corpus as it lies in its folder, beside the index that is served."""

    files: list[FileShape]
    catalogue: str | None = Field(description="What is wrong with corpus.toml or the folder.")
    suffixes: list[str]
    most_bytes: int
    admin: bool = Field(description="Whether the server has an admin token at all.")
    ready: bool
    damaged: bool = Field(description="Whether the newest generation is unusable, an older served.")
    stale_reason: str | None = Field(
        description="What is wrong with the index on disk, or how the corpus differs from it."
    )


class PutShape(Shape):
    """A file that was put into the corpus; the next rebuild reads it."""

    file: str
    doc_id: str
    replaced: bool
    size: int


class UnderstoodShape(Shape):
    """What is understood of a file before it is built, as `dipnot inspect` says."""

    file: str
    title: str
    author: str | None
    languages: list[str]
    characters: int
    pages: int
    footnotes: int
    references: int
    headings: list[str]
    missing: list[str] = Field(description="Keys of corpus.toml that a full footnote wants.")
    oddities: list[str]
    beginning: str
