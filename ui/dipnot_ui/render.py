"""Plain data to HTML: every string of the conversation is made here, and escaped here.

Owns: the mark-up of a turn. Pure functions: a turn and a language in, HTML out. Nothing is read as
Markdown, and nothing from outside reaches the page but through ``esc``. The parts of a quotation
are in ``quotation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dipnot_ui.backend import Failure
from dipnot_ui.escaping import esc
from dipnot_ui.labels import Lang, as_lang, has_label, label
from dipnot_ui.quotation import citation, footline
from dipnot_ui.turns import MAX_QUESTION, Turn

_NEAREST = 5
_NEAREST_CHARACTERS = 420
_QUOTE_MARKS = "\"'“”‘’«»„ \t\n"
_TRAILING_REFERENCES = re.compile(r"(?:\s?\[\d{1,4}\]){1,100}$")
_REFERENCE = re.compile(r"\[(\d{1,3})\]")
_LETTER = re.compile(r"[^\W\d_]")
_FOLLOWING = ("follow_more", "follow_source")


def turn(lang: Lang, one: Turn, generation: str | None = None, *, judged: bool = True) -> str:
    """Write a turn.

    ``generation`` is the index's that answers now; ``judged``: whether the host keeps what readers
    think of answers.
    """
    if one.failure is not None:
        body = _failure(lang, one.failure)
    elif one.answer is not None:
        body = _answer(
            lang,
            one.answer,
            one,
            generation,
            judged=judged and not one.fallen and not one.unchecked,
        )
    elif one.cited:
        body = _coming(lang, one)
    elif one.first is not None:
        body = _first(lang, one.first)
    else:
        body = f'<p class="dn-waiting" role="status">{esc(label(lang, "searching"))}</p>'
    state = " dn-pending" if one.failure is None and one.answer is None else ""
    if one.unchecked and one.answer is not None and one.answer.get("citations"):
        state = " dn-unchecked"
    asked = f'<span class="dn-sr">{esc(label(lang, "asked"))}: </span>'
    return (
        f'<article class="dn-turn{state}" id="dn-turn-{esc(one.key)}" data-key="{esc(one.key)}">'
        f'<div class="dn-asked"><h2 class="dn-question" tabindex="-1">{asked}{esc(one.question)}'
        f"</h2>{_question_tools(lang)}</div>{body}</article>"
    )


def _button(lang: Lang, does: str, key: str | None = None, **data: object) -> str:
    told = "".join(f' data-{name}="{esc(value)}"' for name, value in data.items())
    words = esc(label(lang, key or does.replace("-", "_")))
    return f'<button type="button" data-do="{does}"{told}>{words}</button>'


def _question_tools(lang: Lang) -> str:
    tools = "".join(_button(lang, does) for does in ("edit", "retry", "link"))
    return f'<p class="dn-tools dn-question-tools">{tools}</p>'


def _failure(lang: Lang, failure: Failure) -> str:
    """Say why there is no answer in the page's language, the sentence being the server's."""
    key = "error_" + failure.code.replace("-", "_")
    known = has_label(key)
    sentence = label(lang, key, limit=MAX_QUESTION) if known else failure.sentence
    if lang == "en" and failure.sentence:
        sentence = failure.sentence[:1].upper() + failure.sentence[1:]  # it may open with a field
    words = esc(sentence or label(lang, "error_general"))
    if failure.code == "stopped":  # the reader wanted it so
        return f'<p class="dn-aside dn-stopped">{words}</p>'
    return (
        f'<div class="dn-error"><p><strong>{esc(label(lang, "error"))}</strong> {words}</p></div>'
    )


def _first(lang: Lang, hit: Mapping[str, Any]) -> str:
    """Write the first place found, before it is read: it may not be what the answer quotes."""
    spoken = as_lang(hit.get("language")) or "tr"
    return (
        f'<div class="dn-answer dn-checking"><p class="dn-aside">{esc(label(lang, "checking"))}</p>'
        f'<blockquote class="dn-quote" lang="{spoken}">{esc(_clipped(str(hit.get("text") or "")))}'
        f'</blockquote>{footline(lang, hit)}<p class="dn-waiting" role="status"></p></div>'
    )


def _answer(
    lang: Lang, answer: Mapping[str, Any], one: Turn, generation: str | None, *, judged: bool
) -> str:
    verdict = str(answer.get("verdict"))
    known = verdict if verdict in ("answered", "partial", "no_question") else "not_in_text"
    citations = answer.get("citations") or ()
    spoken = as_lang(answer.get("language")) or lang
    writing = answer.get("writing") or {}
    sentences = [str(s.get("text")) for s in writing.get("sentences") or ()]
    above = [*sentences, *map(str, writing.get("notes") or ())]
    rest = str(answer.get("answer") or "").removeprefix("".join(f"{s} " for s in above))
    parts = [
        _resolved(lang, answer, one),
        _written(lang, sentences, spoken),
        _unwritten(lang, writing),
        _verdict(lang, known, framing(rest, citations), spoken),
    ]
    told = answer.get("generation")
    if generation and told and told != generation:
        parts.append(f'<p class="dn-aside">{esc(label(lang, "older"))}</p>')
    if one.other is not None:
        parts.append(f'<p class="dn-aside">{esc(label(lang, "other_language"))}</p>')
    if citations and one.unchecked:
        parts.append(f'<p class="dn-aside">{esc(label(lang, "unchecked"))}</p>')
    if citations:
        contexts = (*one.contexts, *(None for _ in citations))
        items = "".join(
            citation(
                lang,
                c,
                context,
                f"dn-{one.key}-{i}",
                fallen=i in one.fallen,
                unchecked=one.unchecked,
            )
            for i, (c, context) in enumerate(zip(citations, contexts, strict=False))
        )
        name = esc(label(lang, "citations"))
        parts.append(f'<ol class="dn-citations" aria-label="{name}">{items}</ol>')
    if one.other is not None:
        parts.append(_other(lang, one.other))
    hits = answer.get("hits") or ()
    if known == "not_in_text" and hits:
        parts.append(_nearest(lang, hits[:_NEAREST], one.key))
    parts.append(_answer_tools(lang, known, bool(citations), judged=judged))
    return f'<div class="dn-answer" data-verdict="{known}">{"".join(parts)}</div>'


def _written(lang: Lang, sentences: Sequence[str], spoken: Lang | None) -> str:
    """Write what a language model wrote, every sentence of which was checked."""
    if not sentences:
        return ""
    name = esc(label(lang, "written"))
    told = "" if spoken is None else f' lang="{spoken}"'
    return (
        f'<p class="dn-written" role="group" aria-label="{name}" title="{name}"{told}>'
        f"{_references(' '.join(sentences))}</p>"
    )


def _coming(lang: Lang, one: Turn) -> str:
    """Write the quotations and the sentences that are there, while a language model writes on."""
    written = _written(lang, one.written, None)
    quotes = "".join(
        f'<blockquote class="dn-quote" lang="{as_lang(c.get("language")) or "tr"}">'
        f"{esc(c.get('quote') or '')}</blockquote>{footline(lang, c)}"
        for c in one.cited
    )
    return (
        f'<div class="dn-answer">{written}<p class="dn-aside">{esc(label(lang, "coming"))}</p>'
        f'{quotes}<p class="dn-waiting" role="status"></p></div>'
    )


def _unwritten(lang: Lang, writing: Mapping[str, Any]) -> str:
    """Say in the page's language how many sentences were left out, and why there are no more."""
    n, reason = len(writing.get("struck") or ()), f"unwritten_{writing.get('reason')}"
    notes = [label(lang, "left_out_one" if n == 1 else "left_out", n=n)] if n else []
    if has_label(reason):
        notes.append(label(lang, reason))
    return f'<p class="dn-aside">{esc(" ".join(notes))}</p>' if notes else ""


