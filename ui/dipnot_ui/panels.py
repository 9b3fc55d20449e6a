"""The parts of the page around the conversation, as HTML: head, empty state, work under way.

Owns: what is shown of the corpus and of work under way. Pure functions, escaped like ``render``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dipnot_ui.escaping import esc
from dipnot_ui.labels import Lang, has_label, label

_NAMED = 3
_MOST_EXAMPLES = 8


def head(lang: Lang, documents: Sequence[Mapping[str, Any]]) -> str:
    """Write the name of the page, and what is beside the conversation."""
    first = f"/text/{quote(str(documents[0]['doc_id']), safe='')}/p1" if documents else ""
    text = f'<a class="dn-text-link" href="{esc(first)}">{esc(label(lang, "text"))}</a>'
    tools = "".join(
        f'<button type="button" data-do="{does}"{more}>{words}</button>'
        for does, more, words in (
            ("rail", ' aria-expanded="false"', esc(label(lang, "conversations"))),
            ("new", "", esc(label(lang, "new"))),
        )
    )
    more = "".join(
        f'<button type="button" data-do="{does}" aria-label="{esc(label(lang, does))}" '
        f'title="{esc(label(lang, does))}">{sign}</button>'
        for does, sign in (("theme", "◐"), ("keys", "?"))
    )
    check = f'<a href="/verify">{esc(label(lang, "verify"))}</a>'
    corpus = f'<a href="/corpus">{esc(label(lang, "corpus"))}</a>'
    return (
        '<header class="dn-head"><h1>Dipnot<sup aria-hidden="true">1</sup></h1>'
        f'<nav class="dn-bar" aria-label="{esc(label(lang, "bar"))}">{tools}'
        f"{text if first else ''}{check}{corpus}{more}</nav></header>"
    )


def intro(
    lang: Lang, documents: Sequence[Mapping[str, Any]], llm: Mapping[str, Any] | None = None
) -> str:
    """Write what is shown before a question: what Dipnot does and does not, and examples.

    ``llm``: the language model that writes, if there is one, with its ``model`` and ``endpoint``.
    """
    titles = "".join(f"<li>{_title(lang, document)}</li>" for document in documents[:_NAMED])
    if len(documents) > _NAMED:
        titles += f"<li>+ {len(documents) - _NAMED}</li>"
    corpus = f'<ul class="dn-corpus">{titles}</ul>' if titles else ""
    found = dict.fromkeys(str(e) for d in documents for e in d.get("examples") or () if e)
    chips = "".join(
        f'<li><button type="button" class="dn-chip" data-ask="{esc(e)}">{esc(e)}</button></li>'
        for e in list(found)[:_MOST_EXAMPLES]
    )
    examples = (
        f'<h2 class="dn-examples-heading">{esc(label(lang, "examples"))}</h2>'
        f'<ul class="dn-chips">{chips}</ul>'
        if chips
        else ""
    )
    does = "".join(
        f"<li>{esc(label(lang, key))}</li>" for key in ("can_1", "can_2", "can_3", "cannot_1")
    )
    return (
        f'<section class="dn-intro"><p class="dn-tagline">{esc(label(lang, "tagline"))}</p>{corpus}'
        f'{_sent(lang, llm)}<ul class="dn-does">{does}</ul>{examples}</section>'
    )


def choice(lang: Lang, documents: Sequence[Mapping[str, Any]]) -> str:
    """Write the choice of the text to ask, where there are several."""
    if len(documents) < 2:
        return ""
    options = "".join(
        f'<option value="{esc(d["doc_id"])}">{esc(d.get("title") or d["doc_id"])}</option>'
        for d in documents
    )
    name = esc(label(lang, "document"))
    return (
        f'<label class="dn-choice"><span class="dn-sr">{name}</span><select id="dn-document">'
        f'<option value="">{esc(label(lang, "all_documents"))}</option>{options}</select></label>'
    )


def _sent(lang: Lang, llm: Mapping[str, Any] | None) -> str:
    """Write what goes to which language model, where there is one."""
    if not llm:
        return ""
    words = label(lang, "llm_sent", model=llm.get("model"), endpoint=llm.get("endpoint"))
    return f'<p class="dn-llm">{esc(words)}</p>'


def _title(lang: Lang, document: Mapping[str, Any]) -> str:
    translated = document.get("title_en") if lang == "en" else None
    shown, spoken = (translated, "en") if translated else (document.get("title"), None)
    languages = document.get("languages") or ("tr",)
    tongue = esc(spoken or languages[0])
    author = document.get("author")
    by = f'<span class="dn-author">{esc(author)}</span>' if author else ""
    return f'<cite lang="{tongue}">{esc(shown or document.get("doc_id") or "")}</cite>{by}'


def progress(lang: Lang, status: Mapping[str, Any]) -> str:
    """Write how far the work is which has to end before questions can be asked."""
    note = "" if _is_stuck(status) else esc(label(lang, "preparing_note"))
    return (
        f'<section class="dn-progress"><h2>{esc(label(lang, "preparing"))}</h2>'
        f"{_steps(lang, status)}{_problem(lang, status)}<p>{note}</p></section>"
    )


def standing(lang: Lang, status: Mapping[str, Any]) -> str:
    """Write what a reader must know of the index; nothing where all is well."""
    if not status.get("ready"):
        return progress(lang, status)
    if not status.get("damaged"):
        return ""
    return f'<div class="dn-error" role="alert"><p>{esc(label(lang, "damaged"))}</p></div>'


def _is_stuck(status: Mapping[str, Any]) -> bool:
    return bool(status.get("error") or status.get("sentence"))


def _steps(lang: Lang, status: Mapping[str, Any]) -> str:
    """Write a stage in words, and a bar where its length is known."""
    stage = str(status.get("stage") or "idle")
    words = label(lang, "stage_" + stage) if has_label("stage_" + stage) else stage
    done, total = int(status.get("done") or 0), int(status.get("total") or 0)
    counted = f" ({min(done, total)}/{total})" if total > 0 else ""
    bar = ""
    if not _is_stuck(status):
        value = f' value="{min(done, total)}" max="{total}"' if total > 0 else ""
        bar = f'<progress aria-label="{esc(words)}"{value}></progress>'
    return f'<p class="dn-stage" role="status">{esc(words)}{counted}</p>{bar}'


def _problem(lang: Lang, status: Mapping[str, Any]) -> str:
    """Write what is in the way: ``sentence`` in the page's language, or the server's ``error``.

    That one is English, so the page says what it comes to, and where more is told.
    """
    if status.get("sentence"):
        return f'<div class="dn-error" role="alert"><p>{esc(status["sentence"])}</p></div>'
    if not status.get("error"):
        return ""
    own = f'<p lang="en">{esc(status["error"])}</p>'
    corpus = f'<a href="/corpus">{esc(label(lang, "corpus"))}</a>'
    return (
        f'<div class="dn-error" role="alert"><p>{esc(label(lang, "error_preparing"))} {corpus}</p>'
        f"{own}</div>"
    )
