"""Where a rebuild stands, and whether the index is stale."""

from __future__ import annotations

from dipnot.engine import Engine
from dipnot.server import schemas
from dipnot.types import BuildReport, BuildState, FileFailure


def test_a_rebuild_shows_its_report_only_when_there_is_one() -> None:
    assert schemas.rebuild_shape(BuildState()).report is None
    failed = (FileFailure("b.pdf", "It is locked."),)
    report = BuildReport("g", added=("a",), failed=failed)
    shape = schemas.rebuild_shape(BuildState("done", report=report))
    assert shape.report is not None
    assert shape.report.added == ["a"]
    assert [(f.file, f.reason) for f in shape.report.failed] == [("b.pdf", "It is locked.")]


def test_why_an_index_is_stale_is_shown(engine: Engine) -> None:
    assert schemas.index_shape(engine.index, None).stale is False
    stale = schemas.index_shape(engine.index, "these texts changed: lake")
    assert (stale.stale, stale.stale_reason) == (True, "these texts changed: lake")
