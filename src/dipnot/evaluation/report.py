"""The evaluation's page: one file to open, with tables, plots and the questions that failed.

Owns: the page and the wording of each figure. There are no scripts, fonts or pictures from
elsewhere; all that comes from questions and texts is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib import resources
from pathlib import Path

from dipnot import __version__
from dipnot.errors import InvalidInput, shown
from dipnot.evaluation.plots import SERIES, SHARE, Axis, Bar, Line, Mark, bar_plot, line_plot, share
from dipnot.evaluation.scores import (
    METRICS,
    RESAMPLES,
    Estimate,
    Row,
    grouped,
    operating_points,
    recall_curve,
    score,
)
from dipnot.evaluation.tables import ALL, by_set, counts, written
from dipnot.types import Manifest, Verdict

_MEANINGS = {
    "R@150w": "evidence within the first 150 words of the hits",
    "R@300w": "… 300 words",
    "R@600w": "… 600 words",
    "R@1000w": "… 1,000 words",
    "R@1": "evidence in the first hit",
    "R@3": "… in the first 3",
    "R@5": "… in the first 5",
    "R@10": "… in the first 10",
    "MRR@10": "mean of 1 / rank of the first hit with evidence",
    "nDCG@10": "how early all evidence quotes are met; 1 is as early as can be",
    "cited": "answerable questions whose citations hold evidence",
    "cited_all": "evidence quotes that are cited",
    "citation_precision": "citations of answerable questions that hold evidence",
    "refused": "unanswerable questions that are refused",
    "false_refusals": "answerable questions that are refused",
    "answered_precision": "of the verdicts “answered”, those that cite evidence",
    "answered_share": "answerable questions with the verdict “answered”",
    "exact": "hits and citations that stand in the text letter by letter",
    "words": "median words quoted in an answer",
    "ask_p50_ms": "median milliseconds an answer took",
}
_BUDGETS = range(0, 1001, 20)
_VERDICTS: dict[Verdict, str] = {
    "answered": "answered",
    "partial": "partial",
    "not_in_text": "not in the text",
    "no_question": "no question",
}


@dataclass(frozen=True, slots=True)
class About:
    """What was scored, for the reader of the page."""

    version: str
    created: str
    generation: str
    encoder: str
    k: int


def about(manifest: Manifest, k: int) -> About:
    """Say what was scored, now."""
    return About(
        version=__version__,
        created=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        generation=manifest.generation,
        encoder=manifest.encoder,
        k=k,
    )


def check_place(file: Path) -> None:
    """Raise InvalidInput, before anything is asked, where a page cannot be written."""
    if file.is_dir() or not file.parent.is_dir():
        raise InvalidInput(
            f"--report is {shown(str(file), 200)}; expected a file in a folder that exists, such "
            "as report.html.",
            "report",
        )


def write(file: Path, page: str) -> None:
    """Write a page; raises InvalidInput where that cannot be done."""
    try:
        file.write_text(page, "utf-8")
    except OSError as error:
        raise InvalidInput(
            f"{shown(str(file), 200)} cannot be written: {error.strerror}. Name another: --report "
            "FILE.html.",
            "report",
        ) from None


def as_page(rows: Sequence[Row], scored: About) -> str:
    """Write the page."""
    sets = by_set(rows)
    # A curve a set, or one for all where there is but one set or more than there are colours.
    drawn = {name: part for name, part in sets.items() if name != ALL and counts(part)[0]}
    if not 1 <= len(drawn) <= SERIES:
        drawn = {ALL: list(rows)} if counts(rows)[0] else {}
    sections = [
        _section("Recall by words read", _RECALL_NOTE, _recall(drawn), drawn),
        _section("By type of question", _TYPE_NOTE, _parts(rows, "type"), _MEASURES),
        _section("By language of the question", "", _parts(rows, "language"), _MEASURES),
        _section("Answering less, erring less", _RISK_NOTE, _risk(drawn), _risk_names(drawn)),
        _section("Questions that the texts do not answer", _KIND_NOTE, _refusals(rows), ()),
        _failures(rows),
    ]
    style = resources.files("dipnot.evaluation").joinpath("report.css").read_text("utf-8")
    body = "".join([_header(rows, scored), _table(sets), *sections])
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>Dipnot evaluation</title>'
        f"<style>{style}</style></head><body><main>{body}</main></body></html>\n"
    )


_RECALL_NOTE = (
    "How many answerable questions have found an evidence quote once so many words of the hits "
    "were read, best hit first."
)
_TYPE_NOTE = (
    "R@300w: evidence within 300 words of the hits. Cited: the answer quotes evidence. In "
    "brackets: how many questions."
)
_RISK_NOTE = (
    "Points: the verdict “answered” alone, with its intervals. Curves: “partial” counts as an "
    "answer too, and the best hit has to resemble the question less and less; at the right end all "
    "is answered that was not refused."
)
_KIND_NOTE = "How many of them were refused."
_MEASURES = ("R@300w", "cited")


def _header(rows: Sequence[Row], scored: About) -> str:
    answerable, other = counts(rows)
    facts = {
        "Questions": f"{answerable} answerable, {other} not",
        "Index": scored.generation,
        "Encoder": scored.encoder,
        "Hits asked for": str(scored.k),
        "Dipnot": scored.version,
        "Made": scored.created,
    }
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in facts.items()
    )
    return f"<header><h1>Dipnot evaluation</h1><dl>{items}</dl></header>"


def _table(sets: Mapping[str, Sequence[Row]]) -> str:
    scores = {name: score(part) for name, part in sets.items()}
    head = "".join(
        f'<th scope="col">{escape(name)} <small>({len(part)})</small></th>'
        for name, part in sets.items()
    )
    body = "".join(
        f'<tr><th scope="row">{escape(name)}<small>{escape(_MEANINGS[name])}</small></th>'
        + "".join(_cell(found[name], name) for found in scores.values())
        + "</tr>"
        for name in METRICS
    )
    return (
        f"<section><h2>Figures</h2><p>In brackets: 95 % of {RESAMPLES:,} resamples of the "
        'questions.</p><div class="wide"><table><thead><tr><th scope="col">figure</th>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _cell(estimate: Estimate, name: str) -> str:
    value, _, interval = written(estimate, name).partition(" ")
    return f"<td>{escape(value)} <small>{escape(interval)}</small></td>"


def _section(title: str, note: str, plot: str, names: Iterable[str]) -> str:
    listed = list(names)
    legend = "".join(
        f'<li><i class="key s{n % SERIES + 1}"></i>{escape(name)}</li>'
        for n, name in enumerate(listed)
    )
    return (
        f"<section><h2>{escape(title)}</h2>{f'<p>{escape(note)}</p>' if note else ''}"
        f"{f'<ul class=legend>{legend}</ul>' if listed not in ([], [ALL]) else ''}"
        f"{f'<div class=wide>{plot}</div>' if plot else '<p>No such questions were asked.</p>'}"
        "</section>"
    )


def _recall(sets: Mapping[str, Sequence[Row]]) -> str:
    lines = []
    for part in sets.values():
        curve = recall_curve(part, _BUDGETS)
        points = [(budget, e.value or 0.0) for budget, e in zip(_BUDGETS, curve, strict=True)]
        lines.append(Line(points, [(e.low or 0.0, e.high or 0.0) for e in curve]))
    x = Axis("words read", 1000, range(0, 1001, 100), "{:,.0f}".format)
    y = Axis("evidence found", 1, SHARE, share)
    return (
        line_plot("Share of questions with evidence, by words read", x, y, lines) if lines else ""
    )


def _parts(rows: Sequence[Row], by: str) -> str:
    bars = [
        (f"{_short(name)} ({found['cited'].n})", [_bar(found[measure]) for measure in _MEASURES])
        for name, found in grouped(rows, by).items()
    ]
    return bar_plot(f"R@300w and cited by {by}", bars) if bars else ""


def _refusals(rows: Sequence[Row]) -> str:
    bars = [
        (f"{_short(name)} ({found['refused'].n})", [_bar(found["refused"])])
        for name, found in grouped(rows, "kind").items()
    ]
    return bar_plot("Share refused by kind", bars) if bars else ""


def _short(name: str) -> str:
    return name if len(name) <= 18 else f"{name[:17]}…"


def _bar(estimate: Estimate) -> Bar | None:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return None
    text = f"{share(estimate.value)}  [{100 * estimate.low:.0f}, {100 * estimate.high:.0f}]"
    return Bar(estimate.value, estimate.low, estimate.high, text)


def _risk(sets: Mapping[str, Sequence[Row]]) -> str:
    lines, marks = [], []
    for part in sets.values():
        points = operating_points(part)
        lines.append(Line([(p.coverage, p.precision) for p in points]))
        found = score(part, ("answered_share", "answered_precision"))
        marks.append(_verdict_mark(found["answered_share"], found["answered_precision"]))
    if not any(line.points for line in lines):
        return ""
    x = Axis("answerable questions that are answered", 1, SHARE, share)
    y = Axis("answers that are right", 1, SHARE, share)
    return line_plot("Share of answers that are right, by share answered", x, y, lines, marks)


def _verdict_mark(coverage: Estimate, precision: Estimate) -> list[Mark]:
    values = [
        (e.value, e.low, e.high)
        for e in (coverage, precision)
        if e.value is not None and e.low is not None and e.high is not None
    ]
    if len(values) < 2:
        return []
    (x, left, right), (y, low, high) = values
    return [Mark((x, y), (left, right), (low, high))]


def _risk_names(sets: Mapping[str, Sequence[Row]]) -> list[str]:
    names = []
    for name, part in sets.items():
        found = score(part, ("answered_share", "answered_precision"))
        answered, right = (share(e.value or 0.0) for e in found.values())
        names.append(f"{name}: {answered} of the answerable answered, {right} of answers right")
    return names


def _failures(rows: Sequence[Row]) -> str:
    failed = [row for row in rows if row.failed]
    items = "".join(_failure(row) for row in failed)
    return (
        f"<section><h2>Failures</h2><p>{len(failed)} of {len(rows)}: evidence there is was not "
        f"cited, or a question that the texts do not answer was not refused.</p>{items}</section>"
    )


def _failure(row: Row) -> str:
    question = row.question
    kind = question.type if row.answerable else question.kind
    rank = f"evidence in hit {row.rank}" if row.rank else "evidence in no hit"
    facts = [
        question.question_id,
        kind,
        _VERDICTS[row.verdict],
        *([rank] if row.answerable else []),
    ]
    parts = [(f"Before: {turn.question}", [turn.answer]) for turn in question.history]
    if row.answerable:
        parts.append(("Evidence", list(question.evidence)))
    parts.append(("Cited", list(row.citations) or ["nothing"]))
    if row.first_hit is not None:
        passage = row.first_hit.passage
        parts.append((f"First hit: {passage.doc_id}, page {passage.page}", [passage.text]))
    body = "".join(
        f"<h3>{escape(head)}</h3>" + "".join(f"<blockquote>{escape(t)}</blockquote>" for t in texts)
        for head, texts in parts
    )
    return (
        f'<details><summary><span lang="{escape(question.lang)}">{escape(question.text)}</span>'
        f"<small>{escape(' · '.join(facts))}</small></summary>{body}</details>"
    )
