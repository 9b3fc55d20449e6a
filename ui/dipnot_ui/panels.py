"""The parts of the page around the conversation, as HTML: head, progress, maintenance.

Owns: what is shown of the corpus and of work under way. Pure functions, escaped like ``render``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dipnot_ui.labels import Lang, has_label, label
from dipnot_ui.render import esc

_NAMED = 3


def head(lang: Lang, documents: Sequence[Mapping[str, Any]]) -> str:
    """Write the name of the page, what it does, and which texts it answers from."""
    titles = "".join(f"<li>{_title(lang, document)}</li>" for document in documents[:_NAMED])
    if len(documents) > _NAMED:
        titles += f"<li>+ {len(documents) - _NAMED}</li>"
    corpus = f'<ul class="dn-corpus">{titles}</ul>' if titles else ""
    return (
        '<header class="dn-head"><h1>Dipnot<sup aria-hidden="true">1</sup></h1>'
        f'<p class="dn-tagline">{esc(label(lang, "tagline"))}</p>{corpus}</header>'
    )


def _title(lang: Lang, document: Mapping[str, Any]) -> str:
    translated = document.get("title_en") if lang == "en" else None
    shown, spoken = (translated, "en") if translated else (document.get("title"), None)
    languages = document.get("languages") or ("tr",)
    tongue = esc(spoken or languages[0])
    author = document.get("author")
    by = f'<span class="dn-author">{esc(author)}</span>' if author else ""
    return f'<cite lang="{tongue}">{esc(shown or document.get("doc_id") or "")}</cite>{by}'


def examples_heading(lang: Lang) -> str:
    """Write the heading above the examples."""
    return f'<h2 class="dn-examples-heading">{esc(label(lang, "examples"))}</h2>'


def progress(lang: Lang, status: Mapping[str, Any]) -> str:
    """Write how far the work is which has to end before questions can be asked."""
    note = "" if status.get("error") else esc(label(lang, "preparing_note"))
    return (
        f'<section class="dn-progress"><h2>{esc(label(lang, "preparing"))}</h2>'
        f"{_steps(lang, status)}{_problem(status)}<p>{note}</p></section>"
    )


def _steps(lang: Lang, status: Mapping[str, Any]) -> str:
    """Write a stage in words, and a bar where its length is known."""
    stage = str(status.get("stage") or "idle")
    words = label(lang, "stage_" + stage) if has_label("stage_" + stage) else stage
    done, total = int(status.get("done") or 0), int(status.get("total") or 0)
    counted = f" ({min(done, total)}/{total})" if total > 0 else ""
    bar = ""
    if not status.get("error"):
        value = f' value="{min(done, total)}" max="{total}"' if total > 0 else ""
        bar = f'<progress aria-label="{esc(words)}"{value}></progress>'
    return f'<p class="dn-stage" role="status">{esc(words)}{counted}</p>{bar}'


def _problem(status: Mapping[str, Any]) -> str:
    error = status.get("error")
    return f'<div class="dn-error" role="alert"><p>{esc(error)}</p></div>' if error else ""


def maintenance(
    lang: Lang,
    documents: Sequence[Mapping[str, Any]],
    status: Mapping[str, Any],
    generation: str | None,
) -> str:
    """Write what the index holds, and how to rebuild it where this page cannot."""
    items = "".join(f"<li>{_title(lang, d)}{_counts(lang, d)}</li>" for d in documents)
    items = items or f"<li>{esc(label(lang, 'no_documents'))}</li>"
    parts = [f"<h3>{esc(label(lang, 'documents'))}</h3><ul>{items}</ul>"]
    if generation:
        name = esc(label(lang, "generation"))
        parts.append(f"<p>{name}: <code>{esc(generation)}</code></p>")
    if not status.get("admin"):
        sentence = label(
            lang,
            "admin_off",
            variable="<code>DIPNOT_ADMIN_TOKEN</code>",
            command="<code>.venv/bin/dipnot build</code>",
        )
        parts.append(f'<p class="dn-admin-off">{sentence}</p>')
    return f'<section class="dn-maintenance">{"".join(parts)}</section>'


def _counts(lang: Lang, document: Mapping[str, Any]) -> str:
    counted = [
        label(lang, key, count=document[name])
        for key, name in (("page_count", "pages"), ("passage_count", "passages"))
        if document.get(name) is not None
    ]
    return f'<span class="dn-counts">{esc(" · ".join(counted))}</span>'


def rebuild(lang: Lang, status: Mapping[str, Any], problem: str | None = None) -> str:
    """Write what the rebuild does or did, and why it could not start."""
    if problem is not None:
        return f'<div class="dn-rebuild">{_problem({"error": problem})}</div>'
    work = status.get("rebuild") or {}
    state = str(work.get("state") or "idle")
    if state not in ("running", "done", "failed"):
        return '<div class="dn-rebuild"></div>'
    parts = [f"<p><strong>{esc(label(lang, 'rebuild_' + state))}</strong></p>"]
    if state == "running":
        parts.append(_steps(lang, work))
    parts.append(_problem(work))
    report = work.get("report")
    if state == "done" and isinstance(report, Mapping):
        parts.append(_report(report))
    return f'<div class="dn-rebuild" data-state="{state}">{"".join(parts)}</div>'


def _report(report: Mapping[str, Any]) -> str:
    """Write the plain values of a report. Its keys are the backend's own."""
    plain = {k: v for k, v in report.items() if isinstance(v, str | int | float)}
    rows = "".join(f"<dt>{esc(key)}</dt><dd>{esc(value)}</dd>" for key, value in plain.items())
    return f'<dl class="dn-report">{rows}</dl>'
