"""Shapes of the index that is served, of its generations and of a rebuild.

Owns: what a maintainer and a monitor read of the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal

from pydantic import Field

from dipnot.index.build import Index
from dipnot.server.schemas.base import Shape
from dipnot.types import BuildReport, BuildState, Generation


class FailureShape(Shape):
    """A file that could not be read, and why."""

    file: str
    reason: str


class ReportShape(Shape):
    """What a build did, in document ids."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    reused: list[str]
    failed: list[FailureShape]
    generation: str
    passages: int
    embedded: int
    resumed: int = Field(
        description="Passages whose embeddings an interrupted build or a damaged generation had."
    )
    published: bool = Field(description="False when nothing had changed.")
    seconds: float


class RebuildShape(Shape):
    """Where a rebuild stands."""

    state: Literal["idle", "running", "done", "failed"]
    stage: str
    done: int
    total: int
    rate: float | None = Field(description="How many a second.")
    seconds_left: float | None = Field(description="Of this stage.")
    started_at: str | None
    report: ReportShape | None
    error: str | None


class ModelShape(Shape):
    """The language model that writes: it gets the question and the quoted passages, no more."""

    endpoint: str
    model: str


class IndexShape(Shape):
    """The index being served."""

    generation: str
    created_at: str
    documents: int
    passages: int
    encoder: str
    encoder_fingerprint: str
    dimension: int
    metric: str
    chunking: str
    stale: bool
    stale_reason: str | None
    failed: list[FailureShape]
    llm: ModelShape | None = Field(description="Null where none is set up.")
    feedback: bool = Field(description="Whether POST /api/feedback keeps what it is told.")


class Live(Shape):
    """The server runs."""

    status: str = "live"


class Health(Shape):
    """Whether questions are answered."""

    status: Literal["ok"]
    generation: str
    documents: int
    passages: int
    version: str


class GenerationShape(Shape):
    """A generation that is kept; one with ``trouble`` cannot be served."""

    generation: str
    created_at: str
    encoder: str
    documents: int
    passages: int
    current: bool
    trouble: str | None


class GenerationList(Shape):
    """The generations kept, newest first."""

    generations: list[GenerationShape]


class RollbackBody(Shape):
    """Which generation to go back to; null is the one before the current one."""

    generation: str | None = Field(default=None, examples=["20260101T120000-0a1b2c"])


class RollbackShape(Shape):
    """The generation being served after a roll-back."""

    generation: str


def report_shape(report: BuildReport) -> ReportShape:
    """Put a build's report into its shape."""
    return ReportShape(
        added=list(report.added),
        changed=list(report.changed),
        removed=list(report.removed),
        reused=list(report.reused),
        failed=[FailureShape(file=f.file, reason=f.reason) for f in report.failed],
        generation=report.generation,
        passages=report.passages,
        embedded=report.embedded,
        resumed=report.resumed,
        published=report.published,
        seconds=report.seconds,
    )


def rebuild_shape(state: BuildState) -> RebuildShape:
    """Put the state of a rebuild into its shape."""
    return RebuildShape(
        state=state.state,
        stage=state.stage,
        done=state.done,
        total=state.total,
        rate=state.rate,
        seconds_left=state.seconds_left,
        started_at=state.started_at,
        report=report_shape(state.report) if state.report else None,
        error=state.error,
    )


def generations_shape(kept: Sequence[Generation]) -> GenerationList:
    """Put the generations that are kept into their shape."""
    return GenerationList(generations=[GenerationShape(**asdict(g)) for g in kept])


def index_shape(
    index: Index,
    stale_reason: str | None,
    llm: ModelShape | None = None,
    *,
    feedback: bool = False,
) -> IndexShape:
    """Put the identity of the index being served into its shape."""
    manifest = index.manifest
    return IndexShape(
        generation=manifest.generation,
        created_at=manifest.created_at,
        documents=len(index.documents),
        passages=len(index.places.shown),
        encoder=manifest.encoder,
        encoder_fingerprint=manifest.encoder_fingerprint,
        dimension=manifest.dimension,
        metric=manifest.metric,
        chunking=manifest.chunking,
        stale=stale_reason is not None,
        stale_reason=stale_reason,
        failed=[FailureShape(file=f.file, reason=f.reason) for f in manifest.failed],
        llm=llm,
        feedback=feedback,
    )
