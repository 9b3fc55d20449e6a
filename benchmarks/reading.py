"""How well files are read whose truth is known: one text, printed in hundreds of layouts.

usage: .venv/bin/python benchmarks/reading.py [--formats pdf,html] [--layouts 300] [--only 17]

Needs `typst` (an extra, `bench`) for PDF. The article of the corpus is printed with typst in one to
four columns, with notes of every kind, running heads, figures, tables, lists, initials, numbers of
lines, in several faces and sizes, and written as HTML, DOCX, Markdown and text in the manners of
other programs (`manners.py`); each file is read and compared with what was written. `--write` puts
the figures into `reading.md`.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dipnot.document.build import make_document
from dipnot.errors import CorpusError
from dipnot.formats import read_pages, reader_of
from dipnot.language.sentences import split_sentences
from dipnot.types import Document, Source

from manners import WRITERS, Part  # isort: skip

ARTICLE = Path(__file__).parent.parent / "corpus" / "turk-sovyet-iliskileri.txt"
FACES = ("DejaVu Serif", "DejaVu Sans", "Libertinus Serif", "New Computer Modern")
PAPERS = ("a4", "a5", "us-letter", "iso-b5")
ITEMS = (
    "Ambar her sabah gün doğarken açılır.",
    "Tavalar nisan sonunda suyla doldurulur ve doldurulan her tavanın başına bir levha dikilir.",
    "Tartı iki tanığın önünde yapılır; tanıkların adı deftere yazılır ve sayfanın altı mühürlenir.",
)
KINDS = ("1", "a", "*", "i", "1)", "[1]", "(1)")


@dataclass(frozen=True)
class Note:
    """A note as printed, and the words that its marker hangs behind."""

    text: str
    before: str


@dataclass
class Truth:
    """What a printed file holds, in order."""

    sentences: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    letters: Counter[str] = field(default_factory=Counter)


@dataclass
class Score:
    """What was read of it."""

    letters: int = 0
    lost: int = 0
    sentences: int = 0
    whole: int = 0
    joints: int = 0
    ordered: int = 0
    notes: int = 0
    tied: int = 0
    false: int = 0

    def add(self, other: Score) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


# --- the source --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the article: its words, and offset and text of each note."""

    text: str
    notes: tuple[tuple[int, str], ...]
    heading: bool = False


def source() -> list[Paragraph]:
    """Read the article into paragraphs with their notes."""
    document = make_document(
        Source(ARTICLE.name, "a"), read_pages(ARTICLE.name, ARTICLE.read_bytes())
    )
    text = document.text
    found = []
    for section in document.sections:
        found.append((section.span.start, Paragraph(section.heading, (), heading=True)))
    for part in document.paragraphs:
        start, end = part.span
        if part.kind not in ("body", "abstract", "summary") or end - start < 80:
            continue
        notes = tuple(
            (note.marker - start, text[slice(*note.span)])
            for note in document.footnotes
            if start < note.marker <= end
        )
        found.append((start, Paragraph(text[start:end], notes)))
    return [paragraph for _, paragraph in sorted(found, key=lambda item: item[0])]


# --- layouts -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """How a text is printed."""

    number: int
    columns: int
    face: str
    size: float
    paper: str
    justify: bool
    hyphenate: bool
    indent: bool
    notes: str  # a kind of label, or "" for none, or "end"
    restart: bool
    head: str
    pages: str
    numbered: bool
    figure: bool
    table: bool
    listed: bool
    initial: bool
    lines: bool
    note_size: float


def layout(number: int, seed: int) -> Layout:
    """Draw a layout."""
    rng = random.Random(f"{seed}.{number}")
    columns = rng.choices((1, 2, 3, 4), (5, 5, 2, 1))[0]
    paper = rng.choice(PAPERS) if columns == 1 else rng.choice(("a4", "us-letter"))
    size = rng.choice((8, 9, 10)) if columns > 2 else rng.choice((9, 10, 11, 12))
    return Layout(
        number=number,
        columns=columns,
        face=rng.choice(FACES),
        size=size - (columns == 4),
        paper=paper,
        justify=rng.random() < 0.7,
        hyphenate=rng.random() < 0.6,
        indent=rng.random() < 0.5,
        notes=rng.choice(("", "end", *KINDS, *KINDS[:1] * 3)),
        restart=rng.random() < 0.3,
        head=rng.choice(("", "", "left", "both")),
        pages=rng.choice(("", "1", "i", "- 1 -", "top")),
        numbered=rng.random() < 0.3,
        figure=rng.random() < 0.25,
        table=rng.random() < 0.25,
        listed=rng.random() < 0.25,
        initial=rng.random() < 0.15,
        lines=columns == 1 and rng.random() < 0.1,
        note_size=rng.choice((0.75, 0.8, 0.85, 1.0)),
    )