def _resolved(lang: Lang, answer: Mapping[str, Any], one: Turn) -> str:
    """Say as what a follow-up was read, and let it be asked alone."""
    read = str(answer.get("resolved_question") or "")
    if not read or read.split() == one.question.split():
        return ""
    words = esc(label(lang, "resolved"))
    return (
        f'<p class="dn-resolved dn-tools"><span>{words}</span> <q>{esc(read)}</q> '
        f"{_button(lang, 'alone')}</p>"
    )


def _verdict(lang: Lang, verdict: str, said: str, spoken: Lang) -> str:
    """The verdict in a word, and what the answer says beside its quotations.

    The answer speaks the question's language; on a page in the other one the page says it itself.
    """
    badge = f'<span class="dn-verdict dn-{verdict}">{esc(label(lang, "verdict_" + verdict))}</span>'
    fallback = label(lang, "not_in_text" if verdict == "not_in_text" else f"gloss_{verdict}")
    plain = verdict in ("answered", "partial") or (verdict == "not_in_text" and len(said) < 60)
    if said and (spoken == lang or not plain):
        words = f'<span class="dn-framing" lang="{spoken}">{_references(said)}</span>'
    else:
        words = f'<span class="dn-framing">{esc(fallback)}</span>'
    return f'<p class="dn-verdict-line">{badge} {words}</p>'


