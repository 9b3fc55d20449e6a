"""What was understood of a text: all that the API gives of it, and what is odd about it.

Owns: the shape and wording of ``dipnot inspect``. Reads one file; knows no index.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dipnot.citing.items import missing_of
from dipnot.corpus import (
    CATALOGUE,
    list_texts,
    make_doc_id,
    name_of,
    read_bytes,
    read_catalogue,
)
from dipnot.document.build import make_document, page_at
from dipnot.document.oddities import confidence_of, find_oddities
from dipnot.document.voices import speaker_of, voice_of
from dipnot.errors import CorpusError, shown
from dipnot.formats import read_pages
from dipnot.language.sentences import split_sentences
from dipnot.types import (
    EQUATION,
    Document,
    Footnote,
    Reference,
    Section,
    Source,
    SourcePage,
    Span,
)

_AROUND = 40


def inspect_file(path: Path, folder: Path | None = None, name: str | None = None) -> dict[str, Any]:
    """Read a file as the corpus would and say what was understood, in plain data.

    Where the ``folder`` of a corpus is given, the file must lie in it, whatever links say, and has
    the ``name`` there that its catalogue names it by. Raises CorpusError when the file cannot be
    read.
    """
    if not path.is_file():
        raise CorpusError(f"{shown(path.name)} is no file. Name a text: `dipnot inspect FILE`.")
    if name is None:
        name = name_of(Path(path.name) if folder is None else path.relative_to(folder))
    known = {source.file: source for source in read_catalogue((folder or path.parent) / CATALOGUE)}
    source = known.get(name) or Source(name, make_doc_id(name))
    pages = read_pages(name, read_bytes(path, folder))
    return describe(make_document(source, pages), pages)


def place_in(corpus: Path, file: Path) -> tuple[Path, str] | tuple[None, None]:
    """Give the folder and the name by which a corpus has a file; None where it has it not."""
    with suppress(CorpusError, OSError):
        entries = [source.file for source in read_catalogue(corpus / CATALOGUE)]
        for name, path in list_texts(corpus, entries).items():
            if path.name == file.name and path.parent.samefile(file.parent):
                return corpus, name
    return None, None


def describe(document: Document, pages: Sequence[SourcePage]) -> dict[str, Any]:
    """Put in plain data what is known of a document read from ``pages``."""
    text = document.text
    notes = Counter(note.page for note in document.footnotes)
    sections = [_section(document, section) for section in document.sections]
    oddities = list(find_oddities(document, pages))
    return {
        "file": document.source,
        "doc_id": document.doc_id,
        "title": document.title,
        "author": document.author,
        "languages": list(document.languages),
        "missing": list(missing_of(document)),
        "characters": len(text),
        "outline": sections,
        "sections": sections,
        "pages": [
            {
                "number": page.number,
                "label": page.label,
                "characters": page.span.end - page.span.start,
                "footnotes": notes[page.number],
                **_range(page.span),
            }
            for page in document.pages
        ],
        "footnotes": [_footnote(document, note) for note in document.footnotes],
        "equations": list(_equations(document, pages)),
        "references": [_reference(document, reference) for reference in document.references],
        "paragraphs": {
            "kinds": dict(Counter(p.kind for p in document.paragraphs).most_common()),
            "languages": dict(Counter(p.language for p in document.paragraphs).most_common()),
        },
        **_voices(document),
        "oddities": [asdict(oddity) for oddity in oddities],
        "confidence": asdict(confidence_of(document, oddities)),
        "blocks": [
            {"kind": p.kind, "language": p.language, **_range(p.span)} for p in document.paragraphs
        ],
        "text": text,
    }


def _range(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _section(document: Document, section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "level": section.level,
        "page": page_at(document, section.span.start),
        **_range(section.span),
    }


def _reference(document: Document, reference: Reference) -> dict[str, Any]:
    return {
        "text": document.text[slice(*reference.span)],
        "author": reference.author,
        "year": reference.year,
        "locator": reference.locator,
        "page": page_at(document, reference.span.start),
        "entry": reference.entry and document.text[slice(*reference.entry)],
        **_range(reference.span),
    }


def _equations(document: Document, pages: Sequence[SourcePage]) -> Iterator[dict[str, Any]]:
    """Give the equations whose text was written on one line, and where it stands."""
    for lines in ([line for p in pages for line in p.lines], [n for p in pages for n in p.notes]):
        at = 0
        for mark in (mark for line in lines for mark in line.marks if mark.key == EQUATION):
            start = document.text.find(mark.label, at)
            if start >= 0:
                at = start + len(mark.label)
                page = page_at(document, start)
                yield {"text": mark.label, "page": page, **_range(Span(start, at))}


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
        "marker": at,
        **_range(note.span),
    }


# --- for people --------------------------------------------------------------------------------


def as_running_text(report: dict[str, Any]) -> str:
    """Write the text itself, with its pages marked and each note where it hangs."""
    text = report["text"]
    end = report["pages"][-1]["end"] if report["pages"] else len(text)
    marks = [(page["start"], _page_mark(page)) for page in report["pages"]]
    marks += [
        (note["marker"], f"[note {note['label']}: {_flat(note['text'])}]")
        for note in report["footnotes"]
    ]
    pieces, at = [], 0
    for offset, mark in sorted(marks, key=lambda m: m[0]):  # stable: a page's mark comes first
        pieces += [text[at:offset], mark]
        at = offset
    return "".join([*pieces, text[at:end]]).strip()


def _page_mark(page: dict[str, Any]) -> str:
    printed = f", printed {page['label']}" if page["label"] else ""
    return f"\n[page {page['number']}{printed}]\n"


def as_text(report: dict[str, Any]) -> str:
    """Write a report for a terminal."""
    return "\n".join(
        line
        for part in (_head, _outline, _pages, _notes, _math, _references, _odd)
        for line in part(report)
    )


def _head(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['file']}: {report['title']}"
    author = f"{report['author']}; " if report["author"] else ""
    yield f"{author}{report['characters']:,} characters, {len(report['pages'])} pages"
    for name, counts in report["paragraphs"].items():
        yield f"{name}: " + ", ".join(f"{key} {count}" for key, count in counts.items())
    if report["missing"]:
        yield f"a full footnote wants, in {CATALOGUE}: {', '.join(report['missing'])}"
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


def _math(report: dict[str, Any]) -> Iterator[str]:
    if report["equations"]:
        yield f"\nEquations, written on one line ({len(report['equations'])})"
    for equation in report["equations"]:
        yield f"  s. {equation['page']}: {equation['text']}"


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
    shares = {name: share for name, share in report["confidence"].items() if share is not None}
    yield "  surely read: " + ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    for oddity in report["oddities"]:
        sure = f"{oddity['confidence']:.0%} sure"
        yield f"  s. {oddity['page']}: {oddity['kind']}: {oddity['detail']} ({sure})"


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
