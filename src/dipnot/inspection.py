"""What was understood of a text: outline, pages, footnotes, references, oddities.

Owns: the shape and wording of ``dipnot inspect``. Reads one file; knows no index.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dipnot.corpus import CATALOGUE, make_doc_id, read_bytes, read_catalogue
from dipnot.document import make_document, page_at
from dipnot.errors import CorpusError, shown
from dipnot.readers import read_pages
from dipnot.sentences import split_sentences
from dipnot.types import Document, Footnote, Source, SourcePage
from dipnot.voices import speaker_of, voice_of

_AROUND = 40
_GLUED = re.compile(r"[a-zçğıöşüâîû]{3}[.!?”]?\d{1,3}(?=[\s.,;)]|$)")
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")


def inspect_file(path: Path) -> dict[str, Any]:
    """Read a file as the corpus would and say what was understood, in plain data.

    Raises CorpusError when the file cannot be read.
    """
    if not path.is_file():
        raise CorpusError(f"{shown(path.name)} is no file. Name a text: `dipnot inspect FILE`.")
    known = {source.file: source for source in read_catalogue(path.parent / CATALOGUE)}
    source = known.get(path.name) or Source(path.name, make_doc_id(path.name))
    pages = read_pages(path.name, read_bytes(path))
    return describe(make_document(source, pages), pages)


def describe(document: Document, pages: Sequence[SourcePage]) -> dict[str, Any]:
    """Put in plain data what is known of a document read from ``pages``."""
    text = document.text
    notes = Counter(note.page for note in document.footnotes)
    return {
        "file": document.source,
        "doc_id": document.doc_id,
        "title": document.title,
        "author": document.author,
        "languages": list(document.languages),
        "characters": len(text),
        "outline": [
            {
                "heading": section.heading,
                "level": section.level,
                "page": page_at(document, section.span.start),
            }
            for section in document.sections
        ],
        "pages": [
            {
                "number": page.number,
                "label": page.label,
                "characters": page.span.end - page.span.start,
                "footnotes": notes[page.number],
            }
            for page in document.pages
        ],
        "footnotes": [_footnote(document, note) for note in document.footnotes],
        "references": [
            {
                "text": text[reference.span.start : reference.span.end],
                "author": reference.author,
                "year": reference.year,
                "locator": reference.locator,
                "page": page_at(document, reference.span.start),
                "entry": reference.entry and text[slice(*reference.entry)],
            }
            for reference in document.references
        ],
        "paragraphs": {
            "kinds": dict(Counter(p.kind for p in document.paragraphs).most_common()),
            "languages": dict(Counter(p.language for p in document.paragraphs).most_common()),
        },
        **_voices(document),
        "oddities": list(_oddities(document, pages)),
    }


def _voices(document: Document) -> dict[str, Any]:
    """How many sentences speak in which voice, and who is heard in those that name somebody."""
    voices: Counter[str] = Counter()
    speakers: Counter[str] = Counter()
    cited = [reference.span.start for reference in document.references]
    for paragraph in document.paragraphs:
        if paragraph.kind == "front":
            continue
        for span in split_sentences(document.text, *paragraph.span):
            sentence = document.text[span.start : span.end]
            has_reference = bisect_left(cited, span.start) < bisect_left(cited, span.end)
            voice = voice_of(sentence, has_reference, paragraph.kind == "quotation")
            voices[voice] += 1
            speaker = speaker_of(sentence) if voice != "author" else None
            if speaker:
                speakers[speaker] += 1
    return {"voices": dict(voices.most_common()), "speakers": dict(speakers.most_common())}


def _footnote(document: Document, note: Footnote) -> dict[str, Any]:
    text, at = document.text, note.marker
    return {
        "label": note.label,
        "page": note.page,
        "before": text[max(0, at - _AROUND) : at],
        "after": text[at : at + _AROUND],
        "text": text[note.span.start : note.span.end],
    }


# --- oddities ----------------------------------------------------------------------------------


def _oddities(document: Document, pages: Sequence[SourcePage]) -> Iterator[dict[str, Any]]:
    for number, page in enumerate(pages, start=1):
        if page.doubt:
            yield _oddity("unreadable text", number, page.doubt)
        elif not any(line.text for line in page.lines):
            yield _oddity("page without text", number, "nothing but perhaps pictures stands on it")
    yield from _lonely_markers(document, pages)
    yield from _lonely_notes(document, pages)
    yield from _missing_labels(document)
    unknown: Counter[tuple[int, str]] = Counter()
    for match in _UNKNOWN.finditer(document.text):
        unknown[page_at(document, match.start()), match.group()] += 1
    for (number, char), count in unknown.items():
        detail = f"{count} times U+{ord(char):04X}: the file does not tell what is printed"
        yield _oddity("replaced character", number, detail)


def _oddity(kind: str, page: int, detail: str) -> dict[str, Any]:
    return {"kind": kind, "page": page, "detail": detail}


def _lonely_markers(document: Document, pages: Sequence[SourcePage]) -> Iterator[dict[str, Any]]:
    """Markers that lead to no note; where no reader knows, figures that cling to a word."""
    notes = {line.note.key for page in pages for line in page.notes if line.note}
    for number, page in enumerate(pages, start=1):
        for line in page.lines:
            for mark in line.marks:
                if mark.key not in notes:
                    words = line.text[max(0, mark.column - _AROUND) : mark.column]
                    yield _oddity("marker without note", number, f"{mark.label} after “{words}”")
    if not any(line.role for page in pages for line in page.lines):
        end = document.pages[-1].span.end
        for match in _GLUED.finditer(document.text, 0, end):
            words = document.text[max(0, match.start() - _AROUND) : match.end()]
            number = page_at(document, match.start())
            yield _oddity("marker without note", number, f"figures cling to “{words}”")


def _lonely_notes(document: Document, pages: Sequence[SourcePage]) -> Iterator[dict[str, Any]]:
    """Notes whose marker was not found: they hang on the end of their page."""
    known = any(line.note for page in pages for line in page.notes)
    marks = {mark.key for page in pages for line in page.lines for mark in line.marks}
    keys = [line.note.key for page in pages for line in page.notes if line.note]
    for i, note in enumerate(document.footnotes):
        at_end = note.marker == document.pages[note.page - 1].span.end
        if (keys[i] not in marks) if known else at_end:
            yield _oddity("note without marker", note.page, f"note {note.label}")


def _missing_labels(document: Document) -> Iterator[dict[str, Any]]:
    last = 0
    for note in document.footnotes:
        if not note.label.isdigit():
            continue
        label = int(note.label)
        if label > last + 1 and last:
            yield _oddity("missing note", note.page, f"note {label} follows note {last}")
        last = label


# --- for people --------------------------------------------------------------------------------


def as_text(report: dict[str, Any]) -> str:
    """Write a report for a terminal."""
    return "\n".join(
        line
        for part in (_head, _outline, _pages, _notes, _references, _odd)
        for line in part(report)
    )


def _head(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['file']}: {report['title']}"
    author = f"{report['author']}; " if report["author"] else ""
    yield f"{author}{report['characters']:,} characters, {len(report['pages'])} pages"
    for name, counts in report["paragraphs"].items():
        yield f"{name}: " + ", ".join(f"{key} {count}" for key, count in counts.items())
    for name in ("voices", "speakers"):
        if report[name]:
            yield f"{name}: " + ", ".join(f"{key} {count}" for key, count in report[name].items())


def _outline(report: dict[str, Any]) -> Iterator[str]:
    yield f"\nOutline ({len(report['outline'])})"
    for entry in report["outline"]:
        yield f"{'  ' * entry['level']}{entry['heading']}  s. {entry['page']}"


def _pages(report: dict[str, Any]) -> Iterator[str]:
    yield f"\nPages ({len(report['pages'])})"
    for page in report["pages"]:
        label = f" (printed {page['label']})" if page["label"] else ""
        notes = f", {page['footnotes']} footnotes" if page["footnotes"] else ""
        yield f"  {page['number']}{label}: {page['characters']:,} characters{notes}"


def _notes(report: dict[str, Any]) -> Iterator[str]:
    yield f"\nFootnotes ({len(report['footnotes'])})"
    for note in report["footnotes"]:
        around = f"…{_flat(note['before'])}⁎{_flat(note['after'])}…"
        yield f"  [{note['label']}] s. {note['page']}: {around}"
        yield f"      {_flat(note['text'])}"


def _references(report: dict[str, Any]) -> Iterator[str]:
    yield f"\nReferences ({len(report['references'])})"
    counts = Counter(reference["text"] for reference in report["references"])
    entries = {reference["text"]: reference["entry"] for reference in report["references"]}
    for text, count in counts.most_common():
        yield f"  {text}" + (f"  ({count} times)" if count > 1 else "")
        if entries[text]:
            yield f"      {_flat(entries[text])}"


def _odd(report: dict[str, Any]) -> Iterator[str]:
    yield f"\nOddities ({len(report['oddities'])})"
    for oddity in report["oddities"]:
        yield f"  s. {oddity['page']}: {oddity['kind']}: {oddity['detail']}"


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