def escape(text: str) -> str:
    text = re.sub(r"([\\#*_$@<>`\[\]~=\-+/'\"])", r"\\\1", text)
    return re.sub(r"^(\d+)\.", r"\1\\.", text)


def written(lay: Layout, paragraphs: Sequence[Paragraph], truth: Truth) -> str:
    """Write the typst source, and note down what it prints."""
    rng = random.Random(lay.number)
    parts = [_preamble(lay)]
    ends: list[str] = []
    extras = [name for name in ("figure", "table", "listed") if getattr(lay, name)]
    at = sorted(rng.sample(range(1, len(paragraphs)), min(len(extras), len(paragraphs) - 1)))
    body_started = False
    for i, paragraph in enumerate(paragraphs):
        if paragraph.heading:
            parts.append(f"= {escape(paragraph.text)}")
            if lay.restart:
                parts.append("#counter(footnote).update(0)")
            _print(truth, paragraph.text)
            continue
        if i in at:
            parts.append(_extra(extras[at.index(i)], rng, truth))
        pieces, last = [], 0
        text = paragraph.text
        if lay.initial and not body_started and text[0].isalpha():
            pieces.append(_initial(text[0], lay))
            last = 1
        body_started = True
        for offset, note in paragraph.notes if lay.notes else ():
            pieces.append(escape(text[last:offset]))
            last = offset
            words = " ".join(note.split())
            if lay.notes == "end":
                ends.append(words)
                pieces.append(f"#super[{len(ends)}]")
            else:
                pieces.append(f"#footnote[{escape(words)}]")
            truth.notes.append(Note(words, flat(text[:offset])[-25:]))
            _print(truth, words)
        pieces.append(escape(text[last:]))
        parts.append("".join(pieces))
        _print(truth, text)
        for span in split_sentences(text, 0, len(text)):
            truth.sentences.append(flat(text[span.start : span.end]))
    if ends:
        parts.append("= Notlar")
        _print(truth, "Notlar")
        parts.append("\n\n".join(f"+ {escape(note)}" for note in ends))
    return "\n\n".join(parts)


def _preamble(lay: Layout) -> str:
    kind = lay.notes if lay.notes not in ("", "end") else "1"
    numbering = '(..n) => "*" * n.pos().first()' if kind == "*" else f'"{kind}"'
    number = {"": "none", "top": '"1"'}.get(lay.pages, f'"{lay.pages}"')
    right = "#h(1fr) Cilt 3, Sayı 2" if lay.head == "both" else ""
    head = f", header: [#set text(size: 0.8em); Türk Tarihi Dergisi {right}]" if lay.head else ""
    edge = "top" if lay.pages == "top" and not lay.head else "bottom"
    indent, spacing = ("1.2em", "0.65em") if lay.indent else ("0em", "1.2em")
    lines = [
        (
            f'#set page(paper: "{lay.paper}", columns: {lay.columns}, numbering: {number}, '
            f"number-align: {edge} + center{head})"
        ),
        (
            f'#set text(font: "{lay.face}", size: {lay.size}pt, lang: "tr", '
            f"hyphenate: {str(lay.hyphenate).lower()})"
        ),
        (
            f"#set par(justify: {str(lay.justify).lower()}, first-line-indent: {indent}, "
            f"spacing: {spacing})"
        ),
        f"#set footnote(numbering: {numbering})",
        f"#show footnote.entry: set text(size: {lay.note_size / 0.85:.3f}em)",
        '#set heading(numbering: "1.1")' if lay.numbered else "",
        '#set par.line(numbering: "1")' if lay.lines else "",
        "#set page(margin: 1.6cm)" if lay.columns > 2 else "",
    ]
    return "\n".join(lines)


