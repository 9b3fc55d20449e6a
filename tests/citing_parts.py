"""Texts to cite, made by hand."""

from __future__ import annotations

from dipnot.citing.items import Cited, cited
from dipnot.types import Document, Footnote, Imprint, Page, Reference, Span

TEXT = "Göl kurutuldu (Soysal, 2000, s. 17-18). Köylüler taşındı.\nBir not."


def text_of(
    doc_id: str = "goller",
    title: str = "Göller ve Kıyıları",
    author: str | None = "Işıl Demir",
    *,
    language: str = "tr",
    labels: tuple[str | None, str | None] = ("210", "211"),
    **imprint: str,
) -> Document:
    """A text of two pages, a reference on the first and a note on the second."""
    return Document(
        doc_id=doc_id,
        title=title,
        author=author,
        languages=(language,),
        text=TEXT,
        source=f"{doc_id}.txt",
        content_hash="",
        pages=(Page(1, labels[0], Span(0, 40)), Page(2, labels[1], Span(40, 57))),
        sections=(),
        paragraphs=(),
        footnotes=(Footnote("4", Span(58, 66), 57, 2),),
        references=(Reference(Span(15, 37), "Soysal", "2000", "17-18"),),
        imprint=Imprint(**imprint),
    )


ARTICLE = text_of(
    year="2023", journal="Taş Dergisi", volume="19", issue="4", pages="201-230", doi="10.1000/abc"
)
BOOK = text_of(
    "kuyular", "Kuyular", "İnci Şahin ve Ömer ÇINAR", year="1990", publisher="Ak", place="İzmir"
)
BARE = text_of("yalin", "Yalın Metin", "Işıl Demir", labels=(None, None))


def first(document: Document) -> Cited:
    """Its first sentence, which reports a source."""
    return cited(document, Span(0, 39))


def second(document: Document) -> Cited:
    """A sentence of its second page."""
    return cited(document, Span(40, 57))


def both(document: Document) -> Cited:
    """Both sentences, over the end of a page."""
    return cited(document, Span(0, 57))


def note(document: Document) -> Cited:
    """Its own note."""
    return cited(document, Span(58, 66))
