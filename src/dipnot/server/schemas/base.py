"""What all shapes share: unknown fields are refused, nothing is changed once made.

Owns: the base of every shape, the shape of an error, and what more than one theme needs.
"""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field

from dipnot.types import Document

TEXT = "Köprü 1887 yılında iki kardeş tarafından yapıldı."


class Shape(BaseModel):
    """A shape: it refuses fields that it does not know, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(examples=["/api/problems/invalid-input"])
    title: str = Field(examples=["Invalid input"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["k is 0; expected 1 to 100."])
    code: str = Field(description="Never changes.", examples=["invalid-input"])
    field: str | None = Field(default=None, examples=["k"])


def year_of(document: Document) -> int | None:
    """Tell the year of publication of a document as a number, if its imprint has one."""
    found = re.search(r"\d{3,4}", document.imprint.year or "")
    return int(found.group()) if found else None