def _initial(letter: str, lay: Layout) -> str:
    size = 2.6 * lay.size
    return (
        f"#box(width: 0pt, height: 0pt)[]{letter}"
        if lay.columns > 1
        else f"#text(size: {size}pt)[{letter}]"
    )


def _extra(name: str, rng: random.Random, truth: Truth) -> str:
    if name == "figure":
        return _figure(rng, truth)
    if name == "table":
        return _table(rng, truth)
    mark = rng.choice("+-")
    for item in ITEMS:
        _print(truth, item)
        truth.sentences.append(item)
    return "\n".join(f"{mark} {item}" for item in ITEMS)


def _figure(rng: random.Random, truth: Truth) -> str:
    labels = [f"mil{n}" for n in range(rng.randrange(3, 12))]
    placed = "".join(
        f"#place(dx: {rng.randrange(0, 90)}pt, dy: {rng.randrange(0, 80)}pt, "
        f"text(size: 6pt)[{label}])"
        for label in labels
    )
    caption = "Şekil 1. Değirmenin parçaları."
    for words in (*labels, caption):
        _print(truth, words)
    where = rng.choice(("", "top", "bottom"))
    inner = f"#block(height: 100pt, width: 100%)[{placed}]\n#text(size: 0.85em)[{caption}]"
    return f"#place({where}, float: true)[{inner}]" if where else inner


def _table(rng: random.Random, truth: Truth) -> str:
    cells = ["Yıl", "Gelir", "Gider"]
    for year in range(1920, 1924):
        cells += [str(year), *(f"{rng.randrange(10, 99)} lira" for _ in range(2))]
    for cell in cells:
        _print(truth, cell)
    return f"#table(columns: 3, {', '.join(f'[{cell}]' for cell in cells)})"


def _print(truth: Truth, words: str) -> None:
    truth.letters.update(char for char in words if char.isalpha())


# --- comparing ---------------------------------------------------------------------------------


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def compare(document: Document, truth: Truth) -> tuple[Score, list[str]]:
    """Measure what was read; name what is wrong."""
    text = document.text
    running = flat(text[: document.pages[-1].span.end])
    score, wrong = Score(), []
    found = Counter(char for char in text if char.isalpha())
    score.letters = sum(truth.letters.values())
    score.lost = sum((truth.letters - found).values())
    at, last = 0, -1
    for sentence in truth.sentences:
        score.sentences += 1
        at = running.find(sentence, max(0, last))
        if at < 0:
            at = running.find(sentence)
        if at < 0:
            wrong.append(f"sentence: {_broken(sentence, running)}")
            continue
        score.whole += 1
        score.joints += 1
        score.ordered += at >= last
        if at < last:
            wrong.append(f"order: {sentence}")
        last = at
    hung = [
        (flat(text[: note.marker])[-25:], flat(text[slice(*note.span)]))
        for note in document.footnotes
    ]
    for note in truth.notes:
        score.notes += 1
        if (note.before, note.text) in hung:
            score.tied += 1
            hung.remove((note.before, note.text))
        else:
            near = [h for h in hung if h[1][:20] == note.text[:20]]
            shown = f"{near[0][0]!r} ⟦{_broken(note.text, near[0][1])}⟧" if near else "none"
            wrong.append(f"note: {note.before!r} read: {shown}")
    score.false = len(hung)
    wrong += [f"false note: {before} ⟦{words[:60]}⟧" for before, words in hung]
    return score, wrong


def _broken(sentence: str, running: str) -> str:
    """Show where a sentence breaks off in the text as read, and what stands there."""
    size = next((n for n in range(len(sentence), 9, -1) if sentence[:n] in running), 0)
    if not size:
        return sentence
    at = running.find(sentence[:size]) + size
    read = running[at : at + 60]
    return f"{sentence[max(0, size - 40) : size]}⟨{sentence[size : size + 30]}⟩ read: {read!r}"


# --- running -----------------------------------------------------------------------------------


