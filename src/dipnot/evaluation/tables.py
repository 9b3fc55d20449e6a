"""Scores as tables for the terminal and as JSON for machines.

Owns: which figures are shown together, by which names, and how they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dipnot.evaluation.scores import (
    GROUPED,
    METRICS,
    RESAMPLES,
    Estimate,
    Row,
    group,
    grouped,
    score,
)

ALL = "all"
OVERVIEW = (
    "R@300w", "R@1", "MRR@10", "cited", "refused", "false_refusals", "answered_precision",
    "answered_share", "words", "ask_p50_ms",
)  # fmt: skip
MEDIANS = ("words", "ask_p50_ms")
_MEDIAN = "{:.1f} [{:.0f}, {:.0f}]"
_MEAN = "{:.3f} [{:.2f}, {:.2f}]"
BY = {"type": "By type", "language": "By language", "kind": "Unanswerable, by kind"}


def by_set(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Give all rows, and those of each set where there is more than one."""
    sets = group(rows, lambda row: row.question.set_name)
    return {ALL: list(rows), **(sets if len(sets) > 1 else {})}


def counts(rows: Sequence[Row]) -> tuple[int, int]:
    """Count answerable and unanswerable questions."""
    answerable = sum(row.answerable for row in rows)
    return answerable, len(rows) - answerable


# --- for machines ------------------------------------------------------------------------------


def as_json(rows: Sequence[Row], *, failures: bool) -> dict[str, object]:
    """Give all figures by name; ``intervals`` and ``sets`` hold the same names again."""
    out = _figures(rows)
    parts = by_set(rows)
    out["sets"] = {name: _figures(part) for name, part in parts.items() if name != ALL}
    if failures:
        out["failures"] = [_failure_shape(row) for row in rows if row.failed]
    return out


def _figures(rows: Sequence[Row]) -> dict[str, object]:
    scores: dict[str, Estimate | dict[str, Estimate]] = {**score(rows)}
    for by, (_, _, names) in GROUPED.items():
        parts = grouped(rows, by)
        for name in names:
            scores[f"{name} by {by}"] = {part: found[name] for part, found in parts.items()}
    out: dict[str, object] = {name: _shape(found, _value) for name, found in scores.items()}
    out["n"] = list(counts(rows))
    out["intervals"] = {name: _shape(found, _interval) for name, found in scores.items()}
    return out


def _shape(found: Estimate | Mapping[str, Estimate], shape: Callable[[Estimate], object]) -> object:
    if isinstance(found, Estimate):
        return shape(found)
    return {part: shape(estimate) for part, estimate in found.items()}


def _value(estimate: Estimate) -> float | None:
    return None if estimate.value is None else round(estimate.value, 3)


def _interval(estimate: Estimate) -> list[float] | None:
    if estimate.low is None or estimate.high is None:
        return None
    return [round(estimate.low, 3), round(estimate.high, 3)]


def _failure_shape(row: Row) -> dict[str, object]:
    hit = row.first_hit
    place = None if hit is None else {
        "doc_id": hit.passage.doc_id, "page": hit.passage.page, "text": hit.passage.text,
    }  # fmt: skip
    return {
        "id": row.question.question_id,
        "type": row.question.type,
        "question": row.question.text,
        "verdict": row.verdict,
        "rank": row.rank,
        "evidence": list(row.question.evidence),
        "citations": list(row.citations),
        "first_hit": place,
    }


# --- for the terminal --------------------------------------------------------------------------


def as_text(rows: Sequence[Row]) -> str:
    """Write the tables in Markdown: a row a set where there are several, else all of the one.

    Intervals stand in brackets.
    """
    sets = by_set(rows)
    if len(sets) > 1:
        return _overview(sets)
    scores = score(rows)
    first = ["", f"{rows[0].question.set_name} ({len(rows)})"]
    tables = [_table([first, *([name, written(scores[name], name)] for name in METRICS)])]
    for by, (_, _, names) in GROUPED.items():
        parts = grouped(rows, by)
        if parts:
            body = [
                [f"{part} ({max(found[n].n for n in names)})"]
                + [written(found[name], name) for name in names]
                for part, found in parts.items()
            ]
            tables.append(_table([[BY[by], *names], *body]))
    answerable, other = counts(rows)
    tables.append(
        f"{answerable} answerable questions, {other} not. In brackets: 95 % of {RESAMPLES:,} "
        "resamples of the questions."
    )
    return "\n\n".join(tables)


def _overview(sets: Mapping[str, Sequence[Row]]) -> str:
    body = []
    for name, rows in sets.items():
        scores = score(rows, OVERVIEW)
        figures = [_bare(scores[column], column) for column in OVERVIEW]
        body.append([name, " + ".join(map(str, counts(rows))), *figures])
    return (
        _table([["set", "questions", *OVERVIEW], *body])
        + "\n\nQuestions: answerable + unanswerable. `dipnot eval FILE` shows one set with all "
        "figures and their intervals."
    )


def _bare(estimate: Estimate, name: str) -> str:
    if estimate.value is None:
        return "–"
    return f"{estimate.value:.1f}" if name in MEDIANS else f"{estimate.value:.3f}"


def failures_as_text(rows: Sequence[Row]) -> str:
    """List the questions that failed, one a line."""
    failed = [row for row in rows if row.failed]
    lines = [
        [
            row.question.question_id,
            row.question.type if row.answerable else row.question.kind,
            row.verdict,
            "no evidence" if not row.answerable else f"rank {row.rank or '–'}",
            " ".join(row.question.text.split()),
        ]
        for row in failed
    ]
    head = f"Failures ({len(failed)} of {len(rows)}):"
    return f"{head}\n{_columns(lines)}" if lines else head


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table, its columns as wide as their widest cell."""
    rows = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(3, *(len(row[i]) for row in rows)) for i in range(len(rows[0]))]
    lines = [[cell.ljust(w) for cell, w in zip(row, widths, strict=True)] for row in rows]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def written(estimate: Estimate, name: str) -> str:
    """Write a figure with its interval."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–"
    form = _MEDIAN if name in MEDIANS else _MEAN
    return form.format(estimate.value, estimate.low, estimate.high)
