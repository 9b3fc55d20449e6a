"""Files made in the tests: PDFs written by hand, their words, DOCX zipped from their parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from dipnot.formats.pdf.letters import Word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(parts: dict[str, str | bytes]) -> bytes:
    """Zip the parts of a Word file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def word(body: str, **parts: str) -> bytes:
    """Make a Word file of a body and other parts (``styles``, ``footnotes``)."""
    others: dict[str, str | bytes] = {
        f"word/{name}.xml": f"<w:{name} {W}>{content}</w:{name}>" for name, content in parts.items()
    }
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return docx({"word/document.xml": document, **others})


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(contents: Sequence[str | bytes], *, catalogue: str = "", page: str = "") -> bytes:
    """Write a PDF whose pages draw ``contents`` with Times as /F; PDFium finds the objects."""
    kids = " ".join(f"{10 + 2 * i} 0 R" for i in range(len(contents)))
    objects = [
        b"1 0 obj <</Type/Catalog/Pages 2 0 R%s>> endobj" % catalogue.encode(),
        b"2 0 obj <</Type/Pages/Count %d/Kids[%s]>> endobj" % (len(contents), kids.encode()),
        b"3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>endobj",
    ]
    for i, content in enumerate(contents):
        drawn = content if isinstance(content, bytes) else content.encode("cp1252")
        objects.append(
            b"%d 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents %d 0 R%s"
            b"/Resources<</Font<</F 3 0 R>>>>>> endobj" % (10 + 2 * i, 11 + 2 * i, page.encode())
        )
        objects.append(
            b"%d 0 obj <</Length %d>> stream\n%s\nendstream endobj"
            % (11 + 2 * i, len(drawn), drawn)
        )
    return b"\n".join([b"%PDF-1.7", *objects, b"trailer <</Root 1 0 R>>", b"%%EOF"])


def lines(*texts: str, top: int = 500, left: int = 50, size: int = 10, leading: int = 12) -> str:
    """Draw lines of text below each other."""
    return "\n".join(
        f"BT /F {size} Tf {left} {top - i * leading} Td ({text}) Tj ET"
        for i, text in enumerate(texts)
    )


def line(text: str, y: float, x: float = 50.0, size: float = 10.0) -> list[Word]:
    """Words of a line of a PDF, five points a letter, a space between them."""
    made: list[Word] = []
    for word in text.split():
        made.append(Word(word, x, x + 5.0 * len(word), y, size, 400, space=bool(made)))
        x += 5.0 * (len(word) + 1)
    return made