def framing(answer: str, citations: Iterable[Mapping[str, Any]]) -> str:
    """Give what an answer says beside its quotations, which are shown on their own.

    The references ``[1]`` stay where they were if words follow them.
    """
    left = answer
    for quote in (str(c.get("quote") or "") for c in citations):
        at = left.find(quote) if quote else -1
        if at >= 0:
            before = left[:at].rstrip(_QUOTE_MARKS)
            left = f"{before} {left[at + len(quote) :].lstrip(_QUOTE_MARKS)}"
    words = _TRAILING_REFERENCES.sub("", " ".join(left.split()))
    return words if _LETTER.search(_REFERENCE.sub("", words)) else ""


def _references(text: str) -> str:
    return _REFERENCE.sub(r'<span class="dn-ref">[\1]</span>', esc(text))


def _other(lang: Lang, hit: Mapping[str, Any]) -> str:
    """Write the nearest place of the text in the reader's language: no answer, and so marked."""
    spoken = as_lang(hit.get("language")) or "en"
    return (
        f'<aside class="dn-other"><h3>{esc(label(lang, "other_heading"))}</h3>'
        f'<p class="dn-near" lang="{spoken}">{esc(hit.get("text") or "")}</p>'
        f"{footline(lang, hit)}</aside>"
    )


def _nearest(lang: Lang, hits: Sequence[Mapping[str, Any]], key: str) -> str:
    """Write the nearest places of a question the text does not answer, folded away."""
    items = "".join(
        f'<li><p class="dn-near" lang="{as_lang(hit.get("language")) or "tr"}">'
        f"{esc(_clipped(str(hit.get('text') or '')))}</p>"
        f"{footline(lang, hit)}</li>"
        for hit in hits
    )
    return (
        f'<details class="dn-nearest" id="dn-{esc(key)}-nearest">'
        f"<summary>{esc(label(lang, 'nearest'))}</summary><ol>{items}</ol></details>"
    )


def _answer_tools(lang: Lang, verdict: str, quotes: bool, *, judged: bool) -> str:
    """What can be done with an answer: copied, asked on, and ``judged`` where it still stands."""
    parts = []
    if quotes:
        chips = "".join(
            f'<button type="button" class="dn-chip" data-ask="{esc(label(lang, key))}">'
            f"{esc(label(lang, key))}</button>"
            for key in _FOLLOWING
        )
        parts.append(f'<p class="dn-follow">{chips}</p>')
    if verdict != "no_question":
        tools = _button(lang, "copy-answer") if quotes else ""
        if judged:
            tools += _button(lang, "helpful") + _button(lang, "unhelpful")
        if tools:
            parts.append(f'<p class="dn-tools dn-answer-tools">{tools}</p>')
    return "".join(parts)


def _clipped(text: str) -> str:
    if len(text) <= _NEAREST_CHARACTERS:
        return text
    return text[:_NEAREST_CHARACTERS].rpartition(" ")[0] + "\u00a0…"