def chosen(number: int, paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Choose the part of the article that a layout prints."""
    rng = random.Random(number * 7 + 1)
    count = rng.randrange(6, 14)
    start = rng.randrange(0, len(paragraphs) - count)
    return paragraphs[start : start + count]


def printed(number: int, seed: int, paragraphs: Sequence[Paragraph]) -> tuple[str, bytes, Truth]:
    """Print a PDF; give its layout, its bytes and what it holds."""
    import typst  # noqa: PLC0415, the other formats do without

    lay, truth = layout(number, seed), Truth()
    code = written(lay, chosen(number, paragraphs), truth)
    return str(lay), typst.compile(code.encode()), truth


def as_written(
    suffix: str, number: int, seed: int, paragraphs: Sequence[Paragraph]
) -> tuple[str, bytes, Truth]:
    """Write a file of another format in the manner of some program."""
    rng = random.Random(f"{seed}.{number}.{suffix}")
    truth, parts, count = Truth(), [], 0
    with_notes = rng.random() < 0.9
    for paragraph in chosen(number, paragraphs):
        notes = []
        for offset, note in paragraph.notes if with_notes else ():
            count += 1
            words = " ".join(note.split())
            notes.append((count, offset, words))
            truth.notes.append(Note(words, flat(paragraph.text[:offset])[-25:]))
            _print(truth, words)
        parts.append(Part("heading" if paragraph.heading else "text", paragraph.text, tuple(notes)))
    for extra in rng.sample(("item", "row"), rng.randrange(3)) if suffix != ".txt" else ():
        at = rng.randrange(1, len(parts) + 1)
        texts = ITEMS if extra == "item" else ("Yıl | Gelir", "1920 | 12 lira", "1921 | 15 lira")
        parts[at:at] = [Part(extra, text) for text in texts]
    for part in parts:
        capitals = part.kind == "heading" and suffix == ".txt"
        _print(truth, part.text.upper() if capitals else part.text)
        if part.kind in ("text", "item"):
            spans = split_sentences(part.text, 0, len(part.text))
            truth.sentences += [flat(part.text[span.start : span.end]) for span in spans]
    manner, data = WRITERS[suffix](parts, rng)
    return manner, data, truth


def run(
    suffix: str, number: int, seed: int, paragraphs: Sequence[Paragraph], keep: Path | None
) -> tuple[str, Score, list[str]]:
    """Write one file, read it and compare; give how it was written, too."""
    if suffix == ".pdf":
        manner, data, truth = printed(number, seed, paragraphs)
    else:
        manner, data, truth = as_written(suffix, number, seed, paragraphs)
    name = f"layout-{number}{suffix}"
    if keep:
        (keep / name).write_bytes(data)
    try:
        pages = reader_of(suffix)(name, data)
    except CorpusError as error:
        return manner, Score(), [str(error)]
    return manner, *compare(make_document(Source(name, "a"), pages), truth)


def figures(suffix: str, layouts: int, total: Score) -> str:
    """Write a row of the table."""
    return (
        f"| {suffix[1:]} | {layouts} | {1000 * total.lost / max(1, total.letters):.2f} | "
        f"{total.whole / max(1, total.sentences):.2%} | "
        f"{total.ordered / max(1, total.joints):.2%} | {total.tied} of {total.notes} | "
        f"{total.tied / max(1, total.notes):.2%} | {total.false} |"
    )


def write_figures(rows: Sequence[str]) -> None:
    """Put the rows into the page of figures, in place of those of the same formats."""
    page = Path(__file__).parent / "reading.md"
    fresh = {row[: row.index("|", 1)]: row for row in rows}
    lines = page.read_text("utf-8").split("\n")
    kept = [fresh.get(line[: line.find("|", 1)], line) for line in lines]
    page.write_text("\n".join(kept), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--formats", default="pdf,html,docx,md,txt")
    parser.add_argument("--layouts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    paragraphs = source()
    rows = []
    for suffix in (f".{name}" for name in options.formats.split(",")):
        total = Score()
        numbers = (
            [options.only] if options.only is not None else range(options.first, options.layouts)
        )
        for number in numbers:
            manner, score, wrong = run(suffix, number, options.seed, paragraphs, options.keep)
            total.add(score)
            if wrong:
                print(f"{number}{suffix}: {manner}")
                for line in wrong[: options.show]:
                    print(f"    {line[:260]}")
                if len(wrong) > options.show:
                    print(f"    … {len(wrong) - options.show} more")
        rows.append(figures(suffix, len(numbers), total))
        print(rows[-1], flush=True)
    if options.write:
        write_figures(rows)


if __name__ == "__main__":
    main()
